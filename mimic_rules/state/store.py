# SPDX-License-Identifier: Apache-2.0
"""Where worlds are kept and found by their ids.

The web layer asks the store for the world that a URL names, and hands it to the engine. `DictStore` keeps worlds in
this process; a store shared by several processes can stand in its place if it promises what follows.

* Records, payloads and owners of events, keys of counters and names of sequences are plain data, so the whole of a
  world can be written and read back equal, with the order of its records, the state of its clock and of its draws:
  `snapshot` does it.
* One request is one transaction on one world. A shared store may therefore fetch and lock a world when a transaction
  begins, and write and release it when it ends; nothing is kept between transactions on the assumption that nobody else
  changed it. No request needs two worlds.
* Transactions on one world are one after the other, in all processes; those on different worlds don't wait for each
  other.
* Counters are exact in all processes, and a rollback leaves them alone.
* What a specification draws from a record (indexes, groups, sums) isn't written: the records give it again.
"""

from __future__ import annotations

import threading
from typing import Protocol

from mimic_rules.state.world import World


class Store(Protocol):
    """Worlds by id. Every method may be called from any thread."""

    @property
    def shared(self) -> bool:
        """Whether other processes see the same worlds; if not, one process must answer all requests."""

    def world(self, world_id: str) -> World | None:
        """The world of that id, or nothing."""

    def add(self, world: World) -> None:
        """Keep a world; an id that is taken, or no room for another world, raises `ValueError`."""

    def remove(self, world_id: str) -> bool:
        """Forget a world; gives whether there was one. Who is still using it may finish."""

    def ids(self) -> tuple[str, ...]:
        """The ids of all worlds, in the order in which they were added."""


class DictStore:
    """Worlds of this process alone, at most `max_worlds`."""

    def __init__(self, *, max_worlds: int = 10_000) -> None:
        self._max_worlds = max_worlds
        self._worlds: dict[str, World] = {}
        self._lock = threading.Lock()

    @property
    def shared(self) -> bool:
        """Never: state lives in this process."""
        return False

    def world(self, world_id: str) -> World | None:
        """The world of that id, or nothing."""
        return self._worlds.get(world_id)

    def add(self, world: World) -> None:
        """Keep a world; an id that is taken, or one world more than `max_worlds`, raises `ValueError`."""
        with self._lock:
            if world.id in self._worlds:
                raise ValueError(f"there is a world `{world.id}` already: choose another id or remove that one")
            if len(self._worlds) >= self._max_worlds:
                raise ValueError(f"can't add the world `{world.id}`: there are {self._max_worlds}, remove one first")
            self._worlds[world.id] = world

    def remove(self, world_id: str) -> bool:
        """Forget a world; gives whether there was one."""
        with self._lock:
            return self._worlds.pop(world_id, None) is not None

    def ids(self) -> tuple[str, ...]:
        """The ids of all worlds, in the order in which they were added."""
        with self._lock:
            return tuple(self._worlds)
