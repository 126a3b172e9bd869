# SPDX-License-Identifier: Apache-2.0
"""The timed changes of one world, in the order in which they fall due.

The engine pushes an event when a record enters a state that it will leave by itself, and before it answers a request
pops all that is due. Two events due at the same moment come out in the order in which they went in.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace
from typing import Any

# Cancelled entries that a short queue may carry before it is worth cleaning.
_SLACK = 16


@dataclass(frozen=True, slots=True)
class Event:
    """A change that waits: `due` in seconds since the epoch, and what its owner wants done then, as plain data."""

    due: float
    sequence: int
    owner: Hashable
    payload: tuple[Any, ...]


class EventQueue:
    """Events ordered by (due, sequence).

    PERF: a cancelled event leaves its entry in the heap, so that cancelling needs no search; such entries are dropped
    when they come to the top, and all at once when there are more of them than of live ones.
    INVARIANT: each live event has an entry in the heap. An entry counts only if the event of its sequence is live and
    due at the same time: a sequence that an undo has given back may be handed out again.
    """

    __slots__ = ("_heap", "_last", "_live", "_owned")

    def __init__(self) -> None:
        self._heap: list[tuple[float, int]] = []
        self._live: dict[int, Event] = {}
        # PERF: an owner has few events, and tuples are not copied with the queue, nor does the collector follow them.
        self._owned: dict[Hashable, tuple[int, ...]] = {}
        self._last = 0

    @classmethod
    def of(cls, events: Iterable[Event], last: int) -> EventQueue:
        """A queue in which these events wait; `last` is the sequence of the last one ever pushed."""
        queue = cls()
        for event in events:
            queue.restore(event)
        queue._last = last
        return queue

    def __len__(self) -> int:
        """How many events wait."""
        return len(self._live)

    @property
    def last(self) -> int:
        """The sequence of the last event pushed, 0 where there was none."""
        return self._last

    def push(self, due: float, owner: Hashable, payload: tuple[Any, ...]) -> int:
        """Add an event; gives its sequence. A `due` that is infinite or not a number raises `ValueError`."""
        if not math.isfinite(due):
            raise ValueError(f"`{due}` is not a time at which something can happen")
        sequence = self._last + 1
        self.restore(Event(due, sequence, owner, payload))
        return sequence

    def pop_due(self, now: float) -> Event | None:
        """Take out the first event whose time has come, or nothing."""
        event = self._first()
        if event is None or event.due > now:
            return None
        self._drop(event)
        return event

    def next_due(self) -> float | None:
        """When the first event falls due, or nothing when none waits."""
        event = self._first()
        return None if event is None else event.due

    def pending(self, owner: Hashable) -> tuple[Event, ...]:
        """The events of one owner, in order."""
        return _ordered([self._live[sequence] for sequence in self._owned.get(owner, ())])

    def owners(self) -> tuple[Hashable, ...]:
        """Whose events wait."""
        return tuple(self._owned)

    def events(self) -> tuple[Event, ...]:
        """All events, in order: for whoever shows or copies a world."""
        return _ordered(list(self._live.values()))

    def first(self, most: int) -> tuple[Event, ...]:
        """The events that fall due first, in order, `most` of them at most."""
        return tuple(heapq.nsmallest(most, self._live.values(), key=lambda event: (event.due, event.sequence)))

    def cancel(self, owner: Hashable) -> int:
        """Take out all events of one owner; gives how many there were."""
        events = self.pending(owner)
        for event in events:
            self._drop(event)
        return len(events)

    def hasten(self, owner: Hashable, seconds: float) -> tuple[Event, ...]:
        """Let all events of one owner fall due so much earlier, at 0 at the earliest; gives them as they were.

        `restore` of those undoes it. `seconds` that are negative, infinite or not a number raise `ValueError`.
        """
        if not 0 <= seconds < math.inf:
            raise ValueError(f"`{seconds}` is not how much earlier something can happen: give seconds, zero or more")
        events = self.pending(owner)
        for event in events:
            self.restore(replace(event, due=max(event.due - seconds, 0.0)))
        return events

    def copy(self) -> EventQueue:
        """An equal queue, from here on apart."""
        queue = EventQueue()
        queue._heap = self._heap.copy()
        queue._live = self._live.copy()
        queue._owned = self._owned.copy()
        queue._last = self._last
        return queue

    def discard(self, sequence: int) -> None:
        """Undo a push: take the event out and, if it was the last one pushed, give its sequence back.

        A sequence that isn't live raises `KeyError`.
        """
        self._drop(self._live[sequence])
        if sequence == self._last:
            self._last -= 1

    def restore(self, event: Event) -> None:
        """Undo a pop, a cancellation or a haste: put the event in, in the place of what has its sequence now."""
        owned = self._owned.get(event.owner, ())
        if event.sequence not in owned:
            self._owned[event.owner] = (*owned, event.sequence)
        self._live[event.sequence] = event
        self._last = max(self._last, event.sequence)
        heapq.heappush(self._heap, (event.due, event.sequence))
        self._clean()

    def _first(self) -> Event | None:
        while self._heap:
            due, sequence = self._heap[0]
            event = self._live.get(sequence)
            if event is not None and event.due == due:
                return event
            heapq.heappop(self._heap)
        return None

    def _drop(self, event: Event) -> None:
        del self._live[event.sequence]
        owned = tuple(one for one in self._owned[event.owner] if one != event.sequence)
        if owned:
            self._owned[event.owner] = owned
        else:
            del self._owned[event.owner]
        self._clean()

    def _clean(self) -> None:
        if len(self._heap) > 2 * len(self._live) + _SLACK:
            self._heap = [(event.due, event.sequence) for event in self._live.values()]
            heapq.heapify(self._heap)


def _ordered(events: list[Event]) -> tuple[Event, ...]:
    return tuple(sorted(events, key=lambda event: (event.due, event.sequence)))
