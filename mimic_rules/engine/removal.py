# SPDX-License-Identifier: Apache-2.0
"""How records go: to another state, out of sight, into a tomb; and what goes with them, lets go of them or keeps them.

On the way of a request: the effects, and due events. Whatever is refused here is taken back with the request.
"""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from mimic_rules.engine.context import Context
from mimic_rules.engine.lifecycle import Onward, enter, owner_of
from mimic_rules.engine.polling import forget_looks
from mimic_rules.engine.records import (
    change,
    check_unique,
    follow_change,
    refused,
    situation,
)
from mimic_rules.engine.resources import Lifecycle, Record, Resource, Way

PURGE: Final = "purge"
REVEAL: Final = "reveal"
Place = tuple[str, str, str]
"""Tenant, region and user: whose records are in sight."""


def move(
    context: Context,
    resource: Resource,
    record: Record,
    lifecycle: Lifecycle,
    target: str,
    sets: Any = (),
    ways: tuple[Way, ...] | None = None,
    onward: Onward | None = None,
) -> Record:
    """Take a record to another state; a state that is gone takes it out of sight, with what belongs to it."""
    after = _moved(context, resource, record, lifecycle, target, sets, ways, onward)
    if lifecycle.plan.states[target].gone:
        _take_along(context, resource, after)
    return after


def remove(context: Context, resource: Resource, record: Record) -> None:
    """Delete a record, as its lifecycle has it when that knows of a gone state; and what belongs to it."""
    _take_out(context, resource, record)
    _take_along(context, resource, record)


def _moved(
    context: Context,
    resource: Resource,
    record: Record,
    lifecycle: Lifecycle,
    target: str,
    sets: Any = (),
    ways: tuple[Way, ...] | None = None,
    onward: Onward | None = None,
) -> Record:
    context.transaction.cancel(owner_of(context, resource, record, lifecycle.field))
    forget_looks(context, resource, record)
    after = enter(context, resource, record, lifecycle, target, sets, ways, onward)
    follow_change(context, resource, after, {})
    if lifecycle.plan.states[target].gone:
        _lay_down(context, resource, after)
    else:
        check_unique(context, resource, after)
        where = context.partition(resource.kind)
        context.transaction.replace(resource.kind, *where, resource.key_of(after), after)
    return after


def _take_out(context: Context, resource: Resource, record: Record) -> None:
    for lifecycle in resource.lifecycles:
        gone = next((name for name, state in lifecycle.plan.states.items() if state.gone), None)
        if gone is not None:
            _moved(context, resource, record, lifecycle, gone)
            return
    _lay_down(context, resource, record)


def _lay_down(context: Context, resource: Resource, record: Record) -> None:
    """Take a record out of its table, into its tomb where it is kept for a while."""
    transaction = context.transaction
    where = context.partition(resource.kind)
    key = resource.key_of(record)
    forget_looks(context, resource, record)
    for lifecycle in resource.lifecycles:
        transaction.cancel(owner_of(context, resource, record, lifecycle.field))
    if transaction.table(resource.kind, *where).hides(key):
        transaction.cancel((REVEAL, resource.kind, *where, key))
    if resource.plan.kept is None:
        transaction.remove(resource.kind, *where, key)
    else:
        transaction.bury(resource.kind, *where, key, record)
        owner = (PURGE, resource.kind, *where, key)
        transaction.cancel(owner)
        transaction.schedule(transaction.at + resource.plan.kept, owner, owner)


def _take_along(context: Context, resource: Resource, record: Record) -> None:
    """Its children go with a record that has gone; what refers to it is cleared, goes too, or forbids it."""
    # One after the other, for chains of records may be longer than calls can be nested.
    waiting = deque([(resource, record, _place(context))])
    while waiting:
        gone, record, place = waiting.popleft()
        with _at(context, place):
            for other, one, its_place in _bereft(context, gone, record):
                with _at(context, its_place):
                    _take_out(context, other, one)
                waiting.append((other, one, its_place))


def hide(context: Context, resource: Resource, record: Record, seconds: float) -> None:
    """Let nobody else see a record for so long; one that isn't there needs no hiding."""
    where, key = context.partition(resource.kind), resource.key_of(record)
    transaction = context.transaction
    if transaction.table(resource.kind, *where).whole(key) is None:
        return
    owner = (REVEAL, resource.kind, *where, key)
    transaction.cancel(owner)
    transaction.hide(resource.kind, *where, key)
    transaction.schedule(transaction.at + seconds, owner, owner)


def _bereft(context: Context, resource: Resource, record: Record) -> Iterator[tuple[Resource, Record, Place]]:
    """The records that go with one; on the way, those that let go of it are changed."""
    resources = context.program.resources
    key = resource.key_of(record)
    for dependent, fault in resource.dependents:
        other = resources[dependent.kind]
        for place in _places(context, resource, other):
            with _at(context, place):
                referring = [one for one in context.records(other.kind) if _refers(one.get(dependent.field), key)]
            if dependent.policy == "cascade":
                for one in referring:
                    yield other, one, place
            elif referring and dependent.policy == "refuse":
                raise refused(context, fault or situation(context, "conflict", resource), resource, record)
            else:
                with _at(context, place):
                    for one in referring:
                        change(context, other, one, {dependent.field: _without(one.get(dependent.field), key)})
    for kind in resource.plan.children:
        for child in context.children(kind, record):
            yield resources[kind], child, _place(context)


def _places(context: Context, resource: Resource, other: Resource) -> list[Place]:
    """Where records that refer to one of a resource may be: with everybody, where that is of the world."""
    here = _place(context)
    if resource.plan.scope != "world" or other.plan.scope == "world":
        return [here]
    partitions = context.transaction.partitions(other.kind)
    if other.plan.scope == "user":
        return [(here[0], here[1], user) for user, _ in partitions]
    return [(tenant, region, here[2]) for tenant, region in partitions]


def _place(context: Context) -> Place:
    return context.tenant, context.region, context.user


@contextmanager
def _at(context: Context, place: Place) -> Iterator[None]:
    """For the length of a block, the records in sight are those of another place."""
    before = _place(context)
    if place == before:
        yield
        return
    context.tenant, context.region, context.user = place
    context.roots.pop("tenant", None)
    try:
        yield
    finally:
        context.tenant, context.region, context.user = before
        context.roots.pop("tenant", None)


def _refers(value: Any, key: str | int) -> bool:
    return key in value if type(value) is list else value == key


def _without(value: Any, key: str | int) -> Any:
    return [one for one in value if one != key] if type(value) is list else None
