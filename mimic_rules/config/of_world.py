# SPDX-License-Identifier: Apache-2.0
"""The configuration of one world: that of the cloud, with what somebody wants otherwise for this world alone.

The control API hands over the cloud's configuration and plain data; out comes a configuration like any other, whose
settings are bound as those of a file are. The places of its problems are keys: `config.durations.a.b.C`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final, TypeVar

from mimic_rules.config import keys
from mimic_rules.config.config import ClockSettings, Config, Origin, OriginKind
from mimic_rules.config.keys import Key, MapKey, variable_name
from mimic_rules.config.located import Located
from mimic_rules.config.readers import entries_of
from mimic_rules.config.unknown import report_unknown_key
from mimic_rules.diagnostics import Diagnostic, DiagnosticError, Diagnostics, Span

T = TypeVar("T")

CONFIG: Final = "config"
"""Where the keys of `mimic.yaml` are, apart from those that have a place of their own."""

BESIDE: Final = ("services", "regions", "seed", "clock")
"""What of the configuration stands beside `config`, for a world is nearly always made with one of these."""

_IN_CONFIG: Final = ("durations", "quotas", "limits")
_LIMITS: Final = ("records",)


def of_world(config: Config, wish: Mapping[str, object]) -> tuple[Config, tuple[Diagnostic, ...]]:
    """The cloud's configuration with a world's own `services`, `regions`, `seed`, `clock` and `config`.

    Durations, quotas and settings of the rules are put beside, or in the place of, the cloud's entry by entry. What is
    refused keeps the cloud's value, with a problem for each. Settings are not checked yet: `bind_settings` does that.
    """
    diagnostics = Diagnostics()
    beside = {name: placed(wish[name], name) for name in BESIDE if name in wish}
    own = _entries(CONFIG, placed(wish.get(CONFIG, {}), CONFIG), diagnostics)
    clock = _entries("clock", beside.get("clock"), diagnostics)
    limits = _entries("limits", own.get("limits"), diagnostics)
    _refuse_unknown(own, limits, diagnostics)
    settings = {name: value for name, value in own.items() if name not in keys.TOP_LEVEL}
    given = {**beside, **{f"clock.{name}": one for name, one in clock.items()}}
    given |= {f"limits.{name}": one for name, one in limits.items() if name in _LIMITS}

    def pick(key: Key[T], otherwise: T) -> T:
        if key.name not in given:
            return otherwise
        try:
            return key.read(key.name, given[key.name])
        except DiagnosticError as refused:
            diagnostics.extend(refused.diagnostics)
            return otherwise

    def pick_map(key: MapKey[T], others: Mapping[str, T]) -> Mapping[str, T]:
        found = dict(others)
        for name, value in _entries(key.name, own.get(key.name), diagnostics).items():
            try:
                found[name] = key.read(key.name, name, value)
            except DiagnosticError as refused:
                diagnostics.extend(refused.diagnostics)
        return MappingProxyType(found)

    taken = {variable_name(name) for name in settings}
    made = replace(
        config,
        services=pick(keys.SERVICES, config.services),
        regions=pick(keys.REGIONS, config.regions),
        seed=pick(keys.SEED, config.seed),
        clock=ClockSettings(
            pick(keys.CLOCK_START, config.clock.start),
            pick(keys.CLOCK_MODE, config.clock.mode),
            pick(keys.CLOCK_RATE, config.clock.rate),
        ),
        limits=replace(config.limits, records=pick(keys.LIMITS_RECORDS, config.limits.records)),
        durations=pick_map(keys.DURATIONS, config.durations),
        quotas=pick_map(keys.QUOTAS, config.quotas),
        origins=MappingProxyType({**config.origins, **{name: _origin(value) for name, value in given.items()}}),
        extra=MappingProxyType({**config.extra, **settings}),
        # A variable or a flag of the cloud would be stronger than the world's own word.
        unclaimed=tuple(one for one in config.unclaimed if one[0] not in taken),
    )
    return made, diagnostics.items


def is_of_world(diagnostic: Diagnostic) -> bool:
    """Whether a problem is one of what a world wants, and not of the cloud's own configuration."""
    span = diagnostic.span
    # A file of rules may be called as a key is, but no piece of its text is empty.
    return span.column == span.end_column and re.split(r"[.\[]", span.file)[0] in (CONFIG, *BESIDE)


def placed(value: object, place: str) -> Located:
    """Plain data, each part with the way to it as its place: `config.rooms[2].name`."""
    span = Span(place, 1, 1, 1, 1)
    if isinstance(value, Mapping):
        return Located({str(name): placed(one, f"{place}.{name}") for name, one in value.items()}, span, span)
    if isinstance(value, list | tuple):
        return Located(tuple(placed(one, f"{place}[{index}]") for index, one in enumerate(value)), span, span)
    if value is None or isinstance(value, bool | int | float | str):
        return Located(value, span, span)
    return Located(str(value), span, span)


def _origin(value: Located) -> Origin:
    return Origin(OriginKind.FILE, value.span.file, 1)


def _entries(name: str, value: Located | None, diagnostics: Diagnostics) -> Mapping[str, Located]:
    if value is None:
        return {}
    try:
        return entries_of(name, value)
    except DiagnosticError as refused:
        diagnostics.extend(refused.diagnostics)
        return {}


def _refuse_unknown(own: Mapping[str, Located], limits: Mapping[str, Located], diagnostics: Diagnostics) -> None:
    """What belongs to the process, and what is said elsewhere; a key that is no key at all may be a setting."""
    for name, value in own.items():
        if name in BESIDE:
            _refuse(value, f"`{name}` isn't a key of `{CONFIG}`", f"say `{name}` beside `{CONFIG}`", diagnostics)
        elif name in keys.TOP_LEVEL and name not in _IN_CONFIG:
            _refuse(value, *_of_the_process(name, _IN_CONFIG), diagnostics)
    for name, value in limits.items():
        if name in keys.GROUPS["limits"] and name not in _LIMITS:
            _refuse(value, *_of_the_process(f"limits.{name}", [f"limits.{one}" for one in _LIMITS]), diagnostics)
        elif name not in _LIMITS:
            report_unknown_key(name, value, _LIMITS, "a world's `limits`", diagnostics)


def _of_the_process(name: str, others: Iterable[str]) -> tuple[str, str]:
    known = ", ".join(f"`{one}`" for one in others)
    return (
        f"`{name}` belongs to the process and not to a world",
        f"set it where the cloud is started; a world can have {known} and settings of the rules",
    )


def _refuse(value: Located, message: str, help: str, diagnostics: Diagnostics) -> None:
    diagnostics.add("MR610", message, value.span, help=help)
