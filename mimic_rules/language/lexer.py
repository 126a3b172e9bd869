# SPDX-License-Identifier: Apache-2.0
"""From characters to words, knowing what the parser can take at each place.

On the way of a rule: lark's parser asks for one word after the other; `syntax` puts this lexer in place of lark's
own, `recovery` uses its `scan` to find where to read on. Few words of the language are reserved: `list` may name a
field. So a word is a keyword where the parser can truly take it as one, and a name everywhere else. Lark's own
contextual lexer asks the parse table alone, whose look-ahead is too wide where LALR merges states: it would take a
field called `name` for the keyword after any `= expression`.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

MAX_STACK: Final = 3_000
"""How many unfinished pieces the parser may hold: far more than the nesting that `syntax` allows."""

_RESERVED: Final = "and as default else false for has if in is matches not null or then true when where with"
RESERVED: Final = frozenset(_RESERVED.split())
"""The words that are never a name: those that an expression could meet."""

SKIPPED: Final = r"(?:[ \t\f\r\n]++|#[^\n]*+)*+"
WORD: Final = r"(?:[A-Za-z_]|\$[a-z])[A-Za-z0-9_$]*+"
_NAME: Final = re.compile(WORD)
# What people write where the language has another sign; one word each, so that a mistake is one mistake.
_SLIP: Final = r"=>|===|&&|\|\||<>|:="
_PLACED: Final = frozenset({"PATH", "REGEX", "ON_CHANGE", "WITH_DELETED", "FOR_PERIOD", "AND_THEN", "MOMENT"})
_ALTERNATIVES: Final = re.compile(r"\(\?:([A-Za-z]+(?:\|[A-Za-z]+)*)\)")


@dataclass(slots=True)
class Word:
    """A word of the text: its kind, and where it is. Lines and columns from 1, in characters; offsets from 0.

    PERF: not frozen, since there is one for every word of every file.
    """

    type: str
    text: str
    line: int
    column: int
    end_line: int
    end_column: int
    start_pos: int
    end_pos: int


class Lexer:
    """Lark makes it from the terminals of the grammar, with what the parser's states accept."""

    def __init__(self, conf: Any, states: Mapping[int, Sequence[str]], always_accept: Sequence[str] = ()) -> None:
        self._accepted = states
        self.keywords: dict[str, list[str]] = {}
        """The kinds that a word can have beside that of a name."""
        self.spelled: dict[str, tuple[str, ...]] = {}
        """How keywords and signs are written, by kind; not those that are patterns."""
        signs: list[Any] = []
        for terminal in conf.terminals:
            pattern = terminal.pattern.value
            alternatives = _ALTERNATIVES.fullmatch(pattern)
            if terminal.pattern.type == "str" or alternatives:
                self.spelled[terminal.name] = tuple(alternatives[1].split("|")) if alternatives else (pattern,)
            if terminal.name in conf.ignore or terminal.name == "NAME":
                continue
            if _NAME.fullmatch(pattern) or alternatives:
                for word in self.spelled[terminal.name]:
                    self.keywords.setdefault(word, []).append(terminal.name)
            else:
                signs.append(terminal)
        self._signs: Final = sorted(signs, key=_longest_first)
        self._patterns: dict[frozenset[str], Callable[[str, int], re.Match[str] | None]] = {}
        self._modes: dict[int, tuple[Callable[[str, int], re.Match[str] | None], dict[str, str]]] = {}

    def lex(self, state: Any, parser: Any) -> Iterator[Word]:
        """The words from where `state` stands, each of a kind that suits the parser as it is by then.

        There is no text without words: what belongs to no word comes as one of kind ODD, which no parser takes.
        """
        counter = state.line_ctr
        text: str = getattr(state.text, "text", state.text)
        at: int = counter.char_pos
        line = text.count("\n", 0, at) + 1
        line_start = text.rfind("\n", 0, at) + 1
        modes = self._modes
        while True:
            position = parser.position
            match, words = modes[position] if position in modes else self._mode(position)
            found = match(text, at)
            kind = found.lastgroup if found else None
            if found is None or kind is None:
                return
            start, end = found.span(kind)
            if kind in _PLACED and not takes(parser, kind):
                # What looks like a phrase or a path only begins with a word.
                found = self._pattern(_PLACED & set(self._accepted[position]) - {kind})(text, at) or found
                kind = found.lastgroup or kind
                start, end = found.span(kind)
            if start > at:
                lines = text.count("\n", at, start)
                if lines:
                    line += lines
                    line_start = text.rfind("\n", at, start) + 1
            value = text[start:end]
            if kind == "WORD":
                kind = words.get(value, "NAME")
                if kind == "NAME":
                    if value in RESERVED:
                        kind = self.keywords[value][0]
                elif "NAME" in words and not takes(parser, kind):
                    kind = "NAME"
            if len(parser.state_stack) > MAX_STACK:
                kind = "DEEP"
            word = Word(kind, value, line, start - line_start + 1, line, end - line_start + 1, start, end)
            if kind in _PLACED and "\n" in value:
                line += value.count("\n")
                line_start = text.rfind("\n", start, end) + 1
                word.end_line, word.end_column = line, end - line_start + 1
            at = end
            counter.char_pos = at
            yield word

    def scan(self, text: str, at: int = 0) -> Iterator[Word]:
        """The words from an offset on as they look without a parser; a keyword has the first of its kinds."""
        match = self._pattern(frozenset({"REGEX"}))
        no_regex = self._pattern(frozenset())
        line = text.count("\n", 0, at) + 1
        line_start = text.rfind("\n", 0, at) + 1
        before = ""
        while True:
            found = (match if before in ("matches", "matching") else no_regex)(text, at)
            if found is None or found.lastgroup is None:
                return
            start, end = found.span(found.lastgroup)
            lines = text.count("\n", at, start)
            if lines:
                line += lines
                line_start = text.rfind("\n", at, start) + 1
            kind = found.lastgroup
            if kind == "UNCLOSED":
                # What follows the quote is read as if it weren't there, so that the brackets in it count.
                end = start + 1
            before = text[start:end]
            if kind == "WORD":
                kind = self.keywords[before][0] if before in self.keywords else "NAME"
            yield Word(kind, before, line, start - line_start + 1, line, end - line_start + 1, start, end)
            at = end

    def kinds(self, word: Word) -> list[str]:
        """Every kind that a word can have somewhere."""
        if word.text.startswith("/"):
            return ["PATH", "REGEX"]
        names = ["NAME"] if _NAME.fullmatch(word.text) and word.text not in RESERVED else []
        paths = ["PATH"] if word.text.startswith("$") else []
        return [*self.keywords.get(word.text, ()), *names, *paths] or [word.type]

    def _mode(self, position: int) -> tuple[Callable[[str, int], re.Match[str] | None], dict[str, str]]:
        """How to read a word in a state of the parser, and what the keywords mean in it."""
        accepted = frozenset(self._accepted[position])
        words = {word: kind for word, kinds in self.keywords.items() for kind in kinds if kind in accepted}
        if "NAME" in accepted:
            words["NAME"] = "NAME"
        mode = self._pattern(accepted & _PLACED), words
        self._modes[position] = mode
        return mode

    def _pattern(self, placed: frozenset[str]) -> Callable[[str, int], re.Match[str] | None]:
        # PERF: signs mean the same everywhere, so that a handful of patterns do for a thousand states.
        if placed not in self._patterns:
            parts = [f"(?P<SLIP>{_SLIP})"]
            parts += [_group(one) for one in self._signs if one.name not in _PLACED and one.priority > 0]
            parts += [_group(one) for one in self._signs if one.name in placed]
            parts += [f"(?P<WORD>{WORD})"]
            parts += [_group(one) for one in self._signs if one.name not in _PLACED and one.priority <= 0]
            parts += [r"(?P<UNCLOSED>[\"'][^\n]*+)", r"(?P<ODD>/[^\s]*+|(?s:.))"]
            self._patterns[placed] = re.compile(SKIPPED + "(?:" + "|".join(parts) + ")").match
        return self._patterns[placed]


def takes(parser: Any, kind: str) -> bool:
    """Whether the parser can take a word of a kind next."""
    action = parser.parse_conf.states[parser.position].get(kind)
    # PERF: most often nothing has to be finished first.
    if action is None or isinstance(action[1], int):
        return action is not None
    return after(parser.parse_conf, parser.state_stack, kind) is not None


def after(conf: Any, stack: Sequence[int], kind: str) -> list[int] | None:
    """The parser's stack once it has taken a word of a kind, with all that it finishes first; None if it can't."""
    states = conf.states
    stack = list(stack)
    while True:
        action = states[stack[-1]].get(kind)
        if action is None:
            return None
        if isinstance(action[1], int):
            return [*stack, action[1]]
        if action[1].expansion:
            del stack[-len(action[1].expansion) :]
        stack.append(states[stack[-1]][action[1].origin.name][1])
        if kind == "$END" and stack[-1] == conf.end_state:
            return stack


def _longest_first(terminal: Any) -> tuple[int, int, int, str]:
    return -terminal.priority, -terminal.pattern.max_width, -len(terminal.pattern.value), terminal.name


def _group(terminal: Any) -> str:
    value = terminal.pattern.value
    return f"(?P<{terminal.name}>{re.escape(value) if terminal.pattern.type == 'str' else value})"
