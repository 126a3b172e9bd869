# SPDX-License-Identifier: Apache-2.0
"""Plain data as JSON and back again, equal: tuples, and numbers that JSON has no word for, are told by a tag.

A snapshot writes records, keys of counters, owners and payloads of events so. What is read may come from anywhere:
everything that nobody can have written is refused, and nothing is followed deeper than `DEEPEST`.
"""

from __future__ import annotations

import math
from typing import Any, Final

from mimic_rules.state.plain import JSON

DEEPEST: Final = 300
"""How many lists, tuples and objects may lie in one another; a body of a request may be 256 deep at most."""

_TUPLE: Final = "~tuple"
_DICT: Final = "~dict"
_NUMBER: Final = "~number"
_NUMBERS: Final = {"inf": math.inf, "-inf": -math.inf, "nan": math.nan}


def encode(value: Any, depth: int = DEEPEST) -> JSON:
    """`value` in JSON, sharing nothing with it; `ValueError` for what is too deep or no plain data."""
    kind = type(value)
    if kind in (str, int, bool) or value is None:
        written: JSON = value
        return written
    if kind is float:
        return float(value) if math.isfinite(value) else {_NUMBER: repr(value)}
    if not depth:
        raise ValueError(f"it is more than {DEEPEST} levels deep")
    if kind is list:
        return [encode(one, depth - 1) for one in value]
    if kind is tuple:
        return {_TUPLE: [encode(one, depth - 1) for one in value]}
    if kind is dict and all(type(name) is str for name in value):
        inner: dict[str, JSON] = {name: encode(one, depth - 1) for name, one in value.items()}
        return inner if _tag(inner) is None else {_DICT: inner}
    raise ValueError(f"`{kind.__name__}` is no plain data")


def decode(written: Any, depth: int = DEEPEST) -> Any:
    """What `encode` made this of, sharing nothing with it; `ValueError` for what it can't have made."""
    kind = type(written)
    if kind in (str, int, bool) or written is None or (kind is float and math.isfinite(written)):
        return written
    if not depth:
        raise ValueError(f"it is more than {DEEPEST} levels deep")
    tag = _tag(written) if kind is dict else None
    if tag is not None:
        written = written[tag]
        kind = type(written)
        if tag == _NUMBER and kind is str and written in _NUMBERS:
            return _NUMBERS[written]
        if not (kind is list if tag == _TUPLE else tag == _DICT and kind is dict and _tag(written) is not None):
            raise ValueError(f"`{tag}` holds what it can't hold")
    if kind is list:
        items = [decode(one, depth - 1) for one in written]
        return tuple(items) if tag == _TUPLE else items
    if kind is dict and all(type(name) is str for name in written):
        return {name: decode(one, depth - 1) for name, one in written.items()}
    raise ValueError(f"`{kind.__name__}` is no plain data")


def _tag(written: dict[Any, Any]) -> str | None:
    """The tag that an object consists of, or None where it is an object and nothing else."""
    if len(written) != 1:
        return None
    (name,) = written
    return name if name in (_TUPLE, _DICT, _NUMBER) else None
