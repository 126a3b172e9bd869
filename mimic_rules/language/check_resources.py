# SPDX-License-Identifier: Apache-2.0
"""Checks of resources and their views: what they live in, their fields and constraints, and what clients see.

On the way of a rule: `check` calls these for every resource of every service; lifecycles have checks of their own.
"""

from collections.abc import Mapping
from typing import Final

from mimic_rules.language import declarations as de
from mimic_rules.language import types as ty
from mimic_rules.language.check_faults import (
    check_across,
    check_fault,
    check_field_name,
    check_once,
    find_resource,
)
from mimic_rules.language.check_types import check_type, check_value
from mimic_rules.language.infer import condition, guards, infer
from mimic_rules.language.model import SCOPES, ResourceModel, ServiceModel
from mimic_rules.language.report import suggest
from mimic_rules.language.scope import Context, Scope

_ONCE: Final = (de.Key, de.Plural, de.Missing, de.Kept, de.Across)


def check_resource(resource: ResourceModel, service: ServiceModel, context: Context) -> None:
    """A resource's declaration."""
    scope = Scope(context, service).of(resource)
    report = context.report
    declaration = resource.declaration
    _check_home(resource, service, context)
    check_once(declaration.lines, _ONCE, f"resource `{resource.name}`", report)
    for line in declaration.lines:
        match line:
            case de.Field():
                _check_field(line, resource, scope)
            case de.Key():
                for name in line.fields:
                    check_field_name(name, resource, line.span, scope, last=True)
            case de.Unique():
                for value in line.values:
                    infer(value, scope.to_decide())
                condition(line.condition, scope)
                check_fault(line.fault, scope)
            case de.Invariant():
                condition(line.condition, scope)
                check_fault(line.fault, scope)
            case de.Missing():
                # Nothing was found, so there is no record; its names are those of the path.
                check_fault(line.fault, Scope(context, service, loose=context.names(service)), *resource.key)
            case de.Across():
                check_across(line, resource, Scope(context, service))
            case de.OnDelete():
                _check_on_delete(line, resource, service, scope)


def _check_home(resource: ResourceModel, service: ServiceModel, context: Context) -> None:
    """What a resource lives in."""
    declaration, report = resource.declaration, context.report
    parent = declaration.scope
    if declaration.role not in (None, "tenant"):
        told = f"a resource can't be `{declaration.role}`"
        report.add("MR202", told, declaration.span, word=str(declaration.role), help="the one role is `tenant`")
    elif declaration.role == "tenant":
        first = context.model.tenants()
        if first is not None and first is not resource:
            told = f"the tenants are the records of `{first.kind}` already"
            report.add("MR206", told, declaration.span, word=resource.name, help="only one resource can be the tenants")
    known = [one.name for one in service.own()]
    if parent not in SCOPES and parent not in known:
        told = f"service `{service.name}` has no resource `{parent}`"
        help = suggest(parent, (*known, *SCOPES), "live in world, tenant, user or another resource")
        report.add("MR202", told, declaration.span, word=parent, help=help)


def check_homes(service: ServiceModel, context: Context) -> None:
    """No resource lives in itself, at any distance."""
    known: set[str] = set()
    for resource in service.resources.values():
        chain: list[str] = []
        at: str | None = resource.name
        while at in service.resources and at not in chain and at not in known:
            chain.append(at)
            at = service.resources[at].parent
        if at in chain:
            first = service.resources[at]
            told = f"resource `{at}` lives in itself"
            help = "break the circle " + " in ".join((*chain[chain.index(at) :], at))
            span = first.declaration.span
            context.report.add("MR212", told, span, word=first.declaration.scope, help=help)
        known.update(chain)


def _check_field(line: de.Field, resource: ResourceModel, scope: Scope) -> None:
    check_type(line.type, scope, stored=True)
    report = scope.context.report
    if isinstance(line.type, ty.Plain) and line.type.word == "lifecycle" and line.name not in resource.lifecycles:
        told = f"field `{line.name}` has no lifecycle"
        help = f"declare `lifecycle of {resource.name}.{line.name}`"
        report.add("MR405", told, line.span, word=line.name, help=help)
    if line.initial is not None:
        check_value(line.initial, line.type, line.optional, line.name, scope)
    elif line.on_change:
        told = f"nothing says what `{line.name}` becomes on change"
        report.add("MR307", told, line.span, word="on", help="say its value: `= EXPRESSION on change`")
    check_fault(line.fault, scope)
    if line.keyed is not None:
        _check_keyed(line, line.keyed, scope)


def _check_keyed(line: de.Field, keyed: tuple[str, str], scope: Scope) -> None:
    items = line.type.items if isinstance(line.type, ty.ListType) else None
    report = scope.context.report
    if not isinstance(items, ty.ObjectType):
        told = f"`{line.name}` is no list of objects, so its items have no keys"
        report.add("MR307", told, line.span, word="keyed", help="write `list of { key: text, value: text }`")
        return
    members = [member.key for member in items.members]
    for name in keyed:
        if name not in members:
            told = f"the items of `{line.name}` have no `{name}`"
            help = suggest(name, members, "they have " + ", ".join(members))
            report.add("MR201", told, line.span, word=name, last=True, help=help)


def _check_on_delete(line: de.OnDelete, resource: ResourceModel, service: ServiceModel, scope: Scope) -> None:
    check_fault(line.fault, scope)
    if line.resource == resource.parent:
        return
    referred = {field.type.resource for field in resource.fields.values() if isinstance(field.type, ty.Reference)}
    if line.resource in referred:
        return
    if find_resource(line.resource, service, line.span, scope.context.report) is not None:
        told = f"resource `{resource.name}` does not refer to `{line.resource}`"
        help = suggest(line.resource, referred, f"declare a field `-> {line.resource}`")
        scope.context.report.add("MR202", told, line.span, word=line.resource, help=help)


# -- views


def check_views(resource: ResourceModel, service: ServiceModel, context: Context) -> None:
    """The views of a resource."""
    scope = Scope(context, service).of(resource)
    round_it: set[str] = set()
    for view in resource.own_views(service.name).values():
        for entry in view.entries:
            guards(entry.guards, scope)
            if isinstance(entry, de.Include):
                _check_include(entry, view, resource.seen(service), round_it, resource, context)
            else:
                infer(entry.key, scope)
                infer(entry.value, scope)


def _check_include(
    include: de.Include,
    view: de.View,
    views: Mapping[str, de.View],
    round_it: set[str],
    resource: ResourceModel,
    context: Context,
) -> None:
    """`round_it` grows with the views of circles, of which each is reported once."""
    if include.view not in views:
        told = f"resource `{resource.name}` has no view `{include.view}`"
        help = suggest(include.view, views, "declare it with `view`")
        context.report.add("MR204", told, include.span, word=include.view, last=True, help=help)
    elif view.name in (included := _included(include.view, views)) and view.name not in round_it:
        round_it |= included
        told = f"view `{view.name}` includes itself"
        context.report.add("MR212", told, include.span, word=include.view, last=True, help="include a smaller view")


def _included(name: str, views: Mapping[str, de.View]) -> set[str]:
    """A view and all that it includes, at any distance."""
    reached: set[str] = set()
    ahead = [name]
    while ahead:
        at = ahead.pop()
        if at in views and at not in reached:
            reached.add(at)
            ahead += [entry.view for entry in views[at].entries if isinstance(entry, de.Include)]
    return reached
