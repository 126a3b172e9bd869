# SPDX-License-Identifier: Apache-2.0
"""Counters: never one too many, never more keys than agreed."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mimic_rules.state.counters import Counters


@pytest.mark.usefixtures("nervous_threads")
def test_fifty_threads_take_three() -> None:
    counters = Counters(1000)
    barrier = Barrier(50)

    def take(_: int) -> list[bool]:
        barrier.wait()
        return [counters.take(("rule", round), 3) for round in range(100)]

    with ThreadPoolExecutor(50) as threads:
        taken = list(threads.map(take, range(50)))
    assert [sum(column) for column in zip(*taken, strict=True)] == [3] * 100
    assert [counters.count(("rule", round)) for round in range(100)] == [3] * 100


@pytest.mark.usefixtures("nervous_threads")
def test_no_addition_is_lost() -> None:
    counters = Counters(1)
    with ThreadPoolExecutor(20) as threads:
        given = sorted(threads.map(counters.add, ["rule"] * 2000))
    assert given == list(range(1, 2001))


def test_a_counter_stops_at_its_limit() -> None:
    counters = Counters(10)
    assert [counters.take("a", 2) for _ in range(4)] == [True, True, False, False]
    assert counters.take("a", 3)
    assert not counters.take("b", 0)
    assert (counters.count("a"), counters.count("b"), len(counters)) == (3, 0, 1)


def test_no_more_keys_than_agreed() -> None:
    counters = Counters(2)
    assert counters.take("a", 5)
    assert counters.add("b") == 1
    assert not counters.take("c", 5)
    assert counters.add("c") == 0
    assert counters.take("a", 5)
    assert counters.add("b") == 2
    assert (counters.count("c"), len(counters)) == (0, 2)


def test_forgetting_makes_room() -> None:
    counters = Counters(2)
    counters.add("a")
    counters.add("b")
    counters.forget("a")
    counters.forget("never counted")
    assert counters.count("a") == 0
    assert counters.take("c", 1)
    counters.clear()
    assert (len(counters), counters.count("b"), counters.add("c")) == (0, 0, 1)


def test_every_third() -> None:
    counters = Counters(2)
    assert [counters.every("a", 3) for _ in range(7)] == [False, False, True, False, False, True, False]
    assert [counters.every("b", 1) for _ in range(2)] == [True, True]
    assert not counters.every("no room", 1)


@given(st.integers(1, 200), st.data())
def test_a_share_is_spread_evenly(denominator: int, data: st.DataObject) -> None:
    numerator = data.draw(st.integers(0, denominator))
    counters = Counters(1)
    true = 0
    for n in range(1, 2 * denominator + 1):
        true += counters.share("a", numerator, denominator)
        # Never a whole one away from the exact share, and never ahead of it.
        assert true <= n * numerator / denominator < true + 1
    assert true == 2 * numerator
    assert not counters.share("no room", 1, 1)


def test_a_tenth_is_each_tenth() -> None:
    counters = Counters(1)
    assert [n for n in range(1, 31) if counters.share("a", 10, 100)] == [10, 20, 30]


def test_ticks_begin_with_zero() -> None:
    counters = Counters(1)
    assert [counters.tick("a") for _ in range(4)] == [0, 1, 2, 3]
    assert [counters.tick("no room") for _ in range(2)] == [0, 0]


def test_a_window_lets_so_many_through() -> None:
    counters = Counters(1)
    given = [counters.window("a", now, 2, 60) for now in (100, 110, 120, 159, 160, 165, 170)]
    assert given == [0, 0, 40, 1, 0, 5, 0]
    assert counters.times("a") == (160, 170)
    assert (counters.times("b"), counters.window("b", 100, 1, 60), counters.times("b")) == ((), 0, ())


def test_a_window_whose_limit_was_changed() -> None:
    counters = Counters(1)
    assert [counters.window("a", now, 3, 60) for now in (100, 110, 120)] == [0, 0, 0]
    assert counters.window("a", 130, 1, 60) == 50
    assert counters.window("a", 130, 2, 60) == 40
    assert counters.window("a", 130, 4, 60) == 0


def test_a_window_keeps_its_times_in_order() -> None:
    counters = Counters(1)
    assert (counters.window("a", 100, 3, 10), counters.window("a", 90, 3, 10)) == (0, 0)
    assert counters.times("a") == (100, 100)


@given(
    st.integers(1, 5),
    st.floats(0.1, 1e4),
    st.lists(st.floats(0, 1e4), max_size=30),
)
def test_a_window_against_all_that_was_let_through(count: int, seconds: float, pauses: list[float]) -> None:
    counters = Counters(1)
    now, passed = 1.7e9, list[float]()
    for pause in pauses:
        now += pause
        recent = [at for at in passed if at + seconds > now]
        wait = counters.window("a", now, count, seconds)
        assert len(counters.times("a")) <= count
        if len(recent) < count:
            assert wait == 0
            passed.append(now)
        else:
            assert 0 < wait <= seconds + 1e-6
            # Just before, it is still shut; as soon as it has been said, it is open.
            trial = counters.copy()
            assert trial.window("a", now + wait * 0.9, count, seconds) > 0 or wait < 1e-5
            assert trial.window("a", now + wait, count, seconds) == 0


@pytest.mark.usefixtures("nervous_threads")
def test_fifty_threads_are_let_through_as_one() -> None:
    counters = Counters(1000)
    barrier = Barrier(50)

    def ask(_: int) -> list[tuple[bool, bool, int, bool]]:
        barrier.wait()
        return [
            (
                counters.every(("every", n), 5),
                counters.share(("share", n), 3, 10),
                counters.tick(("tick", n)),
                counters.window(("window", n), 100, 7, 60) == 0,
            )
            for n in range(20)
        ]

    with ThreadPoolExecutor(50) as threads:
        asked = list(threads.map(ask, range(50)))
    for column in zip(*asked, strict=True):
        every, share, ticks, through = zip(*column, strict=True)
        assert (sum(every), sum(share), sorted(ticks), sum(through)) == (10, 15, list(range(50)), 7)


def test_a_copy_tries_out_what_would_be_decided() -> None:
    counters = Counters(3)
    counters.take("a", 2)
    counters.window("w", 100, 1, 60)
    trial = counters.copy()
    assert trial.take("a", 2)
    assert (trial.take("a", 2), trial.window("w", 130, 1, 60), trial.add("b"), trial.add("c")) == (False, 30, 1, 0)
    assert trial.window("w", 160, 1, 60) == 0
    assert (counters.counts(), counters.windows()) == ({"a": 1}, {"w": (100,)})
    assert (trial.counts(), trial.windows()) == ({"a": 2, "b": 1}, {"w": (160,)})
    assert counters.take("a", 2)
    assert (trial.max_keys, len(trial), len(counters)) == (3, 3, 2)


def test_counts_and_windows_share_the_room() -> None:
    counters = Counters(2)
    assert (counters.add("a"), counters.window("a", 1, 1, 5)) == (1, 0)
    assert (counters.add("b"), counters.window("b", 1, 1, 5), counters.window("b", 1, 1, 5)) == (0, 0, 0)
    counters.forget("a")
    assert (len(counters), counters.times("a")) == (0, ())
    assert counters.window("b", 1, 1, 5) == 0
    counters.clear()
    assert counters.times("b") == ()


def test_counters_made_of_more_than_agreed() -> None:
    assert Counters.of(2, {"a": 3}, {"a": [1.0]}).times("a") == (1.0,)
    with pytest.raises(ValueError, match=r"^there are 2 counters, and no more than 1 may be$"):
        Counters.of(1, {"a": 3}, {"a": [1.0]})
