# SPDX-License-Identifier: Apache-2.0
"""Transactions: all or nothing, also one inside another, and limits that hold.

That any mix of changes can be undone is in test_transaction_model.py.
"""

import math
from typing import Any

import pytest

from mimic_rules.state.clock import WorldClock
from mimic_rules.state.table import Conflict, Index, Table, TableSpec
from mimic_rules.state.transaction import EVENTS_PER_RECORD, Transaction, WorldFull
from mimic_rules.state.world import World

SPECS = {
    "thing": TableSpec("thing", unique=(Index("name", lambda record: record.get("name")),)),
    "other": TableSpec("other"),
}
HERE = ("thing", "t", "r")


def world(**settings: Any) -> World:
    return World("w", clock=WorldClock(1000, frozen=True), seed=1, specs=SPECS, **settings)


def keys(world: World) -> list[object]:
    with world.transaction() as tx:
        return [key for key, _ in tx.table(*HERE).items()]


def test_reading_makes_no_partition() -> None:
    w = world()
    with w.transaction() as tx:
        absent = tx.table(*HERE)
        assert (len(absent), absent.get("a"), absent.lookup("name", "x")) == (0, None, None)
        assert tx.table("thing", "t2", "r") is absent
        for change in (
            lambda: tx.replace(*HERE, "a", {}),
            lambda: tx.remove(*HERE, "a"),
            lambda: tx.bury(*HERE, "a", {}),
            lambda: tx.purge(*HERE, "a"),
            lambda: tx.hide(*HERE, "a"),
            lambda: tx.reveal(*HERE, "a"),
        ):
            with pytest.raises(KeyError):
                change()
        assert tx.partitions("thing") == ()
    assert w._contents.find("thing", ("t", "r")) is None


def test_a_kind_without_specification() -> None:
    with world().transaction() as tx:
        for use in (
            lambda: tx.table("what", "t", "r"),
            lambda: tx.partitions("what"),
            lambda: tx.insert("what", "t", "r", "a", {}),
        ):
            with pytest.raises(KeyError):
                use()


def test_partitions_are_apart() -> None:
    with world().transaction() as tx:
        tx.insert("thing", "t1", "r", "a", {"name": "x", "n": 1})
        tx.insert("thing", "t2", "r", "a", {"name": "x", "n": 2})
        tx.insert("thing", "t1", "q", "a", {"name": "x", "n": 3})
        tx.insert("other", "t1", "r", "a", {"n": 4})
        assert tx.partitions("thing") == (("t1", "r"), ("t2", "r"), ("t1", "q"))
        assert [tx.table("thing", *place).records()[0]["n"] for place in tx.partitions("thing")] == [1, 2, 3]
        assert tx.table("other", "t1", "r").records() == [{"n": 4}]


def test_an_emptied_partition_goes_with_the_end_of_the_transaction() -> None:
    w = world()
    with w.transaction() as tx:
        tx.insert(*HERE, "a", {})
        tx.insert("thing", "t2", "r", "a", {})
    with w.transaction() as tx:
        table = tx.table(*HERE)
        tx.remove(*HERE, "a")
        assert tx.partitions("thing") == (("t2", "r"),)
        tx.insert(*HERE, "b", {})
        assert table.get("b") == {}
        assert tx.partitions("thing") == (("t", "r"), ("t2", "r"))
        tx.bury(*HERE, "b", {})
    with w.transaction() as tx:
        assert tx.partitions("thing") == (("t", "r"), ("t2", "r"))
        tx.purge(*HERE, "b")
    assert w._contents.find("thing", ("t", "r")) is None
    assert w.held == 1


def test_an_exception_undoes_and_comes_out() -> None:
    w = world()

    def stopped() -> None:
        with w.transaction() as tx:
            tx.insert(*HERE, "a", {})
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert (keys(w), w.held) == ([], 0)


def test_a_conflict_that_is_caught_undoes_nothing_else() -> None:
    w = world()
    with w.transaction() as tx:
        tx.insert(*HERE, "a", {"name": "x"})
        with pytest.raises(Conflict):
            tx.insert(*HERE, "b", {"name": "x"})
        tx.insert(*HERE, "c", {"name": "y"})
    assert keys(w) == ["a", "c"]


def test_after_a_rollback_the_transaction_goes_on() -> None:
    w = world()
    with w.transaction() as tx:
        tx.insert(*HERE, "a", {})
        tx.rollback()
        tx.insert(*HERE, "b", {})
    assert keys(w) == ["b"]


def test_an_inner_block_undoes_its_own_changes_only() -> None:
    w = world()

    def failing() -> None:
        with w.transaction() as inner:
            assert (inner.now, inner.at) == (1000, 990)
            inner.insert(*HERE, "b", {})
            raise ZeroDivisionError

    with w.transaction() as outer:
        outer.insert(*HERE, "a", {})
        outer.at = 990
        w.clock.advance(5)
        with pytest.raises(ZeroDivisionError):
            failing()
        with w.transaction() as inner:
            inner.insert(*HERE, "c", {})
            with pytest.raises(ValueError, match="a mark that isn't of this transaction"):
                inner.rollback_to(0)
        outer.insert(*HERE, "d", {})
    assert keys(w) == ["a", "c", "d"]


def test_an_outer_block_undoes_the_inner_one_too() -> None:
    w = world()
    with w.transaction() as tx:
        tx.insert(*HERE, "a", {"n": 1})

    def failing() -> None:
        with w.transaction() as outer:
            outer.insert(*HERE, "b", {})
            with w.transaction() as inner:
                inner.remove(*HERE, "a")
                inner.insert(*HERE, "c", {})
                inner.insert("other", "t", "r", "a", {})
                assert w.sequence("n") == 1
            outer.replace(*HERE, "c", {"n": 2})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        failing()
    assert (keys(w), w.held, w.sequence("n")) == (["a"], 1, 1)
    with w.transaction() as tx:
        assert (tx.table(*HERE).get("a"), tx.partitions("other")) == ({"n": 1}, ())


def test_a_spent_mark() -> None:
    with world().transaction() as tx:
        tx.insert(*HERE, "a", {})
        mark = tx.savepoint()
        tx.rollback()
        with pytest.raises(ValueError, match=r"^can't roll back to a mark that isn't of this transaction, or has been"):
            tx.rollback_to(mark)
        with pytest.raises(ValueError, match="can't roll back"):
            tx.rollback_to(-1)


def test_an_ended_transaction_refuses_everything() -> None:
    with world().transaction() as tx:
        pass
    for use in (
        lambda: tx.table(*HERE),
        lambda: tx.partitions("thing"),
        lambda: tx.insert(*HERE, "a", {}),
        lambda: tx.replace(*HERE, "a", {}),
        lambda: tx.schedule(1, "a", ()),
        lambda: tx.cancel("a"),
        lambda: tx.pop_due(1),
        lambda: tx.pending("a"),
        lambda: tx.next_due(),
        lambda: tx.waiting(1),
        lambda: tx.sequence("n"),
        lambda: tx.savepoint(),
        lambda: tx.rollback(),
    ):
        with pytest.raises(RuntimeError, match=r"^this transaction has ended: open another one$"):
            use()


def test_a_full_world_says_what_makes_room() -> None:
    w = world(max_records=2)
    with w.transaction() as tx:
        tx.insert(*HERE, "a", {})
        tx.insert("other", "t", "r", "b", {})
        tx.bury(*HERE, "a", {})
        with pytest.raises(
            WorldFull, match=r"^this world is full: it holds 2 records; a higher `limits\.records` makes"
        ):
            tx.insert(*HERE, "c", {})
        tx.purge(*HERE, "a")
        tx.insert(*HERE, "c", {})
    assert (keys(w), w.held) == (["c"], 2)


def test_events_and_sequences_have_their_limits() -> None:
    with world(max_records=1).transaction() as tx:
        for n in range(EVENTS_PER_RECORD):
            tx.schedule(n, "a", ())
        with pytest.raises(WorldFull, match=r"^this world is full: it holds 16 pending events;"):
            tx.schedule(0, "a", ())
        assert (tx.sequence("n"), tx.sequence("n")) == (1, 2)
        with pytest.raises(WorldFull, match=r"^this world is full: it holds 1 sequences;") as caught:
            tx.sequence("m")
        assert caught.value.limit == 1
        assert tx.sequence("n") == 3


def test_events_are_applied_each_at_its_own_time() -> None:
    w = world()
    seen: list[tuple[float, float]] = []
    with w.transaction() as tx:
        tx.schedule(1001, "a", ("again", 2))
        tx.schedule(1005, "b", ("last",))
        assert [event.payload for event in tx.pending("a")] == [("again", 2)]
        assert tx.next_due() == 1001
        assert tx.pop_due(tx.now) is None
    w.clock.advance(10)
    with w.transaction() as tx:
        while event := tx.pop_due(tx.now):
            tx.at = event.due
            if event.payload[0] == "again":
                tx.schedule(tx.at + event.payload[1], "a", ("last",))
            seen.append((tx.at, tx.now))
    assert seen == [(1001, 1010), (1003, 1010), (1005, 1010)]


def test_events_popped_and_cancelled_come_back() -> None:
    w = world()
    with w.transaction() as tx:
        for due, owner in ((1, "a"), (2, "b"), (3, "a")):
            tx.schedule(due, owner, (due,))
        before = (tx.pending("a"), tx.pending("b"))
    with w.transaction() as tx:
        assert tx.pop_due(1) == before[0][0]
        assert (tx.cancel("b"), tx.cancel("b")) == (1, 0)
        tx.schedule(0, "b", ())
        tx.rollback()
        assert (tx.pending("a"), tx.pending("b"), tx.next_due()) == (*before, 1)
        assert tx.schedule(5, "c", ()) == 4


def test_a_record_taken_out_is_not_changed_by_what_comes_after() -> None:
    w = world()
    with w.transaction() as tx:
        tx.insert(*HERE, "a", {"name": "x"})
        record = tx.table(*HERE).get("a")
        listed = tx.table(*HERE).records()
        tx.replace(*HERE, "a", {"name": "y"})
        tx.remove(*HERE, "a")
    assert record == {"name": "x"}
    assert listed == [{"name": "x"}]


def test_the_undo_of_a_removal_puts_the_record_in_its_place() -> None:
    w = world()
    with w.transaction() as tx:
        for key in "abc":
            tx.insert(*HERE, key, {"name": key})
    with w.transaction() as tx:
        tx.remove(*HERE, "b")
        tx.insert(*HERE, "b", {"name": "b"})
        assert [key for key, _ in tx.table(*HERE).items()] == ["a", "c", "b"]
        tx.rollback()
        table: Table = tx.table(*HERE)
        assert [key for key, _ in table.items()] == ["a", "b", "c"]


def test_a_transaction_draws_from_its_world() -> None:
    with world().transaction() as tx:
        drawn = [tx.uuid(), tx.hex(4), tx.word(3, "ab"), tx.number(0, 1), tx.whole(1, 9), tx.bytes(2)]
        assert isinstance(tx, Transaction)
    other = world()
    assert drawn == [
        other.uuid(),
        other.hex(4),
        other.word(3, "ab"),
        other.number(0, 1),
        other.whole(1, 9),
        other.bytes(2),
    ]


def test_time_is_reached_and_not_taken_back() -> None:
    w = world()
    with w.transaction() as tx:
        tx.at = 990
        tx.reach(999)
        assert (tx.now, tx.at) == (1000, 999)
        mark = tx.savepoint()
        with w.transaction() as inner:
            inner.reach(1005)
            assert (inner.now, inner.at) == (1005, 1005)
        assert (tx.now, tx.at) == (1005, 1005)
        tx.rollback_to(mark)
        tx.reach(1001)
        assert (tx.now, tx.at) == (1005, 1005)
        for time in (math.nan, math.inf):
            with pytest.raises(ValueError, match=f"^`{time}` is not a time that can be reached$"):
                tx.reach(time)
    with pytest.raises(RuntimeError):
        tx.reach(2000)


def test_a_hidden_record_counts_and_is_not_seen() -> None:
    with world(max_records=1).transaction() as tx:
        tx.insert(*HERE, "a", {"name": "x"})
        tx.hide(*HERE, "a")
        table = tx.table(*HERE)
        assert (table.get("a"), table.records(), table.items()) == (None, [], [])
        assert (table.whole("a"), "a" in table, len(table), table.held) == ({"name": "x"}, True, 1, 1)
        assert table.lookup("name", "x") == "a"
        with pytest.raises(WorldFull):
            tx.insert(*HERE, "b", {"name": "y"})
        tx.replace(*HERE, "a", {"name": "y"})
        assert (table.get("a"), table.hides("a"), table.whole("a")) == (None, True, {"name": "y"})
        tx.reveal(*HERE, "a")
        assert table.get("a") == {"name": "y"}
        tx.hide(*HERE, "a")
        tx.remove(*HERE, "a")
        tx.insert(*HERE, "a", {"name": "z"})
        assert tx.table(*HERE).get("a") == {"name": "z"}


@pytest.mark.parametrize("seconds", [-1, math.nan, math.inf])
def test_events_are_brought_forward_by_seconds(seconds: float) -> None:
    with world().transaction() as tx:
        tx.schedule(1010, "a", ())
        with pytest.raises(ValueError, match="is not how much earlier something can happen"):
            tx.retime("a", seconds)
        assert tx.retime("a", 4) == 1
        assert (tx.next_due(), tx.retime("nobody", 4)) == (1006, 0)
        tx.rollback()
        assert tx.next_due() is None
