# SPDX-License-Identifier: Apache-2.0
"""The clock of a world: forward only, at its own speed, within the years that can be written."""

import math
import time
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mimic_rules.state.clock import END_OF_TIME, WorldClock, elapsed, wall_time

BAD = [-1, -0.001, math.nan, math.inf, -math.inf, 10**400]


class Counter:
    """Real seconds that pass only when a test says so."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


STEPS = st.one_of(
    st.tuples(st.just("pass"), st.floats(-100, 10_000)),
    st.tuples(st.just("advance"), st.floats(0, 1e11)),
    st.tuples(st.just("jump"), st.floats(0, END_OF_TIME)),
    st.tuples(st.just("reach"), st.floats(0, END_OF_TIME)),
    st.tuples(st.just("run"), st.floats(0, 1e308)),
    st.tuples(st.just("freeze"), st.just(0.0)),
)


@given(st.floats(0, END_OF_TIME), st.lists(STEPS, max_size=20))
def test_time_never_goes_backwards_nor_out_of_range(start: float, steps: list[tuple[str, float]]) -> None:
    counter = Counter()
    clock = WorldClock(start, monotonic=counter)
    latest = clock.now()
    assert latest == start
    for name, number in steps:
        if name == "pass":
            counter.seconds += number
        elif name == "freeze":
            clock.freeze()
        elif (name == "jump" and number < latest) or (name == "advance" and number > END_OF_TIME - latest):
            with pytest.raises(ValueError, match="can't"):
                getattr(clock, name)(number)
        else:
            getattr(clock, name)(number)
        now = clock.now()
        assert latest <= now <= END_OF_TIME
        latest = now


@given(st.floats(0, 1e10), st.lists(st.floats(0, 1e9), max_size=10), st.booleans())
def test_advance_adds_whether_frozen_or_not(start: float, stretches: list[float], frozen: bool) -> None:
    clock = WorldClock(start, frozen=frozen, monotonic=Counter())
    expected = start
    for stretch in stretches:
        expected += stretch
        assert clock.advance(stretch) == expected
        assert clock.now() == expected
    assert clock.frozen is frozen


def test_runs_at_its_rate() -> None:
    counter = Counter()
    clock = WorldClock(100, rate=2.5, monotonic=counter)
    counter.seconds += 10
    assert clock.now() == 125
    clock.run(60)
    counter.seconds += 1
    assert (clock.now(), clock.rate) == (185, 60)
    clock.run()
    counter.seconds += 1
    assert clock.now() == 186


def test_stands_still_while_frozen_and_goes_on_from_there() -> None:
    counter = Counter()
    clock = WorldClock(100, monotonic=counter)
    counter.seconds += 1
    clock.freeze()
    counter.seconds += 50
    clock.freeze()
    assert (clock.now(), clock.frozen) == (101, True)
    clock.advance(9)
    clock.jump(120)
    counter.seconds += 50
    assert (clock.now(), clock.frozen) == (120, True)
    clock.run()
    counter.seconds += 2
    assert (clock.now(), clock.frozen) == (122, False)


def test_a_counter_that_falls_holds_time_up() -> None:
    counter = Counter()
    clock = WorldClock(100, monotonic=counter)
    counter.seconds += 10
    assert clock.now() == 110
    counter.seconds -= 5
    assert clock.now() == 110
    counter.seconds += 6
    assert clock.now() == 111


def test_short_looks_lose_nothing() -> None:
    counter = Counter()
    clock = WorldClock(1_700_000_000, monotonic=counter)
    for _ in range(100_000):
        counter.seconds += 1e-7
        clock.now()
    assert clock.now() == pytest.approx(1_700_000_000.01, abs=1e-6, rel=0)


def test_jump_refuses_the_past_and_reach_does_not() -> None:
    clock = WorldClock(100, monotonic=Counter())
    with pytest.raises(
        ValueError, match=r"^can't jump to `99\.0`: it is `100\.0` already, and time only goes forward$"
    ):
        clock.jump(99)
    assert clock.reach(99) == 100
    assert clock.reach(101) == 101
    assert clock.jump(101) == 101
    assert clock.now() == 101


def test_the_end_of_time() -> None:
    counter = Counter()
    clock = WorldClock(END_OF_TIME - 10, monotonic=counter)
    with pytest.raises(ValueError, match=r"^can't advance by `11` seconds: world time ends with the year 9999$"):
        clock.advance(11)
    assert clock.now() == END_OF_TIME - 10
    counter.seconds += 3600
    assert clock.now() == END_OF_TIME
    assert time.gmtime(END_OF_TIME)[:6] == (9999, 12, 31, 23, 59, 59)


@pytest.mark.parametrize("number", BAD)
def test_numbers_that_are_no_times_or_speeds(number: float) -> None:
    clock = WorldClock(100, monotonic=Counter())
    with pytest.raises(
        ValueError, match=r"is not a world time: give seconds since 1970, up to the end of the year 9999$"
    ):
        WorldClock(number)
    with pytest.raises(ValueError, match=r"is not a speed: give world seconds per real second, zero or more$"):
        WorldClock(100, rate=number)
    with pytest.raises(ValueError, match="is not a speed"):
        clock.run(number)
    with pytest.raises(ValueError, match=r"give a number of seconds, zero or more$"):
        clock.advance(number)
    with pytest.raises(ValueError, match="is not a world time"):
        clock.jump(number)
    with pytest.raises(ValueError, match="is not a world time"):
        clock.reach(number)
    assert clock.state() == {"now": 100.0, "rate": 1.0, "frozen": False, "poll": None}


def test_state_makes_an_equal_clock() -> None:
    counter = Counter()
    clock = WorldClock(5, rate=3, monotonic=counter)
    counter.seconds += 2
    clock.freeze()
    assert clock.state() == {"now": 11.0, "rate": 3.0, "frozen": True, "poll": None}


def test_runs_by_the_machine_unless_told_otherwise() -> None:
    clock = WorldClock(wall_time(), rate=1000)
    time.sleep(0.01)
    assert 10 <= clock.now() - time.time() < 100_000


def test_looks_may_bring_events_forward() -> None:
    clock = WorldClock(5, poll=3, frozen=True)
    assert (clock.poll, clock.state()["poll"]) == (3, 3)
    clock.watch(1)
    assert clock.poll == 1
    clock.watch(None)
    assert (clock.poll, WorldClock(5).poll) == (None, None)


@pytest.mark.parametrize("looks", [0, -1, 1.5, True, "2", math.nan])
def test_numbers_that_are_no_looks(looks: Any) -> None:
    clock = WorldClock(5, poll=3)
    with pytest.raises(ValueError, match=f"^`{looks}` is not a number of looks: give a whole number, one or more"):
        clock.watch(looks)
    with pytest.raises(ValueError, match="is not a number of looks"):
        WorldClock(5, poll=looks)
    assert clock.poll == 3


@given(st.lists(STEPS, max_size=8), st.lists(STEPS, max_size=8))
def test_a_copy_shows_the_same_until_it_is_told_otherwise(
    before: list[tuple[str, float]], after: list[tuple[str, float]]
) -> None:
    counter = Counter()
    clock = WorldClock(1e9, poll=2, monotonic=counter)
    for step in before:
        follow(clock, counter, step)
    copy = clock.copy()
    for step in after:
        assert copy.state() == clock.state()
        passing = step[0] == "pass"
        follow(clock, counter, step)
        if not passing:
            follow(copy, counter, step)
    assert copy.state() == clock.state()
    shown = clock.state()
    copy.freeze()
    copy.reach(END_OF_TIME)
    copy.watch(None)
    assert clock.state() == shown


def follow(clock: WorldClock, counter: Counter, step: tuple[str, float]) -> None:
    """Do what a step says; what the clock refuses is left out."""
    name, number = step
    if name == "pass":
        counter.seconds += number
    elif name == "freeze":
        clock.freeze()
    else:
        with suppress(ValueError):
            getattr(clock, name)(number)


def test_real_seconds_pass() -> None:
    first = elapsed()
    time.sleep(0.01)
    assert 0.01 <= elapsed() - first < 60
