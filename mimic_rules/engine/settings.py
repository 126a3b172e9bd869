# SPDX-License-Identifier: Apache-2.0
"""The settings that rules declare: their defaults, and the checks that the configuration makes of their values.

Before any request: the configuration is bound to these, and their values are what rules read as `setting.name`.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from mimic_rules.compiler.program import Program
from mimic_rules.config import SettingCheck
from mimic_rules.engine.exchange import MISSING
from mimic_rules.engine.link import link
from mimic_rules.engine.validation import link_type


def defaults(program: Program) -> dict[str, Any]:
    """The value of every setting where the configuration says nothing."""
    frame: list[Any] = [MISSING] * 16
    values = {name: link(plan.default)(frame) for name, plan in program.settings.items()}
    return {name: None if value is MISSING else value for name, value in values.items()}


def setting_checks(program: Program) -> Mapping[str, SettingCheck]:
    """The checks of all settings by name."""
    usual = defaults(program)
    return {name: SettingCheck(usual[name], _check(name, program)) for name in program.settings}


def _check(name: str, program: Program) -> Callable[[object], Iterable[tuple[tuple[str | int, ...], str]]]:
    fits = link_type(program.settings[name].type)

    def check(value: object) -> Iterable[tuple[tuple[str | int, ...], str]]:
        problem = fits(value, 0)
        if problem is not None:
            yield problem[0], problem[2]

    return check
