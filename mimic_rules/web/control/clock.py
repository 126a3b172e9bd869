# SPDX-License-Identifier: Apache-2.0
"""What time it is in a world, and how fast it goes by.

`/mimic/v1.1/tick` speaks as the program did in which such clouds were first written.

On the way of a request: calls of the control API.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from mimic_rules.config import parse_duration
from mimic_rules.config.quantities import LONGEST_DURATION
from mimic_rules.engine.happenings import Happening
from mimic_rules.engine.quiet import Quiet, until_quiet
from mimic_rules.state.clock import END_OF_TIME
from mimic_rules.state.world import World
from mimic_rules.web.control.endpoint import Asked, Endpoint, Refused, Schema, Told
from mimic_rules.web.times import iso as iso

FASTEST: Final = 1e9
"""World seconds per real second: as much as the configuration takes."""

QUIET: Final = "quiet"
PATIENCE: Final = 86_400.0
"""A world is quiet in which nothing is due for a day: not all comes to an end, and what is gone is kept for weeks."""

MOST_LOOKS: Final = 1_000_000

_WISH: Final[Schema] = {
    "type": "object",
    "properties": {
        "advance": {"description": "seconds, or text such as 30d"},
        "until": {"description": "quiet: until nothing is about to happen; or a time such as 2030-01-31T12:00:00Z"},
        "within": {"description": "with `until` quiet: it is, when nothing is due for so long; seconds, or text; 24h"},
        "poll": {"description": "after how many looks a record that waits moves on; null: looks move nothing"},
        "freeze": {"description": "true: time stands still"},
        "run": {"description": "true: time goes on"},
        "rate": {"description": "with `run`: world seconds per real second"},
    },
    "additionalProperties": False,
}
_TICK: Final[Schema] = {
    "type": "object",
    "properties": {"amount": {"description": "seconds, zero or more"}},
    "additionalProperties": False,
}


def show(asked: Asked) -> Told:
    """200 and the state of the clock. Everything that is due by then has happened in the answer."""
    told: list[Happening] = []
    fired = asked.mount.engine.settle(asked.mount.world, told)
    return Told(200, {**state(asked.mount.world), **happened(fired, told)})


def change(asked: Asked) -> Told:
    """200 and the state of the clock; nothing of a wish is done unless all of it can be."""
    world, wish = asked.mount.world, asked.body
    if not wish:
        raise Refused(400, 'say what to do: {"advance": 30}, {"until": "quiet"}, {"freeze": true} or {"run": true}')
    freeze, run = (read_true(wish, name) for name in ("freeze", "run"))
    if freeze and run:
        raise Refused(400, "`freeze` and `run` contradict each other: send one of them")
    if "rate" in wish and not run:
        raise Refused(400, '`rate` goes with `run`: {"run": true, "rate": 2}')
    if "advance" in wish and "until" in wish:
        raise Refused(400, "`advance` and `until` contradict each other: send one of them")
    until = read_until(wish["until"]) if "until" in wish else None
    if "within" in wish and until != QUIET:
        raise Refused(400, '`within` goes with `until`: {"until": "quiet", "within": "1h"}')
    within = read_length("within", wish["within"]) if "within" in wish else PATIENCE
    poll = read_poll(wish["poll"]) if "poll" in wish else None
    rate = read_rate(wish["rate"]) if "rate" in wish else 1.0
    told: list[Happening] = []
    fired, more = 0, {}
    if "advance" in wish:
        advance(world, "advance", read_seconds("advance", wish["advance"]))
    elif isinstance(until, float):
        jump(world, until, freeze=freeze)
    elif until == QUIET:
        quiet = until_quiet(asked.mount.engine.linked, world, within, told)
        fired, more = quiet.fired, rest(quiet)
    if "poll" in wish:
        world.clock.watch(poll)
    if freeze:
        world.clock.freeze()
    elif run:
        world.clock.run(rate)
    fired += asked.mount.engine.settle(world, told)
    return Told(200, {**state(world), **happened(fired, told), **more})


def tick(asked: Asked) -> Told:
    """200 and the new time; time never goes back, so a negative amount is refused."""
    world, wish = asked.mount.world, asked.body
    if "amount" not in wish:
        raise Refused(400, 'say by how many seconds: {"amount": 30}')
    amount = wish["amount"]
    if isinstance(amount, str):
        raise Refused(400, "`amount` takes a number of seconds, zero or more")
    now = advance(world, "amount", read_seconds("amount", amount))
    asked.mount.engine.settle(world)
    return Told(200, {"advanced": amount, "now": iso(now)})


def read_true(wish: Mapping[str, Any], name: str) -> bool:
    """Whether a wish is there; it takes `true` only, for what its opposite would do is another wish's name."""
    if name in wish and wish[name] is not True:
        raise Refused(400, f"`{name}` takes true; `freeze` stops the clock and `run` lets it go on")
    return name in wish


def read_rate(value: Any) -> float:
    """A speed in world seconds per real second."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= FASTEST:
        raise Refused(400, f"`rate` takes a number above 0 and at most {FASTEST:.0f}")
    return float(value)


def read_until(value: Any) -> str | float:
    """`quiet`, or a time as seconds since the epoch."""
    if value == QUIET:
        return QUIET
    try:
        moment = datetime.fromisoformat(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (TypeError, ValueError, OverflowError):
        raise Refused(400, "`until` takes `quiet`, or a time such as 2030-01-31T12:00:00Z") from None


def read_poll(value: Any) -> int | None:
    """After how many looks a record that waits is moved on, or None for never."""
    if value is not None and (type(value) is not int or not 1 <= value <= MOST_LOOKS):
        raise Refused(400, f"`poll` takes a whole number of looks from 1 to {MOST_LOOKS}, or null")
    return value


def read_length(name: str, value: Any) -> float:
    """Seconds, a hundred years of them at most."""
    seconds = read_seconds(name, value)
    if seconds > LONGEST_DURATION:
        raise Refused(400, f"`{name}` takes no more than a hundred years, 36525d")
    return seconds


def read_seconds(name: str, value: Any) -> float:
    """Seconds, from a number or text such as `30d`."""
    seconds = parse_duration(value) if isinstance(value, str) else value
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds < math.inf:
        raise Refused(400, f"`{name}` takes seconds, zero or more, as a number or text such as 200ms, 30s, 2h or 30d")
    return float(seconds)


def advance(world: World, name: str, seconds: float) -> float:
    """Move a world's time forward; gives the new time."""
    try:
        return world.clock.advance(seconds)
    except ValueError as reason:
        raise Refused(400, f"`{name}`: {reason}") from None


def jump(world: World, to: float, *, freeze: bool) -> None:
    """Move a world's time forward to `to`: to the moment, where it is to stand still there."""
    clock = world.clock
    ran = not clock.frozen
    if freeze:
        clock.freeze()
    try:
        clock.jump(to)
    except ValueError:
        if freeze and ran:
            clock.run(clock.rate)
        now = clock.now()
        reason = f"it is {iso(now)} already, and time only goes forward" if to < now else "time ends with the year 9999"
        raise Refused(400, f"`until`: {reason}") from None


def state(world: World) -> dict[str, Any]:
    """A world's clock, as answers show it."""
    now = world.clock.now()
    clock = world.clock
    return {"now": now, "iso": iso(now), "frozen": clock.frozen, "rate": clock.rate, "poll": clock.poll}


def happened(fired: int, told: list[Happening]) -> dict[str, Any]:
    """What has happened, as answers show it: how many events, the first of them, and how many more there were."""
    return {"fired": fired, "events": [event(one) for one in told], "more": fired - len(told)}


def rest(quiet: Quiet) -> dict[str, Any]:
    """How the wish for quiet went, and what is pending still."""
    return {
        "quiet": not quiet.why,
        **({"why": quiet.why} if quiet.why else {}),
        "pending": [event(one) for one in quiet.waiting],
        "pending_more": quiet.more,
    }


def event(one: Happening) -> dict[str, Any]:
    """An event, as answers show it."""
    return {
        "at": one.at,
        "iso": iso(min(one.at, END_OF_TIME)),
        "kind": one.kind,
        "key": one.key,
        "tenant": one.tenant,
        "region": one.region,
        "field": one.field,
        "from": one.source,
        "to": one.target,
    }


_STATE: Final = {200: "the state of the clock", 400: "a wish that can't be done; nothing is"}
ENDPOINTS: Final = (
    Endpoint("GET", "/_mimic/clock", "What time it is in a world", show, {200: _STATE[200]}),
    Endpoint("POST", "/_mimic/clock", "Move, stop or speed up a world's time", change, _STATE, _WISH),
    Endpoint(
        "POST",
        "/mimic/v1.1/tick",
        "Mimic's way to move time forward",
        tick,
        {200: "the new time", 400: "no amount"},
        _TICK,
    ),
)
