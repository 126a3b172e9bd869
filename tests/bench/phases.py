# SPDX-License-Identifier: Apache-2.0
"""What a get and a create spend their time on: a stopwatch around each stage, less what its inner stages take.

The functions are wrapped where they are looked up, for the length of a measurement. A stopwatch takes time itself; what
it takes is measured on empty functions and taken off, and the whole is scaled to what a request takes without any.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

from mimic_rules.engine import engine, pipeline
from mimic_rules.state import world
from mimic_rules.web import answer, app, request
from tests.bench.clouds import Measured
from tests.bench.timing import Effort, Lane

OUTSIDE = "falcon, and the response put onto it"

_PLACES: tuple[tuple[Any, str, str], ...] = (
    (app, "request_of", "the engine's request"),
    (request, "read_json", "reading and parsing the body"),
    (answer, "encode", "encoding the body"),
    (engine.Engine, "handle", "engine: what lies between the stages"),
    (engine, "settle", "looking for what is due"),
    (engine, "asked_version", "version"),
    (engine, "version_headers", "headers of the service"),
    (engine, "answer_headers", "headers of the service"),
    (engine, "_begin", "picking the operation, and its rules"),
    (engine, "_answer", "view"),
    (pipeline, "_prepare", "values of the new record"),
    (pipeline, "strike", "rules that may answer instead"),
    (world.Opening, "__enter__", "transaction"),
    (world.Opening, "__exit__", "transaction"),
)
"""Where a stage is looked up, by what name, and what it is called in the table."""


def breakdown(effort: Effort) -> dict[str, dict[str, float]]:
    """Microseconds by stage, for a get and a create; they add up to the whole request."""
    return {"get": _stages(lambda of: of.gets(), effort), "create": _stages(lambda of: of.creates(), effort)}


def _stages(lane: Callable[[Measured], Lane], effort: Effort) -> dict[str, float]:
    calls = max(4, effort.calls)
    bare_of = Measured(min(100, effort.many))
    plain = _best(lane(bare_of), effort, calls)
    watch = Stopwatch()
    rounds: list[dict[str, float]] = []
    with watch.around(_PLACES):
        of = Measured(min(100, effort.many))
        measured = lane(of)
        for _ in range(effort.rounds):
            run = measured.prepare(calls)
            watch.begin()
            run()
            rounds.append(watch.end())
    # The best batch: the one that nothing else disturbed.
    best = min(rounds, key=lambda one: sum(one.values()))
    whole = sum(best.values())
    shares = {stage: seconds / whole * plain * 1e6 for stage, seconds in best.items()}
    return dict(sorted(shares.items(), key=lambda one: -one[1]))


def _best(lane: Lane, effort: Effort, calls: int) -> float:
    best = float("inf")
    for _ in range(effort.rounds):
        run = lane.prepare(calls)
        start = time.process_time()
        run()
        best = min(best, time.process_time() - start)
    return best / calls


class Stopwatch:
    """Adds up what each stage takes by itself."""

    def __init__(self) -> None:
        self._taken: dict[str, float] = {}
        self._stages: list[str] = [OUTSIDE]
        self._since = 0.0
        self._toll = 0.0
        self._toll = self._measured_toll()

    def begin(self) -> None:
        """Forget all, and start with what is outside of all stages."""
        self._taken = {}
        self._stages = [OUTSIDE]
        self._since = time.perf_counter()

    def end(self) -> dict[str, float]:
        """Seconds by stage since the beginning."""
        self._note()
        return {stage: max(seconds, 0.0) for stage, seconds in self._taken.items()}

    def _note(self) -> None:
        now = time.perf_counter()
        stage = self._stages[-1]
        self._taken[stage] = self._taken.get(stage, 0.0) + now - self._since - self._toll
        self._since = time.perf_counter()

    def wrap(self, work: Callable[..., Any], stage: str) -> Callable[..., Any]:
        """The function, as a stage."""

        def watched(*given: Any, **named: Any) -> Any:
            self._note()
            self._stages.append(stage)
            try:
                return work(*given, **named)
            finally:
                self._note()
                self._stages.pop()

        return watched

    @contextmanager
    def around(self, places: tuple[tuple[Any, str, str], ...]) -> Iterator[None]:
        """For the length of a block, these functions and all phases of the pipeline are stages."""
        with ExitStack() as stack:
            for owner, name, stage in places:
                stack.enter_context(patch.object(owner, name, self.wrap(getattr(owner, name), stage)))
            phases = {name: self.wrap(work, f"phase: {name}") for name, work in pipeline._PHASES.items()}
            stack.enter_context(patch.dict(pipeline._PHASES, phases))
            yield

    def _measured_toll(self) -> float:
        """Seconds that a note adds to a stage, by a stage that does nothing."""
        nothing = self.wrap(lambda: None, "nothing")
        best = float("inf")
        for _ in range(200):
            self.begin()
            for _ in range(50):
                nothing()
            best = min(best, sum(self.end().values()))
        return best / 100
