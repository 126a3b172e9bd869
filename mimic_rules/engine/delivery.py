# SPDX-License-Identifier: Apache-2.0
"""Rules about how an answer arrives, late or broken, and about what clients see of a record in it.

On the way of a request: the last two stages, once it is known what the answer would be. Neither changes the world.
"""

from typing import Any

from mimic_rules.compiler import expressions as pl
from mimic_rules.compiler import program as pr
from mimic_rules.compiler.rules import DELIVER, LATENCY, WIRE
from mimic_rules.engine.context import Context
from mimic_rules.engine.effects import Effect, Row, stages_of
from mimic_rules.engine.exchange import MISSING, Response, Wire
from mimic_rules.engine.link import Frame
from mimic_rules.engine.often import take, turn
from mimic_rules.engine.reasons import candidates, did, note
from mimic_rules.engine.rulebook import MatchTable, covers
from mimic_rules.engine.trace import Verdict


def deliver(context: Context, table: MatchTable, frame: Frame, response: Response) -> None:
    """Let rules hold an answer back, or break it on its way."""
    filled: dict[str, str] = {}
    record = frame[pl.SELF]
    for row in candidates(context, table, frame, record, DELIVER):
        context.match(row.plan)
        for effect in row.effects:
            if DELIVER in stages_of(effect.plan, False):
                chosen = _chosen(context, row, effect, frame, record, filled, DELIVER, (LATENCY, WIRE))
                if chosen is not None:
                    _do(context, chosen.plan, response)


def _do(context: Context, plan: pr.EffectPlan, response: Response) -> None:
    if isinstance(plan, pr.DelayPlan):
        same = plan.low == plan.high
        response.delay = plan.low if same else context.draws.number(plan.low, plan.high)
    elif isinstance(plan, pr.WirePlan):
        response.wire = Wire(plan.how, plan.share)


def altered(table: MatchTable, context: Context, frame: Frame, record: dict[str, Any], shown: Any) -> Any:
    """What clients see of a record, as rules have it."""
    result = dict(shown)
    filled: dict[str, str] = {}
    for row in candidates(context, table, frame, record, "shown"):
        context.match(row.plan)
        operation = context.operation
        if row.plan.events and (operation is None or not covers(row.plan.events, operation)):
            continue
        for effect in row.effects:
            if isinstance(effect.plan, pr.PassPlan):
                # What `pass` keeps from later rules are all entries, whatever they are called.
                if take(context, row, frame, record) is None:
                    note(context, row, "shown", Verdict.DECIDED, {"did": "pass"})
                    return result
                continue
            chosen = _chosen(context, row, effect, frame, record, filled, "shown", effect.plan.slots)
            if chosen is not None and isinstance(chosen.plan, pr.ShowPlan):
                value = MISSING if chosen.value is None else chosen.value(row.frame(frame, record))
                result.pop(chosen.plan.key, None)
                if value is not MISSING:
                    result[chosen.plan.key] = value
    return result


def _chosen(
    context: Context,
    row: Row,
    effect: Effect,
    frame: Frame,
    record: Any,
    filled: dict[str, str],
    stage: str,
    mine: tuple[str, ...],
) -> Effect | None:
    """The effect that a rule has, or the next one of its cycle, where its slot is free and it may decide."""
    slots = tuple(slot for slot in effect.plan.slots if slot in mine)
    free = tuple(slot for slot in slots if slot not in filled)
    if not free:
        note(context, row, stage, Verdict.TAKEN, {"slots": {slot: filled[slot] for slot in slots}})
        return None
    reason = take(context, row, frame, record)
    if reason is not None:
        verdict, detail = reason
        note(context, row, stage, verdict, detail)
        return None
    if isinstance(effect.plan, pr.CyclePlan):
        effect = effect.items[turn(context, row, frame, record, len(effect.items))]
        free = tuple(slot for slot in effect.plan.slots if slot in mine and slot not in filled)
    filled.update(dict.fromkeys(free, row.plan.place))
    note(context, row, stage, Verdict.DECIDED, {"did": did(effect.plan)}, free)
    return effect
