# SPDX-License-Identifier: Apache-2.0
"""From a loaded configuration to what worlds stand on: everything that it and its rules say, checked and linked.

On the way of a rule: from files to its end. A cloud is opened with it, and its files are read again with it.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from mimic_rules.config import LoadResult
from mimic_rules.diagnostics import Diagnostic, DiagnosticError
from mimic_rules.language.load import SHIPPED, TEAM
from mimic_rules.language.vocabulary import LANGUAGE_VERSIONS
from mimic_rules.lint import in_order
from mimic_rules.lint.reading import has_errors, read_rules
from mimic_rules.web.control.endpoint import About
from mimic_rules.web.ground import Ground, lay_ground
from mimic_rules.web.making import made, usual
from mimic_rules.web.mounts import Mount
from mimic_rules.web.request import DEFAULT_WORLD


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: `mount` is a new default world; `warnings` are the problems that didn't keep it from that."""

    ground: Ground
    mount: Mount
    about: About
    warnings: tuple[Diagnostic, ...]


@contextmanager
def uncollected() -> Iterator[None]:
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


@uncollected()
def read_all(loaded: LoadResult, texts: dict[str, str]) -> Reading:
    """Read the rules that the configuration names, and those that are shipped, and make a world of them.

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
    try:
        mount = made(usual(chosen, draft), DEFAULT_WORLD)
    except DiagnosticError as refused:
        raise DiagnosticError(in_order([*found, *refused.diagnostics])) from None
    layers = [rule.layer for rule in chosen.footing.model.rules]
    about = About(
        language=max(map(int, LANGUAGE_VERSIONS)),
        services=tuple(chosen.program.services),
        rules={"team": layers.count(TEAM), "shipped": layers.count(SHIPPED)},
    )
    return Reading(ground, mount, about, tuple(in_order(found)))
