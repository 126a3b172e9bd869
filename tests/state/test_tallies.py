# SPDX-License-Identifier: Apache-2.0
"""Tallies: every answer and every hit once, for no more keys than agreed."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from mimic_rules.state.clock import WorldClock
from mimic_rules.state.tallies import RuleHits, Tallies
from mimic_rules.state.world import World


def test_answers_are_counted_by_what_was_asked_and_answered() -> None:
    tallies = Tallies(10)
    tallies.note("desk", "show", 200)
    tallies.note("desk", "show", 404)
    tallies.note("desk", "show", 200)
    assert tallies.asked == {("desk", "show", 200): 2, ("desk", "show", 404): 1}


def test_hits_of_rules() -> None:
    tallies = Tallies(10)
    tallies.matched("a")
    tallies.matched("a")
    tallies.decided("a", "req-1")
    tallies.decided("a", "req-2")
    tallies.decided("b", None)
    tallies.matched("b")
    assert tallies.hits("a") == RuleHits(matched=2, decided=2, last="req-2")
    assert tallies.hits("b") == RuleHits(matched=1, decided=1, last=None)
    assert tallies.hits("c") == RuleHits(0, 0, None)
    assert list(tallies.rules) == ["a", "b"]


def test_no_more_keys_than_agreed() -> None:
    tallies = Tallies(1)
    for _ in range(2):
        tallies.note("desk", "show", 200)
        tallies.note("desk", "show", 500)
        tallies.matched("a")
        tallies.matched("b")
        tallies.decided("b", "req-1")
    assert tallies.asked == {("desk", "show", 200): 2}
    assert tallies.rules == {"a": RuleHits(matched=2)}
    tallies.forget("a")
    tallies.forget("never hit")
    tallies.decided("b", "req-2")
    assert tallies.rules == {"b": RuleHits(decided=1, last="req-2")}


def test_answers_of_another_world_are_added_and_its_hits_are_not() -> None:
    one, other = Tallies(2), Tallies(9)
    one.note("desk", "show", 200)
    for status in (200, 200, 404, 500):
        other.note("desk", "show", status)
    other.matched("a")
    one.merge(other)
    assert one.asked == {("desk", "show", 200): 3, ("desk", "show", 404): 1}
    assert (one.rules, other.asked[("desk", "show", 500)]) == ({}, 1)


def test_a_copy_is_apart() -> None:
    one = Tallies(2)
    one.note("desk", "show", 200)
    one.matched("a")
    other = one.copy()
    assert (other.asked, other.rules, other.max_keys) == (one.asked, one.rules, 2)
    one.note("desk", "show", 200)
    other.decided("a", "req-1")
    assert (one.asked[("desk", "show", 200)], other.asked[("desk", "show", 200)]) == (2, 1)
    assert (one.hits("a").decided, other.hits("a").decided) == (0, 1)


@pytest.mark.usefixtures("nervous_threads")
def test_nothing_is_lost_under_the_lock_of_the_world() -> None:
    world = World("w", clock=WorldClock(0, frozen=True), seed=1, specs={})

    def note(_: int) -> None:
        with world.transaction() as tx:
            world.tallies.note("desk", "show", 200)
            world.tallies.matched("a")
            world.tallies.decided("a", "req-1")
            tx.rollback()

    with ThreadPoolExecutor(20) as threads:
        list(threads.map(note, range(1000)))
    assert world.tallies.asked == {("desk", "show", 200): 1000}
    assert world.tallies.hits("a") == RuleHits(1000, 1000, "req-1")
