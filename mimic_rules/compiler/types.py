# SPDX-License-Identifier: Apache-2.0
"""Types as tables: what a body, a query or a setting may hold.

Between the language and the engine: part of a `Program`.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TypePlan:
    """What a value may be."""


@dataclass(frozen=True, slots=True)
class PlainType(TypePlan):
    """text, int, number, bool, uuid, hex, sequence, time, any, null, lifecycle; with bounds and a pattern."""

    word: str
    low: float | int | None = None
    high: float | int | None = None
    pattern: str | None = None


@dataclass(frozen=True, slots=True)
class ExactType(TypePlan):
    """One value."""

    value: str | int | float


@dataclass(frozen=True, slots=True)
class ListOfType(TypePlan):
    """A list."""

    items: TypePlan
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class MapOfType(TypePlan):
    """A map with text keys."""

    values: TypePlan
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class MemberPlan:
    """One key of an object."""

    key: str
    type: TypePlan
    optional: bool
    since: int | None
    until: int | None


@dataclass(frozen=True, slots=True)
class ObjectTypePlan(TypePlan):
    """An object; strict refuses other keys, in the versions from `since` to `until`."""

    members: tuple[MemberPlan, ...]
    strict: bool
    since: int | None = None
    until: int | None = None


@dataclass(frozen=True, slots=True)
class OneOfType(TypePlan):
    """Any of several."""

    alternatives: tuple[TypePlan, ...]
