# SPDX-License-Identifier: Apache-2.0
"""What to say where a text can't be read: in the user's words, with what to write instead.

On the way of a rule: `recovery` asks it at each mistake; it knows what the grammar's words are called.
"""

from collections.abc import Mapping
from typing import Final

from mimic_rules.language.lexer import RESERVED, Word
from mimic_rules.language.mistakes import Mending, Mistake, Trouble

CALLED: Final = {
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
    "FOR_PERIOD": "`for` and how long",
    "AND_THEN": "`, then`",
    "ORDINAL": "an ordinal such as 5th",
    "PERCENT": "a part such as 10%",
    "MOMENT": "a time such as 09:00",
    "$END": "nothing more",
}
_JOINING: Final = (
    "PLUS MINUS TIMES DOT LSQB LPAR COMPARE AND OR IN IS MATCHES STARTS DEFAULT AS WHERE OPTIONAL VBAR $END"
)
OPERATORS: Final = frozenset(_JOINING.split())
"""What could follow nearly everywhere, and is seldom what is missing there."""

_LIKELY_FIRST: Final = "NAME STRING NUMBER DURATION PATH METHOD REGEX COMMA COLON EQUAL RBRACE"
_LIKELY: Final = tuple(_LIKELY_FIRST.split())
_CLOSED_BY: Final = {"{": "}", "(": ")", "[": "]"}
_SHOWN: Final = 5
_LONGEST: Final = 40

Spelled = Mapping[str, tuple[str, ...]]


def unclosed(bracket: Word, before: Word | None) -> Mistake:
    """A bracket that is never closed, and the word before which it should be."""
    where = "at the end" if before is None else f"before {_shown(before)} in line {before.line}"
    help = f"write `{_CLOSED_BY[bracket.text]}` {where}"
    return Mistake("MR112", f"this `{bracket.text}` is never closed", help, bracket, bracket)


def unopened(last: Word, closing: Word) -> Mistake:
    """The line that ends with a word should open the block that a brace closes."""
    message = f"the `{closing.text}` in line {closing.line} closes nothing"
    place = _behind(last)
    return Mistake("MR112", message, f"write `{{` after {_shown(last)}", place, place)


def stray(bracket: Word) -> Mistake:
    """A bracket that closes nothing."""
    message = f"there is nothing that this `{bracket.text}` could close"
    return Mistake("MR112", message, "take it away, or open what it should close", bracket, bracket)


def describe(trouble: Trouble, spelled: Spelled, mending: Mending | None) -> Mistake:
    """What to say of a word that doesn't fit, and of the word that was put in its place or before it."""
    word, before = trouble.word, trouble.before
    if word.type == "UNCLOSED":
        return _unclosed_quote(word)
    if word.type == "DEEP":
        return Mistake("MR105", "this is nested too deeply", "name parts of it with `let`", word, word)
    if trouble.meant and trouble.begin is not None:
        return _wrong(trouble.begin, f"write `{trouble.meant}`")
    opened = trouble.opened
    if mending is not None and opened is not None and _CLOSED_BY[opened.text] == mending.text:
        return unclosed(opened, word if word.type != "$END" else None)
    if trouble.below and before is not None and not (mending is not None and mending.instead):
        place = _behind(before)
        help = _instead(trouble, spelled) if mending is None else f"write {_called(trouble, mending, spelled)}"
        return Mistake("MR101", f"something is missing after {_shown(before)}", help, place, place)
    if word.type == "$END":
        return Mistake("MR101", "there is nothing here", _instead(trouble, spelled), word, word)
    if word.type == "DURATION" and trouble.accepted == {"COMMIT"}:
        return _wrong(word, f"write `retry after {word.text}` for what the client is told, `delay` to answer later")
    if mending is not None:
        return _mended(trouble, spelled, mending)
    if word.type in ("RPAR", "RSQB") and trouble.opened is None:
        return stray(word)
    return _wrong(word, _instead(trouble, spelled))


def _mended(trouble: Trouble, spelled: Spelled, mending: Mending) -> Mistake:
    word = trouble.word
    if not mending.kind:
        return stray(word) if word.text in _CLOSED_BY.values() else _wrong(word, "take it away")
    if not mending.instead:
        return _wrong(word, f"write {_called(trouble, mending, spelled)} before it")
    if mending.kind == "NAME" and word.text in RESERVED:
        message = f"{_shown(word)} is a word of the language, and no name"
        return Mistake("MR114", message, _other_name(trouble), word, word)
    return _wrong(word, f"write {_called(trouble, mending, spelled)}")


def _wrong(word: Word, help: str) -> Mistake:
    return Mistake("MR101", f"{_shown(word)} can't stand here", help, word, word)


def _unclosed_quote(word: Word) -> Mistake:
    quote = word.text[0]
    line, column, at = word.line, word.column, word.start_pos
    first = Word(word.type, quote, line, column, line, column + 1, at, at + 1)
    help = f"write {quote} where it ends, on the same line; a line feed in it is written \\n"
    return Mistake("MR113", "this text in quotes never ends", help, first, first)


def _behind(word: Word) -> Word:
    """The place after a word."""
    line, column, at = word.end_line, word.end_column, word.end_pos
    return Word("$END", "", line, column, line, column + 1, at, at)


def _other_name(trouble: Trouble) -> str:
    word = trouble.word.text
    if trouble.before is not None and trouble.before.type == "DOT":
        return f'write ["{word}"] instead of .{word}'
    return f'write it in quotes: "{word}"' if "STRING" in trouble.accepted else "take another name"


def _instead(trouble: Trouble, spelled: Spelled) -> str:
    """What could stand there, the likeliest first."""
    accepted = trouble.accepted
    if trouble.word.text == "not" and "IN" in accepted:
        return "write `not` before the whole comparison"
    if "TRUE" in accepted and any(spelled.get(kind) == ("->",) for kind in accepted):
        return "write `->` and the status of the answer"
    if "TRUE" in accepted:
        # Every expression can begin in a dozen ways.
        return "write an expression"
    if {"INT", "BOOL"} <= accepted:
        return "write a type such as text, int or list of text"
    if {"RESPOND", "CYCLE"} <= accepted:
        return "write what happens, such as `respond 500` or `status stays BUILD`"
    if {"ONCE", "EVERY"} <= accepted:
        return "write how often, such as `once`, `3 times`, `every 5th` or `during 30s`"
    wanted = accepted - OPERATORS or accepted
    over = trouble.complete and trouble.begin is not None and not trouble.below
    if over and "PLUS" not in accepted:
        return "take it away, or begin a new line with it"
    if "PLUS" in accepted and (over or wanted <= OPERATORS):
        return "join it with an operator such as `+` or `==`, or take it away"
    kinds = [kind for kind in _LIKELY if kind in wanted]
    kinds += sorted(wanted.difference(_LIKELY), key=lambda kind: _name(kind, spelled))
    shown = [_name(kind, spelled) for kind in kinds[:_SHOWN]]
    more = " …" if len(kinds) > _SHOWN else ""
    text = "write " + ", ".join(shown[:-1]) + (" or " if len(shown) > 1 else "") + shown[-1] + more
    if trouble.before is not None and trouble.before.type == "COMMA" and not trouble.below:
        return f"take the `,` before it away, or {text}"
    return text


def _called(trouble: Trouble, mending: Mending, spelled: Spelled) -> str:
    if mending.kind == "NAME" and "TRUE" in trouble.accepted:
        return "an expression"
    return _name(mending.kind, spelled) if mending.kind in CALLED and mending.kind != "COMPARE" else f"`{mending.text}`"


def _name(kind: str, spelled: Spelled) -> str:
    return CALLED.get(kind) or " or ".join(f"`{word}`" for word in spelled[kind])


def _shown(word: Word) -> str:
    return f"`{word.text}`" if len(word.text) <= _LONGEST else f"`{word.text[:_LONGEST]}…`"
