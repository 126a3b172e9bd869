# SPDX-License-Identifier: Apache-2.0
"""From the parts of an expression, as the grammar names them, to its syntax tree.

On the way of a rule: `build` calls one method per production of `rules.lark`, with the place of the production and its
parts; words come as `Word`, parts that are not there as None. `build_items` goes on with types and declarations.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any as Parts
from typing import Final

from mimic_rules.diagnostics import Diagnostics, Span
from mimic_rules.language import expressions as ex
from mimic_rules.language.lexer import Word
from mimic_rules.language.moments import ordinal as written
from mimic_rules.language.texts import Hole, holes, unquote

LONGEST_NUMBER: Final = 30
"""Digits of a number, and of its fraction: fewer than Python would refuse to read, enough for all that is counted."""

LONGEST_WHOLE: Final = 15
"""Digits before a point: more would be lost, for a fraction is read as a double."""

LONGEST_PERIOD: Final = 1e12
"""Seconds of a duration; some thirty thousand years."""

MAX_DEPTH: Final = 120
"""How deeply the parts of an item may be nested: each stage after this one can follow so far without care."""

UNITS: Final = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text stands in a file: all of it, or in one line, then with the columns of its characters."""

    file: str
    line: int = 0
    columns: Sequence[int] = ()

    def span(self, first: Word, last: Word) -> Span:
        """From one word to another."""
        if not self.line:
            return Span(self.file, first.line, first.column, last.end_line, last.end_column)
        return Span(self.file, self.line, self.columns[first.start_pos], self.line, self.columns[last.end_pos])


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


def too_deep(span: Span, diagnostics: Diagnostics) -> None:
    """Say that a piece is nested deeper than anyone can read."""
    diagnostics.add(
        "MR105", f"this is nested more than {MAX_DEPTH} levels deep", span, help="name parts of it with `let`"
    )


class ExpressionBuilder:
    """One method per production that makes an expression; `read_hole` reads the holes of a text."""

    def __init__(
        self, place: Place, diagnostics: Diagnostics, read_hole: Callable[[str, Span, Sequence[int]], ex.Expr]
    ) -> None:
        self.place = place
        self.diagnostics = diagnostics
        self._read_hole = read_hole

    def at(self, word: Word) -> Span:
        """Where a word stands."""
        return self.place.span(word, word)

    def quoted(self, word: Word) -> ex.Text | ex.Literal:
        """A text in quotes: plain in single quotes, with holes in double ones (`{{` is a brace)."""
        text = word.text
        if text[0] == "'" or ("{" not in text and "}" not in text):
            return ex.Literal(unquote(text), span=self.at(word))
        parts = holes(text)
        if parts is None:
            self.diagnostics.add(
                "MR106", "a `{` in this text is never closed", self.at(word), help="write `{{` for a brace"
            )
            return ex.Literal(unquote(text), span=self.at(word))
        if not parts or (len(parts) == 1 and isinstance(parts[0], str)):
            return ex.Literal("".join(map(str, parts)), span=self.at(word))
        return ex.Text(
            tuple(part if isinstance(part, str) else self._hole(part, word) for part in parts), span=self.at(word)
        )

    def _hole(self, hole: Hole, word: Word) -> ex.Expr:
        columns = [self.place.columns[word.start_pos + at] if self.place.line else word.column + at for at in hole.at]
        line = self.place.line or word.line
        span = Span(self.place.file, line, columns[0], line, columns[-1])
        # PERF: nearly all holes are plain paths, and need no parser.
        if hole.path:
            value: ex.Expr = ex.Name(hole.path[0], span=span)
            for name in hole.path[1:]:
                value = ex.Attribute(value, name, span=span)
            return value
        return self._read_hole(hole.text, span, columns)

    def seconds(self, word: Word) -> float:
        """`200ms` as 0.2, `5m` as 300.0; to the nanosecond."""
        digits = word.text.rstrip("mshd")
        unit = word.text[len(digits) :]
        amount = float(self._digits(digits, word))
        length = round(amount / 1000 if unit == "ms" else amount * UNITS[unit], 9)
        if length < LONGEST_PERIOD:
            return length
        self._too_long(word)
        return 0.0

    def amount(self, word: Word) -> int | float:
        """`3` as an int, `3.5` as a float."""
        digits = self._digits(word.text, word)
        return float(digits) if "." in digits else int(digits)

    def whole(self, word: Word) -> int:
        """A number that has no fraction."""
        amount = self.amount(word)
        if isinstance(amount, float):
            self.diagnostics.add(
                "MR304", f"`{word.text}` is no whole number", self.at(word), help="take the point away"
            )
        return int(amount)

    def ordinal(self, word: Word) -> int:
        """`5th` as 5."""
        digits = word.text[:-2]
        if self._digits(digits, word) != digits:
            return 1
        number = int(digits)
        right = written(number)
        if number == 0:
            self.no_such(word, f"there is no `{word.text}`", "begin with `1st`, which is every time")
        elif word.text != right:
            self.no_such(word, f"`{word.text}` is no ordinal", f"write `{right}`")
        return max(number, 1)

    def no_such(self, word: Word, told: str, help: str) -> None:
        """Report a number, a part or a time that there isn't."""
        self.diagnostics.add("MR310", told, self.at(word), help=help)

    def _digits(self, digits: str, word: Word) -> str:
        whole, point, fraction = digits.removeprefix("-").partition(".")
        if point and len(fraction) <= LONGEST_NUMBER and abs(float(digits)) < 10**LONGEST_WHOLE:
            return digits
        if not point and len(whole) <= LONGEST_NUMBER:
            return digits
        self._too_long(word)
        return "0"

    def _too_long(self, word: Word) -> None:
        self.diagnostics.add("MR111", "this number is too long", self.at(word), help="write a shorter one")

    # -- atoms --------------------------------------------------------------------------------------------------------

    def text(self, span: Span, word: Word) -> ex.Expr:
        return self.quoted(word)

    def number_literal(self, span: Span, word: Word) -> ex.Expr:
        return ex.Literal(self.amount(word), span=span)

    def duration(self, span: Span, word: Word) -> ex.Duration:
        return ex.Duration(self.seconds(word), span=span)

    def group(self, span: Span, inner: Parts) -> Parts:
        return inner

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

    # -- guards -------------------------------------------------------------------------------------------------------

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

    # -- operators ----------------------------------------------------------------------------------------------------

    def attribute(self, span: Span, of: ex.Expr, name: Word) -> ex.Expr:
        return ex.Attribute(of, name.text, span=span)

    def index(self, span: Span, of: ex.Expr, key: ex.Expr) -> ex.Expr:
        return ex.Index(of, key, span=span)

    def negative(self, span: Span, _minus: Word, operand: ex.Expr) -> ex.Expr:
        # A truth value is an int to Python, and no number to us.
        value = operand.value if isinstance(operand, ex.Literal) else None
        if isinstance(value, int | float) and not isinstance(value, bool):
            return ex.Literal(-value, span=span)
        return ex.Negative(operand, span=span)

    def sum(self, span: Span, first: ex.Expr, *rest: Parts) -> ex.Expr:
        return self._chain(first, rest)

    def product(self, span: Span, first: ex.Expr, *rest: Parts) -> ex.Expr:
        return self._chain(first, rest)

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
                "MR302", f"`{kind.text}` is no kind of value", self.at(kind), help="kinds are " + ", ".join(ex.KINDS)
            )
        return ex.Is(operand, kind.text, span=span)

    def is_not_kind(self, span: Span, operand: ex.Expr, kind: Word) -> ex.Expr:
        return ex.Not(self.is_kind(span, operand, kind), span=span)

    def is_match(self, span: Span, operand: ex.Expr, pattern: Word) -> ex.Expr:
        return ex.Matches(operand, self.pattern(pattern), span=span)

    def is_match_of(self, span: Span, operand: ex.Expr, pattern: ex.Expr) -> ex.Expr:
        return ex.Matches(operand, pattern, span=span)

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

    def pattern(self, word: Word) -> str:
        """The regular expression between the slashes; only `\\/` is an escape of ours."""
        return word.text[1:-1].replace("\\/", "/")

    def _chain(self, first: ex.Expr, rest: Parts) -> ex.Expr:
        """`a - b + c` as `(a - b) + c`."""
        if len(rest) > 2 * MAX_DEPTH:
            too_deep(first.span, self.diagnostics)
            return first
        value = first
        for operator, operand in zip(rest[::2], rest[1::2], strict=True):
            value = ex.Arithmetic(operator.text, value, operand, span=value.span.to(operand.span))
        return value
