# SPDX-License-Identifier: Apache-2.0
"""From resources, lifecycles and views to their tables.

On the way of a rule: `compile` calls it for each resource of a service.
"""

from collections.abc import Iterable, Iterator

from mimic_rules.compiler import expressions as pl
from mimic_rules.compiler import program as pr
from mimic_rules.compiler.lower_expressions import (
    Scope,
    lower,
    lower_fault,
    lower_object,
    lower_window,
)
from mimic_rules.language import declarations as de
from mimic_rules.language import expressions as ex
from mimic_rules.language import lifecycles as li
from mimic_rules.language import types as ty
from mimic_rules.language.model import Model, ResourceModel, ServiceModel

_GENERATED = frozenset({"uuid", "hex", "sequence"})


def lower_resource(resource: ResourceModel, service: ServiceModel, model: Model) -> pr.ResourcePlan:
    """The tables of a resource."""
    scope = Scope(model, service, resource)
    parent = model.resource(resource.service, resource.parent) if resource.parent else None
    missing = resource.lines(de.Missing)
    kept, across = resource.lines(de.Kept), resource.lines(de.Across)
    views = {view.name: _view(view, resource, scope) for view in resource.views.values()}
    # A cloud may have a service without its dialects.
    for dialect in sorted(resource.dialects.keys() & model.services.keys()):
        declared, seeing = resource.dialects[dialect], Scope(model, model.services[dialect], resource)
        views |= {f"{dialect}.{name}": _view(view, resource, seeing) for name, view in declared.items()}
    return pr.ResourcePlan(
        kind=resource.kind,
        service=resource.service,
        name=resource.name,
        plural=resource.plural,
        scope=root_scope(resource, model),
        key=resource.key,
        parent=resource.parent,
        parent_kind=parent.kind if parent else None,
        children=tuple(other.kind for other in service.resources.values() if other.parent == resource.name),
        fields=tuple(_field(one, resource, scope) for one in resource.lines(de.Field)),
        unique=tuple(_uniques(resource, scope)),
        invariants=tuple(
            pr.InvariantPlan(lower(one.condition, scope), lower_fault(one.fault, scope))
            for one in resource.lines(de.Invariant)
        ),
        missing=lower_fault(missing[0].fault, scope) if missing else None,
        kept=kept[0].seconds if kept else None,
        across=lower(across[0].condition, Scope(model, service)) if across else None,
        dependents=tuple(_dependents(resource, model)),
        lifecycles=tuple(_lifecycle(one, resource, scope) for one in resource.lifecycles.values()),
        views=views,
        place=resource.declaration.span.place(),
        size=scope.size[0],
    )


def root_scope(resource: ResourceModel, model: Model) -> str:
    """What the records live in: that of the outermost owner."""
    seen = set()
    while resource.parent is not None and resource.name not in seen:
        seen.add(resource.name)
        owner = model.resource(resource.service, resource.parent)
        if owner is None:
            return "world"
        resource = owner
    return resource.declaration.scope


def _field(declared: de.Field, resource: ResourceModel, scope: Scope) -> pr.FieldPlan:
    kind = declared.type
    many = isinstance(kind, ty.ListType)
    inner = kind.items if isinstance(kind, ty.ListType) else kind
    referred = scope.model.referred(resource.service, inner) if isinstance(inner, ty.Reference) else None
    return pr.FieldPlan(
        declared.name,
        kind.word if isinstance(kind, ty.Plain) and kind.word in _GENERATED else None,
        declared.optional,
        None if declared.initial is None else lower(declared.initial, scope),
        declared.on_change,
        referred.kind if referred else None,
        many,
        None if declared.fault is None else lower_fault(declared.fault, scope),
        isinstance(kind, ty.Plain) and kind.word in ("int", "sequence"),
        kind.word if isinstance(kind, ty.Plain) else "",
    )


def _uniques(resource: ResourceModel, scope: Scope) -> Iterator[pr.UniquePlan]:
    for number, one in enumerate(resource.lines(de.Unique)):
        values = tuple(lower(value, scope) for value in one.values)
        condition = None if one.condition is None else lower(one.condition, scope)
        yield pr.UniquePlan(f"unique {number}", values, condition, lower_fault(one.fault, scope))


def _dependents(resource: ResourceModel, model: Model) -> Iterator[pr.DependentPlan]:
    """The fields of other resources that refer to this one and say what its deletion does to them."""
    for service in model.services.values():
        for other in service.own():
            policies = {line.resource: line for line in other.lines(de.OnDelete)}
            scope = Scope(model, service, other)
            for declared in other.fields.values():
                kind = declared.type
                inner = kind.items if isinstance(kind, ty.ListType) else kind
                if not isinstance(inner, ty.Reference) or inner.resource not in policies:
                    continue
                if model.referred(other.service, inner) is resource:
                    line = policies[inner.resource]
                    fault = None if line.fault is None else lower_fault(line.fault, scope)
                    many = isinstance(kind, ty.ListType)
                    yield pr.DependentPlan(other.kind, declared.name, many, line.policy, fault)


def _view(view: de.View, resource: ResourceModel, scope: Scope) -> pr.ViewPlan:
    inner = Scope(scope.model, scope.service, resource)
    return pr.ViewPlan(view.name, tuple(_entries(view, resource, inner, ())), inner.size[0])


def _entries(view: de.View, resource: ResourceModel, scope: Scope, including: tuple[str, ...]) -> Iterator[pl.Pair]:
    assert scope.service is not None
    for entry in view.entries:
        if isinstance(entry, ex.Entry):
            yield pl.Pair(lower(entry.key, scope), lower(entry.value, scope), lower_window(entry.guards, scope))
        else:
            included = resource.seen(scope.service).get(entry.view)
            if included is not None and entry.view not in including:
                window = lower_window(entry.guards, scope)
                for pair in _entries(included, resource, scope, (*including, entry.view)):
                    yield _within(pair, window)


def _within(pair: pl.Pair, window: pl.Window) -> pl.Pair:
    """An entry that holds only where another window does too."""
    if window == pl.ALWAYS:
        return pair
    own = pair.window
    conditions = tuple(one for one in (window.when, own.when) if one is not None)
    return pl.Pair(
        pair.key,
        pair.value,
        pl.Window(
            pl.AllOf(conditions) if len(conditions) > 1 else (conditions[0] if conditions else None),
            max((one for one in (window.since, own.since) if one is not None), default=None),
            min((one for one in (window.until, own.until) if one is not None), default=None),
        ),
    )


# -- lifecycles -------------------------------------------------------------------------------------------------------


def _lifecycle(lifecycle: li.Lifecycle, resource: ResourceModel, scope: Scope) -> pr.LifecyclePlan:
    lines = lifecycle.lines
    states = {line.name: _state(line, scope) for line in lines if isinstance(line, li.State)}
    carried: dict[str, None] = {}
    for state in states.values():
        carried.update(dict.fromkeys(name for name, _ in state.values))
    timed: dict[str, list[pr.TimedPlan]] = {}
    requested: dict[tuple[str, str], list[pr.RequestedPlan]] = {}
    allowed: set[tuple[str, str]] = set()
    verbs: set[str] = set()
    refusal = None
    for line in lines:
        match line:
            case li.Timed():
                for source in origins(line.origin, states):
                    row = pr.TimedPlan(
                        source,
                        line.target,
                        lower_period(line.period, scope),
                        _condition(line, scope),
                        _sets(line, scope),
                        line.span.place(),
                    )
                    timed.setdefault(source, []).append(row)
            case li.Requested():
                verbs.update(line.verbs)
                for source in origins(line.origin, states):
                    for verb in line.verbs:
                        way = pr.RequestedPlan(
                            source, verb, line.target, _condition(line, scope), _sets(line, scope), line.span.place()
                        )
                        requested.setdefault((source, verb), []).append(way)
            case li.Allowed():
                verbs.update(line.verbs)
                allowed.update((source, verb) for source in origins(line.origin, states) for verb in line.verbs)
            case li.Refusal():
                refusal = lower_fault(line.fault, scope)
    starts = [line.state for line in lines if isinstance(line, li.Start)]
    return pr.LifecyclePlan(
        lifecycle.field,
        starts[0] if starts else "",
        states,
        tuple(carried),
        {source: tuple(rows) for source, rows in timed.items()},
        {key: tuple(rows) for key, rows in requested.items()},
        frozenset(allowed),
        frozenset(verbs),
        refusal,
    )


def origins(origin: li.Origin, states: Iterable[str]) -> list[str]:
    """The states an origin means."""
    if origin.inverted:
        return [state for state in states if state not in origin.states]
    return list(origin.states)


def lower_period(period: li.Period, scope: Scope) -> pl.Plan:
    """The plan of a length of time, in seconds."""
    if isinstance(period, ex.Duration):
        return pl.Const(period.seconds)
    return lower(period.value, scope)


def _state(line: li.State, scope: Scope) -> pr.StatePlan:
    values: list[tuple[str, pl.Plan]] = []
    for pair in lower_object(line.values, scope).entries if line.values is not None else ():
        if isinstance(pair, pl.Pair) and isinstance(pair.key, pl.Const):
            values.append((str(pair.key.value), pair.value))
    return pr.StatePlan(line.name, line.shows or line.name, line.gone, tuple(values))


def _condition(line: li.Timed | li.Requested, scope: Scope) -> pl.Plan | None:
    return None if line.condition is None else lower(line.condition, scope)


def _sets(line: li.Timed | li.Requested, scope: Scope) -> tuple[tuple[str, pl.Plan], ...]:
    return tuple((one.field, lower(one.value, scope)) for one in line.sets)
