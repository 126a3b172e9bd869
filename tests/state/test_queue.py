# SPDX-License-Identifier: Apache-2.0
"""The event queue against a sorted list, and what it keeps of the cancelled."""

import math
from dataclasses import replace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from mimic_rules.state.queue import Event, EventQueue

OWNERS = st.sampled_from(["a", "b", ("c", 1)])
DUES = st.sampled_from([0.0, 1.0, 1.5, 2.0, 7.25])


def order(event: Event) -> tuple[float, int]:
    return event.due, event.sequence


class QueueAgainstList(RuleBasedStateMachine):
    """Every step is done to the queue and to a list that is sorted anew each time."""

    def __init__(self) -> None:
        super().__init__()
        self.queue = EventQueue()
        self.model: list[Event] = []
        self.taken: list[Event] = []
        self.pushed = 0

    @rule(due=DUES, owner=OWNERS, word=st.text(max_size=2))
    def push(self, due: float, owner: str, word: str) -> None:
        sequence = self.queue.push(due, owner, (word,))
        self.pushed += 1
        assert sequence == self.pushed
        self.model.append(Event(due, sequence, owner, (word,)))

    @rule(now=DUES)
    def pop(self, now: float) -> None:
        due = sorted((event for event in self.model if event.due <= now), key=order)
        event = self.queue.pop_due(now)
        assert event == (due[0] if due else None)
        if event is not None:
            self.model.remove(event)
            self.taken.append(event)

    @rule(owner=OWNERS)
    def cancel(self, owner: str) -> None:
        owned = [event for event in self.model if event.owner == owner]
        assert self.queue.cancel(owner) == len(owned)
        self.model = [event for event in self.model if event.owner != owner]
        self.taken += owned

    @rule(owner=OWNERS, seconds=st.sampled_from([0.0, 0.5, 3.0]), undo=st.booleans())
    def hasten(self, owner: str, seconds: float, undo: bool) -> None:
        owned = tuple(event for event in self.model if event.owner == owner)
        assert self.queue.hasten(owner, seconds) == owned
        if undo:
            for event in reversed(owned):
                self.queue.restore(event)
        else:
            self.model = [event for event in self.model if event.owner != owner]
            self.model += [replace(event, due=max(event.due - seconds, 0)) for event in owned]

    @rule()
    def go_on_with_a_copy(self) -> None:
        kept, self.queue = self.queue, self.queue.copy()
        kept.push(0, "a", ())
        kept.cancel("b")
        kept.pop_due(9)

    @rule()
    def go_on_with_what_was_written(self) -> None:
        assert self.queue.last == self.pushed
        self.queue = EventQueue.of(self.queue.events(), self.queue.last)

    @precondition(lambda self: self.taken)
    @rule(data=st.data())
    def restore(self, data: st.DataObject) -> None:
        event = data.draw(st.sampled_from(self.taken))
        self.taken.remove(event)
        self.queue.restore(event)
        self.model.append(event)

    @precondition(lambda self: any(event.sequence == self.pushed for event in self.model))
    @rule()
    def discard_the_last(self) -> None:
        self.queue.discard(self.pushed)
        self.model = [event for event in self.model if event.sequence != self.pushed]
        self.pushed -= 1

    @precondition(lambda self: any(event.sequence < self.pushed for event in self.model))
    @rule(data=st.data())
    def discard_an_earlier_one(self, data: st.DataObject) -> None:
        event = data.draw(st.sampled_from([event for event in self.model if event.sequence < self.pushed]))
        self.queue.discard(event.sequence)
        self.model.remove(event)

    @invariant()
    def same(self) -> None:
        self.model.sort(key=order)
        assert len(self.queue) == len(self.model)
        assert self.queue.events() == tuple(self.model)
        assert self.queue.first(2) == tuple(self.model[:2])
        assert self.queue.next_due() == (self.model[0].due if self.model else None)
        for owner in ("a", "b", ("c", 1)):
            assert self.queue.pending(owner) == tuple(event for event in self.model if event.owner == owner)
        assert set(self.queue.owners()) == {event.owner for event in self.model}


TestQueueAgainstList = QueueAgainstList.TestCase
TestQueueAgainstList.settings = settings(max_examples=60, stateful_step_count=40)


def test_equal_dues_come_out_as_they_went_in() -> None:
    queue = EventQueue()
    for owner in "bac":
        queue.push(5, owner, ())
    queue.push(4, "d", ())
    out = [queue.pop_due(5) for _ in range(5)]
    assert [event and event.owner for event in out] == ["d", "b", "a", "c", None]


@pytest.mark.parametrize("due", [math.nan, math.inf, -math.inf])
def test_a_due_that_is_no_time(due: float) -> None:
    queue = EventQueue()
    with pytest.raises(ValueError, match=f"^`{due}` is not a time at which something can happen$"):
        queue.push(due, "a", ())
    assert queue.push(1, "a", ()) == 1


def test_a_sequence_that_is_not_there_cannot_be_discarded() -> None:
    with pytest.raises(KeyError):
        EventQueue().discard(1)


def test_cancelled_entries_never_outnumber_live_ones_by_much() -> None:
    queue = EventQueue()
    for i in range(1000):
        queue.push(i, i % 500, ())
    for owner in range(499):
        queue.cancel(owner)
        assert len(queue._heap) <= 2 * len(queue) + 16
    for _ in range(100):
        (event, _) = queue.pending(499)
        queue.discard(event.sequence)
        queue.restore(event)
        assert len(queue._heap) <= 2 * 2 + 16
    while queue.pop_due(1000):
        assert len(queue._heap) <= 2 * len(queue) + 16
    assert len(queue) == 0


@pytest.mark.parametrize("seconds", [-1, math.nan, math.inf])
def test_a_haste_that_is_none(seconds: float) -> None:
    queue = EventQueue()
    queue.push(5, "a", ())
    with pytest.raises(ValueError, match=f"^`{seconds}` is not how much earlier something can happen: give seconds"):
        queue.hasten("a", seconds)
    assert queue.next_due() == 5
