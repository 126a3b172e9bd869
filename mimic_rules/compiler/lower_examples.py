# SPDX-License-Identifier: Apache-2.0
"""From examples to their plans: operations found, names made slots, conditions taken apart to tell what fails.

On the way of a rule: `compile` calls it once for all examples, after the rules that they prove.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from mimic_rules.compiler import examples as xp
from mimic_rules.compiler import expressions as pl
from mimic_rules.compiler import program as pr
from mimic_rules.compiler.lower_expressions import Scope, Shape, lower
from mimic_rules.language import examples as sample
from mimic_rules.language import expressions as ex
from mimic_rules.language.check_examples import ANSWER, asked_operation, bound_by, made_by, named_by, variables
from mimic_rules.language.model import ExampleModel, Model, ServiceModel
from mimic_rules.language.print_expressions import print_expr

_WORD: Final = re.compile(r"[A-Z][A-Z0-9_]*")


def lower_examples(model: Model, rules: tuple[pr.RulePlan, ...]) -> tuple[xp.ExamplePlan, ...]:
    """The plans of all examples, in the order of their files."""
    layers = {one.rule.span.file: one.layer for one in model.rules}
    named: dict[str, list[tuple[str, str]]] = {}
    for rule in rules:
        named.setdefault(rule.name, []).append((rule.place.rsplit(":", 2)[0], rule.id))

    def ids(example: ExampleModel) -> dict[str, str]:
        """The ids of rules by their names as an example means them: those of its layer come before others."""
        return {
            name: min(found, key=lambda one: layers.get(one[0]) != example.layer)[1] for name, found in named.items()
        }

    return tuple(_example(one, model, ids(one)) for one in model.examples)


def _example(example: ExampleModel, model: Model, ids: Mapping[str, str]) -> xp.ExamplePlan:
    written = example.example
    service = model.services[example.service]
    scope = Scope(model, service)
    answer = scope.name(ANSWER)
    steps = _Steps(scope, service)
    lowered = tuple(steps.step(step) for step in written.steps)
    return xp.ExamplePlan(
        title=written.title,
        service=service.name,
        proves=None if written.proves is None else (written.proves, ids[written.proves]),
        # It may use the names of records that are made only later: they are missing until then.
        caller=_maybe(written.caller, scope),
        steps=lowered,
        answer=answer,
        size=scope.size[0],
        span=written.span,
    )


def _maybe(expression: ex.Expr | None, scope: Scope) -> pl.Plan | None:
    return None if expression is None else lower(expression, scope)


@dataclass(frozen=True, slots=True)
class _Steps:
    """Lowers the steps of one example, in order: each sees the names that those before it have given."""

    scope: Scope
    service: ServiceModel

    def step(self, step: sample.Step) -> xp.ExampleStepPlan:
        """The plan of a step."""
        match step:
            case sample.After(seconds):
                return xp.AfterPlan(seconds, step.span)
            case sample.Poll(looks):
                return xp.PollPlan(looks, step.span)
            case sample.Age(name, seconds):
                return xp.AgePlan(self.scope.locals[name][0], name, seconds, step.span)
            case sample.Expect(condition):
                return xp.ExpectPlan(tuple(self._expected(one) for one in _conjuncts(condition)))
            case sample.Ask():
                return self._ask(step)
        return xp.QuietPlan(step.span)

    def _ask(self, step: sample.Ask) -> xp.AskPlan:
        asked = asked_operation(self.service, step, self.scope.model)
        assert asked is not None
        service, operation = asked
        named = {name: named_by(name, operation, service) for name in variables(operation, service)}
        records = {name: one.name for name, one in named.items() if one is not None and one.name in self.scope.locals}
        number = next(at for at, one in enumerate(service.operations) if one is operation)
        plan = xp.AskPlan(
            service=service.name,
            operation=number,
            records=tuple((name, self.scope.locals[record][0]) for name, record in records.items()),
            at=_maybe(step.at, self.scope),
            query=_maybe(step.query, self.scope),
            body=_maybe(step.body, self.scope),
            status=step.status,
            says=_maybe(step.says, self.scope),
            binds=None,
            span=step.span,
        )
        resource = bound_by(operation)
        if step.name is None or resource is None:
            return plan
        bound = service.resources[resource]
        slot = self.scope.name(step.name, Shape(bound))
        return replace(plan, binds=xp.BindPlan(slot, bound.kind, made_by(operation) is not None))

    def _expected(self, condition: ex.Expr) -> xp.ExpectedPlan:
        sides = [side for side in _sides(condition) if not _speaks_for_itself(side, self.scope)]
        return xp.ExpectedPlan(
            lower(condition, self.scope),
            print_expr(condition),
            tuple(xp.SidePlan(print_expr(side), lower(side, self.scope)) for side in sides),
            condition.span,
        )


def _conjuncts(condition: ex.Expr) -> Iterator[ex.Expr]:
    """What must hold for a condition to hold."""
    if isinstance(condition, ex.All):
        for operand in condition.operands:
            yield from _conjuncts(operand)
    else:
        yield condition


def _sides(condition: ex.Expr) -> Iterator[ex.Expr]:
    """The parts of a condition whose values explain it."""
    match condition:
        case ex.Not(operand) | ex.Is(operand) | ex.Matches(operand) | ex.Has(operand):
            yield from _sides(operand)
        case ex.Any(operands):
            for operand in operands:
                yield from _sides(operand)
        case ex.Compare(_, left, right):
            yield left
            yield right
        case _:
            yield condition


def _speaks_for_itself(side: ex.Expr, scope: Scope) -> bool:
    """Whether a part is a value as it is written."""
    is_word = isinstance(side, ex.Name) and side.name not in scope.locals and _WORD.fullmatch(side.name)
    return isinstance(side, ex.Literal | ex.Duration) or bool(is_word)
