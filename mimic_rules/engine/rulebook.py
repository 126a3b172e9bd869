# SPDX-License-Identifier: Apache-2.0
"""Match tables: which rules hold for a record and a request, in order of rank, without trying them all.

Between the tables and a request: made of the linked rules when they are first asked for. A rule with an equality in its
condition is looked up by the value; the rest is a short ordered list. `match_linear` says the same slowly: the oracle
for tests, and what explanations go by.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from mimic_rules.compiler import expressions as pl
from mimic_rules.compiler import program as pr
from mimic_rules.compiler.rules import DELIVER, SHOWN, STATE, STRIKE
from mimic_rules.engine.choosing import choose
from mimic_rules.engine.effects import Effect, Row, field_of, link_rule, phase_of, stages_of
from mimic_rules.engine.exchange import MISSING
from mimic_rules.engine.link import link

LOOKS = frozenset({"GET", "HEAD"})
_NO_CHANGES = LOOKS | {""}
"""What is no operation has no method."""

_SCALARS = frozenset({str, int, float, bool})


class MatchTable:
    """Rules in order of rank, indexed by the equalities in their conditions."""

    __slots__ = ("_by_value", "_chooses", "_left", "_rest", "_size", "rows")

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = tuple(rows)
        # PERF: where looking up has decided already, the condition is not tried once more.
        self._left = [None if _is_decided(row.plan) or row.plan.per else row.condition for row in self.rows]
        self._chooses = any(row.plan.per for row in self.rows)
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
        found = self._match(frame, record)
        return found if not self._chooses else self._choose(found, frame, record)

    def _choose(self, rows: Iterable[Row], frame: list[Any], record: Any) -> Iterator[Row]:
        """The same, where those that hold per record become the rule of one, or none."""
        for row in rows:
            chosen = row if row.plan.per is None else chosen_for(row, frame, record)
            if chosen is not None:
                yield chosen

    def _match(self, frame: list[Any], record: Any) -> Iterator[Row]:
        inner = self.frame(frame, record)
        if not self._by_value:
            for position, condition in enumerate(self._left):
                if condition is None or condition(inner) is True:
                    yield self.rows[position]
            return
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
        inner = self.frame(frame, record)
        holds = (row for row in self.rows if row.plan.per or row.condition is None or row.condition(inner) is True)
        return self._choose(holds, frame, record)

    def frame(self, frame: list[Any], record: Any) -> list[Any]:
        """A frame in which the conditions of the table can be tried, with `record` in hand."""
        extra = self._size - pl.FIRST_LOCAL
        # PERF: where no condition has names of its own, none writes into the frame.
        if not extra and frame[pl.SELF] is record:
            return frame
        inner = frame[: pl.FIRST_LOCAL]
        inner[pl.SELF] = record
        return [*inner, *([MISSING] * extra)] if extra else inner


def chosen_for(row: Row, frame: list[Any], record: Any) -> Row | None:
    """A rule per record as the rule of one; None where there is none, or no request that is among its events."""
    context = frame[pl.CONTEXT]
    if context.request is None or (context.operation is not None and not covers(row.plan.events, context.operation)):
        return None
    return choose(row, frame, record)


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
    """All rules in order of rank, and the match tables made of them so far."""

    rows: tuple[Row, ...]
    _strikes: dict[int, dict[str, MatchTable]] = field(default_factory=dict)
    _deliveries: dict[int, MatchTable] = field(default_factory=dict)
    _lifecycles: dict[tuple[str, str], MatchTable] = field(default_factory=dict)
    reads: dict[str, frozenset[str]] = field(default_factory=dict)

    def strikes(self, operation: pr.OperationPlan) -> dict[str, MatchTable]:
        """The rules that may answer an operation, or change what comes of it, by the phase before which they strike."""
        tables = self._strikes.get(id(operation))
        if tables is None:
            by_phase: dict[str, dict[int, Row]] = {}
            for row in self._about(operation):
                for effect in row.effects:
                    phase = phase_of(effect.plan)
                    if phase is not None and STRIKE in stages_of(effect.plan, False):
                        by_phase.setdefault(phase, {})[id(row)] = row
            tables = {phase: MatchTable(list(rows.values())) for phase, rows in by_phase.items()}
            self._strikes[id(operation)] = tables
        return tables

    def deliveries(self, operation: pr.OperationPlan) -> MatchTable:
        """The rules that may hold the answers of an operation back, or break them."""
        table = self._deliveries.get(id(operation))
        if table is None:
            rows = [
                row for row in self._about(operation) if _any(row, lambda one: DELIVER in stages_of(one.plan, False))
            ]
            # `pass` alone keeps nothing from a delivery that no rule would change.
            alone = all(isinstance(effect.plan, pr.PassPlan) for row in rows for effect in row.effects)
            table = self._deliveries[id(operation)] = EMPTY if alone else MatchTable(rows)
        return table

    def _about(self, operation: pr.OperationPlan) -> Iterator[Row]:
        return (row for row in self.rows if covers(row.plan.events, operation))

    def lifecycle(self, kind: str, name: str) -> MatchTable:
        """The rules that may govern a lifecycle field of a kind."""
        table = self._lifecycles.get((kind, name))
        if table is None:
            rows = [row for row in self._of(kind, STATE) if _any(row, lambda one: field_of(one.plan) in (name, None))]
            table = self._lifecycles[kind, name] = MatchTable(rows) if rows else EMPTY
        return table

    def shown(self, kind: str) -> MatchTable:
        """The rules that may change what clients see of a kind."""
        return MatchTable(self._of(kind, SHOWN))

    def _of(self, kind: str, stage: str) -> list[Row]:
        return [
            row
            for row in self.rows
            if row.plan.kind == kind
            and any(stage in stages_of(effect.plan, not row.plan.events) for effect in row.effects)
        ]

    def read_by(self, kind: str) -> frozenset[str]:
        """The fields of a kind that conditions of lifecycle rules read."""
        if kind not in self.reads:
            self.reads[kind] = frozenset(name for row in self._of(kind, STATE) for name in row.plan.reads)
        return self.reads[kind]


def _any(row: Row, test: Callable[[Effect], bool]) -> bool:
    return any(test(effect) for effect in row.effects)


def covers(events: tuple[pr.EventPlan, ...], operation: pr.OperationPlan) -> bool:
    """Whether one of the events means the operation."""
    return any(
        (one.service in (None, operation.service, operation.base) or _shared(one, operation))
        and one.resource in (None, operation.resource)
        and _verb(one.verb, operation)
        for one in events
    )


def _shared(event: pr.EventPlan, operation: pr.OperationPlan) -> bool:
    """Whether an event is about the records, which the service that is asked shares with that of the event."""
    return event.resource is not None and f"{event.service}.{event.resource}" == operation.kind


def _verb(verb: str | None, operation: pr.OperationPlan) -> bool:
    if verb in (None, operation.verb):
        return True
    if verb == "read":
        return operation.method in LOOKS
    return verb == "change" and operation.method not in _NO_CHANGES


def link_rules(rules: tuple[pr.RulePlan, ...], known: Sequence[Row] = ()) -> Rulebook:
    """The rulebook of rules; those that are among the `known` rows are not linked again."""
    linked = {id(row.plan): row for row in known}
    return Rulebook(tuple(linked.get(id(rule)) or link_rule(rule) for rule in rules))
