# SPDX-License-Identifier: Apache-2.0
"""From the branches that the parser made to a syntax tree, from the leaves up.

On the way of a rule: `syntax` parses and starts a walk; the builders make the pieces.
"""

from collections.abc import Callable, Sequence
from typing import Any as Parts
from typing import Final, Protocol

from mimic_rules.diagnostics import Diagnostics, Span
from mimic_rules.language.build_expressions import MAX_DEPTH, Place, too_deep
from mimic_rules.language.build_rules import Builder
from mimic_rules.language.declarations import Item
from mimic_rules.language.expressions import Expr, Literal
from mimic_rules.language.tree import Branch

MAX_UNREAD: Final = 100
"""After so many holes that can't be read, the others of a text are not looked at."""


class ReadExpression(Protocol):
    """Reads a hole: its text, where it stands, where to report, the columns of its characters, how deep it is; None
    where it can't be read.
    """

    def __call__(
        self, text: str, span: Span, diagnostics: Diagnostics, columns: Sequence[int], depth: int, /
    ) -> Expr | None: ...


class TooDeep(Exception):
    """A piece that is nested deeper than anyone can read."""

    def __init__(self, span: Span) -> None:
        super().__init__()
        self.span = span


class Walk:
    """One walk over the branches of one text, `depth` levels deep in another one."""

    def __init__(self, place: Place, diagnostics: Diagnostics, read: ReadExpression, depth: int = 0) -> None:
        self._place = place
        self._diagnostics = diagnostics
        self._read = read
        self._outer = self._depth = depth
        self._unread = 0
        self._builder = Builder(place, diagnostics, self._hole)
        self._methods: dict[str, Callable[..., Parts]] = {}

    def file(self, tree: Branch) -> tuple[str | None, tuple[Item, ...]]:
        """The version that a file says, and its items; one that is nested too deeply is reported and left out."""
        version, *items = (self._item(child) for child in tree.children)
        return version, tuple(item for item in items if item is not None)

    def expression(self, tree: Branch) -> Expr:
        """One expression; raises TooDeep."""
        value = self._walk(tree, self._outer)
        assert isinstance(value, Expr)
        return value

    def _item(self, branch: Parts) -> Parts:
        if branch is None:
            return None
        try:
            return self._walk(branch, self._outer)
        except TooDeep as error:
            too_deep(error.span, self._diagnostics)
            return None

    def _walk(self, branch: Branch, depth: int) -> Parts:
        if depth > MAX_DEPTH:
            raise TooDeep(self._span(branch))
        parts = [self._walk(child, depth + 1) if type(child) is Branch else child for child in branch.children]
        methods = self._methods
        name = branch.data
        if name not in methods:
            methods[name] = getattr(self._builder, name)
        self._depth = depth
        return methods[name](self._span(branch), *parts)

    def _span(self, branch: Branch) -> Span:
        # INVARIANT: only a file can be without words, and no walk asks where a file is.
        assert branch.first is not None
        assert branch.last is not None
        return self._place.span(branch.first, branch.last)

    def _hole(self, text: str, span: Span, columns: Sequence[int]) -> Expr:
        value = None
        if self._unread < MAX_UNREAD:
            value = self._read(text, span, self._diagnostics, columns, self._depth + 1)
        if value is None:
            self._unread += 1
            return Literal(None, span=span)
        return value
