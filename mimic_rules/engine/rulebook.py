# SPDX-License-Identifier: Apache-2.0
"""Match tables: which rules hold for a record and a request, in order of rank, without trying them all.

Between the tables and a request: linked once from the rows of all rules. A rule with an equality in its condition is
looked up by the value; the rest is a short ordered list. `match_linear` says the same slowly: the oracle for tests.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from mimic_rules.compiler import expressions as pl
from mimic_rules.compiler import program as pr
from mimic_rules.engine.exchange import MISSING
from mimic_rules.engine.link import Linked, link
from mimic_rules.engine.refusal import Fault, link_fault

LOOKS = frozenset({"GET", "HEAD"})
_SCALARS = frozenset({str, int, float, bool})


@dataclass(frozen=True, slots=True)
class Effect:
    """A linked effect."""

    plan: pr.EffectPlan
    seconds: Linked | None = None
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A linked rule."""

    plan: pr.RulePlan
    condition: Linked | None
    per: Linked | None
    effects: tuple[Effect, ...]


class MatchTable:
    """Rules in order of rank, indexed by the equalities in their conditions."""

    __slots__ = ("_by_value", "_left", "_rest", "_size", "rows")

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = tuple(rows)
        # PERF: where looking up has decided already, the condition is not tried once more.
        self._left = [None if _is_decided(row.plan) else row.condition for row in self.rows]
        self._rest: list[int] = []
        self._size = max((row.plan.size for row in rows), default=pl.FIRST_LOCAL)
        indexed: dict[pl.Plan, dict[Any, list[int]]] = {}
        for position, row in enumerate(self.rows):
            if row.plan.keys is None:
                self._rest.append(position)
            else:
                attribute, values = row.plan.keys
                by_value = indexed.setdefault(attribute, {})
                for value in dict.fromkeys(values):
                    by_value.setdefault(value, []).append(position)
        self._by_value = [(link(attribute), by_value) for attribute, by_value in indexed.items()]

    def match(self, frame: list[Any], record: Any) -> Iterator[Row]:
        """The rules whose conditions hold, in order of rank, with `record` in hand."""
        if not self.rows:
            return
        inner = self._frame(frame, record)
        candidates = list(self._rest)
        for attribute, by_value in self._by_value:
            value = attribute(inner)
            if type(value) in _SCALARS:
                candidates += by_value.get(value, ())
        # A rule has one equality it is looked up by, so that no position comes twice.
        candidates.sort()
        for position in candidates:
            condition = self._left[position]
            if condition is None or condition(inner) is True:
                yield self.rows[position]

    def match_linear(self, frame: list[Any], record: Any) -> Iterator[Row]:
        """The same, by trying every rule."""
        inner = self._frame(frame, record)
        for row in self.rows:
            if row.condition is None or row.condition(inner) is True:
                yield row

    def _frame(self, frame: list[Any], record: Any) -> list[Any]:
        inner = [*frame[: pl.FIRST_LOCAL], *([MISSING] * (self._size - pl.FIRST_LOCAL))]
        inner[pl.SELF] = record
        return inner


def _is_decided(plan: pr.RulePlan) -> bool:
    """Whether a condition says nothing but the equality it is looked up by; of texts, which are equal to texts
    alone.
    """
    return (
        plan.keys is not None
        and isinstance(plan.condition, pl.Comparison)
        and all(type(value) is str for value in plan.keys[1])
    )


EMPTY = MatchTable(())


@dataclass(slots=True)
class Rulebook:
    """All rules, and the match tables made of them so far; a table is made when it is first asked for."""

    rows: tuple[Row, ...]
    _answers: dict[int, dict[str, MatchTable]] = field(default_factory=dict)
    _lifecycles: dict[tuple[str, str], MatchTable] = field(default_factory=dict)
    reads: dict[str, frozenset[str]] = field(default_factory=dict)

    def of(self, plans: Iterable[pr.RulePlan]) -> "Rulebook":
        """The rulebook of these rules; those that are in this one are not linked again."""
        known = {id(row.plan): row for row in self.rows}
        return Rulebook(tuple(known.get(id(plan)) or link_rule(plan) for plan in plans))

    def answers(self, operation: pr.OperationPlan) -> dict[str, MatchTable]:
        """The rules that may answer an operation, by the phase before which they strike."""
        tables = self._answers.get(id(operation))
        if tables is None:
            by_phase: dict[str, list[Row]] = {}
            for row in self.rows:
                if covers(row.plan.events, operation):
                    for effect in row.effects:
                        if isinstance(effect.plan, pr.RespondPlan):
                            by_phase.setdefault(effect.plan.phase, []).append(row)
            tables = {phase: MatchTable(rows) for phase, rows in by_phase.items()}
            self._answers[id(operation)] = tables
        return tables

    def lifecycle(self, kind: str, name: str) -> MatchTable:
        """The rules that may govern a lifecycle field of a kind."""
        table = self._lifecycles.get((kind, name))
        if table is None:
            rows = [
                row
                for row in self.rows
                if row.plan.kind == kind
                and any(isinstance(one.plan, pr.LifecycleEffectPlan) and one.plan.field == name for one in row.effects)
            ]
            table = MatchTable(rows) if rows else EMPTY
            self._lifecycles[kind, name] = table
        return table

    def read_by(self, kind: str) -> frozenset[str]:
        """The fields of a kind that conditions of lifecycle rules read."""
        if kind not in self.reads:
            lifecycles = [
                row
                for row in self.rows
                if row.plan.kind == kind and any(isinstance(one.plan, pr.LifecycleEffectPlan) for one in row.effects)
            ]
            self.reads[kind] = frozenset(name for row in lifecycles for name in row.plan.reads)
        return self.reads[kind]


def covers(events: tuple[pr.EventPlan, ...], operation: pr.OperationPlan) -> bool:
    """Whether one of the events means the operation."""
    return any(
        one.service in (None, operation.service)
        and one.resource in (None, operation.resource)
        and _verb(one.verb, operation)
        for one in events
    )


def _verb(verb: str | None, operation: pr.OperationPlan) -> bool:
    if verb in (None, operation.verb):
        return True
    if verb == "read":
        return operation.method in LOOKS
    return verb == "change" and operation.method not in LOOKS


def link_rules(rules: tuple[pr.RulePlan, ...]) -> Rulebook:
    """The rulebook of a program's rules."""
    return Rulebook(tuple(link_rule(rule) for rule in rules))


def link_rule(rule: pr.RulePlan) -> Row:
    """A linked rule."""
    return Row(
        rule,
        None if rule.condition is None else link(rule.condition),
        None if rule.often.per is None else link(rule.often.per),
        tuple(_effect(one) for one in rule.effects),
    )


def _effect(plan: pr.EffectPlan) -> Effect:
    match plan:
        case pr.StaysPlan(_, _, seconds):
            return Effect(plan, None if seconds is None else link(seconds))
        case pr.BecomesPlan(_, steps):
            return Effect(plan, None if steps[0].seconds is None else link(steps[0].seconds))
        case pr.RespondPlan(_, fault) if fault is not None:
            return Effect(plan, None, link_fault(fault))
    return Effect(plan)
