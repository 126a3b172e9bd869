# SPDX-License-Identifier: Apache-2.0
"""Why rules did not hold: the first part of a condition that failed, and what it compared.

On the way of a request: only where an explanation is asked for; every rule of a table is then tried, one after the
other, and what became of each is noted in the trace.
"""

from collections.abc import Iterator
from typing import Any, Final

from mimic_rules.compiler import expressions as pl
from mimic_rules.compiler import program as pr
from mimic_rules.compiler.wording import worded
from mimic_rules.engine.context import Context
from mimic_rules.engine.effects import Row
from mimic_rules.engine.exchange import MISSING
from mimic_rules.engine.link import Frame, link
from mimic_rules.engine.rulebook import MatchTable, chosen_for
from mimic_rules.engine.secrets import HIDDEN_VALUE, is_secret
from mimic_rules.engine.trace import Considered, Verdict

LONGEST: Final = 200
"""Characters of a value that are shown."""


def candidates(context: Context, table: MatchTable, frame: Frame, record: Any, stage: str) -> Iterator[Row]:
    """The rules of a table whose conditions hold, in order of rank; those that don't are noted where that is asked
    for. Whoever goes through them counts each: `context.match`.
    """
    # PERF: not a generator around a generator, where nobody asks.
    return table.match(frame, record) if context.trace is None else _tried(context, table, frame, record, stage)


def _tried(context: Context, table: MatchTable, frame: Frame, record: Any, stage: str) -> Iterator[Row]:
    inner = table.frame(frame, record)
    for row in table.rows:
        if row.plan.per is not None:
            chosen = chosen_for(row, frame, record)
            if chosen is not None:
                yield chosen
            else:
                said = f"it holds for one of the records of {row.plan.per} in sight"
                note(context, row, stage, Verdict.CONDITION, {"condition": said})
        elif row.condition is None or row.condition(inner) is True:
            yield row
        else:
            assert row.plan.condition is not None
            note(context, row, stage, Verdict.CONDITION, failing(row.plan.condition, inner))


def note(
    context: Context, row: Row, stage: str, verdict: Verdict, detail: dict[str, Any], slots: tuple[str, ...] = ()
) -> None:
    """Note what became of a rule, where that is asked for."""
    if context.trace is None:
        return
    found = Considered(row.plan, stage, verdict, slots, detail)
    # What holds for all effects of a rule is said once.
    if found not in context.trace.considered[-1:]:
        context.trace.considered.append(found)


def failing(condition: pl.Plan, frame: Frame) -> dict[str, Any]:
    """The first part of a condition that does not hold, as text, with the values that it looks at."""
    if isinstance(condition, pl.AllOf):
        return failing(next(part for part in condition.operands if link(part)(frame) is not True), frame)
    shown: dict[str, Any] = {"condition": worded(_masked(condition))}
    secret = any(_names_secret(operand) for _, operand in _operands(condition))
    for name, operand in _operands(condition):
        value = link(operand)(frame)
        if value is not MISSING:
            # What is compared with a secret would tell it.
            shown[name] = HIDDEN_VALUE if secret else cut(value)
    return shown


def _operands(condition: pl.Plan) -> Iterator[tuple[str, pl.Plan]]:
    match condition:
        case pl.Comparison(_, left, right):
            yield "left", left
            yield "right", right
        case pl.Match(operand, pl.Plan() as pattern):
            yield "left", operand
            yield "right", pattern
        case pl.KindOf(operand) | pl.Match(operand) | pl.Presence(operand) | pl.Negation(operand):
            yield "left", operand


def _masked(plan: pl.Plan) -> pl.Plan:
    """A condition without the words that it compares secrets with."""
    match plan:
        case pl.Comparison(operator, left, right):
            if _names_secret(left) or _names_secret(right):
                left, right = _blank(left), _blank(right)
            return pl.Comparison(operator, left, right)
        case pl.AllOf(operands):
            return pl.AllOf(tuple(_masked(one) for one in operands))
        case pl.AnyOf(operands):
            return pl.AnyOf(tuple(_masked(one) for one in operands))
        case pl.Negation(operand):
            return pl.Negation(_masked(operand))
    return plan


def _blank(plan: pl.Plan) -> pl.Plan:
    """A value that is written down, hidden; what is looked up is only named."""
    if isinstance(plan, pl.Items):
        return pl.Items(tuple(_blank(one) for one in plan.items))
    return pl.Const(HIDDEN_VALUE) if isinstance(plan, pl.Const) else plan


def _names_secret(plan: pl.Plan) -> bool:
    match plan:
        case pl.Get(of, name) | pl.FieldOf(of, name):
            return is_secret(name) or _names_secret(of)
        case pl.At(of, pl.Const(value)) | pl.Keyed(of, key=pl.Const(value)):
            return is_secret(str(value)) or _names_secret(of)
        case pl.Invoke(_, arguments):
            return any(_names_secret(one) for one in arguments)
        case pl.Root(name) | pl.Slot(_, name):
            return is_secret(name)
        case pl.Comparison(_, left, right):
            return _names_secret(left) or _names_secret(right)
        case pl.AnyOf(operands) | pl.AllOf(operands) | pl.Items(operands):
            return any(_names_secret(one) for one in operands)
    return False


def cut(value: Any) -> Any:
    """A value as it is shown: scalars as they are, but for long texts; of the rest, what can be said in a line."""
    if isinstance(value, bool | int | float) or value is None:
        return value
    if isinstance(value, str):
        return value if len(value) <= LONGEST else value[: LONGEST - 3] + "..."
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return f"a map of {len(value)}"


def did(plan: pr.EffectPlan) -> str:
    """What an effect does, in the words of the language."""
    match plan:
        case pr.StaysPlan(field, state):
            return f"{field} stays {state}"
        case pr.BecomesPlan(field, steps):
            return f"{field} becomes " + (", then ".join(step.state for step in steps) or "what is worked out")
        case pr.RespondPlan(fault=fault, after_commit=after):
            said = "respond from" if fault is None else f"respond {fault.status}"
            return said + (" after commit" if after else "")
        case pr.LimitPlan(_, count, seconds):
            return f"limit {count} per {seconds:g}s"
        case pr.HidePlan():
            return "hidden"
        case pr.PartPlan(_, count, kind):
            return f"first {count} of {kind} only"
        case pr.DelayPlan(low, high):
            return f"delay {low:g}s" if low == high else f"delay {low:g}s..{high:g}s"
        case pr.WirePlan(how):
            return how
        case pr.ShowPlan(key, value):
            return f"omit {key}" if value is None else f"set {key}"
        case pr.PassPlan():
            return "pass"
    return "pretend"
