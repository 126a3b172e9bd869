# SPDX-License-Identifier: Apache-2.0
"""The control API: what a test asks of a cloud apart from its services. Whether it is up, and what time it is there.

On the way of a request: the application's own routes, before the engine's. `/_mimic/…` is about the default world,
`/w/ID/_mimic/…` about another; `/mimic/v1.1/tick` speaks as the program did in which such clouds were first written.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import falcon

from mimic_rules import __version__
from mimic_rules.config import Limits, parse_duration
from mimic_rules.diagnostics import did_you_mean
from mimic_rules.engine.exchange import MISSING, BadBody
from mimic_rules.state.store import Store
from mimic_rules.state.world import World
from mimic_rules.web.answer import error, put
from mimic_rules.web.body import read_json
from mimic_rules.web.request import DEFAULT_WORLD

Settle = Callable[[World], int]

HEALTH: Final = "/_mimic/health"
CLOCK: Final = "/_mimic/clock"
TICK: Final = "/mimic/v1.1/tick"
PATHS: Final = (HEALTH, CLOCK, TICK)

FASTEST: Final = 1e9
"""World seconds per real second: as much as the configuration takes."""

_BAD_BODIES: Final = {
    "malformed": (400, "the body isn't JSON in UTF-8 with each key once"),
    "too_large": (413, "the body is too large"),
    "too_deep": (400, "the body is nested too deeply"),
    "wrong_media": (415, "send the body as application/json"),
}


@dataclass(frozen=True, slots=True)
class About:
    """What a running cloud tells of itself: the language's version, its services, and how many rules each layer has."""

    language: int
    services: tuple[str, ...]
    rules: Mapping[str, int]


class Refused(Exception):
    """What the control API can't do, with the status and the reason that the client sees."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Health:
    """`GET /_mimic/health`: whether the cloud is up, and what it is made of."""

    def __init__(self, store: Store, about: About) -> None:
        self._store = store
        self._about = about

    def on_get(self, req: falcon.Request, resp: falcon.Response, world_id: str = DEFAULT_WORLD) -> None:
        """200 and what the cloud is."""
        world = find_world(self._store, world_id)
        about = self._about
        put(
            resp,
            200,
            {
                "status": "ok",
                "version": __version__,
                "language": about.language,
                "services": about.services,
                "rules": dict(about.rules),
                "worlds": len(self._store.ids()),
                "time": iso(world.clock.now()),
            },
        )


class Clock:
    """`/_mimic/clock`: what time it is in a world, and how fast it goes by.

    POST takes `advance` (seconds, or text such as "30d"), and `freeze: true` or `run: true`, the latter with a `rate`
    in world seconds per real second if it isn't to be 1. Everything that is due by then has happened in the answer.
    """

    def __init__(self, store: Store, settle: Settle, limits: Limits) -> None:
        self._store = store
        self._settle = settle
        self._limits = limits

    def on_get(self, req: falcon.Request, resp: falcon.Response, world_id: str = DEFAULT_WORLD) -> None:
        """200 and the state of the clock."""
        self._show(find_world(self._store, world_id), resp)

    def on_post(self, req: falcon.Request, resp: falcon.Response, world_id: str = DEFAULT_WORLD) -> None:
        """200 and the state of the clock; nothing of a wish is done unless all of it can be."""
        world = find_world(self._store, world_id)
        wish = read_object(req, self._limits, ("advance", "freeze", "run", "rate"))
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
        self._show(world, resp)

    def _show(self, world: World, resp: falcon.Response) -> None:
        fired = self._settle(world)
        clock = world.clock
        now = clock.now()
        put(resp, 200, {"now": now, "iso": iso(now), "frozen": clock.frozen, "rate": clock.rate, "fired": fired})


class Tick:
    """`POST /mimic/v1.1/tick`: `{"amount": SECONDS}` moves time forward; the answer has `advanced` and `now`."""

    def __init__(self, store: Store, settle: Settle, limits: Limits) -> None:
        self._store = store
        self._settle = settle
        self._limits = limits

    def on_post(self, req: falcon.Request, resp: falcon.Response, world_id: str = DEFAULT_WORLD) -> None:
        """200 and the new time; time never goes back, so a negative amount is refused."""
        world = find_world(self._store, world_id)
        wish = read_object(req, self._limits, ("amount",))
        if "amount" not in wish:
            raise Refused(400, 'say by how many seconds: {"amount": 30}')
        amount = wish["amount"]
        if isinstance(amount, str):
            raise Refused(400, "`amount` takes a number of seconds, zero or more")
        now = advance(world, "amount", read_seconds("amount", amount))
        self._settle(world)
        put(resp, 200, {"advanced": amount, "now": iso(now)})


class Unknown:
    """Every other path below `/_mimic`: 404 with the known ones, whatever the method."""

    def on_get(self, req: falcon.Request, resp: falcon.Response, **path: str) -> None:
        """404."""
        near = did_you_mean(req.path, PATHS)
        help = f"did you mean `{near}`?" if near else f"the paths are {', '.join(f'`{known}`' for known in PATHS)}"
        put(resp, 404, error(404, f"the control API has no `{req.path}`", help=help, paths=PATHS))

    on_post = on_put = on_patch = on_delete = on_options = on_get


def add_control(app: falcon.App[Any, Any], store: Store, settle: Settle, about: About, limits: Limits) -> None:
    """Give the application the routes of the control API."""
    health, clock, tick = Health(store, about), Clock(store, settle, limits), Tick(store, settle, limits)
    for prefix in ("", "/w/{world_id}"):
        app.add_route(prefix + HEALTH, health)
        app.add_route(prefix + CLOCK, clock)
        app.add_route(prefix + TICK, tick)
        app.add_route(prefix + "/_mimic", Unknown())
        app.add_route(prefix + "/_mimic/{rest:path}", Unknown())
    app.add_error_handler(Refused, _refuse)


def _refuse(req: falcon.Request, resp: falcon.Response, refused: Refused, params: dict[str, Any]) -> None:
    put(resp, refused.status, error(refused.status, str(refused)))


def find_world(store: Store, world_id: str) -> World:
    """The world; one that isn't there is refused with 404."""
    world = store.world(world_id)
    if world is None:
        raise Refused(404, f"there is no world `{world_id}`")
    return world


def read_object(req: falcon.Request, limits: Limits, known: Collection[str]) -> dict[str, Any]:
    """The body, an object with no other keys than `known`."""
    try:
        body = read_json(req.env, limits.body, limits.depth)
    except BadBody as bad:
        raise Refused(*_BAD_BODIES[bad.situation]) from None
    keys = ", ".join(f"`{key}`" for key in known)
    if body is MISSING or not isinstance(body, dict):
        raise Refused(400, f"send an object with {keys}")
    for name in body:
        if name not in known:
            near = did_you_mean(name, known)
            hint = f"did you mean `{near}`?" if near else f"the keys are {keys}"
            raise Refused(400, f"`{name[:60]}` isn't a key here: {hint}")
    return body


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
