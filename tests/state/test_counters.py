# SPDX-License-Identifier: Apache-2.0
"""Counters: never one too many, never more keys than agreed."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

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
