# SPDX-License-Identifier: Apache-2.0
"""Checks of types, and of the values that are put where a type is: fields, settings, defaults.

On the way of a rule: whatever declares a type or gives a value to a field asks here. Only what is sure to be wrong is
reported; what depends on the request is left to the request.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from mimic_rules.language import expressions as ex
from mimic_rules.language import types as ty
from mimic_rules.language.check_patterns import check_pattern
from mimic_rules.language.check_windows import check_window
from mimic_rules.language.infer import infer
from mimic_rules.language.kinds import Kind, group, kind_of_type, said
from mimic_rules.language.lifecycles import Period, Seconds
from mimic_rules.language.model import ResourceModel
from mimic_rules.language.report import suggest
from mimic_rules.language.scope import Scope

_ONLY_STORED: Final = frozenset({"sequence", "lifecycle", "fault"})
_FAULT: Final = ty.ObjectType(
    (ty.Member("code", ty.Plain("int", ty.Range(100, 599))), ty.Member("message", ty.Plain("text"))), strict=True
)
"""What a field of type `fault` takes."""


def check_type(type_: ty.Type, scope: Scope, *, stored: bool = False) -> None:
    """Report what is wrong in a type; `stored` for the whole type of a field, which may be made by the cloud itself."""
    report = scope.context.report
    match type_:
        case ty.Plain(word=word):
            if word in _ONLY_STORED and not stored:
                told = f"only a field of a resource can be of type `{word}`"
                report.add(
                    "MR405", told, type_.span, help="write the type of the value itself, such as `text` or `int`"
                )
            _check_range(type_.range, scope)
            if type_.pattern is not None:
                check_pattern(type_.pattern, type_.span, report)
        case ty.ListType(items=inner) | ty.MapType(values=inner):
            _check_range(type_.range, scope)
            check_type(inner, scope)
        case ty.Reference():
            _check_reference(type_, scope)
        case ty.OneOf(alternatives=alternatives):
            for one in alternatives:
                check_type(one, scope)
        case ty.ObjectType(members=members):
            check_window(type_.guards, scope.service, report)
            for member in members:
                check_type(member.type, scope)
                check_window(member.guards, scope.service, report)


def _check_range(within: ty.Range | None, scope: Scope) -> None:
    if within is not None and within.high is not None and within.low > within.high:
        told = f"nothing lies between {within.low} and {within.high}"
        scope.context.report.add("MR307", told, within.span, help="write the lower bound first")


def _check_reference(type_: ty.Reference, scope: Scope) -> None:
    model = scope.context.model
    name = type_.service or (scope.service.name if scope.service else "")
    service = model.services.get(name)
    if service is None:
        told = f"there is no service `{name}`" if name else "nothing says which service this resource belongs to"
        help = suggest(name, model.services, "declare it with `service`")
        scope.context.report.add("MR202", told, type_.span, word=name, help=help)
    elif type_.resource not in service.resources:
        told = f"service `{name}` has no resource `{type_.resource}`"
        help = suggest(type_.resource, service.resources, "declare it with `resource`")
        scope.context.report.add("MR202", told, type_.span, word=type_.resource, last=True, help=help)


def check_value(
    expr: ex.Expr, type_: ty.Type, optional: bool, name: str, scope: Scope, kind: Kind | None = None
) -> None:
    """Infer an expression (unless its kind is known) and report where it can't be a value of the type."""
    kind = infer(expr, scope) if kind is None else kind
    if optional and kind.what == "null":
        return
    wrong = _misfit(expr, kind, type_, scope)
    if wrong is not None:
        at, told, help = wrong
        scope.context.report.add("MR307", f"`{name}` {told}", at.span, help=help or "give it a value that it can have")


def check_field_value(expr: ex.Expr, resource: ResourceModel, name: str, scope: Scope) -> None:
    """The same for the field of a resource, or for what its states carry; an unknown field is reported too."""
    kind = infer(expr, scope)
    declared = resource.fields.get(name)
    if declared is None or kind.what == "unknown":
        return
    stored = scope.context.field(resource, declared)
    if stored.what == "state":
        _check_state(expr, kind, stored, name, scope)
    else:
        of_service = scope.context.model.services[resource.service]
        check_value(expr, declared.type, declared.optional, name, _in(scope, of_service.name), kind)


def _in(scope: Scope, service: str) -> Scope:
    return (
        scope
        if scope.service is None or scope.service.name == service
        else Scope(scope.context, scope.context.model.services[service])
    )


def _check_state(expr: ex.Expr, kind: Kind, stored: Kind, name: str, scope: Scope) -> None:
    known = stored.words or frozenset()
    report = scope.context.report
    if kind.words and not kind.words & known:
        wrong = min(kind.words)
        help = suggest(wrong, known, "the states are " + ", ".join(sorted(known)))
        report.add("MR401", f"`{name}` has no state `{wrong}`", expr.span, help=help)
    elif group(kind, scope.context.model) not in ("text", "unknown"):
        told = f"`{name}` takes one of its states, and this is {said(kind)}"
        report.add("MR307", told, expr.span, help="the states are " + ", ".join(sorted(known)))


def check_period(period: Period | None, scope: Scope) -> None:
    """A length of time that is worked out: it is a number of seconds, or a text that may be one."""
    if isinstance(period, Seconds):
        check_amount(period.value, "seconds", scope)


def check_amount(amount: ex.Expr, unit: str, scope: Scope) -> None:
    """What is worked out to be so many of something: a number, or a text that may be one."""
    kind = infer(amount, scope)
    report = scope.context.report
    if group(kind, scope.context.model) not in ("number", "text", "unknown"):
        told = f"{report.places.text(amount.span)} is {said(kind)}, not a number of {unit}"
        report.add("MR307", told, amount.span, help="give a number, or a text that is one")


_Wrong = tuple[ex.Expr, str, str]


def _misfit(expr: ex.Expr, kind: Kind, type_: ty.Type, scope: Scope) -> _Wrong | None:
    """(where, what, help) when the value of an expression is sure not to be one of the type."""
    if kind.what == "unknown":
        return None
    match type_:
        case ty.OneOf(alternatives=alternatives):
            wrongs = [_misfit(expr, kind, one, scope) for one in alternatives]
            return None if None in wrongs else _none_of(expr, kind, type_, scope)
        case ty.ObjectType():
            return _misfit_object(expr, kind, type_, scope)
        case ty.Plain(word="fault"):
            return _misfit_object(expr, kind, _FAULT, scope)
        case ty.ListType(items=items):
            if kind.what == "list" and isinstance(expr, ex.ListOf):
                return _first(_misfit(item, _kind(item, scope), items, scope) for item in expr.items)
        case ty.MapType(values=values):
            if kind.what == "map" and isinstance(expr, ex.ObjectOf):
                entries = [entry for entry in expr.entries if isinstance(entry, ex.Entry)]
                return _first(_misfit(one.value, _kind(one.value, scope), values, scope) for one in entries)
        case ty.Plain() if isinstance(expr, ex.Literal):
            wrong = _misfit_literal(expr, type_)
            if wrong is not None:
                return wrong
        case ty.Exactly(value=value) if isinstance(expr, ex.Literal) and not isinstance(value, str):
            return None if expr.value == value else (expr, f"is {value} and nothing else", "")
    wanted = kind_of_type(scope.context.model, scope.service.name if scope.service else "", type_)
    return _misfit_kind(expr, kind, wanted, scope)


def _misfit_kind(expr: ex.Expr, kind: Kind, wanted: Kind, scope: Scope) -> _Wrong | None:
    model = scope.context.model
    if wanted.what == "reference" and kind.what == "record":
        quoted = scope.context.report.places.text(expr.span).strip("`")
        key = wanted.resource.key[0] if wanted.resource is not None else "id"
        return expr, "takes the key of a record, and this is a record", f"write `{quoted}.{key}`"
    first, second = group(wanted, model), group(kind, model)
    if "unknown" in (first, second):
        return None
    if first != second:
        return expr, f"takes {said(wanted)}, and this is {said(kind)}", ""
    if wanted.words and kind.words and not wanted.words & kind.words:
        known = sorted(wanted.words)
        return (
            expr,
            f"is never `{min(kind.words)}`",
            suggest(min(kind.words), known, "it is one of " + ", ".join(known)),
        )
    return None


def _none_of(expr: ex.Expr, kind: Kind, type_: ty.OneOf, scope: Scope) -> _Wrong:
    wanted = kind_of_type(scope.context.model, scope.service.name if scope.service else "", type_)
    wrong = _misfit_kind(expr, kind, wanted, scope)
    return wrong or (expr, f"takes none of this: it is {said(kind)}", "")


def _misfit_object(expr: ex.Expr, kind: Kind, type_: ty.ObjectType, scope: Scope) -> _Wrong | None:
    if kind.what not in ("map", "record"):
        return expr, f"takes an object, and this is {said(kind)}", ""
    if not isinstance(expr, ex.ObjectOf):
        return None
    members = {member.key: member for member in type_.members}
    given: set[str] = set()
    for entry in expr.entries:
        if isinstance(entry, ex.Spread) or not isinstance(entry.key, ex.Literal):
            return None
        name = str(entry.key.value)
        given.add(name)
        if name in members:
            value = _kind(entry.value, scope)
            wrong = _misfit(entry.value, value, members[name].type, scope)
            if wrong is not None and not (members[name].optional and value.what == "null"):
                return wrong
        elif type_.strict and type_.guards == ex.ALWAYS:
            help = suggest(name, members, "it has " + ", ".join(sorted(members)))
            return expr, f"has no `{name}`", help
    left = sorted(name for name, member in members.items() if not member.optional and name not in given)
    return (expr, f"lacks `{left[0]}`", "say it, or declare it as optional with `?`") if left else None


def _misfit_literal(expr: ex.Literal, type_: ty.Plain) -> _Wrong | None:
    value, within = expr.value, type_.range
    if type_.word == "int" and isinstance(value, float):
        return expr, "takes a whole number", ""
    if within is None or isinstance(value, bool) or value is None:
        return None
    size: float = len(value) if isinstance(value, str) else value
    if size < within.low or (within.high is not None and size > within.high):
        unit = " characters" if isinstance(value, str) else ""
        high = "" if within.high is None else within.high
        return expr, f"takes {within.low}..{high}{unit}, and this is {size}", ""
    return None


def _kind(expr: ex.Expr, scope: Scope) -> Kind:
    """The kind of a part of what has been inferred before; nothing is reported again."""
    return infer(expr, replace(scope, context=scope.context.quietly()))


def _first(wrongs: Iterable[_Wrong | None]) -> _Wrong | None:
    return next((wrong for wrong in wrongs if wrong is not None), None)
