# SPDX-License-Identifier: Apache-2.0
"""The syntax tree of types: what a field, a body, a query or a setting may hold.

On the way of a rule: built by `syntax` for fields, bodies, queries and settings; the checker compares expressions with
them, the compiler turns them into validation plans.
"""

from dataclasses import dataclass

from mimic_rules.language.expressions import ALWAYS, Guards, Piece


@dataclass(frozen=True, slots=True)
class Range(Piece):
    """`low..high`, both inclusive; high None means no bound. Of characters, of items, or of the number itself."""

    low: float | int
    high: float | int | None


@dataclass(frozen=True, slots=True)
class Type(Piece):
    """A type."""


@dataclass(frozen=True, slots=True)
class Plain(Type):
    """A type of one word: bool, uuid, hex, sequence, time, any, fault, null, lifecycle; and text, int, number."""

    word: str
    range: Range | None = None
    pattern: str | None = None


@dataclass(frozen=True, slots=True)
class ListType(Type):
    """`list of items`."""

    items: Type
    range: Range | None = None


@dataclass(frozen=True, slots=True)
class MapType(Type):
    """`map of values`: text keys."""

    values: Type
    range: Range | None = None


@dataclass(frozen=True, slots=True)
class Reference(Type):
    """`-> resource`: the key of a record; service is empty for one of the same service."""

    service: str
    resource: str


@dataclass(frozen=True, slots=True)
class Exactly(Type):
    """One literal value."""

    value: str | int | float


@dataclass(frozen=True, slots=True)
class OneOf(Type):
    """`a | b`: the first alternative that fits."""

    alternatives: tuple[Type, ...]


@dataclass(frozen=True, slots=True)
class Member(Piece):
    """`key?: type` of an object type."""

    key: str
    type: Type
    optional: bool = False
    guards: Guards = ALWAYS


@dataclass(frozen=True, slots=True)
class ObjectType(Type):
    """`{ members }`; strict refuses other keys, in the versions that `guards` say."""

    members: tuple[Member, ...]
    strict: bool = False
    guards: Guards = ALWAYS
