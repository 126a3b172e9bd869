# SPDX-License-Identifier: Apache-2.0
"""Reading on after a mistake: one mistake gives one diagnostic, and what is right around it is kept.

On the way of a rule: where a text does not parse, `syntax` parses it again with a `Recovery` that is asked at each word
that fits nothing. A slip that has one likely mending (`=` for `==`, a keyword misspelt, a word missing) is mended in the
parser; else the statement is dropped, and reading goes on where the next one begins. It is one pass, so that the time
stays in proportion to the text however wrong it is.
"""

from collections.abc import Iterator
from typing import Any, Final

from mimic_rules.diagnostics import did_you_mean
from mimic_rules.language.brackets import pair
from mimic_rules.language.lexer import RESERVED, Lexer, Word, after, takes
from mimic_rules.language.tree import Branch
from mimic_rules.language.wording import NOT_FORGOTTEN, Mending, Mistake, Trouble, describe, stray, unclosed

MAX_MISTAKES: Final = 100

_LISTED: Final = (
    "item service_line page_line resource_line member_type lifecycle_line lock_line view_line statement list_line entry"
)
_LISTS: Final = frozenset(_LISTED.split())
"""The productions that stand in lists: where one fails, the next one may be right."""

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
_TAKEN_AWAY: Final = frozenset({")", "]", "}", ",", ";", ".", ":"})
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
    "STRIKES": "instead",
    "FOR_PERIOD": "for",
}
"""A text for each kind that is a pattern, where a word of it was missing."""

_CLOSERS: Final = {"RPAR": "LPAR", "RSQB": "LSQB", "RBRACE": "LBRACE"}
_CLAUSES: Final = {"rule": 0, "on": 1, "when": 2, "only": 3, "then": 4}
"""The clauses of a rule, in their order: a line that begins with one may go on with the rule above it."""


class Careful:
    """A lexer that stops at a word the parser can't take, before the parser has drawn any conclusion from it.

    Lark's parser finishes what the word before could end, by a look-ahead that is too wide, and only then finds that the
    word doesn't fit; by then it has forgotten what else could have stood there.
    """

    def __init__(self, lexer: Lexer) -> None:
        self.lexer = lexer
        self.wrong = Word("$END", "", 1, 1, 1, 1, 0, 0)

    def lex(self, state: Any, parser: Any) -> Iterator[Word]:
        """The words; one that doesn't fit is kept in `wrong`, and comes as one of kind ODD."""
        last = self.wrong
        for word in self.lexer.lex(state, parser):
            if not takes(parser, word.type):
                self.wrong = word
                yield _like(word, "ODD", word.text)
            yield word
            last = word
        if not takes(parser, "$END"):
            self.wrong = Word(
                "$END", "", last.end_line, last.end_column, last.end_line, last.end_column, last.end_pos, last.end_pos
            )
            yield _like(self.wrong, "ODD", "")


class Recovery:
    """The mistakes of one text; `text` is what to parse, with `go_on` where a word doesn't fit."""

    def __init__(self, text: str, lexer: Lexer) -> None:
        self._lexer = lexer
        pairing = pair(text, lexer.scan(text))
        self.text = pairing.text
        self.mistakes: list[Mistake] = [unclosed(brace, before) for brace, before in pairing.unclosed]
        self.mistakes += [stray(brace) for brace in pairing.stray]
        self._ends = pairing.ends if pairing.ends < len(pairing.text) else len(pairing.text) + 1
        self._mended_line = 0
        self._asked = 0

    def go_on(self, interactive: Any) -> None:
        """Bring lark's parser past the word that fits nothing, and note the mistake; there is always a way to go on."""
        parser = interactive.parser_state
        reader = interactive.lexer_thread.state
        word = interactive.lexer_thread.lexer.wrong
        self._asked += 1
        if len(self.mistakes) >= MAX_MISTAKES or self._asked > 4 * MAX_MISTAKES:
            self._give_up(parser, reader)
            return
        trouble = _trouble(parser, word, self._lexer)
        # What is wrong on a line that was mended already is most often a consequence of the guess.
        told = word.line == self._mended_line or word.start_pos >= self._ends
        mending = None if told else self._mending(parser, trouble)
        if not told:
            self.mistakes.append(describe(trouble, self._lexer.spelled, mending))
        if mending is None:
            self._read_on(parser, reader, word)
            return
        self._mended_line = word.line
        if mending.kind:
            interactive.feed_token(_like(word, mending.kind, self._text_for(mending, trouble)))
        reader.line_ctr.char_pos = word.end_pos if mending.instead else word.start_pos

    def _text_for(self, mending: Mending, trouble: Trouble) -> str:
        """What stands for a word that was mended."""
        if mending.instead and trouble.near:
            return trouble.near
        if mending.kind in self._lexer.spelled:
            return self._lexer.spelled[mending.kind][0]
        if mending.instead and mending.kind == "NAME" and trouble.word.text in RESERVED:
            return trouble.word.text
        return _STAND_INS[mending.kind]

    def _mending(self, parser: Any, trouble: Trouble) -> Mending | None:
        """The one likely change that lets the parser go on."""
        word, accepted = trouble.word, trouble.accepted
        conf, stack = parser.parse_conf, parser.state_stack
        if word.type in ("UNCLOSED", "DEEP") or trouble.meant:
            return None
        kinds = {self._lexer.spelled.get(kind, (_STAND_INS.get(kind, ""),))[0]: kind for kind in accepted}
        for sign in _SLIPS.get(word.text, ()):
            if sign in kinds:
                return Mending(kinds[sign], True)
        if trouble.near:
            return Mending(next(kind for kind in self._lexer.keywords[trouble.near] if kind in accepted), True)
        following = self._following(word)
        if word.text in RESERVED and "NAME" in accepted and self._fits(conf, after(conf, stack, "NAME"), following):
            return Mending("NAME", True)
        wanted = self._missing(conf, stack, trouble)
        if wanted:
            return Mending(wanted, False)
        if len(accepted) == 1 and word.type not in ("RBRACE", "$END"):
            (kind,) = accepted
            if self._fits(conf, after(conf, stack, kind), following):
                return Mending(kind, True)
        if word.text in _TAKEN_AWAY and self._fits(conf, stack, following):
            return Mending("", True)
        return None

    def _missing(self, conf: Any, stack: Any, trouble: Trouble) -> str:
        """The kind of the one word that is missing before the one that is there; empty when there is none, or several."""
        fitting = sorted(
            kind
            for kind in trouble.accepted - NOT_FORGOTTEN
            if self._fits(conf, after(conf, stack, kind), trouble.word)
        )
        before = trouble.before
        if len(fitting) == 1:
            return fitting[0]
        if "COMMA" in fitting and before is not None and before.type == trouble.word.type:
            return "COMMA"
        if "LBRACE" in fitting and before is not None and before.line < trouble.word.line:
            return "LBRACE"
        return ""

    def _fits(self, conf: Any, stack: Any, word: Word) -> bool:
        return stack is not None and any(after(conf, stack, kind) for kind in self._lexer.kinds(word))

    def _following(self, word: Word) -> Word:
        for following in self._lexer.scan(self.text, word.end_pos):
            return following
        return _like(word, "$END", "$")

    def _read_on(self, parser: Any, reader: Any, word: Word) -> None:
        """Drop the statement that is wrong, and go on where the next one begins, or where the block around it ends."""
        self._skip(parser, reader, word, _outermost(parser) if word.type == "DEEP" else _innermost(parser))

    def _skip(self, parser: Any, reader: Any, word: Word, context: int) -> None:
        dropped = parser.value_stack[context:]
        first = _first(dropped) or word
        depth = sum(type(one) is Word and one.type == "LBRACE" for one in dropped)
        said = _clause(dropped)
        del parser.state_stack[context + 1 :]
        del parser.value_stack[context:]
        conf, stack = parser.parse_conf, parser.state_stack
        margin = first.column if self._begins_line(first) else None
        for one in self._lexer.scan(self.text, word.start_pos):
            if one.type == "LBRACE":
                depth += 1
            elif one.type == "RBRACE" and depth:
                depth -= 1
            elif one.type == "RBRACE":
                if after(conf, stack, "RBRACE"):
                    reader.line_ctr.char_pos = one.start_pos
                    return
            elif depth == 0 and self._begins_line(one) and (margin is None or one.column <= margin):
                if self._begins(conf, stack, one, said, one.start_pos > word.start_pos):
                    reader.line_ctr.char_pos = one.start_pos
                    return
        self._give_up(parser, reader)

    def _begins(self, conf: Any, stack: Any, word: Word, said: int, later: bool) -> bool:
        """Whether a word at the margin begins a statement: if not a right one, then one with a mistake of its own."""
        if _CLAUSES.get(word.text, -1) > said or word.text in RESERVED:
            return False
        return self._fits(conf, stack, word) or (later and word.type != "ODD" and word.text[0].isalpha())

    def _give_up(self, parser: Any, reader: Any) -> None:
        """Go to the end of the text, and close what is open."""
        context = _outermost(parser)
        del parser.state_stack[context + 1 :]
        del parser.value_stack[context:]
        reader.line_ctr.char_pos = len(self.text)

    def _begins_line(self, word: Word) -> bool:
        start = self.text.rfind("\n", 0, word.start_pos) + 1
        return not self.text[start : word.start_pos].strip()


def mistake_at(interactive: Any, lexer: Lexer) -> Mistake:
    """What to say of an expression that can't be read."""
    word = interactive.lexer_thread.lexer.wrong
    return describe(_trouble(interactive.parser_state, word, lexer), lexer.spelled, None)


def _like(word: Word, kind: str, text: str) -> Word:
    return Word(kind, text, word.line, word.column, word.end_line, word.end_column, word.start_pos, word.end_pos)


def _contexts(parser: Any) -> list[int]:
    """Where in the stack of the parser a list of statements can go on."""
    states = parser.parse_conf.states
    return [at for at, state in enumerate(parser.state_stack) if not _LISTS.isdisjoint(states[state])] or [0]


def _innermost(parser: Any) -> int:
    return _contexts(parser)[-1]


def _outermost(parser: Any) -> int:
    """The list of the items of the file: outside of all braces."""
    opened = [at for at, one in enumerate(parser.value_stack) if type(one) is Word and one.type == "LBRACE"]
    return max([at for at in _contexts(parser) if not opened or at <= opened[0]], default=0)


def _first(values: list[Any]) -> Word | None:
    for value in values:
        first = value.first if type(value) is Branch else value
        if first is not None:
            assert isinstance(first, Word)
            return first
    return None


def _clause(values: list[Any]) -> int:
    """How far a rule was when it went wrong; anything else is over, so that any clause begins something new."""
    names = [value.data if type(value) is Branch else value.text for value in values if value is not None]
    if not names or names[0] not in _CLAUSES:
        return 3
    return min(max(_CLAUSES.get(name, 0) for name in names), 3)


def _trouble(parser: Any, word: Word, lexer: Lexer) -> Trouble:
    """What surrounds a word that doesn't fit."""
    conf, stack = parser.parse_conf, parser.state_stack
    accepted = frozenset(kind for kind in conf.states[stack[-1]] if kind.isupper() and after(conf, stack, kind))
    context = _innermost(parser)
    dropped = parser.value_stack[context:]
    begin = _first(dropped)
    last = parser.value_stack[-1] if parser.value_stack else None
    before = last.last if type(last) is Branch else last
    words = sorted(name for name, kinds in lexer.keywords.items() if not accepted.isdisjoint(kinds))
    near = did_you_mean(word.text, words) if word.type == "NAME" or word.text in lexer.keywords else None
    meant = None
    if begin is not None and begin.type == "NAME" and not near and word.type != "$END":
        meant = _meant(conf, stack[: context + 1], begin, dropped, word, lexer)
    opened = [one for one in dropped if type(one) is Word and one.type in _CLOSERS.values()]
    return Trouble(word, before, begin, accepted, near, meant, opened[-1] if opened else None)


def _meant(conf: Any, stack: Any, begin: Word, dropped: list[Any], word: Word, lexer: Lexer) -> str | None:
    """The keyword that a statement should have begun with, where it begins with a name much like one."""
    starts = sorted(name for name, kinds in lexer.keywords.items() if any(after(conf, stack, kind) for kind in kinds))
    near = did_you_mean(begin.text, starts)
    if near is None:
        return None
    second = _first(dropped[1:]) or word
    for kind in lexer.keywords[near]:
        then = after(conf, stack, kind)
        if then and any(after(conf, then, other) for other in lexer.kinds(second)):
            return near
    return None
