# SPDX-License-Identifier: Apache-2.0
"""What a request does to records: make and change them, with all that their resources promise of them.

On the way of a request: the effects. References, invariants, uniqueness and quotas are looked at before a record goes
in; how one goes away is in `removal`.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from mimic_rules.compiler import expressions as pl
from mimic_rules.engine.context import NORMAL_KIND, QUOTA_KIND, Context
from mimic_rules.engine.exchange import MISSING
from mimic_rules.engine.lifecycle import enter, reconsider
from mimic_rules.engine.refusal import Fault, Refused
from mimic_rules.engine.resources import HIDDEN, Field, Record, Resource


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
        if name not in record and name != HIDDEN:
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
            elif type(key) is not list and context.follow(field.reference, key) is not MISSING:
                continue
            raise refused(context, field.fault or situation(context, "invalid", resource), resource, record, key, field)
    if names is None:
        frame = context.frame(resource.plan.size)
        frame[pl.SELF] = record
        for condition, fault in resource.invariants:
            if condition(frame) is not True:
                raise refused(context, fault, resource, record)


def refused(
    context: Context, fault: Fault, resource: Resource, record: Record, value: Any = None, field: Field | None = None
) -> Refused:
    """A fault about a record, whose text sees the record and the value."""
    said = Refused(
        fault, value=value, field=field.name if field else "", reason="no such record", resource=resource.plan.name
    )
    said.frame = context.frame(resource.plan.size)
    said.frame[pl.SELF] = record
    return said


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
            raise refused(context, unique.fault, resource, record, value)
        if holder is not None and table.get(key) is not None and record.get(HIDDEN) is None:
            raise refused(context, unique.fault, resource, record, value)
    if record.get(HIDDEN) is None and (key in table or any(resource.key_of(one) == key for one in among)):
        raise refused(context, situation(context, "conflict", resource), resource, record, key)


def check_quota(context: Context, resource: Resource, records: list[Record]) -> None:
    """The records, taken together, keep the tenant within its quotas of their kind."""
    service = context.program.services[resource.plan.service]
    quotas = [(name, quota) for name, quota in service.quotas.items() if quota.kind == resource.kind]
    if not quotas:
        return
    own, table = context.own_limits(service.plan.name), context.table(resource.kind)
    over: list[tuple[str, Any, Any, Any]] = []
    for name, quota in quotas:
        limit = own.get(name, quota.limit)
        if type(limit) is not int or limit < 0:
            continue
        of = quota.field
        requested = len(records) if of is None else sum([_number(record.get(of)) for record in records])
        used = len(table) if of is None else table.total(name)
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
        raise refused(context, situation(context, "conflict", resource), resource, record, resource.key_of(after))
    check_references(context, resource, after, changes.keys())
    follow_change(context, resource, after, changes)
    check_unique(context, resource, after)
    reconsider(context, resource, record, after)
    context.transaction.replace(resource.kind, *context.partition(resource.kind), resource.key_of(after), after)
    return after


def follow_change(context: Context, resource: Resource, record: Record, given: Mapping[str, Any]) -> None:
    """Work out the `on change` fields of a record that nothing was given for, in the record itself."""
    frame = context.frame(resource.plan.size)
    frame[pl.SELF] = record
    for field in resource.changing:
        if field.initial is not None and field.name not in given:
            value = field.initial(frame)
            record[field.name] = None if value is MISSING else value


def set_quota(context: Context, service: str, limits: Mapping[str, Any]) -> None:
    """New limits for the tenant at hand."""
    _note(context, QUOTA_KIND, context.tenant, service, limits)


def set_normal(context: Context, service: str, limits: Mapping[str, Any]) -> None:
    """New limits for all tenants that have none of their own."""
    _note(context, NORMAL_KIND, "", service, limits)


def unset_quota(context: Context, service: str) -> None:
    """The tenant at hand has no limits of its own any more."""
    where = (QUOTA_KIND, context.tenant, context.region)
    if context.transaction.table(*where).get(service) is not None:
        context.transaction.remove(*where, service)


def _note(context: Context, kind: str, tenant: str, service: str, limits: Mapping[str, Any]) -> None:
    where = (kind, tenant, context.region)
    held = context.transaction.table(*where).get(service)
    if held is None:
        context.transaction.insert(*where, service, dict(limits))
    else:
        context.transaction.replace(*where, service, {**held, **limits})
