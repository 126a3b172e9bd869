# SPDX-License-Identifier: Apache-2.0
"""Did you mean: the known word that is nearest to a mistyped one.

Whoever meets an unknown name asks here with the names it knows, and puts the answer into the diagnostic's help.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

LONGEST_WORD: Final = 80
"""Longer words aren't compared: nobody mistypes them by a letter, and the comparison takes the product of lengths."""


def did_you_mean(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate that is nearest to `word`, or None if none is near.

    Near is at most one slip per three letters (a letter missing, added, changed, or two swapped); case counts for
    nothing. Of equally near ones the first in alphabetical order is taken, whatever the order they come in.
    """
    if len(word) > LONGEST_WORD:
        return None
    asked = word.casefold()
    best: tuple[int, str] | None = None
    for candidate in sorted(set(candidates)):
        allowed = max(1, max(len(word), len(candidate)) // 3)
        if candidate == word or abs(len(word) - len(candidate)) > allowed or min(len(word), len(candidate)) <= 1:
            continue
        slips = _slips(asked, candidate.casefold())
        if slips <= allowed and (best is None or slips < best[0]):
            best = (slips, candidate)
    return best[1] if best else None


def _slips(first: str, second: str) -> int:
    """The Damerau-Levenshtein distance in which no part is changed twice (optimal string alignment)."""
    before: list[int] = []
    above = list(range(len(second) + 1))
    for row, letter in enumerate(first, 1):
        here = [row]
        for column, other in enumerate(second, 1):
            cost = min(above[column] + 1, here[column - 1] + 1, above[column - 1] + (letter != other))
            if row > 1 and column > 1 and letter == second[column - 2] and first[row - 2] == other:
                cost = min(cost, before[column - 2] + 1)
            here.append(cost)
        before, above = above, here
    return above[-1]
