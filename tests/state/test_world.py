# SPDX-License-Identifier: Apache-2.0
"""A world under threads, and what a rollback leaves alone."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event, Thread

import pytest

from mimic_rules.state.clock import WorldClock
from mimic_rules.state.table import Index, Sum, TableSpec
from mimic_rules.state.world import World

SPECS = {
    "thing": TableSpec(
        "thing",
        groups=(Index("colour", lambda record: record["colour"]),),
        sums=(Sum("size", lambda record: record["size"]),),
    )
}
HERE = ("thing", "t", "r")


def world(seed: int | str = 1, **settings: int) -> World:
    return World("w", clock=WorldClock(1000, frozen=True), seed=seed, specs=SPECS, **settings)


@pytest.mark.usefixtures("nervous_threads")
def test_a_limit_checked_in_a_transaction_admits_no_more() -> None:
    w = world()
    barrier = Barrier(20)

    def create(worker: int) -> int:
        barrier.wait()
        admitted = 0
        for n in range(20):
            with w.transaction() as tx:
                if tx.table(*HERE).total("size") + 2 <= 50 and len(tx.table(*HERE)) < 30:
                    tx.insert(*HERE, f"{worker}.{n}", {"colour": "red", "size": 2})
                    admitted += 1
        return admitted

    with ThreadPoolExecutor(20) as threads:
        admitted = sum(threads.map(create, range(20)))
    with w.transaction() as tx:
        table = tx.table(*HERE)
        assert (admitted, len(table), table.total("size"), len(table.group("colour", "red"))) == (25, 25, 50, 25)


@pytest.mark.usefixtures("nervous_threads")
def test_draws_and_sequences_of_many_threads_are_distinct() -> None:
    w = world()
    with ThreadPoolExecutor(20) as threads:
        numbers = list(threads.map(lambda _: w.sequence("n"), range(400)))
        ids = list(threads.map(lambda _: w.uuid(), range(400)))
    assert sorted(numbers) == list(range(1, 401))
    alone = world()
    assert sorted(ids) == sorted(alone.uuid() for _ in range(400))


def test_a_transaction_holds_up_its_own_world_only() -> None:
    one, other = world(), world()
    inside, leave = Event(), Event()

    def stay() -> None:
        with one.transaction():
            inside.set()
            leave.wait(10)

    thread = Thread(target=stay)
    thread.start()
    assert inside.wait(10)
    waiting = Thread(target=one.uuid)
    waiting.start()
    other.uuid()
    with other.transaction() as tx:
        tx.insert(*HERE, "a", {"colour": "red", "size": 1})
    waiting.join(0.05)
    assert waiting.is_alive()
    leave.set()
    waiting.join(10)
    thread.join(10)
    assert not waiting.is_alive()
    assert (one.held, other.held) == (0, 1)


def test_now_is_read_once() -> None:
    w = world()
    with w.transaction() as tx:
        w.clock.advance(5)
        assert (tx.now, tx.at) == (1000, 1000)
    with w.transaction() as tx:
        assert (tx.now, tx.at) == (1005, 1005)


def test_a_rollback_takes_back_sequences_but_neither_counters_nor_draws() -> None:
    w = world()
    with w.transaction() as tx:
        assert w.counters.take("rule", 3)
        assert (tx.sequence("n"), tx.sequence("n"), tx.sequence("m")) == (1, 2, 1)
        first = tx.uuid()
        tx.rollback()
    assert w.counters.count("rule") == 1
    assert (w.sequence("n"), w.sequence("m")) == (1, 1)
    assert w.uuid() != first


@pytest.mark.parametrize("seed", [1, "a seed"])
def test_the_same_seed_makes_the_same_world(seed: int | str) -> None:
    one, other, different = world(seed), world(seed), world("another")
    made = [[w.uuid(), w.hex(8), w.word(5, "abc"), w.number(0, 1), w.bytes(3)] for w in (one, other, different)]
    assert made[0] == made[1] != made[2]


def test_what_a_world_is_told() -> None:
    w = world("a seed", max_records=5, max_keys=1)
    assert (w.id, w.seed, w.max_records, w.clock.now()) == ("w", "a seed", 5, 1000)
    assert w.counters.take("a", 1)
    assert not w.counters.take("b", 1)
