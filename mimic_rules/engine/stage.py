# SPDX-License-Identifier: Apache-2.0
"""The world of one example while it runs: who asks in it, what its records are called, and its clock.

Beside the way of a request: `examples` goes through the steps and judges; this makes requests of them and hands these
to the engine, as `web` does with what comes over a socket.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from mimic_rules.compiler import expressions as pl
from mimic_rules.compiler.examples import AskPlan, BindPlan, ExamplePlan
from mimic_rules.compiler.program import OperationPlan
from mimic_rules.engine.aging import age
from mimic_rules.engine.context import Context
from mimic_rules.engine.engine import Engine
from mimic_rules.engine.exchange import MISSING, Request, Response
from mimic_rules.engine.lifecycle import governing
from mimic_rules.engine.link import link
from mimic_rules.engine.linked import LinkedService
from mimic_rules.engine.resources import Record
from mimic_rules.engine.values import to_text
from mimic_rules.state.clock import END_OF_TIME, WorldClock
from mimic_rules.state.transaction import Transaction

START: Final = 1_893_456_000.0
"""When every example begins: 2030-01-01T00:00:00Z."""

SEED: Final = 0
BASE: Final = "http://cloud.example"
TENANT: Final = "example"
USER: Final = "tester"
MOST_RECORDS: Final = 100_000
_RECORD: Final = re.compile(r"#[^#:/]*$")
_VARIABLE: Final = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")


class Unfilled(Exception):
    """A variable of a path that no record and no value fills."""

    def __init__(self, variable: str) -> None:
        super().__init__(variable)
        self.variable: Final = variable


@dataclass(frozen=True, slots=True)
class Bound:
    """Where a named record is, and what a path calls it: enough to find it again, or to ask for it when it is gone."""

    kind: str
    tenant: str
    region: str
    key: str | int
    text: str


class Stage:
    """One example in a new world; `decided` are the places (`file:line`) of the rules that have decided so far."""

    def __init__(self, engine: Engine, plan: ExamplePlan) -> None:
        linked = engine.linked
        self.decided: Final[set[str]] = set()
        self._engine: Final = engine
        self._plan: Final = plan
        self._service: Final = linked.services[plan.service]
        self._region: Final = linked.regions[0]
        self._bound: Final[dict[int, Bound]] = {}
        self._answer: Any = MISSING
        self._world: Final = engine.new_world(
            "example", clock=WorldClock(START, frozen=True), seed=SEED, max_records=MOST_RECORDS
        )
        self._moving: Final = [kind for kind, resource in linked.resources.items() if resource.lifecycles]

    def has_decided(self, rule: str) -> bool:
        """Whether the rule with that id has."""
        return _line(rule) in self.decided

    def worth(self, plan: pl.Plan) -> Any:
        """What an expression is worth now; it sees the records by their names, and the last answer."""
        with self._world.transaction() as transaction:
            return self._worth(plan, transaction, self._acting() or {})

    def ask(self, step: AskPlan) -> Response:
        """The answer to the request of a step; raises Unfilled where its path can't be made."""
        service = self._engine.linked.services[step.service]
        operation = service.plan.operations[step.operation]
        pattern = self._pattern(operation, service)
        texts = self._texts(step, pattern)
        before: list[Bound] = []
        if step.binds is not None:
            before = self._all(step.binds) if step.binds.made else self._targets(operation, texts)
        body = MISSING if step.body is None else self.worth(step.body)
        request = Request(
            operation.method,
            _VARIABLE.sub(lambda found: texts[found[1]], pattern),
            {} if step.query is None else dict(_parameters(self.worth(step.query))),
            {},
            BASE,
            lambda: body,
            acting=self._acting(),
        )
        response = self._engine.handle(self._world, request)
        self._answer = {
            "status": response.status,
            "headers": {name.lower(): value for name, value in response.headers},
            **({} if response.content is MISSING else {"body": response.content}),
            "delay": response.delay,
            "wire": None if response.wire is None else response.wire.how,
        }
        self.decided.update(_RECORD.sub("", place) for place in response.rules)
        self._note()
        if step.binds is not None:
            known = frozenset(before)
            found = [one for one in self._all(step.binds) if one not in known] if step.binds.made else before
            if found:
                self._bound[step.binds.slot] = found[0]
        return response

    # -- time ---------------------------------------------------------------------------------------------------------

    def move_on(self, seconds: float, moments: int) -> None:
        """Move the clock by so many seconds, at most to its end; up to so many moments are looked at one by one."""
        clock = self._world.clock
        until = min(clock.now() + seconds, END_OF_TIME)
        # What a rule does for a moment only is seen by looking at each.
        self._pass(until, moments)
        clock.reach(until)
        self._settle()

    def settle_down(self, moments: int) -> bool:
        """Move the clock until nothing is pending; gives whether that took no more than so many moments."""
        return self._pass(END_OF_TIME, moments)

    def count_looks(self, enough: int) -> None:
        """From now on, let so many looks at a record that waits bring its next event forward."""
        self._world.clock.watch(enough)

    def age(self, slot: int, seconds: float) -> bool:
        """Make a record older; gives whether it is there."""
        bound = self._bound.get(slot)
        if bound is None or self._current(bound) is MISSING:
            return False
        age(self._engine.linked, self._world, bound.kind, bound.key, seconds)
        self._settle()
        return True

    def _pass(self, until: float, moments: int) -> bool:
        """Let things fall due one moment after the other; gives whether no more are left."""
        for _ in range(moments):
            with self._world.transaction() as transaction:
                due = transaction.next_due()
            if due is None or due > until:
                return True
            self._world.clock.reach(due)
            self._settle()
        return False

    def _settle(self) -> None:
        self._engine.settle(self._world)
        self._note()

    def _note(self) -> None:
        """Note the rules that govern records now: those chosen when something fell due are in no answer."""
        with self._world.transaction() as transaction:
            for kind in self._moving:
                for tenant, region in transaction.partitions(kind):
                    for record in transaction.table(kind, tenant, region).records():
                        self.decided.update(_line(place) for place in governing(record))

    # -- who asks -----------------------------------------------------------------------------------------------------

    def _acting(self) -> dict[str, Any] | None:
        caller = self._service.caller
        if caller is None:
            return None
        fields = {caller.tenant: TENANT, **({caller.user: USER} if caller.user else {})}
        if self._plan.caller is not None:
            with self._world.transaction() as transaction:
                given = self._worth(self._plan.caller, transaction, fields)
            fields.update(given)
        return fields

    def _context(self, transaction: Transaction, acting: Mapping[str, Any]) -> Context:
        caller = self._service.caller
        return Context(
            self._engine.linked,
            transaction,
            self._world,
            service=self._service,
            region=self._region,
            tenant="" if caller is None else to_text(acting.get(caller.tenant)),
            user="" if caller is None or caller.user is None else to_text(acting.get(caller.user)),
        )

    def _worth(self, plan: pl.Plan, transaction: Transaction, acting: Mapping[str, Any]) -> Any:
        frame = self._context(transaction, acting).frame(self._plan.size)
        for slot, bound in self._bound.items():
            frame[slot] = _record(bound, transaction)
        frame[self._plan.answer] = self._answer
        return link(plan)(frame)

    # -- records and paths --------------------------------------------------------------------------------------------

    def _current(self, bound: Bound) -> Any:
        with self._world.transaction() as transaction:
            return _record(bound, transaction)

    def _pattern(self, operation: OperationPlan, service: LinkedService) -> str:
        linked = self._engine.linked
        if operation.at_root:
            return linked.placed(operation.path, self._region)
        return linked.mount(service, self._region) + operation.path

    def _texts(self, step: AskPlan, pattern: str) -> dict[str, str]:
        """What fills the variables of a path."""
        given = {} if step.at is None else self.worth(step.at)
        slots = dict(step.records)
        texts = {}
        for name in _VARIABLE.findall(pattern):
            bound = self._bound.get(slots.get(name, -1))
            if name in given:
                texts[name] = to_text(given[name])
            elif bound is None:
                raise Unfilled(name)
            else:
                texts[name] = bound.text
        return texts

    def _targets(self, operation: OperationPlan, texts: Mapping[str, str]) -> list[Bound]:
        """The record that an operation is about, found as a request finds it; none where it is not there."""
        with self._world.transaction() as transaction:
            context = self._context(transaction, self._acting() or {})
            resources = self._engine.linked.resources
            found: dict[int | None, Record] = {}
            target: list[Bound] = []
            for find in operation.finds:
                resource, text = resources[find.kind], texts[find.variable]
                above, owner = resource.plan.parent_kind, found.get(find.parent)
                key = resource.key_from(
                    text, None if above is None or owner is None else resources[above].key_of(owner)
                )
                record = None if key is None else context.table(find.kind).get(key)
                if key is not None and record is not None:
                    found[find.slot] = record
                    if find.slot == operation.target:
                        target = [Bound(find.kind, *context.partition(find.kind), key, text)]
        return target

    def _all(self, binds: BindPlan) -> list[Bound]:
        """All records of a kind, in the order in which they were made."""
        with self._world.transaction() as transaction:
            return list(self._each(binds.kind, transaction))

    def _each(self, kind: str, transaction: Transaction) -> Iterator[Bound]:
        field = self._engine.linked.resources[kind].key[-1]
        for tenant, region in transaction.partitions(kind):
            for key, record in transaction.table(kind, tenant, region).items():
                yield Bound(kind, tenant, region, key, to_text(record.get(field)))


def _record(bound: Bound, transaction: Transaction) -> Any:
    """A named record as it is now; MISSING when it is gone."""
    record = transaction.table(bound.kind, bound.tenant, bound.region).get(bound.key)
    return MISSING if record is None else record


def _line(place: str) -> str:
    """`file:line` of a place; of that of a rule per record, as answers name it, without the key of the record."""
    return _RECORD.sub("", place.rpartition(":")[0])


def _parameters(query: Any) -> Iterator[tuple[str, list[str]]]:
    for name, value in query.items():
        yield name, [to_text(one) for one in (value if isinstance(value, list) else [value])]
