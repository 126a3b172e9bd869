# SPDX-License-Identifier: Apache-2.0
"""Transactions on worlds against the plainest model there is: dictionaries, copied whole for each savepoint.

A world may be forked, written down and read, or told to keep what it keeps already; each goes on by itself, and must
still be what its own model is.

The model keeps nothing but records, events and sequences; indexes, groups and sums are worked out anew at each look.
Looks are steps of their own, so that several changes may come between two of them.
"""

import copy
import json
from contextlib import ExitStack
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from mimic_rules.state.clock import WorldClock
from mimic_rules.state.plain import Record
from mimic_rules.state.queue import Event
from mimic_rules.state.snapshot import dump, load, restore
from mimic_rules.state.table import Conflict, Index, Sum, Table, TableSpec
from mimic_rules.state.transaction import Transaction, WorldFull
from mimic_rules.state.world import World

MAX_RECORDS = 8
NAMES = ("x", "y", "z", ("x", 1))
COLOURS = ("red", "blue", 7)
SPEC = TableSpec(
    "thing",
    unique=(
        Index("name", lambda record: record["name"]),
        Index("both", lambda record: None if record["name"] is None else (record["name"], record["colour"])),
    ),
    groups=(
        Index("colour", lambda record: record["colour"]),
        Index("named", lambda record: record["name"] is not None),
    ),
    sums=(Sum("size", lambda record: record["size"]), Sum("ones", lambda record: 1)),
)

KEYS = st.sampled_from(["a", "b", "c", "d", 0, 1])
PLACES = st.sampled_from([("t1", "r1"), ("t1", "r2"), ("t2", "r1")])
OWNERS = st.sampled_from(["a", ("b", 1)])
RECORDS = st.fixed_dictionaries(
    {
        "name": st.none() | st.sampled_from(NAMES),
        "colour": st.none() | st.sampled_from(COLOURS),
        "size": st.sampled_from([0, 1, -5, 0.1, 0.2, 0.7, 2.5, 1e308, 10**20]),
        "inner": st.lists(st.integers(0, 9), max_size=2),
    }
)


@dataclass
class Part:
    """One tenant and region of the model."""

    live: dict[Any, Record] = field(default_factory=dict)
    tombs: dict[Any, Record] = field(default_factory=dict)
    hidden: set[Any] = field(default_factory=set)

    @property
    def held(self) -> int:
        return len(self.live) + len(self.tombs)

    def holder(self, key: Any, record: Record) -> tuple[str, Any] | None:
        """The first index and holder that stand in the way of a record."""
        for index in SPEC.unique:
            for other, there in self.live.items():
                if other != key and index.key(record) is not None and index.key(there) == index.key(record):
                    return index.name, other
        return None


@dataclass
class Model:
    """What a world should hold."""

    parts: dict[tuple[str, str], Part] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    pushed: int = 0
    sequences: dict[str, int] = field(default_factory=dict)

    @property
    def held(self) -> int:
        return sum(part.held for part in self.parts.values())


class WorldAgainstModel(RuleBasedStateMachine):
    """Steps go to one of some worlds and to its model; transactions and savepoints nest as the steps have it."""

    def __init__(self) -> None:
        super().__init__()
        clock = WorldClock(1000, frozen=True)
        self.world = World("w", clock=clock, seed=1, specs={"thing": SPEC}, max_records=MAX_RECORDS)
        self.model = Model()
        self.others: list[tuple[World, Model]] = []
        self.stack = ExitStack()
        self.tx: Transaction | None = None
        self.before = Model()
        self.marks: list[tuple[int, Model]] = []

    @property
    def open(self) -> Transaction:
        assert self.tx is not None
        return self.tx

    # Worlds

    @precondition(lambda self: self.tx is None and len(self.others) < 2)
    @rule(written=st.booleans())
    def fork(self, written: bool) -> None:
        if written:
            data = json.loads(json.dumps(dump(self.world)))
            other = load(data, id="other", specs={"thing": SPEC}, max_records=MAX_RECORDS)
        else:
            other = self.world.fork("other")
        self.others.append((other, copy.deepcopy(self.model)))

    @precondition(lambda self: self.tx is None and self.others)
    @rule()
    def turn_to_another(self) -> None:
        self.others.append((self.world, self.model))
        self.world, self.model = self.others.pop(0)
        self.look()

    @precondition(lambda self: self.tx is None)
    @rule(respec=st.booleans())
    def make_anew(self, respec: bool) -> None:
        if respec:
            self.world.respec({"thing": SPEC})
        else:
            restore(self.world, json.loads(json.dumps(dump(self.world))))
        self.look()

    # The transaction begins and ends

    @precondition(lambda self: self.tx is None)
    @rule()
    def begin(self) -> None:
        self.tx = self.stack.enter_context(self.world.transaction())
        self.before = copy.deepcopy(self.model)
        self.marks = []

    @precondition(lambda self: self.tx)
    @rule()
    def commit(self) -> None:
        self.stack.close()
        self.tx = None
        self.model.parts = {place: part for place, part in self.model.parts.items() if part.held}

    @precondition(lambda self: self.tx)
    @rule()
    def fail(self) -> None:
        with pytest.raises(ZeroDivisionError), self.stack:
            raise ZeroDivisionError
        self.tx = None
        self.model = self.before
        self.look()

    @precondition(lambda self: self.tx)
    @rule()
    def rollback(self) -> None:
        self.open.rollback()
        self.model = copy.deepcopy(self.before)
        self.marks = []
        self.look()

    @precondition(lambda self: self.tx)
    @rule()
    def savepoint(self) -> None:
        self.marks.append((self.open.savepoint(), copy.deepcopy(self.model)))

    @precondition(lambda self: self.tx and self.marks)
    @rule(data=st.data(), look=st.booleans())
    def rollback_to(self, data: st.DataObject, look: bool) -> None:
        chosen = data.draw(st.integers(0, len(self.marks) - 1))
        mark, model = self.marks[chosen]
        self.marks = self.marks[: chosen + 1]
        self.open.rollback_to(mark)
        self.model = copy.deepcopy(model)
        if look:
            self.look()

    # Records

    @precondition(lambda self: self.tx)
    @rule(place=PLACES, key=KEYS, record=RECORDS)
    def insert(self, place: tuple[str, str], key: Any, record: Record) -> None:
        part = self.model.parts.get(place, Part())
        holder = part.holder(key, record)
        if self.model.held >= MAX_RECORDS:
            with pytest.raises(WorldFull):
                self.open.insert("thing", *place, key, record)
        elif key in part.live or holder:
            with pytest.raises(Conflict) as caught:
                self.open.insert("thing", *place, key, record)
            expected = ("(key)", key) if key in part.live else holder
            assert (caught.value.index_name, caught.value.holder) == expected
        else:
            self.open.insert("thing", *place, key, record)
            self.model.parts.setdefault(place, part).live[key] = copy.deepcopy(record)

    @precondition(lambda self: self.tx)
    @rule(place=PLACES, key=KEYS, record=RECORDS)
    def replace(self, place: tuple[str, str], key: Any, record: Record) -> None:
        part = self.model.parts.get(place, Part())
        if key not in part.live:
            with pytest.raises(KeyError):
                self.open.replace("thing", *place, key, record)
        elif holder := part.holder(key, record):
            with pytest.raises(Conflict) as caught:
                self.open.replace("thing", *place, key, record)
            assert (caught.value.index_name, caught.value.holder) == holder
        else:
            self.open.replace("thing", *place, key, record)
            part.live[key] = copy.deepcopy(record)

    @precondition(lambda self: self.tx)
    @rule(place=PLACES, key=KEYS)
    def remove(self, place: tuple[str, str], key: Any) -> None:
        part = self.model.parts.get(place, Part())
        if key in part.live:
            assert self.open.remove("thing", *place, key) == part.live.pop(key)
            part.hidden.discard(key)
        else:
            with pytest.raises(KeyError):
                self.open.remove("thing", *place, key)

    @precondition(lambda self: self.tx)
    @rule(place=PLACES, key=KEYS, record=RECORDS)
    def bury(self, place: tuple[str, str], key: Any, record: Record) -> None:
        part = self.model.parts.get(place, Part())
        if key in part.live:
            self.open.bury("thing", *place, key, record)
            del part.live[key]
            part.hidden.discard(key)
            part.tombs.pop(key, None)
            part.tombs[key] = copy.deepcopy(record)
        else:
            with pytest.raises(KeyError):
                self.open.bury("thing", *place, key, record)

    @precondition(lambda self: self.tx)
    @rule(place=PLACES, key=KEYS)
    def purge(self, place: tuple[str, str], key: Any) -> None:
        part = self.model.parts.get(place, Part())
        if key in part.tombs:
            assert self.open.purge("thing", *place, key) == part.tombs.pop(key)
        else:
            with pytest.raises(KeyError):
                self.open.purge("thing", *place, key)

    @precondition(lambda self: self.tx)
    @rule(place=PLACES, key=KEYS, hide=st.booleans())
    def hide_or_reveal(self, place: tuple[str, str], key: Any, hide: bool) -> None:
        part = self.model.parts.get(place, Part())
        change = self.open.hide if hide else self.open.reveal
        if key in part.live:
            change("thing", *place, key)
            part.hidden = part.hidden | {key} if hide else part.hidden - {key}
        else:
            with pytest.raises(KeyError):
                change("thing", *place, key)

    # Events and sequences

    @precondition(lambda self: self.tx)
    @rule(due=st.integers(0, 3), owner=OWNERS)
    def schedule(self, due: int, owner: Any) -> None:
        self.model.pushed += 1
        event = Event(due, self.model.pushed, owner, (due,))
        assert self.open.schedule(due, owner, (due,)) == event.sequence
        self.model.events = sorted([*self.model.events, event], key=lambda event: (event.due, event.sequence))

    @precondition(lambda self: self.tx)
    @rule(owner=OWNERS)
    def cancel(self, owner: Any) -> None:
        kept = [event for event in self.model.events if event.owner != owner]
        assert self.open.cancel(owner) == len(self.model.events) - len(kept)
        self.model.events = kept

    @precondition(lambda self: self.tx)
    @rule(owner=OWNERS, seconds=st.integers(0, 2))
    def retime(self, owner: Any, seconds: int) -> None:
        owned = [event for event in self.model.events if event.owner == owner]
        assert self.open.retime(owner, seconds) == len(owned)
        moved = [Event(max(event.due - seconds, 0), event.sequence, owner, event.payload) for event in owned]
        rest = [event for event in self.model.events if event.owner != owner]
        self.model.events = sorted([*rest, *moved], key=lambda event: (event.due, event.sequence))

    @precondition(lambda self: self.tx)
    @rule(now=st.integers(0, 3))
    def pop_due(self, now: int) -> None:
        first = self.model.events[0] if self.model.events and self.model.events[0].due <= now else None
        assert self.open.pop_due(now) == first
        if first:
            self.model.events.pop(0)

    @precondition(lambda self: self.tx)
    @rule(name=st.sampled_from("nm"))
    def sequence(self, name: str) -> None:
        self.model.sequences[name] = self.model.sequences.get(name, 0) + 1
        assert self.open.sequence(name) == self.model.sequences[name]

    # Looks

    @rule()
    def look(self) -> None:
        with self.world.transaction() as tx:
            held = {place: part for place, part in self.model.parts.items() if part.held}
            assert tx.partitions("thing") == tuple(held)
            assert self.world.held == self.model.held
            for place in (("t1", "r1"), ("t1", "r2"), ("t2", "r1")):
                same(tx.table("thing", *place), held.get(place, Part()))
            assert tx.next_due() == (self.model.events[0].due if self.model.events else None)
            assert tx.waiting(2) == (tuple(self.model.events[:2]), len(self.model.events))
            for owner in ("a", ("b", 1)):
                assert tx.pending(owner) == tuple(event for event in self.model.events if event.owner == owner)
            for name in "nm":
                mark = tx.savepoint()
                assert tx.sequence(name) == self.model.sequences.get(name, 0) + 1
                tx.rollback_to(mark)

    def teardown(self) -> None:
        if self.tx:
            self.commit()
        self.look()
        for _ in self.others:
            self.turn_to_another()


def same(table: Table, part: Part) -> None:
    """Everything that can be asked of a table is what the model says, and in its order."""
    seen = {key: record for key, record in part.live.items() if key not in part.hidden}
    assert table.items() == list(seen.items())
    assert table.records() == list(seen.values())
    assert table.tombs() == list(part.tombs.items())
    assert (len(table), table.held) == (len(part.live), part.held)
    for key in ("a", "b", "c", "d", 0, 1):
        assert (key in table, table.whole(key), table.hides(key)) == (
            key in part.live,
            part.live.get(key),
            key in part.hidden,
        )
        assert (table.get(key), table.tomb(key)) == (seen.get(key), part.tombs.get(key))
    for name in NAMES:
        expected = [key for key, record in part.live.items() if record["name"] == name]
        assert table.lookup("name", name) == (expected[0] if expected else None)
        for colour in COLOURS:
            both = [key for key in expected if part.live[key]["colour"] == colour]
            assert table.lookup("both", (name, colour)) == (both[0] if both else None)
    for colour in COLOURS:
        assert table.group("colour", colour) == [r for r in seen.values() if r["colour"] == colour]
    for named in (True, False):
        assert table.group("named", named) == [r for r in seen.values() if (r["name"] is not None) is named]
    assert table.group("colour", None) == []
    size = sum((Fraction(record["size"]) for record in part.live.values()), Fraction(0))
    assert table.total("size") == (int(size) if size.denominator == 1 or abs(size) > 2**53 else float(size))
    assert table.total("ones") == len(part.live)


TestWorldAgainstModel = WorldAgainstModel.TestCase
TestWorldAgainstModel.settings = settings(max_examples=150, stateful_step_count=50)
