# SPDX-License-Identifier: Apache-2.0
"""Worlds where clients find them: the default one at `/`, every other one below `/w/ID/`, with engine and journal.

On the way of a request: the application looks a world up here by the path; the control API makes and removes them.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Final, Protocol

from mimic_rules.engine.exchange import Request, Response
from mimic_rules.engine.happenings import Happening
from mimic_rules.engine.linked import LinkedProgram
from mimic_rules.state.clock import elapsed
from mimic_rules.state.store import Store
from mimic_rules.state.world import World
from mimic_rules.web.ground import Ground
from mimic_rules.web.journal import Journal
from mimic_rules.web.metrics import Totals
from mimic_rules.web.recipe import Recipe
from mimic_rules.web.request import DEFAULT_WORLD
from mimic_rules.web.runtime import RunTime, on_nothing

SWEPT_EVERY: Final = 5.0
"""Real seconds between two looks for worlds that nobody asks anything any more."""


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
    when it was last asked something, in real seconds from anywhere; `explain` is whether every answer has a trace;
    `recipe` is how it was made; `rules` are those that `engine` consults, and who changes what the world is holds
    `lock`.
    """

    world: World
    engine: Answers
    journal: Journal
    used: float = field(default_factory=elapsed)
    explain: bool = False
    recipe: Recipe | None = None
    rules: RunTime = field(default_factory=on_nothing)
    lock: threading.RLock = field(default_factory=threading.RLock)


class Mounts:
    """The mounts of a store by the ids of their worlds; `totals` keeps what was counted in those that are gone. Every
    method may be called from any thread.

    `ground` is what worlds are made of, and is put in the place of another one as a whole; `idle` is after how many
    real seconds a world goes that nobody asks anything, 0 for never. `changing` is held by whoever adds, removes or
    replaces a mount, or the ground, and looks at the others for it; the lock of a mount is taken inside of it.
    """

    def __init__(self, store: Store, *, ground: Ground | None = None, idle: float = 0.0) -> None:
        self.store = store
        self.ground = ground
        self.changing: Final = threading.RLock()
        self._idle = idle
        self._swept = 0.0
        self._drawn = 0
        self._mounts: dict[str, Mount] = {}
        self.totals: Final = Totals()

    def get(self, world_id: str) -> Mount | None:
        """The mount of that id, or nothing."""
        return self._mounts.get(world_id)

    def add(self, mount: Mount) -> None:
        """Keep one; raises ValueError where the store has no place for its world, or the id is taken."""
        with self.changing, self.totals.lock:
            self.store.add(mount.world)
            self.totals.discount(mount.world)
            self._mounts[mount.world.id] = mount

    def replace(self, mount: Mount) -> None:
        """Put one in the place of the one with its id, between two requests: whoever is using that one may finish."""
        with self.changing, self.totals.lock:
            self.totals.keep(self._mounts[mount.world.id].world)
            self.store.remove(mount.world.id)
            self.store.add(mount.world)
            self.totals.discount(mount.world)
            self._mounts[mount.world.id] = mount

    def remove(self, world_id: str) -> bool:
        """Forget one; gives whether there was one. Who is still using it may finish."""
        with self.changing, self.totals.lock:
            mount = self._mounts.pop(world_id, None)
            if mount is not None:
                self.totals.keep(mount.world)
            return self.store.remove(world_id)

    def all(self) -> tuple[Mount, ...]:
        """All of them, in the order in which they were added."""
        return tuple(self._mounts.values())

    def free_id(self) -> str:
        """An id that no world has or has had by this way: `w1`, `w2` and so on."""
        with self.changing:
            self._drawn += 1
            while f"w{self._drawn}" in self._mounts:
                self._drawn += 1
            return f"w{self._drawn}"

    def sweep(self, now: float, every: float = SWEPT_EVERY) -> None:
        """Forget the worlds that nobody has asked anything for too long, but never the default one.

        PERF: called for every request; it looks only if the last look is `every` seconds ago. INVARIANT: it waits for
        nobody: where another thread is changing something, the next call will do.
        """
        if not self._idle or now - self._swept < every or not self.changing.acquire(blocking=False):
            return
        try:
            self._swept = now
            for mount in self.all():
                if mount.world.id != DEFAULT_WORLD and now - mount.used > self._idle:
                    self.remove(mount.world.id)
        finally:
            self.changing.release()
