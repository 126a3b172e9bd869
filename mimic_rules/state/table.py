# SPDX-License-Identifier: Apache-2.0
"""The records of one kind in one tenant and region, with the indexes, groups and sums that their rules ask for.

A transaction brings changes in, one record at a time; the engine takes out a record, the holder of a unique value, the
members of a group or a total, each without a walk over the table.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from mimic_rules.state.plain import Key, Record

PRIMARY = "(key)"
"""What a conflict over the key itself gives as the name of the index; no index can be called so."""

# Above this every float is whole; a total beyond is cut to a whole number, for it might not fit into a float at all.
_WHOLE = 2**53


@dataclass(frozen=True, slots=True)
class Index:
    """A named function of a record; a record for which it gives `None` isn't in the index."""

    name: str
    key: Callable[[Record], Hashable | None]


@dataclass(frozen=True, slots=True)
class Sum:
    """A named amount of a record, to be added up over all records of the table."""

    name: str
    value: Callable[[Record], float | int]


@dataclass(frozen=True, slots=True)
class TableSpec:
    """What is kept about the records of one kind. `unique` and `groups` are looked up by name, `sums` too."""

    kind: str
    unique: tuple[Index, ...] = ()
    groups: tuple[Index, ...] = ()
    sums: tuple[Sum, ...] = ()
    # PERF: made once and not for every world. INVARIANT: nobody changes it; it stands for all tables that don't exist.
    empty: Table = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for named in (self.unique, self.groups, self.sums):
            names = [one.name for one in named]
            for name in names:
                if name == PRIMARY or names.count(name) > 1:
                    raise ValueError(f"`{self.kind}` can't have an index `{name}`: the name is taken")
        object.__setattr__(self, "empty", Table(self))


class Conflict(Exception):
    """A key or a unique value has a holder already."""

    def __init__(self, index_name: str, value: Hashable, holder: Key) -> None:
        super().__init__(f"{index_name} `{value}` is taken by `{holder}`")
        self.index_name = index_name
        self.value = value
        self.holder = holder


@dataclass(frozen=True, slots=True)
class Slot:
    """All that a table holds under one key: what an undo has to put back."""

    record: Record | None
    place: int
    tomb: Record | None
    tomb_place: int
    hidden: bool


class Layers(NamedTuple):
    """All that a table holds and no index: records and tombs with their keys in order, and the keys of the hidden."""

    records: Sequence[tuple[Key, Record]]
    tombs: Sequence[tuple[Key, Record]]
    hidden: Sequence[Key]


class Table:
    """Records by key, in the order of insertion; beside them tombs, which only `tomb` and `tombs` show.

    A record may be hidden: it is held, counted and in the way of another one as before, but neither found nor listed
    except by `whole`. The changes and `put_back` are for transactions only; every change either happens whole or raises
    and leaves the table as it was. An absent key raises `KeyError`, and so does an unknown name of an index, group or
    sum.

    INVARIANT: a record never changes after it went in: its index values are worked out again when it goes out.
    PERF: every record has a place, a number that grows with insertion. Only an undo and a change of group put something
    in before its time; the dictionary concerned is then marked and sorted by place when it is next listed, so that a
    change costs the same however large the table is.
    """

    __slots__ = (
        "_groups",
        "_hidden",
        "_last",
        "_places",
        "_records",
        "_spec",
        "_tomb_places",
        "_tombs",
        "_totals",
        "_unique",
        "_unsorted",
        "_unsorted_groups",
    )

    def __init__(self, spec: TableSpec) -> None:
        self._spec = spec
        self._records: dict[Key, Record] = {}
        self._places: dict[Key, int] = {}
        self._tombs: dict[Key, Record] = {}
        self._tomb_places: dict[Key, int] = {}
        self._hidden: dict[Key, None] = {}
        self._last = 0
        self._unique: dict[str, dict[Hashable, Key]] = {index.name: {} for index in spec.unique}
        self._groups: dict[str, dict[Hashable, dict[Key, None]]] = {index.name: {} for index in spec.groups}
        # Floating-point amounts are added as fractions: what is taken off later is exactly what was put on.
        self._totals: dict[str, int | Fraction] = {amount.name: 0 for amount in spec.sums}
        self._unsorted = False
        self._unsorted_groups: dict[tuple[str, Hashable], None] = {}

    def __contains__(self, key: object) -> bool:
        return key in self._records

    def __len__(self) -> int:
        return len(self._records)

    @property
    def held(self) -> int:
        """How many records are kept, tombs included: what memory is used for."""
        return len(self._records) + len(self._tombs)

    def get(self, key: Key) -> Record | None:
        """The record under the key, or nothing; neither a hidden one nor a tomb is found."""
        # PERF: where nothing is hidden, this and the lists pay for one test of truth.
        return None if self._hidden and key in self._hidden else self._records.get(key)

    def whole(self, key: Key) -> Record | None:
        """The record under the key, hidden or not, or nothing: for what falls due on it and for who hid it."""
        return self._records.get(key)

    def hides(self, key: Key) -> bool:
        """Whether there is a hidden record under the key."""
        return key in self._hidden

    def items(self) -> list[tuple[Key, Record]]:
        """Keys and records in the order of insertion; the list is the caller's own."""
        self._sort()
        if self._hidden:
            return [(key, record) for key, record in self._records.items() if key not in self._hidden]
        return list(self._records.items())

    def records(self) -> list[Record]:
        """Records in the order of insertion; the list is the caller's own."""
        self._sort()
        if self._hidden:
            return [record for key, record in self._records.items() if key not in self._hidden]
        return list(self._records.values())

    def lookup(self, index_name: str, value: Hashable) -> Key | None:
        """The key of the record that holds a unique value, hidden or not, or nothing."""
        return self._unique[index_name].get(value)

    def group(self, index_name: str, value: Hashable) -> list[Record]:
        """The records of a group in the order of insertion; the list is the caller's own."""
        groups = self._groups[index_name]
        if (index_name, value) in self._unsorted_groups:
            groups[value] = dict.fromkeys(sorted(groups[value], key=self._places.__getitem__))
            del self._unsorted_groups[index_name, value]
        members = groups.get(value, ())
        if self._hidden:
            return [self._records[key] for key in members if key not in self._hidden]
        return [self._records[key] for key in members]

    def total(self, sum_name: str) -> float | int:
        """The sum over all records, hidden or not: exact where it is whole, otherwise the nearest float."""
        total = self._totals[sum_name]
        return int(total) if total.denominator == 1 or not -_WHOLE <= total <= _WHOLE else float(total)

    def tomb(self, key: Key) -> Record | None:
        """The buried record under the key, or nothing."""
        return self._tombs.get(key)

    def tombs(self) -> list[tuple[Key, Record]]:
        """Keys and buried records in the order of burial; the list is the caller's own."""
        self._sort()
        return list(self._tombs.items())

    def insert(self, key: Key, record: Record) -> None:
        """Add a record; a present key or a unique value that has a holder raises `Conflict`. A tomb is no hindrance."""
        if key in self._records:
            raise Conflict(PRIMARY, key, key)
        self._index(key, None, record, last=True)
        self._last += 1
        self._records[key] = record
        self._places[key] = self._last

    def replace(self, key: Key, record: Record) -> None:
        """Put a new record in the place of an old one; a unique value that another one holds raises `Conflict`.

        A hidden one stays hidden.
        """
        self._index(key, self._records[key], record)
        self._records[key] = record

    def remove(self, key: Key) -> Record:
        """Take a record out for good; gives it."""
        record = self._records[key]
        self._index(key, record, None)
        self._take_out(key)
        return record

    def bury(self, key: Key, record: Record) -> None:
        """Take a record out and keep `record` as its tomb. An earlier tomb under the same key is forgotten."""
        self._index(key, self._records[key], None)
        self._take_out(key)
        self._bury(key, record)

    def hide(self, key: Key) -> None:
        """Let a record be neither found nor listed. A hidden one stays as it is."""
        if key not in self._records:
            raise KeyError(key)
        self._hidden[key] = None

    def reveal(self, key: Key) -> None:
        """Let a record be found and listed, where it always was. One that isn't hidden stays as it is."""
        if key not in self._records:
            raise KeyError(key)
        self._hidden.pop(key, None)

    def purge(self, key: Key) -> Record:
        """Forget a tomb; gives the record that lay in it."""
        record = self._tombs.pop(key)
        del self._tomb_places[key]
        return record

    def slot(self, key: Key) -> Slot:
        """What is held under the key now, to be given to `put_back` later."""
        return Slot(
            self._records.get(key),
            self._places.get(key, 0),
            self._tombs.get(key),
            self._tomb_places.get(key, 0),
            key in self._hidden,
        )

    def put_back(self, key: Key, slot: Slot) -> None:
        """Make it so that the key holds what it held when `slot` was taken, in the same place.

        INVARIANT: changes are put back in the reverse of the order in which they were made; so no value can be taken.
        """
        self._index(key, self._records.get(key), slot.record)
        self._lay(self._records, self._places, key, slot.record, slot.place)
        self._lay(self._tombs, self._tomb_places, key, slot.tomb, slot.tomb_place)
        if slot.hidden:
            self._hidden[key] = None
        else:
            self._hidden.pop(key, None)

    def layers(self) -> Layers:
        """All that is held; the lists are the caller's own."""
        self._sort()
        return Layers(list(self._records.items()), list(self._tombs.items()), list(self._hidden))

    def copy(self) -> Table:
        """An equal table, from here on apart; the records, which never change, are the same."""
        table = Table.__new__(Table)
        table._spec = self._spec
        table._records, table._places = self._records.copy(), self._places.copy()
        table._tombs, table._tomb_places = self._tombs.copy(), self._tomb_places.copy()
        table._hidden = self._hidden.copy()
        table._last = self._last
        table._unique = {name: holders.copy() for name, holders in self._unique.items()}
        table._groups = {
            name: {value: members.copy() for value, members in groups.items()} for name, groups in self._groups.items()
        }
        table._totals = self._totals.copy()
        table._unsorted = self._unsorted
        table._unsorted_groups = self._unsorted_groups.copy()
        return table

    def _take_out(self, key: Key) -> None:
        del self._records[key], self._places[key]
        if self._hidden:
            self._hidden.pop(key, None)

    def _bury(self, key: Key, record: Record) -> None:
        self._tombs.pop(key, None)
        self._last += 1
        self._tombs[key] = record
        self._tomb_places[key] = self._last

    def _lay(
        self, records: dict[Key, Record], places: dict[Key, int], key: Key, record: Record | None, place: int
    ) -> None:
        if record is None:
            records.pop(key, None)
            places.pop(key, None)
            return
        if places.get(key) != place:
            self._unsorted = True
        records[key] = record
        places[key] = place

    def _sort(self) -> None:
        if self._unsorted:
            self._records = {key: self._records[key] for key in sorted(self._records, key=self._places.__getitem__)}
            self._tombs = {key: self._tombs[key] for key in sorted(self._tombs, key=self._tomb_places.__getitem__)}
            self._unsorted = False

    def _index(self, key: Key, old: Record | None, new: Record | None, *, last: bool = False) -> None:
        """Let indexes, groups and sums follow a change; `last` promises that the record comes after all others.

        All that can raise (the functions of the rules, a value that can't be looked up, a conflict) comes before the
        first change.
        """
        unique = _moves(self._spec.unique, old, new)
        groups = _moves(self._spec.groups, old, new)
        totals = {
            amount.name: self._totals[amount.name] - _amount(amount, old) + _amount(amount, new)
            for amount in self._spec.sums
        }
        for name, _, value in unique:
            holder = self._unique[name].get(value)
            if holder is not None and holder != key:
                raise Conflict(name, value, holder)

        for name, before, value in unique:
            if before is not None:
                del self._unique[name][before]
            if value is not None:
                self._unique[name][value] = key
        for name, before, value in groups:
            if before is not None:
                self._leave(name, before, key)
            if value is not None:
                members = self._groups[name].setdefault(value, {})
                if members and not last:
                    self._unsorted_groups[name, value] = None
                members[key] = None
        self._totals.update(totals)

    def _leave(self, name: str, value: Hashable, key: Key) -> None:
        members = self._groups[name][value]
        del members[key]
        if not members:
            del self._groups[name][value]
            self._unsorted_groups.pop((name, value), None)


def build_table(spec: TableSpec, layers: Layers) -> Table:
    """A table that holds this; of the hidden, each is the key of a record.

    Raises `Conflict` for a key or a unique value that two records have, and whatever the indexes raise.
    """
    table = Table(spec)
    for key, record in layers.records:
        table.insert(key, record)
    for key, tomb in layers.tombs:
        table._bury(key, tomb)
    for key in layers.hidden:
        table.hide(key)
    return table


def _moves(
    indexes: tuple[Index, ...], old: Record | None, new: Record | None
) -> list[tuple[str, Hashable | None, Hashable | None]]:
    """The indexes in which a record changes its value: name, value before, value after."""
    moves = []
    for index in indexes:
        before = None if old is None else index.key(old)
        after = None if new is None else index.key(new)
        if before != after:
            hash(after)
            moves.append((index.name, before, after))
    return moves


def _amount(amount: Sum, record: Record | None) -> int | Fraction:
    if record is None:
        return 0
    value = amount.value(record)
    if not isinstance(value, float):
        return value
    if not math.isfinite(value):
        raise ValueError(f"`{amount.name}` of a record is `{value}`, which can't be added up")
    return Fraction(value)
