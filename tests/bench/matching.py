# SPDX-License-Identifier: Apache-2.0
"""What it costs to decide which rules match, with few rules and with many.

The rules are texts that go all the way through the language; matched are records that each fulfil one of them. They are
read in portions, for the checker looks at each pair of rules of one program, and linked as one table.
"""

import itertools
from collections.abc import Callable
from typing import Any

from mimic_rules.engine.context import Context
from mimic_rules.engine.rulebook import MatchTable, link_rule
from mimic_rules.engine.rulebook import Row as Rule
from tests.bench.rows import Row, compared
from tests.bench.timing import Effort, Lane, contest
from tests.driver import DESK, cloud, program

FEW = 10
SHARE = 10
"""One rule in so many can't be looked up by a value."""

_PORTION = 200
_TICKETS = """
for desk
resource ticket in world { name text  tag text  status lifecycle }
lifecycle of ticket.status { state OPEN  state DONE  start OPEN  OPEN -> DONE after 1s }
"""
_INDEXED = "when tag == 'k{number}' then status stays OPEN\n"
_NOT_INDEXED = "when name starts with 'k{number}.' then status stays OPEN\n"


def rows(effort: Effort) -> list[Row]:
    """The target, and what stands beside it."""
    rules = linked(effort.many)
    few, many, mixed = Matched(rules[:FEW]), Matched(rules), Matched(partly(rules), SHARE)
    # One call without an index is as long as a batch with one: fewer of them will do.
    spread = max(1, len(rules) // FEW)
    quick = contest({"few": few.lane(), "many": many.lane(every=spread), "each": many.lane()}, effort)
    fewer = Effort(max(2, effort.rounds // 10), 1, effort.many)
    slow = contest({"few": few.lane(), "mixed": mixed.lane(), "linear": many.lane(linear=True)}, fewer)
    return [
        compared(
            f"matching: {effort.many} rules against {FEW}",
            f"which rules hold for a record; distinct equality keys, {FEW} records on both sides",
            quick["many"],
            quick["few"],
            at_most=1.3,
        ),
        compared(
            "… each time another record and another rule",
            f"none of the {effort.many} is met twice: what is in no cache of the processor any more",
            quick["each"],
            quick["few"],
        ),
        compared(
            f"… a tenth of the {effort.many} not indexed",
            "a tenth compares with `starts with`, and is tried one by one",
            slow["mixed"],
            quick["few"],
        ),
        compared(
            f"… all {effort.many} tried one by one",
            "`match_linear`, the oracle of the tests: what the index saves",
            slow["linear"],
            quick["few"],
        ),
    ]


def linked(many: int, text: str = _INDEXED, step: int = 1) -> list[Rule]:
    """The rules of every number below `many`, by steps."""
    numbers = range(0, many, step)
    portions = [numbers[at : at + _PORTION] for at in range(0, len(numbers), _PORTION)]
    found: list[Rule] = []
    for portion in portions:
        rules = "".join(text.format(number=number) for number in portion)
        found += [link_rule(plan) for plan in program(DESK + _TICKETS, f"for desk.ticket\n{rules}").rules]
    return found


def partly(rules: list[Rule]) -> list[Rule]:
    """The same rules, of which one in SHARE can't be looked up."""
    mixed = list(rules)
    mixed[::SHARE] = linked(len(rules), _NOT_INDEXED, SHARE)
    return mixed


class Matched:
    """A table of rules, and records of which each fulfils one of them."""

    def __init__(self, rules: list[Rule], share: int = 0) -> None:
        self.table = MatchTable(rules)
        opened = cloud(DESK + _TICKETS)
        with opened.world.transaction() as transaction:
            self.frame = Context(opened.engine.linked, transaction, opened.world.counters).frame()
        # A step that has no divisor in common with any number of rules: all records come, in no order of the rules.
        self.records: list[dict[str, Any]] = [
            {"name": f"k{number}." if share and number % share == 0 else "", "tag": f"k{number}"}
            for number in (at * 7919 % len(rules) for at in range(len(rules)))
        ]
        # A condition becomes a function when it is first called; that happens once in the life of a cloud.
        for record in self.records:
            list(self.table.match(self.frame, record))

    def lane(self, *, every: int = 1, linear: bool = False) -> Lane:
        """Matches one record after the other; of all records only every so many."""
        match = self.table.match_linear if linear else self.table.match
        frame, records = self.frame, itertools.cycle(self.records[::every])

        def prepare(calls: int) -> Callable[[], object]:
            batch = list(itertools.islice(records, calls))

            def run() -> None:
                for record in batch:
                    for _ in match(frame, record):
                        pass

            return run

        return Lane(prepare)
