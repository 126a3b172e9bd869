# SPDX-License-Identifier: Apache-2.0
"""How often and when a rule decides: the `only` of a rule, asked once its condition holds and its slots are free.

On the way of a request: the last thing between a rule that matches and its effect. What is counted is exact, since it
is counted under the lock of the world, and isn't taken back when the request fails.
"""

from typing import Any

from mimic_rules.compiler import program as pr
from mimic_rules.engine import values
from mimic_rules.engine.context import Context
from mimic_rules.engine.effects import Row
from mimic_rules.engine.exchange import MISSING
from mimic_rules.engine.link import Frame
from mimic_rules.engine.trace import Verdict
from mimic_rules.state.draws import chance

Reason = tuple[Verdict, dict[str, Any]]
DAY = 86_400


def take(context: Context, row: Row, frame: Frame, record: Any) -> Reason | None:
    """Why a rule may not decide this time; None where it may: then it has been counted.

    A rule that shapes answers is counted once a request, however many of its effects hold.
    """
    often = row.plan.often
    scope = None if row.per is None else scope_of(row.per(row.frame(frame, record)))
    key = (row.plan.id, scope)
    if row.of_request and key in context.taken:
        return context.taken[key]
    reason = outside(context, row.plan) if often.timed else None
    if reason is None and often.counts:
        limit = often.times if row.as_often is None else _whole(row.as_often(row.frame(frame, record)))
        reason = _count(context, often, limit, key)
    if row.of_request:
        context.taken[key] = reason
    if reason is None:
        context.decide(row.plan)
    return reason


def turn(context: Context, row: Row, frame: Frame, record: Any, length: int) -> int:
    """Which item of a cycle it is this time, from 0; the same one as long as the request lasts."""
    scope = None if row.per is None else scope_of(row.per(row.frame(frame, record)))
    key = (row.plan.id, scope)
    if key not in context.turns or not row.of_request:
        context.turns[key] = context.world.counters.tick((row.plan.id, scope, "cycle"))
    return context.turns[key] % length


def scope_of(worth: Any) -> Any:
    """A value as what things are counted by."""
    return worth if type(worth) in (str, int, float, bool) else str(worth)


def outside(context: Context, rule: pr.RulePlan) -> Reason | None:
    """Why this is not the rule's time, in seconds of world time; None where it is."""
    now = context.transaction.at
    loaded = rule.id if rule.chosen is None else rule.chosen.rule
    begin, end = window(rule.often, context.world.tallies.loaded_at(loaded))
    if now < begin:
        return Verdict.TIME, {"begins_in": begin - now}
    if end is not None and now >= end:
        return Verdict.TIME, {"ended_ago": now - end}
    return None


def window(often: pr.OftenPlan, loaded: float) -> tuple[float, float | None]:
    """When a rule that was loaded at a time begins to hold, and when it ends; None for never."""
    begin = loaded if often.since is None else moment(often.since, loaded)
    ends = [] if often.during is None else [begin + often.during]
    ends += [] if often.until is None else [moment(often.until, begin)]
    return begin, min(ends, default=None)


def moment(plan: pr.MomentPlan, after: float) -> float:
    """The time that is meant: as it is, or the next such time of day."""
    if not plan.daily:
        return plan.seconds
    midnight = after - after % DAY
    return midnight + plan.seconds + (DAY if midnight + plan.seconds < after else 0)


def _whole(worth: Any) -> int:
    """A number of times that was worked out; what is no number is none."""
    number = values.as_number(worth)
    return 0 if number is MISSING else int(max(number, 0))


def _count(context: Context, often: pr.OftenPlan, limit: int | None, key: tuple[str, Any]) -> Reason | None:
    counters = context.world.counters
    if limit is not None:
        # A limit that is worked out may have become less than what was counted.
        return None if counters.take(key, limit) else (Verdict.COUNT, {"used": counters.count(key), "of": limit})
    if often.every is not None:
        if counters.every(key, often.every):
            return None
        return Verdict.COUNT, {"every": often.every, "next_in": often.every - counters.count(key) % often.every}
    assert often.share is not None
    part, whole = often.share
    if often.at_random:
        name = f"{context.world.seed} {key[0]} {key[1]}"
        if chance(context.world.seed, name, counters.tick(key)) * whole < part:
            return None
        return Verdict.COUNT, {"chance": part / whole}
    if counters.share(key, part, whole):
        return None
    count = counters.count(key)
    # The next one is that at which the whole number of part / whole of all grows.
    grown = -(-(count * part // whole + 1) * whole // part) if part else None
    return Verdict.COUNT, {"share": part / whole} | ({} if grown is None else {"next_in": grown - count})
