# SPDX-License-Identifier: Apache-2.0
"""The run: a cloud in a process of its own, worlds, clients in threads, and what is said at the end.

Each client drives worlds of its own, which it knows all of, and between times the one that all share, of which only
sums are known.
"""

import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import psutil

from mimic_rules.testing import Cloud, World, connect
from tests.cloud import cloud
from tests.load.depot import DEPOT, LATER, TIMES
from tests.load.model import Driven
from tests.load.wire import Wire

CLOCK = {"start": "2030-01-01T00:00:00Z", "mode": "frozen"}
CONFIG = {"limits": {"journal": 20}, "threads": 16, "log": "warning"}
SHARE_EVERY = 10
"""Of so many steps of a client, one is in the shared world."""


@dataclass(slots=True)
class Told:
    """What a run has come to; memory is in bytes, of the process that answers."""

    asked: int = 0
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)

    def __str__(self) -> str:
        sizes = ", ".join(f"{size / 2**20:.0f}" for size in self.memory)
        rate = self.asked / self.seconds
        return f"{self.asked} requests in {self.seconds:.0f} s ({rate:.0f}/s), {len(self.wrong)} wrong; MiB: {sizes}"


@dataclass(slots=True)
class Shared:
    """What one client has done to the crate that all share, and what it was given there."""

    done: int = 0
    late: int = 0
    made: list[int] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)


def run(folder: Path, *, seconds: float, worlds: int = 100, clients: int = 16, seed: int = 0) -> Told:
    """Ask for so long, and gives what came of it."""
    told = Told()
    with cloud(folder, rules_text=DEPOT, config=CONFIG) as running, ExitStack() as open_worlds:
        there = connect(running.url)
        with Wire(running.host) as wire:
            shared = open_worlds.enter_context(there.world("shared", clock=CLOCK, rules=[LATER]))
            wire.ask("POST", "/w/shared/depot/crates", {"label": "plain"})
        made = [open_worlds.enter_context(there.world(f"own{n}", clock=CLOCK)) for n in range(worlds)]
        sums = [Shared() for _ in range(clients)]
        started = time.monotonic()
        threads = [
            threading.Thread(
                target=_client,
                args=(running.host, made[n::clients], told, sums[n], Random(seed * 1000 + n), started + seconds),
            )
            for n in range(clients)
        ]
        for thread in threads:
            thread.start()
        for part in range(1, 5):
            time.sleep(max(0.0, started + seconds * part / 4 - time.monotonic()))
            told.memory.append(_memory(running.process.pid))
        for thread in threads:
            thread.join()
        told.seconds = time.monotonic() - started
        told.wrong += _lost(there, shared, sums)
    return told


def _client(host: str, worlds: Sequence[World], told: Told, shared: Shared, random: Random, until: float) -> None:
    with Wire(host) as wire:
        try:
            driven = [Driven(world, wire, random, told.wrong) for world in worlds]
            while time.monotonic() < until:
                if random.randrange(SHARE_EVERY):
                    random.choice(driven).step()
                else:
                    _share(wire, shared, random, told)
            for one in driven:
                one.done()
        except Exception as problem:
            told.wrong.append(f"a client ended: {problem!r}")
            raise
        finally:
            told.asked += wire.asked


def _share(wire: Wire, shared: Shared, random: Random, told: Told) -> None:
    if random.randrange(4) == 0:
        status, body = wire.ask("POST", "/w/shared/depot/crates", {"label": "plain"})
        if status == 201:
            shared.made.append(body["id"])
            return
    else:
        status, body = wire.ask("POST", "/w/shared/depot/crates/1/bump")
        if status in (200, 503):
            shared.done += 1
            shared.late += status == 503
            if status == 200:
                shared.counts.append(body["count"])
            return
    told.wrong.append(f"shared: {status} {body}")


def _lost(there: Cloud, shared: World, sums: Sequence[Shared]) -> list[str]:
    """What the clients did together and the world doesn't have, or has twice."""
    wrong = []
    done, late = sum(one.done for one in sums), sum(one.late for one in sums)
    made, counts = [n for one in sums for n in one.made], [n for one in sums for n in one.counts]
    with Wire(there.url.removeprefix("http://")) as wire:
        _, crate = wire.ask("GET", "/w/shared/depot/crates/1")
        _, listed = wire.ask("GET", "/w/shared/depot/crates")
    if crate["count"] != done:
        wrong.append(f"shared: {done} updates came to {crate['count']}")
    if late != min(done, TIMES):
        wrong.append(f"shared: a rule that holds {TIMES} times held {late} times")
    if len(counts) != len(set(counts)):
        wrong.append("shared: two updates saw the same count")
    if sorted(made) != list(range(2, len(made) + 2)) or {one["id"] for one in listed["crates"]} != {1, *made}:
        wrong.append("shared: ids that were given aren't those of the crates that are there")
    (rule,) = shared.rules.list("run-time")
    if rule.hits.decided != late:
        wrong.append(f"shared: {late} answers of a rule that counts {rule.hits.decided}")
    return wrong


def _memory(pid: int) -> int:
    """Bytes of the processes that answer."""
    return sum(child.memory_info().rss for child in psutil.Process(pid).children(recursive=True))
