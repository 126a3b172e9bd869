# SPDX-License-Identifier: Apache-2.0
"""Making worlds: new ones, copies of others, and one again as it was made.

On the way of a request: the control API calls these; what comes out is a mount that nobody has seen yet, so that a
world is there whole, or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from mimic_rules.config import Config
from mimic_rules.config.of_world import is_of_world, of_world, placed
from mimic_rules.diagnostics import Diagnostic, DiagnosticError
from mimic_rules.lint.reading import has_errors
from mimic_rules.state.clock import elapsed, wall_time
from mimic_rules.state.world import World
from mimic_rules.web.additions import Added, Additions
from mimic_rules.web.ground import Chosen, Ground, choose
from mimic_rules.web.journal import Journal
from mimic_rules.web.mounts import Mount
from mimic_rules.web.recipe import Pace, Recipe, begun, pace_of

_PARTS: Final = {"start": "start", "mode": "frozen", "rate": "rate"}
"""Which part of a pace each key of a clock is about."""


def recipe_of(ground: Ground, wish: Mapping[str, Any], clock: Mapping[str, Any]) -> Recipe:
    """How a world is made that somebody wants to have so: services, regions, seed and config, each optional.

    `clock` is what its clock is to do otherwise: see `paced`. Raises DiagnosticError with every problem of what is
    wanted; their places are keys such as `config.quotas.a`.
    """
    config, problems = of_world(ground.config, wish) if wish else (ground.config, ())
    chosen, found = choose(ground, config)
    pace, wrong = _paced(config, pace_of(config, wall_time()), clock)
    problems += (*(one for one in found if is_of_world(one)), *wrong)
    if chosen is None or has_errors(problems):
        raise DiagnosticError(problems)
    return Recipe(chosen, config, pace, wish)


def usual(chosen: Chosen, config: Config) -> Recipe:
    """How a world is made that nobody wants otherwise than the cloud."""
    return Recipe(chosen, config, pace_of(config, wall_time()), {})


def paced(recipe: Recipe, pace: Pace, clock: Mapping[str, Any]) -> Recipe:
    """The recipe at a pace of which `clock` says otherwise what it says: start, mode, rate, poll.

    `start` may be seconds as well as a text. Raises DiagnosticError.
    """
    pace, problems = _paced(recipe.config, pace, clock)
    if problems:
        raise DiagnosticError(problems)
    return replace(recipe, pace=pace)


def made(recipe: Recipe, world_id: str) -> Mount:
    """A new world, before any rule of run time; raises DiagnosticError where it can't begin."""
    return mount_of(begun(recipe, world_id), recipe)


def mount_of(world: World, recipe: Recipe) -> Mount:
    """A world in its place, with an empty journal."""
    journal = Journal(recipe.config.limits.journal)
    return Mount(world, recipe.chosen.engine, journal, elapsed(), recipe=recipe)


def with_rules(mount: Mount, additions: Additions, texts: Sequence[str]) -> Added:
    """Add a new world's first rules; a reset puts them back. Raises CantAdd."""
    added = additions.add(mount, texts)
    mount.recipe = replace(recipe_in(mount), rules=additions.state(mount))
    return added


def copied(origin: World, recipe: Recipe, additions: Additions, rules: Any, clock: Mapping[str, Any]) -> Mount:
    """A mount of a world that begins as `origin` is now, with these rules of run time.

    `origin` is nobody else's any more, and `clock` what is to be otherwise than there. Raises DiagnosticError or
    CantAdd.
    """
    # INVARIANT: the origin is only ever copied, and its clock isn't looked at again.
    clock_then = origin.clock
    pace = Pace(clock_then.now(), clock_then.rate, clock_then.frozen, clock_then.poll)
    recipe = paced(replace(recipe, origin=origin, rules=rules), pace, clock)
    mount = mount_of(begun(recipe, origin.id), recipe)
    additions.restore(mount, rules)
    return mount


def again(mount: Mount, additions: Additions) -> Mount:
    """A world as it was made, with an empty journal; raises CantAdd where its rules no longer fit."""
    recipe = recipe_in(mount)
    fresh = made(recipe, mount.world.id)
    fresh.explain = mount.explain
    additions.restore(fresh, recipe.rules)
    return fresh


def recipe_in(mount: Mount) -> Recipe:
    """How a world was made; raises RuntimeError for one that nobody made here."""
    if mount.recipe is None:
        raise RuntimeError(f"how the world `{mount.world.id}` was made isn't known")
    return mount.recipe


def problems_of(refused: DiagnosticError) -> list[dict[str, Any]]:
    """The problems of what somebody wants, as answers show them: each with its place."""
    return [_shown(one) for one in refused.diagnostics]


def _shown(one: Diagnostic) -> dict[str, Any]:
    place = one.span.file if is_of_world(one) else one.span.place()
    return {
        "code": one.code,
        "severity": str(one.severity),
        "place": place,
        "message": one.message,
        "help": one.help,
    }


def _paced(config: Config, pace: Pace, clock: Mapping[str, Any]) -> tuple[Pace, tuple[Diagnostic, ...]]:
    told = dict(clock)
    found: dict[str, Any] = {}
    if "poll" in told:
        found["poll"] = told.pop("poll")
    if isinstance(told.get("start"), int | float) and not isinstance(told["start"], bool):
        found["start"] = told.pop("start")
    config, problems = of_world(config, {"clock": told})
    read = pace_of(config, wall_time())
    found |= {part: getattr(read, part) for name, part in _PARTS.items() if name in told}
    pace = replace(pace, **found)
    try:
        pace.clock()
    except ValueError as reason:
        return pace, (*problems, Diagnostic("MR612", str(reason), placed(pace.start, "clock.start").span))
    return pace, problems
