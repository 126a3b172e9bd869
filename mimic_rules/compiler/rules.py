# SPDX-License-Identifier: Apache-2.0
"""Rules as rows of match tables.

Between the language and the engine: part of a `Program`.
"""

from dataclasses import dataclass

from mimic_rules.compiler.expressions import FaultPlan, Plan
from mimic_rules.compiler.operations import EventPlan


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
    """A rule; `number` is its rank: of two that match, the lower fills a slot. `keys` are equalities to look it up
    by.
    """

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
