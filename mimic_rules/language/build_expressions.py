# SPDX-License-Identifier: Apache-2.0
"""From the parts of an expression, as the grammar names them, to its syntax tree.

On the way of a rule: `syntax` calls one method per production of `rules.lark`, with the place of the production and its
parts; words come as `Word`, parts that are not there as None. `build` goes on with types, items and statements.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any as Parts
from typing import Final

from mimic_rules.diagnostics import Diagnostics, Span
from mimic_rules.language import expressions as ex

UNITS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\r"}
_HOLE_IS_A_PATH: Final = re.compile(r"[a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)*")
_HARD_WORDS: Final = frozenset(
    "and or not if then else in is has when where true false null for matches default as with".split()
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the text and its place."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Mark:
    """A part of a production that is gathered by the production around it: what it is, and its value."""

    what: str
    value: Parts
    span: Span


def gather(marks: Parts, diagnostics: Diagnostics) -> dict[str, Parts]:
    """The marks by what they are; one that is said twice is a mistake, and the first one counts."""
    found: dict[str, Parts] = {}
    for mark in marks:
        if mark.what in found:
            diagnostics.add("MR104", f"`{mark.what}` is said twice here", mark.span, help="keep one of the two")
        else:
            found[mark.what] = mark.value
    return found


def seconds(text: str) -> float:
    """`200ms` as 0.2, `5m` as 300.0."""
    digits = text.rstrip("mshd")
    return float(digits) * UNITS[text[len(digits) :]]


def number(text: str) -> int | float:
    """`3` as an int, `3.5` as a float."""
    return float(text) if "." in text else int(text)


def unquote(text: str) -> str:
    """What stands between the quotes, with its escapes resolved."""
    return re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[1]), text[1:-1])


class ExpressionBuilder:
    """One method per production that makes an expression; `parse_hole` reads the holes of a text."""

    def __init__(self, diagnostics: Diagnostics, parse_hole: Callable[[str, Span], ex.Expr]) -> None:
        self.diagnostics = diagnostics
        self._parse_hole = parse_hole

    def quoted(self, word: Word) -> ex.Text | ex.Literal:
        """A text in quotes: plain in single quotes, with holes in double ones (`{{` is a brace)."""
        text = unquote(word.text)
        if word.text[0] == "'" or ("{" not in text and "}" not in text):
            return ex.Literal(text, span=word.span)
        parts: list[str | ex.Expr] = []
        # PERF: most texts have no escapes, so that columns are those of the file; one with escapes is placed as a whole.
        escaped = "\\" in word.text
        plain, at = "", 0
        while at < len(text):
            if text[at : at + 2] in ("{{", "}}"):
                plain, at = plain + text[at], at + 2
            elif text[at] == "{":
                end = _end_of_hole(text, at)
                if end < 0:
                    self.diagnostics.add(
                        "MR106", "a `{` in this text is never closed", word.span, help="write `{{` for a brace"
                    )
                    return ex.Literal(text, span=word.span)
                if plain:
                    parts.append(plain)
                    plain = ""
                column = word.span.column + 1 + at + 1
                width = end - at - 1
                hole = Span(word.span.file, word.span.line, column, word.span.line, column + width)
                parts.append(self._hole(text[at + 1 : end], word.span if escaped else hole))
                at = end + 1
            else:
                plain, at = plain + text[at], at + 1
        if plain:
            parts.append(plain)
        if all(isinstance(part, str) for part in parts):
            return ex.Literal("".join(str(part) for part in parts), span=word.span)
        return ex.Text(tuple(parts), span=word.span)

    def _hole(self, text: str, span: Span) -> ex.Expr:
        # PERF: nearly all holes are plain paths, and need no parser.
        if _HOLE_IS_A_PATH.fullmatch(text) and not _HARD_WORDS.intersection(text.split(".")):
            first, *rest = text.split(".")
            value: ex.Expr = ex.Name(first, span=span)
            for name in rest:
                value = ex.Attribute(value, name, span=span)
            return value
        return self._parse_hole(text, span)

    # -- atoms ----------------------------------------------------------------------------------------------------------

    def text(self, span: Span, word: Word) -> ex.Expr:
        return self.quoted(word)

    def number_literal(self, span: Span, word: Word) -> ex.Expr:
        return ex.Literal(number(word.text), span=span)

    def duration(self, span: Span, word: Word) -> ex.Duration:
        return ex.Duration(seconds(word.text), span=span)

    def true(self, span: Span) -> ex.Expr:
        return ex.Literal(True, span=span)

    def false(self, span: Span) -> ex.Expr:
        return ex.Literal(False, span=span)

    def null(self, span: Span) -> ex.Expr:
        return ex.Literal(None, span=span)

    def name(self, span: Span, word: Word) -> ex.Expr:
        return ex.Name(word.text, span=span)

    def call(self, span: Span, name: Word, *arguments: ex.Expr | None) -> ex.Expr:
        return ex.Call(name.text, tuple(one for one in arguments if one is not None), span=span)

    def list_literal(self, span: Span, *items: ex.Expr | None) -> ex.Expr:
        return ex.ListOf(tuple(one for one in items if one is not None), span=span)

    def comprehension(self, span: Span, item: ex.Expr, name: Word, source: ex.Expr, test: ex.Expr | None) -> ex.Expr:
        return ex.Comprehension(item, name.text, source, test, span=span)

    def object(self, span: Span, *entries: ex.Entry | ex.Spread | None) -> ex.ObjectOf:
        return ex.ObjectOf(tuple(one for one in entries if one is not None), span=span)

    def entry(self, span: Span, key: ex.Text | ex.Literal, value: ex.Expr | None, *guards: Mark) -> ex.Entry:
        return ex.Entry(key, value or self._of_the_same_name(key), self.guards(span, guards), span=span)

    def spread(self, span: Span, value: ex.Expr) -> ex.Spread:
        return ex.Spread(value, span=span)

    def key(self, span: Span, word: Word) -> ex.Text | ex.Literal:
        return self.quoted(word) if word.text[0] in "\"'" else ex.Literal(word.text, span=span)

    def plain_key(self, key: ex.Text | ex.Literal) -> str:
        """The name a key stands for, where holes make no sense."""
        if isinstance(key, ex.Literal):
            return str(key.value)
        self.diagnostics.add("MR107", "a name can't have holes here", key.span, help="write the name as it is")
        return "_"

    def _of_the_same_name(self, key: ex.Text | ex.Literal) -> ex.Expr:
        return ex.Name(self.plain_key(key), span=key.span)

    # -- guards -----------------------------------------------------------------------------------------------------------

    def when(self, span: Span, condition: ex.Expr) -> Mark:
        return Mark("when", condition, span)

    def since(self, span: Span, version: Word) -> Mark:
        return Mark("since", version.text, span)

    def until(self, span: Span, version: Word) -> Mark:
        return Mark("until", version.text, span)

    def guards(self, span: Span, marks: Parts) -> ex.Guards:
        """The guards of a thing; nothing said means always."""
        found = gather(marks, self.diagnostics)
        return ex.Guards(found.get("when"), found.get("since"), found.get("until"), span=span) if found else ex.ALWAYS

    # -- operators --------------------------------------------------------------------------------------------------------

    def attribute(self, span: Span, of: ex.Expr, name: Word) -> ex.Expr:
        return ex.Attribute(of, name.text, span=span)

    def index(self, span: Span, of: ex.Expr, key: ex.Expr) -> ex.Expr:
        return ex.Index(of, key, span=span)

    def negative(self, span: Span, _minus: Word, operand: ex.Expr) -> ex.Expr:
        if isinstance(operand, ex.Literal) and isinstance(operand.value, int | float):
            return ex.Literal(-operand.value, span=span)
        return ex.Negative(operand, span=span)

    def sum(self, span: Span, first: ex.Expr, *rest: Parts) -> ex.Expr:
        return _chain(first, rest)

    def product(self, span: Span, first: ex.Expr, *rest: Parts) -> ex.Expr:
        return _chain(first, rest)

    def shown(self, span: Span, operand: ex.Expr, view: Word) -> ex.Expr:
        return ex.As(operand, view.text, span=span)

    def otherwise(self, span: Span, operand: ex.Expr, fallback: ex.Expr) -> ex.Expr:
        return ex.Otherwise(operand, fallback, span=span)

    def compare(self, span: Span, left: ex.Expr, operator: Word, right: ex.Expr) -> ex.Expr:
        return ex.Compare(operator.text, left, right, span=span)

    def is_in(self, span: Span, left: ex.Expr, right: ex.Expr) -> ex.Expr:
        return ex.Compare("in", left, right, span=span)

    def starts_with(self, span: Span, left: ex.Expr, right: ex.Expr) -> ex.Expr:
        return ex.Compare("starts with", left, right, span=span)

    def kind(self, span: Span, word: Word) -> Word:
        return word

    def is_kind(self, span: Span, operand: ex.Expr, kind: Word) -> ex.Expr:
        if kind.text not in ex.KINDS:
            self.diagnostics.add(
                "MR302", f"`{kind.text}` is no kind of value", kind.span, help="kinds are " + ", ".join(ex.KINDS)
            )
        return ex.Is(operand, kind.text, span=span)

    def is_not_kind(self, span: Span, operand: ex.Expr, kind: Word) -> ex.Expr:
        return ex.Not(self.is_kind(span, operand, kind), span=span)

    def is_match(self, span: Span, operand: ex.Expr, pattern: Word) -> ex.Expr:
        return ex.Matches(operand, pattern.text[1:-1].replace("\\/", "/"), span=span)

    def has(self, span: Span, operand: ex.Expr) -> ex.Expr:
        return ex.Has(operand, span=span)

    def negated(self, span: Span, operand: ex.Expr) -> ex.Expr:
        return ex.Not(operand, span=span)

    def conjunction(self, span: Span, *operands: ex.Expr) -> ex.Expr:
        return ex.All(operands, span=span)

    def disjunction(self, span: Span, *operands: ex.Expr) -> ex.Expr:
        return ex.Any(operands, span=span)

    def if_then(self, span: Span, condition: ex.Expr, yes: ex.Expr, no: ex.Expr) -> ex.Expr:
        return ex.If(condition, yes, no, span=span)

    def where(self, span: Span, source: ex.Expr, condition: ex.Expr) -> ex.Expr:
        return ex.Where(source, condition, span=span)


def _chain(first: ex.Expr, rest: Parts) -> ex.Expr:
    """`a - b + c` as `(a - b) + c`."""
    value = first
    for operator, operand in zip(rest[::2], rest[1::2], strict=True):
        value = ex.Arithmetic(operator.text, value, operand, span=value.span.to(operand.span))
    return value


def _end_of_hole(text: str, start: int) -> int:
    """Where the brace that opens at `start` closes; -1 when it never does."""
    depth = 0
    for at in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        if depth == 0:
            return at
    return -1
