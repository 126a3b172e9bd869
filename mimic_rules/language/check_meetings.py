# SPDX-License-Identifier: Apache-2.0
"""Checks of how rules meet: their names, what they override, and rules that an earlier one never lets decide.

On the way of a rule: the last of the checks, over all rules in the order in which they are consulted.
"""

from collections.abc import Iterator

from mimic_rules.diagnostics import Related
from mimic_rules.language import expressions as ex
from mimic_rules.language import rules as ru
from mimic_rules.language.check_answers import order_of
from mimic_rules.language.check_contradictions import tests
from mimic_rules.language.events import Event, events_of, service_of, targets
from mimic_rules.language.model import RuleModel
from mimic_rules.language.report import suggest
from mimic_rules.language.scope import Context
from mimic_rules.language.slots import (
    EVERYTHING,
    Stage,
    always,
    phase,
    slots,
    stage,
)

Slot = tuple[str | None, str | None, str]
"""What an effect fills: of a request (None, None, slot), of the records of a resource (service, resource, slot)."""


def check_meetings(context: Context) -> None:
    """All rules beside each other."""
    rules = sorted(context.model.rules, key=lambda one: one.layer)
    named: dict[str, list[RuleModel]] = {}
    for model in rules:
        name = model.rule.name
        if name is None:
            continue
        # Who ships rules can't know what others call theirs: a name is taken in its layer alone.
        before = next((one for one in named.get(name, ()) if one.layer == model.layer), None)
        if before is not None:
            told = f"rule `{name}` is declared twice"
            related = [Related(before.rule.span, "declared here before")]
            context.report.add("MR206", told, model.rule.span, word=name, help="rename one of the two", related=related)
        else:
            named.setdefault(name, []).append(model)
    _check_overrides(named, context)
    _check_shadowed(rules, context)


def _overridden(model: RuleModel, named: dict[str, list[RuleModel]]) -> RuleModel | None:
    """The first rule by rank, but for itself, that has the name which a rule overrides."""
    return next((one for one in named.get(model.rule.overrides or "", ()) if one is not model), None)


def _check_overrides(named: dict[str, list[RuleModel]], context: Context) -> None:
    round_it: list[RuleModel] = []
    for model in context.model.rules:
        rule = model.rule
        if rule.overrides is None:
            continue
        at = _overridden(model, named)
        if at is None and rule.overrides != rule.name:
            told = f"there is no rule `{rule.overrides}` to override"
            help = suggest(rule.overrides, named.keys() - {rule.name or ""}, "leave `overrides` out")
            context.report.add("MR503", told, rule.span, word=rule.overrides, help=help)
            continue
        chain = [model]
        while at is not None and not any(one is at for one in chain):
            chain.append(at)
            at = _overridden(at, named)
        alone = at is None and len(chain) == 1
        if (alone or at is model) and not any(one is model for one in round_it):
            # The others of the circle have the same mistake.
            round_it += chain
            told = f"rule `{rule.name}` overrides itself"
            help = "leave `overrides` out of one of the rules"
            context.report.add("MR212", told, rule.span, word=rule.overrides, last=True, help=help)


def _check_shadowed(rules: list[RuleModel], context: Context) -> None:
    """Rules all of whose slots an earlier rule of the same file fills whenever they match."""
    filled: dict[tuple[int, str, Slot], _Filled] = {}
    for model in rules:
        rule = model.rule
        before: list[RuleModel | None] = []
        for effect in rule.effects:
            fills = always(effect, standing=not rule.events)
            for slot in slots(effect, standing=not rule.events):
                for place in _places(slot, effect, model):
                    others = [filled.get((model.layer, rule.span.file, one)) for one in _filling(place)]
                    before.append(_first(others, model, effect, context))
                    if rule.only is None and rule.per is None and slot in fills:
                        filled.setdefault((model.layer, rule.span.file, place), _Filled()).add(model, effect)
        if before and before[0] is not None and None not in before:
            first = before[0]
            told = "this rule can never decide: an earlier one matches whenever it does"
            help = "make the earlier one more narrow, put this one before it, or say `overrides`"
            related = [Related(first.rule.span, "this rule decides first")]
            context.report.add("MR501", told, rule.span, help=help, related=related)


def _places(slot: str, effect: ru.Effect, model: RuleModel) -> Iterator[Slot]:
    """Where a slot of an effect is: of the request, or of the records of each resource that the rule is about."""
    if stage(effect) in (Stage.STATE, Stage.SHOWN) or slot == EVERYTHING:
        for service, resource in sorted(targets(model), key=str):
            yield service, resource, slot
    else:
        yield None, None, slot


def _filling(place: Slot) -> tuple[Slot, ...]:
    """The slots that, once filled, leave nothing of one."""
    service, resource, _slot = place
    return (place,) if resource is None else (place, (service, resource, EVERYTHING))


def _first(filled: "list[_Filled | None]", model: RuleModel, effect: ru.Effect, context: Context) -> RuleModel | None:
    """The first rule that fills a slot whenever a later one would."""
    for others in filled:
        for one, other in others.near(model.rule) if others is not None else ():
            if one is not model and _implies(one, other, model, effect) and _sooner(other, effect, model, context):
                return one
    return None


def _sooner(effect: ru.Effect, other: ru.Effect, model: RuleModel, context: Context) -> bool:
    """Whether the first effect strikes before no later phase than the other, which would be first else."""
    first, second = phase(effect), phase(other)
    if first is None or second is None:
        return True
    order = order_of(service_of(model, context.model))
    return first in order and second in order and order.index(first) <= order.index(second)


class _Filled:
    """The rules that fill a slot so far, in order; found by a test of their conditions.

    PERF: a rule implies another one only where each of its tests is one of the other's, so that its first one is: with
    ten thousand rules, few are looked at for each.
    """

    def __init__(self) -> None:
        self._by_test: dict[ex.Expr | None, list[tuple[int, RuleModel, ru.Effect]]] = {}
        self._count = 0

    def add(self, model: RuleModel, effect: ru.Effect) -> None:
        """One more."""
        self._count += 1
        first = None if model.rule.condition is None else tests(model.rule.condition)[0]
        self._by_test.setdefault(first, []).append((self._count, model, effect))

    def near(self, rule: ru.Rule) -> list[tuple[RuleModel, ru.Effect]]:
        """Those that may hold whenever a rule does, in order."""
        keys: dict[ex.Expr | None, None] = {None: None}
        keys.update(dict.fromkeys([] if rule.condition is None else tests(rule.condition)))
        found = [one for key in keys for one in self._by_test.get(key, ())]
        return [(model, effect) for _, model, effect in sorted(found, key=lambda one: one[0])]


def _implies(earlier: RuleModel, effect: ru.Effect, later: RuleModel, other: ru.Effect) -> bool:
    """Whether the earlier rule fills the slot whenever the later one would."""
    if isinstance(effect, ru.Stays) and isinstance(other, ru.Stays | ru.Cycle) and effect != other:
        # Each of them only fills its slot in its own state.
        return isinstance(other, ru.Stays) and effect.state == other.state and _implied(earlier, later)
    return _implied(earlier, later)


def _implied(earlier: RuleModel, later: RuleModel) -> bool:
    """Whether the earlier rule matches whenever the later one does, and may come before it."""
    if later.rule.overrides is not None and later.rule.overrides == earlier.rule.name:
        return False
    if (earlier.service, earlier.resource) != (later.service, later.resource) and earlier.rule.condition is not None:
        # The same names may mean other things.
        return False
    if not _wider(events_of(earlier), events_of(later)):
        return False
    if earlier.rule.condition is None:
        return True
    return later.rule.condition is not None and set(tests(earlier.rule.condition)) <= set(tests(later.rule.condition))


def _wider(events: list[Event], others: list[Event]) -> bool:
    """Whether the first are all of the others, and maybe more; a standing rule holds at every event."""
    if not events:
        return True
    return bool(others) and all(any(event.covers(other) for event in events) for other in others)
