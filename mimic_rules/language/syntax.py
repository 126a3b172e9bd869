# SPDX-License-Identifier: Apache-2.0
"""The one module that knows lark: from the text of a rules file to its syntax tree, or to why there is none.

On the way of a rule: the first stage after reading. A text goes in; a `File` and diagnostics come out, and nothing of
lark's leaves. Mistakes do not stop it: each is reported, and the rest is read (`recovery`).
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, Final, cast

import lark
from lark.grammar import Rule
from lark.lexer import TerminalDef

from mimic_rules.diagnostics import Diagnostics, Span
from mimic_rules.language.build import TooDeep, Walk
from mimic_rules.language.build_expressions import Place, too_deep
from mimic_rules.language.careful import Careful
from mimic_rules.language.declarations import File
from mimic_rules.language.expressions import Expr, Literal
from mimic_rules.language.lexer import Lexer, Word
from mimic_rules.language.mistakes import Mistake
from mimic_rules.language.packing import pack, unpack
from mimic_rules.language.recovery import Recovery, mistake_at
from mimic_rules.language.tree import Branch

MAX_TEXT: Final = 200_000
"""Characters of a file, some four thousand lines: so much is read in seconds, whatever it holds."""

_COMMENT_OR_BLANK: Final = re.compile(r"#[^\n]*|[^#]+")
_STARTS: Final = ["start", "expr"]
_OPTIONS: Final = {"maybe_placeholders": True, "tree_class": Branch, "_plugins": {"ContextualLexer": Lexer}}


def read(path: str, text: str) -> tuple[File, Diagnostics]:
    """The syntax tree of a file and what is wrong in it. What is wrong is mended in the tree as its diagnostic says, or
    left out of it.

    Never raises on any text, and takes time in proportion to it. Positions are 1-based, columns count characters.
    """
    diagnostics = Diagnostics()
    whole = Span(path, 1, 1, 1, 1)
    if len(text) > MAX_TEXT:
        diagnostics.add("MR109", f"this file has more than {MAX_TEXT} characters", whole, help="split it in several")
        return File(path, None, (), span=whole), diagnostics
    try:
        tree = _parse(text, "start")
    except lark.UnexpectedToken:
        recovery = Recovery(text, _lexer())
        tree = _read_on(recovery)
        for mistake in recovery.mistakes():
            _report(mistake, Place(path), diagnostics)
    version, items = Walk(Place(path), diagnostics, _read_hole).file(tree)
    return File(path, version, items, span=whole), diagnostics


def read_expression(text: str, span: Span, diagnostics: Diagnostics) -> Expr:
    """One expression that stands at `span` in a file, on one line; null where it can't be read."""
    columns = range(span.column, span.column + len(text) + 1)
    return _read_hole(text, span, diagnostics, columns, 0) or Literal(None, span=span)


def tokens(text: str) -> Iterator[tuple[str, str]]:
    """The kinds and texts of all tokens of a text, comments (COMMENT) and blanks (BLANK) included.

    After a mistake the kinds are guesses; the texts always add up to the whole.
    """
    at = 0
    for word in _words(text):
        yield from _between(text[at : word.start_pos])
        yield word.type, word.text
        at = word.end_pos
    yield from _between(text[at:])


def _read_hole(text: str, span: Span, diagnostics: Diagnostics, columns: Sequence[int], depth: int) -> Expr | None:
    """An expression whose characters stand in those columns, so deep in another one; None where it can't be read."""
    place = Place(span.file, span.line, columns)
    try:
        return Walk(place, diagnostics, _read_hole, depth).expression(_parse(text, "expr"))
    except lark.UnexpectedToken:
        _report(_mistake(text), place, diagnostics)
    except TooDeep as error:
        too_deep(error.span, diagnostics)
    return None


def _read_on(recovery: Recovery) -> Branch:
    """The tree of a text with mistakes, which are with `recovery` then."""
    interactive = _careful(recovery.text, "start", recovery.unpaired)
    while True:
        try:
            return cast(Branch, interactive.resume_parse())
        except lark.UnexpectedToken:
            recovery.go_on(interactive)


def _mistake(text: str) -> Mistake:
    """What is wrong in an expression that can't be read."""
    interactive = _careful(text, "expr")
    with suppress(lark.UnexpectedToken):
        interactive.resume_parse()
    return mistake_at(interactive, text)


def _report(mistake: Mistake, place: Place, diagnostics: Diagnostics) -> None:
    span = place.span(mistake.first, mistake.last)
    diagnostics.add(mistake.code, mistake.message, span, help=mistake.help)


def _words(text: str) -> Iterator[Word]:
    interactive: Any = _parser().parse_interactive(text, start="start")
    for word in interactive.lexer_thread.lex(interactive.parser_state):
        try:
            interactive.feed_token(word)
        except lark.UnexpectedToken:
            yield from _lexer().scan(text, word.start_pos)
            return
        yield word


def _between(text: str) -> Iterator[tuple[str, str]]:
    """The blanks and comments of what stands between two words."""
    for found in _COMMENT_OR_BLANK.finditer(text):
        yield "COMMENT" if found[0][0] == "#" else "BLANK", found[0]


# -- the parser -------------------------------------------------------------------------------------------------------


class _Parser(lark.Lark):
    """Lark, whose trees know their first and last word, brackets and keywords included."""

    def _prepare_callbacks(self) -> None:
        # PERF: lark's own `propagate_positions` takes as long as all the rest of the parsing.
        super()._prepare_callbacks()
        self._callbacks = {made_by: _placed(made) for made_by, made in self._callbacks.items()}


def _placed(make: Callable[[list[Any]], Any]) -> Callable[[list[Any]], Any]:
    def build(parts: list[Any]) -> Any:
        made = make(parts)
        if type(made) is Branch and made.first is None and parts:
            first, last = parts[0], parts[-1]
            made.first = first.first if type(first) is Branch else first
            made.last = last.last if type(last) is Branch else last
        return made

    return build


def grammar() -> str:
    """The text of the grammar."""
    return resources.files("mimic_rules.grammar").joinpath("rules.lark").read_text(encoding="utf-8")


def build_parser(*, strict: bool = False) -> lark.Lark:
    """A parser made from the grammar; strict refuses any conflict in it (needs interegular)."""
    if strict:
        return lark.Lark(grammar(), parser="lalr", start=_STARTS, strict=True)
    return _Parser(grammar(), parser="lalr", start=_STARTS, **_OPTIONS)


def tables() -> dict[str, Any]:
    """The tables of the parser as plain data, with what they were made from; always the same for the same grammar."""
    data, memo = lark.Lark(grammar(), parser="lalr", start=_STARTS, **_OPTIONS).memo_serialize([TerminalDef, Rule])
    for name in ("tree_class", "_plugins"):
        del data["options"][name]
    return {"made_from": _stamp(), **pack(data, memo)}


def tables_file() -> Traversable:
    """Where the tables are shipped."""
    return resources.files("mimic_rules.grammar").joinpath("rules.tables.json")


def _stamp() -> str:
    return f"lark {lark.__version__} {hashlib.sha256(grammar().encode()).hexdigest()}"


@cache
def _parser() -> lark.Lark:
    # PERF: making the tables takes a second, reading them a twentieth of one. Lark's own cache unpickles what it
    # finds in the temporary folder; these are JSON, shipped beside the grammar, and not used when the grammar or lark
    # has changed.
    stored = tables_file()
    if stored.is_file():
        read_back = json.loads(stored.read_text(encoding="utf-8"))
        if read_back["made_from"] == _stamp():
            return _restore(read_back)
    return build_parser()


def _restore(stored: dict[str, Any]) -> lark.Lark:
    data, memo = unpack(stored)
    options = {name: value for name, value in _OPTIONS.items() if name != "maybe_placeholders"}
    load: Callable[..., lark.Lark] = _Parser._load_from_dict
    return load(data, memo, **options)


def _parse(text: str, start: str) -> Branch:
    return cast(Branch, _parser().parse(text, start=start))


def _careful(text: str, start: str, unpaired: bool = False) -> Any:
    """A parse of a text that stops at what is wrong."""
    interactive: Any = _parser().parse_interactive(text, start=start)
    interactive.lexer_thread.lexer = Careful(text, _lexer(), unpaired=unpaired)
    return interactive


def _lexer() -> Lexer:
    """The lexer that the parser asks for words."""
    lexer = _parser().parser.lexer
    assert isinstance(lexer, Lexer)
    return lexer
