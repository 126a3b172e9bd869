# SPDX-License-Identifier: Apache-2.0
"""Checks of locks, and which states are entered by other ways than those of a lifecycle.

On the way of a rule: `check` asks for the states that rules, locks and operations put a record into before it looks at
the lifecycles, and calls `check_lock` for every lock of a service.
"""

from collections.abc import Iterable, Iterator

from mimic_rules.diagnostics import Span
from mimic_rules.language import expressions as ex
from mimic_rules.language import lifecycles as li
from mimic_rules.language import operations as op
from mimic_rules.language import rules as ru
from mimic_rules.language.check_faults import (
    check_fault,
    check_field_name,
    check_once,
    find_resource,
)
from mimic_rules.language.check_lifecycles import Verbs, states
from mimic_rules.language.infer import infer
from mimic_rules.language.model import Model, ResourceModel, ServiceModel
from mimic_rules.language.report import suggest
from mimic_rules.language.scope import Context, Scope, shown


def check_lock(lock: li.Lock, service: ServiceModel, verbs: Verbs, context: Context) -> None:
    """A lock of a service."""
    root = service.resources[lock.resource]
    scope = Scope(context, service).of(root)
    check_once(lock.lines, (li.Takes, li.Itself), "this lock", context.report)
    known = check_field_name(lock.field, root, lock.span, scope)
    covered = [root]
    for line in lock.lines:
        if isinstance(line, li.Covers):
            found = [find_resource(name, service, line.span, context.report) for name in line.resources]
            covered += [resource for resource in found if resource is not None]
    of_covered = {verb for one in covered for verb in verbs.get((service.name, one.name), ())}
    for line in lock.lines:
        match line:
            case li.Free():
                for event in line.events:
                    _check_event(event, service, of_covered, context)
                if known:
                    _check_states(line.states, lock, root, line.span, context)
            case li.Takes(state=state) if known:
                _check_states((state,), lock, root, line.span, context)
            case li.Itself(marks=marks):
                for mark in marks:
                    _check_verb(mark.verb, of_covered, mark.span, context)
                    if not any(mark.state in (shown(one, lock.field) or {mark.state}) for one in covered):
                        _check_states((mark.state,), lock, root, mark.span, context)
            case li.Marks():
                marked = service.resources.get(line.resource)
                if marked is None or marked not in covered:
                    told = f"this lock does not cover `{line.resource}`"
                    help = suggest(line.resource, [one.name for one in covered], "name it under `covers`")
                    context.report.add("MR202", told, line.span, word=line.resource, help=help)
                infer(line.others, scope if marked is None else scope.of(marked))
            case li.Refuse():
                _check_refuse(line, lock, root, service, of_covered, scope)
            case _:
                pass


def _check_refuse(
    line: li.Refuse, lock: li.Lock, root: ResourceModel, service: ServiceModel, verbs: set[str], scope: Scope
) -> None:
    context = scope.context
    if line.event is not None:
        _check_event(line.event, service, verbs, context)
    if line.state is not None:
        _check_states((line.state,), lock, root, line.span, context)
    check_fault(line.fault, scope)


def _check_event(event: li.EventName, service: ServiceModel, verbs: set[str], context: Context) -> None:
    if isinstance(event, li.NamedEvent):
        resource = event.resource
        if resource is None or find_resource(resource, service, event.span, context.report) is not None:
            _check_verb(event.verb, verbs, event.span, context)


def _check_verb(verb: str, known: set[str], span: Span, context: Context) -> None:
    if verb not in known:
        told = f"no operation `{verb}` is declared for what this lock covers"
        help = suggest(verb, known, "declare it with `operation`")
        context.report.add("MR203", told, span, word=verb, help=help)


def _check_states(names: Iterable[str], lock: li.Lock, root: ResourceModel, span: Span, context: Context) -> None:
    known = shown(root, lock.field)
    for name in names:
        if known is not None and name not in known:
            told = f"lifecycle of `{root.name}.{lock.field}` has no state `{name}`"
            help = suggest(name, known, "its states are " + ", ".join(sorted(known)))
            context.report.add("MR401", told, span, word=name, help=help)


# -- what puts records into states


def states_set(model: Model) -> dict[tuple[str, str], set[str]]:
    """(resource's kind, field) -> the states into which rules, locks and operations put a record."""
    found: dict[tuple[str, str], set[str]] = {}
    resources: dict[str, list[ResourceModel]] = {}
    for service in model.services.values():
        for resource in service.own():
            for field in resource.lifecycles:
                found[resource.kind, field] = set()
                resources.setdefault(field, []).append(resource)
    for service in model.services.values():
        for lock in service.locks:
            for kind, state in _set_by_lock(lock, service):
                found.get((kind, lock.field), set()).add(state)
        for operation in service.operations:
            for resource, to in _moved_by_operation(operation, service):
                for field, lifecycle in resource.lifecycles.items():
                    found[resource.kind, field] |= _words(to) or states(lifecycle).keys()
            for field, value in _set_by_operation(operation):
                for resource in resources.get(field, ()):
                    if resource.service == service.base:
                        found[resource.kind, field] |= _words(value) or states(resource.lifecycles[field]).keys()
    for rule in model.rules:
        for effect in rule.rule.effects:
            if isinstance(effect, ru.Becomes):
                for resource in resources.get(effect.field, ()):
                    said = {step.state for step in effect.steps}
                    every = states(resource.lifecycles[effect.field]).keys()
                    found[resource.kind, effect.field].update(said if effect.source is None else every)
    return found


def _words(value: ex.Expr) -> set[str]:
    """The one state that an expression names; nothing where it may be any."""
    if isinstance(value, ex.Literal):
        return {str(value.value)}
    return {value.name} if isinstance(value, ex.Name) and value.name.isupper() else set()


def _set_by_lock(lock: li.Lock, service: ServiceModel) -> Iterator[tuple[str, str]]:
    covered = [lock.resource, *(name for line in lock.lines if isinstance(line, li.Covers) for name in line.resources)]
    for line in lock.lines:
        marks = [line.state] if isinstance(line, li.Takes) else []
        if isinstance(line, li.Itself):
            marks = [mark.state for mark in line.marks]
        yield from ((f"{service.name}.{name}", state) for name in covered for state in marks)


def _moved_by_operation(operation: op.Operation, service: ServiceModel) -> Iterator[tuple[ResourceModel, ex.Expr]]:
    for statement in operation.statements:
        if isinstance(statement, op.Move):
            of = statement.records.source if isinstance(statement.records, ex.Where) else statement.records
            name = of.name if isinstance(of, ex.Name) else ""
            yield service.resources.get(name, service.resources[operation.resource]), statement.state


def _set_by_operation(operation: op.Operation) -> Iterator[tuple[str, ex.Expr]]:
    for statement in operation.statements:
        match statement:
            case op.Set(target=ex.Name(name=name) | ex.Attribute(name=name), value=value):
                yield name, value
            case op.Take(fields=fields, source=source):
                yield from ((name, source) for name in fields)
            case op.Create(values=values) | op.Find(values=ex.ObjectOf() as values) | op.Reconcile(values=values):
                for entry in values.entries:
                    if isinstance(entry, ex.Entry) and isinstance(entry.key, ex.Literal):
                        yield str(entry.key.value), entry.value
