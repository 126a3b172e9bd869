# SPDX-License-Identifier: Apache-2.0
"""Resources as the engine uses them: their plans with every expression linked, and what the state must index for them.

Between the tables and a request: linked once for a program; contexts, effects and lifecycles work with these.
"""

import json
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from mimic_rules.compiler import expressions as pl
from mimic_rules.compiler import program as pr
from mimic_rules.engine.exchange import MISSING
from mimic_rules.engine.link import Linked, link, link_view
from mimic_rules.engine.refusal import Fault, link_fault, link_fault_or_none
from mimic_rules.engine.source import maker_of
from mimic_rules.engine.values import is_number
from mimic_rules.state.table import Index, Sum, TableSpec

Record = dict[str, Any]
HIDDEN = "~"


@dataclass(frozen=True, slots=True)
class Field:
    """A field: how it gets a value, and what a reference in it must find."""

    name: str
    generated: str | None
    optional: bool
    initial: Linked | None
    on_change: bool
    reference: str | None
    many: bool
    fault: Fault | None


@dataclass(frozen=True, slots=True)
class Unique:
    """A constraint, looked up in the table's index of that name."""

    name: str
    key: Callable[[Record], Hashable | None]
    fault: Fault


@dataclass(frozen=True, slots=True)
class Way:
    """A way from one state to another."""

    target: str
    seconds: Linked
    condition: Linked | None
    sets: tuple[tuple[str, Linked], ...]


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """A linked transition table."""

    plan: pr.LifecyclePlan
    field: str
    values: Mapping[str, tuple[tuple[str, Linked], ...]]
    timed: Mapping[str, tuple[Way, ...]]
    requested: Mapping[tuple[str, str], tuple[Way, ...]]
    refusal: Fault | None


@dataclass(slots=True)
class View:
    """A linked view; what each version shows of it is picked once."""

    entries: tuple[pl.Pair, ...]
    sure: frozenset[str]
    by_version: dict[int, Callable[[list[Any], Record], Record]] = field(default_factory=dict)

    def show(self, frame: list[Any], record: Record) -> Record:
        """What a client sees of a record."""
        version = frame[pl.VERSION]
        shown = self.by_version.get(version)
        if shown is None:
            # INVARIANT: versions are those of the service or 0, so that this table is small.
            shown = link_view(tuple(_at(self.entries, version)), self.sure)
            self.by_version[version] = shown
        return shown(frame, record)


def _at(entries: tuple[pl.Pair, ...], version: int) -> Iterator[pl.Pair]:
    """The entries that a version shows, without their windows."""
    for entry in entries:
        if (entry.window.since or 0) <= version <= (entry.window.until or pl.ANY_VERSION):
            yield pl.Pair(entry.key, entry.value, pl.Window(entry.window.when))


@dataclass(slots=True)
class Resource:
    """A linked resource."""

    plan: pr.ResourcePlan
    kind: str
    key: tuple[str, ...]
    parent: str | None
    composite: bool
    numbered: bool
    fields: tuple[Field, ...]
    changing: tuple[Field, ...]
    unique: tuple[Unique, ...]
    invariants: tuple[tuple[Linked, Fault], ...]
    missing: Fault | None
    across: Linked | None
    lifecycles: tuple[Lifecycle, ...]
    views: Mapping[str, View]
    dependents: tuple[tuple[pr.DependentPlan, Fault | None], ...]
    spec: TableSpec
    _filled: Callable[[list[Any], Mapping[str, Any]], None] | None = None

    def fill(self, frame: list[Any], given: Mapping[str, Any]) -> None:
        """Give the empty record in hand its fields: the values given, the rest as the fields say."""
        if self._filled is None:
            self._filled = maker_of(self.plan)
        self._filled(frame, given)

    def key_of(self, record: Record) -> str | int:
        """The key of a record in its table: that of its fields, below its owner's where it is only told apart there."""
        if self.composite:
            return "/".join(str(record.get(part)) for part in (self.parent or "", *self.key))
        if len(self.key) == 1:
            value = record.get(self.key[0])
            return value if isinstance(value, str | int) else str(value)
        return "/".join(str(record.get(part)) for part in self.key)

    def key_from(self, text: Any, parent: str | int | None) -> str | int | None:
        """The key that a text in a path means, or None where it can be none."""
        if self.numbered:
            return int(text) if str(text).isascii() and str(text).isdigit() and len(str(text)) < 19 else None
        return f"{parent}/{text}" if self.composite else text if type(text) in (str, int) else None


def link_resource(plan: pr.ResourcePlan, sums: Mapping[str, str]) -> Resource:
    """The linked resource of a plan; `sums` are the quotas that add up one of its fields."""
    fields = tuple(_field(one) for one in plan.fields)
    generated = {one.name: one.generated for one in fields}
    composite = plan.parent is not None and not all(generated.get(name) for name in plan.key)
    whole = len(plan.key) == 1 and any(one.whole for one in plan.fields if one.name == plan.key[0])
    # Below its owner, a number is a part of a text.
    numbered = whole and not composite
    unique = tuple(
        Unique(one.name, _unique_key(one, plan.parent, plan.size), link_fault(one.fault)) for one in plan.unique
    )
    parent = plan.parent
    carried = {name for one in plan.lifecycles for name in (one.field, *one.carried)}
    sure = frozenset({one.name for one in fields} | carried)
    return Resource(
        plan,
        plan.kind,
        plan.key,
        parent,
        composite,
        numbered,
        fields,
        tuple(one for one in fields if one.on_change),
        unique,
        tuple((link(one.condition), link_fault(one.fault)) for one in plan.invariants),
        link_fault_or_none(plan.missing),
        None if plan.across is None else link(plan.across),
        tuple(_lifecycle(one) for one in plan.lifecycles),
        {name: View(view.entries, sure) for name, view in plan.views.items()},
        tuple((one, link_fault_or_none(one.fault)) for one in plan.dependents),
        TableSpec(
            plan.kind,
            tuple(Index(one.name, one.key) for one in unique),
            () if parent is None else (Index("parent", lambda record: record.get(parent)),),
            tuple(Sum(name, _amount(of)) for name, of in sums.items()),
        ),
    )


def _amount(name: str) -> Callable[[Record], float | int]:
    def amount(record: Record) -> float | int:
        value = record.get(name)
        return value if is_number(value) and value is not None else 0

    return amount


def _field(plan: pr.FieldPlan) -> Field:
    return Field(
        plan.name,
        plan.generated,
        plan.optional,
        None if plan.initial is None else link(plan.initial),
        plan.on_change,
        plan.reference,
        plan.many,
        link_fault_or_none(plan.fault),
    )


def _unique_key(plan: pr.UniquePlan, parent: str | None, size: int) -> Callable[[Record], Hashable | None]:
    values = [link(value) for value in plan.values]
    condition = None if plan.condition is None else link(plan.condition)

    def key(record: Record) -> Hashable | None:
        # Constraints are of the record alone: there is no request here.
        frame: list[Any] = [None, record, *([MISSING] * (size - 2))]
        if condition is not None and condition(frame) is not True:
            return None
        worth = tuple(value(frame) for value in values)
        if any(one is MISSING or one is None for one in worth):
            return None
        return (record.get(parent) if parent else None, *(_hashable(one) for one in worth))

    return key


def _hashable(value: Any) -> Hashable:
    return json.dumps(value, sort_keys=True) if isinstance(value, list | dict) else value


def _lifecycle(plan: pr.LifecyclePlan) -> Lifecycle:
    return Lifecycle(
        plan,
        plan.field,
        {name: tuple((key, link(value)) for key, value in state.values) for name, state in plan.states.items()},
        {
            source: tuple(Way(one.target, link(one.seconds), _condition(one), _sets(one)) for one in rows)
            for source, rows in plan.timed.items()
        },
        {
            pair: tuple(Way(one.target, link(pl.Const(0.0)), _condition(one), _sets(one)) for one in rows)
            for pair, rows in plan.requested.items()
        },
        link_fault_or_none(plan.refusal),
    )


def _condition(plan: pr.TimedPlan | pr.RequestedPlan) -> Linked | None:
    return None if plan.condition is None else link(plan.condition)


def _sets(plan: pr.TimedPlan | pr.RequestedPlan) -> tuple[tuple[str, Linked], ...]:
    return tuple((name, link(value)) for name, value in plan.sets)
