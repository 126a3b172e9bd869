# SPDX-License-Identifier: Apache-2.0
"""The syntax tree of expressions: total, without side effects, every piece with its place in the file.

On the way of a rule: built by `syntax`, named and typed by `check`, lowered by the compiler. Spans do not count when
two trees are compared, so that a tree that is printed and read again equals itself.
"""

from dataclasses import dataclass, field
from typing import Final

from mimic_rules.diagnostics import NOWHERE, Span

Scalar = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Piece:
    """Anything written in a rules file; `span` says where."""

    span: Span = field(default=NOWHERE, compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Expr(Piece):
    """An expression."""


@dataclass(frozen=True, slots=True)
class Literal(Expr):
    """A number, a truth value, null, or a text without holes; floats and ints differ (1 is not 1.0)."""

    value: Scalar


@dataclass(frozen=True, slots=True)
class Duration(Expr):
    """A length of time, in seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Text(Expr):
    """A text with holes: `"no {kind} with id {id}"`; parts are plain texts and expressions in turn, as written."""

    parts: tuple[str | Expr, ...]


@dataclass(frozen=True, slots=True)
class Name(Expr):
    """A bare name: a local, a field of the record in hand, a root such as `body`, a resource, a state in capitals."""

    name: str


@dataclass(frozen=True, slots=True)
class Attribute(Expr):
    """`of.name`; on a list it maps; through a reference it follows."""

    of: Expr
    name: str


@dataclass(frozen=True, slots=True)
class Index(Expr):
    """`of[key]`, with a text key for maps and a number for lists."""

    of: Expr
    key: Expr


@dataclass(frozen=True, slots=True)
class Call(Expr):
    """A built-in function."""

    function: str
    arguments: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Not(Expr):
    """`not x`."""

    operand: Expr


@dataclass(frozen=True, slots=True)
class Negative(Expr):
    """`-x`."""

    operand: Expr


@dataclass(frozen=True, slots=True)
class All(Expr):
    """`a and b and …`, left to right."""

    operands: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Any(Expr):
    """`a or b or …`, left to right."""

    operands: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Compare(Expr):
    """`left operator right`, with operator one of COMPARISONS; false when either side is missing."""

    operator: str
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Is(Expr):
    """`operand is kind`: number, int, text, bool, list, map, null."""

    operand: Expr
    kind: str


@dataclass(frozen=True, slots=True)
class Matches(Expr):
    """`operand matches /pattern/`, or a pattern worked out: found anywhere unless anchored, in linear time (RE2)."""

    operand: Expr
    pattern: str | Expr


@dataclass(frozen=True, slots=True)
class Has(Expr):
    """`has operand`: the attribute is there and not null."""

    operand: Expr


@dataclass(frozen=True, slots=True)
class Arithmetic(Expr):
    """`left + right`, `-` or `*`; missing when either side is not a number (or a list and a list for `+`)."""

    operator: str
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Otherwise(Expr):
    """`operand default fallback`: the fallback where the operand is missing or null."""

    operand: Expr
    fallback: Expr


@dataclass(frozen=True, slots=True)
class As(Expr):
    """`operand as view`: the record, or each of the records, as that view shows it."""

    operand: Expr
    view: str


@dataclass(frozen=True, slots=True)
class If(Expr):
    """`if condition then yes else no`."""

    condition: Expr
    yes: Expr
    no: Expr


@dataclass(frozen=True, slots=True)
class Where(Expr):
    """`source where condition`: the records (or items of the list) for which it holds; bare names mean the item's."""

    source: Expr
    condition: Expr


@dataclass(frozen=True, slots=True)
class ListOf(Expr):
    """`[a, b]`; missing items are left out."""

    items: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Comprehension(Expr):
    """`[item for name in source if condition]`."""

    item: Expr
    name: str
    source: Expr
    condition: Expr | None


@dataclass(frozen=True, slots=True)
class Guards(Piece):
    """When a thing holds: `when` a condition is true, `since` and `until` versions of the API (both inclusive)."""

    when: Expr | None = None
    since: str | None = None
    until: str | None = None


ALWAYS: Final = Guards()


@dataclass(frozen=True, slots=True)
class Entry(Piece):
    """`key: value` of an object; `key` alone means the value of that name. A missing value leaves the key out."""

    key: Text | Literal
    value: Expr
    guards: Guards = ALWAYS


@dataclass(frozen=True, slots=True)
class Spread(Piece):
    """`...value`: the entries of another object."""

    value: Expr


@dataclass(frozen=True, slots=True)
class ObjectOf(Expr):
    """`{ key: value, … }`, in the order written."""

    entries: tuple[Entry | Spread, ...]


COMPARISONS: Final = ("==", "!=", "<", "<=", ">", ">=", "in", "starts with")
KINDS: Final = ("number", "int", "text", "bool", "list", "map", "null", "pattern")
