# SPDX-License-Identifier: Apache-2.0
"""What flags and environment variables give, as the same located values that a file gives.

Loading hands over both mappings; out come a layer of values by dotted key, and what belongs to no key of the program,
which may be a setting that the rules declare.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final

from mimic_rules.config.config import Given, Origin, OriginKind
from mimic_rules.config.keys import SPELLINGS, Spelling, flag_name, variable_name
from mimic_rules.config.located import Located, located
from mimic_rules.config.scalars import resolve
from mimic_rules.config.yaml_text import read_yaml
from mimic_rules.diagnostics import Diagnostics, Span

PREFIX: Final = "MIMIC_"
CONFIG_VARIABLE: Final = "MIMIC_CONFIG"
OTHER_VARIABLES: Final = (CONFIG_VARIABLE, "MIMIC_ADMIN_TOKEN")
"""Variables of the program that set no key."""
LONGEST_VALUE: Final = 2**20
"""How many characters of a variable's or flag's text are read: as many as of a file."""

_NAMES: Final = {variable_name(name): name for name in SPELLINGS}

Layer = dict[str, Given]
Unclaimed = list[tuple[str, Given]]


def read_environment(
    environ: Mapping[str, str], diagnostics: Diagnostics, sources: dict[str, str]
) -> tuple[Layer, Unclaimed]:
    """The values of all variables with our prefix; an empty one counts as not set."""
    layer: Layer = {}
    unclaimed: Unclaimed = []
    for variable in sorted(environ):
        text = environ[variable]
        if not variable.startswith(PREFIX) or variable in OTHER_VARIABLES or not text:
            continue
        origin = Origin(OriginKind.ENVIRONMENT, variable)
        if _is_text(text, place_of(origin), diagnostics):
            sources[place_of(origin)] = text
            _take(variable.removeprefix(PREFIX), text, origin, layer, unclaimed, diagnostics)
    return layer, unclaimed


def read_flags(
    flags: Mapping[str, object], diagnostics: Diagnostics, sources: dict[str, str]
) -> tuple[Layer, Unclaimed]:
    """The values of all flags; one that is None wasn't given. Text is read as a variable's, other values as they are.

    A flag's name is the dotted key, with `_` or `-` in place of the dots if the caller likes: `clock_mode`.
    """
    layer: Layer = {}
    unclaimed: Unclaimed = []
    for flag in sorted(flags):
        value = flags[flag]
        if value is None or flag == "config":
            continue
        origin = Origin(OriginKind.FLAG, flag_name(flag))
        if isinstance(value, str):
            if not _is_text(value, place_of(origin), diagnostics):
                continue
            sources[place_of(origin)] = value
        _take(variable_name(flag), value, origin, layer, unclaimed, diagnostics)
    return layer, unclaimed


def place_of(origin: Origin) -> str:
    """What a span names as its file, for a value that no file holds."""
    return f"environment variable {origin.name}" if origin.kind is OriginKind.ENVIRONMENT else f"flag {origin.name}"


def whole_span(file: str, value: object) -> Span:
    """The span of a value that begins at line 1, column 1, and is on one line."""
    return Span(file, 1, 1, 1, 1 + (len(value.partition("\n")[0]) if isinstance(value, str) else 0))


def _take(
    name: str, value: object, origin: Origin, layer: Layer, unclaimed: Unclaimed, diagnostics: Diagnostics
) -> None:
    span = whole_span(place_of(origin), value)
    key = _NAMES.get(name)
    if key is None:
        # Kept as it is: text that a setting takes is read as YAML once it is known to be one.
        unclaimed.append((name, Given(located(value, span), origin)))
        return
    given = _spelled(SPELLINGS[key], value, span, origin, diagnostics)
    if given is not None:
        layer[key] = Given(given, origin)


def _spelled(spelling: Spelling, value: object, span: Span, origin: Origin, diagnostics: Diagnostics) -> Located | None:
    if not isinstance(value, str):
        return located(value, span)
    match spelling:
        case Spelling.SCALAR:
            return Located(resolve(value), span)
        case Spelling.SEED:
            # Text such as 1e3 or true is a seed like any other: only a whole number is taken for what it looks like.
            number = resolve(value)
            return Located(number if type(number) is int else value, span)
        case Spelling.COMMAS:
            return _listed(value.split(","), span)
        case Spelling.PATHS:
            # On the command line a path is one argument; a variable has to hold several.
            return _listed(value.split(os.pathsep) if origin.kind is OriginKind.ENVIRONMENT else [value], span)
        case Spelling.YAML:
            return read_yaml(value, span.file, diagnostics)
        case _:
            return Located(value, span)


def _listed(parts: list[str], span: Span) -> Located:
    return Located(tuple(Located(part.strip(), span) for part in parts if part.strip()), span)


def _is_text(text: str, place: str, diagnostics: Diagnostics) -> bool:
    if len(text) > LONGEST_VALUE:
        diagnostics.add("MR602", f"there are more than {LONGEST_VALUE} characters here", Span(place, 1, 1, 1, 1))
        return False
    # The interpreter keeps bytes that it can't decode as halves of surrogate pairs (PEP 383).
    for index, letter in enumerate(text):
        if "\ud800" <= letter <= "\udfff":
            before = text[:index].split("\n")
            line, column = len(before), len(before[-1]) + 1
            diagnostics.add("MR603", "this isn't UTF-8", Span(place, line, column, line, column + 1))
            return False
    return True
