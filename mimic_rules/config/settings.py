# SPDX-License-Identifier: Apache-2.0
"""Settings: keys of the configuration that the rules declare, checked once the rules are read.

A loaded configuration and the declarations come in; the settings' values go out, with a diagnostic for each value that
its rules refuse and for each key, variable or flag that belongs to nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from mimic_rules.config import keys
from mimic_rules.config.config import DEFAULT_ORIGIN, Config, Given, Origin, OriginKind
from mimic_rules.config.keys import variable_name
from mimic_rules.config.located import KeyPath
from mimic_rules.config.outside import OTHER_VARIABLES, PREFIX
from mimic_rules.config.unknown import report_unknown_key
from mimic_rules.config.yaml_text import read_yaml
from mimic_rules.diagnostics import Diagnostic, Diagnostics, did_you_mean


@dataclass(frozen=True, slots=True)
class SettingCheck:
    """What the rules say of one setting.

    `check` takes a plain value (nothing, true or false, numbers, text, lists, dictionaries) and gives a path into it
    and a message for each problem; without problems the value is taken as it is. `default` is not checked.
    """

    default: object
    check: Callable[[object], Iterable[tuple[KeyPath, str]]]


def bind_settings(
    config: Config, declared: Mapping[str, SettingCheck]
) -> tuple[Mapping[str, object], tuple[Diagnostic, ...]]:
    """The value of each declared setting, and all problems; a value with problems gives way to the next weaker one."""
    diagnostics = Diagnostics()
    values: dict[str, object] = {}
    for name, setting in declared.items():
        values[name] = setting.default
        for given in _weakest_first(config, name, diagnostics):
            value = given.located.plain()
            problems = [*setting.check(value)]
            for path, message in problems:
                diagnostics.add("MR613", message, given.located.at(path))
            if not problems:
                values[name] = value
    _report_unknown(config, declared, diagnostics)
    return MappingProxyType(values), diagnostics.items


def setting_origin(config: Config, name: str) -> Origin:
    """Where the strongest value of a setting was given."""
    origins = [given.origin for given in _weakest_first(config, name, Diagnostics())]
    return origins[-1] if origins else DEFAULT_ORIGIN


def _weakest_first(config: Config, name: str, diagnostics: Diagnostics) -> list[Given]:
    found: list[Given] = []
    if name in config.extra:
        written = config.extra[name]
        place = written.at(())
        found.append(Given(written, Origin(OriginKind.FILE, place.file, place.line)))
    for asked, given in reversed(config.unclaimed):
        if asked != variable_name(name):
            continue
        text = given.located.value
        located = given.located
        if isinstance(text, str):
            problems = Diagnostics()
            read = read_yaml(text, given.located.span.file, problems)
            diagnostics.extend(problems.items)
            if read is None or problems.items:
                continue
            located = read
        found.append(Given(located, given.origin))
    return found


def _report_unknown(config: Config, declared: Mapping[str, SettingCheck], diagnostics: Diagnostics) -> None:
    for name, value in config.extra.items():
        if name not in declared:
            report_unknown_key(name, value, (*keys.TOP_LEVEL, *declared), "the configuration", diagnostics)
    known = {variable_name(name): name for name in (*keys.SPELLINGS, *declared)}
    variables = (*(PREFIX + name for name in known), *OTHER_VARIABLES)
    flags = tuple(keys.flag_name(name) for name in known.values())
    for name, given in config.unclaimed:
        if name in known:
            continue
        of_environment = given.origin.kind is OriginKind.ENVIRONMENT
        near = did_you_mean(given.origin.name, variables if of_environment else flags)
        diagnostics.add(
            "MR614" if of_environment else "MR615",
            f"`{given.origin.name}` belongs to no key of the configuration",
            given.located.span,
            help=f"did you mean `{near}`?" if near else "take it out, or declare the setting in a rule file",
        )
