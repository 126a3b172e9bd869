# SPDX-License-Identifier: Apache-2.0
"""A lexer that stops at a word the parser can't take.

On the way of a rule: `syntax` puts it between the lexer and the parser where a text has mistakes, so that `recovery`
finds the parser as it was before the word.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from mimic_rules.language.lexer import Lexer, Word, after, takes
from mimic_rules.language.standing import (
    CLAUSES,
    begins_item,
    begins_line,
    begins_list,
    first_word,
    indent,
    innermost,
    keywords,
    like,
    outermost,
)


class Careful:
    """A lexer that stops at a word the parser can't take, before the parser has drawn any conclusion from it.

    Lark's parser finishes what the word before could end, by a look-ahead that is too wide, and only then finds that
    the word doesn't fit; by then it has forgotten what else could have stood there.
    """

    def __init__(self, text: str, lexer: Lexer, *, unpaired: bool = False) -> None:
        self._text = text
        self._unpaired = unpaired
        self.lexer = lexer
        self.wrong = Word("$END", "", 1, 1, 1, 1, 0, 0)
        """The word that was stopped at."""
        self.ended: tuple[Word | None, tuple[str, ...]] = (None, ())
        """The last name that began a statement in mid-line, and the keywords that could have stood there."""

    def lex(self, state: Any, parser: Any) -> Iterator[Word]:
        """The words; one that doesn't fit is kept in `wrong`, and comes as one of kind ODD."""
        last = self.wrong
        for word in self.lexer.lex(state, parser):
            then = after(parser.parse_conf, parser.state_stack, word.type)
            if then is None or self._goes_on_wrongly(parser, then, word):
                self.wrong = word
                yield like(word, "ODD", word.text)
            else:
                fresh = word.type == "NAME" and begins_list(parser.parse_conf, then[-2])
                if fresh and not begins_line(self._text, word):
                    self.ended = word, keywords(parser.parse_conf, parser.state_stack, self.lexer)
                yield word
                last = word
        if not takes(parser, "$END"):
            line, column, at = last.end_line, last.end_column, last.end_pos
            self.wrong = Word("$END", "", line, column, line, column, at, at)
            yield like(self.wrong, "ODD", "")

    def _goes_on_wrongly(self, parser: Any, then: Sequence[int], word: Word) -> bool:
        """Whether a line begins like a statement, but would go on with the one above, which is not complete."""
        if self.is_item(parser, word):
            closed = len(then) <= outermost(parser) + 3 if self._unpaired else begins_item(parser.parse_conf, then[-2])
            if not closed:
                return True
        if word.type != "NAME" or begins_list(parser.parse_conf, then[-2]) or not begins_line(self._text, word):
            return False
        context = innermost(parser)
        first = first_word(parser.value_stack[context:])
        return first is not None and word.column <= indent(self._text, first)

    def is_item(self, parser: Any, word: Word) -> bool:
        """Whether a word could begin an item of the file, and stands at the very margin."""
        if word.column > 1 or not word.text[:1].isalpha() or CLAUSES.get(word.text, 0):
            return False
        above = parser.state_stack[: outermost(parser) + 1]
        if not begins_item(parser.parse_conf, above[-1]):
            return False
        return any(after(parser.parse_conf, above, kind) for kind in self.lexer.kinds(word))
