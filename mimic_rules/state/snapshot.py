# SPDX-License-Identifier: Apache-2.0
"""A world as one JSON value, and a world of such a value: all that a fork has, in a form that outlives the process.

The control API writes a snapshot into a file and reads it back. It holds whatever the records hold, tokens included:
who keeps it keeps it as they would keep those.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from mimic_rules.state.clock import WorldClock
from mimic_rules.state.encoding import encode
from mimic_rules.state.parts import Parts
from mimic_rules.state.plain import JSON
from mimic_rules.state.queue import EventQueue
from mimic_rules.state.reading import BadSnapshot, Reader
from mimic_rules.state.table import TableSpec
from mimic_rules.state.world import World

FORMAT: Final = 1
"""The number of the form that is written, and the only one that is read."""


def dump(world: World) -> dict[str, JSON]:
    """All of a world but its id and its limits.

    The lock of the world is held only while its dictionaries are copied. Indexes are not written: the records give them
    again. Write it with `json`, which takes numbers of any size. Raises `BadSnapshot` for a record or an event that is
    no plain data.
    """
    try:
        body = _written(world.parts())
        return {"format": FORMAT, "digest": _digest(body), "world": body}
    except ValueError as error:
        raise BadSnapshot(f"the world can't be written: {error}") from None


def load(
    data: object,
    *,
    id: str,
    specs: Mapping[str, TableSpec],
    max_records: int = 1_000_000,
    max_keys: int = 100_000,
    monotonic: Callable[[], float] = time.monotonic,
) -> World:
    """A world that goes on where the one that was dumped stood, its clock too; nothing of `data` is kept.

    Raises `BadSnapshot`, with a reason for people, for a snapshot that is damaged, of another format or shape, of kinds
    that `specs` don't know, in conflict with itself, or larger than the limits.
    """
    world = World(
        id,
        clock=WorldClock(0, monotonic=monotonic),
        seed=0,
        specs=specs,
        max_records=max_records,
        max_keys=max_keys,
    )
    restore(world, data, monotonic=monotonic)
    return world


def restore(world: World, data: object, *, monotonic: Callable[[], float] = time.monotonic) -> None:
    """Put what a snapshot holds in the place of all that a world holds; its id, specifications and limits stay.

    Raises as `load` does, and `RuntimeError` inside a transaction of the world: then the world is as it was. Time may
    go back: the world gets a new clock.
    """
    body = _opened(data)
    reader = Reader(world.specs, world.max_records, world.max_keys, monotonic)
    world.become(reader.parts(body))


def _written(parts: Parts) -> dict[str, JSON]:
    contents, counters, tallies = parts.contents, parts.counters, parts.tallies
    version, words, spare = parts.source.getstate()
    tables: list[JSON] = []
    for kind, (tenant, region), table in contents.tables():
        layers = table.layers()
        tables.append(
            {
                "kind": kind,
                "tenant": tenant,
                "region": region,
                "records": [[key, encode(record)] for key, record in layers.records],
                "tombs": [[key, encode(record)] for key, record in layers.tombs],
                "hidden": list(layers.hidden),
            }
        )
    return {
        "seed": parts.seed,
        "clock": parts.clock.state(),
        "random": [version, list(words), spare],
        "tables": tables,
        "sequences": dict(contents.sequences),
        "events": _events(contents.queue),
        "counts": [[encode(key), count] for key, count in counters.counts().items()],
        "windows": [[encode(key), [float(at) for at in times]] for key, times in counters.windows().items()],
        "asked": [[*asked, count] for asked, count in tallies.asked.items()],
        "rules": {rule: [hits.matched, hits.decided, hits.last] for rule, hits in tallies.rules.items()},
        "loads": [tallies.born, dict(tallies.consulted), {rule: list(one) for rule, one in tallies.loaded.items()}],
    }


def _events(queue: EventQueue) -> dict[str, JSON]:
    pending: list[JSON] = [
        [float(event.due), event.sequence, encode(event.owner), encode(event.payload)] for event in queue.events()
    ]
    return {"last": queue.last, "pending": pending}


def _opened(data: object) -> dict[str, Any]:
    """The body of a snapshot that is whole and of the format that is read."""
    if type(data) is not dict or "format" not in data:
        raise BadSnapshot("this is no snapshot of a world")
    number = data["format"]
    if type(number) is not int or number != FORMAT:
        raise BadSnapshot(f"it is of format `{number}`, and only format `{FORMAT}` can be read")
    if data.keys() != {"format", "digest", "world"} or type(data["world"]) is not dict:
        raise BadSnapshot("it must have `format`, `digest` and `world`, and nothing else")
    try:
        digest = _digest(data["world"])
    except (ValueError, TypeError, RecursionError):
        raise BadSnapshot("it holds what can't have been written as JSON") from None
    if digest != data["digest"]:
        raise BadSnapshot("it is damaged: its digest is that of something else")
    body: dict[str, Any] = data["world"]
    return body


def _digest(body: dict[str, JSON]) -> str:
    """SHA-256 over the format and the body in one line, names in order; `ValueError` for what JSON can't carry."""
    text = json.dumps([FORMAT, body], sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()
