# SPDX-License-Identifier: Apache-2.0
"""Checks of conditions that can never hold: two tests of a conjunction that exclude each other.

On the way of a rule: `infer` hands over a conjunction. Only what is sure is told: of one value that is compared with
constants, and of a test and its opposite.
"""

from dataclasses import dataclass, field
from typing import Final

from mimic_rules.language import expressions as ex
from mimic_rules.language.scope import Scope

Constant = tuple[str, object]
"""The group and value of an expression that is always the same: 1 and 1.0 are, 1 and true are not."""

_MIRRORED: Final = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
"""The same comparison with its sides exchanged."""


def tests(expr: ex.Expr) -> list[ex.Expr]:
    """The tests that are and-ed at the top of a condition."""
    if isinstance(expr, ex.All):
        return [test for operand in expr.operands for test in tests(operand)]
    return [expr]


def check_contradictions(expr: ex.All, scope: Scope) -> None:
    """The first test of a conjunction that can't hold together with those before it."""
    known: dict[ex.Expr, _Known] = {}
    seen: set[ex.Expr] = set()
    for test in tests(expr):
        opposite = test.operand if isinstance(test, ex.Not) else ex.Not(test)
        subject, operator, constants = _compared(test, scope)
        impossible = opposite in seen
        if subject is not None:
            impossible = not known.setdefault(subject, _Known()).can_be(operator, constants) or impossible
        if impossible:
            told = f"{scope.context.report.places.text(test.span)} can't hold together with what stands before it"
            scope.context.report.add("MR502", told, test.span, help="join alternatives with `or`")
            return
        seen.add(test)


def _compared(test: ex.Expr, scope: Scope) -> tuple[ex.Expr | None, str, tuple[Constant, ...]]:
    """What a test compares, how, and with which constants; no subject where it compares with no constants."""
    if isinstance(test, ex.Compare):
        items = test.right.items if test.operator == "in" and isinstance(test.right, ex.ListOf) else (test.right,)
        constants = [literal(item, scope) for item in items]
        known = tuple(one for one in constants if one is not None)
        if len(known) == len(constants) and (test.operator != "in" or isinstance(test.right, ex.ListOf)):
            return test.left, test.operator, known
        constant = literal(test.left, scope)
        if constant is not None and test.operator in _MIRRORED:
            return test.right, _MIRRORED[test.operator], (constant,)
    return None, "", ()


@dataclass(slots=True)
class _Known:
    """What the tests so far say of one value: which it is one of, which it isn't, how it begins, and its bounds, each
    with whether it may be reached.
    """

    among: frozenset[Constant] | None = None
    other: set[Constant] = field(default_factory=set)
    begins: str | None = None
    low: tuple[float, bool] | None = None
    high: tuple[float, bool] | None = None

    def can_be(self, operator: str, constants: tuple[Constant, ...]) -> bool:
        """Whether there is a value for which this test holds as well as those before."""
        group, value = constants[0] if constants else ("", None)
        match operator:
            case "==" | "in":
                wanted = frozenset(constants)
                self.among = wanted if self.among is None else self.among & wanted
            case "!=":
                self.other.add((group, value))
            case "starts with" if isinstance(value, str):
                shorter, longer = sorted((value, self.begins or ""), key=len)
                if not longer.startswith(shorter):
                    return False
                self.begins = longer
            case "<" | "<=" if isinstance(value, float):
                bound = (value, operator == "<=")
                self.high = bound if self.high is None else min(bound, self.high)
            case ">" | ">=" if isinstance(value, float):
                bound = (value, operator == ">=")
                self.low = bound if self.low is None else max(bound, self.low, key=lambda one: (one[0], not one[1]))
        if self.low is not None and self.high is not None:
            empty = self.low[0] > self.high[0]
            if empty or (self.low[0] == self.high[0] and not (self.low[1] and self.high[1])):
                return False
        return self.among is None or any(self._allows(one) for one in self.among)

    def _allows(self, constant: Constant) -> bool:
        """Whether a value fits what else is known."""
        _group, value = constant
        if constant in self.other or (self.begins and not (isinstance(value, str) and value.startswith(self.begins))):
            return False
        if self.low is None and self.high is None:
            return True
        return isinstance(value, float) and _above(value, self.low) and _below(value, self.high)


def _above(value: float, low: tuple[float, bool] | None) -> bool:
    return low is None or value > low[0] or (value == low[0] and low[1])


def _below(value: float, high: tuple[float, bool] | None) -> bool:
    return high is None or value < high[0] or (value == high[0] and high[1])


def literal(expr: ex.Expr, scope: Scope) -> Constant | None:
    """The group and value of an expression that is always the same; None for another one."""
    if isinstance(expr, ex.Literal):
        value = expr.value
        if isinstance(value, bool) or value is None:
            return "word", value
        return ("text", value) if isinstance(value, str) else ("number", float(value))
    if isinstance(expr, ex.Name) and expr.name.isupper():
        kind = scope.lookup(expr.name)
        if kind is not None and kind.words == frozenset({expr.name}):
            return "text", expr.name
    return None
