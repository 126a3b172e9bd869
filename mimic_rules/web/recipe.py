# SPDX-License-Identifier: Apache-2.0
"""How a world was made, so that it can be made again: what it was to be otherwise, its start, and its first rules.

Before any request to a world: making one begins here, and so does a reset.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mimic_rules.config import ClockMode, Config
from mimic_rules.diagnostics import Diagnostic, DiagnosticError, Span
from mimic_rules.engine.seeds import SeedRefused
from mimic_rules.state.clock import WorldClock
from mimic_rules.state.world import World
from mimic_rules.web.ground import Chosen
from mimic_rules.web.runtime import RunTime


@dataclass(frozen=True, slots=True)
class Pace:
    """How a world's clock starts: at `start`, in seconds since the epoch, at `rate` world seconds for a real one."""

    start: float
    rate: float = 1.0
    frozen: bool = False
    poll: int | None = None

    def clock(self) -> WorldClock:
        """A new clock; raises ValueError for what no clock can do."""
        return WorldClock(self.start, rate=self.rate, frozen=self.frozen, poll=self.poll)


@dataclass(frozen=True, slots=True)
class Recipe:
    """`chosen` is what `config`, the world's own, comes to; `wish` is what somebody asked to have otherwise, as plain
    data; `rules` are those that the world consults at first; `origin` is the world as it began where that was as a copy
    of another one, None where it began with its seeds.
    """

    chosen: Chosen
    config: Config
    pace: Pace
    wish: Mapping[str, object]
    rules: RunTime
    origin: World | None = None


def pace_of(config: Config, now: float) -> Pace:
    """As a configuration says; `now` is where a clock starts that nobody says anything of."""
    start = config.clock.start
    return Pace(now if start is None else start.timestamp(), config.clock.rate, config.clock.mode is ClockMode.FROZEN)


def begun(recipe: Recipe, world_id: str) -> World:
    """A world at its beginning; raises DiagnosticError where the rules don't take what it should begin with."""
    clock = recipe.pace.clock()
    if recipe.origin is not None:
        return recipe.origin.fork(world_id, clock=clock)
    config = recipe.config
    engine, most = recipe.chosen.engine, config.limits.records
    try:
        return engine.new_world(world_id, clock=clock, seed=config.seed, max_records=most)
    except SeedRefused as refused:
        raise DiagnosticError([_seed_problem(refused)]) from None


def _seed_problem(refused: SeedRefused) -> Diagnostic:
    """The problem that a record is which the configuration gives and the rules don't take."""
    file, line, column = refused.place.rsplit(":", 2)
    where = Span(file, int(line), int(column), int(line), int(column) + 1)
    return Diagnostic("MR616", str(refused), where, refused.help)
