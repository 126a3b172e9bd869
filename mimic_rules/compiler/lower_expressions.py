# SPDX-License-Identifier: Apache-2.0
"""From the syntax tree of an expression to its plan: names become slots, fields, references followed, records in sight.

On the way of a rule: called for every expression by the other lowering modules. The model was checked before; a name
that is nowhere is a value that is missing.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from mimic_rules.compiler import expressions as pl
from mimic_rules.compiler.narrowing import narrowed
from mimic_rules.language import declarations as de
from mimic_rules.language import expressions as ex
from mimic_rules.language import types as ty
from mimic_rules.language.model import Model, ResourceModel, ServiceModel
from mimic_rules.language.vocabulary import EVERYONES, FAULT_ROOTS, SOURCES

_WORD: Final = re.compile(r"[A-Z][A-Z0-9_]*")
_IN_FRAME: Final = {
    "self": pl.SELF,
    "body": pl.BODY,
    "query": pl.QUERY,
    "path": pl.PATH,
    "caller": pl.CALLER,
    "now": pl.NOW,
}
_CONTEXTUAL: Final = frozenset(
    {
        "tenant",
        "setting",
        "headers",
        "quota",
        "region",
        "regions",
        "version",
        "request",
        "base",
        "service",
        "dialects",
        "services",
    }
)


@dataclass(frozen=True, slots=True)
class Shape:
    """What is known of a value: a record (or list of records, or the key of a record) of a resource, or a keyed
    list.
    """

    resource: ResourceModel | None = None
    many: bool = False
    key: bool = False
    keyed: tuple[str, str] | None = None


NOTHING: Final = Shape()


@dataclass(slots=True)
class Scope:
    """What names mean at a place: locals, the items at hand (the innermost first), the record at hand, what the place
    itself knows.
    """

    model: Model
    service: ServiceModel | None
    record: ResourceModel | None = None
    extras: frozenset[str] = frozenset()
    locals: dict[str, tuple[int, Shape]] = field(default_factory=dict)
    items: tuple[tuple[int, ResourceModel | None], ...] = ()
    size: list[int] = field(default_factory=lambda: [pl.FIRST_LOCAL])
    definitions: tuple[str, ...] = ()

    def new_slot(self) -> int:
        """A slot of the frame that nothing else uses."""
        self.size[0] += 1
        return self.size[0] - 1

    def name(self, name: str, shape: Shape = NOTHING) -> int:
        """A new local; gives its slot."""
        slot = self.new_slot()
        self.locals[name] = (slot, shape)
        return slot

    def inner(self) -> "Scope":
        """A scope within this one, with locals of its own and the same frame."""
        return replace(self, locals=dict(self.locals))

    def with_item(self, slot: int, resource: ResourceModel | None) -> "Scope":
        """The scope in which each item of a list is at hand in turn."""
        return replace(self.inner(), items=((slot, resource), *self.items))

    def knowing(self, names: Iterable[str]) -> "Scope":
        """The scope of a place that knows more names."""
        return replace(self.inner(), extras=self.extras | frozenset(names))


def lower(expression: ex.Expr, scope: Scope) -> pl.Plan:
    """The plan of an expression."""
    return _lower(expression, scope)[0]


def lower_shaped(expression: ex.Expr, scope: Scope) -> tuple[pl.Plan, Shape]:
    """The plan of an expression and what is known of its value."""
    return _lower(expression, scope)


def lower_window(guards: ex.Guards, scope: Scope) -> pl.Window:
    """The window of guards."""
    if guards == ex.ALWAYS:
        return pl.ALWAYS
    return pl.Window(
        None if guards.when is None else lower(guards.when, scope),
        None if guards.since is None else pl.version_number(guards.since),
        None if guards.until is None else pl.version_number(guards.until),
    )


def lower_fault(fault: de.Fault, scope: Scope) -> pl.FaultPlan:
    """The plan of a fault; its text sees what its place knows beside the rest."""
    seeing = scope.knowing(FAULT_ROOTS)
    return pl.FaultPlan(fault.status, fault.name, lower(fault.message, seeing), fault.span.place())


def _lower(expression: ex.Expr, scope: Scope) -> tuple[pl.Plan, Shape]:
    shaped = _SHAPED.get(type(expression))
    if shaped is not None:
        return shaped(expression, scope)
    return _PLAIN[type(expression)](expression, scope), NOTHING


# -- names and what hangs on them -------------------------------------------------------------------------------------


def _name(expression: ex.Name, scope: Scope) -> tuple[pl.Plan, Shape]:
    name = expression.name
    if name in scope.locals:
        slot, shape = scope.locals[name]
        return pl.Slot(slot, name), shape
    for slot, resource in scope.items:
        found = None if resource is None else field_of(pl.Slot(slot, "item"), resource, name, scope.model)
        if found is not None:
            return found
    if scope.record is not None:
        found = field_of(pl.Slot(pl.SELF, "self"), scope.record, name, scope.model)
        if found is not None:
            return found
    if name in scope.extras:
        return pl.Extra(name), NOTHING
    return _name_of_the_house(name, scope)


def _name_of_the_house(name: str, scope: Scope) -> tuple[pl.Plan, Shape]:
    if scope.service is not None and name in scope.service.definitions and name not in scope.definitions:
        definition = scope.service.definitions[name]
        return _lower(definition.value, replace(scope.inner(), definitions=(*scope.definitions, name)))
    if name == "self":
        return pl.Slot(pl.SELF, "self"), Shape(scope.record)
    if name == "caller":
        return pl.Slot(pl.CALLER, "caller"), Shape(_token(scope))
    if name in _IN_FRAME:
        return pl.Slot(_IN_FRAME[name], name), NOTHING
    if name == "tenant":
        return pl.Root("tenant"), Shape(scope.model.tenants())
    if name in _CONTEXTUAL:
        return pl.Root(name), NOTHING
    resource = None if scope.service is None else scope.service.resources.get(name)
    if resource is not None:
        return in_sight(resource, scope)
    if _WORD.fullmatch(name):
        return pl.Const(name), NOTHING
    if scope.items:
        return pl.Get(pl.Slot(scope.items[0][0], "item"), name), NOTHING
    return pl.Extra(name), NOTHING


def _token(scope: Scope) -> ResourceModel | None:
    callers = [] if scope.service is None else scope.service.lines(de.Caller)
    if not callers or scope.service is None:
        return None
    token = callers[0].token
    if token.second is None:
        return scope.service.resources.get(token.first)
    return scope.model.resource(token.first, token.second)


def field_of(record: pl.Plan, resource: ResourceModel, name: str, model: Model) -> tuple[pl.Plan, Shape] | None:
    """A field of a record, with what is known of it; None where the resource has no such field."""
    declared = resource.fields.get(name)
    if declared is not None:
        return pl.FieldOf(record, name), shape_of(declared, resource, model)
    if name == resource.parent:
        return pl.FieldOf(record, name), Shape(model.resource(resource.service, name), key=True)
    if name in set(resource.carried()):
        return pl.FieldOf(record, name), NOTHING
    service = model.services.get(resource.service)
    for child in service.resources.values() if service else ():
        if child.parent == resource.name and name == child.plural:
            return pl.Records(child.kind, record), Shape(child, many=True)
    return None


def shape_of(declared: de.Field, resource: ResourceModel, model: Model) -> Shape:
    """What a field's type says of its values."""
    if declared.keyed is not None:
        return Shape(keyed=declared.keyed)
    kind = declared.type
    many = isinstance(kind, ty.ListType)
    inner = kind.items if isinstance(kind, ty.ListType) else kind
    if isinstance(inner, ty.Reference):
        return Shape(model.referred(resource.service, inner), many=many, key=True)
    return NOTHING


def in_sight(resource: ResourceModel, scope: Scope) -> tuple[pl.Plan, Shape]:
    """The records of a resource in sight: below the nearest owner at hand, where it has one."""
    parent: pl.Plan | None = None
    if resource.parent is not None:
        if scope.record is not None and scope.record.name == resource.parent:
            parent = pl.Slot(pl.SELF, "self")
        elif resource.parent in scope.locals:
            parent = pl.Slot(scope.locals[resource.parent][0], resource.parent)
    return pl.Records(resource.kind, parent), Shape(resource, many=True)


def _source(expression: ex.Expr, scope: Scope) -> tuple[pl.Plan, Shape]:
    """Where records are asked for, a resource's name means its records, whatever else has that name."""
    if isinstance(expression, ex.Name) and scope.service is not None:
        local = scope.locals.get(expression.name)
        resource = scope.service.resources.get(expression.name)
        if resource is not None and (local is None or (local[1].resource is resource and not local[1].many)):
            return in_sight(resource, scope)
    return _lower(expression, scope)


def _attribute(expression: ex.Attribute, scope: Scope) -> tuple[pl.Plan, Shape]:
    special = _special(expression, scope)
    if special is not None:
        return special
    of, shape = _lower(expression.of, scope)
    name = expression.name
    if shape.keyed is not None:
        return pl.Keyed(of, *shape.keyed, pl.Const(name)), NOTHING
    if shape.resource is None:
        return pl.Get(of, name), NOTHING
    record = pl.Follow(of, shape.resource.kind) if shape.key else of
    if shape.many:
        return pl.Get(record, name), NOTHING
    found = field_of(record, shape.resource, name, scope.model)
    return found or (pl.Get(record, name), NOTHING)


def _special(expression: ex.Attribute, scope: Scope) -> tuple[pl.Plan, Shape] | None:
    """`quota.cores.limit`, whose first part is no value of its own."""
    of = expression.of
    if (
        isinstance(of, ex.Attribute)
        and of.of == ex.Name("quota")
        and "quota" not in scope.locals
        and scope.service is not None
    ):
        return pl.QuotaOf(scope.service.base, of.name, expression.name), NOTHING
    return None


def _index(expression: ex.Index, scope: Scope) -> tuple[pl.Plan, Shape]:
    of, shape = _lower(expression.of, scope)
    key = _lower(expression.key, scope)[0]
    if shape.keyed is not None:
        return pl.Keyed(of, *shape.keyed, key), NOTHING
    return pl.At(of, key), Shape(shape.resource, key=shape.key) if shape.many else NOTHING


def _call(expression: ex.Call, scope: Scope) -> tuple[pl.Plan, Shape]:
    if expression.function == EVERYONES:
        return pl.Everyones(_resource_named(expression, scope).kind), NOTHING
    if expression.function in SOURCES:
        source, shape = _source(expression.arguments[0], scope) if expression.arguments else (pl.Const(None), NOTHING)
        one = expression.function in ("first", "last")
        return pl.Invoke(expression.function, (source,)), replace(shape, many=False, keyed=None) if one else NOTHING
    arguments = tuple(_lower(argument, scope)[0] for argument in expression.arguments)
    return pl.Invoke(expression.function, arguments), NOTHING


def _resource_named(expression: ex.Call, scope: Scope) -> ResourceModel:
    argument = expression.arguments[0]
    assert isinstance(argument, ex.Name)
    assert scope.service is not None
    return scope.service.resources[argument.name]


def _where(expression: ex.Where, scope: Scope) -> tuple[pl.Plan, Shape]:
    source, shape = _source(expression.source, scope)
    slot = scope.new_slot()
    within = scope.with_item(slot, None if shape.key else shape.resource)
    condition = _lower(expression.condition, within)[0]
    return pl.Select(narrowed(source, slot, condition, shape.resource), slot, condition), shape


def _as(expression: ex.As, scope: Scope) -> tuple[pl.Plan, Shape]:
    operand, shape = _lower(expression.operand, scope)
    if shape.resource is None:
        return pl.Const(None), NOTHING
    record = pl.Follow(operand, shape.resource.kind) if shape.key else operand
    view = expression.view if scope.service is None else shape.resource.view_key(scope.service, expression.view)
    return pl.Show(record, shape.resource.kind, view), NOTHING


def _comprehension(expression: ex.Comprehension, scope: Scope) -> tuple[pl.Plan, Shape]:
    source, shape = _source(expression.source, scope)
    within = scope.inner()
    slot = within.name(expression.name, replace(shape, many=False, keyed=None))
    condition = None if expression.condition is None else _lower(expression.condition, within)[0]
    item, of = _lower(expression.item, within)
    records = of.resource is not None and not (of.many or of.key)
    return pl.Collect(item, slot, source, condition), Shape(of.resource, many=True) if records else NOTHING


def _if(expression: ex.If, scope: Scope) -> tuple[pl.Plan, Shape]:
    condition = _lower(expression.condition, scope)[0]
    yes, shape = _lower(expression.yes, scope)
    no, other = _lower(expression.no, scope)
    return pl.Choice(condition, yes, no), shape if shape == other else NOTHING


def _otherwise(expression: ex.Otherwise, scope: Scope) -> tuple[pl.Plan, Shape]:
    operand, shape = _lower(expression.operand, scope)
    return pl.Fallback(operand, _lower(expression.fallback, scope)[0]), shape


# -- the rest ---------------------------------------------------------------------------------------------------------


def lower_object(expression: ex.ObjectOf, scope: Scope) -> pl.Build:
    """The plan of an object."""
    entries: list[pl.Pair | pl.Unpack] = []
    for entry in expression.entries:
        if isinstance(entry, ex.Spread):
            entries.append(pl.Unpack(lower(entry.value, scope)))
        else:
            window = lower_window(entry.guards, scope)
            entries.append(pl.Pair(lower(entry.key, scope), lower(entry.value, scope), window))
    return pl.Build(tuple(entries))


def _text(expression: ex.Text, scope: Scope) -> pl.Plan:
    parts = (pl.Const(part) if isinstance(part, str) else _lower(part, scope)[0] for part in expression.parts)
    return pl.Join(tuple(parts))


def _many(operands: tuple[ex.Expr, ...], scope: Scope) -> tuple[pl.Plan, ...]:
    return tuple(_lower(operand, scope)[0] for operand in operands)


_SHAPED: Final[Mapping[type[ex.Expr], Callable[..., tuple[pl.Plan, Shape]]]] = {
    ex.Name: _name,
    ex.Attribute: _attribute,
    ex.Index: _index,
    ex.Call: _call,
    ex.Where: _where,
    ex.As: _as,
    ex.Comprehension: _comprehension,
    ex.If: _if,
    ex.Otherwise: _otherwise,
}
_PLAIN: Final[Mapping[type[ex.Expr], Callable[..., pl.Plan]]] = {
    ex.Literal: lambda of, scope: pl.Const(of.value),
    ex.Duration: lambda of, scope: pl.Const(of.seconds),
    ex.Text: _text,
    ex.Not: lambda of, scope: pl.Negation(_lower(of.operand, scope)[0]),
    ex.Negative: lambda of, scope: pl.Minus(_lower(of.operand, scope)[0]),
    ex.All: lambda of, scope: pl.AllOf(_many(of.operands, scope)),
    ex.Any: lambda of, scope: pl.AnyOf(_many(of.operands, scope)),
    ex.Compare: lambda of, scope: pl.Comparison(of.operator, _lower(of.left, scope)[0], _lower(of.right, scope)[0]),
    ex.Is: lambda of, scope: pl.KindOf(_lower(of.operand, scope)[0], of.kind),
    ex.Matches: lambda of, scope: pl.Match(
        _lower(of.operand, scope)[0], of.pattern if isinstance(of.pattern, str) else _lower(of.pattern, scope)[0]
    ),
    ex.Has: lambda of, scope: pl.Presence(_lower(of.operand, scope)[0]),
    ex.Arithmetic: lambda of, scope: pl.Calculation(of.operator, _lower(of.left, scope)[0], _lower(of.right, scope)[0]),
    ex.ListOf: lambda of, scope: pl.Items(_many(of.items, scope)),
    ex.ObjectOf: lower_object,
}
