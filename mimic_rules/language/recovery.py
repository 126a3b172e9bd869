# SPDX-License-Identifier: Apache-2.0
"""Reading on after a mistake: one mistake gives one diagnostic, and what is right around it is kept.

On the way of a rule: `syntax` hands over the text and a way to try a parse. Where the whole does not parse, it is cut at
its top-level items; in each, the lines of the statement with the mistake are blanked and the rest is tried again. Blanked
lines stay as spaces, so that every place that is reported is the place in the file.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

MAX_MISTAKES: Final = 100
_CONTINUES: Final = frozenset({"then", "only", "else", "and", "or", "otherwise"})
_MAY_CONTINUE: Final = frozenset({"on", "when", "header", "overrides", "since", "until", "with", "as", "default", "body"})
_FIRST_WORD: Final = re.compile(r"\s*([A-Za-z_]+|\S?)")
_NOT_CODE: Final = re.compile(r"\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|#[^\n]*")


@dataclass(frozen=True, slots=True)
class Mistake:
    """Where a parse failed (1-based, columns in characters), and what to say about it."""

    line: int
    column: int
    width: int
    message: str
    help: str


def recover(text: str, attempt: Callable[[str], Mistake | None]) -> list[Mistake]:
    """The mistakes of a text. `attempt` parses a text, keeps what it made, and returns its first mistake or None."""
    if attempt(text) is None:
        return []
    mistakes: list[Mistake] = []
    lines = text.split("\n")
    starts = [0, *(at for at, line in enumerate(lines) if at and _begins_item(line)), len(lines)]
    for start, end in zip(starts, starts[1:], strict=False):
        if end > start:
            _recover_item(lines, start, end, attempt, mistakes)
        if len(mistakes) >= MAX_MISTAKES:
            break
    return mistakes


def _recover_item(
    lines: list[str], start: int, end: int, attempt: Callable[[str], Mistake | None], mistakes: list[Mistake]
) -> None:
    kept = [" " * len(line) if not start <= at < end else line for at, line in enumerate(lines)]
    # The lines above are blanks: cut them down to newlines, so that trying again costs what the item costs.
    kept = ["" if not start <= at < end else line for at, line in enumerate(kept[:end])]
    blanked: set[int] = set()
    while len(mistakes) < MAX_MISTAKES:
        mistake = attempt("\n".join(kept))
        if mistake is None:
            return
        at = min(max(mistake.line - 1, start), end - 1)
        follows = _follows_blanked(kept, at, mistake.column, blanked)
        if not follows:
            mistakes.append(mistake)
        first, last = _statement(kept, at, start, end)
        if follows:
            # The mistake before left its statement's beginning behind: take that too, and say nothing of it.
            first, last = _statement(kept, _before(kept, first, start), start, end)[0], last
        if all(not kept[line].strip() for line in range(first, last + 1)):
            return
        for line in range(first, last + 1):
            blanked.add(line)
            kept[line] = ""


def _begins_item(line: str) -> bool:
    word = _word(line)
    return bool(line) and line[0].isalpha() and word not in _CONTINUES


def _word(line: str) -> str:
    found = _FIRST_WORD.match(line)
    return found[1] if found else ""


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _before(lines: list[str], at: int, start: int) -> int:
    """The nearest line above that still holds something."""
    above = at - 1
    while above > start and not lines[above].strip():
        above -= 1
    return max(above, start)


def _follows_blanked(lines: list[str], at: int, column: int, blanked: set[int]) -> bool:
    """Whether nothing stands between blanked lines and the place of a mistake."""
    if at in blanked:
        return True
    if lines[at][: column - 1].strip():
        return False
    above = at - 1
    while above >= 0 and above not in blanked and not lines[above].strip():
        above -= 1
    return above in blanked


def _continues(lines: list[str], at: int, start: int) -> bool:
    word = _word(lines[at])
    if word in _CONTINUES:
        return True
    return word in _MAY_CONTINUE and at > start and _indent(lines[at]) > _indent(lines[_before(lines, at, start)])


def _statement(lines: list[str], at: int, start: int, end: int) -> tuple[int, int]:
    """The first and last line of the statement that has line `at`: its continuations, and balanced brackets."""
    first = last = at
    grown = True
    while grown:
        grown = False
        while first > start and (not lines[first].strip() or _continues(lines, first, start)):
            first, grown = first - 1, True
        while last + 1 < end and lines[last + 1].strip() and _continues(lines, last + 1, start):
            last, grown = last + 1, True
        opens, closes = _brackets(lines[first : last + 1])
        if opens and last + 1 < end:
            last, grown = last + 1, True
        elif closes and first > start:
            first, grown = first - 1, True
    return first, last


def _brackets(lines: list[str]) -> tuple[int, int]:
    """How many brackets stay open, and how many close what was opened above."""
    opens = closes = 0
    for line in lines:
        for char in _NOT_CODE.sub("", line):
            if char in "{[(":
                opens += 1
            elif char in "}])":
                if opens:
                    opens -= 1
                else:
                    closes += 1
    return opens, closes
