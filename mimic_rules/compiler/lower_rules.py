# SPDX-License-Identifier: Apache-2.0
"""From rules to the rows of the match tables: their rank, the events and conditions, the equalities to look them up by.

On the way of a rule: `compile` calls it once for all rules, in the order in which they are consulted.
"""

import dataclasses
from collections import Counter
from collections.abc import Iterator, Sequence

from mimic_rules.compiler import expressions as pl
from mimic_rules.compiler import program as pr
from mimic_rules.compiler.lower_effects import lower_effect, lower_often
from mimic_rules.compiler.lower_expressions import Scope, Shape, lower
from mimic_rules.compiler.lower_locks import lower_event
from mimic_rules.language import lifecycles as li
from mimic_rules.language.events import service_of
from mimic_rules.language.model import Model, ResourceModel, RuleModel

Value = str | int | float | bool


def lower_rules(model: Model) -> tuple[pr.RulePlan, ...]:
    """The rows of all rules, by rank: layers, then files, then the order written; `overrides` goes before its like."""
    ordered = sorted(model.rules, key=lambda one: one.layer)
    for rule in [one for one in ordered if one.rule.overrides is not None]:
        own = next(at for at, one in enumerate(ordered) if one is rule)
        # A rule that comes before the other one already stays where it is.
        before = next((at for at, one in enumerate(ordered[:own]) if one.rule.name == rule.rule.overrides), own)
        ordered.insert(before, ordered.pop(own))
    rows = [_row(number, rule, model) for number, rule in enumerate(ordered)]
    # Rules that a template makes all stand in one place, but are counted apart.
    seen: Counter[str] = Counter()
    for at, row in enumerate(rows):
        seen[row.place] += 1
        if seen[row.place] > 1:
            rows[at] = dataclasses.replace(row, place=f"{row.place}~{seen[row.place]}")
    return tuple(rows)


def _row(number: int, rule: RuleModel, model: Model) -> pr.RulePlan:
    written = rule.rule
    service = service_of(rule, model)
    events = tuple(lower_event(event, rule.service, rule.resource) for event in written.events)
    about = _about(rule, model)
    scope = Scope(model, service, about)
    chosen = None if written.per is None or service is None else service.resources[written.per]
    if chosen is not None:
        # INVARIANT: these are the first slots after those of every frame; the engine fills them when it chooses.
        scope.name(chosen.name, Shape(chosen))
        scope.name("turn")
    condition = None if written.condition is None else lower(written.condition, scope)
    effects = tuple(lower_effect(effect, scope) for effect in written.effects)
    only = written.only
    place = written.span.place()
    return pr.RulePlan(
        number=number,
        name=written.name or f"rule at {place}",
        doc=written.doc,
        kind=about.kind if about else None,
        service=rule.service,
        events=events,
        condition=condition,
        # What a record has to say is not known before it is chosen.
        keys=None if chosen is not None else next(_keys(condition), None),
        often=pr.ALWAYS_OFTEN if only is None else lower_often(only, scope),
        effects=effects,
        # How long a state lasts may be said by a field as well as whether a rule holds.
        reads=frozenset((*_reads(condition), *_reads(tuple(_waits(effects))))),
        size=scope.size[0],
        place=place,
        overrides=written.overrides,
        per=None if chosen is None else chosen.kind,
    )


def _about(rule: RuleModel, model: Model) -> ResourceModel | None:
    """The resource whose record the rule's condition sees: that of its subject, or of its only named event."""
    if rule.service is None:
        return None
    named = {event.resource for event in rule.rule.events if isinstance(event, li.NamedEvent) and event.resource}
    if len(named) == 1:
        return model.resource(rule.service, named.pop())
    return model.resource(rule.service, rule.resource) if rule.resource and not named else None


def _waits(effects: tuple[pr.EffectPlan, ...]) -> Iterator[pl.Plan | None]:
    """How long the effects on lifecycles say."""
    for effect in effects:
        if isinstance(effect, pr.StaysPlan):
            yield effect.seconds
        elif isinstance(effect, pr.BecomesPlan):
            yield from (step.seconds for step in effect.steps)
        elif isinstance(effect, pr.CyclePlan):
            yield from _waits(effect.items)


# -- what a condition is looked up by ---------------------------------------------------------------------------------


def _keys(condition: pl.Plan | None) -> Iterator[tuple[pl.Plan, tuple[Value, ...]]]:
    """The equalities of which one must hold for the condition to hold: an attribute, and the values it may have."""
    if isinstance(condition, pl.AllOf):
        for operand in condition.operands:
            yield from _keys(operand)
    elif isinstance(condition, pl.Comparison):
        if condition.operator == "==":
            yield from _equality(condition.left, (condition.right,))
            yield from _equality(condition.right, (condition.left,))
        elif condition.operator == "in" and isinstance(condition.right, pl.Items):
            yield from _equality(condition.left, condition.right.items)
    elif isinstance(condition, pl.AnyOf):
        found = [next(_keys(operand), None) for operand in condition.operands]
        attributes = {one[0] for one in found if one is not None}
        if len(attributes) == 1 and None not in found:
            yield attributes.pop(), tuple(value for one in found if one is not None for value in one[1])


def _equality(attribute: pl.Plan, values: Sequence[pl.Plan]) -> Iterator[tuple[pl.Plan, tuple[Value, ...]]]:
    if isinstance(attribute, pl.Const):
        return
    known = [value.value for value in values if isinstance(value, pl.Const) and value.value is not None]
    if len(known) == len(values):
        yield attribute, tuple(known)


def _reads(plan: object) -> Iterator[str]:
    """The fields of the record in hand that a plan reads."""
    if isinstance(plan, pl.FieldOf) and plan.record == pl.Slot(pl.SELF, "self"):
        yield plan.name
    if dataclasses.is_dataclass(plan):
        for part in dataclasses.fields(plan):
            yield from _reads(getattr(plan, part.name))
    elif isinstance(plan, tuple):
        for part in plan:
            yield from _reads(part)
