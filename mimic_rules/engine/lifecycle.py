# SPDX-License-Identifier: Apache-2.0
"""How a record's state moves: by time, by request, or as a rule has it.

On the way of a request: creation enters the first state, operations move their targets, due events move whatever they
were scheduled for. The rule that governs a state is chosen when the state is entered and noted in the record.
"""

from dataclasses import dataclass, replace
from typing import Any

from mimic_rules.compiler import expressions as pl
from mimic_rules.compiler import program as pr
from mimic_rules.engine import values
from mimic_rules.engine.context import Context
from mimic_rules.engine.effects import Effect, Row, Step
from mimic_rules.engine.exchange import MISSING
from mimic_rules.engine.often import take, turn
from mimic_rules.engine.reasons import candidates, did, note
from mimic_rules.engine.refusal import Fault
from mimic_rules.engine.resources import HIDDEN, Lifecycle, Record, Resource, Way
from mimic_rules.engine.rulebook import covers
from mimic_rules.engine.trace import Verdict
from mimic_rules.engine.values import to_text

MOVE = "move"
LONGEST_WAIT = 3_155_760_000.0
"""A hundred years: a state waits no longer than that, but for ever."""

MOST_STEPS = 100
"""How many states one value may say."""

StepTaken = tuple[str, float, Record]
"""A state that a rule says, how many seconds after the one before, and the fields that the record is given there."""


@dataclass(frozen=True, slots=True)
class Onward:
    """What a rule has said of a state when an earlier one was entered: fields, the states after it, its place."""

    given: Record
    steps: tuple[StepTaken, ...]
    place: str


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
    onward: Onward | None = None,
) -> Record:
    """The record as it is in a state; schedules what time does next. The caller puts it into its table.

    `ways` are the timed ways out, where they are not those of the lifecycle; `onward` is what a rule has said before of
    this state, and of those after it.
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
    noted: list[Any]
    if onward is not None:
        entered.update(onward.given)
        if onward.steps:
            _go_on(context, resource, entered, lifecycle, onward)
            # The rule that brought the record here governs this state too: it is not chosen anew.
            noted = [state, at, onward.place, None, True]
            entered[HIDDEN] = {**record.get(HIDDEN, {}), lifecycle.field: noted}
            return entered
    row = _schedule(context, resource, entered, lifecycle, state, at, frame, ways)
    noted = [state, at, row]
    if ways is not None:
        # Ways that are not the lifecycle's own must be found again when the rule of the state is chosen anew.
        noted.append([[way.target, bounded(way.seconds(frame))] for way in ways])
    entered[HIDDEN] = {**record.get(HIDDEN, {}), lifecycle.field: noted}
    return entered


def _go_on(context: Context, resource: Resource, record: Record, lifecycle: Lifecycle, onward: Onward) -> None:
    """Schedule the next state of a chain that a rule has said."""
    state, seconds, given = onward.steps[0]
    payload = (MOVE, state, (), (given, onward.steps[1:], onward.place))
    owner = owner_of(context, resource, record, lifecycle.field)
    context.transaction.schedule(context.transaction.at + seconds, owner, payload)


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
        (target, seconds, given), *steps = _chain(row, effect, effect.plan, frame, record)
        # What the lifecycle itself sets on this way is set on it by a rule too.
        own = next((number for number, way in enumerate(ways) if way.target == target and instead is None), None)
        way_taken = () if own is None else (state, own)
        onward = (given, tuple(steps), row.plan.place) if given or steps else ()
        context.transaction.schedule(max(entered_at + seconds, now), owner, (MOVE, target, way_taken, onward))
        return row.plan.place
    wait: float | None = None
    if effect is not None and row is not None:
        wait = None if effect.seconds is None else _number(effect.seconds(row.frame(frame, record)))
        if wait is None:
            return row.plan.place
    for number, way in enumerate(ways):
        if way.condition is None or way.condition(frame) is True:
            if wait is None:
                wait = context.program.durations.get(f"{resource.kind}.{state}")
            due = entered_at + (bounded(way.seconds(frame)) if wait is None else wait)
            context.transaction.schedule(
                max(due, now), owner, (MOVE, way.target, (state, number) if instead is None else (), ())
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
    table = context.program.rules.lifecycle(resource.kind, lifecycle.field)
    if not table.rows:
        return None, None
    stage = f"lifecycle {lifecycle.field}"
    context.world.tallies.consult(f"{resource.kind}.{lifecycle.field}")
    for row in candidates(context, table, frame, record, stage):
        context.match(row.plan)
        standing = not row.plan.events
        if not standing and (context.operation is None or not covers(row.plan.events, context.operation)):
            continue
        for effect in row.effects:
            # What a cycle passes over is only what it has something else to say of.
            said = [one for one in effect.items if not isinstance(one.plan, pr.PassPlan)] or [effect]
            worked = [_worked_out(one, row, frame, record, lifecycle) for one in said]
            if not any(_applies(one, lifecycle.field, state, moves or not standing) for one in worked):
                continue
            reason = take(context, row, frame, record)
            if reason is not None:
                verdict, detail = reason
                note(context, row, stage, verdict, detail)
                continue
            if effect.items:
                effect = effect.items[turn(context, row, frame, record, len(effect.items))]
            effect = _worked_out(effect, row, frame, record, lifecycle)
            note(context, row, stage, Verdict.DECIDED, {"did": did(effect.plan)}, (stage,))
            if not _applies(effect, lifecycle.field, state, moves or not standing) or isinstance(
                effect.plan, pr.PassPlan
            ):
                return None, None
            return row, effect
    return None, None


def _applies(effect: Effect, field: str, state: str, moves: bool) -> bool:
    """Whether an effect says something of a state of a field; `moves` is whether the record would leave the state."""
    match effect.plan:
        case pr.StaysPlan(name, stays):
            return name == field and stays == state
        case pr.BecomesPlan(name, steps):
            return name == field and bool(steps) and steps[0].state != state and moves
    return isinstance(effect.plan, pr.PassPlan)


def _worked_out(effect: Effect, row: Row, frame: list[Any], record: Record, lifecycle: Lifecycle) -> Effect:
    """An effect with the states that its value says; with none, where the value is no list of states."""
    plan = effect.plan
    if effect.value is None or not isinstance(plan, pr.BecomesPlan) or plan.field != lifecycle.field:
        return effect
    value = effect.value(row.frame(frame, record))
    steps = [_said_step(one) for one in value[:MOST_STEPS]] if type(value) is list else []
    if not all(step is not None and step.state in lifecycle.plan.states for step in steps):
        steps = []
    linked = tuple(step for step in steps if step is not None)
    return replace(effect, plan=replace(plan, steps=tuple(pr.StepPlan(step.state) for step in linked)), steps=linked)


def _said_step(value: Any) -> Step | None:
    """The step that a map says: its `state`, `after` how many seconds, and with which `fault`, `{ code, message }`."""
    if type(value) is not dict or type(value.get("state")) is not str:
        return None
    said, after = value.get("fault"), value.get("after", MISSING)
    fault = None
    if type(said) is dict and type(said.get("code")) is int:
        message = said.get("message", MISSING)
        fault = Fault(said["code"], None, lambda frame: message, "")
    return Step(value["state"], lambda frame: after, fault)


def _chain(row: Row, effect: Effect, plan: pr.BecomesPlan, frame: list[Any], record: Record) -> list[StepTaken]:
    """The states that a rule says, each with how long after the one before, and what the record is given there."""
    inner = row.frame(frame, record)
    steps: list[StepTaken] = []
    for step in effect.steps:
        seconds = None if step.seconds is None else _number(step.seconds(inner))
        given: Record = {}
        if step.fault is not None and plan.fault_field is not None:
            message = to_text(step.fault.message(inner))
            given = {plan.fault_field: {"code": step.fault.status, "message": message}}
        steps.append((step.state, seconds or 0.0, given))
    return steps


def _number(value: Any) -> float | None:
    """A length of time; None for what is no number: then it is for ever."""
    number = values.as_number(value)
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
        if own[1:]:
            continue
        ways = tuple(_way(target, seconds) for target, seconds in own[0]) if own else None
        context.transaction.cancel(owner_of(context, resource, after, lifecycle.field))
        frame = context.frame(resource.plan.size)
        frame[pl.SELF] = after
        row = _schedule(context, resource, after, lifecycle, state, entered_at, frame, ways)
        after[HIDDEN] = {**after[HIDDEN], lifecycle.field: [state, entered_at, row, *own]}


def _way(target: str, seconds: float) -> Way:
    """A way out that nothing but time takes."""
    return Way(target, lambda frame: seconds, None, ())
