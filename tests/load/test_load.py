# SPDX-License-Identifier: Apache-2.0
"""Some seconds of the load that `tox -e load` goes on with for a minute; and that what is wrong is found."""

from pathlib import Path
from random import Random

from mimic_rules.testing import start
from tests.load.depot import DEPOT
from tests.load.judging import problems
from tests.load.model import Crate, Driven
from tests.load.run import CLOCK, Told, run
from tests.load.wire import Wire


def test_no_answer_is_wrong_and_nothing_is_lost(tmp_path: Path) -> None:
    told = run(tmp_path, seconds=5)
    assert problems(told) == []
    # Each of the sixteen clients went round a few times. How often is the machine's affair: `tox -e load` says it.
    assert told.asked > 4 * 16, told


def test_a_wrong_answer_is_found() -> None:
    with start([DEPOT]) as cloud, cloud.world(clock=CLOCK) as world, Wire(cloud.url.removeprefix("http://")) as wire:
        driven = Driven(world, wire, Random(1), [])
        for _ in range(50):
            driven.step()
        assert driven.wrong == []
        # The world has no such crate.
        driven.crates = {10_000: Crate("plain", driven.now)}
        driven.spoil()
        assert len(driven.wrong) == 1
        assert "spoil: 404" in driven.wrong[0]


def test_memory_that_grows_is_found() -> None:
    assert problems(Told(memory=[90, 100, 110, 120])) == []
    told = problems(Told(memory=[part * 2**27 for part in (1, 2, 3, 4)]))
    assert told == ["memory grew from 268435456 to 536870912 bytes in the second half"]
