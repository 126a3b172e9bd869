# SPDX-License-Identifier: Apache-2.0
"""Servers that go from host to host, and what is told of it, over a real socket in a strict cloud."""

from dataclasses import replace
from typing import Any

import pytest

from tests.cloud import RunningCloud
from tests.services.callers import Caller, login, refusal

HERE, THERE = "compute-1", "compute-2"


@pytest.fixture
def server(admin: Caller) -> str:
    return admin.up("nomad")


def host(admin: Caller, server: str) -> Any:
    return admin.show(server)["OS-EXT-SRV-ATTR:host"]


def live(asked: str | None = None, **more: Any) -> dict[str, Any]:
    return {"host": asked, "block_migration": "auto", **more}


def moves(admin: Caller, server: str, version: str = "2.80", query: str = "") -> list[dict[str, Any]]:
    answer = admin.ask("GET", f"/os-migrations?instance_uuid={server}{query}", version=version)
    assert answer.status == 200, answer.body
    found: list[dict[str, Any]] = answer.json["migrations"]
    return found


def test_a_live_migration_can_be_watched_and_ends_on_the_other_host(admin: Caller, server: str) -> None:
    assert admin.act(server, "os-migrateLive", live(), "2.25").status == 202
    shown = admin.show(server)
    assert (shown["status"], shown["OS-EXT-STS:task_state"], host(admin, server)) == ("MIGRATING", "migrating", HERE)
    (running,) = admin.ask("GET", f"/servers/{server}/migrations", version="2.23").json["migrations"]
    assert (running["status"], running["server_uuid"], running["dest_node"]) == ("running", server, THERE)
    one = admin.ask("GET", f"/servers/{server}/migrations/{running['id']}", version="2.23").json["migration"]
    assert one == running
    (told,) = moves(admin, server, "2.23")
    assert told["links"][0]["href"].endswith(f"/servers/{server}/migrations/{running['id']}")
    admin.cloud.advance(1)
    assert (admin.show(server)["status"], host(admin, server)) == ("ACTIVE", THERE)
    (told,) = moves(admin, server)
    assert (told["status"], told["migration_type"], told["project_id"]) == (
        "completed",
        "live-migration",
        admin.project,
    )
    assert "links" not in told
    assert admin.ask("GET", f"/servers/{server}/migrations", version="2.23").json == {"migrations": []}


def test_a_live_migration_can_be_stopped_or_hurried(admin: Caller, server: str) -> None:
    admin.act(server, "os-migrateLive", live(THERE), "2.30")
    first = moves(admin, server)[0]["id"]
    assert admin.ask("DELETE", f"/servers/{server}/migrations/999", version="2.24").status == 404
    assert admin.ask("DELETE", f"/servers/{server}/migrations/{first}", version="2.24").status == 202
    assert (admin.show(server)["status"], host(admin, server)) == ("ACTIVE", HERE)
    assert admin.ask("DELETE", f"/servers/{server}/migrations/{first}", version="2.24").status == 409
    admin.act(server, "pause")
    admin.cloud.advance(1)
    admin.act(server, "os-migrateLive", live(THERE), "2.30")
    second = moves(admin, server)[0]["id"]
    hurry = admin.ask("POST", f"/servers/{server}/migrations/{second}/action", {"force_complete": None}, "2.22")
    assert hurry.status == 202
    assert (admin.show(server)["status"], host(admin, server)) == ("PAUSED", THERE)
    assert {one["id"]: one["status"] for one in moves(admin, server)} == {first: "cancelled", second: "completed"}


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("moon", "Compute host moon could not be found."),
        (HERE, f"to current host ({HERE})."),
    ],
)
def test_a_host_must_be_there_and_another(admin: Caller, server: str, asked: str, words: str) -> None:
    assert words in refusal(admin.act(server, "os-migrateLive", live(asked), "2.25"), 400, "badRequest")
    assert words in refusal(admin.act(server, "migrate", {"host": asked}, "2.56"), 400, "badRequest")
    assert moves(admin, server) == []
    assert admin.show(server)["status"] == "ACTIVE"


def test_each_version_has_its_own_words_for_a_live_migration(admin: Caller, server: str) -> None:
    old = {"host": THERE, "block_migration": False, "disk_over_commit": False}
    assert admin.act(server, "os-migrateLive", live(THERE), "2.24").status == 400
    assert admin.act(server, "os-migrateLive", old, "2.25").status == 400
    assert admin.act(server, "os-migrateLive", live(THERE, force=True), "2.68").status == 400
    assert admin.act(server, "os-migrateLive", old).status == 202


def test_a_migration_is_confirmed_or_goes_back(admin: Caller, server: str) -> None:
    assert admin.act(server, "migrate").status == 202
    assert moves(admin, server)[0]["status"] == "migrating"
    admin.cloud.advance(1)
    assert (moves(admin, server)[0]["status"], host(admin, server)) == ("finished", THERE)
    assert admin.act(server, "revertResize").status == 202
    admin.cloud.advance(1)
    assert (moves(admin, server)[0]["status"], host(admin, server)) == ("reverted", HERE)
    assert admin.act(server, "resize", {"flavorRef": "2"}).status == 202
    admin.cloud.advance(1)
    assert admin.act(server, "confirmResize").status == 204
    last, first = moves(admin, server)
    assert (last["status"], last["migration_type"], last["dest_compute"]) == ("confirmed", "resize", HERE)
    assert (last["old_instance_type_id"], last["new_instance_type_id"]) == (1, 2)
    assert first["status"] == "reverted"
    assert [one["id"] for one in moves(admin, server, query="&migration_type=resize")] == [last["id"]]
    assert [one["id"] for one in moves(admin, server, query="&status=reverted&host=compute-2")] == [first["id"]]
    assert len(moves(admin, server, query=f"&marker={last['uuid']}&limit=1")) == 1


def test_migrations_are_told_as_each_version_has_them(admin: Caller, server: str) -> None:
    admin.act(server, "migrate")
    assert set(moves(admin, server, "2.80")[0]) - set(moves(admin, server, "2.59")[0]) == {"project_id", "user_id"}
    assert set(moves(admin, server, "2.59")[0]) - set(moves(admin, server, "2.23")[0]) == {"uuid"}
    assert set(moves(admin, server, "2.23")[0]) - set(moves(admin, server, "2.22")[0]) == {"migration_type"}
    for version, query in (("2.59", "nonsense=1"), ("2.65", "changes-before=2030-01-01"), ("2.79", "user_id=x")):
        assert admin.ask("GET", f"/os-migrations?{query}", version=version).status == 400, query


def test_a_server_is_evacuated_from_a_host_that_is_down(admin: Caller, server: str) -> None:
    refused = refusal(admin.act(server, "evacuate", {"onSharedStorage": False}), 400, "badRequest")
    assert refused == f"Compute service of {HERE} is still in use."
    down = {"host": HERE, "binary": "nova-compute", "forced_down": True}
    assert admin.ask("PUT", "/os-services/force-down", down, "2.11").status == 200
    try:
        assert refusal(admin.act(server, "evacuate", {"host": "moon"}, "2.14"), 404, "itemNotFound")
        assert refusal(admin.act(server, "evacuate", {"host": HERE}, "2.14"), 400, "badRequest")
        answer = admin.act(server, "evacuate", {"onSharedStorage": False, "adminPass": "secret"})
        assert (answer.status, answer.json) == (200, {"adminPass": "secret"})
        assert (admin.show(server)["status"], moves(admin, server)[0]["status"]) == ("REBUILD", "accepted")
        admin.cloud.advance(1)
        assert (admin.show(server)["status"], host(admin, server)) == ("ACTIVE", THERE)
        assert (moves(admin, server)[0]["status"], moves(admin, server)[0]["migration_type"]) == ("done", "evacuation")
    finally:
        assert admin.ask("PUT", "/os-services/force-down", {**down, "forced_down": False}, "2.11").status == 200


def test_since_2_95_what_is_evacuated_stays_down(admin: Caller, server: str) -> None:
    down = {"host": HERE, "binary": "nova-compute", "forced_down": True}
    assert admin.ask("PUT", "/os-services/force-down", down, "2.11").status == 200
    try:
        assert admin.act(server, "evacuate", {}, "2.95").body == b""
        admin.cloud.advance(1)
        assert (admin.show(server)["status"], host(admin, server)) == ("SHUTOFF", THERE)
    finally:
        assert admin.ask("PUT", "/os-services/force-down", {**down, "forced_down": False}, "2.11").status == 200


def test_before_2_56_a_migration_asks_for_no_host(admin: Caller, server: str) -> None:
    assert admin.act(server, "migrate", {"host": HERE}, "2.55").status == 202
    admin.cloud.advance(1)
    assert host(admin, server) == THERE


def test_migrations_come_in_pages_since_2_59(admin: Caller, server: str) -> None:
    for _ in range(2):
        assert admin.act(server, "migrate").status == 202
        admin.cloud.advance(1)
        assert admin.act(server, "confirmResize").status == 204
    assert [len(moves(admin, server, "2.59", f"&limit={most}")) for most in (0, 1, 2, 3)] == [0, 1, 2, 2]


def test_what_is_confirmed_is_a_resize_or_a_migration(admin: Caller, server: str) -> None:
    """Each dialect settles what the other has begun, and an older move of the server stays what it was."""
    assert admin.act(server, "os-migrateLive", live(), "2.30").status == 202
    admin.cloud.advance(1)
    other = replace(admin, mount="/compute/v2")
    assert other.act(server, "resize", {"flavorRef": "2"}).status == 202
    assert moves(admin, server)[0]["status"] == "migrating"
    admin.cloud.advance(1)
    assert other.act(server, "revertResize").status == 202
    admin.cloud.advance(1)
    resized, went = moves(admin, server)
    assert (resized["migration_type"], resized["status"]) == ("resize", "reverted")
    assert (went["migration_type"], went["status"]) == ("live-migration", "completed")
    assert other.act(server, "resize", {"flavorRef": "2"}).status == 202
    admin.cloud.advance(1)
    assert other.act(server, "confirmResize").status == 204
    assert [one["status"] for one in moves(admin, server)] == ["confirmed", "reverted", "completed"]


def test_moving_servers_is_for_administrators(strict: RunningCloud) -> None:
    member = login(strict)
    server = member.create()
    strict.advance(1)
    for action, arguments in (
        ("migrate", None),
        ("os-migrateLive", {"host": None, "block_migration": False, "disk_over_commit": False}),
        ("evacuate", {"onSharedStorage": False}),
    ):
        assert "Policy doesn't allow" in refusal(member.act(server, action, arguments), 403, "forbidden")
    assert member.ask("GET", "/os-migrations").status == 403
    assert member.ask("GET", f"/servers/{server}/migrations", version="2.23").status == 403
