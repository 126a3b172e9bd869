# SPDX-License-Identifier: Apache-2.0
"""A value of the configuration that knows where it was written, down to its last inner key.

Reading YAML makes them, and so do environment variables and flags; the readers of keys and the checks of settings
take the plain value, and come back for a place when they refuse it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from mimic_rules.diagnostics import Span

Scalar: TypeAlias = bool | int | float | str | None
Value: TypeAlias = "Scalar | list[Value] | dict[str, Value]"
"""A plain value: what JSON can say."""
KeyPath: TypeAlias = tuple[str | int, ...]
"""The way into a value: a text for a key of a map, a number from 0 for an item of a list."""

LONGEST_QUOTE: Final = 60
"""How many characters of a value a message repeats."""


@dataclass(frozen=True, slots=True)
class Located:
    """A scalar, a list of located values, or a map to them; `key` is the place of the key that it belongs to."""

    value: Scalar | tuple[Located, ...] | Mapping[str, Located]
    span: Span
    key: Span | None = None

    def plain(self) -> Value:
        """The value alone, in fresh lists and dictionaries."""
        if isinstance(self.value, tuple):
            return [item.plain() for item in self.value]
        if isinstance(self.value, Mapping):
            return {name: item.plain() for name, item in self.value.items()}
        return self.value

    def at(self, path: KeyPath) -> Span:
        """The place of what `path` leads to: of its key or, where there is none, of the value.

        Where the path leaves the value (a key that should be there is not), the place of the last part that is there.
        """
        inner = self
        for step in path:
            below = inner._below(step)
            if below is None:
                break
            inner = below
        return inner.key or inner.span

    def _below(self, step: str | int) -> Located | None:
        if isinstance(self.value, Mapping):
            return self.value.get(str(step))
        if isinstance(self.value, tuple) and isinstance(step, int) and 0 <= step < len(self.value):
            return self.value[step]
        return None

    def shown(self) -> str:
        """The value as a message names it: a scalar in backticks, anything else by its kind."""
        if self.value is None:
            return "nothing"
        if isinstance(self.value, tuple):
            return "a list"
        if isinstance(self.value, Mapping):
            return "a map"
        if isinstance(self.value, bool):
            return "`true`" if self.value else "`false`"
        return f"`{shortened(str(self.value))}`"


def shortened(text: str) -> str:
    """The text, or the beginning of a long one."""
    return text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE] + "…"


def located(value: object, span: Span, key: Span | None = None) -> Located:
    """A value given by the program, such as a flag's, as if all of it were written at `span`.

    Sequences become lists, mappings maps; what isn't a scalar becomes its text.
    """
    if value is None or isinstance(value, bool | int | float | str):
        return Located(value, span, key)
    if isinstance(value, Mapping):
        return Located({str(name): located(item, span, span) for name, item in value.items()}, span, key)
    if isinstance(value, Sequence):
        return Located(tuple(located(item, span) for item in value), span, key)
    return Located(str(value), span, key)
