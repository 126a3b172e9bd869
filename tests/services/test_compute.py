# SPDX-License-Identifier: Apache-2.0
"""Compute over a real socket: the life of a server, its metadata, and whose it is.

The words and codes are those of OpenStack's own service; clients match on them.
"""

import re

import pytest

from tests.cloud import RunningCloud
from tests.services.callers import CIRROS, login, refusal, wanted

# a server's life -----------------------------------------------------------------------------------------------------


def test_a_create_promises_and_shows_nothing_else(frozen: RunningCloud) -> None:
    caller = login(frozen, "create")
    answer = caller.ask("POST", "/servers", wanted(adminPass="s3cret"))
    assert answer.status == 202
    made = answer.json["server"]
    path = f"{frozen.url}/compute/v2.1/servers/{made['id']}"
    assert made == {
        "id": made["id"],
        "links": [
            {"rel": "self", "href": path},
            {"rel": "bookmark", "href": f"{frozen.url}/compute/servers/{made['id']}"},
        ],
        "OS-DCF:diskConfig": "AUTO",
        "adminPass": "s3cret",
        "security_groups": [{"name": "default"}],
    }
    assert answer.headers["location"] == path
    request = answer.headers["x-compute-request-id"]
    assert re.fullmatch(r"req-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", request)
    assert answer.headers["x-openstack-request-id"] == request
    assert len(caller.ask("POST", "/servers", wanted()).json["server"]["adminPass"]) == 12


def test_links_carry_the_project_as_the_client_does(frozen: RunningCloud) -> None:
    caller = login(frozen, "linked")
    answer = caller.ask("POST", f"/{caller.project}/servers", wanted())
    server = answer.json["server"]["id"]
    assert answer.headers["location"] == f"{frozen.url}/compute/v2.1/{caller.project}/servers/{server}"
    links = caller.ask("GET", f"/{caller.project}/servers").json["servers"][0]["links"]
    assert [link["href"] for link in links] == [
        f"{frozen.url}/compute/v2.1/{caller.project}/servers/{server}",
        f"{frozen.url}/compute/{caller.project}/servers/{server}",
    ]
    other = login(frozen, "not-linked")
    refused = refusal(other.ask("GET", f"/{caller.project}/servers"), 400, "badRequest")
    assert f"URL's project_id '{caller.project}' doesn't match Context's project_id '{other.project}'" in refused


def test_a_server_is_built_in_a_second(frozen: RunningCloud) -> None:
    caller = login(frozen, "demo")
    server = caller.create("first", metadata={"a": "b"})
    building = caller.show(server)
    assert (building["status"], building["OS-EXT-STS:vm_state"], building["OS-EXT-STS:task_state"]) == (
        *("BUILD", "building", "spawning"),
    )
    assert (building["addresses"], building["hostId"], building["OS-SRV-USG:launched_at"]) == ({}, "", None)
    frozen.advance(1)
    shown = caller.show(server)
    assert (shown["status"], shown["OS-EXT-STS:vm_state"], shown["OS-EXT-STS:power_state"]) == ("ACTIVE", "active", 1)
    assert (shown["tenant_id"], shown["user_id"], shown["progress"]) == (caller.project, caller.user, 0)
    assert (shown["metadata"], shown["name"], shown["accessIPv4"], shown["key_name"]) == ({"a": "b"}, "first", "", None)
    assert re.fullmatch(r"2030-01-\d\dT\d\d:\d\d:\d\dZ", shown["created"])
    assert re.fullmatch(r"2030-01-\d\dT\d\d:\d\d:\d\d\.\d{6}", shown["OS-SRV-USG:launched_at"])
    assert re.fullmatch(r"[0-9a-f]{56}", shown["hostId"])
    assert [(one["version"], one["OS-EXT-IPS:type"]) for one in shown["addresses"]["private"]] == [(4, "fixed")]
    assert shown["image"]["id"] == CIRROS
    assert shown["flavor"]["id"] == "1"
    # the demo user is no administrator of the demo project
    assert not [name for name in shown if name.startswith("OS-EXT-SRV-ATTR:")]
    assert caller.ask("DELETE", f"/servers/{server}").status == 204
    gone = caller.ask("GET", f"/servers/{server}")
    assert refusal(gone, 404, "itemNotFound") == f"Instance {server} could not be found."


@pytest.mark.parametrize(
    ("action", "arguments", "first", "during", "shown", "after"),
    [
        ("os-stop", None, [], "powering-off", "ACTIVE", "SHUTOFF"),
        ("os-start", None, ["os-stop"], "powering-on", "SHUTOFF", "ACTIVE"),
        ("reboot", {"type": "SOFT"}, [], "rebooting", "REBOOT", "ACTIVE"),
        ("reboot", {"type": "HARD"}, ["os-stop"], "rebooting_hard", "HARD_REBOOT", "ACTIVE"),
        ("pause", None, [], "pausing", "ACTIVE", "PAUSED"),
        ("unpause", None, ["pause"], "unpausing", "PAUSED", "ACTIVE"),
        ("suspend", None, [], "suspending", "ACTIVE", "SUSPENDED"),
        ("resume", None, ["suspend"], "resuming", "SUSPENDED", "ACTIVE"),
        ("changePassword", {"adminPass": "new"}, [], "updating_password", "PASSWORD", "ACTIVE"),
    ],
)
def test_an_action_takes_a_second_and_two_states(
    frozen: RunningCloud, action: str, arguments: object, first: list[str], during: str, shown: str, after: str
) -> None:
    caller = login(frozen, "actions")
    server = caller.create()
    frozen.advance(1)
    for before in first:
        assert caller.act(server, before).status == 202
        frozen.advance(1)
    done = caller.act(server, action, arguments)
    assert (done.status, done.body) == (202, b"")
    present = caller.show(server)
    assert (present["OS-EXT-STS:task_state"], present["status"]) == (during, shown)
    # while it is about it, it takes no other order
    busy = refusal(caller.act(server, "pause"), 409, "conflictingRequest")
    assert busy.startswith(f"Cannot 'pause' instance {server} while it is in ")
    frozen.advance(1)
    present = caller.show(server)
    assert (present["OS-EXT-STS:task_state"], present["status"]) == (None, after)
    assert caller.ask("DELETE", f"/servers/{server}").status == 204


def test_guards_say_what_is_in_the_way(frozen: RunningCloud) -> None:
    caller = login(frozen, "guards")
    server = caller.create()

    def told(action: str, arguments: object = None) -> str:
        return refusal(caller.act(server, action, arguments), 409, "conflictingRequest")

    assert told("os-stop") == f"Cannot 'stop' instance {server} while it is in vm_state building"
    assert told("changePassword", {"adminPass": "x"}) == (
        f"Cannot 'changePassword' instance {server} while it is in vm_state building"
    )
    frozen.advance(1)
    assert told("os-start") == f"Cannot 'start' instance {server} while it is in vm_state active"
    caller.act(server, "os-stop")
    assert told("os-stop") == f"Cannot 'stop' instance {server} while it is in task_state powering-off"
    frozen.advance(1)
    assert told("reboot", {"type": "SOFT"}) == f"Cannot 'reboot' instance {server} while it is in vm_state stopped"
    # nothing of it changed anything
    assert caller.show(server)["status"] == "SHUTOFF"


def test_a_locked_server_takes_no_orders_but_an_administrators(frozen: RunningCloud) -> None:
    member, admin = login(frozen, "demo"), login(frozen, "demo", user="zoe")
    server = member.create()
    frozen.advance(1)
    assert member.act(server, "lock").status == 202
    for refused in (member.act(server, "os-stop"), member.ask("DELETE", f"/servers/{server}")):
        assert refusal(refused, 409, "conflictingRequest") == f"Instance {server} is locked"
    assert member.show(server, "2.9")["locked"] is True
    assert member.act(server, "unlock").status == 202
    assert member.ask("DELETE", f"/servers/{server}").status == 204
    assert admin.ids() == []


def test_an_administrator_resets_a_state(frozen: RunningCloud) -> None:
    admin = login(frozen, "reset")
    server = admin.create()
    assert admin.act(server, "os-resetState", {"state": "error"}).status == 202
    assert admin.show(server)["status"] == "ERROR"
    assert admin.act(server, "os-resetState", {"state": "active"}).status == 202
    assert admin.show(server)["status"] == "ACTIVE"
    member = login(frozen, "demo")
    other = member.create()
    refused = refusal(member.act(other, "os-resetState", {"state": "active"}), 403, "forbidden")
    assert refused == "Policy doesn't allow os_compute_api:os-admin-actions:reset_state to be performed."
    assert member.ask("DELETE", f"/servers/{other}").status == 204


# faults that come with the program -----------------------------------------------------------------------------------


def test_metadata_asks_for_misbehaviour(frozen: RunningCloud) -> None:
    caller = login(frozen, "faults")
    stuck = caller.create("stuck", metadata={"failure": "build_forever"})
    broken = caller.create("broken", metadata={"server_error": "1"})
    slow = caller.create("slow", metadata={"server_building": "60"})
    frozen.advance(30)
    assert [caller.show(one)["status"] for one in (stuck, broken, slow)] == ["BUILD", "ERROR", "BUILD"]
    reason = "No valid host was found. There are not enough hosts available."
    shown = caller.show(broken)
    assert shown["fault"] == {"code": 500, "created": shown["updated"], "message": reason, "details": reason}
    frozen.advance(31)
    assert [caller.show(one)["status"] for one in (stuck, slow)] == ["BUILD", "ACTIVE"]
    answer = caller.ask("GET", f"/servers/{stuck}")
    assert re.fullmatch(r"(\S*/)?rules/compute/faults\.rules:\d+", answer.headers["x-mimic-rule"])
    assert [caller.ask("DELETE", f"/servers/{one}").status for one in (stuck, broken, slow)] == [204] * 3


def test_only_admins_see_the_details_of_a_fault(frozen: RunningCloud) -> None:
    member, admin = login(frozen, "demo"), login(frozen, "demo", user="zoe")
    broken = member.create("broken", metadata={"server_error": "1"})
    frozen.advance(1)
    keys = {"code", "created", "message"}
    assert set(member.show(broken)["fault"]) == keys
    assert set(admin.show(broken)["fault"]) == {*keys, "details"}
    assert member.ask("DELETE", f"/servers/{broken}").status == 204


# more than one -------------------------------------------------------------------------------------------------------


def test_references_may_be_urls(frozen: RunningCloud) -> None:
    caller = login(frozen, "urls")
    server = caller.create(flavorRef=f"{frozen.url}/compute/v2.1/flavors/2")
    assert caller.show(server)["flavor"]["id"] == "2"
    assert caller.ask("POST", "/servers", wanted(flavorRef=3)).status == 202


def test_several_servers_come_at_once(frozen: RunningCloud) -> None:
    caller = login(frozen, "several")
    made = caller.ask("POST", "/servers", wanted("box", min_count=2, max_count=3))
    assert made.status == 202
    named = {one["name"]: one["id"] for one in caller.ask("GET", "/servers").json["servers"]}
    assert sorted(named) == ["box-1", "box-2", "box-3"]
    assert made.json["server"]["id"] == named["box-1"]
    reserved = caller.ask("POST", "/servers", wanted("more", return_reservation_id=True))
    assert set(reserved.json) == {"reservation_id"}
    assert "location" not in reserved.headers
    (one,) = caller.ids(f"?reservation_id={reserved.json['reservation_id']}")
    assert caller.show(one)["name"] == "more"


# changing what is there ----------------------------------------------------------------------------------------------


def test_a_server_is_renamed(frozen: RunningCloud) -> None:
    caller = login(frozen, "renamed")
    server = caller.create("old")
    frozen.advance(5)
    answer = caller.ask("PUT", f"/servers/{server}", {"server": {"name": "new", "accessIPv4": "192.0.2.1"}})
    assert (answer.status, answer.json["server"]["name"]) == (200, "new")
    shown = caller.show(server)
    assert (shown["name"], shown["accessIPv4"]) == ("new", "192.0.2.1")
    assert shown["updated"] > shown["created"]
    assert "field/attribute name" in refusal(
        caller.ask("PUT", f"/servers/{server}", {"server": {"name": ""}}), 400, "badRequest"
    )


def test_metadata_is_a_map(frozen: RunningCloud) -> None:
    caller = login(frozen, "labels")
    server = caller.create(metadata={"a": "1"})
    busy = caller.ask("POST", f"/servers/{server}/metadata", {"metadata": {"b": "2"}})
    assert "while it is in vm_state building" in refusal(busy, 409, "conflictingRequest")
    frozen.advance(1)
    path = f"/servers/{server}/metadata"
    assert caller.ask("POST", path, {"metadata": {"b": "2"}}).json == {"metadata": {"a": "1", "b": "2"}}
    assert caller.ask("GET", f"{path}/a").json == {"meta": {"a": "1"}}
    assert caller.ask("PUT", f"{path}/a", {"meta": {"a": "9"}}).json == {"meta": {"a": "9"}}
    mismatch = caller.ask("PUT", f"{path}/a", {"meta": {"b": "9"}})
    assert refusal(mismatch, 400, "badRequest") == "Request body and URI mismatch"
    assert caller.ask("DELETE", f"{path}/a").status == 204
    for method in ("GET", "DELETE"):
        assert refusal(caller.ask(method, f"{path}/a"), 404, "itemNotFound") == "Metadata item was not found"
    assert caller.ask("PUT", path, {"metadata": {"c": "3"}}).json == {"metadata": {"c": "3"}}
    crowd = {"metadata": {str(n): "" for n in range(128)}}
    assert refusal(caller.ask("POST", path, crowd), 403, "forbidden") == "Maximum number of metadata items exceeds 128"
    assert caller.ask("GET", path).json == {"metadata": {"c": "3"}}


# whose it is ---------------------------------------------------------------------------------------------------------


def test_tenants_do_not_meet(frozen: RunningCloud) -> None:
    mine, theirs = login(frozen, "mine"), login(frozen, "theirs")
    server = mine.create()
    assert theirs.ids() == []
    for method, path in (("GET", ""), ("DELETE", ""), ("GET", "/metadata")):
        answer = theirs.ask(method, f"/servers/{server}{path}")
        assert refusal(answer, 404, "itemNotFound") == f"Instance {server} could not be found."
    assert theirs.act(server, "os-stop").status == 404
    assert mine.ids() == [server]


def test_regions_do_not_meet(frozen: RunningCloud) -> None:
    here = login(frozen, "spread")
    there = login(frozen, "spread", mount="/region/North/compute/v2.1")
    server = here.create()
    assert there.ids() == []
    assert there.ask("GET", f"/servers/{server}").status == 404
    other = there.ask("POST", "/servers", wanted())
    assert other.headers["location"].startswith(f"{frozen.url}/region/North/compute/v2.1/servers/")
    assert there.ids() == [other.json["server"]["id"]]
    assert here.ids() == [server]
    # the limits of a region count what is there
    used = there.ask("GET", "/limits").json["limits"]["absolute"]["totalInstancesUsed"]
    assert used == 1
