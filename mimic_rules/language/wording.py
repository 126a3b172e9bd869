# SPDX-License-Identifier: Apache-2.0
"""What to say where a text can't be read: in the user's words, with what to write instead.

On the way of a rule: `recovery` asks it at each mistake; it knows what the grammar's words are called.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from mimic_rules.language.lexer import RESERVED, Word

_CALLED: Final = {
    "NAME": "a name",
    "NUMBER": "a number",
    "STRING": "a text in quotes",
    "DURATION": "a duration such as 30s",
    "PATH": "a path such as /things/{id}",
    "METHOD": "a method such as GET",
    "REGEX": "a regular expression such as /^a/",
    "COMPARE": "`==`",
    "ON_CHANGE": "`on change`",
    "WITH_DELETED": "`with deleted`",
    "STRIKES": "`instead` or `after commit`",
    "FOR_PERIOD": "`for` and how long",
    "$END": "nothing more",
}
_JOINING: Final = (
    "PLUS MINUS TIMES DOT LSQB LPAR COMPARE AND OR IN IS MATCHES STARTS DEFAULT AS WHERE OPTIONAL VBAR $END"
)
OPERATORS: Final = frozenset(_JOINING.split())
NOT_FORGOTTEN: Final = OPERATORS | {"NOT", "HAS", "IF"}
"""What could stand at many places, and is seldom what is missing there."""

_ORDER: Final[tuple[str, ...]] = ("NAME", "STRING", "NUMBER", "DURATION", "PATH", "METHOD", "REGEX")
_CLOSED_BY: Final = {"{": "}", "(": ")", "[": "]"}
_SHOWN: Final = 5
_LONGEST: Final = 40


@dataclass(frozen=True, slots=True)
class Mistake:
    """A mistake and its place, from the first word to the last."""

    code: str
    message: str
    help: str
    first: Word
    last: Word


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


@dataclass(frozen=True, slots=True)
class Mending:
    """A word of `kind` for the one that is there, or before it; a word without kind takes it away."""

    kind: str
    instead: bool


def unclosed(bracket: Word, before: Word | None) -> Mistake:
    """A bracket that is never closed, and the word before which it should be."""
    closing = _CLOSED_BY[bracket.text]
    where = "at the end" if before is None else f"before {_shown(before)} in line {before.line}"
    return Mistake("MR112", f"this `{bracket.text}` is never closed", f"write `{closing}` {where}", bracket, bracket)


def stray(bracket: Word) -> Mistake:
    """A bracket that closes nothing."""
    return Mistake(
        "MR112",
        f"there is nothing that this `{bracket.text}` could close",
        "take it away, or open what it should close",
        bracket,
        bracket,
    )


def describe(trouble: Trouble, spelled: Mapping[str, tuple[str, ...]], mending: Mending | None) -> Mistake:
    """What to say of a word that doesn't fit, and of the word that was put in its place or before it."""
    word, accepted = trouble.word, trouble.accepted
    mended = None if mending is None else mending.kind
    if word.type == "UNCLOSED":
        quote = word.text[0]
        help = f"write {quote} at its end, on the same line; a line feed in it is written \\n"
        first_only = Word(
            word.type, quote, word.line, word.column, word.line, word.column + 1, word.start_pos, word.end_pos
        )
        return Mistake("MR113", "this text in quotes never ends", help, first_only, first_only)
    if word.type == "DEEP":
        return Mistake("MR105", "this is nested too deeply", "name parts of it with `let`", word, word)
    if trouble.meant and trouble.begin is not None:
        begin = trouble.begin
        return Mistake("MR101", f"{_shown(begin)} can't stand here", f"write `{trouble.meant}`", begin, begin)
    if word.type == "$END":
        message = "the text ends in the middle of something" if trouble.before else "there is nothing here"
        return Mistake("MR101", message, _instead(accepted, spelled), word, word)
    if mended in ("RPAR", "RSQB") and trouble.opened is not None:
        return unclosed(trouble.opened, word)
    if mended == "" or (word.type in ("RPAR", "RSQB") and trouble.opened is None):
        if word.text in _CLOSED_BY.values():
            return stray(word)
        return Mistake("MR101", f"{_shown(word)} can't stand here", "take it away", word, word)
    if word.text in RESERVED and "NAME" in accepted:
        return Mistake("MR114", f"{_shown(word)} is a word of the language, and no name", _other(trouble), word, word)
    return Mistake("MR101", f"{_shown(word)} can't stand here", _help(trouble, spelled, mending), word, word)


def _help(trouble: Trouble, spelled: Mapping[str, tuple[str, ...]], mending: Mending | None) -> str:
    if mending is not None and mending.instead:
        return f"write `{trouble.near}`" if trouble.near else f"write {_called(mending.kind, spelled)}"
    if mending is not None:
        before = trouble.before
        if before is not None and before.line < trouble.word.line:
            return f"write {_called(mending.kind, spelled)} after {_shown(before)}"
        return f"write {_called(mending.kind, spelled)} before it"
    if {"TEXT", "INT", "BOOL"} <= trouble.accepted:
        return "write a type such as text, int or list of text"
    if trouble.before is not None and trouble.before.type == "COMMA" and trouble.word.type in _CLOSERS_AFTER_COMMA:
        return f"take the `,` before it away, or {_instead(trouble.accepted, spelled)}"
    return _instead(trouble.accepted, spelled)


_CLOSERS_AFTER_COMMA: Final = frozenset({"RBRACE", "RPAR", "RSQB"})


def _other(trouble: Trouble) -> str:
    word = trouble.word.text
    if trouble.before is not None and trouble.before.type == "DOT":
        return f'write ["{word}"] instead of .{word}'
    if "STRING" in trouble.accepted:
        return f'write it in quotes: "{word}"'
    return "take another name"


def _instead(accepted: frozenset[str], spelled: Mapping[str, tuple[str, ...]]) -> str:
    """What could stand there, the likeliest first; operators only when there is nothing else."""
    wanted = accepted - OPERATORS or accepted
    if {"TRUE", "FALSE", "LBRACE"} <= wanted:
        # Every expression can begin in a dozen ways.
        return "write an expression"
    kinds = [kind for kind in _ORDER if kind in wanted]
    kinds += sorted(wanted - set(_ORDER), key=lambda kind: _called(kind, spelled))
    shown = [_called(kind, spelled) for kind in kinds[:_SHOWN]]
    more = " …" if len(kinds) > _SHOWN else ""
    return "write " + ", ".join(shown[:-1]) + (" or " if len(shown) > 1 else "") + shown[-1] + more


def _called(kind: str, spelled: Mapping[str, tuple[str, ...]]) -> str:
    return _CALLED.get(kind) or " or ".join(f"`{word}`" for word in spelled[kind])


def _shown(word: Word) -> str:
    return f"`{word.text}`" if len(word.text) <= _LONGEST else f"`{word.text[:_LONGEST]}…`"
