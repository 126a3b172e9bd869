# SPDX-License-Identifier: Apache-2.0
"""Rules that strike on the way: they answer instead of the operation or after it, or change what becomes of it.

On the way of a request: before each phase that a rule names. Every slot is filled by the first rule that matches and
fills it, so an answer that is given late keeps later rules from answering too.
"""

import math
from typing import Any

from mimic_rules.compiler import program as pr
from mimic_rules.compiler.rules import ANSWER
from mimic_rules.engine.effects import Effect, Row, phase_of
from mimic_rules.engine.lifecycle import bounded
from mimic_rules.engine.often import outside, scope_of, take, turn
from mimic_rules.engine.reasons import candidates, did, note
from mimic_rules.engine.responding import respond, status_in
from mimic_rules.engine.rulebook import MatchTable
from mimic_rules.engine.run import Late, Run, Struck
from mimic_rules.engine.trace import Verdict


def strike(of: Run, table: MatchTable, phase: str, record: Any) -> None:
    """Let the rules of a phase do what they do; raises Struck where one answers instead of the operation."""
    # PERF: a text that nobody reads unless an explanation is asked for.
    stage = "" if of.context.trace is None else f"before {phase}"
    for row in candidates(of.context, table, of.frame, record, stage):
        of.context.match(row.plan)
        for effect in row.effects:
            if phase_of(effect.plan) == phase:
                _apply(of, row, effect, record, stage)


def _apply(of: Run, row: Row, effect: Effect, record: Any, stage: str) -> None:
    plan, context = effect.plan, of.context
    slots = plan.slots
    free = tuple(slot for slot in slots if slot not in of.filled)
    # `pass` takes what is left; any other effect needs the first of its slots.
    if not free or (slots[0] not in free and not isinstance(plan, pr.PassPlan)):
        held = {slot: of.filled[slot] for slot in slots if slot in of.filled}
        note(context, row, stage, Verdict.TAKEN, {"slots": held})
        return
    seen: dict[str, Any] = {}
    if isinstance(plan, pr.RespondPlan) and effect.respond is not None and effect.respond.source is not None:
        source = effect.respond.source(row.frame(of.frame, record))
        if status_in(source) is None:
            note(context, row, stage, Verdict.CONDITION, {"condition": "what it responds from has a code"})
            return
    if isinstance(plan, pr.LimitPlan):
        wait = _wait(of, row, effect, plan, record)
        if wait is None:
            note(context, row, stage, Verdict.COUNT, {"of": plan.count, "within": plan.seconds})
            return
        seen["wait"] = wait
    reason = take(context, row, of.frame, record)
    if reason is not None:
        verdict, detail = reason
        note(context, row, stage, verdict, detail)
        return
    if isinstance(plan, pr.CyclePlan):
        effect = effect.items[turn(context, row, of.frame, record, len(effect.items))]
        free = tuple(slot for slot in effect.plan.slots if slot not in of.filled)
    note(context, row, stage, Verdict.DECIDED, {"did": did(effect.plan)}, free)
    for slot in free:
        of.filled[slot] = row.plan.place
    _do(of, row, effect, record, seen)


def _wait(of: Run, row: Row, effect: Effect, plan: pr.LimitPlan, record: Any) -> int | None:
    """How many whole seconds until a limit lets one more through; None if it lets this one, or isn't at its time."""
    if row.plan.often.timed and outside(of.context, row.plan) is not None:
        return None
    scope = None if effect.per is None else scope_of(effect.per(row.frame(of.frame, record)))
    now = of.context.transaction.now
    wait = of.context.world.counters.window((row.plan.id, scope, "limit"), now, plan.count, plan.seconds)
    return math.ceil(wait) or None


def _do(of: Run, row: Row, effect: Effect, record: Any, seen: dict[str, Any]) -> None:
    plan = effect.plan
    if isinstance(plan, pr.PretendPlan):
        of.pretended = True
    elif isinstance(plan, pr.HidePlan):
        assert effect.seconds is not None
        of.hidden = bounded(effect.seconds(row.frame(of.frame, record)))
    elif isinstance(plan, pr.PartPlan):
        of.context.parts[plan.kind] = plan.count
    elif effect.respond is not None and of.filled.get(ANSWER) == row.plan.place:
        frame = row.frame(of.frame, record)
        late = effect.respond.after_commit
        if effect.respond.source is not None:
            said = effect.respond.source(frame)
            if status_in(said) is None:
                return
            late = late or said.get("after_commit") is True
        if not late:
            raise Struck(respond(of.service, effect.respond, frame, seen))
        of.late = Late(row, effect.respond, record, seen)
