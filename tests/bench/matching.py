# SPDX-License-Identifier: Apache-2.0
"""What it costs to decide which rules match, with few rules and with many.

The rules are texts that go all the way through the language; matched are records that each fulfil one of them.
"""

import itertools
from collections.abc import Callable
from typing import Any

from mimic_rules.engine.context import Context
from mimic_rules.engine.rulebook import MatchTable
from tests.bench.rows import Row, compared
from tests.bench.timing import Effort, Lane, contest
from tests.driver import DESK, cloud

FEW = 10
SHARE = 10
"""One rule in so many can't be looked up by a value."""

_RULES_IN_A_FILE = 2000
_TICKETS = """
for desk
resource ticket in world { name text  tag text  status lifecycle }
lifecycle of ticket.status { state OPEN  state DONE  start OPEN  OPEN -> DONE after 1s }
"""
_INDEXED = "when tag == 'k{number}' then status stays OPEN\n"
_NOT_INDEXED = "when name starts with 'k{number}' then status stays OPEN\n"


def rows(effort: Effort) -> list[Row]:
    """The target, and what stands beside it."""
    few, many, mixed = Matched(FEW), Matched(effort.many), Matched(effort.many, SHARE)
    # One call without an index is as long as a batch with one: fewer of them will do.
    quick = contest({"few": few.lane(), "many": many.lane()}, effort)
    fewer = Effort(max(2, effort.rounds // 10), 1, effort.many)
    slow = contest({"few": few.lane(), "mixed": mixed.lane(), "linear": many.lane(linear=True)}, fewer)
    return [
        compared(
            f"matching: {effort.many} rules against {FEW}",
            "which rules hold for a record, all with distinct equality keys",
            quick["many"],
            quick["few"],
            at_most=1.3,
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


class Matched:
    """A table of rules, and records of which each fulfils one of them."""

    def __init__(self, rules: int, share: int = 0) -> None:
        texts = [
            (_NOT_INDEXED if share and number % share == 0 else _INDEXED).format(number=number)
            for number in range(rules)
        ]
        files = [
            "for desk.ticket\n" + "".join(texts[at : at + _RULES_IN_A_FILE]) for at in range(0, rules, _RULES_IN_A_FILE)
        ]
        opened = cloud(DESK + _TICKETS, *files)
        self.table: MatchTable = opened.engine.linked.rules.lifecycle("desk.ticket", "status")
        with opened.world.transaction() as transaction:
            self.frame = Context(opened.engine.linked, transaction, opened.world.counters).frame()
        # A step that has no divisor in common with any number of rules: all records come, in no order of the rules.
        self.records: list[dict[str, Any]] = [
            {"name": f"k{number}." if share and number % share == 0 else "", "tag": f"k{number}"}
            for number in (at * 7919 % rules for at in range(rules))
        ]

    def lane(self, *, linear: bool = False) -> Lane:
        """Matches one record after the other."""
        match = self.table.match_linear if linear else self.table.match
        frame, records = self.frame, itertools.cycle(self.records)

        def prepare(calls: int) -> Callable[[], object]:
            batch = list(itertools.islice(records, calls))

            def run() -> None:
                for record in batch:
                    for _ in match(frame, record):
                        pass

            return run

        return Lane(prepare)
