# SPDX-License-Identifier: Apache-2.0
"""The built-in functions of the language: pure, total, of values only.

On the way of a request: linked expressions call them. Those that draw from the world's randomness are in `DRAWING` and
get the draws of the transaction at hand.
"""

import base64
import hashlib
import re
from collections.abc import Callable, Mapping
from ipaddress import ip_address
from itertools import accumulate
from typing import Any, Final

import orjson

from mimic_rules.engine import keys, times, values
from mimic_rules.engine.exchange import MISSING
from mimic_rules.state.draws import Draws

LONGEST_RANGE: Final = 1000
DEEPEST: Final = 64
_TEXTS: Final = re.compile(rb'"(?:[^"\\]|\\.)*+"', re.DOTALL)
_TRUE: Final = frozenset({"1", "t", "true", "on", "y", "yes"})
_FALSE: Final = frozenset({"0", "f", "false", "off", "n", "no"})
_ALPHABET: Final = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"


def _on_text(work: Callable[[str], Any]) -> Callable[[Any], Any]:
    """A function of a text; of anything else it is missing."""
    return lambda value: work(value) if type(value) is str else MISSING


def _count(value: Any) -> Any:
    return len(value) if isinstance(value, list | str | Mapping) else 0 if value is MISSING else MISSING


def _sum(value: Any) -> Any:
    return sum(one for one in values.listed(value) if values.is_number(one))


def _extreme(pick: Callable[..., Any]) -> Callable[[Any], Any]:
    def work(value: Any) -> Any:
        items = list(values.listed(value))
        same = all(values.comparable(items[0], one) for one in items)
        return pick(items) if items and same else MISSING

    return work


def _sorted(value: Any) -> Any:
    if not isinstance(value, list):
        return MISSING
    same = all(values.comparable(value[0], one) for one in value)
    return sorted(value) if same else value


def _distinct(value: Any) -> Any:
    if not isinstance(value, list):
        return MISSING
    kept: list[Any] = []
    for one in value:
        if not values.contains(one, kept):
            kept.append(one)
    return kept


def _flat(value: Any) -> Any:
    if not isinstance(value, list):
        return MISSING
    return [item for one in value for item in (one if isinstance(one, list) else [one])]


def _range(low: Any, high: Any) -> Any:
    if type(low) is not int or type(high) is not int:
        return MISSING
    return list(range(low, min(high, low + LONGEST_RANGE - 1) + 1))


def _mod(number: Any, by: Any) -> Any:
    """What is left of a number when another one is taken from it as often as can be; never below 0."""
    if not values.is_number(number) or not values.is_number(by) or by <= 0:
        return MISSING
    return number % by


def _join(items: Any, separator: Any) -> Any:
    if not isinstance(items, list) or type(separator) is not str:
        return MISSING
    texts = [values.to_text(one) for one in items]
    length = sum(map(len, texts)) + len(separator) * max(0, len(texts) - 1)
    return separator.join(texts) if length <= values.LONGEST_TEXT else MISSING


def _split(text: Any, separator: Any) -> Any:
    if type(text) is not str or type(separator) is not str or not separator:
        return MISSING
    return text.split(separator)


def _replace(text: Any, old: Any, new: Any) -> Any:
    if type(text) is not str or type(old) is not str or type(new) is not str:
        return MISSING
    # Counted before anything is made: a text of many parts and a long replacement make one too long for any memory.
    length = len(text) + text.count(old) * (len(new) - len(old))
    return text.replace(old, new) if length <= values.LONGEST_TEXT else MISSING


def _int(value: Any) -> Any:
    number = values.as_number(value)
    return number if number is MISSING else int(number)


def _bool(value: Any) -> Any:
    """As OpenStack's services read flags (oslo.utils strutils.bool_from_string)."""
    if type(value) is bool:
        return value
    word = values.to_text(value).strip().lower()
    return True if word in _TRUE else False if word in _FALSE else MISSING


def _json(text: str) -> Any:
    """What a text says in JSON, unless it is nested deeper than values may be."""
    # A text has at least as many opening brackets as its values are deep.
    if text.count("[") + text.count("{") > DEEPEST and _depth(text) > DEEPEST:
        return MISSING
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return MISSING


def _depth(text: str) -> int:
    """How deep lists and maps lie within each other; brackets within texts don't count."""
    bare = _TEXTS.sub(b"", text.encode("utf-8", "replace"))
    return max(accumulate(1 if one in b"[{" else -1 for one in bare if one in b"[]{}"), default=0)


def _digest(kind: str) -> Callable[[str], str]:
    work = getattr(hashlib, kind)
    return lambda text: str(work(text.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest())


def _without(value: Any, *names: Any) -> Any:
    if isinstance(value, Mapping):
        keys = _keys_said(names)
        return {key: one for key, one in value.items() if key not in keys}
    if isinstance(value, list):
        return [one for one in value if not values.contains(one, list(names))]
    return MISSING


def _only(value: Any, *names: Any) -> Any:
    if not isinstance(value, Mapping):
        return MISSING
    keys = _keys_said(names)
    return {key: one for key, one in value.items() if key in keys}


def _keys_said(names: tuple[Any, ...]) -> list[Any]:
    """Keys that are said one by one, or as a list of some."""
    return [key for name in names for key in (name if type(name) is list else (name,))]


def _ip4(number: Any) -> Any:
    """The nth address of 198.18.0.0/15, which RFC 2544 keeps for tests."""
    return f"198.{18 + (number >> 16) % 2}.{number >> 8 & 255}.{number & 255}" if type(number) is int else MISSING


def _ip6(number: Any) -> Any:
    """The nth address of 2001:db8::/32, which RFC 3849 keeps for documentation."""
    return f"2001:db8::{number >> 16 & 65535:x}:{number & 65535:x}" if type(number) is int else MISSING


def _address(text: Any) -> Any:
    """An IP address in its shortest form (RFC 5952); missing where the text is none."""
    try:
        return ip_address(text).compressed if isinstance(text, str) else MISSING
    except ValueError:
        return MISSING


PURE: Final[Mapping[str, Callable[..., Any]]] = {
    "mod": _mod,
    "count": _count,
    "any": lambda value: any(one is not False and one is not None for one in values.listed(value)),
    "all": lambda value: all(one is not False and one is not None for one in values.listed(value)),
    "first": lambda value: next(iter(values.listed(value)), MISSING),
    "last": lambda value: value[-1] if isinstance(value, list) and value else MISSING,
    "sum": _sum,
    "min": _extreme(min),
    "max": _extreme(max),
    "join": _join,
    "split": _split,
    "keys": lambda value: list(value) if isinstance(value, Mapping) else MISSING,
    "values": lambda value: list(value.values()) if isinstance(value, Mapping) else MISSING,
    "distinct": _distinct,
    "sorted": _sorted,
    "flat": _flat,
    "range": _range,
    "lower": _on_text(str.lower),
    "upper": _on_text(str.upper),
    "trim": _on_text(str.strip),
    "replace": _replace,
    "text": lambda value: MISSING if value is MISSING else values.to_text(value),
    "number": values.as_number,
    "int": _int,
    "bool": _bool,
    "json": _on_text(_json),
    "last_segment": lambda value: value.rstrip("/").rpartition("/")[2] if type(value) is str else value,
    "iso": times.iso,
    "iso_us": times.iso_us,
    "naive": times.naive,
    "naive_us": times.naive_us,
    "time": times.parse,
    "md5": _on_text(_digest("md5")),
    "sha224": _on_text(_digest("sha224")),
    "sha256": _on_text(_digest("sha256")),
    "base64": _on_text(lambda text: base64.b64encode(text.encode("utf-8", "surrogatepass")).decode()),
    "address": _address,
    "ip4": _ip4,
    "ip6": _ip6,
    "without": _without,
    "only": _only,
    "contains": lambda whole, inside: values.contains(inside, whole),
    "fingerprint": _on_text(keys.fingerprint),
}
"""The functions of their arguments alone."""


def _length(value: Any) -> int:
    return min(max(value, 0), 4096) if type(value) is int else 0


def _between(draws: Draws, low: Any, high: Any) -> Any:
    return draws.whole(low, high) if type(low) is int and type(high) is int and low <= high else MISSING


DRAWING: Final[Mapping[str, Callable[..., Any]]] = {
    "uuid": lambda draws: draws.uuid(),
    "hex": lambda draws, length: draws.hex(_length(length)),
    "word": lambda draws, length: draws.word(_length(length), _ALPHABET),
    "number_between": _between,
    "key_pair": lambda draws, kind: keys.key_pair(draws, kind),
}
"""The functions that draw, with the draws before their arguments."""
