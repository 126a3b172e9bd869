# SPDX-License-Identifier: Apache-2.0
"""Forks and worlds under other specifications: what goes along, what is apart, and what it costs.

That records, events and sequences behave as if alone, whatever is done to both, is in test_transaction_model.py.
"""

import copy
import gc
import tracemalloc
from time import perf_counter
from typing import Any

import pytest

from mimic_rules.state.clock import WorldClock
from mimic_rules.state.table import Conflict, Index, Sum, TableSpec
from mimic_rules.state.tallies import RuleHits
from mimic_rules.state.transaction import WorldFull
from mimic_rules.state.world import World

SPEC = TableSpec(
    "thing",
    unique=(Index("name", lambda record: record["name"]),),
    groups=(Index("colour", lambda record: record["colour"]),),
    sums=(Sum("size", lambda record: record["size"]),),
)
OTHER = TableSpec("other")
HERE = ("thing", "t", "r")
THERE = ("other", "t", "r")


def record(name: str, colour: str = "red") -> dict[str, Any]:
    return {"name": name, "colour": colour, "size": 1}


def world(*, max_records: int = 10, max_keys: int = 10) -> World:
    clock = WorldClock(1000, frozen=True, poll=2)
    specs = {"thing": SPEC, "other": OTHER}
    return World("w", clock=clock, seed="a seed", specs=specs, max_records=max_records, max_keys=max_keys)


def test_what_goes_along() -> None:
    w = world(max_records=2, max_keys=1)
    w.uuid()
    w.counters.add("a")
    w.tallies.matched("rule")
    with w.transaction() as tx:
        tx.insert(*HERE, "a", record("x"))
        tx.insert(*HERE, "b", record("y"))
    fork = w.fork("fork")
    assert (fork.id, fork.seed, fork.max_records, fork.max_keys, fork.held) == ("fork", "a seed", 2, 1, 2)
    assert fork.clock.state() == w.clock.state()
    assert (fork.counters.count("a"), fork.tallies.hits("rule")) == (1, RuleHits(matched=1))
    assert (fork.counters.add("b"), fork.specs, fork.lock is w.lock) == (0, w.specs, False)
    with fork.transaction() as tx, pytest.raises(WorldFull):
        tx.insert(*HERE, "c", record("z"))
    assert [fork.uuid() for _ in range(700)] == [w.uuid() for _ in range(700)]


def test_what_is_apart() -> None:
    w = world()
    fork = w.fork("fork")
    w.clock.advance(5)
    w.clock.watch(None)
    w.counters.add("a")
    w.tallies.note("desk", "show", 200)
    w.uuid()
    assert (fork.clock.now(), fork.clock.poll, fork.counters.count("a"), fork.tallies.asked) == (1000, 2, 0, {})
    assert fork.uuid() != w.uuid()


def test_a_fork_at_another_time() -> None:
    w = world()
    clock = WorldClock(50, frozen=True)
    assert w.fork("fork", clock=clock).clock is clock
    assert w.clock.now() == 1000


def test_a_fork_inside_a_transaction_keeps_what_is_there() -> None:
    w = world()
    with w.transaction() as tx:
        tx.insert(*HERE, "a", record("x"))
        tx.remove(*HERE, "a")
        tx.insert("thing", "t2", "r", "a", record("x"))
        fork = w.fork("fork")
        tx.rollback()
    assert (w.held, fork.held) == (0, 1)
    with fork.transaction() as tx:
        assert tx.partitions("thing") == (("t2", "r"),)


def test_kinds_that_no_specification_knows() -> None:
    with world().transaction() as tx:
        for look in (lambda: tx.table("nothing", "t", "r"), lambda: tx.partitions("nothing")):
            with pytest.raises(KeyError):
                look()
        with pytest.raises(KeyError):
            tx.insert("nothing", "t", "r", "a", {})


def test_the_same_records_under_other_specifications() -> None:
    w = world()
    with w.transaction() as tx:
        tx.insert(*HERE, "a", record("x"))
        tx.insert(*HERE, "b", record("y", "blue"))
        tx.hide(*HERE, "b")
        tx.insert(*HERE, "c", record("z"))
        tx.bury(*HERE, "c", record("z"))
        for kind, key in (("thing", "a"), ("other", "o"), ("other", "tomb")):
            tx.schedule(5, (kind, "t", "r", key, "state"), ("move",))
            tx.schedule(6, ("purge", kind, "t", "r", key), ("purge",))
        tx.schedule(7, "other", ())
        tx.insert(*THERE, "o", {})
        tx.insert(*THERE, "tomb", {})
        tx.bury(*THERE, "tomb", {})
        tx.sequence("n")
    by_colour = TableSpec("thing", groups=(Index("size", lambda record: record["size"]),))
    w.respec({"thing": by_colour, "new": TableSpec("new")})
    with w.transaction() as tx:
        table = tx.table(*HERE)
        assert (table.group("size", 1), table.whole("b")) == ([record("x")], record("y", "blue"))
        assert (table.tombs(), tx.sequence("n"), w.held) == ([("c", record("z"))], 2, 3)
        assert tx.partitions("new") == ()
        with pytest.raises(KeyError):
            tx.table(*THERE)
        with pytest.raises(KeyError):
            table.group("colour", "red")
        popped = [tx.pop_due(9) for _ in range(4)]
    owners = [event and event.owner for event in popped]
    assert owners == [("thing", "t", "r", "a", "state"), ("purge", "thing", "t", "r", "a"), "other", None]


def test_a_conflict_under_other_specifications_leaves_the_world() -> None:
    w = world()
    with w.transaction() as tx:
        tx.insert(*HERE, "a", record("x"))
        tx.insert(*HERE, "b", record("y"))
        tx.insert(*THERE, "o", {})
    with pytest.raises(Conflict, match=r"^colour `red` is taken by `a`$"):
        w.respec({"thing": TableSpec("thing", unique=(Index("colour", lambda record: record["colour"]),))})
    assert w.held == 3
    with w.transaction() as tx:
        assert (tx.table(*HERE).lookup("name", "y"), tx.partitions("other")) == ("b", (("t", "r"),))


def test_a_world_is_not_exchanged_under_a_transaction() -> None:
    w = world()
    with w.transaction() as tx:
        tx.insert(*HERE, "a", record("x"))
        for exchange in (lambda: w.respec({"thing": SPEC}), lambda: w.become(w.parts())):
            with pytest.raises(RuntimeError, match=r"^a world can't be made of other parts while one of its trans"):
                exchange()
    assert w.held == 1
    w.respec({"thing": SPEC})
    assert w.held == 1


def test_a_fork_costs_far_less_than_a_copy_of_its_records() -> None:
    n = 2_000
    w = world(max_records=n)
    details = {"metadata": {"purpose": "test"}, "links": [{"rel": "self", "href": "x"}], "size": 1, "at": [1.5] * 8}
    with w.transaction() as tx:
        for number in range(n):
            tx.insert(*HERE, f"k{number}", {**copy.deepcopy(details), "name": f"n{number}", "colour": number})
            tx.schedule(2000, ("thing", "t", "r", f"k{number}", "status"), ("move",))
        records = tx.table(*HERE).records()
    fork = min(timed(lambda: w.fork("fork")) for _ in range(3))
    assert fork * 5 < timed(lambda: copy.deepcopy(records))


def test_an_empty_world_weighs_little() -> None:
    specs = {f"thing{number}": TableSpec(f"thing{number}", SPEC.unique, SPEC.groups, SPEC.sums) for number in range(50)}
    clock = WorldClock(0, frozen=True)
    World("w", clock=clock, seed=1, specs=specs)
    gc.collect()
    tracemalloc.start()
    try:
        worlds = [World(f"w{number}", clock=clock, seed=number, specs=specs) for number in range(100)]
        for one in worlds:
            with one.transaction() as tx:
                for kind in specs:
                    assert (tx.table(kind, "t", "r").records(), tx.partitions(kind)) == ([], ())
        weight, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # Two and a half KiB of these are the state of the draws; a table of its own for each kind would be 60 more.
    assert weight / len(worlds) < 8 * 1024


def timed(call: Any) -> float:
    """Real seconds that a call takes, with no collection of garbage in the middle of it."""
    gc.collect()
    gc.disable()
    try:
        start = perf_counter()
        call()
        return perf_counter() - start
    finally:
        gc.enable()


def full() -> World:
    """A world in whose table each dictionary has something in it, and a group and the records are yet to be sorted."""
    w = world(max_records=20)
    with w.transaction() as tx:
        for key, colour in (("a", "red"), ("b", "red"), ("c", "blue"), ("d", "blue"), ("e", "red"), ("f", "red")):
            tx.insert(*HERE, key, record(key, colour))
        tx.bury(*HERE, "e", record("e"))
        tx.hide(*HERE, "b")
        tx.schedule(5, "a", ("move",))
        tx.schedule(6, "a", ("move",))
        tx.sequence("n")
        tx.replace(*HERE, "a", record("a", "blue"))
        mark = tx.savepoint()
        tx.remove(*HERE, "a")
        tx.bury(*HERE, "f", record("f"))
        tx.rollback_to(mark)
    return w


def change_all(w: World) -> None:
    """Change something in every dictionary of a world that was full."""
    with w.transaction() as tx:
        tx.reveal(*HERE, "b")
        tx.hide(*HERE, "d")
        tx.remove(*HERE, "c")
        tx.replace(*HERE, "b", record("new", "blue"))
        tx.purge(*HERE, "e")
        tx.bury(*HERE, "a", record("a"))
        tx.insert(*HERE, "g", record("g"))
        tx.insert(*THERE, "o", {})
        tx.retime("a", 2)
        tx.cancel("a")
        tx.schedule(1, "a", ())
        tx.sequence("n")


def seen(w: World) -> list[object]:
    """All that can be seen of a world that was full."""
    with w.transaction() as tx:
        table = tx.table(*HERE)
        found: list[object] = [[(key, table.whole(key), table.hides(key), key in table) for key in "abcdefg"]]
        found += [table.group("colour", colour) for colour in ("red", "blue")]
        found += [[table.lookup("name", name) for name in [*"abcdefg", "new"]], table.items(), table.records()]
        return [*found, table.tombs(), table.total("size"), tx.partitions("other"), tx.pending("a"), tx.next_due()]


def test_whatever_is_done_to_one_the_other_stays_as_it_was() -> None:
    untouched = seen(full())
    assert untouched[1:3] == [[record("f")], [record(key, "blue") for key in "acd"]]
    for turned in (False, True):
        w = full()
        fork = w.fork("fork")
        one, other = (fork, w) if turned else (w, fork)
        change_all(one)
        assert (seen(other), other.held, other.sequence("n")) == (untouched, 6, 2)
        change_all(other)
        assert seen(one) == seen(other) != untouched


def test_all_of_it_can_be_undone_after_a_fork() -> None:
    fork = full().fork("fork")
    with fork.transaction() as tx:
        change_all(fork)
        tx.rollback()
    assert seen(fork) == seen(full())
    with fork.transaction() as tx:
        tx.remove(*HERE, "b")
        tx.rollback()
    assert seen(fork) == seen(full())
    with fork.transaction() as tx:
        tx.retime("a", 3)
        tx.rollback()
    assert seen(fork) == seen(full())
