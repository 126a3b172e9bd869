# SPDX-License-Identifier: Apache-2.0
"""The tables that rules compile to: immutable values, each row with the place of what it was made from.

Between the language and the engine: `compile_model` makes a `Program`; the engine links it, `show` prints it. The
families of tables have modules of their own, whose names are all found here.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from mimic_rules.compiler.examples import ExamplePlan
from mimic_rules.compiler.expressions import Build, FaultPlan, Plan
from mimic_rules.compiler.operations import (
    EventPlan,
    FreePlan,
    GonePlan,
    LockPlan,
    OperationPlan,
    PathFind,
    RefusalPlan,
)
from mimic_rules.compiler.resources import (
    DependentPlan,
    FieldPlan,
    InvariantPlan,
    LifecyclePlan,
    QuotaPlan,
    RequestedPlan,
    ResourcePlan,
    SeedPlan,
    StatePlan,
    TimedPlan,
    UniquePlan,
    ViewPlan,
)
from mimic_rules.compiler.rules import (
    ALWAYS_OFTEN,
    BecomesPlan,
    CyclePlan,
    DelayPlan,
    EffectPlan,
    HidePlan,
    LifecycleEffectPlan,
    LimitPlan,
    MomentPlan,
    OftenPlan,
    PartPlan,
    PassPlan,
    PretendPlan,
    RespondPlan,
    RulePlan,
    ShowPlan,
    StaysPlan,
    StepPlan,
    WirePlan,
)
from mimic_rules.compiler.steps import (
    AnswerStep,
    CheckStep,
    CreateStep,
    DeleteStep,
    FilterPlan,
    FindStep,
    LetStep,
    ListStep,
    MoveStep,
    ReconcileStep,
    SetQuotaStep,
    SetStep,
    Step,
    TakeStep,
    TargetPlan,
    UnsetStep,
    WithinStep,
)
from mimic_rules.compiler.types import (
    ExactType,
    ListOfType,
    MapOfType,
    MemberPlan,
    ObjectTypePlan,
    OneOfType,
    PlainType,
    TypePlan,
)

__all__ = [
    "ALWAYS_OFTEN",
    "AnswerStep",
    "BecomesPlan",
    "CallerPlan",
    "CheckStep",
    "CreateStep",
    "CyclePlan",
    "DelayPlan",
    "DeleteStep",
    "DependentPlan",
    "EffectPlan",
    "EventPlan",
    "ExactType",
    "ExamplePlan",
    "FaultNamePlan",
    "FieldPlan",
    "FilterPlan",
    "FindStep",
    "FreePlan",
    "GonePlan",
    "HidePlan",
    "InvariantPlan",
    "LetStep",
    "LifecycleEffectPlan",
    "LifecyclePlan",
    "LimitPlan",
    "ListOfType",
    "ListStep",
    "LockPlan",
    "MapOfType",
    "MemberPlan",
    "MomentPlan",
    "MoveStep",
    "ObjectTypePlan",
    "OftenPlan",
    "OneOfType",
    "OperationPlan",
    "PagePlan",
    "PartPlan",
    "PassPlan",
    "PathFind",
    "PlainType",
    "PretendPlan",
    "Program",
    "QuotaPlan",
    "ReconcileStep",
    "RefusalPlan",
    "RequestedPlan",
    "ResourcePlan",
    "RespondPlan",
    "RulePlan",
    "SaidPlan",
    "SeedPlan",
    "ServicePlan",
    "SetQuotaStep",
    "SetStep",
    "SettingPlan",
    "ShowPlan",
    "StatePlan",
    "StaysPlan",
    "Step",
    "StepPlan",
    "TakeStep",
    "TargetPlan",
    "TimedPlan",
    "TypePlan",
    "UniquePlan",
    "UnsetStep",
    "VersionsPlan",
    "ViewPlan",
    "WirePlan",
    "WithinStep",
]


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
    """The versions a service speaks, and the headers they travel in, each with its form (`name {v}`)."""

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
class SaidPlan:
    """What a service says of the records of a kind in a situation, worked out in a frame of `size` slots."""

    situation: str
    kind: str
    fault: FaultPlan
    size: int


@dataclass(frozen=True, slots=True)
class ServicePlan:
    """A service and its tables; `handouts` are documents by name for whoever makes a world, worked out in a frame of
    `handout_size` slots; `base` is the service whose records these are, another one where this is a dialect.
    """

    name: str
    base: str
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
    said: tuple[SaidPlan, ...]
    order: tuple[str, ...]
    page: PagePlan
    resources: Mapping[str, ResourcePlan]
    quotas: Mapping[str, QuotaPlan]
    seeds: tuple[SeedPlan, ...]
    operations: tuple[OperationPlan, ...]
    gones: tuple[GonePlan, ...]
    handouts: tuple[tuple[str, Plan], ...] = ()
    handout_size: int = 0


@dataclass(frozen=True, slots=True)
class SettingPlan:
    """A setting: its type, the value it has unless the configuration says otherwise, and what it is."""

    name: str
    type: TypePlan
    default: Plan
    doc: str


@dataclass(frozen=True, slots=True)
class Program:
    """All tables. `rules` are in the order in which they are consulted; `examples` are what proves them."""

    services: Mapping[str, ServicePlan]
    settings: Mapping[str, SettingPlan]
    rules: tuple[RulePlan, ...]
    tenants: str | None
    examples: tuple[ExamplePlan, ...] = ()
