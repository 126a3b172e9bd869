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

from mimic_rules.config import Config, LoadResult
from mimic_rules.diagnostics import Diagnostic, DiagnosticError
from mimic_rules.engine import Engine
from mimic_rules.language.load import SHIPPED, TEAM
from mimic_rules.language.vocabulary import LANGUAGE_VERSIONS
from mimic_rules.lint import in_order
from mimic_rules.lint.reading import (
    has_errors,
    read_rules,
    shipped_folder,
)
from mimic_rules.state.store import DictStore
from mimic_rules.web.app import create_app
from mimic_rules.web.control.endpoint import About, Application
from mimic_rules.web.ground import lay_ground
from mimic_rules.web.making import made, usual
from mimic_rules.web.mounts import Mounts
from mimic_rules.web.request import DEFAULT_WORLD

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
    ground, problems = lay_ground(rules.model, draft, texts)
    found += problems
    if ground is None or has_errors(found):
        raise DiagnosticError(in_order(found))
    chosen = ground.usual
    mounts = Mounts(DictStore(max_worlds=draft.limits.worlds), ground=ground, idle=draft.limits.idle)
    try:
        mounts.add(made(usual(chosen, draft), DEFAULT_WORLD))
    except DiagnosticError as refused:
        raise DiagnosticError(in_order([*found, *refused.diagnostics])) from None
    layers = [rule.layer for rule in chosen.model.rules]
    about = About(
        language=max(map(int, LANGUAGE_VERSIONS)),
        services=tuple(chosen.program.services),
        rules={"team": layers.count(TEAM), "shipped": layers.count(SHIPPED)},
    )
    app = create_app(
        mounts,
        limits=draft.limits,
        about=lambda: about,
        admin_token=admin_token,
        roots=(Path.cwd(), shipped_folder().parent),
        snapshots=Path(draft.snapshots).absolute(),
    )
    return Cloud(app, chosen.engine, mounts, draft, chosen.settings, tuple(in_order(found)))
