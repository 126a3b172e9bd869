# SPDX-License-Identifier: Apache-2.0
"""What one world must answer: a model of its crates, its time and its faults, which only one client drives.

`Driven` does something at random, says what the answer must be, and compares.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from mimic_rules.testing import Added, World
from tests.load.depot import EVERY, FLAKY, LIMIT, MINUTE, PER_MINUTE, SHUT, STICKY, TWICE
from tests.load.wire import DROPPED, Wire

KINDS = ("plain", "plain", "plain", "stuck", "broken", "lost", "never", "dropped", "slow")
MOST_CRATES = 20
STEP = 13.0
"""Seconds that time moves by. No multiple of it is a minute or ten seconds, where things would be due to the moment."""


@dataclass(slots=True)
class Crate:
    """What is known of a crate."""

    label: str
    made: float
    count: int = 0
    spoilt: bool = False
    refused: int = 0

    def status(self, now: float) -> str:
        age = now - self.made
        if self.spoilt or (self.label.startswith("broken") and age >= 5):
            return "ERROR"
        return "READY" if age >= 10 and not self.label.startswith("stuck") else "NEW"


@dataclass(slots=True)
class Driven:
    """A world, and all that must be so in it."""

    world: World
    wire: Wire
    random: Random
    wrong: list[str]
    base: str = ""
    now: float = 0.0
    crates: dict[int, Crate] = field(default_factory=dict)
    made: int = 0
    looks: int = 0
    bumps: deque[float] = field(default_factory=deque)
    shut: Added | None = None

    def __post_init__(self) -> None:
        self.base = "/" + self.world.url.split("/", 3)[3] + "/depot"
        self.now = self.world.clock.now.timestamp()
        self.world.rules.add_all(FLAKY, STICKY, LIMIT)

    def step(self) -> None:
        """Do something."""
        kinds: list[tuple[Callable[[], None], int]] = [
            (self.create, 30),
            (self.show, 30),
            (self.bump, 25),
            (self.list_all, 15),
            (self.delete, 20),
            (self.spoil, 4),
            (self.show_nothing, 3),
            (self.advance, 5),
            (self.open_or_shut, 2),
            (self.fork, 1),
        ]
        wishes, weights = zip(*kinds, strict=True)
        self.random.choices(wishes, weights)[0]()

    def create(self) -> None:
        if len(self.crates) >= MOST_CRATES:
            return self.delete()
        kind = self.random.choice(KINDS)
        label = f"{kind} {self.random.random()}"
        status, body = self.wire.ask("POST", f"{self.base}/crates", {"label": label})
        if kind == "never":
            return self.check("create", status, body, 503, {"message": "nothing happens"})
        self.made += 1
        self.crates[self.made] = Crate(label, self.now)
        if kind == "lost":
            return self.check("create", status, body, 503, {"message": "the answer got lost"})
        if kind == "dropped":
            return self.check("create", status, body, DROPPED, None)
        return self.check("create", status, body, 201, self.shown(self.made))

    def show(self) -> None:
        number = self.one()
        if number is None:
            return
        status, body = self.wire.ask("GET", f"{self.base}/crates/{number}")
        self.looks += 1
        if self.looks % EVERY == 0:
            return self.check("show", status, body, 503, {"message": "every fifth look"})
        return self.check("show", status, body, 200, self.shown(number))

    def show_nothing(self) -> None:
        status, body = self.wire.ask("GET", f"{self.base}/crates/{self.made + 1}")
        self.check("show nothing", status, body, 404, {"fault": "unknown"})

    def bump(self) -> None:
        number = self.one()
        if number is None:
            return
        while self.bumps and self.now - self.bumps[0] >= MINUTE:
            self.bumps.popleft()
        status, body = self.wire.ask("POST", f"{self.base}/crates/{number}/bump")
        if len(self.bumps) >= PER_MINUTE:
            return self.check("bump", status, body, 413, {"message": "slow down"})
        self.bumps.append(self.now)
        self.crates[number].count += 1
        return self.check("bump", status, body, 200, self.shown(number))

    def list_all(self) -> None:
        status, body = self.wire.ask("GET", f"{self.base}/crates")
        if self.shut is not None:
            return self.check("list", status, body, 503, {"message": "closed"})
        return self.check("list", status, body, 200, {"crates": self.whole()})

    def spoil(self) -> None:
        number = self.one()
        if number is None:
            return
        status, body = self.wire.ask("POST", f"{self.base}/crates/{number}/spoil")
        self.crates[number].spoilt = True
        self.check("spoil", status, body, 202, None)

    def delete(self) -> None:
        number = self.one()
        if number is None:
            return
        status, body = self.wire.ask("DELETE", f"{self.base}/crates/{number}")
        crate = self.crates[number]
        if crate.refused < TWICE:
            crate.refused += 1
            return self.check("delete", status, body, 503, {"message": "twice for each"})
        del self.crates[number]
        return self.check("delete", status, body, 204, None)

    def advance(self) -> None:
        due = sum(self.due(crate) for crate in self.crates.values())
        told = self.world.clock.advance(STEP)
        self.now += STEP
        if (told.now.timestamp(), told.fired) != (self.now, due):
            self.wrong.append(f"{self.world.id}: advance: {told}, expected {self.now} and {due} events")

    def open_or_shut(self) -> None:
        if self.shut is None:
            self.shut = self.world.rules.add(SHUT)
        else:
            self.shut.remove()
            self.shut = None

    def fork(self) -> None:
        """Another world begins as this one is, and what happens there stays there."""
        number = self.one()
        with self.world.fork() as other:
            base = "/" + other.url.split("/", 3)[3] + "/depot"
            other.rules.clear()
            status, body = self.wire.ask("GET", f"{base}/crates")
            self.check("list of a fork", status, body, 200, {"crates": self.whole()})
            if number is not None:
                status, body = self.wire.ask("DELETE", f"{base}/crates/{number}")
                self.check("delete in a fork", status, body, 204, None)

    def done(self) -> None:
        """At the end: all that is there, and how often rules have decided."""
        self.list_all()
        hits = {rule.name: rule.hits.decided for rule in self.world.rules.list("run-time")}
        if hits["flaky"] != self.looks // EVERY:
            self.wrong.append(f"{self.world.id}: {hits} after {self.looks} looks")

    def one(self) -> int | None:
        """A crate that is there, or nothing."""
        return self.random.choice([*self.crates]) if self.crates else None

    def due(self, crate: Crate) -> bool:
        """Whether a crate changes when time moves by a step."""
        return crate.status(self.now) != crate.status(self.now + STEP)

    def shown(self, number: int) -> dict[str, Any]:
        crate = self.crates[number]
        return {"id": number, "label": crate.label, "count": crate.count, "status": crate.status(self.now)}

    def whole(self) -> list[dict[str, Any]]:
        return [self.shown(number) for number in self.crates]

    def check(self, what: str, status: int, body: Any, expected: int, shown: Any) -> None:
        """Compare; of an error only what is expected counts."""
        if status == expected and agrees(shown, body):
            return
        self.wrong.append(f"{self.world.id}: {what}: {status} {body}, expected {expected} {shown}")


def agrees(expected: Any, got: Any) -> bool:
    """Whether an answer has all that is expected of it."""
    if isinstance(expected, dict):
        return isinstance(got, dict) and all(agrees(value, got.get(name)) for name, value in expected.items())
    return bool(expected == got)
