# SPDX-License-Identifier: Apache-2.0
"""What it costs to be ready for anything: rules of run time that don't match, explanations nobody asks for, a journal.

Each is compared with a cloud that has none of it, for a get and for a create.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any
from unittest.mock import patch

import orjson

from mimic_rules.engine import delivery, lifecycle, strikes
from mimic_rules.engine.context import Context
from mimic_rules.engine.effects import Row as Rule
from mimic_rules.engine.link import Frame
from mimic_rules.engine.rulebook import MatchTable
from mimic_rules.web.journal import Journal
from mimic_rules.web.request import DEFAULT_WORLD
from tests.bench.clouds import Measured, ask, environ
from tests.bench.requests import undone
from tests.bench.rows import Row, compared
from tests.bench.timing import Effort, Lane, Timing, contest

THOUSAND = 1_000
SHOWN = 100

OTHERS = "for compute.keypair\n"
SAME = "for compute.server\n"


def rows(effort: Effort) -> list[Row]:
    """The rows of rules, of explanations and of the journal, those with a target first."""
    return [*of_rules(effort), *of_explanations(effort), *of_journals(effort)]


def of_rules(effort: Effort) -> list[Row]:
    """With a thousand rules of run time against none: about other operations, and about this one for other records."""
    count = min(THOUSAND, effort.many)
    plain, others, same, sought = (_measured(effort) for _ in range(4))
    add(others, OTHERS, "on show, list, delete", count)
    add(same, SAME, "on show, create", count)
    add(sought, SAME, "on show, create", count, "starts with")
    times = _times({"plain": plain, "others": others, "same": same, "sought": sought}, effort)
    meanings = {"others": "about other operations", "same": "about the same"}
    return [
        compared(
            f"a {verb} with {count} run-time rules {meanings[name]}",
            "against none; no condition holds",
            times[f"{verb}, {name}"],
            times[f"{verb}, plain"],
            1.2,
        )
        for verb in ("get", "create")
        for name in meanings
    ] + [
        compared(
            f"… a {verb} with {count} that no index finds",
            "about the same, with `starts with`: each of them is tried",
            times[f"{verb}, sought"],
            times[f"{verb}, plain"],
        )
        for verb in ("get", "create")
    ]


def of_explanations(effort: Effort) -> list[Row]:
    """With explanations off against an engine that can't explain."""
    of = _measured(effort)
    times: dict[str, Timing] = {}
    for verb, lane in (("get", of.gets()), ("create", undone(of))):
        times |= contest({f"{verb}, bare": unexplained(lane), verb: lane}, effort)
    return [
        compared(
            f"a {verb} with explanations off",
            "against an engine in which nothing asks whether to explain",
            times[verb],
            times[f"{verb}, bare"],
            1.02,
        )
        for verb in ("get", "create")
    ]


def of_journals(effort: Effort) -> list[Row]:
    """With a journal that nobody reads against one that keeps nothing, and against none."""
    kept, empty, none = _measured(effort), _measured(effort, limits_journal=0), _measured(effort)
    mount = none.cloud.mounts.get(DEFAULT_WORLD)
    assert mount is not None
    mount.journal = NoJournal(0)
    times = _times({"kept": kept, "empty": empty, "none": none}, effort)
    meanings = {
        "empty": "against `limits.journal: 0`",
        "none": "against no journal at all",
    }
    return [
        compared(
            f"a {verb} with an idle journal", meanings[name], times[f"{verb}, kept"], times[f"{verb}, {name}"], 1.1
        )
        for verb in ("get", "create")
        for name in meanings
    ]


def add(of: Measured, about: str, events: str, count: int, test: str = "==") -> None:
    """Add so many rules of run time, each for a name that nothing has."""
    lines = [f"{events} when name {test} 'never {number} ' then respond 500" for number in range(count)]
    body = orjson.dumps({"text": about + "\n".join(lines)})
    added = ask(of.app, environ("POST", "/_mimic/rules", body))
    assert added.status == 201, added.body


def unexplained(lane: Lane) -> Lane:
    """The same work, while the engine doesn't ask whether it should explain."""
    blocks = ExitStack()

    def prepare(calls: int) -> Callable[[], object]:
        run = lane.prepare(calls)
        for module in (strikes, delivery, lifecycle):
            blocks.enter_context(patch.object(module, "candidates", _candidates))
            blocks.enter_context(patch.object(module, "note", _note))
        return run

    def tidy() -> None:
        blocks.close()
        lane.tidy()

    return Lane(prepare, tidy)


class NoJournal(Journal):
    """A journal that doesn't even look."""

    def note(self, *given: Any, **named: Any) -> None:
        """Nothing."""


def _measured(effort: Effort, **flags: object) -> Measured:
    return Measured(min(SHOWN, effort.many), **flags)


def _times(clouds: dict[str, Measured], effort: Effort) -> dict[str, Timing]:
    # Apart, for a batch of creates leaves rubbish behind that the next lane would clear away.
    times = contest({f"get, {name}": of.gets() for name, of in clouds.items()}, effort)
    return times | contest({f"create, {name}": undone(of) for name, of in clouds.items()}, effort)


def _candidates(context: Context, table: MatchTable, frame: Frame, record: Any, stage: str) -> Iterator[Rule]:
    return table.match(frame, record)


def _note(*given: object) -> None:
    """Nothing is noted."""
