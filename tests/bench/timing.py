# SPDX-License-Identifier: Apache-2.0
"""Contests: the same work done in several ways, in turns, so that a noisy machine is noisy for all of them alike.

What is compared are the minima of many short batches, in CPU time of this process. Nothing but the work itself can make
a batch shorter, while other processes, cold caches and collected garbage can only make it longer: of many short batches
one is left alone, for each way. The medians stand beside them; where both ratios differ much, the run was disturbed.
"""

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass


def _nothing() -> None:
    """There is nothing to tidy up."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One way: `prepare` readies so many calls and gives the function that makes them; only that is timed."""

    prepare: Callable[[int], Callable[[], object]]
    tidy: Callable[[], object] = _nothing


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds for one call: in the best batch, and in the one in the middle."""

    best: float
    median: float

    @property
    def micros(self) -> float:
        """Microseconds for one call in the best batch."""
        return self.best * 1e6


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to measure: `rounds` batches of about `calls` calls; `many` is how much of a thing there is to be."""

    rounds: int
    calls: int
    many: int


WHOLE = Effort(rounds=250, calls=12, many=10_000)
TINY = Effort(rounds=2, calls=2, many=40)
"""Says nothing about speed; only that a measurement works."""


def repeated(work: Callable[[], object]) -> Lane:
    """The lane of a call that needs no preparation."""

    def prepare(calls: int) -> Callable[[], object]:
        def run() -> None:
            for _ in range(calls):
                work()

        return run

    return Lane(prepare)


def contest(lanes: Mapping[str, Lane], effort: Effort) -> dict[str, Timing]:
    """Run all lanes in turns; the first round warms up and doesn't count."""
    taken: dict[str, list[float]] = {name: [] for name in lanes}
    for number in range(effort.rounds + 1):
        for name, lane in lanes.items():
            run = lane.prepare(effort.calls)
            start = time.process_time()
            run()
            seconds = time.process_time() - start
            lane.tidy()
            if number:
                taken[name].append(seconds / effort.calls)
    return {name: Timing(min(times), statistics.median(times)) for name, times in taken.items()}


def ratio(one: Timing, other: Timing) -> float:
    """How many times as long as the other one takes, by the best batches."""
    return one.best / other.best


def median_ratio(one: Timing, other: Timing) -> float:
    """The same by the batches in the middle."""
    return one.median / other.median
