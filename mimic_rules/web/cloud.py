# SPDX-License-Identifier: Apache-2.0
"""Opening a cloud: from a loaded configuration to an application that answers.

Both ways of the house begin here: rules are read, checked and compiled, the settings bound, the tables linked, the
default world made; out comes an application, or every problem of rules and configuration in one go.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mimic_rules.compiler import compile_model
from mimic_rules.config import ClockMode, Config, LoadResult, bind_settings
from mimic_rules.diagnostics import Diagnostic, DiagnosticError, Span
from mimic_rules.engine import Engine, link, setting_checks
from mimic_rules.engine.seeds import SeedRefused
from mimic_rules.language.load import SHIPPED, TEAM
from mimic_rules.language.vocabulary import LANGUAGE_VERSIONS
from mimic_rules.lint import in_order
from mimic_rules.lint.reading import (
    has_errors,
    read_rules,
    shipped_files,
    shipped_folder,
)
from mimic_rules.state.clock import WorldClock, wall_time
from mimic_rules.state.store import DictStore
from mimic_rules.web.app import create_app
from mimic_rules.web.control.endpoint import About, Application
from mimic_rules.web.journal import Journal
from mimic_rules.web.logs import level_of_requests
from mimic_rules.web.mounts import Mount, Mounts
from mimic_rules.web.request import DEFAULT_WORLD
from mimic_rules.web.selection import select_services, unknown_services

TOKEN_VARIABLE: Final = "MIMIC_ADMIN_TOKEN"


@dataclass(frozen=True, slots=True)
class Cloud:
    """A cloud that is ready to answer; `warnings` are the problems that didn't keep it from that."""

    app: Application
    engine: Engine
    mounts: Mounts
    config: Config
    settings: Mapping[str, object]
    warnings: tuple[Diagnostic, ...]


@contextmanager
def _uncollected() -> Iterator[None]:
    """For the length of a block, no garbage is collected.

    PERF: nothing that is read and linked is garbage; to look for some again and again takes a fifth of the time.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


@_uncollected()
def open_cloud(loaded: LoadResult, *, texts: dict[str, str], admin_token: str | None = None) -> Cloud:
    """Read the rules that the configuration names, and those that are shipped, and make a cloud of them.

    The texts that diagnostics point into are put into `texts` by the names that messages use. Raises DiagnosticError
    with every problem, warnings included, if one of them is an error.
    """
    texts.update(loaded.sources)
    draft = loaded.draft
    rules = read_rules(draft.rule_files)
    texts.update(rules.texts)
    found = [*loaded.diagnostics, *rules.diagnostics]
    if rules.broken:
        # Tables can't be made of a broken model, so the settings that it declares aren't known.
        raise DiagnosticError(in_order(found))
    model = rules.model
    if draft.services is not None:
        found += unknown_services(draft, model, texts)
        model = select_services(model, draft.services, frozenset(map(str, shipped_files())))
    program = compile_model(model)
    checks = setting_checks(program)
    settings, problems = bind_settings(draft, checks)
    found += problems
    if has_errors(found):
        raise DiagnosticError(in_order(found))

    engine = link(program, settings=settings, regions=draft.regions, durations=draft.durations, quotas=draft.quotas)
    mounts = Mounts(DictStore(max_worlds=draft.limits.worlds))
    try:
        world = engine.new_world(DEFAULT_WORLD, clock=_clock(draft), seed=draft.seed, max_records=draft.limits.records)
    except SeedRefused as refused:
        raise DiagnosticError(in_order([*found, _refused(refused)])) from None
    mounts.add(Mount(world, engine, Journal(draft.limits.journal)))
    layers = [rule.layer for rule in model.rules]
    about = About(
        language=max(map(int, LANGUAGE_VERSIONS)),
        services=tuple(program.services),
        rules={"team": layers.count(TEAM), "shipped": layers.count(SHIPPED)},
    )
    app = create_app(
        mounts,
        limits=draft.limits,
        about=lambda: about,
        admin_token=admin_token,
        roots=(Path.cwd(), shipped_folder().parent),
        log_requests=level_of_requests(draft),
    )
    return Cloud(app, engine, mounts, draft, settings, tuple(in_order(found)))


def _clock(config: Config) -> WorldClock:
    start = config.clock.start
    return WorldClock(
        wall_time() if start is None else start.timestamp(),
        rate=config.clock.rate,
        frozen=config.clock.mode is ClockMode.FROZEN,
    )


def _refused(refused: SeedRefused) -> Diagnostic:
    """The problem that a record is which the configuration gives and the rules don't take."""
    file, line, column = refused.place.rsplit(":", 2)
    where = Span(file, int(line), int(column), int(line), int(column) + 1)
    return Diagnostic("MR616", str(refused), where, "change the setting that this seed takes its values from")
