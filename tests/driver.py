# SPDX-License-Identifier: Apache-2.0
"""A cloud within the test's own process: rules in, requests asked, answers out, and time only when a test says so.

Tests of the compiler and the engine drive this; tests of the web layer have real sockets.
"""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote

from mimic_rules.compiler import Program, compile_model
from mimic_rules.diagnostics import render_text
from mimic_rules.engine import MISSING, BadBody, Engine, Request, Response, link
from mimic_rules.language.load import SHIPPED, Source, load
from mimic_rules.state.clock import WorldClock
from mimic_rules.state.world import World

START = 1_700_000_000.0
"""When a world begins: 2023-11-14T22:13:20Z."""

BASE = "http://cloud.test"
RULES = Path(__file__).resolve().parent.parent / "rules"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A body that the web layer could not read; see BadBody."""

    situation: str


@dataclass(slots=True)
class Cloud:
    """An engine and one world of it; `headers` go with every request."""

    engine: Engine
    world: World
    headers: dict[str, str] = field(default_factory=dict)

    def request(
        self, method: str, path: str, body: Any = MISSING, headers: Mapping[str, str] | None = None
    ) -> Response:
        """Ask; the path may carry a query, and both may be percent-encoded."""
        path, _, query = path.partition("?")
        told = {**self.headers, **(headers or {})}
        request = Request(
            method,
            unquote(path),
            parse_qs(query, keep_blank_values=True),
            {name.lower(): value for name, value in told.items()},
            BASE,
            lambda: _read(body),
        )
        return self.engine.handle(self.world, request)

    def advance(self, seconds: float) -> None:
        """Move the world's clock; what falls due is applied before the next answer."""
        self.world.clock.advance(seconds)

    def snapshot(self) -> object:
        """All that the world holds: records and tombs in order, pending events, sequences."""
        contents = self.world._contents
        tables = {
            (kind, partition): (contents.table(kind, partition).items(), contents.table(kind, partition).tombs())
            for kind in contents.specs
            for partition in contents.partitions(kind)
        }
        return copy.deepcopy((tables, contents.queue.events(), contents.sequences, contents.held))


def program(*texts: str, shipped: Sequence[str] = ()) -> Program:
    """The tables of rules texts (files of one layer, in this order); fails with their diagnostics if there are any."""
    sources = [Source(f"{number}.rules", text) for number, text in enumerate(texts)]
    sources += [Source(f"shipped/{number}.rules", text, SHIPPED) for number, text in enumerate(shipped)]
    loaded = load(sources)
    assert not loaded.diagnostics, render_text(loaded.diagnostics, loaded.sources)
    return compile_model(loaded.model)


def cloud(
    *texts: str,
    shipped: Sequence[str] = (),
    seed: int | str = 1,
    regions: Sequence[str] = ("RegionOne",),
    settings: Mapping[str, Any] | None = None,
    durations: Mapping[str, float] | None = None,
    quotas: Mapping[str, int] | None = None,
    max_records: int = 100_000,
    headers: Mapping[str, str] | None = None,
) -> Cloud:
    """A cloud of rules texts, whose clock stands still."""
    engine = link(
        program(*texts, shipped=shipped), settings=settings, regions=regions, durations=durations, quotas=quotas
    )
    return world_of(engine, seed=seed, max_records=max_records, headers=headers)


def world_of(
    engine: Engine, *, seed: int | str = 1, max_records: int = 100_000, headers: Mapping[str, str] | None = None
) -> Cloud:
    """A new world of an engine."""
    clock = WorldClock(START, frozen=True)
    return Cloud(engine, engine.new_world("test", clock=clock, seed=seed, max_records=max_records), dict(headers or {}))


def shipped_texts(*services: str) -> list[str]:
    """The rules that come with the program, of these services (and what all of them lean on)."""
    folders = ["prelude", *services]
    return [path.read_text(encoding="utf-8") for name in folders for path in sorted((RULES / name).rglob("*.rules"))]


def told(response: Response, header: str) -> list[str]:
    """The values of a header of an answer."""
    return [value for name, value in response.headers if name.lower() == header.lower()]


def _read(body: Any) -> Any:
    if isinstance(body, Unreadable):
        raise BadBody(body.situation)
    return body


DESK = """
service desk "Help desk" {
  mount /desk
  errors { fault, message }
  fault 403 forbidden  fault 404 unknown  fault 409 conflict
  fault else refused
}
for desk
"""
"""A service that says as little as it may: what most rules texts of tests begin with."""

TEAMS = """
service desk "Help desk" {
  mount /desk optional /{tenant}
  caller header "X-Agent" is agent when active tenant team user id else 401 "who are you?"
  errors { fault, message }
  fault 403 forbidden  fault 404 unknown  fault 409 conflict
  fault else refused
}
for desk
resource agent in world { id text  team text  active bool = true }
seed agent for each a in [
  { id: 'ann', team: 'red' }, { id: 'amy', team: 'red' }, { id: 'bob', team: 'blue' },
  { id: 'eve', team: 'blue', active: false },
] { ...a }
"""
"""A service with callers of two teams: ann and amy are red, bob is blue, and eve is known but no good."""

ANN = {"X-Agent": "ann"}
AMY = {"X-Agent": "amy"}
BOB = {"X-Agent": "bob"}
