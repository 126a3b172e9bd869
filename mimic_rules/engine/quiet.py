# SPDX-License-Identifier: Apache-2.0
"""Time moved on from event to event, until nothing is about to happen any more.

On the way of a request: beside it; who drives a world's clock asks for it instead of guessing how long things take.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from mimic_rules.engine.events import settle
from mimic_rules.engine.happenings import Happening, still_waiting
from mimic_rules.state.clock import END_OF_TIME
from mimic_rules.state.world import World

if TYPE_CHECKING:
    from mimic_rules.engine.linked import LinkedProgram

MOST_EVENTS: Final = 10_000
LONGEST: Final = 3_155_760_000.0
"""A hundred years: some lifecycles go in circles, and would never come to rest."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """How it went: how many events there were, and why it isn't quiet after all (empty where it is).

    `waiting` are the first events still pending, `more` how many there are beyond those.
    """

    fired: int
    why: str
    waiting: tuple[Happening, ...]
    more: int


def until_quiet(program: "LinkedProgram", world: World, within: float, told: list[Happening]) -> Quiet:
    """Move the clock to each next event, until none falls due in the next `within` seconds of world time.

    The first events are added to `told`. Gives up after 10,000 events or a hundred years. Nothing else sees the world
    in between.
    """
    with world.lock:
        fired, why = 0, ""
        last = min(world.clock.now() + LONGEST, END_OF_TIME)
        while True:
            with world.transaction() as transaction:
                fired += settle(program, transaction, world, told)
                due = transaction.next_due()
                if due is None or due > transaction.now + within:
                    break
                if fired >= MOST_EVENTS:
                    why = (
                        f"{fired} events have happened, and others follow: some states may lead to each other for ever"
                    )
                    break
                if due > last:
                    why = "a hundred years have passed, or all the time there is, and there is more to come"
                    break
            world.clock.reach(due)
        with world.transaction() as transaction:
            waiting, count = still_waiting(program, transaction)
    return Quiet(fired, why, tuple(waiting), count - len(waiting))
