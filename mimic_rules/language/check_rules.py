# SPDX-License-Identifier: Apache-2.0
"""Checks of rules, each by itself: its events, its condition, how often.

On the way of a rule: `check` calls `check_rule` for every rule, which leaves its effects to `check_effects`; how rules
meet is looked at by `check_meetings`.
"""

from collections.abc import Mapping

from mimic_rules.language import lifecycles as li
from mimic_rules.language import vocabulary
from mimic_rules.language.check_effects import check_effects
from mimic_rules.language.check_faults import find_resource
from mimic_rules.language.check_lifecycles import Verbs
from mimic_rules.language.check_operations import request_names
from mimic_rules.language.check_types import check_amount
from mimic_rules.language.events import Event, events_of, service_of, target
from mimic_rules.language.infer import condition
from mimic_rules.language.kinds import NUMBER, UNKNOWN, Kind, record_of
from mimic_rules.language.model import ResourceModel, RuleModel, ServiceModel
from mimic_rules.language.report import suggest
from mimic_rules.language.scope import Context, Scope


def check_rule(model: RuleModel, verbs: Verbs, context: Context) -> None:
    """A rule."""
    rule, report = model.rule, context.report
    service = None if model.service is None else context.model.services.get(model.service)
    if model.service is not None and service is None:
        # The subject is unknown, which its `for` has been told.
        return
    if service is not None and model.resource is not None and model.resource not in service.resources:
        return
    sound = [_check_event(event, model, service, verbs, context) for event in rule.events]
    if not rule.events and model.resource is None:
        told = "nothing says which records this rule is about"
        report.add("MR210", told, rule.span, help="write `for SERVICE.RESOURCE` above, or say on which events")
        return
    if not all(sound):
        return
    resource = target(model, context.model)
    scope = _scope(model, resource, context)
    if rule.per is not None:
        if not rule.events:
            told = "a rule that holds per record needs a request, for which one of them is chosen"
            report.add("MR505", told, rule.span, word=rule.per, help="say on which events, such as `on create`")
            return
        of = None if scope.service is None else find_resource(rule.per, scope.service, rule.span, report)
        if of is None:
            if scope.service is None:
                told = f"nothing says which service `{rule.per}` is of"
                report.add("MR210", told, rule.span, word=rule.per, help="write `for SERVICE` above")
            return
        scope = scope.with_local(rule.per, record_of(of))
    condition(rule.condition, scope)
    if rule.only is not None and rule.only.per is not None:
        condition(rule.only.per, scope)
    if rule.only is not None and rule.only.counted is not None and rule.only.counted.as_often is not None:
        check_amount(rule.only.counted.as_often, "times", scope)
    check_effects(model, resource, scope if rule.per is None else scope.with_local("turn", NUMBER))


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


def _scope(model: RuleModel, resource: ResourceModel | None, context: Context) -> Scope:
    services = {event.service for event in events_of(model)} or {model.service}
    name = services.pop() if len(services) == 1 else None
    service = service_of(model, context.model)
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
