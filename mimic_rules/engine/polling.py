# SPDX-License-Identifier: Apache-2.0
"""Looks at records that wait: how many there were, and when the next one is enough to bring forward what they wait for.

On the way of a request: after a read has found its target, in worlds whose clock counts looks. Whatever takes a record
to another state, or away, begins its count anew.
"""

from mimic_rules.engine.context import Context
from mimic_rules.engine.lifecycle import owner_of
from mimic_rules.engine.resources import Record, Resource
from mimic_rules.state.clock import END_OF_TIME

_LOOKS = "looks"


def due_at_this_look(context: Context, resource: Resource, record: Record, enough: int) -> float | None:
    """Count a look at a record that waits; gives when its next event falls due, where `enough` looks are now made.

    A record that waits for nothing, or beyond the end of time, isn't counted.
    """
    transaction = context.transaction
    due = min(
        (
            event.due
            for lifecycle in resource.lifecycles
            for event in transaction.pending(owner_of(context, resource, record, lifecycle.field))
        ),
        default=END_OF_TIME,
    )
    if due >= END_OF_TIME:
        return None
    # INVARIANT: there is one count for each record that waits, and none for what is gone: rules count in here too.
    key = _key(context, resource, record)
    if context.world.counters.add(key) < enough:
        return None
    context.world.counters.forget(key)
    return due


def forget_looks(context: Context, resource: Resource, record: Record) -> None:
    """Begin the count of a record anew."""
    context.world.counters.forget(_key(context, resource, record))


def _key(context: Context, resource: Resource, record: Record) -> tuple[str | int, ...]:
    return (_LOOKS, resource.kind, *context.partition(resource.kind), resource.key_of(record))
