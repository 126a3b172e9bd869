# SPDX-License-Identifier: Apache-2.0
"""The parts of a world, read from the body of a snapshot.

A digest tells damage from wholeness and not friend from foe, so that nothing is taken on trust here: each shape, each
number and each limit is looked at before anything is made of it.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Hashable, Mapping
from typing import Any

from mimic_rules.state.clock import WorldClock
from mimic_rules.state.contents import Contents
from mimic_rules.state.counters import Counters
from mimic_rules.state.encoding import decode
from mimic_rules.state.parts import Parts
from mimic_rules.state.plain import Key, Record
from mimic_rules.state.queue import Event, EventQueue
from mimic_rules.state.table import Conflict, Layers, TableSpec
from mimic_rules.state.tallies import Asked, Loaded, RuleHits, Tallies
from mimic_rules.state.transaction import EVENTS_PER_RECORD

_WORDS = 624
"""How many numbers of 32 bits the state of the source has; one more says how many of them are used up."""


class BadSnapshot(Exception):
    """A snapshot that no world can be made of, or a world that no snapshot can be made of; the text says why."""


class Reader:
    """Reads for a world with these specifications and limits; what is wrong raises `BadSnapshot`."""

    __slots__ = ("_max_keys", "_max_records", "_monotonic", "_specs")

    def __init__(
        self, specs: Mapping[str, TableSpec], max_records: int, max_keys: int, monotonic: Callable[[], float]
    ) -> None:
        self._specs = specs
        self._max_records = max_records
        self._max_keys = max_keys
        self._monotonic = monotonic

    def parts(self, body: dict[str, Any]) -> Parts:
        """The parts that a body has written in it."""
        names = (
            "seed",
            "clock",
            "random",
            "tables",
            "sequences",
            "events",
            "counts",
            "windows",
            "asked",
            "rules",
            "loads",
        )
        seed, clock, source, tables, sequences, events, counts, windows, asked, rules, loads = _fields(
            body, "world", *names
        )
        if type(seed) not in (int, str):
            raise BadSnapshot("`seed` is neither a whole number nor a text")
        contents = self._contents(tables)
        contents.sequences = self._sequences(sequences)
        contents.queue = self._queue(events)
        return Parts(
            contents,
            self._clock(clock),
            seed,
            _source(source),
            self._counters(counts, windows),
            self._tallies(asked, rules, loads),
        )

    def _contents(self, tables: Any) -> Contents:
        contents = Contents(self._specs)
        room = self._max_records
        for one in _list(tables, "tables"):
            names = ("kind", "tenant", "region", "records", "tombs", "hidden")
            kind, tenant, region, records, tombs, hidden = _fields(one, "tables", *names)
            if _text(kind, "kind") not in self._specs:
                raise BadSnapshot(f"it has records of `{kind}`, and no rule that is loaded knows such a resource")
            partition = (_text(tenant, "tenant"), _text(region, "region"))
            if contents.find(kind, partition) is not None:
                raise BadSnapshot(f"it has two tables of `{kind}` for one tenant and region")
            layers = Layers(_records(records, "records"), _records(tombs, "tombs"), _keys(hidden))
            if not {key for key, _ in layers.records}.issuperset(layers.hidden):
                raise BadSnapshot(f"it hides a record of `{kind}` that it doesn't have")
            room -= len(layers.records) + len(layers.tombs)
            if room < 0:
                raise BadSnapshot(f"it holds more than `{self._max_records}` records, which is all this world may hold")
            _fill(contents, kind, partition, layers)
        return contents

    def _sequences(self, sequences: Any) -> dict[str, int]:
        if len(_dict(sequences, "sequences")) > self._max_records:
            raise BadSnapshot(f"it has more than `{self._max_records}` sequences, which is all this world may hold")
        return {name: _whole(last, "sequences") for name, last in sequences.items()}

    def _queue(self, events: Any) -> EventQueue:
        last, pending = _fields(events, "events", "last", "pending")
        limit = EVENTS_PER_RECORD * self._max_records
        if len(_list(pending, "pending")) > limit:
            raise BadSnapshot(f"more than `{limit}` events are pending, which is all this world may hold")
        read = []
        for one in pending:
            due, sequence, owner, payload = _row(one, 4, "pending")
            payload = _decoded(payload, "pending")
            if type(payload) is not tuple or not 1 <= _whole(sequence, "pending") <= _whole(last, "last"):
                raise BadSnapshot("`pending` has an event that can't have been scheduled")
            read.append(Event(_number(due, "pending"), sequence, _hashed(owner, "pending"), payload))
        if len({event.sequence for event in read}) < len(read):
            raise BadSnapshot("`pending` has two events of one sequence")
        return EventQueue.of(read, _whole(last, "last"))

    def _clock(self, clock: Any) -> WorldClock:
        now, rate, frozen, poll = _fields(clock, "clock", "now", "rate", "frozen", "poll")
        if type(frozen) is not bool:
            raise BadSnapshot("`frozen` is neither true nor false")
        try:
            return WorldClock(
                _number(now, "now"),
                rate=_number(rate, "rate"),
                frozen=frozen,
                poll=poll,
                monotonic=self._monotonic,
            )
        except ValueError as error:
            raise BadSnapshot(f"its clock can't be set: {error}") from None

    def _counters(self, counts: Any, windows: Any) -> Counters:
        counted = {}
        for one in _list(counts, "counts"):
            key, count = _row(one, 2, "counts")
            counted[_hashed(key, "counts")] = _whole(count, "counts")
        noted = {}
        for one in _list(windows, "windows"):
            key, times = _row(one, 2, "windows")
            noted[_hashed(key, "windows")] = sorted(_number(at, "windows") for at in _list(times, "windows"))
        if len(counted) < len(counts) or len(noted) < len(windows):
            raise BadSnapshot("it has two counters of one key")
        try:
            return Counters.of(self._max_keys, counted, noted)
        except ValueError as error:
            raise BadSnapshot(str(error)) from None

    def _tallies(self, asked: Any, rules: Any, loads: Any) -> Tallies:
        tallies = Tallies(self._max_keys)
        born, consulted, loaded = _row(loads, 3, "loads")
        sizes = (len(_list(asked, "asked")), *(len(_dict(one, "loads")) for one in (rules, consulted, loaded)))
        if max(sizes) > self._max_keys:
            raise BadSnapshot(f"it has more than `{self._max_keys}` tallies, which is all this world may hold")
        for one in asked:
            service, operation, status, count = _row(one, 4, "asked")
            answer: Asked = (_text(service, "asked"), _text(operation, "asked"), _whole(status, "asked"))
            tallies.asked[answer] = _whole(count, "asked")
        for rule, one in rules.items():
            matched, decided, last = _row(one, 3, "rules")
            hits = RuleHits(_whole(matched, "rules"), _whole(decided, "rules"), last)
            tallies.rules[rule] = hits if last is None else hits._replace(last=_text(last, "rules"))
        tallies.born = _number(born, "loads")
        tallies.consulted = {what: _whole(count, "loads") for what, count in consulted.items()}
        for rule, one in loaded.items():
            at, considered = _row(one, 2, "loads")
            tallies.loaded[rule] = Loaded(_number(at, "loads"), _whole(considered, "loads"))
        return tallies


def _fill(contents: Contents, kind: str, partition: tuple[str, str], layers: Layers) -> None:
    try:
        contents.fill(kind, partition, layers)
    except Conflict as conflict:
        raise BadSnapshot(f"two of its records of `{kind}` are in conflict: {conflict}") from None
    except Exception as error:
        # The functions of indexes are the rules', and whatever they raise of records that no rule made is no crash.
        raise BadSnapshot(f"it has a record of `{kind}` that the rules can't make anything of") from error


def _source(state: Any) -> random.Random:
    version, words, spare = _row(state, 3, "random")
    # Any seed will do: all of the state is replaced.
    source = random.Random(0)
    words = [_whole(word, "random") for word in _list(words, "random")]
    known = version == source.VERSION and spare is None and len(words) == _WORDS + 1
    if not known or max(words) >= 1 << 32 or words[_WORDS] > _WORDS:
        raise BadSnapshot("`random` is no state of a source of chance")
    source.setstate((version, tuple(words), spare))
    return source


def _records(rows: Any, name: str) -> list[tuple[Key, Record]]:
    read: dict[Key, Record] = {}
    for row in _list(rows, name):
        key, record = _row(row, 2, name)
        if _key(key) in read:
            raise BadSnapshot(f"`{name}` has the key `{key}` twice")
        record = _decoded(record, name)
        if type(record) is not dict:
            raise BadSnapshot(f"`{name}` has something that is no record")
        read[key] = record
    return list(read.items())


def _keys(keys: Any) -> list[Key]:
    return [_key(key) for key in _list(keys, "hidden")]


def _key(key: Any) -> Key:
    if type(key) is str or type(key) is int:
        return key
    raise BadSnapshot("a key is neither a text nor a whole number")


def _hashed(written: Any, name: str) -> Hashable:
    value: Hashable = _decoded(written, name)
    try:
        hash(value)
    except TypeError:
        raise BadSnapshot(f"`{name}` has a key that nothing can be looked up by") from None
    return value


def _decoded(written: Any, name: str) -> Any:
    try:
        return decode(written)
    except ValueError as error:
        raise BadSnapshot(f"`{name}` has a value that can't be read: {error}") from None


def _fields(value: Any, name: str, *names: str) -> list[Any]:
    if type(value) is not dict or value.keys() != set(names):
        raise BadSnapshot(f"`{name}` must have {', '.join(f'`{one}`' for one in names)}, and nothing else")
    return [value[one] for one in names]


def _row(value: Any, length: int, name: str) -> list[Any]:
    if len(_list(value, name)) != length:
        raise BadSnapshot(f"`{name}` has a row that isn't {length} long")
    row: list[Any] = value
    return row


def _list(value: Any, name: str) -> list[Any]:
    if type(value) is list:
        return value
    raise BadSnapshot(f"`{name}` has something in the place of a list")


def _dict(value: Any, name: str) -> dict[str, Any]:
    if type(value) is dict and all(type(one) is str for one in value):
        return value
    raise BadSnapshot(f"`{name}` is no object")


def _text(value: Any, name: str) -> str:
    if type(value) is str:
        return value
    raise BadSnapshot(f"`{name}` has something in the place of a text")


def _whole(value: Any, name: str) -> int:
    if type(value) is int and value >= 0:
        return value
    raise BadSnapshot(f"`{name}` has something in the place of a whole number, zero or more")


def _number(value: Any, name: str) -> float:
    try:
        number = float(value) if type(value) in (int, float) else math.nan
    except OverflowError:
        number = math.nan
    if math.isfinite(number):
        return number
    raise BadSnapshot(f"`{name}` has something in the place of a number")
