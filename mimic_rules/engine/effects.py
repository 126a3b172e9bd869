# SPDX-License-Identifier: Apache-2.0
"""Rules with every expression linked: the condition, what it is counted by, and each effect.

Between the tables and a request: `rulebook` links a rule once and puts it into the match tables of the stages at which
its effects fill something.
"""

from dataclasses import dataclass
from typing import Any

from mimic_rules.compiler import expressions as pl
from mimic_rules.compiler import program as pr
from mimic_rules.compiler.rules import DELIVER, SHOWN, STATE, STRIKE
from mimic_rules.engine.exchange import MISSING
from mimic_rules.engine.link import Frame, Linked, link
from mimic_rules.engine.refusal import Fault, link_fault, link_fault_or_none


@dataclass(frozen=True, slots=True)
class Step:
    """A linked step of a chain of states."""

    state: str
    seconds: Linked | None
    fault: Fault | None


@dataclass(frozen=True, slots=True)
class Respond:
    """A linked answer; what each is, `RespondPlan` says."""

    fault: Fault | None
    source: Linked | None
    body: Linked | None
    headers: tuple[tuple[str, Linked], ...]
    retry_after: Linked | None
    after_commit: bool


@dataclass(frozen=True, slots=True)
class Effect:
    """A linked effect: of what its plan says, the parts that are expressions."""

    plan: pr.EffectPlan
    seconds: Linked | None = None
    steps: tuple[Step, ...] = ()
    respond: Respond | None = None
    per: Linked | None = None
    value: Linked | None = None
    items: "tuple[Effect, ...]" = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A linked rule. `of_request` says that it shapes answers, so that it is counted once a request.

    `chosen` is, for a rule that holds per record, the record and how many requests chose it before.
    """

    plan: pr.RulePlan
    condition: Linked | None
    per: Linked | None
    effects: tuple[Effect, ...]
    of_request: bool = True
    chosen: tuple[Any, int] | None = None
    as_often: Linked | None = None

    def frame(self, frame: Frame, record: object) -> Frame:
        """The frame of a request as the rule's expressions see it, with a record in hand."""
        inner = [*frame[: pl.FIRST_LOCAL], *([MISSING] * (self.plan.size - pl.FIRST_LOCAL))]
        inner[pl.SELF] = record
        if self.chosen is not None:
            inner[pl.FIRST_LOCAL : pl.FIRST_LOCAL + 2] = self.chosen
        return inner


def link_rule(rule: pr.RulePlan) -> Row:
    """A linked rule."""
    standing = not rule.events
    return Row(
        rule,
        None if rule.condition is None else link(rule.condition),
        None if rule.often.per is None else link(rule.often.per),
        tuple(link_effect(one) for one in rule.effects),
        any(stages_of(one, standing) - {STATE} for one in rule.effects),
        as_often=None if rule.often.as_often is None else link(rule.often.as_often),
    )


def link_effect(plan: pr.EffectPlan) -> Effect:
    """A linked effect."""
    match plan:
        case pr.StaysPlan(_, _, seconds):
            return Effect(plan, seconds=_link(seconds))
        case pr.BecomesPlan(_, steps):
            linked = tuple(Step(one.state, _link(one.seconds), link_fault_or_none(one.fault)) for one in steps)
            return Effect(plan, steps=linked, value=_link(plan.source))
        case pr.RespondPlan():
            return Effect(plan, respond=_respond(plan))
        case pr.LimitPlan():
            return Effect(plan, respond=_respond(plan.respond), per=_link(plan.per))
        case pr.HidePlan(_, seconds):
            return Effect(plan, seconds=link(seconds))
        case pr.ShowPlan(_, value):
            return Effect(plan, value=_link(value))
        case pr.CyclePlan(items):
            return Effect(plan, items=tuple(link_effect(one) for one in items))
    return Effect(plan)


def _respond(plan: pr.RespondPlan) -> Respond:
    return Respond(
        None if plan.fault is None else link_fault(plan.fault),
        _link(plan.source),
        _link(plan.body),
        tuple((name, link(value)) for name, value in plan.headers),
        _link(plan.retry_after),
        plan.after_commit,
    )


def _link(plan: pl.Plan | None) -> Linked | None:
    return None if plan is None else link(plan)


def stages_of(plan: pr.EffectPlan, standing: bool) -> frozenset[str]:
    """The stages at which an effect has a say. `pass` has one wherever its rule could have another effect."""
    if isinstance(plan, pr.PassPlan):
        return frozenset({STATE, SHOWN} if standing else {STRIKE, DELIVER})
    if isinstance(plan, pr.CyclePlan):
        others = [one for one in plan.items if not isinstance(one, pr.PassPlan)]
        return stages_of(others[0], standing) if others else stages_of(plan.items[0], standing)
    return frozenset({plan.stage})


def phase_of(plan: pr.EffectPlan) -> str | None:
    """The phase before which an effect strikes; None for one of another stage."""
    if isinstance(plan, pr.CyclePlan):
        return next((phase for phase in map(phase_of, plan.items) if phase is not None), None)
    if isinstance(plan, pr.RespondPlan | pr.LimitPlan | pr.PretendPlan | pr.HidePlan | pr.PartPlan | pr.PassPlan):
        return plan.phase
    return None


def field_of(plan: pr.EffectPlan) -> str | None:
    """The lifecycle's field that an effect is about; None for one that is about none, or, as `pass` is, about all."""
    if isinstance(plan, pr.CyclePlan):
        return next((field for field in map(field_of, plan.items) if field is not None), None)
    return plan.field if isinstance(plan, pr.LifecycleEffectPlan) else None
