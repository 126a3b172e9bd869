# SPDX-License-Identifier: Apache-2.0
"""What a request does to records: make, change, remove, with all that their resources promise of them.

On the way of a request: the effects. References, invariants, uniqueness and quotas are looked at before a record goes
in; what depends on a record that goes is cleared, taken along, or forbids it.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from mimic_rules.compiler import expressions as pl
from mimic_rules.compiler.program import DependentPlan
from mimic_rules.engine.context import QUOTA_KIND, Context
from mimic_rules.engine.exchange import MISSING
from mimic_rules.engine.lifecycle import enter, owner_of, reconsider
from mimic_rules.engine.refusal import Fault, Refused
from mimic_rules.engine.resources import HIDDEN, Field, Lifecycle, Record, Resource, Way

PURGE = "purge"


def situation(context: Context, name: str, resource: Resource | None = None) -> Fault:
    """What the service at hand says in a situation."""
    service = context.service or context.program.services[resource.plan.service if resource else ""]
    return service.situations[name]


def make(context: Context, resource: Resource, given: Mapping[str, Any], parent: Any) -> Record:
    """A record with the values given, the rest by its fields; not in its table yet."""
    record: Record = {}
    frame = context.frame(resource.plan.size)
    frame[pl.SELF] = record
    if resource.parent is not None and parent and resource.plan.parent_kind is not None:
        record[resource.parent] = context.program.resources[resource.plan.parent_kind].key_of(parent)
    resource.fill(frame, given)
    for name, value in given.items():
        if name not in record and not name.startswith(HIDDEN):
            record[name] = value
    return record


def check_references(context: Context, resource: Resource, record: Record, names: Iterable[str] | None = None) -> None:
    """Every reference finds its record, and what must hold of the record does; of `names` only where they are given."""
    for field in resource.fields:
        if field.reference is None or (names is not None and field.name not in names):
            continue
        value = record.get(field.name)
        for key in value if field.many and type(value) is list else (value,):
            if key is None:
                if field.optional or field.many:
                    continue
            elif context.follow(field.reference, key) is not MISSING:
                continue
            raise _refused(
                context, field.fault or situation(context, "invalid", resource), resource, record, key, field
            )
    if names is None:
        frame = context.frame(resource.plan.size)
        frame[pl.SELF] = record
        for condition, fault in resource.invariants:
            if condition(frame) is not True:
                raise _refused(context, fault, resource, record)


def _refused(
    context: Context, fault: Fault, resource: Resource, record: Record, value: Any = None, field: Field | None = None
) -> Refused:
    refused = Refused(
        fault, value=value, field=field.name if field else "", reason="no such record", resource=resource.plan.name
    )
    refused.frame = context.frame(resource.plan.size)
    refused.frame[pl.SELF] = record
    return refused


def check_unique(context: Context, resource: Resource, record: Record, among: Iterable[Record] = ()) -> None:
    """No other record (in the table, or about to go in) has the same unique values, or the same key."""
    key = resource.key_of(record)
    table = context.table(resource.kind)
    for unique in resource.unique:
        value = unique.key(record)
        if value is None:
            continue
        holder = table.lookup(unique.name, value)
        if (holder is not None and holder != key) or any(unique.key(one) == value for one in among):
            raise _refused(context, unique.fault, resource, record, value)
        if holder is not None and table.get(key) is not None and record.get(HIDDEN) is None:
            raise _refused(context, unique.fault, resource, record, value)
    if record.get(HIDDEN) is None and (key in table or any(resource.key_of(one) == key for one in among)):
        raise _refused(context, situation(context, "conflict", resource), resource, record, key)


def check_quota(context: Context, resource: Resource, records: list[Record]) -> None:
    """The records, taken together, keep the tenant within its quotas of their kind."""
    service = context.program.services[resource.plan.service]
    over: list[tuple[str, Any, Any, Any]] = []
    for name, quota in service.quotas.items():
        if quota.kind != resource.kind:
            continue
        limit = context.quota(service.plan.name, name, "limit")
        if type(limit) is not int or limit < 0:
            continue
        of = quota.field
        requested = len(records) if of is None else sum(_number(record.get(of)) for record in records)
        used = context.used(resource.kind, name if of else None)
        if used + requested > limit:
            over.append((name, requested, used, limit))
    if over:
        names, requests, uses, limits = ([str(row[at]) for row in sorted(over)] for at in range(4))
        raise Refused(
            situation(context, "over_quota", resource),
            over=", ".join(names),
            requested=", ".join(requests),
            used=", ".join(uses),
            limit=", ".join(limits),
            resource=resource.plan.name,
        )


def _number(value: Any) -> int | float:
    return value if type(value) is int or type(value) is float else 0


def insert(context: Context, resource: Resource, record: Record) -> Record:
    """Put a new record into its table, in the first state of each of its lifecycles."""
    for lifecycle in resource.lifecycles:
        record = enter(context, resource, record, lifecycle, lifecycle.plan.start)
    record.setdefault(HIDDEN, {})
    context.transaction.insert(resource.kind, *context.partition(resource.kind), resource.key_of(record), record)
    return record


def change(context: Context, resource: Resource, record: Record, changes: Mapping[str, Any]) -> Record:
    """Put a changed record in the place of the old one: references and uniqueness hold, `on change` fields follow.

    What names a record in paths and references stays: another key is the situation `conflict`.
    """
    after: Record = {**record, **changes}
    if resource.key_of(after) != resource.key_of(record):
        raise _refused(context, situation(context, "conflict", resource), resource, record, resource.key_of(after))
    check_references(context, resource, after, changes.keys())
    frame = context.frame(resource.plan.size)
    frame[pl.SELF] = after
    for field in resource.changing:
        if field.initial is not None and field.name not in changes:
            value = field.initial(frame)
            after[field.name] = None if value is MISSING else value
    check_unique(context, resource, after)
    reconsider(context, resource, record, after)
    context.transaction.replace(resource.kind, *context.partition(resource.kind), resource.key_of(after), after)
    return after


def move(
    context: Context,
    resource: Resource,
    record: Record,
    lifecycle: Lifecycle,
    target: str,
    sets: Any = (),
    ways: tuple[Way, ...] | None = None,
) -> Record:
    """Take a record to another state; a state that is gone takes it out of sight, with what belongs to it."""
    context.transaction.cancel(owner_of(context, resource, record, lifecycle.field))
    if lifecycle.plan.states[target].gone:
        _release(context, resource, record)
    after = enter(context, resource, record, lifecycle, target, sets, ways)
    frame = context.frame(resource.plan.size)
    frame[pl.SELF] = after
    for field in resource.changing:
        if field.initial is not None:
            value = field.initial(frame)
            after[field.name] = None if value is MISSING else value
    if lifecycle.plan.states[target].gone:
        _lay_down(context, resource, after)
    else:
        check_unique(context, resource, after)
        where = context.partition(resource.kind)
        context.transaction.replace(resource.kind, *where, resource.key_of(after), after)
    return after


def remove(context: Context, resource: Resource, record: Record) -> None:
    """Delete a record: as its lifecycle has it when that knows of a gone state, else at once."""
    for lifecycle in resource.lifecycles:
        gone = next((name for name, state in lifecycle.plan.states.items() if state.gone), None)
        if gone is not None:
            move(context, resource, record, lifecycle, gone)
            return
    _release(context, resource, record)
    _lay_down(context, resource, record)


def _lay_down(context: Context, resource: Resource, record: Record) -> None:
    """Take a record out of its table, into its tomb where it is kept for a while."""
    transaction = context.transaction
    where = context.partition(resource.kind)
    key = resource.key_of(record)
    for lifecycle in resource.lifecycles:
        transaction.cancel(owner_of(context, resource, record, lifecycle.field))
    if resource.plan.kept is None:
        transaction.remove(resource.kind, *where, key)
    else:
        transaction.bury(resource.kind, *where, key, record)
        transaction.cancel((PURGE, resource.kind, *where, key))
        transaction.schedule(
            transaction.at + resource.plan.kept,
            (PURGE, resource.kind, *where, key),
            (PURGE, resource.kind, *where, key),
        )


def _release(context: Context, resource: Resource, record: Record) -> None:
    """What goes with a record: its children; and what refers to it is cleared, goes too, or forbids it."""
    resources = context.program.resources
    key = resource.key_of(record)
    for dependent, fault in resource.dependents:
        other = resources[dependent.kind]
        for place in _places(context, resource, other):
            with _at(context, other, place):
                referring = [one for one in context.records(other.kind) if _refers(one.get(dependent.field), key)]
                for one in referring:
                    if dependent.policy == "refuse":
                        raise _refused(context, fault or situation(context, "conflict", resource), resource, record)
                    _let_go(context, other, one, dependent, key)
    for kind in resource.plan.children:
        for child in context.children(kind, record):
            if resources[kind].key_of(child) in context.table(kind):
                remove(context, resources[kind], child)


def _let_go(context: Context, other: Resource, one: Record, dependent: DependentPlan, key: str | int) -> None:
    """A record that refers to one that goes: it goes too, or refers to it no more."""
    if dependent.policy == "cascade":
        # It may have gone with another one already.
        if other.key_of(one) in context.table(other.kind):
            remove(context, other, one)
        return
    value = one.get(dependent.field)
    left = [part for part in value if part != key] if type(value) is list else None
    change(context, other, one, {dependent.field: left})


def _places(context: Context, resource: Resource, other: Resource) -> tuple[tuple[str, str], ...]:
    """Where records that refer to one of a resource may be: with every tenant, where the resource is of the world."""
    if resource.plan.scope == "world" and other.plan.scope != "world":
        return context.transaction.partitions(other.kind)
    return (context.partition(other.kind),)


@contextmanager
def _at(context: Context, resource: Resource, place: tuple[str, str]) -> Iterator[None]:
    """For the length of a block, the records of a resource in sight are those of another place."""
    before = context.tenant, context.region, context.user
    if resource.plan.scope == "tenant":
        context.tenant, context.region = place
    elif resource.plan.scope == "user":
        context.user = place[0]
    context.roots.pop("tenant", None)
    try:
        yield
    finally:
        context.tenant, context.region, context.user = before
        context.roots.pop("tenant", None)


def _refers(value: Any, key: str | int) -> bool:
    return key in value if type(value) is list else value == key


def set_quota(context: Context, service: str, limits: Mapping[str, Any] | None) -> None:
    """New limits for the tenant at hand; None puts all back to their defaults."""
    where = (context.tenant, context.region)
    transaction = context.transaction
    own = transaction.table(QUOTA_KIND, *where).get(service)
    if limits is None:
        if own is not None:
            transaction.remove(QUOTA_KIND, *where, service)
    elif own is None:
        transaction.insert(QUOTA_KIND, *where, service, dict(limits))
    else:
        transaction.replace(QUOTA_KIND, *where, service, {**own, **limits})
