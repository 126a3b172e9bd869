# SPDX-License-Identifier: Apache-2.0
"""The canonical text of expressions: the fewest parentheses, one line, one way to write each thing.

Against the way of a rule: from the tree back to text; `print_types`, `print_items` and `print_behaviour` go on,
`printer` is the door. What is printed here reads back as the same tree.
"""

import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, Final

from mimic_rules.language import expressions as ex
from mimic_rules.language.lexer import RESERVED, WORD
from mimic_rules.language.texts import braces, escape, quote_literal

# How tightly an expression holds together, as the grammar's productions have it: `queried` least, `atom` most.
QUERIED: Final = 0
EXPR: Final = 1
_OR: Final = 2
_AND: Final = 3
_NOT: Final = 4
_COMPARISON: Final = 5
_OPERAND: Final = 6
_VIEWED: Final = 7
SUM: Final = 8
_PRODUCT: Final = 9
_UNARY: Final = 10
POSTFIX: Final = 11
_ATOM: Final = 12

_NAME: Final = re.compile(WORD)
_UNITS: Final = (("d", 86400), ("h", 3600), ("m", 60), ("s", 1))


def print_expr(expr: ex.Expr, level: int = EXPR, quotes: str = '"') -> str:
    """The text of an expression, in parentheses where its place needs a tighter one; plain texts in those quotes."""
    text, own = _PRINTED[type(expr)](expr, quotes)
    return text if own >= level else f"({text})"


def print_text(text: ex.Text | ex.Literal, quotes: str = '"') -> str:
    """A text in quotes."""
    if isinstance(text, ex.Literal):
        return quote_literal(str(text.value), quotes)
    parts = (braces(part) if isinstance(part, str) else _hole(part) for part in text.parts)
    return '"' + escape("".join(parts), '"') + '"'


def print_key(key: ex.Text | ex.Literal | str, keywords: frozenset[str] = frozenset(), quotes: str = '"') -> str:
    """A key, in quotes where it is no name or would be taken for one of the keywords that could stand there."""
    if isinstance(key, ex.Text):
        return print_text(key, quotes)
    name = key if isinstance(key, str) else str(key.value)
    if _NAME.fullmatch(name) and name not in RESERVED and name not in keywords:
        return name
    return quote_literal(name, quotes)


def print_guards(guards: ex.Guards, quotes: str = '"') -> str:
    """` when … since … until …`, with a blank before each; empty for always."""
    text = "" if guards.when is None else f" when {print_expr(guards.when, EXPR, quotes)}"
    text += "" if guards.since is None else f" since {guards.since}"
    return text + ("" if guards.until is None else f" until {guards.until}")


def print_entry(entry: ex.Entry, keywords: frozenset[str] = frozenset(), quotes: str = '"') -> str:
    """`key: value guards`; the key alone where the value has its name."""
    key = print_key(entry.key, keywords, quotes)
    if not isinstance(entry.key, ex.Literal) or entry.value != ex.Name(str(entry.key.value)):
        key += f": {print_expr(entry.value, EXPR, quotes)}"
    return key + print_guards(entry.guards, quotes)


def print_number(value: float) -> str:
    """Digits without an exponent, which the language doesn't have."""
    if isinstance(value, int):
        return str(value)
    digits = format(Decimal(repr(value)), "f")
    return digits if "." in digits else digits + ".0"


def print_duration(seconds: float) -> str:
    """In the largest unit that needs no point, such as 90s, 2m or 250ms."""
    for unit, size in _UNITS:
        if seconds % size == 0:
            return f"{int(seconds) // size}{unit}"
    milliseconds = round(seconds * 1000)
    if milliseconds / 1000 == seconds:
        return f"{milliseconds}ms"
    return f"{print_number(seconds)}s"


def print_pattern(pattern: str) -> str:
    """A regular expression between slashes."""
    return "/" + pattern.replace("/", "\\/") + "/"


def _pattern(pattern: str | ex.Expr, quotes: str) -> str:
    return print_pattern(pattern) if isinstance(pattern, str) else print_expr(pattern, _OPERAND, quotes)


def join(expressions: Iterable[ex.Expr], level: int, separator: str, quotes: str = '"') -> str:
    """Several expressions."""
    return separator.join(print_expr(one, level, quotes) for one in expressions)


def _hole(expr: ex.Expr) -> str:
    text = print_expr(expr, EXPR, "'")
    # Two braces side by side would be a brace.
    return "{ " + text + "}" if text.startswith("{") else "{" + text + "}"


# -- one function for each kind: its text, and how tightly it holds ---------------------------------------------------


def _literal(expr: ex.Literal, quotes: str) -> tuple[str, int]:
    value = expr.value
    if isinstance(value, str):
        return quote_literal(value, quotes), _ATOM
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value], _ATOM
    text = print_number(value)
    return text, _UNARY if text.startswith("-") else _ATOM


def _call(expr: ex.Call, quotes: str) -> tuple[str, int]:
    return f"{expr.function}({join(expr.arguments, QUERIED, ', ', quotes)})", _ATOM


def _not(expr: ex.Not, quotes: str) -> tuple[str, int]:
    if isinstance(expr.operand, ex.Is):
        return f"{print_expr(expr.operand.operand, _OPERAND, quotes)} is not {expr.operand.kind}", _COMPARISON
    return f"not {print_expr(expr.operand, _NOT, quotes)}", _NOT


def _compare(expr: ex.Compare, quotes: str) -> tuple[str, int]:
    left, right = print_expr(expr.left, _OPERAND, quotes), print_expr(expr.right, _OPERAND, quotes)
    return f"{left} {expr.operator} {right}", _COMPARISON


def _arithmetic(expr: ex.Arithmetic, quotes: str) -> tuple[str, int]:
    own = _PRODUCT if expr.operator == "*" else SUM
    left, right = print_expr(expr.left, own, quotes), print_expr(expr.right, own + 1, quotes)
    return f"{left} {expr.operator} {right}", own


def _otherwise(expr: ex.Otherwise, quotes: str) -> tuple[str, int]:
    operand, fallback = print_expr(expr.operand, _VIEWED, quotes), print_expr(expr.fallback, _VIEWED, quotes)
    return f"{operand} default {fallback}", _OPERAND


def _if(expr: ex.If, quotes: str) -> tuple[str, int]:
    condition, yes, no = (print_expr(one, EXPR, quotes) for one in (expr.condition, expr.yes, expr.no))
    return f"if {condition} then {yes} else {no}", EXPR


def _where(expr: ex.Where, quotes: str) -> tuple[str, int]:
    return f"{print_expr(expr.source, EXPR, quotes)} where {print_expr(expr.condition, EXPR, quotes)}", QUERIED


def _comprehension(expr: ex.Comprehension, quotes: str) -> tuple[str, int]:
    text = f"{print_expr(expr.item, EXPR, quotes)} for {expr.name} in {print_expr(expr.source, _OR, quotes)}"
    if expr.condition is not None:
        text += f" if {print_expr(expr.condition, EXPR, quotes)}"
    return f"[{text}]", _ATOM


def _object(expr: ex.ObjectOf, quotes: str) -> tuple[str, int]:
    entries = [
        print_entry(one, quotes=quotes) if isinstance(one, ex.Entry) else f"...{print_expr(one.value, EXPR, quotes)}"
        for one in expr.entries
    ]
    return ("{ " + ", ".join(entries) + " }" if entries else "{}"), _ATOM


_PRINTED: Final[dict[type[ex.Expr], Callable[[Any, str], tuple[str, int]]]] = {
    ex.Literal: _literal,
    ex.Duration: lambda expr, quotes: (print_duration(expr.seconds), _ATOM),
    ex.Text: lambda expr, quotes: (print_text(expr), _ATOM),
    ex.Name: lambda expr, quotes: (expr.name, _ATOM),
    ex.Attribute: lambda expr, quotes: (f"{print_expr(expr.of, POSTFIX, quotes)}.{expr.name}", POSTFIX),
    ex.Index: lambda expr, quotes: (
        f"{print_expr(expr.of, POSTFIX, quotes)}[{print_expr(expr.key, EXPR, quotes)}]",
        POSTFIX,
    ),
    ex.Call: _call,
    ex.Not: _not,
    ex.Negative: lambda expr, quotes: (f"-{print_expr(expr.operand, _UNARY, quotes)}", _UNARY),
    ex.All: lambda expr, quotes: (join(expr.operands, _NOT, " and ", quotes), _AND),
    ex.Any: lambda expr, quotes: (join(expr.operands, _AND, " or ", quotes), _OR),
    ex.Compare: _compare,
    ex.Is: lambda expr, quotes: (f"{print_expr(expr.operand, _OPERAND, quotes)} is {expr.kind}", _COMPARISON),
    ex.Matches: lambda expr, quotes: (
        f"{print_expr(expr.operand, _OPERAND, quotes)} matches {_pattern(expr.pattern, quotes)}",
        _COMPARISON,
    ),
    ex.Has: lambda expr, quotes: (f"has {print_expr(expr.operand, POSTFIX, quotes)}", _COMPARISON),
    ex.Arithmetic: _arithmetic,
    ex.Otherwise: _otherwise,
    ex.As: lambda expr, quotes: (f"{print_expr(expr.operand, SUM, quotes)} as {expr.view}", _VIEWED),
    ex.If: _if,
    ex.Where: _where,
    ex.ListOf: lambda expr, quotes: (f"[{join(expr.items, EXPR, ', ', quotes)}]", _ATOM),
    ex.Comprehension: _comprehension,
    ex.ObjectOf: _object,
}
