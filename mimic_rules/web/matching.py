# SPDX-License-Identifier: Apache-2.0
"""Whether a request in the journal is one that was described, and if not, in what it differs.

On the way of a request: long after it; verification asks. A description is JSON data whose every key is a demand: what
it leaves out may be anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from mimic_rules.engine.exchange import MISSING
from mimic_rules.web.entry import NOT_KEPT, NOT_READ, Entry

DEMANDS: Final = ("method", "path", "operation", "status", "query", "headers", "body")
"""What can be said of a request."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A request with its headers and body at hand, for many descriptions are compared with it."""

    entry: Entry
    headers: Mapping[str, str]
    body: Any

    @property
    def is_body_known(self) -> bool:
        """Whether its body is kept, or was none."""
        return self.entry.body is not None or self.entry.why == NOT_READ


@dataclass(frozen=True, slots=True)
class Difference:
    """One demand that a request doesn't meet: where, such as `("body", "title")`, what was demanded and what is there
    (MISSING: nothing). Where it isn't `certain`, the part that would tell is not kept.
    """

    where: tuple[str, ...]
    expected: Any
    found: Any
    certain: bool = True


def seen(entry: Entry) -> Seen:
    """A request ready to be compared."""
    return Seen(entry, entry.headers, entry.data())


def fits(described: Mapping[str, Any], one: Seen) -> bool | None:
    """Whether a request is one that is described; None where the parts that are kept don't tell."""
    maybe = False
    for difference in differences(described, one):
        if difference.certain:
            return False
        maybe = True
    return None if maybe else True


def differences(described: Mapping[str, Any], one: Seen) -> Iterator[Difference]:
    """Every demand that the request doesn't meet, in the order of DEMANDS."""
    entry = one.entry
    for name in DEMANDS:
        if name not in described:
            continue
        wanted = described[name]
        match name:
            case "method" if wanted.upper() != entry.method:
                yield Difference((name,), wanted, entry.method)
            case "path" if not matches_path(wanted, entry.path):
                yield Difference((name,), wanted, entry.path)
            case "operation" if not entry.does(wanted):
                yield Difference((name,), wanted, entry.operation or MISSING)
            case "status" if wanted != entry.status:
                yield Difference((name,), wanted, entry.status)
            case "query":
                yield from _query(wanted, entry.query)
            case "headers":
                yield from _headers(wanted, one.headers)
            case "body":
                if one.is_body_known:
                    yield from _part(wanted, one.body, ("body",))
                else:
                    yield Difference((name,), wanted, NOT_KEPT, certain=False)


def matches_path(pattern: str, path: str) -> bool:
    """Whether a path is this one; `*` stands for anything, slashes included.

    Pieces are taken where they first fit, so that no pattern takes long.
    """
    first, *rest = pattern.split("*")
    if not rest:
        return pattern == path
    last = rest.pop()
    if not path.startswith(first) or len(path) < len(first) + len(last):
        return False
    at, end = len(first), len(path) - len(last)
    for piece in rest:
        found = path.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return path.endswith(last)


def _query(wanted: Mapping[str, Any], query: Mapping[str, Sequence[str]]) -> Iterator[Difference]:
    for name, value in wanted.items():
        values = query.get(name)
        if values is None:
            yield Difference(("query", name), value, MISSING)
        elif isinstance(value, list):
            if list(values) != value:
                yield Difference(("query", name), value, list(values))
        elif value not in values:
            yield Difference(("query", name), value, values[0] if len(values) == 1 else list(values))


def _headers(wanted: Mapping[str, str], headers: Mapping[str, str]) -> Iterator[Difference]:
    for name, value in wanted.items():
        found = headers.get(name.lower(), NOT_KEPT if NOT_KEPT in headers else MISSING)
        if found != value:
            yield Difference(("headers", name.lower()), value, found, certain=found is not NOT_KEPT)


def _part(wanted: Any, found: Any, where: tuple[str, ...]) -> Iterator[Difference]:
    """Where `wanted` is no part of `found`: of an object the keys that are wanted count, a list has the same length."""
    if isinstance(wanted, Mapping) and isinstance(found, Mapping):
        for key, value in wanted.items():
            yield from _part(value, found.get(key, MISSING), (*where, key))
    elif isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        for at, (one, other) in enumerate(zip(wanted, found, strict=True)):
            yield from _part(one, other, (*where, str(at)))
    elif not _equal(wanted, found):
        yield Difference(where, wanted, found)


def _equal(one: Any, other: Any) -> bool:
    # JSON knows true and 1 apart; Python does not. Lists and objects get here only where they differ.
    return isinstance(one, bool) is isinstance(other, bool) and bool(one == other)
