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
from mimic_rules.state.world import World
from mimic_rules.web.control.endpoint import Asked, Endpoint, Refused, Schema, Told

FASTEST: Final = 1e9
"""World seconds per real second: as much as the configuration takes."""

_WISH: Final[Schema] = {
    "type": "object",
    "properties": {
        "advance": {"description": "seconds, or text such as 30d"},
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
    fired = asked.mount.engine.settle(asked.mount.world)
    clock = asked.mount.world.clock
    now = clock.now()
    return Told(200, {"now": now, "iso": iso(now), "frozen": clock.frozen, "rate": clock.rate, "fired": fired})


def change(asked: Asked) -> Told:
    """200 and the state of the clock; nothing of a wish is done unless all of it can be."""
    world, wish = asked.mount.world, asked.body
    if not wish:
        raise Refused(400, 'say what to do: {"advance": 30}, {"freeze": true} or {"run": true, "rate": 2}')
    freeze, run = (read_true(wish, name) for name in ("freeze", "run"))
    if freeze and run:
        raise Refused(400, "`freeze` and `run` contradict each other: send one of them")
    if "rate" in wish and not run:
        raise Refused(400, '`rate` goes with `run`: {"run": true, "rate": 2}')
    rate = read_rate(wish["rate"]) if "rate" in wish else 1.0
    if "advance" in wish:
        advance(world, "advance", read_seconds("advance", wish["advance"]))
    if freeze:
        world.clock.freeze()
    elif run:
        world.clock.run(rate)
    return show(asked)


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


def iso(now: float) -> str:
    """World time as UTC with microseconds, such as `1970-01-01T00:00:01.500000Z`."""
    return datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


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
