# SPDX-License-Identifier: Apache-2.0
"""What reading finds wrong in a text: the mistake that is told, what surrounds it, and how it is mended.

Beside the way of a rule: `recovery` finds troubles, `mending` looks for the one likely change, `wording` makes
mistakes of both, `syntax` makes diagnostics of those.
"""

from dataclasses import dataclass

from mimic_rules.language.lexer import Word


@dataclass(frozen=True, slots=True)
class Mistake:
    """A mistake and its place, from the first word to the last."""

    code: str
    message: str
    help: str
    first: Word
    last: Word


@dataclass(frozen=True, slots=True)
class Mending:
    """A word of `kind`, written `text`, instead of the one that is there or before it; no kind takes it away."""

    kind: str
    text: str
    instead: bool


@dataclass(frozen=True, slots=True)
class Trouble:
    """A word that doesn't fit, and what surrounds it."""

    word: Word
    before: Word | None
    begin: Word | None
    """The first word of the statement."""
    accepted: frozenset[str]
    """The kinds of word that would fit."""
    near: str | None
    """A keyword that would fit and is spelled much like the word."""
    meant: str | None
    """A keyword that is spelled much like the first word of the statement, and that it should have been."""
    opened: Word | None
    """The bracket of the statement that was opened last and is still open."""
    below: bool
    """Whether the word begins a line, so that it may well be right and what it follows is not complete."""
    margin: bool
    """Whether it begins no deeper than the statement, so that it belongs to the next one."""
    complete: bool
    """Whether the statement could end before the word."""
