# SPDX-License-Identifier: Apache-2.0
"""One request's changes to one world: all of them or none.

The engine opens a transaction, reads tables, applies due events and effects through it, and leaves the block: what it
did stays, or, if an exception comes out or it says so, everything is as it was, to the order of the records.
"""

from __future__ import annotations

import math
import random
import threading
from collections.abc import Callable, Hashable
from functools import partial
from typing import Any, TypeVar

from mimic_rules.state.contents import Contents, Partition
from mimic_rules.state.draws import Draws
from mimic_rules.state.plain import Key, Record
from mimic_rules.state.queue import Event
from mimic_rules.state.table import Slot, Table

T = TypeVar("T")

EVENTS_PER_RECORD = 16
"""How many events may be pending for each record that a world may hold."""


class WorldFull(Exception):
    """A world holds as much as it may."""

    def __init__(self, what: str, limit: int) -> None:
        super().__init__(f"this world is full: it holds {limit} {what}; a higher `limits.records` makes room")
        self.limit = limit


class Transaction(Draws):
    """Reads and changes under the lock of a world, with an undo list.

    `World.transaction` makes these and ends them; a block inside another block of the same thread shares the undo list,
    so that a rollback of the outer one undoes the inner one too. After the end of the block every use but a draw raises
    `RuntimeError`. `at` is the time at which things happen: it begins as `now`, and is set to the due time of an event
    while that is applied.
    """

    def __init__(
        self,
        contents: Contents,
        source: random.Random,
        lock: threading.RLock,
        *,
        now: float,
        max_records: int,
        outer: Transaction | None = None,
    ) -> None:
        super().__init__(source, lock)
        self._contents: Contents | None = contents
        self._now = now
        self._max_records = max_records
        self._outer = outer
        self._undo: list[Callable[[], object]] = [] if outer is None else outer._undo
        self._shrunk: dict[tuple[str, Partition], None] = {} if outer is None else outer._shrunk
        self._start = len(self._undo)
        self.at: float = now if outer is None else outer.at

    @property
    def outer(self) -> Transaction | None:
        """The transaction that this one is part of, or none."""
        return self._outer

    @property
    def now(self) -> float:
        """World time in seconds since the epoch, read once, when the transaction began; later only by `reach`."""
        return self._now

    def reach(self, now: float) -> None:
        """Let `now`, and `at`, be this time at least, which the clock has been told to reach; they never go back.

        A transaction that this one is part of goes along: time is not taken back. A time that is infinite or not a
        number raises `ValueError`.
        """
        self._use()
        if not math.isfinite(now):
            raise ValueError(f"`{now}` is not a time that can be reached")
        transaction: Transaction | None = self
        while transaction is not None:
            transaction._now = max(transaction._now, now)
            transaction.at = max(transaction.at, now)
            transaction = transaction._outer

    def table(self, kind: str, tenant: str, region: str) -> Table:
        """The table of a partition, for reading and until the next change; an empty one where there is none."""
        # PERF: called many times for a request, so that `_use` is called only for what it raises.
        return (self._contents or self._use()).table(kind, (tenant, region))

    def partitions(self, kind: str) -> tuple[Partition, ...]:
        """The tenants and regions that have records or tombs of a kind, in the order in which they began."""
        return self._use().partitions(kind)

    def insert(self, kind: str, tenant: str, region: str, key: Key, record: Record) -> None:
        """Add a record.

        Raises `Conflict` for a present key or a taken unique value, `WorldFull` if the world holds its limit already
        (tombs count: they take memory as well).
        """
        contents = self._use()
        if contents.held >= self._max_records:
            raise WorldFull("records", self._max_records)
        partition = (tenant, region)
        table = contents.find(kind, partition)
        if table is None:
            table = Table(contents.specs[kind])
            table.insert(key, record)
            contents.begin(kind, partition, table)
            contents.held += 1
            self._undo.append(partial(_end, contents, kind, partition))
        else:
            self._change(kind, partition, key, lambda table: table.insert(key, record))

    def replace(self, kind: str, tenant: str, region: str, key: Key, record: Record) -> None:
        """Put a new record in the place of an old one; `Conflict` for a taken unique value."""
        self._change(kind, (tenant, region), key, lambda table: table.replace(key, record))

    def remove(self, kind: str, tenant: str, region: str, key: Key) -> Record:
        """Take a record out for good; gives it."""
        return self._change(kind, (tenant, region), key, lambda table: table.remove(key))

    def bury(self, kind: str, tenant: str, region: str, key: Key, record: Record) -> None:
        """Take a record out and keep `record` as its tomb."""
        self._change(kind, (tenant, region), key, lambda table: table.bury(key, record))

    def purge(self, kind: str, tenant: str, region: str, key: Key) -> Record:
        """Forget a tomb; gives the record that lay in it."""
        return self._change(kind, (tenant, region), key, lambda table: table.purge(key))

    def hide(self, kind: str, tenant: str, region: str, key: Key) -> None:
        """Let a record be neither found nor listed, though it is held and counts."""
        self._change(kind, (tenant, region), key, lambda table: table.hide(key))

    def reveal(self, kind: str, tenant: str, region: str, key: Key) -> None:
        """Let a record be found and listed again, where it always was."""
        self._change(kind, (tenant, region), key, lambda table: table.reveal(key))

    def schedule(self, due: float, owner: Hashable, payload: tuple[Any, ...]) -> int:
        """Add a pending event; gives its sequence. `WorldFull` if there are as many as the world may hold."""
        queue = self._use().queue
        limit = EVENTS_PER_RECORD * self._max_records
        if len(queue) >= limit:
            raise WorldFull("pending events", limit)
        sequence = queue.push(due, owner, payload)
        self._undo.append(partial(queue.discard, sequence))
        return sequence

    def cancel(self, owner: Hashable) -> int:
        """Take out all pending events of one owner; gives how many there were."""
        queue = self._use().queue
        events = queue.pending(owner)
        queue.cancel(owner)
        self._undo.extend(partial(queue.restore, event) for event in events)
        return len(events)

    def retime(self, owner: Hashable, seconds: float) -> int:
        """Let all pending events of one owner fall due so many seconds earlier, at 0 at the earliest; gives how many.

        They keep their sequences. Seconds that are negative, infinite or not a number raise `ValueError`.
        """
        queue = self._use().queue
        events = queue.hasten(owner, seconds)
        self._undo.extend(partial(queue.restore, event) for event in events)
        return len(events)

    def pop_due(self, now: float) -> Event | None:
        """Take out the first event that is due at `now`, or nothing."""
        queue = self._use().queue
        event = queue.pop_due(now)
        if event is not None:
            self._undo.append(partial(queue.restore, event))
        return event

    def pending(self, owner: Hashable) -> tuple[Event, ...]:
        """The pending events of one owner, in order."""
        return self._use().queue.pending(owner)

    def waiting(self, most: int) -> tuple[tuple[Event, ...], int]:
        """The first pending events of all owners, in order, `most` at most; and how many are pending altogether."""
        queue = self._use().queue
        return queue.first(most), len(queue)

    def next_due(self) -> float | None:
        """When the first pending event falls due, or nothing when none waits."""
        return self._use().queue.next_due()

    def sequence(self, name: str) -> int:
        """The next number of a sequence: 1, 2, 3 and so on. `WorldFull` for one sequence more than records may be."""
        sequences = self._use().sequences
        last = sequences.get(name)
        if last is None and len(sequences) >= self._max_records:
            raise WorldFull("sequences", self._max_records)
        self._undo.append(partial(sequences.pop, name) if last is None else partial(sequences.update, {name: last}))
        sequences[name] = (last or 0) + 1
        return sequences[name]

    def savepoint(self) -> int:
        """A mark for `rollback_to`; it is spent once there has been a rollback to an earlier one."""
        self._use()
        return len(self._undo)

    def rollback_to(self, mark: int) -> None:
        """Undo everything since the mark. A mark from before this transaction or spent raises `ValueError`."""
        self._use()
        if not self._start <= mark <= len(self._undo):
            raise ValueError("can't roll back to a mark that isn't of this transaction, or has been undone itself")
        while len(self._undo) > mark:
            self._undo.pop()()

    def rollback(self) -> None:
        """Undo everything since the transaction began; it goes on, and later changes stay."""
        self.rollback_to(self._start)

    def end(self) -> None:
        """No more changes: called by the world when the block is left."""
        contents = self._use()
        self._contents = None
        if self._outer is None:
            # Only here, so that the order of partitions can be put back and a table in use isn't taken away.
            for kind, partition in self._shrunk:
                table = contents.find(kind, partition)
                if table is not None and not table.held:
                    contents.end(kind, partition)

    def _use(self) -> Contents:
        if self._contents is None:
            raise RuntimeError("this transaction has ended: open another one")
        return self._contents

    def _change(self, kind: str, partition: Partition, key: Key, change: Callable[[Table], T]) -> T:
        contents = self._use()
        table = contents.find(kind, partition)
        if table is None:
            raise KeyError(key)
        before = table.slot(key)
        held = table.held
        result = change(table)
        self._undo.append(partial(_put_back, contents, table, key, before))
        contents.held += table.held - held
        if table.held < held:
            self._shrunk[kind, partition] = None
        return result


def _put_back(contents: Contents, table: Table, key: Key, before: Slot) -> None:
    held = table.held
    table.put_back(key, before)
    contents.held += table.held - held


def _end(contents: Contents, kind: str, partition: Partition) -> None:
    contents.end(kind, partition)
    contents.held -= 1
