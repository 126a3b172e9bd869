# SPDX-License-Identifier: Apache-2.0
"""One isolated cloud: what it holds, its clock, its seed and its counters.

The store finds the world that a request is for; the engine opens a transaction on it and works through that. Two worlds
share nothing that changes, not even a lock: a fork has the same records, which never do.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from mimic_rules.state.clock import WorldClock
from mimic_rules.state.contents import Contents
from mimic_rules.state.counters import Counters
from mimic_rules.state.draws import Draws
from mimic_rules.state.parts import Parts
from mimic_rules.state.table import TableSpec
from mimic_rules.state.tallies import Tallies
from mimic_rules.state.transaction import Transaction


class World(Draws):
    """A cloud of its own. `specs` says, kind by kind, what its tables keep.

    `max_records` bounds the records of all tables together, `max_keys` the keys of `counters` and those of `tallies`.
    All that is drawn comes from `seed`. Every method may be called from any thread, inside a transaction or outside,
    unless it says otherwise.
    """

    def __init__(
        self,
        id: str,
        *,
        clock: WorldClock,
        seed: int | str,
        specs: Mapping[str, TableSpec],
        max_records: int = 1_000_000,
        max_keys: int = 100_000,
    ) -> None:
        super().__init__(random.Random(seed), threading.RLock())
        self.id = id
        self.clock = clock
        self.seed = seed
        self.max_records = max_records
        self.counters = Counters(max_keys)
        self.tallies = Tallies(max_keys, clock.now())
        self._contents = Contents(specs)
        self._current: Transaction | None = None

    @property
    def lock(self) -> threading.RLock:
        """The lock of this world alone."""
        return self._lock

    @property
    def specs(self) -> Mapping[str, TableSpec]:
        """What tables keep, kind by kind."""
        return self._contents.specs

    @property
    def max_keys(self) -> int:
        """How many counters, windows, kinds of answers and rules are counted, each."""
        return self.tallies.max_keys

    @property
    def held(self) -> int:
        """How many records the world holds, tombs included."""
        with self._lock:
            return self._contents.held

    @property
    def waiting(self) -> int:
        """How many events are pending."""
        with self._lock:
            return len(self._contents.queue)

    def transaction(self) -> Opening:
        """A block of changes under the lock of this world; an exception that leaves the block undoes them.

        A block inside another one of the same thread is part of it: it has the same `now`, its exception undoes its own
        changes only, and they are undone as well if the outer block fails later.
        """
        return Opening(self)

    def begin(self) -> Transaction:
        """A transaction; the lock of the world is held."""
        outer = self._current
        transaction = Transaction(
            self._contents,
            self._source,
            self._lock,
            now=self.clock.now() if outer is None else outer.now,
            max_records=self.max_records,
            outer=outer,
        )
        self._current = transaction
        return transaction

    def finish(self, transaction: Transaction, failed: bool) -> None:
        """End a transaction that `begin` gave; what it did is undone where it failed."""
        try:
            if failed:
                transaction.rollback()
        finally:
            transaction.end()
            self._current = transaction.outer

    def fork(self, id: str, *, clock: WorldClock | None = None) -> World:
        """An equal world of another id, from here on apart; with `clock`, at another time.

        Inside a transaction it gets what has been changed so far, and keeps it.
        """
        parts = self.parts()
        world = World(
            id,
            clock=parts.clock,
            seed=self.seed,
            specs=parts.contents.specs,
            max_records=self.max_records,
            max_keys=self.max_keys,
        )
        world.become(parts if clock is None else replace(parts, clock=clock))
        return world

    def respec(self, specs: Mapping[str, TableSpec]) -> None:
        """Let tables keep what other specifications say: after rules have been read anew.

        Records stay, of the kinds that there are now, and so do events, but for those of records that went; see
        `Contents.respecified` for what is raised: then the world is as it was. Not inside a transaction.
        """
        with self._alone():
            self._contents = self._contents.respecified(specs)

    def parts(self) -> Parts:
        """A copy of all that this world is made of; it is the caller's own."""
        with self._lock:
            parts = Parts(self._contents, self.clock, self.seed, self._source, self.counters, self.tallies)
            return parts.copy()

    def become(self, parts: Parts) -> None:
        """Let this world be made of other parts, which are its own from here on; not inside a transaction."""
        with self._alone():
            self._contents = parts.contents
            self.clock = parts.clock
            self.seed = parts.seed
            self._source = parts.source
            self.counters = parts.counters
            self.tallies = parts.tallies

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Under the lock; inside a transaction raises `RuntimeError`."""
        with self._lock:
            if self._current is not None:
                raise RuntimeError("a world can't be made of other parts while one of its transactions is open")
            yield

    def sequence(self, name: str) -> int:
        """The next number of a sequence, taken back if the transaction around it is."""
        with self.transaction() as transaction:
            return transaction.sequence(name)


class Opening:
    """What `World.transaction` gives: opens a transaction when a `with` block is entered, and ends it after."""

    __slots__ = ("_transaction", "_world")

    def __init__(self, world: World) -> None:
        self._world = world
        self._transaction: Transaction | None = None

    # PERF: every request opens one; written out, for a generator of contextlib takes as long again.
    def __enter__(self) -> Transaction:
        self._world.lock.acquire()
        try:
            self._transaction = self._world.begin()
        except BaseException:
            self._world.lock.release()
            raise
        return self._transaction

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: object) -> None:
        try:
            if self._transaction is not None:
                self._world.finish(self._transaction, kind is not None)
        finally:
            self._world.lock.release()
