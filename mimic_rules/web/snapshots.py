# SPDX-License-Identifier: Apache-2.0
"""A world as a text that outlives the process, and worlds made of such texts, whole or not at all.

On the way of a request: between the calls about snapshots and the folder that they lie in. A text holds the world, its
rules of run time, what it was to have otherwise, and what the rules of the time said of its records.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mimic_rules.diagnostics import DiagnosticError, render_text
from mimic_rules.state.reading import BadSnapshot
from mimic_rules.state.snapshot import dump, restore
from mimic_rules.state.world import World
from mimic_rules.web.ground import Ground
from mimic_rules.web.making import copied, recipe_in, recipe_of
from mimic_rules.web.mounts import Mount
from mimic_rules.web.recipe import Recipe, begun
from mimic_rules.web.runtime import RunTime, WrongText, restored, state
from mimic_rules.web.shapes import fingerprints


class OldRules(Exception):
    """The rules that were added to the world of a snapshot don't fit any more; the text says why."""


class OldWish(DiagnosticError):
    """What the world of a snapshot was to have otherwise can't be had any more."""


class OtherKinds(Exception):
    """A snapshot of records that the rules say something else of now; the text says which."""


def written(mount: Mount) -> str:
    """A world as text; raises BadSnapshot for one that holds what can't be written."""
    # So that nobody changes the rules between the two.
    with mount.lock:
        recipe, rules, world = recipe_in(mount), state(mount.rules), dump(mount.world)
    data = {"kinds": fingerprints(recipe.chosen.program), "wish": recipe.wish, "rules": rules, "world": world}
    return json.dumps(data, separators=(",", ":"))


def read(text: str) -> dict[str, Any]:
    """What a text holds; raises BadSnapshot for one that no world was ever written to."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise BadSnapshot("it isn't JSON") from None
    if not (isinstance(data, dict) and data.keys() == {"kinds", "wish", "rules", "world"}):
        raise BadSnapshot("it must have `kinds`, `wish`, `rules` and `world`, and nothing else")
    if not (isinstance(data["kinds"], dict) and isinstance(data["wish"], dict)):
        raise BadSnapshot("`kinds` and `wish` must be maps")
    return data


def opened(data: Mapping[str, Any], ground: Ground, world_id: str, clock: Mapping[str, Any]) -> Mount:
    """A new world that begins as the snapshot was taken; `clock` is what is to be otherwise.

    Raises BadSnapshot, OldRules, OldWish or OtherKinds, and DiagnosticError for a clock that can't be.
    """
    try:
        recipe = recipe_of(ground, data["wish"], {})
        world = _restored(data, recipe, world_id)
    except DiagnosticError as refused:
        raise OldWish(refused.diagnostics) from None
    return copied(world, recipe, _rules(data, recipe), clock)


def put_back(data: Mapping[str, Any], mount: Mount) -> Mount:
    """A world as the snapshot says, in the place of a mount, with its services, configuration and journal.

    Raises BadSnapshot, OldRules or OtherKinds.
    """
    recipe = recipe_in(mount)
    world = _restored(data, recipe, mount.world.id)
    rules = _rules(data, recipe)
    return Mount(world, rules.engine, mount.journal, explain=mount.explain, recipe=recipe, rules=rules)


def _restored(data: Mapping[str, Any], recipe: Recipe, world_id: str) -> World:
    ours, theirs = fingerprints(recipe.chosen.program), data["kinds"]
    if ours != theirs:
        names = sorted(kind for kind in {*ours, *theirs} if ours.get(kind) != theirs.get(kind))
        raise OtherKinds(f"the rules say something else now, or nothing, of {', '.join(f'`{name}`' for name in names)}")
    # Records of its own give way to those of the snapshot.
    world = begun(replace(recipe, origin=None), world_id)
    restore(world, data["world"])
    return world


def _rules(data: Mapping[str, Any], recipe: Recipe) -> RunTime:
    try:
        return restored(recipe.chosen.footing, data["rules"])
    except WrongText as wrong:
        raise OldRules(render_text(wrong.diagnostics, wrong.sources).partition("\n")[0]) from None
    except ValueError as problem:
        raise BadSnapshot(str(problem)) from None
