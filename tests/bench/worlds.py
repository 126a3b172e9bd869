# SPDX-License-Identifier: Apache-2.0
"""What worlds cost: making one over the control API, keeping a thousand of them, copying one that is full.

Times are of the best of several, in CPU time of this process; memory is what Python allocated, by tracemalloc.
"""

import gc
import time
import tracemalloc
from collections.abc import Callable

import orjson

from tests.bench.clouds import Measured, ask, environ
from tests.bench.rows import Row
from tests.bench.timing import Effort

THOUSAND = 1_000
COUNTED = 900
"""How many are made to know what a thousand take: as many as fit below `limits.worlds` with those that are there."""


def rows(effort: Effort) -> list[Row]:
    """Three numbers with a target each, and what a fork through the control API takes beside the last."""
    of = Measured(effort.many)
    fork, copied = forking(of, effort)
    return [
        Row("making a world", "`POST /_mimic/worlds`, with all that is answered", making(effort), "ms", at_most=5.0),
        Row(
            f"memory for {THOUSAND} empty worlds",
            "over that of the cloud with its default one; each with engine, journal and seeds in place",
            memory(min(COUNTED, effort.many)) * THOUSAND / 2**20,
            "MiB",
            at_most=50.0,
        ),
        Row(f"a fork of a world with {effort.many} servers", "`World.fork`", fork, "ms", at_most=50.0),
        Row("… over the control API", "two copies: one goes on, one is kept for a reset", copied, "ms"),
    ]


def making(effort: Effort) -> float:
    """Milliseconds for a world, made by a call of the control API."""
    of = Measured(1)
    return _best(effort.rounds, lambda number: _make(of, f"made{number}"))


def memory(worlds: int) -> float:
    """Bytes for an empty world, on the average of so many."""
    of = Measured(1)
    _make(of, "warm")
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for number in range(worlds):
        _make(of, f"empty{number}")
    gc.collect()
    held = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    return held / worlds


def forking(of: Measured, effort: Effort) -> tuple[float, float]:
    """Milliseconds for a copy of the measured world: the state alone, and by a call of the control API."""
    rounds = min(effort.rounds, 20)
    alone = _best(rounds, lambda number: of.world.fork(f"alone{number}"))

    def through(number: int) -> None:
        _make(of, f"fork{number}", fork="default")
        of.cloud.mounts.remove(f"fork{number}")

    return alone, _best(rounds, through)


def _make(of: Measured, world_id: str, **wish: object) -> None:
    body = orjson.dumps({"id": world_id, **wish})
    made = ask(of.app, environ("POST", "/_mimic/worlds", body))
    assert made.status == 201, made.body


def _best(rounds: int, work: Callable[[int], object]) -> float:
    best = float("inf")
    for number in range(rounds + 1):
        start = time.process_time()
        work(number)
        # The first one warms up.
        best = min(best, time.process_time() - start) if number else best
    return best * 1000
