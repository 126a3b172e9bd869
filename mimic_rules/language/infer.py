# SPDX-License-Identifier: Apache-2.0
"""The kinds of expressions, and what is wrong in them: unknown names, functions and views, attributes of scalars.

On the way of a rule: every check that meets an expression hands it here with the scope it stands in. A kind comes back;
complaints go to the report. What is wrong has the kind `UNKNOWN`, so that nothing further is said of it.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any as Parts
from typing import Final

from mimic_rules.diagnostics import did_you_mean
from mimic_rules.language import expressions as ex
from mimic_rules.language.check_calls import call
from mimic_rules.language.check_comparisons import check_comparison, check_item
from mimic_rules.language.check_contradictions import check_contradictions
from mimic_rules.language.check_patterns import check_pattern
from mimic_rules.language.check_windows import check_window
from mimic_rules.language.kinds import (
    BOOL,
    MAP,
    NULL,
    NUMBER,
    SCALARS,
    TEXT,
    TIME,
    UNKNOWN,
    Kind,
    group,
    join,
    list_of,
    record_of,
    said,
    words,
)
from mimic_rules.language.report import suggest
from mimic_rules.language.scope import Scope
from mimic_rules.language.vocabulary import EVERYONES, SOURCES

_DECLARED_ELSEWHERE: Final = frozenset({"setting", "quota"})


def infer(expr: ex.Expr, scope: Scope) -> Kind:
    """The kind of an expression; what is wrong in it goes to the report of the scope."""
    return _RULES[type(expr)](expr, scope)


def condition(expr: ex.Expr | None, scope: Scope) -> None:
    """Check an expression that decides something, if there is one."""
    if expr is not None:
        infer(expr, scope.to_decide())


def guards(of: ex.Guards, scope: Scope) -> None:
    """Check the guards of a thing."""
    check_window(of, scope.service, scope.context.report)
    condition(of.when, scope)


def source(expr: ex.Expr, scope: Scope) -> Kind:
    """The kind of what `where`, a comprehension or a function goes through; a resource's name means its records."""
    if isinstance(expr, ex.Name):
        resource = scope.resource(expr.name)
        if resource is not None:
            kind = scope.lookup(expr.name)
            return kind if kind is not None and kind.what == "list" else list_of(record_of(resource))
    return infer(expr, scope)


def member(kind: Kind, name: str, expr: ex.Expr, scope: Scope) -> Kind:
    """The kind of an attribute of a value; `expr` is where it is asked for, and ends with the name."""
    context = scope.context
    if kind.what in ("record", "reference") and kind.resource is not None:
        fields = context.fields(kind.resource)
        if name in fields:
            return fields[name]
        help = suggest(name, fields, "it has " + ", ".join(sorted(fields)))
        told = f"resource `{kind.resource.name}` has no field `{name}`"
        context.report.add("MR201", told, expr.span, word=name, last=True, help=help)
    elif kind.what == "list":
        return kind.keyed or list_of(member(kind.of or UNKNOWN, name, expr, scope))
    elif kind.what == "map":
        return _entry(kind, name, expr, scope)
    elif kind.what in SCALARS:
        told = f"{said(kind)} has no attributes, so there is no `{name}`"
        context.report.add("MR309", told, expr.span, word=name, last=True, help="use the value itself")
    return UNKNOWN


def _entry(kind: Kind, name: str, expr: ex.Expr, scope: Scope) -> Kind:
    members = kind.members or {}
    if name in members:
        return members[name]
    near = did_you_mean(name, members)
    if not kind.closed and not near:
        return kind.of or UNKNOWN
    code, told = "MR201", f"there is no `{name}` in {scope.context.report.places.text(_of(expr).span)}"
    help = "it has " + ", ".join(sorted(members)) if members else "it is empty"
    of = _of(expr)
    if isinstance(of, ex.Name) and of.name in _DECLARED_ELSEWHERE and of.name not in scope.locals:
        code, told = "MR211", f"{of.name} `{name}` is not declared"
        help = f"declare it with `{of.name}`"
    help = f"did you mean `{near}`?" if near else help
    scope.context.report.add(code, told, expr.span, word=name, last=True, help=help)
    return UNKNOWN


def _of(expr: ex.Expr) -> ex.Expr:
    return expr.of if isinstance(expr, ex.Attribute | ex.Index) else expr


# -- one function for each expression


def _literal(expr: ex.Literal, scope: Scope) -> Kind:
    value = expr.value
    if isinstance(value, str):
        return words(value)
    if isinstance(value, bool):
        return BOOL
    return NULL if value is None else NUMBER


def _text(expr: ex.Text, scope: Scope) -> Kind:
    for part in expr.parts:
        if not isinstance(part, str):
            infer(part, scope)
    return TEXT


def _name(expr: ex.Name, scope: Scope) -> Kind:
    kind = scope.lookup(expr.name)
    if kind is None:
        told = f"there is no `{expr.name}` here"
        if expr.name == "self":
            told = "there is no record at hand here that `self` could mean"
        help = suggest(expr.name, scope.known(), "declare it, or use one of the names that this place has")
        scope.context.report.add("MR201", told, expr.span, help=help)
        return UNKNOWN
    return kind


def _attribute(expr: ex.Attribute, scope: Scope) -> Kind:
    return member(infer(expr.of, scope), expr.name, expr, scope)


def _index(expr: ex.Index, scope: Scope) -> Kind:
    kind, key = infer(expr.of, scope), infer(expr.key, scope)
    report = scope.context.report
    key_group = group(key, scope.context.model)
    if kind.what in SCALARS:
        report.add("MR309", f"{said(kind)} has no attributes", expr.span, help="use the value itself")
        return UNKNOWN
    if kind.what == "list" and kind.keyed is None:
        if key_group not in ("number", "unknown"):
            report.add("MR307", f"a list is read by numbers, not by {said(key)}", expr.key.span, help="write `[0]`")
        return kind.of or UNKNOWN
    if kind.what in ("list", "map", "record") and key_group not in ("text", "unknown", "reference"):
        told = f"{said(kind)} is read by texts, not by {said(key)}"
        report.add("MR307", told, expr.key.span, help="turn the key into a text with text()")
        return UNKNOWN
    if isinstance(expr.key, ex.Literal):
        name = str(expr.key.value)
        if isinstance(expr.of, ex.Name) and expr.of.name == "headers" and name != name.lower():
            told = f"no header is ever called `{name}` here"
            report.add("MR201", told, expr.key.span, help=f"headers are in lower case: `{name.lower()}`")
            return UNKNOWN
        return member(kind, name, expr, scope)
    if kind.keyed is not None:
        return kind.keyed
    return UNKNOWN if kind.what != "map" or kind.members else kind.of or UNKNOWN


def _call(expr: ex.Call, scope: Scope) -> Kind:
    if expr.function == EVERYONES and len(expr.arguments) == 1:
        return _everyones(expr.arguments[0], scope)
    goes_through = expr.function in SOURCES
    kinds = [source(one, scope) if goes_through else infer(one, scope) for one in expr.arguments]
    return call(expr, kinds, scope)


def _everyones(argument: ex.Expr, scope: Scope) -> Kind:
    """Records that are not in sight: what they hold can be read, but not followed."""
    resource = scope.resource(argument.name) if isinstance(argument, ex.Name) else None
    if resource is None or resource.declaration.scope != "tenant":
        quoted = scope.context.report.places.text(argument.span)
        told = f"`everyones` takes a resource that is in tenant, and {quoted} is none"
        scope.context.report.add("MR307", told, argument.span, help="name the resource alone")
        return UNKNOWN
    held = {
        name: UNKNOWN if kind.what in ("reference", "record") or kind.of is not None else kind
        for name, kind in scope.context.fields(resource).items()
    }
    return list_of(Kind("map", members={**held, "tenant": TEXT, "gone": BOOL}, closed=True))


def _not(expr: ex.Not, scope: Scope) -> Kind:
    infer(expr.operand, scope)
    return BOOL


def _negative(expr: ex.Negative, scope: Scope) -> Kind:
    _check_number(expr.operand, infer(expr.operand, scope), scope)
    return NUMBER


def _check_number(expr: ex.Expr, kind: Kind, scope: Scope) -> None:
    if group(kind, scope.context.model) not in ("number", "unknown", "null"):
        quoted = scope.context.report.places.text(expr.span)
        help = f"use number({quoted.strip('`')})" if kind.what == "text" else "calculate with numbers"
        scope.context.report.add("MR307", f"{quoted} is {said(kind)}, not a number", expr.span, help=help)


def _all(expr: ex.All, scope: Scope) -> Kind:
    for operand in expr.operands:
        infer(operand, scope)
    check_contradictions(expr, scope)
    return BOOL


def _any(expr: ex.Any, scope: Scope) -> Kind:
    for operand in expr.operands:
        infer(operand, scope)
    return BOOL


def _compare(expr: ex.Compare, scope: Scope) -> Kind:
    left = infer(expr.left, scope)
    if expr.operator == "in" and isinstance(expr.right, ex.ListOf):
        for item in expr.right.items:
            check_item(expr, left, item, infer(item, scope), scope.context)
    else:
        check_comparison(expr, left, infer(expr.right, scope), scope.context)
    return BOOL


def _is(expr: ex.Is, scope: Scope) -> Kind:
    infer(expr.operand, scope)
    return BOOL


def _matches(expr: ex.Matches, scope: Scope) -> Kind:
    kind = infer(expr.operand, scope)
    report = scope.context.report
    sides = [(expr.operand, kind, "only a text can match")]
    if isinstance(expr.pattern, str):
        check_pattern(expr.pattern, expr.span, report)
    else:
        sides.append((expr.pattern, infer(expr.pattern, scope), "a pattern is a text"))
    for side, of, why in sides:
        if group(of, scope.context.model) not in ("text", "unknown", "null"):
            told = f"{report.places.text(side.span)} is {said(of)}, and {why}"
            report.add("MR301", told, expr.span, help="turn it into a text with text()")
            break
    return BOOL


def _arithmetic(expr: ex.Arithmetic, scope: Scope) -> Kind:
    left, right = infer(expr.left, scope), infer(expr.right, scope)
    if expr.operator == "+" and "list" in (left.what, right.what):
        for side, kind in ((expr.left, left), (expr.right, right)):
            if kind.what not in ("list", "unknown", "null"):
                quoted = scope.context.report.places.text(side.span)
                told = f"{quoted} is {said(kind)}, and a list takes a list: `[…]`"
                scope.context.report.add("MR307", told, side.span, help="put it in brackets")
                return UNKNOWN
        return join((left, right))
    _check_number(expr.left, left, scope)
    _check_number(expr.right, right, scope)
    if expr.operator == "+" and "unknown" in (left.what, right.what):
        return UNKNOWN
    return TIME if {left.what, right.what} == {"time", "number"} else NUMBER


def _otherwise(expr: ex.Otherwise, scope: Scope) -> Kind:
    return join((infer(expr.operand, scope), infer(expr.fallback, scope)))


def _as(expr: ex.As, scope: Scope) -> Kind:
    kind = infer(expr.operand, scope)
    inner = kind.of if kind.what == "list" and kind.of is not None else kind
    report = scope.context.report
    if inner.what in ("record", "reference") and inner.resource is not None:
        service = scope.service
        views = inner.resource.views if service is None else inner.resource.seen(service)
        if expr.view not in views:
            told = f"resource `{inner.resource.name}` has no view `{expr.view}`"
            help = suggest(
                expr.view, views, "its views are " + ", ".join(sorted(views)) if views else "declare it with `view`"
            )
            report.add("MR204", told, expr.span, word=expr.view, last=True, help=help)
    elif inner.what not in ("unknown", "null"):
        told = f"{report.places.text(expr.operand.span)} is {said(inner)}, and only records have views"
        report.add("MR307", told, expr.operand.span, help="show a record, a list of records or a reference")
    if kind.what == "list":
        return list_of(MAP)
    return UNKNOWN if kind.what == "unknown" else MAP


def _if(expr: ex.If, scope: Scope) -> Kind:
    condition(expr.condition, scope)
    return join((infer(expr.yes, scope), infer(expr.no, scope)))


def _where(expr: ex.Where, scope: Scope) -> Kind:
    kind = source(expr.source, scope)
    _check_list(expr.source, kind, scope)
    item = kind.of if kind.what == "list" and kind.of is not None else UNKNOWN
    condition(expr.condition, scope.with_item(item))
    return kind


def _check_list(expr: ex.Expr, kind: Kind, scope: Scope) -> None:
    if kind.what not in ("list", "unknown", "null"):
        quoted = scope.context.report.places.text(expr.span)
        told = f"{quoted} is {said(kind)}, not a list"
        scope.context.report.add("MR307", told, expr.span, help="go through a list, or the records of a resource")


def _comprehension(expr: ex.Comprehension, scope: Scope) -> Kind:
    kind = source(expr.source, scope)
    _check_list(expr.source, kind, scope)
    item = kind.of if kind.what == "list" and kind.of is not None else UNKNOWN
    inner = scope.with_local(expr.name, item)
    condition(expr.condition, inner)
    return list_of(infer(expr.item, inner))


def _list(expr: ex.ListOf, scope: Scope) -> Kind:
    return list_of(join([infer(item, scope) for item in expr.items]))


def _object(expr: ex.ObjectOf, scope: Scope) -> Kind:
    members: dict[str, list[Kind]] = {}
    closed = True
    for entry in expr.entries:
        if isinstance(entry, ex.Spread):
            kind = infer(entry.value, scope)
            if kind.what not in ("map", "record", "unknown", "null"):
                quoted = scope.context.report.places.text(entry.value.span)
                told = f"{quoted} is {said(kind)}, and has no entries"
                scope.context.report.add("MR307", told, entry.value.span, help="spread an object or a record")
            for name, one in (kind.members or {}).items():
                members.setdefault(name, []).append(one)
            closed = closed and kind.closed
        else:
            infer(entry.key, scope)
            guards(entry.guards, scope)
            kind = infer(entry.value, scope)
            if isinstance(entry.key, ex.Literal):
                members.setdefault(str(entry.key.value), []).append(kind)
            else:
                closed = False
    known = {name: join(kinds) for name, kinds in members.items()}
    return Kind("map", of=UNKNOWN, members=known, closed=closed)


_RULES: Final[Mapping[type[ex.Expr], Callable[[Parts, Scope], Kind]]] = MappingProxyType(
    {
        ex.Literal: _literal,
        ex.Duration: lambda expr, scope: NUMBER,
        ex.Text: _text,
        ex.Name: _name,
        ex.Attribute: _attribute,
        ex.Index: _index,
        ex.Call: _call,
        ex.Not: _not,
        ex.Negative: _negative,
        ex.All: _all,
        ex.Any: _any,
        ex.Compare: _compare,
        ex.Is: _is,
        ex.Matches: _matches,
        ex.Has: _not,
        ex.Arithmetic: _arithmetic,
        ex.Otherwise: _otherwise,
        ex.As: _as,
        ex.If: _if,
        ex.Where: _where,
        ex.ListOf: _list,
        ex.Comprehension: _comprehension,
        ex.ObjectOf: _object,
    }
)
