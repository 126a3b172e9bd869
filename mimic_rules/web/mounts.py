# SPDX-License-Identifier: Apache-2.0
"""Worlds where clients find them: the default one at `/`, every other one below `/w/ID/`, with engine and journal.

On the way of a request: the application looks a world up here by the path; the control API makes and removes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from mimic_rules.engine.exchange import Request, Response
from mimic_rules.engine.happenings import Happening
from mimic_rules.engine.linked import LinkedProgram
from mimic_rules.state.store import Store
from mimic_rules.state.world import World
from mimic_rules.web.journal import Journal
from mimic_rules.web.metrics import Totals


class Answers(Protocol):
    """What the application needs of an engine."""

    def handle(self, world: World, request: Request) -> Response:
        """Answer a request; raises for no fault of a client."""

    @property
    def linked(self) -> LinkedProgram:
        """What it runs: for what is asked of a world beside requests."""

    def settle(self, world: World, told: list[Happening] | None = None) -> int:
        """Apply all that is due, and give how many events that were; the first of them are added to `told`."""


@dataclass(slots=True)
class Mount:
    """A world in its place. `engine` is put in the place of another one as a whole, between two requests; `used` is
    when it was last asked something, in real seconds from anywhere.
    """

    world: World
    engine: Answers
    journal: Journal
    used: float = 0.0


class Mounts:
    """The mounts of a store by the ids of their worlds; `totals` keeps what was counted in those that are gone. Every
    method may be called from any thread.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self._mounts: dict[str, Mount] = {}
        self.totals: Final = Totals()

    def get(self, world_id: str) -> Mount | None:
        """The mount of that id, or nothing."""
        return self._mounts.get(world_id)

    def add(self, mount: Mount) -> None:
        """Keep one; raises ValueError where the store has no place for its world, or the id is taken."""
        self.store.add(mount.world)
        self._mounts[mount.world.id] = mount

    def remove(self, world_id: str) -> bool:
        """Forget one; gives whether there was one. Who is still using it may finish."""
        with self.totals.lock:
            mount = self._mounts.pop(world_id, None)
            if mount is not None:
                self.totals.keep(mount.world)
        return self.store.remove(world_id)

    def all(self) -> tuple[Mount, ...]:
        """All of them, in the order in which they were added."""
        return tuple(self._mounts.values())
