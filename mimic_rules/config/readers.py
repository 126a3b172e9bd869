# SPDX-License-Identifier: Apache-2.0
"""One reader for each kind of value: a located value in, a typed one out, or a refusal that says what is taken.

The table of keys names a reader for each key; picking calls it for each source that gives the key a value.
A reader raises DiagnosticError with every problem that it finds in the value.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final, TypeAlias, TypeVar

from mimic_rules.config.located import Located
from mimic_rules.config.quantities import parse_duration, parse_size
from mimic_rules.diagnostics import (
    Diagnostic,
    DiagnosticError,
    Diagnostics,
    Fix,
    Span,
    did_you_mean,
)

T = TypeVar("T")
Choice = TypeVar("Choice", bound=StrEnum)
Reader: TypeAlias = Callable[[str, Located], T]
"""Takes the key's dotted name, for the message, and the value."""

LONGEST_TEXT: Final = 255
_DURATION_HELP: Final = "write a number and a unit, such as 200ms, 30s, 5m, 2h or 1d"


def refusal(code: str, message: str, span: Span, help: str = "", fix: Fix | None = None) -> DiagnosticError:
    """The error to raise for one problem."""
    return DiagnosticError((Diagnostic(code, message, span, help, (), fix),))


def wrong_kind(name: str, takes: str, value: Located, help: str = "") -> DiagnosticError:
    """The error for a value of another kind than the key takes."""
    return refusal("MR611", f"`{name}` takes {takes}, not {value.shown()}", value.span, help or _instead(name, takes))


def not_allowed(name: str, takes: str, value: Located, help: str = "", fix: Fix | None = None) -> DiagnosticError:
    """The error for a value of the right kind that the key doesn't take all the same."""
    return refusal(
        "MR612", f"`{name}` takes {takes}, not {value.shown()}", value.span, help or _instead(name, takes), fix
    )


def _instead(name: str, takes: str) -> str:
    return f"write {takes}, or leave `{name}` out for its default"


def whole_number(low: int, high: int | None = None) -> Reader[int]:
    """Whole numbers from `low` to `high`."""
    takes = f"a whole number from {low} to {high}" if high is not None else f"a whole number of at least {low}"

    def read(name: str, value: Located) -> int:
        number = value.value
        if isinstance(number, bool) or not isinstance(number, int):
            raise wrong_kind(name, takes, value)
        if number < low or (high is not None and number > high):
            raise not_allowed(name, takes, value)
        return number

    return read


def rate(name: str, value: Located) -> float:
    """A finite number above 0."""
    takes = "a number above 0"
    number = value.value
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise wrong_kind(name, takes, value)
    # A whole number may be too long for a float; comparing is exact.
    if not 0 < number <= 1e9 or math.isnan(number):
        raise not_allowed(name, "a number above 0 and at most 1000000000", value)
    return float(number)


def choice(of: type[Choice]) -> Reader[Choice]:
    """One of the words of `of`."""
    words = [str(word) for word in of]
    takes = f"{', '.join(f'`{word}`' for word in words[:-1])} or `{words[-1]}`"

    def read(name: str, value: Located) -> Choice:
        if not isinstance(value.value, str):
            raise wrong_kind(name, takes, value)
        if value.value not in words:
            near = did_you_mean(value.value, words)
            fix = Fix(value.span, near, f"write `{near}`") if near else None
            raise not_allowed(name, takes, value, f"did you mean `{near}`?" if near else "", fix)
        return of(value.value)

    return read


def word(name: str, value: Located) -> str:
    """Text without spaces, not empty: a name or an address."""
    if not isinstance(value.value, str):
        raise wrong_kind(name, "text", value, "put it in quotes" if value.value is not None else "")
    if not 1 <= len(value.value) <= LONGEST_TEXT or not all("!" <= letter != "\x7f" for letter in value.value):
        raise not_allowed(name, f"1 to {LONGEST_TEXT} characters without spaces", value)
    return value.value


def seed(name: str, value: Located) -> int | str:
    """Any whole number, or text."""
    if isinstance(value.value, bool) or not isinstance(value.value, int | str):
        raise wrong_kind(name, "a whole number or text", value, "put it in quotes")
    return value.value


def start_time(name: str, value: Located) -> datetime | None:
    """`now`, which is None, or a time as in ISO 8601; without an offset it is UTC."""
    takes = "`now` or a time such as `2030-01-31T12:00:00Z`"
    if not isinstance(value.value, str):
        raise wrong_kind(name, takes, value)
    if value.value == "now":
        return None
    try:
        start = datetime.fromisoformat(value.value)
    except ValueError:
        raise not_allowed(name, takes, value) from None
    start = start if start.tzinfo is not None else start.replace(tzinfo=UTC)
    # No clock is before the epoch, and none that is advanced from here falls off the end of the calendar.
    if not 1970 <= start.year < 3000 or start.timestamp() < 0:
        raise not_allowed(name, "a time of the years 1970 to 2999", value)
    return start.astimezone(UTC)


def duration(name: str, value: Located) -> float:
    """Seconds, from a number with a unit."""
    takes = "a duration"
    if not isinstance(value.value, str):
        raise wrong_kind(name, takes, value, _DURATION_HELP)
    seconds = parse_duration(value.value)
    if seconds is None:
        raise not_allowed(name, "a duration of at most 36525d", value, _DURATION_HELP)
    return seconds


def size(low: int, high: int) -> Reader[int]:
    """Bytes, from a whole number or one with a unit."""

    def read(name: str, value: Located) -> int:
        help = "write bytes, or a number with a unit, such as 512KiB or 1MiB"
        number = parse_size(value.value) if isinstance(value.value, str) else value.value
        if number is None and isinstance(value.value, str):
            raise not_allowed(name, "a size", value, help)
        if isinstance(number, bool) or not isinstance(number, int):
            raise wrong_kind(name, "a size", value, help)
        if not low <= number <= high:
            raise not_allowed(name, f"a size from {low} to {high} bytes", value)
        return number

    return read


def items(each: Reader[T], *, at_least: int, distinct: bool = True) -> Reader[tuple[T, ...]]:
    """A list whose items `each` reads, all of them checked."""

    def read(name: str, value: Located) -> tuple[T, ...]:
        if not isinstance(value.value, tuple):
            help = f"write `[{value.value}]`" if isinstance(value.value, str) and value.value else ""
            raise wrong_kind(name, "a list", value, help)
        if len(value.value) < at_least:
            raise refusal(
                "MR612",
                f"`{name}` takes at least {at_least}, not an empty list",
                value.span,
                f"name one, or leave `{name}` out",
            )
        found: list[T] = []
        problems = Diagnostics()
        for item in value.value:
            try:
                one = each(name, item)
            except DiagnosticError as refused:
                problems.extend(refused.diagnostics)
                continue
            if distinct and one in found:
                problems.add("MR612", f"`{name}` holds {item.shown()} twice", item.span, help="take one of them out")
            found.append(one)
        if problems.items:
            raise DiagnosticError(problems.items)
        return tuple(found)

    return read


def entries(each: Reader[T], form: re.Pattern[str], form_help: str) -> Callable[[str, str, Located], T]:
    """A reader for each entry of a map with free keys; `form` is what the keys look like."""

    def read(name: str, key: str, value: Located) -> T:
        if not form.fullmatch(key):
            shown = Located(key, value.key or value.span).shown()
            raise refusal("MR612", f"{shown} isn't a key of `{name}`", value.key or value.span, form_help)
        return each(f"{name}.{key}", value)

    return read


def entries_of(name: str, value: Located) -> Mapping[str, Located]:
    """The entries of a map."""
    if not isinstance(value.value, Mapping):
        raise wrong_kind(name, "a map", value, "write one `key: value` to a line below it")
    return value.value
