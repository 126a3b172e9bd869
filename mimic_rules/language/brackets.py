# SPDX-License-Identifier: Apache-2.0
"""Braces that don't pair: which one is never closed, which one closes nothing, by how the lines are indented.

On the way of a rule: `recovery` asks before it reads a file with mistakes again, since a brace that is missing would make
mistakes of all that follows. The braces that are missing are put in, at ends of lines, so that all places stay as they are.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from mimic_rules.language.lexer import Word


@dataclass(slots=True)
class Pairing:
    """What is wrong with the braces of a text, and the text with them mended."""

    text: str
    ends: int
    """From where on nothing is left of the original text."""
    unclosed: list[tuple[Word, Word | None]] = field(default_factory=list)
    """Braces that are never closed, and the word before which each should be; None for the end of the text."""
    stray: list[Word] = field(default_factory=list)
    """Braces that close nothing."""


@dataclass(frozen=True, slots=True)
class _Open:
    brace: Word
    indent: int


def pair(text: str, words: Iterable[Word]) -> Pairing:
    """The braces of a text, of which `words` are the words."""
    found = list(words)
    opened = sum(word.type == "LBRACE" for word in found)
    closed = sum(word.type == "RBRACE" for word in found)
    if _in_order(found):
        return Pairing(text, len(text))
    return _Layout(text, found, max(opened - closed, 0), max(closed - opened, 0)).pair()


def _in_order(words: list[Word]) -> bool:
    depth = 0
    for word in words:
        depth += {"LBRACE": 1, "RBRACE": -1}.get(word.type, 0)
        if depth < 0:
            return False
    return depth == 0


class _Layout:
    """One look at all words, with how many braces must be missing and how many too many."""

    def __init__(self, text: str, words: list[Word], missing: int, surplus: int) -> None:
        self._text = text
        self._words = words
        self._missing = missing
        self._surplus = surplus
        self._open: list[_Open] = []
        self._result = Pairing(text, len(text))
        self._insert: list[int] = []

    def pair(self) -> Pairing:
        before: Word | None = None
        indent = 0
        for word in self._words:
            begins = before is None or before.end_line < word.line
            if begins:
                indent = word.column
            if begins and before is not None:
                self._close_what_should_be(before, word)
            if word.type == "LBRACE":
                self._open.append(_Open(word, indent))
            elif word.type == "RBRACE":
                self._close(word, begins)
            before = word
        # What is open to the end is one mistake, most often: the text is cut off, or its last line is missing.
        if self._open:
            self._result.unclosed.append((self._open[-1].brace, None))
        return self._mended()

    def _close_what_should_be(self, before: Word, word: Word) -> None:
        """A line that begins no deeper than the one that opened a brace stands outside of it."""
        while self._missing and self._open:
            top = self._open[-1]
            outside = word.column < top.indent if word.type == "RBRACE" else word.column <= top.indent
            if not outside or top.brace.line == word.line:
                return
            self._open.pop()
            self._missing -= 1
            self._result.unclosed.append((top.brace, word))
            self._insert.append(before.end_pos)

    def _close(self, word: Word, begins: bool) -> None:
        if not self._open:
            self._result.stray.append(word)
        elif self._surplus and not begins and self._open[-1].brace.line < word.line:
            # A brace that closes something of several lines begins a line.
            self._surplus -= 1
            self._result.stray.append(word)
        else:
            self._open.pop()

    def _mended(self) -> Pairing:
        text = self._text
        characters = list(text) if self._result.stray else None
        if characters is not None:
            for word in self._result.stray:
                characters[word.start_pos] = " "
            text = "".join(characters)
        pieces: list[str] = []
        at = 0
        for offset in self._insert:
            pieces += [text[at:offset], " }"]
            at = offset
        pieces.append(text[at:])
        self._result.text = "".join(pieces)
        self._result.ends = len(self._result.text.rstrip())
        # After a comment, too: it ends with its line.
        self._result.text += "\n" + "}" * len(self._open) if self._open else ""
        return self._result
