# SPDX-License-Identifier: Apache-2.0
"""Snapshots: worlds kept in files, listed, removed, and put back.

On the way of a request: calls of the control API. A snapshot that doesn't fit is refused whole, and the world is as it
was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from mimic_rules.state.clock import END_OF_TIME
from mimic_rules.state.reading import BadSnapshot
from mimic_rules.web.control.clock import iso
from mimic_rules.web.control.endpoint import Asked, Endpoint, Refused, Schema, Told
from mimic_rules.web.control.room import NAMED, check_memory, check_name, not_so, put_in_place
from mimic_rules.web.ground import Ground
from mimic_rules.web.mounts import Mount
from mimic_rules.web.shelf import Damaged, Kept, NoRoom
from mimic_rules.web.snapshots import OldRules, OldWish, OtherKinds, opened, put_back, read, written

GROWTH: Final = 4
"""How many bytes of memory a byte of a snapshot comes to, about."""

_TAKE: Final[Schema] = {
    "type": "object",
    "properties": {"name": NAMED, "replace": {"type": "boolean", "description": "put it in the place of an older one"}},
    "required": ["name"],
    "additionalProperties": False,
}
_PUT_BACK: Final[Schema] = {
    "type": "object",
    "properties": {"name": NAMED},
    "required": ["name"],
    "additionalProperties": False,
}


def take(asked: Asked) -> Told:
    """201 and what was written: the world as it is between two requests."""
    name, mount = asked.body["name"], asked.mount
    check_name("name", name)
    now = mount.world.clock.now()
    head = {"world": mount.world.id, "time": now}
    try:
        text = written(mount)
        size = asked.control.shelf.keep(name, head, text, replace=asked.body.get("replace", False))
    except BadSnapshot as refused:
        raise Refused(409, str(refused)) from None
    except NoRoom as refused:
        raise Refused(507, f"the snapshot `{name}` can't be kept: {refused}") from None
    if size is None:
        raise Refused(409, f'there is a snapshot `{name}` already: {{"replace": true}} puts another one in its place')
    return Told(201, _shown(Kept(name, size, head)))


def listed(asked: Asked) -> Told:
    """200 and all snapshots, of any world, by name."""
    return Told(200, {"snapshots": [_shown(one) for one in asked.control.shelf.all()]})


def delete(asked: Asked) -> Told:
    """204: it is gone."""
    name = asked.path["name"]
    check_name("name", name)
    try:
        there = asked.control.shelf.remove(name)
    except NoRoom as refused:
        raise Refused(507, f"the snapshot `{name}` can't be removed: {refused}") from None
    if not there:
        raise _no_snapshot(name)
    return Told(204)


def restore(asked: Asked) -> Told:
    """200: the world is as the snapshot says, between two requests."""
    mounts, old = asked.control.mounts, asked.mount
    name = asked.body["name"]
    with _refusing(name):
        data = _read(asked, name)
        with mounts.changing:
            mount = put_back(data, old)
            put_in_place(mounts, old, mount)
    now = mount.world.clock.now()
    return Told(
        200, {"id": mount.world.id, "snapshot": name, "time": now, "iso": iso(now), "records": mount.world.held}
    )


def made_of(asked: Asked, ground: Ground, world_id: str, wish: Mapping[str, Any]) -> Mount:
    """A new world that begins as the snapshot that `wish` names; raises DiagnosticError for a clock that can't be."""
    name = wish["snapshot"]
    with _refusing(name):
        return opened(_read(asked, name), ground, world_id, wish.get("clock", {}))


def _read(asked: Asked, name: str) -> dict[str, Any]:
    check_name("name", name)
    found = asked.control.shelf.read(name)
    if found is None:
        raise _no_snapshot(name)
    check_memory(asked, weight=GROWTH * len(found[1]))
    return read(found[1])


@contextmanager
def _refusing(name: str) -> Iterator[None]:
    """Whatever keeps a snapshot from being used, as what a client is told of it."""
    try:
        yield
    except (Damaged, BadSnapshot) as refused:
        raise Refused(400, f"the snapshot `{name}` can't be used: {refused}") from None
    except OtherKinds as refused:
        raise Refused(409, f"the snapshot `{name}` doesn't fit: {refused}") from None
    except OldRules as refused:
        raise Refused(409, f"the rules of the snapshot `{name}` don't fit: {refused}") from None
    except OldWish as refused:
        raise not_so(refused, 409) from None


def _no_snapshot(name: str) -> Refused:
    return Refused(404, f"there is no snapshot `{name}`: `GET /_mimic/snapshots` lists them")


def _shown(kept: Kept) -> dict[str, Any]:
    shown: dict[str, Any] = {"name": kept.name, "bytes": kept.size}
    # A list doesn't read files whole, so that a head may be another one than was written.
    at = kept.head.get("time")
    if kept.head.keys() != {"world", "time"} or type(at) is not float or not 0 <= at <= END_OF_TIME:
        return {**shown, "problem": "it is damaged, of another format, or no snapshot"}
    return {**shown, **kept.head, "iso": iso(at)}


ENDPOINTS: Final = (
    Endpoint(
        "POST",
        "/_mimic/snapshots",
        "Keep a world in a file",
        take,
        {
            201: "the snapshot",
            400: "no name",
            409: "there is one of that name already",
            507: "it can't be written",
        },
        _TAKE,
    ),
    Endpoint("GET", "/_mimic/snapshots", "All snapshots, of any world", listed, {200: "the snapshots"}),
    Endpoint(
        "DELETE",
        "/_mimic/snapshots/{name}",
        "Remove a snapshot",
        delete,
        {204: "it is gone", 404: "there is no such snapshot", 507: "it can't be removed"},
    ),
    Endpoint(
        "POST",
        "/_mimic/restore",
        "Put a world back to a snapshot",
        restore,
        {
            200: "the world is as the snapshot says",
            400: "it is damaged, or of another format; the world is as it was",
            404: "there is no such snapshot",
            409: "it is of other rules; the world is as it was",
        },
        _PUT_BACK,
    ),
)
