# SPDX-License-Identifier: Apache-2.0
"""The tables that rules compile to: immutable values, each row with the place of what it was made from.

Between the language and the engine: `compile_model` makes a `Program`; the engine links it, `show` prints it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from mimic_rules.compiler.expressions import (
    ALWAYS,
    Build,
    FaultPlan,
    Pair,
    Plan,
    Unpack,
    Window,
)

# -- types ------------------------------------------------------------------------------------------------------------


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
    """An object; strict refuses other keys."""

    members: tuple[MemberPlan, ...]
    strict: bool


@dataclass(frozen=True, slots=True)
class OneOfType(TypePlan):
    """Any of several."""

    alternatives: tuple[TypePlan, ...]


# -- resources --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FieldPlan:
    """A field of a record: how it gets its value, what a reference in it must find, whether it is a whole number."""

    name: str
    generated: str | None
    optional: bool
    initial: Plan | None
    on_change: bool
    reference: str | None
    many: bool
    fault: FaultPlan | None
    whole: bool = False


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
    entries: tuple[Pair | Unpack, ...]
    size: int


@dataclass(frozen=True, slots=True)
class ResourcePlan:
    """A kind of record. `scope` is world, tenant or user: where its table is; `parent` the field with its owner's key."""

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


# -- what a client does -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an operation."""

    window: Window = ALWAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckStep(Step):
    """A condition and what is said when it does not hold; no fault means the service's `forbidden`."""

    condition: Plan
    fault: FaultPlan | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithinStep(Step):
    """The tenant or the user that what follows is about."""

    whom: str
    value: Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class LetStep(Step):
    """A value that gets a name."""

    slot: int
    value: Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class FindStep(Step):
    """The first record of a kind for which a condition holds, made when it is not there and may be."""

    slot: int
    kind: str
    records: Plan
    condition: Plan
    item: int
    values: Build | None
    create_when: Plan | None
    fault: FaultPlan | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateStep(Step):
    """New records: one, or one for each item of a source."""

    slot: int
    kind: str
    each: int | None
    source: Plan | None
    values: Build
    parent: Plan | None


@dataclass(frozen=True, slots=True)
class TargetPlan:
    """What a change is made to: a record (by the slot that holds it), a field of it, and members below."""

    slot: int
    kind: str
    field: str
    path: tuple[Plan, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetStep(Step):
    """A new value."""

    target: TargetPlan
    value: Plan
    merge: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsetStep(Step):
    """A member that goes away."""

    target: TargetPlan
    fault: FaultPlan | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeStep(Step):
    """The fields of a map that are there."""

    slot: int
    kind: str
    fields: tuple[str, ...]
    source: Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class SetQuotaStep(Step):
    """A new limit; None for all limits back to their defaults."""

    name: str | None
    value: Plan | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteStep(Step):
    """Records that go away; `kind` is theirs."""

    records: Plan
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconcileStep(Step):
    """Records of a kind made equal to a list, told apart by some of their fields."""

    kind: str
    by: tuple[str, ...]
    source: Plan
    records: Plan
    item: int
    values: Build
    parent: Plan | None


@dataclass(frozen=True, slots=True)
class FilterPlan:
    """A query parameter that selects: by a field's value, by a regular expression on it, or by a condition."""

    parameter: str
    how: str
    field: str | None
    condition: Plan | None
    with_deleted: bool
    window: Window


@dataclass(frozen=True, slots=True, kw_only=True)
class ListStep(Step):
    """A page of records in the service's dialect."""

    kind: str
    plural: str
    view: str
    records: Plan
    item: int
    condition: Plan | None
    filters: tuple[FilterPlan, ...]
    sortable: tuple[str, ...]
    order: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerStep(Step):
    """The answer: status, body, headers."""

    status: int
    body: Plan | None
    headers: tuple[tuple[str, Plan], ...]


@dataclass(frozen=True, slots=True)
class PathFind:
    """A path variable that names a record: where the record goes, and below which other one it must be."""

    variable: str
    kind: str
    slot: int
    parent: int | None


@dataclass(frozen=True, slots=True)
class RefusalPlan:
    """What a lock says: to which events (None: any), in which state of the root (None: any)."""

    events: tuple["EventPlan", ...]
    state: str | None
    fault: FaultPlan


@dataclass(frozen=True, slots=True)
class LockPlan:
    """A tree of resources that changes as one."""

    kind: str
    field: str
    covers: frozenset[str]
    free: frozenset[str]
    takes: str | None
    seconds: float
    refusals: tuple[RefusalPlan, ...]


@dataclass(frozen=True, slots=True)
class OperationPlan:
    """What happens on one route: who may, what the request must be, which records it names, the steps in order."""

    service: str
    verb: str
    resource: str
    kind: str
    method: str
    path: str
    at_root: bool
    since: int | None
    until: int | None
    action: str | None
    public: bool
    body: TypePlan | None
    query: ObjectTypePlan | None
    order: tuple[str, ...]
    finds: tuple[PathFind, ...]
    permits: tuple[Step, ...]
    checks: tuple[Step, ...]
    effects: tuple[Step, ...]
    answers: tuple[Step, ...]
    target: int | None
    created: CreateStep | None
    changes: bool
    locks: tuple[tuple[LockPlan, Plan], ...]
    size: int
    place: str

    @property
    def name(self) -> str:
        """`create server`, as rules and journals call it."""
        return f"{self.verb} {self.resource}"


@dataclass(frozen=True, slots=True)
class GonePlan:
    """Paths answered with one fault whatever the method."""

    paths: tuple[str, ...]
    fault: FaultPlan
    window: Window
    service: str


# -- rules ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EventPlan:
    """Which operations an event means; None stands for any."""

    service: str | None
    verb: str | None
    resource: str | None


@dataclass(frozen=True, slots=True)
class EffectPlan:
    """`stays` or `becomes` of a lifecycle field, or `respond`."""

    slot: str
    how: str
    field: str | None = None
    state: str | None = None
    seconds: Plan | None = None
    fault: FaultPlan | None = None
    after_commit: bool = False
    phase: str = "references"


@dataclass(frozen=True, slots=True)
class RulePlan:
    """A rule; `number` is its rank: of two that match, the lower fills a slot. `keys` are equalities to look it up by."""

    number: int
    name: str
    doc: str
    kind: str | None
    service: str | None
    events: tuple[EventPlan, ...]
    condition: Plan | None
    keys: tuple[Plan, tuple[str | int | float | bool, ...]] | None
    times: int | None
    per: Plan | None
    effects: tuple[EffectPlan, ...]
    reads: frozenset[str]
    size: int
    place: str


# -- services ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CallerPlan:
    """How a request names its caller."""

    header: str
    kind: str
    condition: Plan
    tenant: str
    user: str | None
    fault: FaultPlan
    size: int


@dataclass(frozen=True, slots=True)
class VersionsPlan:
    """The versions a service speaks, and the headers they travel in, each with its form (`compute {v}`)."""

    carriers: tuple[tuple[str, str], ...]
    first: int
    last: int
    default: int


@dataclass(frozen=True, slots=True)
class FaultNamePlan:
    """The name of a status, and its own text, body and headers where it has them."""

    status: int
    name: str
    message: Plan | None
    body: Build | None
    headers: tuple[tuple[str, Plan], ...]


@dataclass(frozen=True, slots=True)
class PagePlan:
    """A list dialect."""

    limit: tuple[str, int, int] | None
    limit_fault: FaultPlan | None
    marker: str | None
    marker_fault: FaultPlan | None
    offset: str | None
    sort_keys: str | None
    sort_directions: str | None
    order: tuple[tuple[str, bool], ...]
    wrap: Build
    size: int


@dataclass(frozen=True, slots=True)
class ServicePlan:
    """A service and its tables."""

    name: str
    title: str
    type: str
    label: str
    mounts: tuple[tuple[str, str | None], ...]
    caller: CallerPlan | None
    versions: VersionsPlan | None
    headers: tuple[tuple[str, Plan], ...]
    envelope: Build
    faults: tuple[FaultNamePlan, ...]
    other_fault: str
    situations: Mapping[str, FaultPlan]
    order: tuple[str, ...]
    page: PagePlan
    resources: Mapping[str, ResourcePlan]
    quotas: Mapping[str, QuotaPlan]
    seeds: tuple[SeedPlan, ...]
    operations: tuple[OperationPlan, ...]
    gones: tuple[GonePlan, ...]


@dataclass(frozen=True, slots=True)
class SettingPlan:
    """A setting: its type, the value it has unless the configuration says otherwise, and what it is."""

    name: str
    type: TypePlan
    default: Plan
    doc: str


@dataclass(frozen=True, slots=True)
class Program:
    """All tables. `rules` are in the order in which they are consulted."""

    services: Mapping[str, ServicePlan]
    settings: Mapping[str, SettingPlan]
    rules: tuple[RulePlan, ...]
    tenants: str | None
