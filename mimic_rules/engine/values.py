# SPDX-License-Identifier: Apache-2.0
"""What expressions do with values: compare, reach into, turn to text; nothing here raises, whatever the value.

On the way of a request: the linked expressions end in these functions. Values are JSON values, or MISSING.
"""

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from mimic_rules.engine.exchange import MISSING
from mimic_rules.engine.patterns import pattern_of

Value = Any
LONGEST_TEXT: Final = 1_000_000
BIGGEST: Final = 10**30
_LONGEST_NUMBER: Final = 40
_WHOLE: Final = re.compile(r"[+-]?\d+", re.ASCII)
_NUMBER: Final = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)


def is_number(value: Value) -> bool:
    """Whether it is a JSON number; true and false are none."""
    kind = type(value)
    return kind is int or kind is float


def equal(left: Value, right: Value) -> bool:
    """Equality of JSON values; with anything missing it does not hold, and true is not 1."""
    if left is MISSING or right is MISSING:
        return False
    kind = type(left)
    if kind is bool or type(right) is bool:
        return left is right
    if kind is list and type(right) is list:
        return len(left) == len(right) and all(map(equal, left, right))
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return left.keys() == right.keys() and all(equal(one, right[name]) for name, one in left.items())
    return bool(left == right)


def unequal(left: Value, right: Value) -> bool:
    """Both are there and differ."""
    return left is not MISSING and right is not MISSING and not equal(left, right)


def comparable(left: Value, right: Value) -> bool:
    """Whether there is an order between the two: numbers with numbers, texts with texts."""
    return (is_number(left) and is_number(right)) or (type(left) is str and type(right) is str)


def less(left: Value, right: Value) -> bool:
    return comparable(left, right) and bool(left < right)


def less_or_equal(left: Value, right: Value) -> bool:
    return comparable(left, right) and bool(left <= right)


def more(left: Value, right: Value) -> bool:
    return comparable(left, right) and bool(left > right)


def more_or_equal(left: Value, right: Value) -> bool:
    return comparable(left, right) and bool(left >= right)


def contains(inside: Value, whole: Value) -> bool:
    """`inside in whole`: an item of a list, a key of a map, a part of a text."""
    if isinstance(whole, list):
        # PERF: a text is equal to texts only, which Python says as well.
        return inside in whole if type(inside) is str else any(equal(inside, item) for item in whole)
    if isinstance(whole, Mapping):
        return type(inside) is str and inside in whole
    return type(whole) is str and type(inside) is str and inside in whole


def starts_with(text: Value, beginning: Value) -> bool:
    return type(text) is str and type(beginning) is str and text.startswith(beginning)


def kind_of(value: Value, kind: str) -> bool:
    """`value is kind`; a text that reads as a number is one, for metadata are texts."""
    match kind:
        case "number":
            return as_number(value) is not MISSING
        case "int":
            return isinstance(as_number(value), int)
        case "text":
            return type(value) is str
        case "bool":
            return type(value) is bool
        case "list":
            return isinstance(value, list)
        case "map":
            return isinstance(value, Mapping)
        case "pattern":
            return type(value) is str and pattern_of(value) is not None
        case _:
            return value is None


def as_number(value: Value) -> Value:
    """A number, or what a numeric text says; MISSING for anything else, and for what is not finite."""
    if is_number(value):
        return value if math.isfinite(value) else MISSING
    if type(value) is not str:
        return MISSING
    return numeric(value)


def numeric(text: str) -> Value:
    """The number that a text says in plain digits, maybe with a sign, a fraction or an exponent; else MISSING."""
    digits = text.strip()
    if len(text) > _LONGEST_NUMBER or _NUMBER.fullmatch(digits) is None:
        return MISSING
    number = int(digits) if _WHOLE.fullmatch(digits) else float(digits)
    return number if math.isfinite(number) else MISSING


def attribute(value: Value, name: str) -> Value:
    """`value.name`: of a map its entry, of a list those of its items; else MISSING."""
    if type(value) is dict or isinstance(value, Mapping):
        return value.get(name, MISSING)
    if isinstance(value, list):
        found = (attribute(item, name) for item in value)
        return [item for item in found if item is not MISSING]
    return MISSING


def item(value: Value, key: Value) -> Value:
    """`value[key]`: of a map by text, of a list by number, counted from 0, or from the end when below it."""
    if isinstance(value, Mapping):
        return value.get(key, MISSING) if type(key) is str else MISSING
    if isinstance(value, list) and type(key) is int and -len(value) <= key < len(value):
        return value[key]
    return MISSING


def keyed(value: Value, key_field: str, value_field: str, key: Value) -> Value:
    """The value of the item that a key names, in a list of maps."""
    if isinstance(value, list):
        for entry in value:
            if isinstance(entry, Mapping) and equal(entry.get(key_field, MISSING), key):
                return entry.get(value_field, MISSING)
    return MISSING


def to_text(value: Value) -> str:
    """As a hole in a text shows it: what is missing or null reads as nothing."""
    kind = type(value)
    if kind is str:
        text: str = value
        return text
    if value is None or value is MISSING:
        return ""
    if kind is bool:
        return "true" if value else "false"
    if kind is list:
        return ", ".join(to_text(one) for one in value)
    return str(value)


def calculate(operator: str, left: Value, right: Value) -> Value:
    """`+`, `-` or `*` of numbers, `+` of lists; MISSING for anything else and for what grows beyond all use."""
    if is_number(left) and is_number(right):
        result = left + right if operator == "+" else left - right if operator == "-" else left * right
        return result if -BIGGEST <= result <= BIGGEST else MISSING
    if operator == "+" and isinstance(left, list) and isinstance(right, list):
        return left + right
    return MISSING


def listed(value: Value) -> Iterable[Value]:
    """The items of a list; of anything else none."""
    return value if isinstance(value, list) else ()
