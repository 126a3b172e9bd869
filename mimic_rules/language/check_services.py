# SPDX-License-Identifier: Apache-2.0
"""Checks of services, settings, quotas, seeds, definitions and of what is gone.

On the way of a rule: `check` calls these for every service of the model; what belongs to one resource is looked at by
`check_resources`, and operations by `check_operations`.
"""

from typing import Final

from mimic_rules.language import declarations as de
from mimic_rules.language import expressions as ex
from mimic_rules.language import vocabulary
from mimic_rules.language.check_definitions import check_definitions, names_with_definitions
from mimic_rules.language.check_faults import (
    check_fault,
    check_field_name,
    check_header,
    check_header_name,
    check_once,
    check_phases,
    find_resource,
)
from mimic_rules.language.check_types import check_field_value, check_type, check_value
from mimic_rules.language.check_windows import check_versions, check_window
from mimic_rules.language.infer import condition, infer, source
from mimic_rules.language.kinds import UNKNOWN
from mimic_rules.language.model import ServiceModel
from mimic_rules.language.parameters import page_parameters
from mimic_rules.language.report import Report, suggest
from mimic_rules.language.scope import Context, Scope, qualified

_ONCE: Final = (de.Versions, de.Caller, de.Envelope, de.FaultElse, de.Order, de.Queries, de.Page)
_ONCE_IN_PAGE: Final = (de.PageLimit, de.PageMarker, de.PageOffset, de.PageSort, de.PageWrap)


def check_service(service: ServiceModel, context: Context) -> None:
    """The lines of a service's declaration."""
    report = context.report
    scope = Scope(context, service, loose=context.names(service))
    check_once(service.declaration.lines, _ONCE, f"service `{service.name}`", report)
    situations: set[tuple[str, str | None]] = set()
    for line in service.declaration.lines:
        match line:
            case de.Caller():
                _check_caller(line, service, scope)
            case de.Versions():
                check_versions(line, report)
                for carrier in line.carriers:
                    check_header_name(carrier.header, carrier.span, report)
            case de.Header():
                check_header(line, scope)
            case de.HandsOut():
                _check_handout(line, service, scope)
            case de.Envelope():
                infer(line.body, _of_any_fault(scope))
            case de.FaultName():
                _check_fault_name(line, scope)
            case de.Situation():
                _check_situation(line, service, scope)
                if (line.name, line.resource) in situations:
                    told = f"situation `{line.name}` is said twice"
                    report.add("MR104", told, line.span, word=line.name, help="keep one of the two")
                situations.add((line.name, line.resource))
            case de.Order():
                check_phases(line, report)
            case de.Queries():
                check_type(line.type, scope)
            case de.Page():
                _check_page(line, service, scope)


def _check_handout(line: de.HandsOut, service: ServiceModel, scope: Scope) -> None:
    """A document that is handed out sees what is known without any request."""
    others = [one for one in service.lines(de.HandsOut) if one.name == line.name]
    if others[0] is not line:
        told = f"`{line.name}` is said twice in service `{service.name}`"
        scope.context.report.add("MR104", told, line.span, help="keep one of the two")
    infer(line.value, scope)
    for name in sorted(names_with_definitions(line.value, service)):
        if (name in vocabulary.ROOTS and name not in vocabulary.HANDOUT_ROOTS) or name in service.resources:
            told = f"there is no `{name}` yet where a world is made"
            help = "it sees " + ", ".join(sorted(vocabulary.HANDOUT_ROOTS))
            scope.context.report.add("MR201", told, line.span, word=name, help=help)
            return


def _of_any_fault(scope: Scope) -> Scope:
    """The names of whatever place a fault comes from."""
    sees = {name for situation in vocabulary.SITUATIONS.values() for name in situation.sees}
    return scope.in_fault(*sees)


def _check_caller(line: de.Caller, service: ServiceModel, scope: Scope) -> None:
    report = scope.context.report
    check_header_name(line.header, line.span, report)
    of_service, name = qualified(service, line.token)
    resource = scope.context.model.resource(of_service, name)
    if resource is None:
        owner = scope.context.model.services.get(of_service)
        if owner is None:
            help = suggest(of_service, scope.context.model.services, "declare it with `service`")
            report.add("MR202", f"there is no service `{of_service}`", line.token.span, word=of_service, help=help)
        else:
            find_resource(name, owner, line.token.span, report)
    else:
        condition(line.condition, scope.of(resource))
        for field in (line.tenant, line.user):
            if field is not None:
                check_field_name(field, resource, line.span, scope, last=True)
    check_fault(line.fault, scope)


def _check_fault_name(line: de.FaultName, scope: Scope) -> None:
    inner = _of_any_fault(scope)
    for part in (line.message, line.body):
        if part is not None:
            infer(part, inner)
    for header in line.headers:
        check_header(header, inner)


def _check_situation(line: de.Situation, service: ServiceModel, scope: Scope) -> None:
    if line.resource is not None or line.name in vocabulary.OF_RESOURCES:
        _check_of_resource(line, service, scope)
        return
    situation = vocabulary.SITUATIONS.get(line.name)
    if situation is None:
        known = vocabulary.SITUATIONS
        help = suggest(line.name, known, "the situations are " + ", ".join(known))
        scope.context.report.add("MR208", f"there is no situation `{line.name}`", line.span, word=line.name, help=help)
    else:
        check_fault(line.fault, scope, *situation.sees)


def _check_of_resource(line: de.Situation, service: ServiceModel, scope: Scope) -> None:
    """What is said of the records of a resource."""
    report = scope.context.report
    if line.name not in vocabulary.OF_RESOURCES:
        help = suggest(line.name, vocabulary.OF_RESOURCES, "of a resource something is missing or refused")
        told = f"there is no situation `{line.name}` of a resource"
        report.add("MR208", told, line.span, word=line.name, help=help)
    elif line.resource is None:
        help = f"name the resource: `on {line.name} RESOURCE …`"
        report.add("MR208", f"nothing says what is {line.name}", line.span, word=line.name, help=help)
    else:
        resource = find_resource(line.resource, service, line.span, report)
        if resource is not None:
            inner = scope if line.name == "missing" else scope.of(resource)
            check_fault(line.fault, inner, *(resource.key if line.name == "missing" else ()))


def _check_page(page: de.Page, service: ServiceModel, scope: Scope) -> None:
    report = scope.context.report
    check_once(page.lines, _ONCE_IN_PAGE, "this page", report)
    _check_parameters(page, report)
    for line in page.lines:
        match line:
            case de.PageLimit():
                if line.range.high is not None and line.range.low > line.range.high:
                    told = f"nothing lies between {line.range.low} and {line.range.high}"
                    report.add("MR307", told, line.range.span, help="write the lower bound first")
                check_fault(line.fault, scope)
            case de.PageMarker():
                check_fault(line.fault, scope)
            case de.PageSort():
                names = scope.context.names(service)
                for key in line.default:
                    if names and key.field not in names:
                        told = f"no resource of service `{service.name}` has a field `{key.field}`"
                        help = suggest(key.field, names, "sort by a field that the resources have")
                        report.add("MR201", told, key.span, word=key.field, help=help)
            case de.PageWrap():
                infer(line.body, scope.with_names(vocabulary.PAGE_NAMES))


def _check_parameters(page: de.Page, report: Report) -> None:
    seen: set[str] = set()
    for name, line in page_parameters(page):
        if name in seen:
            told = f"query parameter `{name}` has a meaning already"
            report.add("MR206", told, line.span, word=name, last=True, help="give each meaning a parameter of its own")
        seen.add(name)


def check_settings(context: Context) -> None:
    """Every setting: its type, and that its default is of it."""
    for setting in context.model.settings.values():
        scope = Scope(context)
        check_type(setting.type, scope)
        check_value(setting.default, setting.type, False, setting.name, scope)


def check_belongings(service: ServiceModel, context: Context) -> None:
    """The quotas, seeds and definitions of a service, and its paths that are gone."""
    scope = Scope(context, service)
    for quota in service.quotas.values() if service.base == service.name else ():
        _check_quota(quota, service, scope)
    for seed in service.seeds:
        items = source(seed.source, scope)
        if items.what not in ("list", "unknown"):
            report = context.report
            report.add("MR307", "a seed goes through a list", seed.source.span, help="write `[…]`, or name a list")
        inner = scope.with_local(seed.name, items.of or UNKNOWN if items.what == "list" else UNKNOWN)
        check_values(seed.values, service, seed.resource, inner)
    for gone in service.gones:
        check_window(gone.guards, service, context.report)
        condition(gone.guards.when, scope)
        check_fault(gone.fault, Scope(context, service, extra={"path": UNKNOWN}))
    check_definitions(service, context)


def _check_quota(quota: de.Quota, service: ServiceModel, scope: Scope) -> None:
    if quota.resource is None:
        return
    resource = find_resource(quota.resource, service, quota.span, scope.context.report)
    if resource is None or quota.field is None:
        return
    if check_field_name(quota.field, resource, quota.span, scope, last=True):
        kind = scope.context.fields(resource)[quota.field]
        if kind.what not in ("number", "unknown"):
            told = f"field `{quota.field}` holds no numbers, so it has no sum"
            scope.context.report.add("MR307", told, quota.span, word=quota.field, last=True, help="count the records")


def check_values(values: ex.ObjectOf, service: ServiceModel, name: str, scope: Scope) -> None:
    """The values that a record of resource `name` is made of."""
    resource = service.resources.get(name)
    for entry in values.entries:
        if isinstance(entry, ex.Spread):
            infer(ex.ObjectOf((entry,), span=entry.span), scope)
            continue
        check_window(entry.guards, service, scope.context.report)
        condition(entry.guards.when, scope)
        field = str(entry.key.value) if isinstance(entry.key, ex.Literal) else None
        if resource and field is not None and check_field_name(field, resource, entry.key.span, scope):
            check_field_value(entry.value, resource, field, scope)
        else:
            infer(entry.key, scope)
            infer(entry.value, scope)
