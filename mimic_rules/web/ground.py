# SPDX-License-Identifier: Apache-2.0
"""What worlds are made of: the model of all rules, the configuration of the cloud, and an engine for each choice.

Between the way of a rule and that of a request: opening a cloud lays the ground, reading rules anew lays another one;
whoever makes a world chooses services, regions and configuration from it.
"""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from mimic_rules.compiler import Program, compile_model
from mimic_rules.config import Config, bind_settings
from mimic_rules.diagnostics import Diagnostic
from mimic_rules.engine import Engine, link, setting_checks
from mimic_rules.language.model import Model
from mimic_rules.lint.reading import has_errors, shipped_files
from mimic_rules.web.footing import Footing
from mimic_rules.web.selection import select_services, unknown_services

T = TypeVar("T")

MOST_PROGRAMS: Final = 8
"""How many choices of services are remembered with their tables."""
MOST_FOOTINGS: Final = 32
"""How many linked ones are; those that worlds use live as long as their worlds."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a choice comes to: tables, settings, and what rules of run time stand on, the engine among it."""

    program: Program
    settings: Mapping[str, object]
    footing: Footing

    @property
    def engine(self) -> Engine:
        """The engine that consults the rules of files."""
        return self.footing.engine


class Kept:
    """The last choices, so that worlds with the same one share an engine. Every method may be called by any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._programs: OrderedDict[Hashable, Any] = OrderedDict()
        self._footings: OrderedDict[Hashable, Any] = OrderedDict()

    def program(self, key: Hashable, make: Callable[[], T]) -> T:
        """The tables of a choice of services."""
        return self._get(self._programs, MOST_PROGRAMS, key, make)

    def footing(self, key: Hashable, make: Callable[[], T]) -> T:
        """What a whole choice stands on."""
        return self._get(self._footings, MOST_FOOTINGS, key, make)

    def _get(self, kept: OrderedDict[Hashable, Any], most: int, key: Hashable, make: Callable[[], T]) -> T:
        # Under the lock, so that what many ask for at once is made once.
        with self._lock:
            if key not in kept:
                kept[key] = make()
                if len(kept) > most:
                    kept.popitem(last=False)
            kept.move_to_end(key)
            found: T = kept[key]
            return found


@dataclass(frozen=True, slots=True)
class Ground:
    """`model` is of all rules, also of services that the cloud doesn't have; `config` is the cloud's own, and `usual`
    what that comes to; `texts` are what places point into.
    """

    model: Model
    texts: Mapping[str, str]
    config: Config
    usual: Chosen
    kept: Kept = field(repr=False, compare=False)


def lay_ground(model: Model, config: Config, texts: Mapping[str, str]) -> tuple[Ground | None, tuple[Diagnostic, ...]]:
    """The ground of a cloud, and all problems of its configuration; None if one of them is an error.

    `model` is without an error. `texts` are those that places of the configuration are found in.
    """
    kept, texts = Kept(), dict(texts)
    usual, problems = _chosen(model, config, texts, kept)
    return None if usual is None else Ground(model, texts, config, usual, kept), problems


def choose(ground: Ground, config: Config) -> tuple[Chosen | None, tuple[Diagnostic, ...]]:
    """What the configuration of a world comes to, and all problems of it; None if one of them is an error."""
    if config is ground.config:
        return ground.usual, ()
    return _chosen(ground.model, config, ground.texts, ground.kept)


def _chosen(
    model: Model, config: Config, texts: Mapping[str, str], kept: Kept
) -> tuple[Chosen | None, tuple[Diagnostic, ...]]:
    found: list[Diagnostic] = []
    services = None if config.services is None else tuple(sorted(config.services))
    if services is not None:
        found += unknown_services(config, model, texts)

    def compiled() -> tuple[Model, Program]:
        chosen = model if services is None else select_services(model, services, frozenset(map(str, shipped_files())))
        return chosen, compile_model(chosen)

    selected, program = kept.program(services, compiled)
    settings, problems = bind_settings(config, setting_checks(program))
    found += problems
    if has_errors(found):
        return None, tuple(found)
    key = (
        services,
        config.regions,
        tuple(sorted(config.durations.items())),
        tuple(sorted(config.quotas.items())),
        json.dumps(dict(settings), sort_keys=True),
    )

    def linked() -> Footing:
        engine = link(
            program, settings=settings, regions=config.regions, durations=config.durations, quotas=config.quotas
        )
        return Footing(engine, selected, texts)

    return Chosen(program, settings, kept.footing(key, linked)), tuple(found)
