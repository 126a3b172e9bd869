# SPDX-License-Identifier: Apache-2.0
"""One isolated cloud: what it holds, its clock, its seed and its counters.

The store finds the world that a request is for; the engine opens a transaction on it and works through that. Two worlds
share nothing, not even a lock.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Mapping

from mimic_rules.state.clock import WorldClock
from mimic_rules.state.contents import Contents
from mimic_rules.state.counters import Counters
from mimic_rules.state.draws import Draws
from mimic_rules.state.table import TableSpec
from mimic_rules.state.transaction import Transaction


class World(Draws):
    """A cloud of its own. `specs` says, kind by kind, what its tables keep.

    `max_records` bounds the records of all tables together, `max_keys` the keys of `counters`. All that is drawn comes
    from `seed`. Every method may be called from any thread, inside a transaction or outside.
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
        self._contents = Contents(specs)
        self._current: Transaction | None = None

    @property
    def lock(self) -> threading.RLock:
        """The lock of this world alone."""
        return self._lock

    @property
    def held(self) -> int:
        """How many records the world holds, tombs included."""
        with self._lock:
            return self._contents.held

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
