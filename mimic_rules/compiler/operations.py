# SPDX-License-Identifier: Apache-2.0
"""Operations and locks as tables: what happens on one route.

Between the language and the engine: part of a `Program`.
"""

from dataclasses import dataclass

from mimic_rules.compiler.expressions import FIRST_LOCAL, FaultPlan, Plan, Window
from mimic_rules.compiler.steps import CreateStep, Step
from mimic_rules.compiler.types import ObjectTypePlan, TypePlan


@dataclass(frozen=True, slots=True)
class EventPlan:
    """Which operations an event means; None stands for any."""

    service: str | None
    verb: str | None
    resource: str | None


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

    events: tuple[EventPlan, ...]
    state: str | None
    fault: FaultPlan


@dataclass(frozen=True, slots=True)
class FreePlan:
    """In which states of the root a lock lets through which events (none: any); no states: it never meets these."""

    states: frozenset[str]
    events: tuple[EventPlan, ...]


@dataclass(frozen=True, slots=True)
class LockPlan:
    """A tree of resources that changes as one."""

    kind: str
    field: str
    covers: frozenset[str]
    free: tuple[FreePlan, ...]
    takes: str | None
    seconds: float
    refusals: tuple[RefusalPlan, ...]


@dataclass(frozen=True, slots=True)
class OperationPlan:
    """What happens on one route: who may, what the request must be, which records it names, the steps in order; `base`
    is the service whose records these are, another one than `service` where that is a dialect.
    """

    service: str
    base: str
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
        """`create thing`, as rules and journals call it."""
        return f"{self.verb} {self.resource}"


def no_operation(service: str, base: str, order: tuple[str, ...]) -> OperationPlan:
    """What a request is to rules that a service refuses before it could be an operation: of all events, `any` alone
    means it.
    """
    return OperationPlan(
        service,
        base,
        verb="",
        resource="",
        kind="",
        method="",
        path="",
        at_root=False,
        since=None,
        until=None,
        action=None,
        public=True,
        body=None,
        query=None,
        order=order,
        finds=(),
        permits=(),
        checks=(),
        effects=(),
        answers=(),
        target=None,
        created=None,
        changes=False,
        locks=(),
        size=FIRST_LOCAL,
        place="",
    )


@dataclass(frozen=True, slots=True)
class GonePlan:
    """Paths answered with one fault whatever the method."""

    paths: tuple[str, ...]
    fault: FaultPlan
    window: Window
    service: str
