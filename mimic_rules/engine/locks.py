# SPDX-License-Identifier: Apache-2.0
"""Lock groups: a change anywhere in a tree of records makes its root immutable for a while.

On the way of a request: looked at in the guard phase, taken in the effects phase, given back by an event.
"""

from dataclasses import dataclass

from mimic_rules.compiler import program as pr
from mimic_rules.engine.context import Context
from mimic_rules.engine.lifecycle import state_of
from mimic_rules.engine.records import situation
from mimic_rules.engine.refusal import Fault, link_fault
from mimic_rules.engine.removal import move
from mimic_rules.engine.resources import Lifecycle, Record, Resource, Way
from mimic_rules.engine.rulebook import covers


@dataclass(frozen=True, slots=True)
class Lock:
    """A linked lock group."""

    plan: pr.LockPlan
    refusals: tuple[tuple[pr.RefusalPlan, Fault], ...]


def link_lock(plan: pr.LockPlan) -> Lock:
    """The linked lock of a plan."""
    return Lock(plan, tuple((one, link_fault(one.fault)) for one in plan.refusals))


def meets(plan: pr.LockPlan, operation: pr.OperationPlan) -> bool:
    """Whether an operation has to do with the lock at all."""
    return not any(not free.states and covers(free.events, operation) for free in plan.free)


def guard(context: Context, lock: Lock, root: Record, operation: pr.OperationPlan) -> Fault | None:
    """What the lock says to an operation while the root is in the state it is in; None where it is free."""
    resource, lifecycle = _held(context, lock)
    state = state_of(root, lifecycle)
    shown = root.get(lifecycle.field)
    for free in lock.plan.free:
        if (state in free.states or shown in free.states) and (not free.events or covers(free.events, operation)):
            return None
    for plan, fault in lock.refusals:
        if plan.state in (None, state, shown) and (not plan.events or covers(plan.events, operation)):
            return fault
    return situation(context, "conflict", resource)


def take(context: Context, lock: Lock, root: Record) -> Record:
    """The root with the lock on it; an event takes the lock off."""
    resource, lifecycle = _held(context, lock)
    if lock.plan.takes is None or resource.key_of(root) not in context.table(resource.kind):
        return root
    before = state_of(root, lifecycle)
    seconds = context.program.durations.get(f"{resource.kind}.{lock.plan.takes}", lock.plan.seconds)
    # The way back is the lock's own, whatever ways the lifecycle has; rules may make it longer.
    return move(
        context, resource, root, lifecycle, lock.plan.takes, (), (Way(before, lambda frame: seconds, None, ()),)
    )


def _held(context: Context, lock: Lock) -> tuple[Resource, Lifecycle]:
    resource = context.program.resources[lock.plan.kind]
    return resource, next(one for one in resource.lifecycles if one.field == lock.plan.field)
