# SPDX-License-Identifier: Apache-2.0
"""From what a rule does, and how often, to the plans of it.

On the way of a rule: `lower_rules` calls it for each rule, with the scope that the rule's condition has.
"""

from fractions import Fraction

from mimic_rules.compiler import expressions as pl
from mimic_rules.compiler import program as pr
from mimic_rules.compiler.lower_expressions import Scope, lower, lower_fault
from mimic_rules.compiler.lower_resources import lower_period
from mimic_rules.language import declarations as de
from mimic_rules.language import expressions as ex
from mimic_rules.language import lifecycles as li
from mimic_rules.language import rules as ru
from mimic_rules.language.check_effects import fault_field
from mimic_rules.language.slots import DEFAULT_PHASE, phase

# -- how often --------------------------------------------------------------------------------------------------------


def lower_often(only: ru.Only, scope: Scope) -> pr.OftenPlan:
    """How often a rule decides; a part of all becomes a fraction, exactly."""
    counted = only.counted or ru.Counted()
    window = only.window or ru.TimeWindow()
    return pr.OftenPlan(
        counted.times,
        counted.every,
        None if counted.share is None else (Fraction(counted.share) / 100).as_integer_ratio(),
        counted.at_random,
        None if counted.per is None else _per(counted.per, scope),
        window.during,
        _moment(window.since),
        _moment(window.until),
        None if counted.as_often is None else lower(counted.as_often, scope),
    )


def _moment(moment: ru.Moment | None) -> pr.MomentPlan | None:
    return None if moment is None else pr.MomentPlan(float(moment.seconds), moment.daily)


def _per(per: ex.Expr, scope: Scope) -> pl.Plan:
    if isinstance(per, ex.Name) and scope.record is not None and per.name == scope.record.name:
        return pl.FieldOf(pl.Slot(pl.SELF, "self"), scope.record.key[0])
    if per == ex.Name("tenant"):
        return pl.Get(pl.Root("tenant"), "id")
    return lower(per, scope)


# -- effects ----------------------------------------------------------------------------------------------------------


def lower_effect(effect: ru.Effect, scope: Scope, before: str | None = None) -> pr.EffectPlan:
    """The plan of an effect; `before` is the phase of the cycle that it stands in."""
    strikes = before or phase(effect) or DEFAULT_PHASE
    match effect:
        case ru.Stays(field, state, period):
            return pr.StaysPlan(field, state, _period(period, scope))
        case ru.Becomes(field, steps, source):
            lowered = tuple(_step(step, scope) for step in steps)
            said = source is not None or any(step.fault for step in steps)
            fault = fault_field(scope.record) if said and scope.record else None
            return pr.BecomesPlan(field, lowered, fault, None if source is None else lower(source, scope))
        case ru.Respond():
            return _respond(effect, strikes, scope)
        case ru.Limit(count, seconds, per, respond):
            told = _respond(respond, strikes, scope, "wait")
            return pr.LimitPlan(strikes, count, seconds, told, None if per is None else _per(per, scope))
        case ru.Pretend():
            return pr.PretendPlan(strikes)
        case ru.Hide(period):
            return pr.HidePlan(strikes, lower_period(period, scope))
        case ru.FirstOf(count, name):
            return pr.PartPlan(strikes, count, _kind(name, scope))
        case ru.Delay(low, high):
            return pr.DelayPlan(low, high)
        case ru.Wire(how, share):
            return pr.WirePlan(how) if share is None else pr.WirePlan(how, float(share) / 100)
        case ru.SetShown(key, value):
            return pr.ShowPlan(key, lower(value, scope))
        case ru.Omit(key):
            return pr.ShowPlan(key, None)
        case ru.PassOn():
            return pr.PassPlan(strikes)
    return pr.CyclePlan(tuple(lower_effect(one, scope, strikes) for one in effect.items))


def _period(period: li.Period | None, scope: Scope) -> pl.Plan | None:
    return None if period is None else lower_period(period, scope)


def _step(step: ru.ChainStep, scope: Scope) -> pr.StepPlan:
    fault = None if step.fault is None else lower_fault(step.fault, scope)
    return pr.StepPlan(step.state, _period(step.period, scope), fault)


def _respond(effect: ru.Respond, strikes: str, scope: Scope, *sees: str) -> pr.RespondPlan:
    fault = None
    if effect.status is not None:
        message = ex.Literal(None) if effect.message is None else effect.message
        said = de.Fault(effect.status, effect.name, message, span=effect.span)
        fault = lower_fault(said, scope.knowing(sees))
    return pr.RespondPlan(
        strikes,
        fault,
        None if effect.source is None else lower(effect.source, scope),
        None if effect.body is None else lower(effect.body, scope),
        tuple((one.name, lower(one.value, scope)) for one in effect.headers),
        _period(effect.retry_after, scope),
        effect.after_commit,
    )


def _kind(name: str, scope: Scope) -> str:
    """The kind of a resource of the service at hand, of which the name or the plural is given."""
    resources = [] if scope.service is None else scope.service.resources.values()
    return next((one.kind for one in resources if name in (one.name, one.plural)), name)
