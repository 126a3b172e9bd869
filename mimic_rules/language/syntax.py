# SPDX-License-Identifier: Apache-2.0
"""The one module that knows lark: from the text of a rules file to its syntax tree, or to why there is none.

On the way of a rule: the first stage after reading. A text goes in; a `File` and diagnostics come out, and no lark tree
or token leaves. Mistakes do not stop it: what is wrong is reported and blanked, and the rest is read (`recovery`).
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from importlib import resources
from typing import Any, Final

import lark
from lark.grammar import Rule
from lark.lexer import TerminalDef

from mimic_rules.diagnostics import Diagnostics, Span
from mimic_rules.language.build_behaviour import Builder
from mimic_rules.language.build_expressions import Word
from mimic_rules.language.declarations import File
from mimic_rules.language.expressions import Expr, Literal
from mimic_rules.language.recovery import Mistake, recover
from mimic_rules.language.wording import describe

MAX_DEPTH: Final = 120
MAX_TEXT: Final = 1_000_000
_STARTS: Final = ["start", "expr"]


def read(path: str, text: str) -> tuple[File, Diagnostics]:
    """The syntax tree of a file and what is wrong in it; what is wrong is not in the tree.

    Never raises on any text. Positions are 1-based, columns count characters.
    """
    diagnostics = Diagnostics()
    whole = Span(path, 1, 1, 1, 1)
    if len(text) > MAX_TEXT:
        diagnostics.add("MR109", f"this file has more than {MAX_TEXT} characters", whole, help="split it in several")
        return File(path, None, (), span=whole), diagnostics
    trees: list[lark.Tree[lark.Token]] = []

    def attempt(source: str) -> Mistake | None:
        try:
            tree = _parser().parse(source, start="start")
        except lark.UnexpectedInput as error:
            return _mistake(error, source)
        trees.append(tree)
        return None

    for mistake in recover(text, attempt):
        span = Span(path, mistake.line, mistake.column, mistake.line, mistake.column + mistake.width)
        diagnostics.add("MR101", mistake.message, span, help=mistake.help)
    items: list[Any] = []
    version: str | None = None
    for tree in trees:
        built = _build(tree, path, diagnostics)
        if isinstance(built, File):
            items += built.items
            version = version or built.version
    items.sort(key=lambda item: (item.span.line, item.span.column))
    return File(path, version, tuple(items), span=whole), diagnostics


def read_expression(text: str, span: Span, diagnostics: Diagnostics) -> Expr:
    """One expression that stands at `span` in a file, on one line; null where it can't be read."""
    try:
        tree = _parser().parse(text, start="expr")
    except lark.UnexpectedInput as error:
        mistake = _mistake(error, text)
        column = span.column + mistake.column - 1
        where = Span(span.file, span.line, column, span.line, column + mistake.width)
        diagnostics.add("MR101", mistake.message, where, help=mistake.help)
        return Literal(None, span=span)
    built = _build(tree, span.file, diagnostics, span.line - 1, span.column - 1)
    return built if isinstance(built, Expr) else Literal(None, span=span)


class _TooDeep(Exception):
    """A tree that is nested deeper than anyone can read."""

    def __init__(self, span: Span) -> None:
        super().__init__()
        self.span = span


def _build(
    tree: lark.Tree[lark.Token] | lark.Token, path: str, diagnostics: Diagnostics, lines: int = 0, columns: int = 0
) -> Any:
    """The syntax tree of a lark tree, its places shifted by so many lines and columns."""
    builder = Builder(diagnostics, lambda text, span: read_expression(text, span, diagnostics))

    def place(of: Any) -> Span:
        if getattr(of, "line", None) is None:
            return Span(path, 1, 1, 1, 1)
        return Span(path, of.line + lines, of.column + columns, of.end_line + lines, of.end_column + columns)

    def walk(branch: Any, depth: int) -> Any:
        if branch is None:
            return None
        if isinstance(branch, lark.Token):
            return Word(str(branch), place(branch))
        if depth > MAX_DEPTH:
            raise _TooDeep(place(branch.meta))
        parts = [walk(child, depth + 1) for child in branch.children]
        return getattr(builder, branch.data)(place(branch.meta), *parts)

    try:
        return walk(tree, 0)
    except _TooDeep as error:
        diagnostics.add(
            "MR105", f"this is nested more than {MAX_DEPTH} levels deep", error.span, help="name parts of it with `let`"
        )
        return None


def _mistake(error: lark.UnexpectedInput, text: str) -> Mistake:
    if isinstance(error, lark.UnexpectedToken):
        token = error.token
        expected = frozenset(error.accepts or error.expected)
        if token.type == "$END":
            line = text.rstrip().count("\n") + 1
            last = text.rstrip().rsplit("\n", 1)[-1]
            return Mistake(line, max(len(last), 1), 1, *describe("", "$END", expected, last))
        before = text.split("\n")[token.line - 1][: token.column - 1]
        return Mistake(token.line, token.column, len(token), *describe(str(token), token.type, expected, before))
    line, column = error.line, error.column
    before = text.split("\n")[line - 1][: column - 1]
    found = text[error.pos_in_stream : (error.pos_in_stream or 0) + 1]
    return Mistake(line, column, 1, *describe(found, "", frozenset(getattr(error, "allowed", None) or ()), before))


# -- the parser -----------------------------------------------------------------------------------------------------------


def grammar() -> str:
    """The text of the grammar."""
    return resources.files("mimic_rules.grammar").joinpath("rules.lark").read_text(encoding="utf-8")


def build_parser(*, strict: bool = False) -> lark.Lark:
    """A parser made from the grammar; strict refuses any conflict in it (needs interegular)."""
    return lark.Lark(grammar(), parser="lalr", propagate_positions=True, start=_STARTS, strict=strict)


def tables() -> dict[str, Any]:
    """The tables of the parser as plain data, with what they were made from."""
    data, memo = build_parser().memo_serialize([TerminalDef, Rule])
    return {"made_from": _stamp(), "data": data, "memo": memo}


def tokens(text: str) -> Iterator[tuple[str, str]]:
    """The kinds and texts of all tokens of a text, comments and blanks included."""
    for token in _parser().lex(text, dont_ignore=True):
        yield token.type, str(token)


def _stamp() -> str:
    return f"lark {lark.__version__} {hashlib.sha256(grammar().encode()).hexdigest()}"


@cache
def _parser() -> lark.Lark:
    # PERF: making the tables takes a second, reading them a tenth of one. Lark's own cache unpickles what it finds in the
    # temporary folder; these are JSON, shipped beside the grammar, and not used when the grammar or lark has changed.
    stored = resources.files("mimic_rules.grammar").joinpath("rules.tables.json")
    if stored.is_file():
        read_back = json.loads(stored.read_text(encoding="utf-8"))
        if read_back["made_from"] == _stamp():
            return _restore(read_back)
    return build_parser()


def _restore(stored: dict[str, Any]) -> lark.Lark:
    table = stored["data"]["parser"]["parser"]
    # JSON has text keys only; lark's tables have numbers.
    table["tokens"] = _numbered(table["tokens"])
    table["states"] = {int(state): _numbered(row) for state, row in table["states"].items()}
    return lark.Lark._load_from_dict(stored["data"], _numbered(stored["memo"]))


def _numbered(mapping: dict[str, Any]) -> dict[int, Any]:
    return {int(key): value for key, value in mapping.items()}


def with_path(file: File, path: str) -> File:
    """The same tree under another path."""
    return replace(file, path=path)
