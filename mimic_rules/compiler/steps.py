# SPDX-License-Identifier: Apache-2.0
"""The steps of an operation as tables.

Between the language and the engine: part of a `Program`; the engine links each kind of step to a function.
"""

from dataclasses import dataclass

from mimic_rules.compiler.expressions import ALWAYS, Build, FaultPlan, Plan, Window


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
    """A new limit of the tenant, or with `normal` of all that have none of their own; no name for all limits back to
    their defaults.
    """

    name: str | None
    value: Plan | None
    normal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteStep(Step):
    """Records that go away; `kind` is theirs."""

    records: Plan
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveStep(Step):
    """Records that go to a state, worked out for each of them in turn in `item`; `kind` is theirs."""

    records: Plan
    kind: str
    item: int
    state: Plan


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
    """A page of records in the service's dialect; of every tenant's where `across` holds."""

    kind: str
    plural: str
    view: str
    records: Plan
    item: int
    condition: Plan | None
    filters: tuple[FilterPlan, ...]
    sortable: tuple[str, ...]
    order: tuple[tuple[str, bool], ...]
    across: Plan | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerStep(Step):
    """The answer: status, body, headers."""

    status: int
    body: Plan | None
    headers: tuple[tuple[str, Plan], ...]
