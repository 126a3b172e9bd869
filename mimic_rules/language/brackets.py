# SPDX-License-Identifier: Apache-2.0
"""Braces that don't pair: which one is never closed, which one closes nothing, by how the lines are indented.

On the way of a rule: `recovery` asks before it reads a file with mistakes again, since a brace that is missing would
make mistakes of all that follows. Each item at the left margin must have its own braces in pairs, so that a brace of
one is never blamed on another. Those that are missing are put in at ends of lines, so that all places stay as they
are.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from mimic_rules.language.lexer import Word

_STEPS: Final = {"LBRACE": 1, "RBRACE": -1}


@dataclass(slots=True)
class Pairing:
    """What is wrong with the braces of a text, and the text with them mended."""

    text: str
    unclosed: list[tuple[Word, Word | None]] = field(default_factory=list)
    """Braces that are never closed, and the word before which each should be; None for the end of the text."""
    unopened: list[tuple[Word, Word]] = field(default_factory=list)
    """Last words of lines that should open a block, and the braces that close it."""
    stray: list[Word] = field(default_factory=list)
    """Braces that close nothing."""
    put_in: list[tuple[Word, str]] = field(default_factory=list)
    """Braces that are not in the original text, and the words that they stand behind."""
    unsure: list[range] = field(default_factory=list)
    """The lines of items whose braces don't pair: what else is wrong in them may come of that."""

    def places(self) -> set[tuple[int, int]]:
        """The (line, column) of the braces that were put in: the first stands after a blank, each after the other."""
        places: set[tuple[int, int]] = set()
        columns: dict[int, int] = {}
        for last, _ in self.put_in:
            column = columns.get(last.end_pos, last.end_column + 1)
            columns[last.end_pos] = column + 2
            places.add((last.end_line, column))
        return places


def pair(text: str, words: Iterable[Word]) -> Pairing:
    """The braces of a text, of which `words` are the words."""
    result = Pairing(text)
    found = list(words)
    items = list(_items(found))
    if not _unpaired(found) and not any(_is_open(item) for item in items):
        return result
    for number, item in enumerate(items):
        if _unpaired(item):
            following = items[number + 1][0] if number + 1 < len(items) else None
            _Layout(item, following, result).pair()
            result.unsure.append(range(item[0].line, item[-1].end_line + 1))
    characters = list(text)
    for word in result.stray:
        characters[word.start_pos] = " "
    for last, brace in result.put_in:
        characters[last.end_pos - 1] += " " + brace
    result.text = "".join(characters)
    return result


def _items(words: Iterable[Word]) -> Iterator[list[Word]]:
    """The words of a text, cut where a word begins a line at its very margin. There is at least one: it is wrong."""
    item: list[Word] = []
    for word in words:
        if item and word.column == 1 and word.text[0].isalpha():
            yield item
            item = []
        item.append(word)
    yield item


def _is_open(item: list[Word]) -> bool:
    """Whether an item that isn't made of others leaves a brace open, though another may close it by mistake."""
    return item[0].text not in ("for", "template") and sum(_STEPS.get(word.type, 0) for word in item) > 0


def _unpaired(words: Iterable[Word]) -> bool:
    depth = 0
    for word in words:
        depth += _STEPS.get(word.type, 0)
        if depth < 0:
            return True
    return depth > 0


def _next_indents(words: list[Word]) -> list[int]:
    """For each word, the column at which the line after its own begins; 0 for the last line."""
    indents = [0] * len(words)
    for at in range(len(words) - 2, -1, -1):
        one, following = words[at], words[at + 1]
        indents[at] = following.column if following.line > one.line else indents[at + 1]
    return indents


@dataclass(frozen=True, slots=True)
class _Open:
    brace: Word
    indent: int
    """The column at which its line begins."""


class _Layout:
    """One look at the words of an item, with how many braces must be missing or too many."""

    def __init__(self, words: list[Word], following: Word | None, result: Pairing) -> None:
        depth = sum(_STEPS.get(word.type, 0) for word in words)
        self._words = words
        self._following = following
        self._missing = max(depth, 0)
        self._surplus = max(-depth, 0)
        self._result = result
        self._open: list[_Open] = []
        self._lines: list[tuple[int, Word]] = []
        """(column of its first word, last word) of each line so far."""

    def pair(self) -> None:
        """Add what is wrong."""
        for word, next_indent in zip(self._words, _next_indents(self._words), strict=True):
            begins = not self._lines or self._lines[-1][1].end_line < word.line
            if begins:
                self._close_what_should_be(word)
            if word.type == "RBRACE":
                self._close(word, begins, next_indent)
            if begins:
                self._lines.append((word.column, word))
            if word.type == "LBRACE":
                self._open.append(_Open(word, self._lines[-1][0]))
            self._lines[-1] = self._lines[-1][0], word
        # What is open to the end is one mistake, most often: the text is cut off, or a last line is missing.
        if self._open:
            self._result.unclosed.append((self._open[-1].brace, self._following))
            self._result.put_in += [(self._words[-1], "}")] * len(self._open)

    def _close_what_should_be(self, word: Word) -> None:
        """A line that begins no deeper than the one that opened a brace stands outside of it."""
        while self._missing and self._open:
            top = self._open[-1]
            outside = word.column < top.indent if word.type == "RBRACE" else word.column <= top.indent
            if not outside:
                return
            self._open.pop()
            self._missing -= 1
            self._result.unclosed.append((top.brace, word))
            self._result.put_in.append((self._lines[-1][1], "}"))

    def _close(self, word: Word, begins: bool, next_indent: int) -> None:
        deeper = not self._open or word.column > self._open[-1].indent
        if self._surplus and begins and deeper:
            self._surplus -= 1
            header = self._header(word.column)
            if header is None:
                self._result.stray.append(word)
            else:
                self._result.unopened.append((header, word))
                self._result.put_in.append((header, "{"))
        elif not self._open or (self._surplus and next_indent > self._open[-1].indent and not begins):
            # What follows it stands deeper than what it would close.
            self._surplus = max(self._surplus - 1, 0)
            self._result.stray.append(word)
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
