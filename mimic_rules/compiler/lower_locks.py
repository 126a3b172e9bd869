# SPDX-License-Identifier: Apache-2.0
"""From lock groups and the names of events to their plans: what a change takes, and what it is refused with.

On the way of a rule: `lower_operations` asks for the locks that an operation takes, `lower_rules` for events.
"""

from mimic_rules.compiler import expressions as pl
from mimic_rules.compiler import program as pr
from mimic_rules.compiler.lower_expressions import Scope, lower_fault
from mimic_rules.language import lifecycles as li
from mimic_rules.language.model import Model, ResourceModel, ServiceModel

Locks = list[pr.LockPlan]


def locks_of(
    resource: ResourceModel,
    finds: list[pr.PathFind],
    target: int | None,
    locks: Locks,
) -> list[tuple[pr.LockPlan, pl.Plan]]:
    """The locks that a change of the resource takes, each with the record at the root of the tree."""
    taken: list[tuple[pr.LockPlan, pl.Plan]] = []
    for plan in locks:
        root: pl.Plan | None = None
        if plan.kind == resource.kind and target is not None:
            root = pl.Slot(target, "self")
        elif resource.name in plan.covers:
            found = next((one.slot for one in finds if one.kind == plan.kind), None)
            root = pl.Slot(found, "root") if found is not None else None
        if root is not None:
            taken.append((plan, root))
    return taken


def lower_lock(lock: li.Lock, service: ServiceModel, model: Model) -> pr.LockPlan:
    """The plan of a lock group."""
    root = service.resources[lock.resource]
    scope = Scope(model, service, root)
    takes = next((line for line in lock.lines if isinstance(line, li.Takes)), None)
    return pr.LockPlan(
        root.kind,
        lock.field,
        frozenset(name for line in lock.lines if isinstance(line, li.Covers) for name in line.resources),
        tuple(
            pr.FreePlan(frozenset(line.states), tuple(lower_event(event, service.name, None) for event in line.events))
            for line in lock.lines
            if isinstance(line, li.Free)
        ),
        takes.state if takes else None,
        takes.seconds if takes else 0.0,
        tuple(
            pr.RefusalPlan(
                () if line.event is None else (lower_event(line.event, service.name, None),),
                line.state,
                lower_fault(line.fault, scope),
            )
            for line in lock.lines
            if isinstance(line, li.Refuse)
        ),
    )


def lower_event(event: li.EventName, service: str | None, resource: str | None) -> pr.EventPlan:
    """Which operations an event means, under a subject."""
    if isinstance(event, li.AnyEvent):
        return pr.EventPlan(event.service, None, None)
    return pr.EventPlan(service, event.verb, event.resource or resource)
