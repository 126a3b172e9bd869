# SPDX-License-Identifier: Apache-2.0
"""Reading on after a mistake: one mistake gives one diagnostic, and what is right around it is kept.

On the way of a rule: where a text does not parse, `syntax` parses it again with a `Recovery` that is asked at each word
that fits nothing. A slip with one likely mending (`=` for `==`, a keyword misspelt, a word missing) is mended in the
parser; else the statement is dropped, and reading goes on where the next one begins. It is one pass, so that the time
stays in proportion to the text however wrong it is.

White space means nothing to the grammar, but people indent: where a file has mistakes, a line that begins no deeper
than the statement above begins a new one.
"""

from collections.abc import Sequence
from typing import Any, Final

from mimic_rules.diagnostics import did_you_mean
from mimic_rules.language.brackets import pair
from mimic_rules.language.careful import Careful
from mimic_rules.language.lexer import RESERVED, Lexer, Word, takes
from mimic_rules.language.mending import Mender, meant_at_begin
from mimic_rules.language.mistakes import Mistake, Trouble
from mimic_rules.language.standing import (
    CLAUSES,
    begins_line,
    ending,
    first_word,
    indent,
    innermost,
    keywords,
    like,
    outermost,
)
from mimic_rules.language.tree import Branch
from mimic_rules.language.wording import describe, stray, unclosed, unopened

MAX_MISTAKES: Final = 100

MAX_GUESSES: Final = 3
"""So often a line is mended silently, after a mistake in it was told."""

MAX_UNSURE: Final = 2
"""So many mistakes more are believed of an item whose braces don't pair."""

_STEPS: Final = {"LBRACE": 1, "RBRACE": -1}
_OPENING: Final = frozenset({"LPAR", "LSQB"})


class Recovery:
    """Reads one text on; `text` is what to parse, with `go_on` where a word doesn't fit, and then `mistakes`."""

    def __init__(self, text: str, lexer: Lexer) -> None:
        self._lexer = lexer
        pairing = pair(text, lexer.scan(text))
        self.text = pairing.text
        braces = [unclosed(brace, before) for brace, before in pairing.unclosed]
        braces += [unopened(last, brace) for last, brace in pairing.unopened]
        braces += [stray(brace) for brace in pairing.stray[:MAX_MISTAKES]]
        self._braces = braces[:MAX_MISTAKES]
        self._others: list[Mistake] = []
        self._mender = Mender(self.text, lexer)
        self._lines = {mistake.first.line for mistake in braces}
        self._put_in = pairing.places()
        self._unsure = pairing.unsure
        self.unpaired = bool(pairing.unsure)
        """Whether there are braces that don't pair, so that an item at the margin is the end of all that is open."""
        self._mended_line = 0
        self._guesses = 0
        self._asked = 0

    def mistakes(self) -> list[Mistake]:
        """What is wrong. Of an item whose braces don't pair only that is told, where so much else seems wrong in it
        that the braces were rather not mended well.
        """
        told = list(self._braces)
        for lines in self._unsure:
            inside = [mistake for mistake in self._others if mistake.first.line in lines]
            told += inside if len(inside) <= MAX_UNSURE else []
        sure = [one for one in self._others if not any(one.first.line in lines for lines in self._unsure)]
        return told + sure

    def go_on(self, interactive: Any) -> None:
        """Bring lark's parser past the word that fits nothing, and note the mistake; there is always a way to go on."""
        parser = interactive.parser_state
        counter = interactive.lexer_thread.state.line_ctr
        careful: Careful = interactive.lexer_thread.lexer
        word = careful.wrong
        self._asked += 1
        if len(self._others) >= MAX_MISTAKES or self._asked > 4 * MAX_MISTAKES:
            counter.char_pos = self._give_up(parser)
            return
        if self._is_fresh(parser, word):
            self._complete(interactive, word)
        trouble = trouble_at(parser, careful, self.text)
        told = self._is_told(trouble)
        mending = self._mender.mending(parser.parse_conf, parser.state_stack, trouble)
        if told:
            # The guess was perhaps right, and there is more to guess; but not for ever.
            self._guesses += 1
            mending = mending if self._guesses <= MAX_GUESSES else None
        else:
            mistake = describe(trouble, self._lexer.spelled, mending)
            self._others.append(mistake)
            self._mended_line, self._guesses = mistake.first.line, 0
        if mending is None:
            counter.char_pos = self._read_on(interactive, word)
            return
        if mending.kind:
            interactive.feed_token(like(word, mending.kind, mending.text))
        counter.char_pos = word.end_pos if mending.instead else word.start_pos

    def _is_told(self, trouble: Trouble) -> bool:
        """Whether a mistake is most likely the consequence of one that was told."""
        word = trouble.word
        where = trouble.before if trouble.below and trouble.before is not None else word
        if (word.line, word.column) in self._put_in or (where.line, where.column) in self._put_in:
            return True
        return where.end_line == self._mended_line or where.end_line in self._lines

    def _is_fresh(self, parser: Any, word: Word) -> bool:
        """Whether a word begins a line where the statement above may be complete."""
        first = first_word(parser.value_stack[innermost(parser) :])
        if first is None or not begins_line(self.text, word):
            return False
        return word.column <= first.column or not begins_line(self.text, first)

    def _complete(self, interactive: Any, word: Word) -> None:
        """Finish the statement before a word that doesn't fit, where it is complete."""
        parser = interactive.parser_state
        context = innermost(parser)
        for kind in sorted(parser.parse_conf.states[parser.position]):
            if kind.isupper() and ending(parser.parse_conf, parser.state_stack, context, kind):
                # The parser finishes it to take one more word, which is taken back.
                interactive.feed_token(like(word, kind, word.text))
                del parser.state_stack[-1]
                del parser.value_stack[-1]
                return

    def _read_on(self, interactive: Any, word: Word) -> int:
        """Drop the statement that is wrong; where the next one begins, or the block around it ends."""
        parser = interactive.parser_state
        if interactive.lexer_thread.lexer.is_item(parser, word):
            self._give_up(parser)
            return word.start_pos
        if word.type == "DEEP":
            context = outermost(parser)
        else:
            self._complete(interactive, word)
            context = innermost(parser)
        dropped = parser.value_stack[context:]
        first = first_word(dropped) or word
        depth = sum(_STEPS.get(one.type, 0) for one in dropped if type(one) is Word)
        said = _clause(dropped)
        del parser.state_stack[context + 1 :]
        del parser.value_stack[context:]
        margin = first.column if begins_line(self.text, first) else None
        # PERF: asking for each word whether it begins a line would take the square of a line's length.
        line = word.line - 1 if begins_line(self.text, word) else word.line
        for one in self._lexer.scan(self.text, word.start_pos):
            begins, line = one.line > line, one.line
            if one.type == "LBRACE":
                depth += 1
            elif one.type == "RBRACE" and depth:
                depth -= 1
            elif (one.type == "RBRACE" and takes(parser, "RBRACE")) or (
                depth == 0
                and begins
                and (margin is None or one.column <= margin)
                and self._begins(parser, one, said, bool(dropped) or one.start_pos > word.start_pos)
            ):
                return one.start_pos
        return self._give_up(parser)

    def _begins(self, parser: Any, word: Word, said: int, later: bool) -> bool:
        """Whether a word at the margin begins a statement: if not a right one, then one with a mistake of its own."""
        if CLAUSES.get(word.text, -1) > said:
            return False
        if any(takes(parser, kind) for kind in self._lexer.kinds(word)):
            return True
        return later and word.text not in RESERVED and word.text[0].isalpha()

    def _give_up(self, parser: Any) -> int:
        """Leave all that is open; the end of the text."""
        context = outermost(parser)
        del parser.state_stack[context + 1 :]
        del parser.value_stack[context:]
        return len(self.text)


def mistake_at(interactive: Any, text: str) -> Mistake:
    """What to say of an expression that can't be read."""
    careful: Careful = interactive.lexer_thread.lexer
    parser = interactive.parser_state
    trouble = trouble_at(parser, careful, text)
    mending = Mender(text, careful.lexer).mending(parser.parse_conf, parser.state_stack, trouble)
    return describe(trouble, careful.lexer.spelled, mending)


def trouble_at(parser: Any, careful: Careful, text: str) -> Trouble:
    """What surrounds the word that was stopped at."""
    conf, stack, lexer, word = parser.parse_conf, parser.state_stack, careful.lexer, careful.wrong
    unclosed_quote = _unclosed_in_line(text, word, lexer)
    accepted = frozenset(kind for kind in conf.states[stack[-1]] if kind.isupper() and takes(parser, kind))
    context = innermost(parser)
    dropped = parser.value_stack[context:]
    begin = first_word(dropped)
    last = parser.value_stack[-1] if parser.value_stack else None
    before = last.last if type(last) is Branch else last
    below = begin is not None and (word.type == "$END" or begins_line(text, word))
    near = None
    margin = below and begin is not None and word.column <= indent(text, begin)
    nameless = word.text not in RESERVED or "NAME" not in accepted
    if nameless and not margin and (word.type == "NAME" or word.text in lexer.keywords):
        near = did_you_mean(word.text, keywords(conf, stack, lexer))
    meant = None
    if begin is not None and begin.type == "NAME" and near is None and not margin:
        words = keywords(conf, stack[: context + 1], lexer)
        meant = meant_at_begin(conf, stack[: context + 1], begin, words, lexer.scan(text, begin.end_pos), lexer)
        if meant is None and careful.ended[0] is begin:
            meant = did_you_mean(begin.text, careful.ended[1])
    complete = any(ending(conf, stack, context, kind) for kind in accepted)
    opened = [one for one in dropped if type(one) is Word and one.type in _OPENING]
    return Trouble(
        unclosed_quote or word,
        before,
        begin,
        accepted,
        near,
        meant,
        opened[-1] if opened else None,
        below,
        margin,
        complete,
    )


def _unclosed_in_line(text: str, word: Word, lexer: Lexer) -> Word | None:
    """A quote further on in the line that is never closed: most often what is wrong is another quote before it."""
    for one in lexer.scan(text, word.start_pos):
        if one.line > word.line:
            return None
        if one.type == "UNCLOSED":
            return one
    return None


def _clause(values: Sequence[Any]) -> int:
    """How far a rule was when it went wrong; anything else is over, so that any clause but `then` begins another."""
    names = [value.data if type(value) is Branch else value.text for value in values]
    if not names or names[0] not in CLAUSES:
        return 2
    return min(max(CLAUSES.get(name, 0) for name in names), 2)
