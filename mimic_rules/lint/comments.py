# SPDX-License-Identifier: Apache-2.0
"""Where the comments of a rules file are, and which line each of them is about.

The text of a file comes in; comments with their places go out, to be read as suppressions.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from mimic_rules.language.syntax import tokens


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment, from its `#` to the end of its line; `about` is the line that it is about.

    That is its own line or, where nothing else stands there, the next one that holds more than a comment; None if there
    is no such line. Lines and columns count from 1.
    """

    text: str
    line: int
    column: int
    about: int | None


def comments(text: str) -> Iterator[Comment]:
    """The comments of a text, in order. Never raises; where the text is broken, what is a comment is a guess."""
    found: dict[int, tuple[int, str]] = {}
    words: list[int] = []
    line, column = 1, 1
    for kind, token in tokens(text):
        end = line + token.count("\n")
        if kind == "COMMENT":
            # Another `#` in it begins no comment of its own.
            start, before = found.get(line, (column, ""))
            found[line] = start, before + token
        elif kind != "BLANK":
            words += range(line, end + 1)
        column = len(token) - token.rfind("\n") if end > line else column + len(token)
        line = end
    for line, (start, said) in found.items():
        at = bisect_left(words, line)
        yield Comment(said.rstrip(), line, start, words[at] if at < len(words) else None)
