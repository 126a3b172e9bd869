# SPDX-License-Identifier: Apache-2.0
"""What an application spends on a get and a create, against bare routes, and when there are many records.

Token check, validation, rules, view and JSON are part of it; the socket is not, for it costs both alike.
"""

import itertools
from collections.abc import Callable
from contextlib import ExitStack, suppress

from tests.bench.clouds import BUILT, Application, Measured, asking, bare
from tests.bench.rows import Row, compared
from tests.bench.timing import Effort, Lane, Timing, contest

NEWEST = "2.104"
SHOWN = 100
FEW = 100


def against_bare(effort: Effort) -> tuple[list[Row], dict[str, Timing]]:
    """The two targets and what stands beside them, and the times that they were made of."""
    of, newest = Measured(min(SHOWN, effort.many)), Measured(min(SHOWN, effort.many), NEWEST)
    app, with_headers, bare_newest = bare(of), bare(of, headers=True), bare(newest)
    for one in (of, newest):
        one.settle()
    times = contest(
        {
            "bare get": _gets(of, app),
            "get": of.gets(),
            "bare get with headers": _gets(of, with_headers),
            "bare get, newest": _gets(newest, bare_newest),
            "get, newest": newest.gets(),
        },
        effort,
    )
    times |= contest(
        {
            "bare create": _creates(of, app),
            "create": of.creates(),
            "bare create with headers": _creates(of, with_headers),
            "bare create, newest": _creates(newest, bare_newest),
            "create, newest": newest.creates(),
        },
        effort,
    )
    of.settle()
    times |= contest({"due": _due(of)}, Effort(max(2, effort.rounds // 5), effort.calls, effort.many))
    found = []
    for name, at_most in (("create", 6.0), ("get", 4.0)):
        found += [
            compared(
                f"{name} against a bare route",
                "CPU in the application; the route parses and answers the same body",
                times[name],
                times[f"bare {name}"],
                at_most,
            ),
            compared(
                "… the route sets the same headers too",
                "six headers, which are part of the same answer",
                times[name],
                times[f"bare {name} with headers"],
            ),
            compared(
                f"… at microversion {NEWEST}",
                "more is checked and shown than at 2.1, by which the two above are measured",
                times[f"{name}, newest"],
                times[f"bare {name}, newest"],
            ),
        ]
    found.append(
        compared(
            "… what a create leaves to be done later",
            "BUILD to ACTIVE when it falls due, against a bare create",
            times["due"],
            times["bare create"],
        )
    )
    return found, times


def with_many(effort: Effort) -> list[Row]:
    """A create where there are many records already; each batch is undone, so that their number stays."""
    few, many = Measured(min(FEW, effort.many)), Measured(effort.many)
    times = contest({"few": undone(few), "many": undone(many)}, effort)
    return [
        compared(
            f"a create with {effort.many} servers present against {len(few.ids)}",
            "quotas are counted and constraints looked up, whatever the number",
            times["many"],
            times["few"],
            at_most=1.3,
        )
    ]


def _gets(of: Measured, app: Application) -> Lane:
    return asking(app, (of.get_environ(id) for id in itertools.cycle(of.ids[:SHOWN])), 200)


def _creates(of: Measured, app: Application) -> Lane:
    return asking(app, (of.create_environ() for _ in itertools.count()), 202)


def undone(of: Measured) -> Lane:
    """Creates that are undone after each batch."""
    blocks = ExitStack()

    def prepare(calls: int) -> Callable[[], object]:
        run = of.creates().prepare(calls)
        blocks.enter_context(suppress(_Undo))
        blocks.enter_context(of.world.transaction())
        return run

    def tidy() -> None:
        undo = _Undo()
        blocks.__exit__(_Undo, undo, None)

    return Lane(prepare, tidy)


def _due(of: Measured) -> Lane:
    """What falls due of servers that have just been created."""

    def prepare(calls: int) -> Callable[[], object]:
        of.settle()
        for _ in range(calls):
            of.create()
        of.world.clock.advance(BUILT)
        return lambda: of.cloud.engine.settle(of.world)

    return Lane(prepare)


class _Undo(Exception):
    """Leaves a transaction, so that nothing of it stays."""
