# SPDX-License-Identifier: Apache-2.0
"""Checks of lifecycles: states are known and can be reached, ways can be taken, verbs are operations.

On the way of a rule: `check` calls these for every lifecycle, after `prepare_carried` has worked out the kinds of what
states carry, which are fields of the record like any other.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from mimic_rules.diagnostics import Related, Span
from mimic_rules.language import declarations as de
from mimic_rules.language import expressions as ex
from mimic_rules.language import lifecycles as li
from mimic_rules.language import types as ty
from mimic_rules.language.check_faults import check_fault, check_once
from mimic_rules.language.check_types import check_field_value, check_period
from mimic_rules.language.infer import condition, infer
from mimic_rules.language.kinds import Kind, join
from mimic_rules.language.model import ResourceModel
from mimic_rules.language.report import suggest
from mimic_rules.language.scope import Context, Scope

Verbs = Mapping[tuple[str, str], frozenset[str]]
"""The verbs of the operations of every (service, resource)."""

_ONCE: Final = (li.Refusal,)


def states(lifecycle: li.Lifecycle) -> dict[str, li.State]:
    """The states by name."""
    return {line.name: line for line in lifecycle.lines if isinstance(line, li.State)}


def prepare_carried(context: Context) -> None:
    """Work out the kinds of what states carry and ways set."""
    found: dict[tuple[str, str], list[Kind]] = {}
    for service in context.model.services.values():
        for resource in service.own():
            # PERF: the fields are looked up once, when all that states carry is known.
            scope = Scope(Context(context.model, context.quietly().report, context.definitions), service).of(resource)
            for name, value in _carried(resource):
                found.setdefault((resource.kind, name), []).append(infer(value, scope))
    context.carried.update({name: join(kinds) for name, kinds in found.items()})


def _carried(resource: ResourceModel) -> Iterator[tuple[str, ex.Expr]]:
    for lifecycle in resource.lifecycles.values():
        for line in lifecycle.lines:
            if isinstance(line, li.State) and line.values is not None:
                for entry in line.values.entries:
                    if isinstance(entry, ex.Entry) and isinstance(entry.key, ex.Literal):
                        yield str(entry.key.value), entry.value
            elif isinstance(line, li.Timed | li.Requested):
                yield from ((assignment.field, assignment.value) for assignment in line.sets)


def check_lifecycle(
    lifecycle: li.Lifecycle, resource: ResourceModel, verbs: Verbs, reached: Iterable[str], context: Context
) -> None:
    """A lifecycle; `reached` are the states into which rules, locks and operations put its records."""
    scope = Scope(context, context.model.services[resource.service]).of(resource)
    known = states(lifecycle)
    _check_field(lifecycle, resource, context)
    check_once(lifecycle.lines, _ONCE, "this lifecycle", context.report)
    named: set[str] = set()
    for line in lifecycle.lines:
        if isinstance(line, li.State) and line.name in named:
            told = f"state `{line.name}` is declared twice"
            context.report.add("MR206", told, line.span, word=line.name, help="rename one of the two, or leave it out")
        elif isinstance(line, li.State):
            named.add(line.name)
        _check_line(line, lifecycle, resource, verbs.get((resource.service, resource.name), frozenset()), scope)
    starts = _check_start(lifecycle, context)
    if starts:
        _check_reached(lifecycle, {*starts, *reached}, known, context)
    _check_shadowed(lifecycle, known, context)


def _check_field(lifecycle: li.Lifecycle, resource: ResourceModel, context: Context) -> None:
    declared = resource.fields.get(lifecycle.field)
    if declared is None:
        told = f"resource `{resource.name}` has no field `{lifecycle.field}`"
        known = [name for name, line in resource.fields.items() if _is_lifecycle(line)]
        help = suggest(lifecycle.field, known, f"declare it: `{lifecycle.field} lifecycle`")
    elif _is_lifecycle(declared):
        return
    else:
        told = f"field `{lifecycle.field}` is not of type `lifecycle`"
        help = f"declare it so: `{lifecycle.field} lifecycle`"
    context.report.add("MR405", told, lifecycle.span, word=lifecycle.field, help=help)


def _is_lifecycle(field: de.Field) -> bool:
    return isinstance(field.type, ty.Plain) and field.type.word == "lifecycle"


def _check_line(
    line: li.LifecycleLine, lifecycle: li.Lifecycle, resource: ResourceModel, verbs: frozenset[str], scope: Scope
) -> None:
    match line:
        case li.State():
            if line.values is not None:
                _check_carried(line.values, resource, scope)
        case li.Timed() | li.Requested():
            check_states((*line.origin.states,), lifecycle, line.origin.span, scope.context)
            check_states((line.target,), lifecycle, line.span, scope.context)
            if isinstance(line, li.Timed):
                check_period(line.period, scope)
            condition(line.condition, scope)
            for assignment in line.sets:
                check_field_value(assignment.value, resource, assignment.field, scope)
            if isinstance(line, li.Requested):
                _check_verbs(line.verbs, resource, verbs, line.span, scope.context)
        case li.Allowed():
            check_states(line.origin.states, lifecycle, line.origin.span, scope.context)
            _check_verbs(line.verbs, resource, verbs, line.span, scope.context)
        case li.Refusal():
            check_fault(line.fault, scope)


def _check_carried(values: ex.ObjectOf, resource: ResourceModel, scope: Scope) -> None:
    for entry in values.entries:
        if isinstance(entry, ex.Entry) and isinstance(entry.key, ex.Literal) and entry.guards == ex.ALWAYS:
            check_field_value(entry.value, resource, str(entry.key.value), scope)
        else:
            told = "what a state carries are plain values with plain names"
            scope.context.report.add("MR307", told, entry.span, help="write `name: value`")


def check_states(names: Iterable[str], lifecycle: li.Lifecycle, span: Span, context: Context) -> None:
    """Names of states of a lifecycle."""
    known = states(lifecycle)
    for name in names:
        if name not in known:
            told = f"lifecycle of `{lifecycle.resource}.{lifecycle.field}` has no state `{name}`"
            help = suggest(name, known, "its states are " + ", ".join(known) if known else "declare it with `state`")
            context.report.add("MR401", told, span, word=name, help=help)


def _check_verbs(
    names: Iterable[str], resource: ResourceModel, known: frozenset[str], span: Span, context: Context
) -> None:
    for name in names:
        if name not in known:
            told = f"no operation `{name}` is declared for `{resource.name}`"
            help = suggest(name, known, "declare it with `operation`")
            context.report.add("MR203", told, span, word=name, help=help)


def _check_start(lifecycle: li.Lifecycle, context: Context) -> list[str]:
    starts = [line for line in lifecycle.lines if isinstance(line, li.Start)]
    name = f"{lifecycle.resource}.{lifecycle.field}"
    if not starts:
        told = f"nothing says in which state lifecycle of `{name}` starts"
        context.report.add("MR403", told, lifecycle.span, word=lifecycle.field, help="write `start STATE`")
    for line in starts[1:]:
        before = Related(starts[0].span, "it starts here")
        told = f"lifecycle of `{name}` has several starts"
        context.report.add("MR403", told, line.span, help="keep one of them", related=[before])
    for line in starts:
        check_states((line.state,), lifecycle, line.span, context)
    known = states(lifecycle)
    # Without a known start nothing would be reached, which is no mistake of its own.
    return [line.state for line in starts if line.state in known]


def origins(origin: li.Origin, known: Iterable[str]) -> list[str]:
    """The states that an origin stands for."""
    return [name for name in known if (name in origin.states) != origin.inverted]


def _check_reached(lifecycle: li.Lifecycle, reached: set[str], known: Mapping[str, li.State], context: Context) -> None:
    ways = [line for line in lifecycle.lines if isinstance(line, li.Timed | li.Requested)]
    grown = True
    while grown:
        grown = False
        for way in ways:
            if way.target not in reached and not reached.isdisjoint(origins(way.origin, known)):
                reached.add(way.target)
                grown = True
    for name, state in known.items():
        if name not in reached:
            told = f"state `{name}` can't be reached"
            help = f"add a way to it, such as `… -> {name} after 1s`, or leave the state out"
            context.report.add("MR402", told, state.span, word=name, help=help)


def _check_shadowed(lifecycle: li.Lifecycle, known: Mapping[str, li.State], context: Context) -> None:
    """Ways all of which an earlier way without a condition takes first."""
    taken: dict[tuple[str, str], li.Requested] = {}
    timed: dict[str, li.Timed] = {}
    for line in lifecycle.lines:
        if isinstance(line, li.Requested):
            pairs = [(state, verb) for state in origins(line.origin, known) for verb in line.verbs]
            if pairs and all(pair in taken for pair in pairs):
                _report_shadowed(line, taken[pairs[0]], context)
            elif line.condition is None:
                taken = {**dict.fromkeys(pairs, line), **taken}
        elif isinstance(line, li.Timed):
            from_states = origins(line.origin, known)
            before = [timed[state] for state in from_states if state in timed]
            if before and len(before) == len(from_states):
                _report_shadowed(line, before[0], context)
            elif line.condition is None:
                timed = {**dict.fromkeys(from_states, line), **timed}


def _report_shadowed(line: li.Requested | li.Timed, before: li.Requested | li.Timed, context: Context) -> None:
    help = "give the way before it a condition with `when`, or leave this one out"
    related = [Related(before.span, "this way is taken first")]
    context.report.add("MR404", "this way can never be taken", line.span, help=help, related=related)
