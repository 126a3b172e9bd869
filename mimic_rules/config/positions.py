# SPDX-License-Identifier: Apache-2.0
"""From an index into a text to its line and column.

The YAML parser counts characters, and ends lines in more ways than editors and diagnostics do; so its lines are not
used, only its indices, which come in here and go out as spans.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate

from mimic_rules.diagnostics import Span


class Positions:
    """The line starts of one text of one file."""

    __slots__ = ("_starts", "file", "text")

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self._starts = [0, *accumulate(len(line) + 1 for line in text.split("\n"))][:-1]

    def span(self, start: int, end: int) -> Span:
        """The span of `text[start:end]`."""
        return Span(self.file, *self._place(start), *self._place(max(start, end)))

    def _place(self, index: int) -> tuple[int, int]:
        line = bisect_right(self._starts, index)
        return line, index - self._starts[line - 1] + 1
