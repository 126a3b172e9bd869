# SPDX-License-Identifier: Apache-2.0
"""Making worlds: new ones, copies of others, and one again as it was made.

On the way of a request: the control API calls these; what comes out is a mount that nobody has seen yet, so that a
world is there whole, or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from mimic_rules.config import Config
from mimic_rules.config.of_world import is_of_world, of_world, placed
from mimic_rules.diagnostics import Diagnostic, DiagnosticError
from mimic_rules.lint.reading import has_errors
from mimic_rules.state.clock import wall_time
from mimic_rules.state.world import World
from mimic_rules.web.ground import Chosen, Ground, choose
from mimic_rules.web.journal import Journal
from mimic_rules.web.mounts import Mount
from mimic_rules.web.recipe import Pace, Recipe, begun, pace_of
from mimic_rules.web.runtime import RunTime, standing_on

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
    return Recipe(chosen, config, pace, wish, standing_on(chosen.footing))


def usual(chosen: Chosen, config: Config) -> Recipe:
    """How a world is made that nobody wants otherwise than the cloud."""
    return Recipe(chosen, config, pace_of(config, wall_time()), {}, standing_on(chosen.footing))


def paced(recipe: Recipe, pace: Pace, clock: Mapping[str, Any]) -> Recipe:
    """The recipe at a pace of which `clock` says otherwise what it says: start, mode, rate, poll.

    `start` may be seconds as well as a text. Raises DiagnosticError.
    """
    pace, problems = _paced(recipe.config, pace, clock)
    if problems:
        raise DiagnosticError(problems)
    return replace(recipe, pace=pace)


def made(recipe: Recipe, world_id: str) -> Mount:
    """A world at its beginning, with an empty journal; raises DiagnosticError where it can't begin."""
    world, rules = begun(recipe, world_id), recipe.rules
    journal = Journal(recipe.config.limits.journal)
    return Mount(world, rules.engine, journal, recipe=recipe, rules=rules)


def copied(origin: World, recipe: Recipe, rules: RunTime, clock: Mapping[str, Any]) -> Mount:
    """A world that begins as `origin` is now, with these rules.

    `origin` is nobody else's any more, and `clock` what is to be otherwise than there. Raises DiagnosticError.
    """
    # INVARIANT: the origin is only ever copied, and its clock isn't looked at again.
    then = origin.clock
    pace = Pace(then.now(), then.rate, then.frozen, then.poll)
    return made(paced(replace(recipe, origin=origin, rules=rules), pace, clock), origin.id)


def again(mount: Mount) -> Mount:
    """A world as it was made, with an empty journal."""
    fresh = made(recipe_in(mount), mount.world.id)
    fresh.explain = mount.explain
    return fresh


def on_ground(recipe: Recipe, ground: Ground) -> Recipe:
    """The same wishes on another ground, where the rules of files are others; raises DiagnosticError.

    The rules of run time are those of before: who puts a world there moves them.
    """
    fresh = recipe_of(ground, recipe.wish, {})
    return replace(recipe, chosen=fresh.chosen, config=fresh.config)


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
