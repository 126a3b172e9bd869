# SPDX-License-Identifier: Apache-2.0
"""Snapshots: a world in a file, and back, across clouds; whatever is wrong with one leaves the world as it was."""

import hashlib
import json
import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.web.worlds import SERVERS, Worlds, create, login, names, refusal, server


@pytest.fixture
def worlds(tmp_path: Path) -> Worlds:
    return Worlds(tmp_path)


def take(worlds: Worlds, name: str, prefix: str = "", **more: Any) -> dict[str, Any]:
    taken = worlds.ask("POST", f"{prefix}/_mimic/snapshots", {"name": name, **more})
    assert taken.status_code == 201, taken.text
    told: dict[str, Any] = taken.json
    return told


def file_of(worlds: Worlds, name: str) -> Path:
    return worlds.kept / f"{name}.snapshot"


def rewritten(worlds: Worlds, name: str, **changes: Any) -> None:
    """Put other things into a snapshot, with a digest that is right again."""
    path = file_of(worlds, name)
    _, head, text = path.read_text().rstrip("\n").split("\n")
    rest = f"{head}\n{json.dumps({**json.loads(text), **changes})}\n".encode()
    path.write_bytes(f"mimic-rules snapshot 1 {hashlib.sha256(rest).hexdigest()}\n".encode() + rest)


# there and back ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["", "/w/a"])
def test_a_world_goes_back_to_a_snapshot(worlds: Worlds, prefix: str) -> None:
    if prefix:
        worlds.make(id="a", seed=4)
    world = prefix[3:] or "default"
    token = login(worlds, prefix)
    create(worlds, prefix, token, "x")
    before = worlds.told(world)
    taken = take(worlds, "one", prefix)
    assert taken["world"] == world
    assert taken["time"] == before["time"]
    follows = create(worlds, prefix, token, "y")
    worlds.ask("POST", f"{prefix}/_mimic/clock", {"advance": "2h"})
    restored = worlds.ask("POST", f"{prefix}/_mimic/restore", {"name": "one"})
    assert restored.status_code == 200
    assert restored.json["records"] == before["records"]
    assert worlds.told(world) == before
    assert names(worlds, prefix, token) == ["x"]
    # what is drawn goes on where it was: the same request has the same answer
    assert worlds.ask("GET", f"{prefix}{SERVERS}/{follows}", x_auth_token=token).status_code == 404


def test_draws_go_on_where_the_snapshot_was_taken(worlds: Worlds) -> None:
    token = login(worlds)
    take(worlds, "one")
    first = create(worlds, "", token, "x")
    worlds.ask("POST", "/_mimic/restore", {"name": "one"})
    assert create(worlds, "", token, "x") == first


def test_a_snapshot_outlives_the_cloud(tmp_path: Path) -> None:
    first = Worlds(tmp_path)
    first.make(id="a", seed=3, services=["compute"], config={"quotas": {"instances": 2}})
    token = login(first, "/w/a")
    create(first, "/w/a", token, "x")
    first.ask("POST", "/w/a/_mimic/clock", {"advance": 5})
    take(first, "kept", "/w/a")
    told = first.told("a")

    second = Worlds(tmp_path)
    made = second.make(id="b", snapshot="kept")
    assert set(made["services"]) == {"compute", "identity", "image", "network", "volume"}
    assert {**second.told("b"), "id": "a", "url": told["url"], "bytes": 0} == {**told, "bytes": 0}
    assert names(second, "/w/b", token) == ["x"]
    create(second, "/w/b", token, "y")
    assert second.ask("POST", f"/w/b{SERVERS}", server("z"), x_auth_token=token).status_code == 403
    # what falls due does so when it would have
    second.ask("POST", "/w/b/_mimic/clock", {"advance": 3600})
    assert second.told("b")["pending"] < told["pending"] + 2
    second.ask("POST", "/w/b/_mimic/reset")
    assert names(second, "/w/b", token) == ["x"]


def test_a_world_of_a_snapshot_may_have_another_pace(worlds: Worlds) -> None:
    take(worlds, "one")
    worlds.make(id="a", snapshot="one", clock={"start": 77, "mode": "frozen"})
    assert worlds.told("a")["time"] == 77.0
    wrong = worlds.ask("POST", "/_mimic/worlds", {"snapshot": "one", "clock": {"mode": "x"}})
    assert refusal(wrong, 400)["place"] == "clock.mode"


def test_rules_of_run_time_are_part_of_a_snapshot(tmp_path: Path) -> None:
    first = Worlds(tmp_path)
    text = "for compute.server\non create when name == 'no' only 2 times then respond 503 computeFault 'not now'\n"
    assert first.ask("POST", "/_mimic/rules", {"text": text}).status_code == 201
    token = login(first)

    def refused(worlds: Worlds, prefix: str = "") -> bool:
        return worlds.ask("POST", f"{prefix}{SERVERS}", server("no"), x_auth_token=token).status_code == 503

    assert refused(first)
    take(first, "one")
    first.ask("DELETE", "/_mimic/rules")
    assert not refused(first)
    first.ask("POST", "/_mimic/restore", {"name": "one"})
    # once more of the two times that are left
    assert [refused(first), refused(first)] == [True, False]
    second = Worlds(tmp_path)
    second.make(id="a", snapshot="one")
    assert second.told("a")["rules"] == 1
    assert [refused(second, "/w/a"), refused(second, "/w/a")] == [True, False]
    # a rule of the file that a world doesn't consult is none of its own
    second.ask("POST", "/_mimic/restore", {"name": "one"})
    second.ask("PATCH", "/_mimic/rules/slow_build", {"enabled": False})
    take(second, "two")
    second.ask("POST", "/_mimic/reset")
    (rule,) = second.ask("GET", "/_mimic/rules/slow_build").json["rules"]
    assert rule["enabled"]
    second.ask("POST", "/_mimic/restore", {"name": "two"})
    (rule,) = second.ask("GET", "/_mimic/rules/slow_build").json["rules"]
    assert not rule["enabled"]


def test_a_reset_after_a_restore_is_as_the_world_was_made(worlds: Worlds) -> None:
    before = worlds.told()
    token = login(worlds)
    create(worlds, "", token, "x")
    take(worlds, "one")
    worlds.ask("POST", "/_mimic/restore", {"name": "one"})
    worlds.ask("POST", "/_mimic/reset")
    assert worlds.told() == before


# the folder ----------------------------------------------------------------------------------------------------------


def test_the_folder_is_made_when_it_is_needed_and_is_nobody_else_s(worlds: Worlds) -> None:
    assert worlds.ask("GET", "/_mimic/snapshots").json == {"snapshots": []}
    assert not worlds.kept.exists()
    take(worlds, "one")
    assert stat.S_IMODE(worlds.kept.stat().st_mode) == 0o700
    assert [path.name for path in worlds.kept.iterdir()] == ["one.snapshot"]
    assert stat.S_IMODE(file_of(worlds, "one").stat().st_mode) == 0o600


def test_snapshots_are_listed_and_removed(worlds: Worlds) -> None:
    worlds.make(id="a", clock={"start": 1000, "mode": "frozen"})
    take(worlds, "two", "/w/a")
    take(worlds, "one")
    one, two = worlds.ask("GET", "/w/a/_mimic/snapshots").json["snapshots"]
    assert (one["name"], one["world"], two["name"], two["world"]) == ("one", "default", "two", "a")
    assert (two["time"], two["iso"]) == (1000.0, "1970-01-01T00:16:40.000000Z")
    assert two["bytes"] == file_of(worlds, "two").stat().st_size
    assert worlds.ask("DELETE", "/_mimic/snapshots/two").status_code == 204
    refusal(worlds.ask("DELETE", "/_mimic/snapshots/two"), 404)
    assert [one["name"] for one in worlds.ask("GET", "/_mimic/snapshots").json["snapshots"]] == ["one"]


def test_a_name_that_is_taken_is_409_unless_it_is_to_be_replaced(worlds: Worlds) -> None:
    take(worlds, "one")
    first = file_of(worlds, "one").read_bytes()
    login(worlds)
    assert "`one`" in refusal(worlds.ask("POST", "/_mimic/snapshots", {"name": "one"}), 409)["message"]
    assert file_of(worlds, "one").read_bytes() == first
    take(worlds, "one", replace=True)
    assert file_of(worlds, "one").read_bytes() != first


@pytest.mark.parametrize("name", ["", "..", "a/b", "../a", "/etc/passwd", "a\n", "a\0", "é", ".a", "a" * 65, 7, None])
@pytest.mark.parametrize("path", ["/_mimic/snapshots", "/_mimic/restore", "/_mimic/worlds"])
def test_a_name_is_never_a_path(tmp_path: Path, still: Worlds, path: str, name: Any) -> None:
    there = sorted(still.folder.rglob("*"))
    told = refusal(still.ask("POST", path, {"snapshot" if path.endswith("worlds") else "name": name}), 400)
    assert told["place"] in ("name", "snapshot")
    assert sorted(still.folder.rglob("*")) == there


@pytest.mark.parametrize(
    ("path", "body", "reason"),
    [
        ("/_mimic/snapshots", {}, "lacks `name`"),
        ("/_mimic/snapshots", {"name": "a", "replace": "yes"}, "true or false"),
        ("/_mimic/restore", {"name": "a", "replace": True}, "has no key `replace`"),
        ("/_mimic/restore", {}, "lacks `name`"),
    ],
)
def test_a_malformed_call_is_400(still: Worlds, path: str, body: object, reason: str) -> None:
    assert reason in refusal(still.ask("POST", path, body), 400)["message"]


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Worlds:
    """A cloud for tests that change nothing."""
    return Worlds(tmp_path_factory.mktemp("still"))


def test_a_folder_that_cant_be_made_is_507(tmp_path: Path) -> None:
    worlds = Worlds(tmp_path)
    worlds.kept.write_text("a file is in its place")
    for method, path, body in (
        ("POST", "/_mimic/snapshots", {"name": "one"}),
        ("DELETE", "/_mimic/snapshots/one", None),
    ):
        assert "can't be written" in refusal(worlds.ask(method, path, body), 507)["message"]


# what can't be restored ----------------------------------------------------------------------------------------------


def refused_whole(worlds: Worlds, name: str, status: int, reason: str) -> None:
    """Neither a restore nor a new world comes of the snapshot, and nothing has changed."""
    before, mount = worlds.told(), worlds.mount()
    for path, body in (
        ("/_mimic/restore", {"name": name}),
        ("/_mimic/worlds", {"snapshot": name, "id": "new"}),
    ):
        told = refusal(worlds.ask("POST", path, body), status)
        assert f"`{name}`" in told["message"]
        assert reason in told["message"]
    assert worlds.told() == before
    assert worlds.mount() is mount
    assert worlds.cloud.mounts.get("new") is None


def test_a_snapshot_that_isn_t_there_is_404(still: Worlds) -> None:
    refused_whole(still, "nope", 404, "GET /_mimic/snapshots")


def test_a_snapshot_of_another_format_is_refused(still: Worlds) -> None:
    take(still, "one", replace=True)
    path = file_of(still, "one")
    path.write_bytes(path.read_bytes().replace(b"snapshot 1 ", b"snapshot 2 ", 1))
    refused_whole(still, "one", 400, "it is of format 2, and only format 1 can be read")
    (listed,) = still.ask("GET", "/_mimic/snapshots").json["snapshots"]
    assert (listed["name"], "time" in listed) == ("one", False)
    assert "another format" in listed["problem"]


@pytest.mark.parametrize("text", ["", "[]", "{}", "nothing", "mimic-rules snapshot 1 \n", "\0\n\n\n"])
def test_what_is_no_snapshot_is_refused(still: Worlds, text: str) -> None:
    take(still, "one", replace=True)
    file_of(still, "one").write_text(text)
    refused_whole(still, "one", 400, "it is damaged, or no snapshot")


@pytest.mark.parametrize(
    "text", ["nothing", "[]", "{}", "[" * 100_000, '{"kinds":[],"wish":{},"rules":null,"world":{}}']
)
def test_what_was_never_a_world_is_refused(still: Worlds, text: str) -> None:
    take(still, "one", replace=True)
    rest = f"{{}}\n{text}\n".encode()
    file_of(still, "one").write_bytes(f"mimic-rules snapshot 1 {hashlib.sha256(rest).hexdigest()}\n".encode() + rest)
    refused_whole(still, "one", 400, "can't be used: ")


@pytest.mark.parametrize(
    ("changes", "status", "reason"),
    [
        ({"world": {"format": 1, "digest": "0", "world": {}}}, 400, "damaged"),
        ({"world": {"format": 7}}, 400, "format"),
        ({"world": []}, 400, "no snapshot of a world"),
        ({"kinds": {}}, 409, "`compute.server`"),
        ({"rules": {"texts": 7}}, 400, "which rules a world consults"),
        ({"rules": None}, 400, "which rules a world consults"),
        (
            {"rules": {"made": 1, "disabled": [], "texts": [{"id": "r1", "text": "on crate server", "rules": []}]}},
            409,
            "don't fit: r1:1:",
        ),
    ],
)
def test_a_snapshot_that_doesn_t_fit_is_refused(
    still: Worlds, changes: dict[str, Any], status: int, reason: str
) -> None:
    login(still)
    take(still, "one", replace=True)
    rewritten(still, "one", **changes)
    refused_whole(still, "one", status, reason)


def test_a_wish_that_no_longer_holds_makes_no_world(still: Worlds) -> None:
    still.make(id="a", config={"quotas": {"instances": 3}})
    take(still, "one", "/w/a", replace=True)
    rewritten(still, "one", wish={"config": {"quotas": {"instances": "many"}}})
    told = refusal(still.ask("POST", "/_mimic/worlds", {"snapshot": "one"}), 409)
    assert told["place"] == "config.quotas.instances"


def test_a_snapshot_of_other_rules_names_what_they_differ_in(tmp_path: Path) -> None:
    rules = 'service desk "Desk" {{ mount /desk }}\nfor desk\nresource room in world {{ id text  {field} text = "" }}\n'
    first = Worlds(tmp_path, rules.format(field="colour"))
    take(first, "one")
    assert first.ask("POST", "/_mimic/restore", {"name": "one"}).status_code == 200
    second = Worlds(tmp_path, rules.format(field="color"))
    refused_whole(second, "one", 409, "`desk.room`")
    third = Worlds(tmp_path)
    refused_whole(third, "one", 409, "`desk.room`")


def test_a_world_that_is_smaller_refuses_a_larger_snapshot(worlds: Worlds) -> None:
    seeded = worlds.told()["records"]
    login(worlds)
    take(worlds, "one")
    worlds.make(id="small", config={"limits": {"records": seeded}})
    before = worlds.told("small")
    refusal(worlds.ask("POST", "/w/small/_mimic/restore", {"name": "one"}), 400)
    assert worlds.told("small") == before


def test_a_snapshot_that_would_take_too_much_memory_is_refused(tmp_path: Path) -> None:
    worlds = Worlds(tmp_path)
    for number in range(200):
        login(worlds, who=f"t{number}")
    size = take(worlds, "one")["bytes"]
    small = Worlds(tmp_path, **{"limits.memory": f"{4 * 2**20 + 2 * size}B"})
    before = small.told()
    refusal(small.ask("POST", "/_mimic/restore", {"name": "one"}), 507)
    assert small.told() == before


# whatever is damaged -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Worlds, bytes]:
    """A cloud with a snapshot, and its bytes."""
    worlds = Worlds(tmp_path_factory.mktemp("kept"))
    token = login(worlds)
    create(worlds, "", token, "x")
    take(worlds, "one")
    return worlds, file_of(worlds, "one").read_bytes()


@given(data=st.data())
def test_no_byte_can_change_unnoticed(kept: tuple[Worlds, bytes], data: st.DataObject) -> None:
    worlds, whole = kept
    at = data.draw(st.integers(0, len(whole) - 1))
    how = data.draw(st.sampled_from(["flip", "cut", "drop", "more"]))
    changed = bytearray(whole)
    if how == "flip":
        changed[at] ^= data.draw(st.integers(1, 255))
    elif how == "cut":
        del changed[at:]
    elif how == "drop":
        del changed[at]
    else:
        changed.insert(at, data.draw(st.integers(0, 255)))
    file_of(worlds, "one").write_bytes(bytes(changed))
    before, mount = worlds.told(), worlds.mount()
    told = worlds.ask("POST", "/_mimic/restore", {"name": "one"})
    assert told.status_code == 400, told.text
    assert worlds.mount() is mount
    assert worlds.told() == before
    assert worlds.ask("GET", "/_mimic/snapshots").status_code == 200
