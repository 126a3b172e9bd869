# SPDX-License-Identifier: Apache-2.0
"""Checks of what a rule does: each of its effects, and whether they go together.

On the way of a rule: `check_rules` hands over a rule whose events are known; answers are looked at by `check_answers`.
"""

from mimic_rules.language import expressions as ex
from mimic_rules.language import rules as ru
from mimic_rules.language import types as ty
from mimic_rules.language.check_answers import check_limit, check_phases_of, check_respond
from mimic_rules.language.check_faults import check_fault
from mimic_rules.language.check_lifecycles import check_states
from mimic_rules.language.check_types import check_period
from mimic_rules.language.infer import infer
from mimic_rules.language.kinds import said
from mimic_rules.language.model import ResourceModel, RuleModel
from mimic_rules.language.report import suggest
from mimic_rules.language.scope import Scope
from mimic_rules.language.slots import Stage, phase, said_phase, slots, stage


def check_effects(model: RuleModel, resource: ResourceModel | None, scope: Scope) -> None:
    """The effects of a rule, whose condition and events have been looked at."""
    for effect in model.rule.effects:
        if isinstance(effect, ru.Cycle):
            _check_cycle(effect, model, resource, scope)
        else:
            _check_effect(effect, model, resource, scope)
    _check_slots(model, scope)


def _check_effect(effect: ru.Effect, model: RuleModel, resource: ResourceModel | None, scope: Scope) -> None:
    if not model.rule.events and not _can_stand(effect):
        told = "a rule without events has no request to answer"
        help = "say on which events, such as `on create`"
        scope.context.report.add("MR505", told, effect.span, help=help)
        return
    match effect:
        case ru.Stays() | ru.Becomes():
            _check_move(effect, resource, scope)
        case ru.Respond():
            check_respond(effect, scope)
        case ru.Limit():
            check_limit(effect, scope)
        case ru.Hide():
            check_period(effect.period, scope)
        case ru.FirstOf():
            _check_part(effect, scope)
        case ru.SetShown() | ru.Omit():
            _check_shown(effect, resource, scope)
        case _:
            pass
    check_phases_of(effect, model, resource, scope)


def _can_stand(effect: ru.Effect) -> bool:
    """Whether an effect needs no request."""
    if isinstance(effect, ru.PassOn):
        return effect.phase is None
    return stage(effect) in (Stage.STATE, Stage.SHOWN)


def _check_cycle(cycle: ru.Cycle, model: RuleModel, resource: ResourceModel | None, scope: Scope) -> None:
    report = scope.context.report
    for item in cycle.items:
        if isinstance(item, ru.Cycle):
            told = "a cycle can't stand in another one"
            report.add("MR507", told, item.span, help="write its items in the outer one")
        else:
            _check_effect(item, model, resource, scope)
        if Stage.ANY is not stage(item) is not stage(cycle):
            told = f"the items before this one come {stage(cycle)}, and this one {stage(item)}"
            report.add("MR507", told, item.span, help="make two rules of them")
            return
        if (said_phase(item) or stage(item) is Stage.STRIKE) and phase(item) != phase(cycle):
            told = f"other items strike before `{phase(cycle)}`, and this one before `{phase(item)}`"
            report.add("MR507", told, item.span, help="strike before the same phase, or make two rules of them")
            return


def _check_slots(model: RuleModel, scope: Scope) -> None:
    """No two effects of a rule fill the same slot."""
    filled: dict[str, ru.Effect] = {}
    for effect in model.rule.effects:
        for slot in slots(_by_resource(effect, scope), standing=not model.rule.events):
            if slot in filled:
                told = f"an effect of this rule says {slot} already"
                scope.context.report.add("MR506", told, effect.span, help="keep one of the two, or make two rules")
                return
            filled[slot] = effect


def _by_resource(effect: ru.Effect, scope: Scope) -> ru.Effect:
    """The same, with the name of the resource where its plural is written."""
    if isinstance(effect, ru.FirstOf):
        found = counted_resource(effect.name, scope)
        return effect if found is None else ru.FirstOf(effect.count, found.name)
    return effect


def _check_move(effect: ru.Stays | ru.Becomes, resource: ResourceModel | None, scope: Scope) -> None:
    report = scope.context.report
    steps = effect.steps if isinstance(effect, ru.Becomes) else (ru.ChainStep(effect.state, effect.period),)
    for step in steps:
        check_period(step.period, scope)
    if isinstance(effect, ru.Becomes) and effect.source is not None:
        _check_states_source(effect.source, scope)
    if resource is None:
        told = f"nothing says whose `{effect.field}` this is"
        report.add("MR210", told, effect.span, word=effect.field, help="give the rule events of one resource")
        return
    lifecycle = resource.lifecycles.get(effect.field)
    if lifecycle is not None:
        for step in steps:
            check_states((step.state,), lifecycle, effect.span, scope.context)
        if isinstance(effect, ru.Becomes):
            _check_chain(effect, resource, scope)
    elif effect.field in scope.context.fields(resource):
        told = f"field `{effect.field}` has no lifecycle that a rule could hold"
        help = suggest(effect.field, resource.lifecycles, "only a lifecycle's field stays or becomes")
        report.add("MR405", told, effect.span, word=effect.field, help=help)
    else:
        told = f"resource `{resource.name}` has no field `{effect.field}`"
        help = suggest(effect.field, resource.lifecycles, "name a field that has a lifecycle")
        report.add("MR201", told, effect.span, word=effect.field, help=help)


def _check_states_source(source: ex.Expr, scope: Scope) -> None:
    """What states are worked out of is a list."""
    kind = infer(source, scope)
    if kind.what not in ("list", "unknown"):
        told = f"{scope.context.report.places.text(source.span)} is {said(kind)}, and states are worked out of a list"
        help = "write `[{ state: 'ACTIVE', after: 5s }]`, or read one with json()"
        scope.context.report.add("MR307", told, source.span, help=help)


def _check_chain(effect: ru.Becomes, resource: ResourceModel, scope: Scope) -> None:
    report = scope.context.report
    for before, step in zip(effect.steps, effect.steps[1:], strict=False):
        if step.period is None:
            told = f"nothing says how long it is {before.state} before it becomes {step.state}"
            report.add("MR408", told, step.span, word=step.state, help=f"write `{step.state} after` and how long")
        elif step.state == before.state:
            told = f"it is {step.state} already"
            report.add("MR408", told, step.span, word=step.state, help="name another state, or leave the step out")
    for step in effect.steps:
        check_fault(step.fault, scope)
        if step.fault is not None and fault_field(resource) is None:
            told = f"resource `{resource.name}` has no field that a fault could be put in"
            report.add("MR409", told, step.fault.span, help="declare one of type `fault`, such as `reason fault ?`")


def fault_field(resource: ResourceModel) -> str | None:
    """The field of type `fault` of a resource, the first one of several."""
    for name, field in resource.fields.items():
        if field.type == ty.Plain("fault"):
            return name
    return None


def _check_part(effect: ru.FirstOf, scope: Scope) -> None:
    service = scope.service
    if service is None:
        told = f"nothing says which service `{effect.name}` are of"
        scope.context.report.add("MR210", told, effect.span, word=effect.name, help="write `for SERVICE` above")
    elif counted_resource(effect.name, scope) is None:
        known = [name for one in service.resources.values() for name in (one.name, one.plural)]
        told = f"service `{service.name}` has no resource `{effect.name}`"
        help = suggest(effect.name, known, "its resources are " + ", ".join(sorted(service.resources)))
        scope.context.report.add("MR202", told, effect.span, word=effect.name, help=help)


def counted_resource(name: str, scope: Scope) -> ResourceModel | None:
    """The resource of the service at hand that has this name, or this plural."""
    resources = [] if scope.service is None else list(scope.service.resources.values())
    return next((one for one in resources if name in (one.name, one.plural)), None)


def _check_shown(effect: ru.SetShown | ru.Omit, resource: ResourceModel | None, scope: Scope) -> None:
    report = scope.context.report
    if isinstance(effect, ru.SetShown):
        infer(effect.value, scope)
    if resource is None:
        told = f"nothing says in whose records `{effect.key}` is"
        report.add("MR210", told, effect.span, word=effect.key, help="give the rule events of one resource")
        return
    keys = [entry.key for view in resource.views.values() for entry in view.entries if isinstance(entry, ex.Entry)]
    known = {str(key.value) for key in keys if isinstance(key, ex.Literal)}
    if isinstance(effect, ru.Omit) and len(known) == len({str(key) for key in keys}) and effect.key not in known:
        told = f"no view of `{resource.name}` shows `{effect.key}`"
        help = suggest(effect.key, known, "they show " + ", ".join(sorted(known)) if known else "leave it out")
        report.add("MR201", told, effect.span, word=effect.key, help=help)
