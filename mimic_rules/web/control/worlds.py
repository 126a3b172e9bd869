# SPDX-License-Identifier: Apache-2.0
"""Worlds: made, listed, put back to their beginning, removed.

On the way of a request: calls of the control API. Whoever makes a world is told all that its clients need.
"""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any, Final

from ruamel.yaml import YAML

from mimic_rules.diagnostics import DiagnosticError
from mimic_rules.engine.handouts import hand_out
from mimic_rules.state.clock import elapsed
from mimic_rules.web import weight
from mimic_rules.web.control.clock import iso
from mimic_rules.web.control.endpoint import Asked, Endpoint, Refused, Schema, Told, find_mount
from mimic_rules.web.control.room import (
    NAMED,
    check_memory,
    check_name,
    check_number,
    contradict,
    ground_of,
    not_so,
    put_in_place,
)
from mimic_rules.web.control.rules import add_texts
from mimic_rules.web.control.snapshots import made_of
from mimic_rules.web.ground import Ground
from mimic_rules.web.making import again, copied, made, recipe_in, recipe_of
from mimic_rules.web.mounts import Mount
from mimic_rules.web.request import DEFAULT_WORLD, WORLD_PREFIX
from mimic_rules.web.runtime import Given

MOST_TEXTS: Final = 1000
"""How many texts of rules one call may carry."""

_OWN: Final = ("services", "regions", "seed", "config")
_WISH: Final[Schema] = {
    "type": "object",
    "properties": {
        "id": {**NAMED, "description": "how its URL ends; drawn if it isn't given"},
        "services": {"description": "a list of services, and those that they need; as in mimic.yaml"},
        "regions": {"description": "a list of regions, as in mimic.yaml"},
        "seed": {"description": "what all that looks random is drawn from, as in mimic.yaml"},
        "clock": {
            "type": "object",
            "properties": {
                "start": {"description": "a time as in mimic.yaml, or seconds since 1970"},
                "mode": {"description": "running or frozen"},
                "rate": {"description": "world seconds for each real one"},
                "poll": {
                    "type": ["integer", "null"],
                    "minimum": 1,
                    "description": "after how many looks at a record what it waits for happens",
                },
            },
            "additionalProperties": False,
        },
        "rules": {"type": "array", "items": {"type": "string"}, "maxItems": MOST_TEXTS},
        "config": {"type": "object", "description": "keys of mimic.yaml: durations, quotas, limits.records, settings"},
        "fork": {"type": "string", "description": "the world to begin as a copy of"},
        "snapshot": {**NAMED, "description": "the snapshot to begin with"},
        "explain": {"type": "boolean", "description": "keep a trace of every answer"},
    },
    "additionalProperties": False,
}
_NOTHING: Final[Schema] = {"type": "object", "properties": {}, "additionalProperties": False}


def create(asked: Asked) -> Told:
    """201 with what clients of the new world need; nothing is made unless all of it can be."""
    wish, mounts = asked.body, asked.control.mounts
    contradict(wish, "fork", ("snapshot", *_OWN))
    contradict(wish, "snapshot", _OWN)
    mounts.sweep(elapsed(), every=0)
    with mounts.changing:
        ground = ground_of(mounts)
        world_id = wish["id"] if "id" in wish else mounts.free_id()
        check_name("id", world_id)
        if mounts.get(world_id) is not None:
            raise Refused(409, f"there is a world `{world_id}` already: choose another id, or remove that one")
        check_number(asked)
        try:
            mount = _begin(asked, ground, wish, world_id)
        except DiagnosticError as refused:
            raise not_so(refused) from None
        added = add_texts(mount, [Given(text) for text in wish.get("rules", ())], asked.control.limits.rules)
        mount.recipe = replace(recipe_in(mount), rules=mount.rules)
        check_memory(asked, mount)
        mount.explain = wish.get("explain", mount.explain)
        mounts.add(mount)
    told = {**_handed_out(mount, url(asked, mount)), **_made(asked, mount, added)}
    return Told(201, told, headers={"Location": f"{asked.root}/_mimic/worlds/{world_id}"})


def listed(asked: Asked) -> Told:
    """200 with all worlds, the oldest first."""
    asked.control.mounts.sweep(elapsed(), every=0)
    return Told(200, {"worlds": [shown(asked, mount) for mount in asked.control.mounts.all()]})


def show(asked: Asked) -> Told:
    """200 with one world."""
    return Told(200, shown(asked, _named(asked)))


def delete(asked: Asked) -> Told:
    """204: it is gone, and its id is free."""
    mount = _named(asked)
    if mount.world.id == DEFAULT_WORLD:
        raise Refused(409, "the default world stays: `POST /_mimic/reset` puts it back to its beginning")
    asked.control.mounts.remove(mount.world.id)
    return Told(204)


def reset(asked: Asked) -> Told:
    """200 with the world, which is again as it was made, between two requests."""
    mounts = asked.control.mounts
    with mounts.changing:
        try:
            mount = again(asked.mount)
        except DiagnosticError as refused:
            raise not_so(refused, 409) from None
        put_in_place(mounts, asked.mount, mount)
    return Told(200, shown(asked, mount))


def url(asked: Asked, mount: Mount) -> str:
    """Where a world begins."""
    world_id = mount.world.id
    return asked.root if world_id == DEFAULT_WORLD else f"{asked.root}{WORLD_PREFIX}{world_id}"


def shown(asked: Asked, mount: Mount) -> dict[str, Any]:
    """A world in a list."""
    world = mount.world
    now = world.clock.now()
    return {
        "id": world.id,
        "url": url(asked, mount),
        "time": now,
        "iso": iso(now),
        "records": world.held,
        "pending": world.waiting,
        "rules": weight.added(mount),
        "requests": weight.requests(world),
        "idle": max(elapsed() - mount.used, 0.0),
        "bytes": weight.weigh(mount),
    }


def _named(asked: Asked) -> Mount:
    asked.control.mounts.sweep(elapsed(), every=0)
    return find_mount(asked.control, asked.path["world"])


def _begin(asked: Asked, ground: Ground, wish: dict[str, Any], world_id: str) -> Mount:
    mounts, clock = asked.control.mounts, wish.get("clock", {})
    if "fork" in wish:
        source = mounts.get(wish["fork"])
        if source is None:
            raise Refused(404, f"there is no world `{wish['fork'][:60]}` to make a copy of", place="fork")
        check_memory(asked, weight=weight.weigh(source))
        # So that nobody changes the rules between the two.
        with source.lock:
            origin, rules = source.world.fork(world_id), source.rules
        mount = copied(origin, recipe_in(source), rules, clock)
        mount.explain = source.explain
        return mount
    if "snapshot" in wish:
        return made_of(asked, ground, world_id, wish)
    return made(recipe_of(ground, {name: wish[name] for name in _OWN if name in wish}, clock), world_id)


def _made(asked: Asked, mount: Mount, added: list[dict[str, Any]]) -> dict[str, Any]:
    base = url(asked, mount)
    program = recipe_in(mount).chosen.engine.linked
    first = next(iter(program.regions), "")
    return {
        "id": mount.world.id,
        "url": base,
        "services": {name: base + program.mount(one, first) for name, one in program.services.items()},
        "rules": added,
        "warnings": [one for text in added for one in text["warnings"]],
    }


def _handed_out(mount: Mount, base: str) -> dict[str, Any]:
    documents = hand_out(recipe_in(mount).chosen.engine.linked, mount.world, base)
    return {name: _yaml(value) if name.endswith(".yaml") else value for name, value in documents.items()}


def _yaml(value: Any) -> str:
    text = io.StringIO()
    writer = YAML()
    writer.default_flow_style = False
    writer.dump(value, text)
    return text.getvalue()


ENDPOINTS: Final = (
    Endpoint(
        "POST",
        "/_mimic/worlds",
        "Make a world",
        create,
        {
            201: "where the world is, and what its services hand out",
            400: "a wish that can't be done; nothing is made",
            404: "there is no such world to copy, or no such snapshot",
            409: "the id is taken, or the snapshot doesn't fit",
            507: "there are as many worlds, or they take as much memory, as there may be",
        },
        _WISH,
        of_all_worlds=True,
    ),
    Endpoint("GET", "/_mimic/worlds", "All worlds", listed, {200: "the worlds"}, of_all_worlds=True),
    Endpoint(
        "GET",
        "/_mimic/worlds/{world}",
        "One world",
        show,
        {200: "the world", 404: "there is no such world"},
        of_all_worlds=True,
    ),
    Endpoint(
        "DELETE",
        "/_mimic/worlds/{world}",
        "Remove a world",
        delete,
        {204: "it is gone", 404: "there is no such world", 409: "the default world stays"},
        of_all_worlds=True,
    ),
    Endpoint(
        "POST",
        "/_mimic/reset",
        "Put a world back to its beginning",
        reset,
        {200: "the world, as it was made", 409: "it can't be made again"},
        _NOTHING,
    ),
)
