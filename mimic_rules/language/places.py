# SPDX-License-Identifier: Apache-2.0
"""Where a word stands within a piece of a file: the tree has places of whole pieces, a diagnostic points at a word.

Beside the way of a rule: `expand`, `gather` and the checks ask it when they have something to report, and only then, so
that the tree needs no span for every word in it.
"""

import re
from collections.abc import Mapping

from mimic_rules.diagnostics import Span

_LONGEST_QUOTE = 60


class Places:
    """The texts of the files by their paths; without the text of a file the places in it are those of whole pieces."""

    __slots__ = ("_lines", "_sources")

    def __init__(self, sources: Mapping[str, str]) -> None:
        self._sources = sources
        self._lines: dict[str, list[str]] = {}

    def word(self, span: Span, word: str, *, last: bool = False) -> Span:
        """The first (or last) place of `word`, not as a part of another word, within `span`; else `span` itself."""
        if not word:
            return span
        pattern = re.compile(rf"(?<![\w$]){re.escape(word)}(?![\w$])")
        found = span
        for number, line, start, end in self._within(span):
            for match in pattern.finditer(line, start, end):
                found = Span(span.file, number, match.start() + 1, number, match.end() + 1)
                if not last:
                    return found
        return found

    def text(self, span: Span) -> str:
        """What is written at `span`, in backticks for a message; `this` where it is long or not known."""
        lines = [line[start:end] for _number, line, start, end in self._within(span)]
        if len(lines) != 1 or not 0 < len(lines[0]) <= _LONGEST_QUOTE:
            return "this"
        return f"`{lines[0]}`"

    def _within(self, span: Span) -> list[tuple[int, str, int, int]]:
        """(number, line, start, end) of every line that the span touches."""
        if span.file not in self._lines:
            self._lines[span.file] = self._sources.get(span.file, "").split("\n")
        lines = self._lines[span.file]
        return [
            (
                number,
                lines[number - 1],
                span.column - 1 if number == span.line else 0,
                span.end_column - 1 if number == span.end_line else len(lines[number - 1]),
            )
            for number in range(span.line, min(span.end_line, len(lines)) + 1)
        ]
