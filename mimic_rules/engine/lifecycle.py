# SPDX-License-Identifier: Apache-2.0
"""How a record's state moves: by time, by request, or as a rule has it.

On the way of a request: creation enters the first state, operations move their targets, due events move whatever they
were scheduled for. The rule that governs a state is chosen when the state is entered and noted in the record.
"""

from typing import Any

from mimic_rules.compiler import expressions as pl
from mimic_rules.compiler import program as pr
from mimic_rules.engine import values
from mimic_rules.engine.context import Context
from mimic_rules.engine.exchange import MISSING
from mimic_rules.engine.resources import HIDDEN, Lifecycle, Record, Resource, Way
from mimic_rules.engine.rulebook import Effect, Row, covers

MOVE = "move"
LONGEST_WAIT = 3_155_760_000.0
"""A hundred years: a state waits no longer than that, but for ever."""


def state_of(record: Record, lifecycle: Lifecycle) -> str:
    """The state a record is in (not the status it shows)."""
    noted = record.get(HIDDEN)
    return str(noted[lifecycle.field][0]) if noted and lifecycle.field in noted else ""


def governing(record: Any) -> list[str]:
    """The places of the rules that govern the states a record is in."""
    noted = record.get(HIDDEN) if type(record) is dict else None
    return [place for _, _, place, *_ in noted.values() if place] if noted else []


def enter(
    context: Context,
    resource: Resource,
    record: Record,
    lifecycle: Lifecycle,
    state: str,
    way_sets: Any = (),
    ways: tuple[Way, ...] | None = None,
) -> Record:
    """The record as it is in a state; schedules what time does next. The caller puts it into its table.

    `ways` are the timed ways out, where they are not those of the lifecycle.
    """
    plan = lifecycle.plan.states[state]
    at = context.transaction.at
    entered: Record = {**record, lifecycle.field: plan.shows}
    for name in lifecycle.plan.carried:
        entered[name] = None
    frame = context.frame(resource.plan.size)
    frame[pl.SELF] = entered
    for name, value in (*lifecycle.values[state], *way_sets):
        worth = value(frame)
        entered[name] = None if worth is MISSING else worth
    row = _schedule(context, resource, entered, lifecycle, state, at, frame, ways)
    noted: list[Any] = [state, at, row]
    if ways is not None:
        # Ways that are not the lifecycle's own must be found again when the rule of the state is chosen anew.
        noted.append([[way.target, bounded(way.seconds(frame))] for way in ways])
    entered[HIDDEN] = {**record.get(HIDDEN, {}), lifecycle.field: noted}
    return entered


def owner_of(context: Context, resource: Resource, record: Record, field: str) -> tuple[str, str, str, str | int, str]:
    """Whose the pending events of a lifecycle are."""
    tenant, region = context.partition(resource.kind)
    return resource.kind, tenant, region, resource.key_of(record), field


def _schedule(
    context: Context,
    resource: Resource,
    record: Record,
    lifecycle: Lifecycle,
    state: str,
    entered_at: float,
    frame: list[Any],
    instead: tuple[Way, ...] | None = None,
) -> str:
    """Schedule the way that time takes out of a state; gives the place of the rule that governs it, or nothing."""
    ways = lifecycle.timed.get(state, ()) if instead is None else instead
    row, effect = _governing(context, resource, record, lifecycle, state, bool(ways), frame)
    owner = owner_of(context, resource, record, lifecycle.field)
    # INVARIANT: what is chosen anew may be over already, but nothing happens before it was chosen.
    now = context.transaction.at
    if effect is not None and row is not None and isinstance(effect.plan, pr.BecomesPlan):
        seconds = _seconds(effect, frame, record) or 0.0
        context.transaction.schedule(max(entered_at + seconds, now), owner, (MOVE, effect.plan.steps[0].state, ()))
        return row.plan.place
    wait: float | None = None
    if effect is not None and row is not None:
        wait = _seconds(effect, frame, record)
        if wait is None:
            return row.plan.place
    for number, way in enumerate(ways):
        if way.condition is None or way.condition(frame) is True:
            if wait is None:
                wait = context.program.durations.get(f"{resource.kind}.{state}")
            due = entered_at + (bounded(way.seconds(frame)) if wait is None else wait)
            context.transaction.schedule(
                max(due, now), owner, (MOVE, way.target, (state, number) if instead is None else ())
            )
            break
    return "" if row is None else row.plan.place


def _governing(
    context: Context,
    resource: Resource,
    record: Record,
    lifecycle: Lifecycle,
    state: str,
    moves: bool,
    frame: list[Any],
) -> tuple[Row | None, Effect | None]:
    """The first rule that matches and says something of this state, counted where it has a count."""
    for row in context.program.rules.lifecycle(resource.kind, lifecycle.field).match(frame, record):
        standing = not row.plan.events
        if not standing and (context.operation is None or not covers(row.plan.events, context.operation)):
            continue
        for effect in row.effects:
            plan = effect.plan
            if not isinstance(plan, pr.LifecycleEffectPlan) or plan.field != lifecycle.field:
                continue
            stays = isinstance(plan, pr.StaysPlan) and plan.state == state
            becomes = isinstance(plan, pr.BecomesPlan) and plan.steps[0].state != state and (moves or not standing)
            if (stays or becomes) and context.take(row, frame, record):
                return row, effect
    return None, None


def _seconds(effect: Effect, frame: list[Any], record: Record) -> float | None:
    """How long an effect says; None for no word of it, or for one that is no number (then it is for ever)."""
    if effect.seconds is None:
        return None
    inner = [*frame]
    inner[pl.SELF] = record
    number = values.as_number(effect.seconds(inner))
    return None if number is MISSING else bounded(number)


def bounded(seconds: Any) -> float:
    """A length of time that a clock can bear; what is no number is no time."""
    number = values.as_number(seconds)
    return 0.0 if number is MISSING else min(max(float(number), 0.0), LONGEST_WAIT)


def requested_way(context: Context, lifecycle: Lifecycle, record: Record, verb: str, frame: list[Any]) -> Any:
    """The way that an operation takes from the record's state; None where none is open, False where none is known."""
    ways = lifecycle.requested.get((state_of(record, lifecycle), verb))
    if ways is None:
        return False
    return next((way for way in ways if way.condition is None or way.condition(frame) is True), None)


def reconsider(context: Context, resource: Resource, before: Record, after: Record) -> None:
    """Choose anew the rule of each state of a record, where a field that rules read has changed."""
    read = context.program.rules.read_by(resource.kind)
    if not read or all(before.get(name) == after.get(name) for name in read):
        return
    for lifecycle in resource.lifecycles:
        state, entered_at, _, *own = after[HIDDEN][lifecycle.field]
        ways = tuple(_way(target, seconds) for target, seconds in own[0]) if own else None
        context.transaction.cancel(owner_of(context, resource, after, lifecycle.field))
        frame = context.frame(resource.plan.size)
        frame[pl.SELF] = after
        row = _schedule(context, resource, after, lifecycle, state, entered_at, frame, ways)
        after[HIDDEN] = {**after[HIDDEN], lifecycle.field: [state, entered_at, row, *own]}


def _way(target: str, seconds: float) -> Way:
    """A way out that nothing but time takes."""
    return Way(target, lambda frame: seconds, None, ())
