# SPDX-License-Identifier: Apache-2.0
"""Checks of rules, each by itself: its events, its condition, how often, and its effects.

On the way of a rule: `check` calls `check_rule` for every rule; how rules meet is looked at by `check_meetings`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from mimic_rules.language import declarations as de
from mimic_rules.language import lifecycles as li
from mimic_rules.language import vocabulary
from mimic_rules.language.check_definitions import names_in
from mimic_rules.language.check_faults import (
    check_fault_name,
    check_phase,
    find_resource,
)
from mimic_rules.language.check_lifecycles import Verbs, check_states
from mimic_rules.language.check_operations import request_names
from mimic_rules.language.check_types import check_period
from mimic_rules.language.infer import condition, infer
from mimic_rules.language.kinds import UNKNOWN, Kind
from mimic_rules.language.model import ResourceModel, RuleModel, ServiceModel
from mimic_rules.language.report import suggest
from mimic_rules.language.scope import Context, Scope

_KNOWN_FROM: Final = {"body": "decode", "caller": "caller", "tenant": "caller", "quota": "caller", "version": "version"}
"""The phase in which a root comes to be known."""


@dataclass(frozen=True, slots=True)
class Event:
    """The operations that an event means; what is None may be anything."""

    service: str | None
    resource: str | None
    verb: str | None

    def covers(self, other: "Event") -> bool:
        """Whether every operation of the other is one of this."""
        pairs = ((self.service, other.service), (self.resource, other.resource), (self.verb, other.verb))
        return all(mine is None or mine == others for mine, others in pairs)


def events_of(model: RuleModel) -> list[Event]:
    """The events of a rule, with what its subject leaves unsaid."""
    return [_event(event, model) for event in model.rule.events]


def _event(event: li.EventName, model: RuleModel) -> Event:
    if isinstance(event, li.AnyEvent):
        return Event(event.service, None, None)
    return Event(model.service, event.resource or model.resource, event.verb)


def check_rule(model: RuleModel, verbs: Verbs, context: Context) -> None:
    """A rule."""
    rule = model.rule
    service = None if model.service is None else context.model.services.get(model.service)
    if model.service is not None and service is None:
        # The subject is unknown, which its `for` has been told.
        return
    if service is not None and model.resource is not None and model.resource not in service.resources:
        return
    sound = [_check_event(event, model, service, verbs, context) for event in rule.events]
    if not rule.events and model.resource is None:
        told = "nothing says which records this rule is about"
        context.report.add("MR210", told, rule.span, help="write `for SERVICE.RESOURCE` above, or say on which events")
        return
    if not all(sound):
        return
    resource = _target(model, context)
    scope = _scope(model, resource, context)
    condition(rule.condition, scope)
    if rule.only is not None and rule.only.per is not None:
        condition(rule.only.per, scope)
    for effect in rule.effects:
        if isinstance(effect, li.Respond):
            _check_respond(effect, model, resource, scope)
        else:
            _check_move(effect, resource, scope)


def _check_event(
    event: li.EventName, model: RuleModel, service: ServiceModel | None, verbs: Verbs, context: Context
) -> bool:
    report = context.report
    if isinstance(event, li.AnyEvent):
        if event.service is None or event.service in context.model.services:
            return True
        told = f"there is no service `{event.service}`"
        help = suggest(event.service, context.model.services, "`any` goes before the name of a service")
        report.add("MR202", told, event.span, word=event.service, last=True, help=help)
        return False
    if service is None:
        told = "nothing says which service this event is of"
        report.add("MR210", told, event.span, help="write `for SERVICE` above, or say `any`")
        return False
    name = event.resource or model.resource
    if event.verb in vocabulary.EVENT_GROUPS:
        return name is None or find_resource(name, service, event.span, report) is not None
    if name is None:
        told = f"nothing says what `{event.verb}` is done to"
        report.add("MR210", told, event.span, help=f"write `{event.verb} RESOURCE`")
        return False
    if find_resource(name, service, event.span, report) is None:
        return False
    known = verbs.get((service.name, name), frozenset())
    if event.verb not in known:
        told = f"no operation `{event.verb} {name}` is declared"
        help = suggest(event.verb, known, "its operations are " + ", ".join(sorted(known)) if known else "declare it")
        report.add("MR203", told, event.span, word=event.verb, help=help)
        return False
    return True


def _target(model: RuleModel, context: Context) -> ResourceModel | None:
    """The one resource whose records a rule is about, or None."""
    events = events_of(model) or [Event(model.service, model.resource, None)]
    found = {(event.service, event.resource) for event in events}
    service, resource = found.pop()
    return None if found or service is None or resource is None else context.model.resource(service, resource)


def _scope(model: RuleModel, resource: ResourceModel | None, context: Context) -> Scope:
    services = {event.service for event in events_of(model)} or {model.service}
    name = services.pop() if len(services) == 1 else None
    service = context.model.services.get(name or model.service or "")
    extra: Mapping[str, Kind] = dict.fromkeys(("body", "query", "path"), UNKNOWN)
    operations = [
        operation
        for event in events_of(model)
        for operation in (service.operations if service is not None else ())
        if event.covers(Event(service.name if service else None, operation.resource, operation.verb))
    ]
    if service is not None and len(operations) == 1:
        extra = request_names(operations[0], service, context)
    if resource is not None:
        return Scope(context, service, extra=extra).of(resource)
    loose = context.names(context.model.services.get(name) if name is not None else None)
    return Scope(context, service, extra={**extra, "self": UNKNOWN}, loose=loose)


def _check_move(effect: li.Stays | li.Becomes, resource: ResourceModel | None, scope: Scope) -> None:
    report = scope.context.report
    check_period(effect.period, scope)
    if resource is None:
        told = f"nothing says whose `{effect.field}` this is"
        report.add("MR210", told, effect.span, word=effect.field, help="give the rule events of one resource")
        return
    lifecycle = resource.lifecycles.get(effect.field)
    if lifecycle is not None:
        check_states((effect.state,), lifecycle, effect.span, scope.context)
    elif effect.field in scope.context.fields(resource):
        told = f"field `{effect.field}` has no lifecycle that a rule could hold"
        help = suggest(effect.field, resource.lifecycles, "only a lifecycle's field stays or becomes")
        report.add("MR405", told, effect.span, word=effect.field, help=help)
    else:
        told = f"resource `{resource.name}` has no field `{effect.field}`"
        help = suggest(effect.field, resource.lifecycles, "name a field that has a lifecycle")
        report.add("MR201", told, effect.span, word=effect.field, help=help)


def _check_respond(effect: li.Respond, model: RuleModel, resource: ResourceModel | None, scope: Scope) -> None:
    report = scope.context.report
    if not model.rule.events:
        told = "a rule without events has no request to answer"
        report.add("MR505", told, effect.span, help="say on which events, such as `on create`")
        return
    check_fault_name(effect.name, effect.span, scope.service, report)
    if effect.message is not None:
        infer(effect.message, scope.in_fault())
    if effect.phase is None:
        return
    check_phase(effect.phase, effect.span, report)
    if effect.after_commit:
        told = "an answer after commit can't come before a phase"
        report.add("MR504", told, effect.span, word="before", help="leave out one of the two")
    elif effect.phase in vocabulary.PHASES:
        _check_early(effect, effect.phase, model, resource, scope)


def _check_early(
    effect: li.Respond, phase: str, model: RuleModel, resource: ResourceModel | None, scope: Scope
) -> None:
    """Nothing is read before the phase in which it comes to be known."""
    order = _order(scope.service)
    only = model.rule.only
    fields = scope.context.fields(resource) if resource is not None else {}
    for name in sorted(names_in((model.rule.condition, only.per if only else None, effect.message))):
        needed = "find" if name in fields or name == "self" else _KNOWN_FROM.get(name)
        if needed is not None and order.index(needed) >= order.index(phase):
            told = f"`{name}` is not known before phase `{phase}`"
            following = order[order.index(needed) + 1 :]
            help = f"strike before `{following[0]}` or later" if following else "leave `before` out"
            scope.context.report.add("MR504", told, effect.span, word=phase, last=True, help=help)
            return


def _order(service: ServiceModel | None) -> list[str]:
    """The phases in the order of a service; those that it leaves out come after the one before them by default."""
    said = [] if service is None else [phase for line in service.lines(de.Order) for phase in line.phases]
    order = [phase for phase in dict.fromkeys(said) if phase in vocabulary.PHASES]
    for number, phase in enumerate(vocabulary.PHASES):
        if phase not in order:
            before = [one for one in vocabulary.PHASES[:number] if one in order]
            order.insert(max((order.index(one) for one in before), default=-1) + 1, phase)
    return order
