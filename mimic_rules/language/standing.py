# SPDX-License-Identifier: Apache-2.0
"""Where a parse stands: what its stack says of the lists and statements that are open, and of what could come next.

Beside the way of a rule: `careful`, `mending` and `recovery` look at lark's parser through these.
"""

from collections.abc import Sequence
from typing import Any, Final

from mimic_rules.language.lexer import Lexer, Word, after
from mimic_rules.language.tree import Branch

_LISTED: Final = (
    "item service_line page_line resource_line member_type lifecycle_line lock_line view_line statement list_line "
    "entry example_step"
)
_LISTS: Final = frozenset(_LISTED.split())
"""The productions that stand in lists: where one fails, the next one may be right."""


CLAUSES: Final = {"rule": 0, "on": 1, "when": 2, "only": 3, "then": 4}
"""The clauses of a rule, in their order: a line that begins with one may go on with the rule above it."""


def begins_list(conf: Any, state: int) -> bool:
    """Whether a statement can begin in a state of the parser."""
    return not _LISTS.isdisjoint(conf.states[state])


def begins_item(conf: Any, state: int) -> bool:
    """Whether an item can begin in a state of the parser."""
    return "item" in conf.states[state]


def begins_line(text: str, word: Word) -> bool:
    """Whether nothing but blanks stands before a word in its line."""
    start = text.rfind("\n", 0, word.start_pos) + 1
    return not text[start : word.start_pos].strip()


def indent(text: str, word: Word) -> int:
    """The column at which the line of a word begins."""
    start = text.rfind("\n", 0, word.start_pos) + 1
    line = text[start : word.start_pos]
    return len(line) - len(line.lstrip()) + 1


def ending(conf: Any, stack: Sequence[int], context: int, kind: str) -> bool:
    """Whether a word of a kind would end the statement in a list, so that it is complete."""
    then = after(conf, stack, kind) if kind != "$END" else None
    return then is not None and len(then) <= context + 3 and begins_list(conf, then[-2])


def keywords(conf: Any, stack: Sequence[int], lexer: Lexer) -> tuple[str, ...]:
    """The keywords that the parser could take."""
    return tuple(word for word, kinds in lexer.keywords.items() if any(after(conf, stack, kind) for kind in kinds))


def like(word: Word, kind: str, text: str) -> Word:
    """A word of another kind in the same place."""
    return Word(kind, text, word.line, word.column, word.end_line, word.end_column, word.start_pos, word.end_pos)


def innermost(parser: Any) -> int:
    """Where in the parser's stack the innermost list of statements can go on."""
    return _lists(parser)[-1]


def outermost(parser: Any) -> int:
    """Where in the parser's stack the list of the file's items can go on: outside of all braces."""
    opened = [at for at, one in enumerate(parser.value_stack) if type(one) is Word and one.type == "LBRACE"]
    return max((at for at in _lists(parser) if not opened or at <= opened[0]), default=0)


def _lists(parser: Any) -> list[int]:
    """Where in the parser's stack there are lists that are still open."""
    opened: list[int] = []
    closed: set[int] = set()
    for at, one in enumerate(parser.value_stack):
        if type(one) is Word and one.type == "LBRACE":
            opened.append(at)
        elif type(one) is Word and one.type == "RBRACE":
            # What it closes is not finished yet, but nothing more can stand in it.
            closed.update(range(opened.pop() + 1, at + 1))
    conf = parser.parse_conf
    return [at for at, state in enumerate(parser.state_stack) if at not in closed and begins_list(conf, state)] or [0]


def first_word(values: Sequence[Any]) -> Word | None:
    """The first word of parts of a statement; None without parts."""
    if not values:
        return None
    first = values[0].first if type(values[0]) is Branch else values[0]
    assert isinstance(first, Word)
    return first
