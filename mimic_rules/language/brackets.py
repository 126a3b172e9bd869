# SPDX-License-Identifier: Apache-2.0
"""Braces that don't pair: which one is never closed, which one closes nothing, by how the lines are indented.

On the way of a rule: `recovery` asks before it reads a file with mistakes again, since a brace that is missing would make
mistakes of all that follows. Braces that are missing are put in at ends of lines, so that all places stay as they are.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from mimic_rules.language.lexer import Word


@dataclass(frozen=True, slots=True)
class Pairing:
    """What is wrong with the braces of a text, and the text with them mended."""

    text: str
    ends: int
    """From where on there is nothing of the original text."""
    put_in: frozenset[tuple[int, int]] = frozenset()
    """The places (line, column) of the braces that are not in the original text."""
    unclosed: tuple[tuple[Word, Word | None], ...] = ()
    """Braces that are never closed, and the word before which each should be; None for the end of the text."""
    unopened: tuple[tuple[Word, Word], ...] = ()
    """Last words of lines that should open a block, and the braces that close it."""
    stray: tuple[Word, ...] = ()
    """Braces that close nothing."""


@dataclass(frozen=True, slots=True)
class _Open:
    brace: Word
    indent: int
    """The column at which its line begins."""


def pair(text: str, words: Iterable[Word]) -> Pairing:
    """The braces of a text, of which `words` are the words."""
    found = list(words)
    depth = lowest = 0
    for word in found:
        depth += {"LBRACE": 1, "RBRACE": -1}.get(word.type, 0)
        lowest = min(lowest, depth)
    if depth == lowest == 0:
        return Pairing(text, len(text) + 1)
    return _Layout(found, max(depth, 0), max(-depth, 0)).pair(text)


class _Layout:
    """One look at all words, with how many braces must be missing and how many too many."""

    def __init__(self, words: list[Word], missing: int, surplus: int) -> None:
        self._words = words
        self._missing = missing
        self._surplus = surplus
        self._open: list[_Open] = []
        self._lines: list[tuple[int, Word]] = []
        """(column of its first word, last word) of each line so far."""
        self._unclosed: list[tuple[Word, Word | None]] = []
        self._unopened: list[tuple[Word, Word]] = []
        self._stray: list[Word] = []
        self._put_in: list[tuple[Word, str]] = []

    def pair(self, text: str) -> Pairing:
        """What is wrong, and `text` without it."""
        for word in self._words:
            begins = not self._lines or self._lines[-1][1].end_line < word.line
            if begins:
                self._close_what_should_be(word)
            if word.type == "RBRACE":
                self._close(word, begins)
            if begins:
                self._lines.append((word.column, word))
            if word.type == "LBRACE":
                self._open.append(_Open(word, self._lines[-1][0]))
            self._lines[-1] = self._lines[-1][0], word
        return self._mended(text)

    def _close_what_should_be(self, word: Word) -> None:
        """A line that begins no deeper than the one that opened a brace stands outside of it."""
        while self._missing and self._open:
            top = self._open[-1]
            outside = word.column < top.indent if word.type == "RBRACE" else word.column <= top.indent
            if not outside:
                return
            self._open.pop()
            self._missing -= 1
            self._unclosed.append((top.brace, word))
            self._put_in.append((self._lines[-1][1], " }"))

    def _close(self, word: Word, begins: bool) -> None:
        deeper = not self._open or word.column > self._open[-1].indent
        if self._surplus and begins and deeper:
            self._surplus -= 1
            header = self._header(word.column)
            if header is None:
                self._stray.append(word)
            else:
                self._unopened.append((header, word))
                self._put_in.append((header, " {"))
        elif not self._open or (self._surplus and not begins and self._open[-1].brace.line < word.line):
            # A brace that closes something of several lines begins a line.
            self._surplus -= 1
            self._stray.append(word)
        else:
            self._open.pop()

    def _header(self, column: int) -> Word | None:
        """The last word of the line that a block so deep should begin with, where deeper lines follow it."""
        below = False
        for indent, last in reversed(self._lines):
            if indent <= column:
                return last if below and indent == column else None
            below = True
        return None

    def _mended(self, text: str) -> Pairing:
        # What is open to the end is one mistake, most often: the text is cut off, or its last line is missing.
        if self._open:
            self._unclosed.append((self._open[-1].brace, None))
        characters = list(text)
        for word in self._stray:
            characters[word.start_pos] = " "
        put_in: set[tuple[int, int]] = set()
        for last, brace in self._put_in:
            added = len(characters[last.end_pos - 1])
            put_in.add((last.end_line, last.end_column + added))
            characters[last.end_pos - 1] += brace
        mended = "".join(characters)
        ends = len(mended.rstrip()) if self._open else len(mended) + 1
        # In a line of its own: the last one may end with a comment.
        mended += "\n" + "}" * len(self._open)
        unclosed, unopened, stray = tuple(self._unclosed), tuple(self._unopened), tuple(self._stray)
        return Pairing(mended, ends, frozenset(put_in), unclosed, unopened, stray)
