# SPDX-License-Identifier: Apache-2.0
"""A table by itself: what it refuses, what a refusal leaves, and what its lists and totals are worth.

That indexes, groups, sums and order are right after any changes and any undo is in test_transaction_model.py.
"""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mimic_rules.state.table import PRIMARY, Conflict, Index, Sum, Table, TableSpec

SPEC = TableSpec(
    "thing",
    unique=(Index("name", lambda record: record.get("name")),),
    groups=(Index("colour", lambda record: record.get("colour")),),
    sums=(Sum("size", lambda record: record.get("size", 0)),),
)


def table(**records: dict[str, Any]) -> Table:
    made = Table(SPEC)
    for key, record in records.items():
        made.insert(key, record)
    return made


def everything(table: Table) -> list[object]:
    return [
        table.items(),
        table.tombs(),
        table.held,
        table.total("size"),
        [table.lookup("name", name) for name in "xyz"],
        [table.group("colour", colour) for colour in ("red", "blue")],
    ]


@pytest.mark.parametrize("name", ["name", PRIMARY])
def test_names_of_indexes_are_distinct(name: str) -> None:
    index = Index(name, lambda record: record["name"])
    with pytest.raises(ValueError, match=r"`thing` can't have an index `.*`: the name is taken$"):
        TableSpec("thing", unique=(Index("name", lambda record: None), index))
    with pytest.raises(ValueError, match="the name is taken"):
        TableSpec("thing", groups=(Index("name", lambda record: None), index))
    amount = Sum(name, lambda record: 1)
    with pytest.raises(ValueError, match="the name is taken"):
        TableSpec("thing", sums=(Sum("name", lambda record: 2), amount))


def test_a_conflict_names_the_holder_and_changes_nothing() -> None:
    things = table(a={"name": "x", "colour": "red", "size": 1}, b={"name": "y", "colour": "red", "size": 2})
    before = everything(things)
    with pytest.raises(Conflict, match=r"^\(key\) `a` is taken by `a`$") as caught:
        things.insert("a", {"name": "z"})
    assert (caught.value.index_name, caught.value.value, caught.value.holder) == (PRIMARY, "a", "a")
    with pytest.raises(Conflict, match=r"^name `y` is taken by `b`$") as caught:
        things.insert("c", {"name": "y", "colour": "blue", "size": 4})
    assert (caught.value.index_name, caught.value.value, caught.value.holder) == ("name", "y", "b")
    with pytest.raises(Conflict, match=r"^name `y` is taken by `b`$"):
        things.replace("a", {"name": "y", "colour": "blue", "size": 4})
    assert everything(things) == before


@pytest.mark.parametrize(
    ("record", "error"),
    [
        ({"name": ["x"]}, TypeError),
        ({"name": "z", "colour": ["red"]}, TypeError),
        ({"name": "z", "size": math.inf}, ValueError),
        ({"name": "z", "size": math.nan}, ValueError),
    ],
)
def test_what_cannot_be_indexed_changes_nothing(record: dict[str, Any], error: type[Exception]) -> None:
    things = table(a={"name": "x", "colour": "red", "size": 1})
    before = everything(things)
    with pytest.raises(error):
        things.insert("b", record)
    with pytest.raises(error):
        things.replace("a", record)
    assert everything(things) == before


def test_a_sum_of_what_is_no_number_says_which() -> None:
    with pytest.raises(ValueError, match=r"^`size` of a record is `nan`, which can't be added up$"):
        table(a={"size": math.nan})


def test_absent_keys_and_unknown_names() -> None:
    things = table(a={"name": "x"})
    for change in (lambda: things.replace("b", {}), lambda: things.remove("b"), lambda: things.bury("b", {})):
        with pytest.raises(KeyError):
            change()
    with pytest.raises(KeyError):
        things.purge("a")
    for look in (things.lookup, things.group):
        with pytest.raises(KeyError):
            look("weight", "x")
    with pytest.raises(KeyError):
        things.total("weight")
    assert things.items() == [("a", {"name": "x"})]


def test_a_tomb_is_seen_only_among_tombs() -> None:
    things = table(a={"name": "x", "colour": "red", "size": 1}, b={"name": "y", "colour": "red", "size": 2})
    things.bury("a", {"name": "x", "colour": "red", "size": 1, "gone": True})
    assert (len(things), things.held, "a" in things, things.get("a")) == (1, 2, False, None)
    assert (things.lookup("name", "x"), things.total("size")) == (None, 2)
    assert things.group("colour", "red") == [{"name": "y", "colour": "red", "size": 2}]
    assert things.tomb("a") == {"name": "x", "colour": "red", "size": 1, "gone": True}
    things.insert("a", {"name": "x"})
    assert ("a" in things, things.tomb("a") is not None) == (True, True)
    things.bury("b", {"last": 1})
    things.bury("a", {"last": 2})
    assert things.tombs() == [("b", {"last": 1}), ("a", {"last": 2})]
    assert things.purge("b") == {"last": 1}
    assert (things.tomb("b"), things.tombs(), things.held) == (None, [("a", {"last": 2})], 1)


def test_lists_are_the_callers_own() -> None:
    things = table(a={"colour": "red"}, b={"colour": "red"})
    for listed in (things.items(), things.records(), things.group("colour", "red")):
        listed.clear()
    for key, _ in things.items():
        things.bury(key, {})
    things.tombs().clear()
    assert [key for key, _ in things.tombs()] == ["a", "b"]


def test_a_group_is_listed_by_insertion_whenever_its_members_joined() -> None:
    things = table(a={"colour": "blue"}, b={"colour": "red"}, c={"colour": "red"})
    things.replace("a", {"colour": "red", "n": 1})
    things.insert("d", {"colour": "red"})
    assert things.group("colour", "red") == [
        {"colour": "red", "n": 1},
        {"colour": "red"},
        {"colour": "red"},
        {"colour": "red"},
    ]
    assert things.group("colour", "blue") == []
    assert things.records()[0] == {"colour": "red", "n": 1}


def test_a_group_that_was_emptied_begins_anew() -> None:
    things = table(a={"colour": "blue", "n": 1}, b={"colour": "red", "n": 2})
    things.replace("a", {"colour": "red", "n": 1})
    things.remove("a")
    things.remove("b")
    assert things.group("colour", "red") == []
    things.insert("c", {"colour": "red", "n": 3})
    assert things.group("colour", "red") == [{"colour": "red", "n": 3}]


def test_keys_may_be_numbers_and_zero() -> None:
    things = Table(SPEC)
    things.insert(0, {"name": "x"})
    assert things.lookup("name", "x") == 0
    with pytest.raises(Conflict):
        things.insert(1, {"name": "x"})


def test_a_value_unlike_itself_is_no_conflict_with_its_own_record() -> None:
    things = table(a={"name": math.nan})
    things.replace("a", {"name": math.nan, "n": 1})
    assert things.remove("a")["n"] == 1
    assert things.lookup("name", math.nan) is None


@given(st.lists(st.floats(-1e6, 1e6) | st.integers(-(10**6), 10**6), max_size=20), st.data())
def test_what_is_taken_off_a_sum_is_what_was_put_on(sizes: list[float], data: st.DataObject) -> None:
    things = Table(SPEC)
    for key, size in enumerate(sizes):
        things.insert(key, {"size": size})
    for key in data.draw(st.permutations(range(len(sizes)))):
        things.remove(key)
    assert things.total("size") == 0


def test_totals_are_exact_where_they_are_whole() -> None:
    tenths = table(**{f"k{n}": {"size": 0.1} for n in range(3)})
    assert tenths.total("size") == pytest.approx(0.3)
    halves = table(a={"size": 0.5}, b={"size": 1.5})
    assert repr(halves.total("size")) == "2"
    big = table(a={"size": 10**30}, b={"size": 1})
    assert big.total("size") == 10**30 + 1
    huge = table(a={"size": 1.5e308}, b={"size": 1.5e308}, c={"size": 0.5})
    assert huge.total("size") == 2 * int(1.5e308)
    assert table(a={"size": -1.5e308}, b={"size": -1.5e308}, c={"size": -0.5}).total("size") == -2 * int(1.5e308)


def test_a_change_looks_at_its_own_record_only() -> None:
    seen: list[object] = []

    def key(record: dict[str, Any]) -> object:
        seen.append(record["n"])
        return record["n"] % 7

    things = Table(TableSpec("thing", groups=(Index("rest", key),)))
    for n in range(10_000):
        things.insert(n, {"n": n})
    seen.clear()
    things.insert(10_000, {"n": 10_000})
    things.replace(5, {"n": 6})
    things.remove(10_000)
    things.bury(7, {"n": 7})
    assert seen == [10_000, 5, 6, 10_000, 7]
