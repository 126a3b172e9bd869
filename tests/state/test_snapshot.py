# SPDX-License-Identifier: Apache-2.0
"""Snapshots: read back they go on as the world did; damaged or made up they are refused, and nothing has changed.

That records and events of what was read behave as before is in test_transaction_model.py.
"""

import copy
import json
import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mimic_rules.state.clock import WorldClock
from mimic_rules.state.plain import JSON
from mimic_rules.state.queue import Event
from mimic_rules.state.reading import BadSnapshot
from mimic_rules.state.snapshot import _digest, dump, load, restore
from mimic_rules.state.table import Index, Sum, TableSpec
from mimic_rules.state.tallies import RuleHits
from mimic_rules.state.world import World

SPECS = {
    "thing": TableSpec(
        "thing",
        unique=(Index("name", lambda record: record["name"]),),
        sums=(Sum("size", lambda record: record["size"]),),
    ),
    "other": TableSpec("other"),
}
HERE = ("thing", "t", "r")
OWNER = ("thing", "t", "r", "a", "status")


def world() -> World:
    """A world with something in every corner."""
    w = World("w", clock=WorldClock(1000, rate=2, frozen=True, poll=3), seed="a seed", specs=SPECS)
    with w.transaction() as tx:
        tx.insert(*HERE, "a", {"name": "x", "size": 1, "deep": {"~tuple": [1.5, None, True]}, "half": "\ud800"})
        tx.insert(*HERE, 7, {"name": "y", "size": 0.1})
        tx.insert(*HERE, "c", {"name": "z", "size": 10**30})
        tx.hide(*HERE, "c")
        tx.bury(*HERE, 7, {"name": "y", "gone": True})
        tx.insert("other", "", "", "o", {})
        tx.schedule(1005, OWNER, ("move", "ACTIVE", ("x", 1), [{"a": ()}]))
        tx.schedule(1001, "late", ())
        tx.cancel("late")
        tx.sequence("n")
        tx.uuid()
    w.counters.add(("rule", None))
    w.counters.add(("rule", ("t", 1)))
    w.counters.window("limit", 990.5, 2, 60)
    w.tallies.note("desk", "show", 200)
    w.tallies.matched("team.rules:3")
    w.tallies.decided("team.rules:3", "req-1")
    w.tallies.matched("team.rules:9")
    return w


def read(data: object, **limits: int) -> World:
    return load(data, id="read", specs=SPECS, **limits)


def sealed(change: Callable[[Any], object]) -> dict[str, JSON]:
    """The snapshot of `world`, changed by somebody who knows how digests are made."""
    data: Any = copy.deepcopy(WRITTEN)
    change(data["world"])
    data["digest"] = _digest(data["world"])
    return data


WRITTEN = dump(world())
TEXT = json.dumps(WRITTEN)


def test_what_is_read_goes_on_as_what_was_written() -> None:
    before, after = world(), read(json.loads(TEXT))
    assert dump(after) == dump(before) == WRITTEN
    assert (after.id, after.seed, after.held, after.clock.state()) == ("read", "a seed", 4, before.clock.state())
    assert [after.uuid() for _ in range(700)] == [before.uuid() for _ in range(700)]
    assert (after.sequence("n"), after.sequence("m")) == (2, 1)
    assert after.counters.counts() == {("rule", None): 1, ("rule", ("t", 1)): 1}
    assert (after.counters.times("limit"), after.counters.window("limit", 1000, 1, 60)) == ((990.5,), 50.5)
    assert after.tallies.asked == {("desk", "show", 200): 1}
    assert after.tallies.rules == {"team.rules:3": RuleHits(1, 1, "req-1"), "team.rules:9": RuleHits(1, 0, None)}
    with after.transaction() as tx:
        table = tx.table(*HERE)
        assert (table.lookup("name", "z"), table.get("c"), table.total("size")) == ("c", None, 10**30 + 1)
        assert repr(tx.pop_due(1005)) == repr(Event(1005.0, 1, OWNER, ("move", "ACTIVE", ("x", 1), [{"a": ()}])))
        assert tx.schedule(2000, "b", ()) == 3


def test_nothing_of_what_was_read_is_kept() -> None:
    data = json.loads(TEXT)
    after = read(data)
    data["world"]["tables"][0]["records"][0][1]["name"] = "changed"
    data["world"]["random"][1].clear()
    assert dump(after) == WRITTEN


def test_a_clock_that_runs_goes_on_from_where_it_was() -> None:
    w = world()
    w.clock.run(10)
    seconds = [5.0]
    after = load(dump(w), id="read", specs=SPECS, monotonic=lambda: seconds[0])
    now = after.clock.now()
    seconds[0] += 2
    assert after.clock.now() == now + 20
    assert 1000 <= now < 2000


@given(st.integers(0, len(TEXT) - 1), st.characters())
@example(TEXT.index('"digest": "') + 11, "g")
@example(TEXT.index('"format": 1') + 10, "2")
def test_a_character_that_was_flipped_is_found(at: int, character: str) -> None:
    w = world()
    try:
        data = json.loads(TEXT[:at] + character + TEXT[at + 1 :])
    except ValueError:
        return
    # 1e5 and 1E5 are the same number: what says the same is no damage.
    if json.dumps(data) == TEXT:
        return
    with pytest.raises(BadSnapshot):
        restore(w, data)
    assert dump(w) == WRITTEN


PIECES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-1, 9)
    | st.just(10**400)
    | st.floats(allow_nan=False)
    | st.text(max_size=2),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["~tuple", "kind", "x"]), inner, max_size=2)
    ),
    max_leaves=4,
)


@given(st.data())
def test_what_was_made_up_is_refused_or_is_a_world(data: st.DataObject) -> None:
    def change(body: Any) -> None:
        where: Any = body
        while True:
            inside = list(where) if isinstance(where, dict) else list(range(min(len(where), 9)))
            if not inside:
                return
            step = data.draw(st.sampled_from(inside))
            if not isinstance(where[step], dict | list) or data.draw(st.integers(0, 3)) == 0:
                break
            where = where[step]
        if data.draw(st.booleans()):
            where[step] = data.draw(PIECES | st.just(math.inf))
        elif isinstance(where, list):
            where.append(copy.deepcopy(where[step]))
        else:
            del where[step]

    w = world()
    try:
        made = sealed(change)
    except ValueError:
        return
    try:
        restore(w, made)
    except BadSnapshot:
        assert dump(w) == WRITTEN
    else:
        assert dump(read(dump(w))) == dump(w)


def deep(levels: int) -> Any:
    value: Any = []
    for _ in range(levels):
        value = [value]
    return value


def put(*path: Any) -> Callable[[Any], None]:
    """A change of a body: the value that comes last is put where the steps before it lead."""

    def change(body: Any) -> None:
        *steps, name, value = path
        for step in steps:
            body = body[step]
        body[name] = value

    return change


ROW = ["tables", 0, "records", 0]
REFUSED: list[tuple[Callable[[Any], object], str]] = [
    (put("seed", 1.5), r"`seed` is neither a whole number nor a text"),
    (put("more", 1), r"`world` must have `seed`, .* and `rules`, and nothing else|`world` must have `seed`, .*"),
    (put("tables", {}), r"`tables` has something in the place of a list"),
    (put("tables", 0, "kind", "what"), r"it has records of `what`, and no rule that is loaded knows such a resource"),
    (put("tables", 0, "kind", []), r"`kind` has something in the place of a text"),
    (lambda body: body["tables"].append(body["tables"][0]), r"it has two tables of `thing` for one tenant and region"),
    (put(*ROW, 1, "name", "z"), r"two of its records of `thing` are in conflict: name `z` is taken by `a`"),
    (put(*ROW, 1, {}), r"it has a record of `thing` that the rules can't make anything of"),
    (put(*ROW, 1, []), r"`records` has something that is no record"),
    (put(*ROW, 0, "c"), r"`records` has the key `c` twice"),
    (put(*ROW, 0, True), r"a key is neither a text nor a whole number"),
    (put(*ROW, ["a"]), r"`records` has a row that isn't 2 long"),
    (put(*ROW, 1, "deep", deep(400)), r"`records` has a value that can't be read: it is more than 300 levels deep"),
    (put("tables", 0, "hidden", ["q"]), r"it hides a record of `thing` that it doesn't have"),
    (put("sequences", "n", -1), r"`sequences` has something in the place of a whole number, zero or more"),
    (put("sequences", []), r"`sequences` is no object"),
    (put("events", "pending", 0, 0, 10**400), r"`pending` has something in the place of a number"),
    (put("events", "pending", 0, 1, 9), r"`pending` has an event that can't have been scheduled"),
    (put("events", "pending", 0, 3, []), r"`pending` has an event that can't have been scheduled"),
    (put("events", "pending", 0, 2, []), r"`pending` has a key that nothing can be looked up by"),
    (
        lambda body: body["events"]["pending"].append(body["events"]["pending"][0]),
        r"`pending` has two events of one sequence",
    ),
    (put("clock", "frozen", 1), r"`frozen` is neither true nor false"),
    (put("clock", "now", -1), r"its clock can't be set: `-1.0` is not a world time: .*"),
    (put("clock", "poll", 0), r"its clock can't be set: `0` is not a number of looks: .*"),
    (put("random", 0, 2), r"`random` is no state of a source of chance"),
    (put("random", 1, 624, 9999), r"`random` is no state of a source of chance"),
    (put("random", 1, 3, 1 << 32), r"`random` is no state of a source of chance"),
    (put("random", 2, 0.5), r"`random` is no state of a source of chance"),
    (lambda body: body["random"][1].pop(), r"`random` is no state of a source of chance"),
    (lambda body: body["counts"].append(body["counts"][0]), r"it has two counters of one key"),
    (put("rules", "team.rules:3", 2, 5), r"`rules` has something in the place of a text"),
]


@pytest.mark.parametrize(("change", "reason"), REFUSED)
def test_what_was_made_up_is_refused_with_a_reason(change: Callable[[Any], object], reason: str) -> None:
    w = world()
    with pytest.raises(BadSnapshot, match=f"^(?:{reason})$"):
        restore(w, sealed(change))
    assert dump(w) == WRITTEN


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        ({"max_records": 3}, "it holds more than `3` records, which is all this world may hold"),
        ({"max_keys": 2}, "there are 3 counters, and no more than 2 may be"),
    ],
)
def test_more_than_a_world_may_hold(limits: dict[str, int], reason: str) -> None:
    with pytest.raises(BadSnapshot, match=f"^{reason}$"):
        read(WRITTEN, **limits)


def test_more_sequences_events_and_tallies_than_a_world_may_hold() -> None:
    def none(body: Any) -> None:
        body["tables"], body["counts"], body["windows"] = [], [], []

    for change, limit, reason in (
        (put("sequences", {"n": 1, "m": 1}), {"max_records": 1}, "it has more than `1` sequences"),
        (
            put("events", "pending", [[1, n, "a", {"~tuple": []}] for n in range(17)]),
            {"max_records": 1},
            "more than `16`",
        ),
        (put("rules", {"a": [1, 1, None], "b": [1, 1, None]}), {"max_keys": 1}, "it has more than `1` tallies"),
    ):
        data = sealed(lambda body, change=change: (none(body), change(body)))
        with pytest.raises(BadSnapshot, match=f"^{reason}.* which is all this world may hold$"):
            read(data, **limit)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ([], "this is no snapshot of a world"),
        ({}, "this is no snapshot of a world"),
        ({**WRITTEN, "format": 2}, "it is of format `2`, and only format `1` can be read"),
        ({**WRITTEN, "format": True}, "it is of format `True`, and only format `1` can be read"),
        ({**WRITTEN, "more": 1}, "it must have `format`, `digest` and `world`, and nothing else"),
        ({**WRITTEN, "world": []}, "it must have `format`, `digest` and `world`, and nothing else"),
        ({**WRITTEN, "digest": "0" * 64}, "it is damaged: its digest is that of something else"),
        ({**WRITTEN, "world": {"seed": math.nan}}, "it holds what can't have been written as JSON"),
        ({**WRITTEN, "world": {"seed": {1}}}, "it holds what can't have been written as JSON"),
        ({**WRITTEN, "world": {"seed": deep(100_000)}}, "it holds what can't have been written as JSON"),
    ],
)
def test_what_is_no_snapshot(data: object, reason: str) -> None:
    with pytest.raises(BadSnapshot, match=f"^{reason}$"):
        read(data)


def test_a_world_that_cannot_be_written() -> None:
    w = world()
    with w.transaction() as tx:
        tx.insert("other", "t", "r", "a", {"what": {1, 2}})
    with pytest.raises(BadSnapshot, match=r"^the world can't be written: `set` is no plain data$"):
        dump(w)


def test_a_world_is_not_restored_under_a_transaction() -> None:
    w = world()
    with w.transaction() as tx, pytest.raises(RuntimeError):
        restore(w, WRITTEN)
    assert tx.now == 1000
    assert dump(w) == WRITTEN
