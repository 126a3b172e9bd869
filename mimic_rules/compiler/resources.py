# SPDX-License-Identifier: Apache-2.0
"""Resources as tables: fields, constraints, transition tables and views.

Between the language and the engine: part of a `Program`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from mimic_rules.compiler.expressions import Build, FaultPlan, Pair, Plan


@dataclass(frozen=True, slots=True)
class FieldPlan:
    """A field of a record: how it gets its value, what a reference in it must find, whether it is a whole number.

    `plain` is the word of its type where that is one of a single word, such as text, bool or time.
    """

    name: str
    generated: str | None
    optional: bool
    initial: Plan | None
    on_change: bool
    reference: str | None
    many: bool
    fault: FaultPlan | None
    whole: bool = False
    plain: str = ""


@dataclass(frozen=True, slots=True)
class UniquePlan:
    """Values that no two records share."""

    name: str
    values: tuple[Plan, ...]
    condition: Plan | None
    fault: FaultPlan


@dataclass(frozen=True, slots=True)
class InvariantPlan:
    """What holds of a new record once its references are known."""

    condition: Plan
    fault: FaultPlan


@dataclass(frozen=True, slots=True)
class DependentPlan:
    """What the deletion of a record does to those of `kind` whose `field` refers to it."""

    kind: str
    field: str
    many: bool
    policy: str
    fault: FaultPlan | None


@dataclass(frozen=True, slots=True)
class StatePlan:
    """A state: the status shown, whether the record is gone, and the values it carries."""

    name: str
    shows: str
    gone: bool
    values: tuple[tuple[str, Plan], ...]


@dataclass(frozen=True, slots=True)
class TimedPlan:
    """A way out of a state that time takes."""

    source: str
    target: str
    seconds: Plan
    condition: Plan | None
    sets: tuple[tuple[str, Plan], ...]
    place: str


@dataclass(frozen=True, slots=True)
class RequestedPlan:
    """A way out of a state that a request takes."""

    source: str
    verb: str
    target: str
    condition: Plan | None
    sets: tuple[tuple[str, Plan], ...]
    place: str


@dataclass(frozen=True, slots=True)
class LifecyclePlan:
    """A transition table: states, and by state the ways out in the order written; `verbs` are those it knows at all."""

    field: str
    start: str
    states: Mapping[str, StatePlan]
    carried: tuple[str, ...]
    timed: Mapping[str, tuple[TimedPlan, ...]]
    requested: Mapping[tuple[str, str], tuple[RequestedPlan, ...]]
    allowed: frozenset[tuple[str, str]]
    verbs: frozenset[str]
    refusal: FaultPlan | None


@dataclass(frozen=True, slots=True)
class ViewPlan:
    """What a client sees of a record."""

    name: str
    entries: tuple[Pair, ...]
    size: int


@dataclass(frozen=True, slots=True)
class ResourcePlan:
    """A kind of record. `scope` is world, tenant or user: where its table is; `parent` the field with its owner's
    key. Where `across` holds, a path finds the record of any tenant.
    """

    kind: str
    service: str
    name: str
    plural: str
    scope: str
    key: tuple[str, ...]
    parent: str | None
    parent_kind: str | None
    children: tuple[str, ...]
    fields: tuple[FieldPlan, ...]
    unique: tuple[UniquePlan, ...]
    invariants: tuple[InvariantPlan, ...]
    missing: FaultPlan | None
    kept: float | None
    across: Plan | None
    dependents: tuple[DependentPlan, ...]
    lifecycles: tuple[LifecyclePlan, ...]
    views: Mapping[str, ViewPlan]
    place: str
    size: int


@dataclass(frozen=True, slots=True)
class QuotaPlan:
    """A limit of a tenant on the count of a kind, on a sum of a field of it, or a number that checks read."""

    name: str
    limit: int
    kind: str | None
    field: str | None


@dataclass(frozen=True, slots=True)
class SeedPlan:
    """Records that a world begins with."""

    kind: str
    slot: int
    source: Plan
    values: Build
    size: int
    place: str = ""
