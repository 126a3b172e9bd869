# SPDX-License-Identifier: Apache-2.0
"""Checks of definitions, and the order in which their kinds are worked out.

On the way of a rule: before anything else is looked at every definition gets its kind; later it is looked at itself. A
definition is worked out where it is used, so it may use the names of whatever record is at hand there.
"""

import dataclasses
from typing import Final

from mimic_rules.language import expressions as ex
from mimic_rules.language.infer import infer
from mimic_rules.language.kinds import UNKNOWN
from mimic_rules.language.model import ServiceModel
from mimic_rules.language.scope import Context, Scope

LARGEST: Final = 10_000
DEEPEST: Final = 60


def prepare_definitions(context: Context) -> None:
    """Work out the kinds of all definitions; what is wrong in them is reported by `check_definitions`."""
    for service in context.model.services.values():
        scope = _scope(context.quietly(), service)
        for name in service.definitions:
            context.definitions[service.name, name] = UNKNOWN
        for name in _in_order(service, context):
            context.definitions[service.name, name] = infer(service.definitions[name].value, scope)


def check_definitions(service: ServiceModel, context: Context) -> None:
    """The definitions of a service: no circles, and what every expression must keep to."""
    scope = _scope(context, service)
    round_it: set[str] = set()
    base = context.model.services[service.base]
    for name, definition in service.definitions.items():
        if service is not base and base.definitions.get(name) is definition:
            continue
        reached = _reached(name, service, context)
        if name in reached and name not in round_it:
            # The others of the circle have the same mistake.
            round_it |= reached
            told = f"definition `{name}` holds itself"
            context.report.add("MR212", told, definition.span, word=name, help="leave it out of one of the definitions")
        infer(definition.value, scope)
    _check_sizes(service, context)


def _check_sizes(service: ServiceModel, context: Context) -> None:
    """A definition is worked out where it is used, so that one of others of others can grow beyond all use."""
    sizes: dict[str, tuple[int, int]] = {}
    for name in _in_order(service, context):
        size, depth = _measure(service.definitions[name].value, sizes)
        if size > LARGEST or depth > DEEPEST:
            told = f"definition `{name}` grows too large with the definitions that it uses"
            help = "use each of them fewer times, or name a part of it with `let` in the operation"
            context.report.add("MR110", told, service.definitions[name].span, word=name, help=help)
            # What uses it has the same mistake.
            return
        sizes[name] = size, depth


def _measure(piece: object, sizes: dict[str, tuple[int, int]]) -> tuple[int, int]:
    """How many pieces an expression has, and how deep it is, with the definitions it uses in their places."""
    if isinstance(piece, ex.Name) and piece.name in sizes:
        return sizes[piece.name]
    if isinstance(piece, tuple):
        parts = [_measure(part, sizes) for part in piece]
        return sum(size for size, _ in parts), max((depth for _, depth in parts), default=0)
    if not isinstance(piece, ex.Piece):
        return 0, 0
    parts = [_measure(getattr(piece, one.name), sizes) for one in dataclasses.fields(piece) if one.compare]
    return 1 + sum(size for size, _ in parts), 1 + max((depth for _, depth in parts), default=0)


def _scope(context: Context, service: ServiceModel) -> Scope:
    return Scope(context, service, loose=context.names(service), extra={"self": UNKNOWN})


def _in_order(service: ServiceModel, context: Context) -> list[str]:
    """The definitions that hold no circle, those that are used before those that use them."""
    order: dict[str, None] = {}
    pending = {name: _used(name, service, context) for name in service.definitions}
    while ready := [name for name, uses in pending.items() if not uses - order.keys()]:
        for name in ready:
            order[name] = None
            del pending[name]
    return list(order)


def _reached(start: str, service: ServiceModel, context: Context) -> set[str]:
    """The definitions that a definition uses, at any distance."""
    reached: set[str] = set()
    ahead = [start]
    while ahead:
        uses = _used(ahead.pop(), service, context) - reached
        reached |= uses
        ahead += uses
    return reached


def _used(name: str, service: ServiceModel, context: Context) -> set[str]:
    # In a `where` a field of the item at hand comes before a definition of that name.
    return names_in(service.definitions[name].value, context.names(service)) & service.definitions.keys()


def names_with_definitions(piece: object, service: ServiceModel) -> set[str]:
    """The bare names in an expression, or in a piece that holds some, and in the definitions used, at any distance."""
    names: set[str] = set()
    ahead = names_in(piece)
    while ahead:
        names |= ahead
        used = [names_in(service.definitions[name].value) for name in ahead & service.definitions.keys()]
        ahead = set().union(*used) - names
    return names


def names_in(piece: object, fields: frozenset[str] = frozenset()) -> set[str]:
    """The bare names in an expression, without the locals of comprehensions, and `fields` where an item is at hand."""
    if isinstance(piece, ex.Name):
        return {piece.name}
    if isinstance(piece, tuple):
        return {name for part in piece for name in names_in(part, fields)}
    if isinstance(piece, ex.Where):
        return names_in(piece.source, fields) | (names_in(piece.condition, fields) - fields)
    if isinstance(piece, ex.Comprehension):
        inner = names_in((piece.item, piece.condition), fields) - {piece.name}
        return inner | names_in(piece.source, fields)
    if not isinstance(piece, ex.Piece):
        return set()
    parts: tuple[str, ...] = type(piece).__match_args__
    return {name for part in parts for name in names_in(getattr(piece, part), fields)}
