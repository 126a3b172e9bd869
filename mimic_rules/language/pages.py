# SPDX-License-Identifier: Apache-2.0
"""The syntax tree of list dialects: how a service pages, sorts and wraps its lists.

On the way of a rule: the `page` of a service, built by `syntax`.
"""

from dataclasses import dataclass

from mimic_rules.language.expressions import ObjectOf, Piece
from mimic_rules.language.faults import Fault
from mimic_rules.language.types import Range


@dataclass(frozen=True, slots=True)
class SortKey(Piece):
    """A field and whether it falls (`desc`)."""

    field: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class PageLimit(Piece):
    """The query parameter that limits a page, its range and the refusal of what is no number in it."""

    parameter: str
    range: Range
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class PageMarker(Piece):
    """The query parameter that names the last record seen."""

    parameter: str
    fault: Fault


@dataclass(frozen=True, slots=True)
class PageOffset(Piece):
    """The query parameter that skips so many records."""

    parameter: str


@dataclass(frozen=True, slots=True)
class PageSort(Piece):
    """The query parameters for sort keys and directions, and the order without them."""

    keys: str
    directions: str | None
    default: tuple[SortKey, ...]


@dataclass(frozen=True, slots=True)
class PageWrap(Piece):
    """The body of a list; it may use `items`, `more`, `next` and `plural`."""

    body: ObjectOf


PageLine = PageLimit | PageMarker | PageOffset | PageSort | PageWrap


@dataclass(frozen=True, slots=True)
class Page(Piece):
    """How the service's lists are paged and sorted."""

    lines: tuple[PageLine, ...]
