# SPDX-License-Identifier: Apache-2.0
"""Expressions as the engine runs them: every name resolved to where its value lies.

Between the language and the engine: `lower_expressions` makes these from syntax trees, the engine links them to
functions, and `show` prints them. They are immutable values and name no syntax.
"""

from dataclasses import dataclass
from typing import Final

Scalar = str | int | float | bool | None

# The first slots of every frame; what an operation names itself comes after them.
CONTEXT: Final = 0
SELF: Final = 1
BODY: Final = 2
QUERY: Final = 3
PATH: Final = 4
CALLER: Final = 5
VERSION: Final = 6
NOW: Final = 7
EXTRA: Final = 8
FIRST_LOCAL: Final = 9


@dataclass(frozen=True, slots=True)
class Plan:
    """An expression with all names resolved."""


@dataclass(frozen=True, slots=True, eq=False)
class Const(Plan):
    """A value known when the rules are read. 1, 1.0 and true are three, though Python takes them for one."""

    value: Scalar

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Const) and type(self.value) is type(other.value) and self.value == other.value

    def __hash__(self) -> int:
        return hash((type(self.value), self.value))


@dataclass(frozen=True, slots=True)
class Slot(Plan):
    """A slot of the frame; `name` is for people."""

    index: int
    name: str


@dataclass(frozen=True, slots=True)
class Root(Plan):
    """What the request's context works out when asked: tenant, setting, region, base, service, …"""

    name: str


@dataclass(frozen=True, slots=True)
class Extra(Plan):
    """A name that only the place of the expression knows: `event` and `value` in faults, `items` in pages."""

    name: str


@dataclass(frozen=True, slots=True)
class FieldOf(Plan):
    """A field of a record, by its name."""

    record: Plan
    name: str


@dataclass(frozen=True, slots=True)
class Get(Plan):
    """An attribute of any value; lists map."""

    of: Plan
    name: str


@dataclass(frozen=True, slots=True)
class At(Plan):
    """`of[key]`."""

    of: Plan
    key: Plan


@dataclass(frozen=True, slots=True)
class Keyed(Plan):
    """The value of the item of a list of maps whose key field is `key`."""

    of: Plan
    key_field: str
    value_field: str
    key: Plan


@dataclass(frozen=True, slots=True)
class Follow(Plan):
    """The record of `kind` that a key names; a list of keys gives a list."""

    key: Plan
    kind: str


@dataclass(frozen=True, slots=True)
class Records(Plan):
    """The records of `kind` in sight, in order of creation; children of `parent` where that is given."""

    kind: str
    parent: Plan | None = None


@dataclass(frozen=True, slots=True)
class Everyones(Plan):
    """The records of `kind` of all tenants in this region, buried ones too: each a map of what it holds, with its
    `tenant` and whether it is `gone`.
    """

    kind: str


@dataclass(frozen=True, slots=True)
class Lookup(Plan):
    """The records of `kind` in sight that have a key: one or none, found without a walk."""

    kind: str
    key: Plan


@dataclass(frozen=True, slots=True)
class QuotaOf(Plan):
    """A part (limit, used, default) of a quota of the tenant at hand."""

    service: str
    name: str
    part: str


@dataclass(frozen=True, slots=True)
class Invoke(Plan):
    """A built-in function."""

    function: str
    arguments: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class Join(Plan):
    """The parts of a text, one after the other."""

    parts: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class Negation(Plan):
    """`not x`."""

    operand: Plan


@dataclass(frozen=True, slots=True)
class Minus(Plan):
    """`-x`."""

    operand: Plan


@dataclass(frozen=True, slots=True)
class AllOf(Plan):
    """Every one holds."""

    operands: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class AnyOf(Plan):
    """At least one holds."""

    operands: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class Comparison(Plan):
    """One of `== != < <= > >= in starts with`."""

    operator: str
    left: Plan
    right: Plan


@dataclass(frozen=True, slots=True)
class KindOf(Plan):
    """`x is number`."""

    operand: Plan
    kind: str


@dataclass(frozen=True, slots=True)
class Match(Plan):
    """`x matches /pattern/`, or a pattern that is worked out."""

    operand: Plan
    pattern: str | Plan


@dataclass(frozen=True, slots=True)
class Presence(Plan):
    """`has x`."""

    operand: Plan


@dataclass(frozen=True, slots=True)
class Calculation(Plan):
    """`+ - *`."""

    operator: str
    left: Plan
    right: Plan


@dataclass(frozen=True, slots=True)
class Fallback(Plan):
    """`x default y`."""

    operand: Plan
    fallback: Plan


@dataclass(frozen=True, slots=True)
class Choice(Plan):
    """`if c then a else b`."""

    condition: Plan
    yes: Plan
    no: Plan


@dataclass(frozen=True, slots=True)
class Select(Plan):
    """Those of a list for which a condition holds, each in turn in `slot`."""

    source: Plan
    slot: int
    condition: Plan


@dataclass(frozen=True, slots=True)
class Collect(Plan):
    """`[item for slot in source if condition]`."""

    item: Plan
    slot: int
    source: Plan
    condition: Plan | None


@dataclass(frozen=True, slots=True)
class Items(Plan):
    """`[a, b]`."""

    items: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class Window(Plan):
    """When something holds: a condition, and versions as numbers (major * 100000 + minor), both ends inclusive."""

    when: Plan | None = None
    since: int | None = None
    until: int | None = None


ALWAYS: Final = Window()
ANY_VERSION: Final = 1 << 60


@dataclass(frozen=True, slots=True)
class Pair(Plan):
    """`key: value` of an object."""

    key: Plan
    value: Plan
    window: Window = ALWAYS


@dataclass(frozen=True, slots=True)
class Unpack(Plan):
    """`...value`."""

    value: Plan


@dataclass(frozen=True, slots=True)
class Build(Plan):
    """`{ key: value, … }`."""

    entries: tuple[Pair | Unpack, ...]


@dataclass(frozen=True, slots=True)
class Show(Plan):
    """A record, or each record of a list, through a view of `kind`."""

    operand: Plan
    kind: str
    view: str


@dataclass(frozen=True, slots=True)
class FaultPlan:
    """A fault: status, the name of it (None: the service's for that status), its text, and where it was written."""

    status: int
    name: str | None
    message: Plan
    place: str


def version_number(text: str) -> int:
    """`2.26` as 200026, so that versions compare as numbers."""
    major, _, minor = text.partition(".")
    return int(major) * 100_000 + int(minor or 0)


def version_text(number: int) -> str:
    """200026 as `2.26`."""
    return f"{number // 100_000}.{number % 100_000}"
