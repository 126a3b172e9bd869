# SPDX-License-Identifier: Apache-2.0
"""What linked functions call: the names that `source` may use, and nothing else.

On the way of a request: at the bottom of every expression.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from mimic_rules.engine import values
from mimic_rules.engine.exchange import MISSING
from mimic_rules.engine.patterns import matches, matches_text


def there(value: Any) -> bool:
    """`has value`."""
    return value is not MISSING and value is not None


def otherwise(value: Any, fallback: Any) -> Any:
    """`value default fallback`, with a fallback that costs nothing."""
    return fallback if value is MISSING or value is None else value


def otherwise_of(value: Any, fallback: Callable[[], Any]) -> Any:
    """`value default fallback`."""
    return fallback() if value is MISSING or value is None else value


def those_there(items: list[Any]) -> list[Any]:
    """The items that are not missing."""
    return [one for one in items if one is not MISSING] if MISSING in items else items


def entries_there(entries: dict[str, Any]) -> dict[str, Any]:
    """The entries that are not missing."""
    return {key: value for key, value in entries.items() if value is not MISSING}


def entries_of(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """The object of pairs, without those that are missing."""
    return {key: value for key, value in pairs if value is not MISSING}


def shown_of(value: Any) -> dict[str, Any]:
    """The entries of another object that clients may see: what the engine notes in a record is not for them."""
    if type(value) is not dict:
        return {}
    return {key: one for key, one in value.items() if key != "~"}


def show(frame: list[Any], value: Any, kind: str, view: str) -> Any:
    """A record, or each record of a list, through a view."""
    context = frame[0]
    if type(value) is list:
        return those_there([context.show(kind, view, record, frame) for record in value])
    return context.show(kind, view, value, frame)


NAMES: Final[Mapping[str, Any]] = {
    "__builtins__": {},
    "M": MISSING,
    "attribute": values.attribute,
    "calculate": values.calculate,
    "contains": values.contains,
    "entries_of": entries_of,
    "entries_there": entries_there,
    "equal": values.equal,
    "item": values.item,
    "keyed": values.keyed,
    "kind_of": values.kind_of,
    "less": values.less,
    "less_or_equal": values.less_or_equal,
    "listed": values.listed,
    "matches": matches,
    "matches_text": matches_text,
    "more": values.more,
    "more_or_equal": values.more_or_equal,
    "otherwise": otherwise,
    "otherwise_of": otherwise_of,
    "show": show,
    "shown_of": shown_of,
    "starts_with": values.starts_with,
    "there": there,
    "those_there": those_there,
    "to_text": values.to_text,
    "unequal": values.unequal,
}
"""The names by which linked functions reach them; no builtin is among them."""
