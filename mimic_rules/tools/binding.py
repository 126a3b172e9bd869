# SPDX-License-Identifier: Apache-2.0
"""What the rules say of a configuration: the values of the settings that they declare, and what they refuse.

Between reading and printing: a configuration and right rules come in; settings go out, with a problem for each value
that doesn't fit, each key that belongs to nobody and each service that isn't there.
"""

from __future__ import annotations

from collections.abc import Mapping

from mimic_rules.compiler import compile_model
from mimic_rules.config import LoadResult, bind_settings
from mimic_rules.diagnostics import Diagnostic
from mimic_rules.engine import setting_checks
from mimic_rules.lint.reading import Rules
from mimic_rules.web.selection import unknown_services


def bind(result: LoadResult, rules: Rules) -> tuple[Mapping[str, object], tuple[Diagnostic, ...]]:
    """The settings by name, and the problems; neither if the rules are broken, for what they declare isn't known."""
    if rules.broken:
        return {}, ()
    settings, problems = bind_settings(result.draft, setting_checks(compile_model(rules.model)))
    return settings, (*problems, *unknown_services(result.draft, rules.model, result.sources))
