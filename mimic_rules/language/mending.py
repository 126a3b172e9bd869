# SPDX-License-Identifier: Apache-2.0
"""The one likely change that lets a parse go on: another sign, a keyword spelled right, a word that is missing.

On the way of a rule: `recovery` asks it at a word that fits nothing. Where it knows no change, the statement is
dropped.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, Final

from mimic_rules.diagnostics import did_you_mean
from mimic_rules.language.lexer import RESERVED, Lexer, Word, after
from mimic_rules.language.mistakes import Mending, Trouble
from mimic_rules.language.standing import begins_line, begins_list
from mimic_rules.language.wording import OPERATORS

_COMPARISONS: Final = frozenset({"==", "!=", "<", "<=", ">", ">="})
_SLIPS: Final = {
    "=": ("==", ":"),
    "==": ("=",),
    "===": ("==",),
    ":=": ("=", ":"),
    ":": ("=",),
    "<>": ("!=",),
    "=>": ("->", "==", ":"),
    "&&": ("and",),
    "&": ("and",),
    "||": ("or", "|"),
    "|": ("or",),
    "!": ("not",),
}
"""What people write, and what they may have meant by it."""

_STAND_INS: Final = {
    "NAME": "_",
    "NUMBER": "400",
    "STRING": "''",
    "DURATION": "1s",
    "PATH": "/",
    "REGEX": "/./",
    "COMPARE": "==",
    "ON_CHANGE": "on change",
    "WITH_DELETED": "with deleted",
    "FOR_PERIOD": "for",
    "AND_THEN": ", then",
    "ORDINAL": "2nd",
    "PERCENT": "10%",
    "MOMENT": "09:00",
}
"""A text for each kind that is a pattern, where a word of it was missing."""

_NEVER_MISSING: Final = OPERATORS | {"NOT", "HAS", "IF"}
_TAKEN_AWAY: Final = frozenset({")", "]", "}", ",", ";", ".", ":"})
_OPENING: Final = frozenset({"LBRACE", "LPAR", "LSQB"})
_BRACKETS: Final = _OPENING | {"RBRACE", "RPAR", "RSQB", "$END"}


class Mender:
    """Looks for changes of one text."""

    def __init__(self, text: str, lexer: Lexer) -> None:
        self._text = text
        self._lexer = lexer

    def mending(self, conf: Any, stack: Sequence[int], trouble: Trouble) -> Mending | None:
        """The change; None where there is none, or none that is likelier than others."""
        word = trouble.word
        if word.type in ("UNCLOSED", "DEEP") or trouble.meant:
            return None
        return (
            self._another_sign(trouble)
            or self._spelled_right(trouble)
            or self._missing(conf, stack, trouble)
            or self._another_kind(conf, stack, trouble)
            or self._taken_away(conf, stack, trouble)
        )

    def fits(self, conf: Any, stack: Sequence[int], word: Word, inserted: str = "") -> bool:
        """Whether a word can follow. It doesn't if it would begin a statement in the middle of a line, unless that is
        why something was inserted; nor if it begins a line like a statement, but would go on with the one above.
        """
        at_line = begins_line(self._text, word)
        for kind in self._lexer.kinds(word):
            then = after(conf, stack, kind)
            if then is None:
                continue
            if kind in ("RBRACE", "$END") or word.text in RESERVED or inserted in ("COMMA", "LBRACE"):
                return True
            fresh = begins_list(conf, then[-2])
            if at_line == fresh or (at_line and kind != "NAME"):
                return True
        return False

    def following(self, word: Word) -> Word:
        """The word after another one."""
        for following in self._lexer.scan(self._text, word.end_pos):
            return following
        end = len(self._text)
        return Word("$END", "", word.end_line, word.end_column, word.end_line, word.end_column, end, end)

    def _another_sign(self, trouble: Trouble) -> Mending | None:
        signs = {self._lexer.spelled[kind][0]: kind for kind in trouble.accepted if kind in self._lexer.spelled}
        if "COMPARE" in trouble.accepted:
            signs.update(dict.fromkeys(_COMPARISONS, "COMPARE"))
        listed = trouble.word.text == "," and trouble.opened is not None and trouble.opened.text == "["
        for sign in ("|",) if listed else _SLIPS.get(trouble.word.text, ()):
            if sign in signs:
                return Mending(signs[sign], sign, True)
        return None

    def _spelled_right(self, trouble: Trouble) -> Mending | None:
        if trouble.near is None:
            return None
        kinds = self._lexer.keywords[trouble.near]
        return Mending(next(kind for kind in kinds if kind in trouble.accepted), trouble.near, True)

    def _missing(self, conf: Any, stack: Sequence[int], trouble: Trouble) -> Mending | None:
        """A word before the one that is there."""
        word, before, accepted = trouble.word, trouble.before, trouble.accepted
        if before is not None and before.type == "DOT" and word.text in RESERVED:
            return None
        if "TRUE" in accepted:
            likely = frozenset() if word.text in _SLIPS else frozenset({"NAME"})
        else:
            likely = (accepted if len(accepted) == 1 else accepted - _NEVER_MISSING) - {"$END"}
        fitting = sorted(kind for kind in likely if self._fits_before(conf, stack, kind, trouble))
        signs = [kind for kind in fitting if not self._text_of(kind)[0].isalnum() and kind not in _STAND_INS]
        if before is not None and before.type == word.type and "COMMA" in signs:
            signs = ["COMMA"]
        if len(signs) == 1:
            fitting = signs
        if len(fitting) != 1 or (fitting[0] == "LBRACE" and not trouble.below):
            return None
        return Mending(fitting[0], self._text_of(fitting[0]), False)

    def _fits_before(self, conf: Any, stack: Sequence[int], kind: str, trouble: Trouble) -> bool:
        then = after(conf, stack, kind)
        # What begins a statement of its own is not what was missing in this one.
        if then is None or begins_list(conf, then[-2]) or (trouble.margin and kind in _OPENING):
            return False
        return self.fits(conf, then, trouble.word, "" if trouble.margin else kind)

    def _another_kind(self, conf: Any, stack: Sequence[int], trouble: Trouble) -> Mending | None:
        """A word of the right kind for one of the wrong kind: a number for a name, a reserved word for another name."""
        word = trouble.word
        if word.text in RESERVED and "NAME" in trouble.accepted:
            kind, text = "NAME", word.text
        elif len(trouble.accepted) == 1 and word.type not in _BRACKETS and not trouble.below:
            (kind,) = trouble.accepted
            text = _STAND_INS.get(kind, "")
        else:
            return None
        then = after(conf, stack, kind)
        fits = then is not None and self.fits(conf, then, self.following(word))
        return Mending(kind, text, True) if text and fits else None

    def _taken_away(self, conf: Any, stack: Sequence[int], trouble: Trouble) -> Mending | None:
        word = trouble.word
        fits = word.text in _TAKEN_AWAY and self.fits(conf, stack, self.following(word))
        return Mending("", "", True) if fits else None

    def _text_of(self, kind: str) -> str:
        return self._lexer.spelled[kind][0] if kind in self._lexer.spelled else _STAND_INS[kind]


def meant_at_begin(
    conf: Any, stack: Sequence[int], begin: Word, words: Sequence[str], following: Iterator[Word], lexer: Lexer
) -> str | None:
    """The keyword that a statement should have begun with: one of `words` that is much like its first word, and that
    as many as possible of the words that follow it could follow.
    """
    some = list(islice(following, 4))
    best, most = None, 0
    for near in words:
        if did_you_mean(begin.text, [near]) is not None:
            stacks = [after(conf, stack, kind) for kind in lexer.keywords[near]]
            count = max(_how_many(conf, one, some, lexer) for one in stacks)
            if count > most:
                best, most = near, count
    return best


def _how_many(conf: Any, stack: Sequence[int] | None, words: Sequence[Word], lexer: Lexer) -> int:
    for at, word in enumerate(words):
        stacks = [after(conf, stack, kind) for kind in lexer.kinds(word)] if stack else []
        stack = next((one for one in stacks if one is not None), None)
        if stack is None:
            return at
    return len(words)
