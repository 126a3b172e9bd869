# SPDX-License-Identifier: Apache-2.0
"""What changes a server for longer, over a real socket: resize, rebuild, rescue, shelving, history, groups."""

import pytest

from tests.cloud import RunningCloud
from tests.services.callers import CIRROS, NOBODY, Caller, login, refusal

UBUNTU = "155d900f-4e14-4e4c-a73d-069cbf4541e6"


def built(cloud: RunningCloud, project: str, **more: object) -> tuple[Caller, str]:
    """A caller with a server that is up."""
    caller = login(cloud, project)
    server = caller.create(flavorRef="2", **more)
    cloud.advance(1)
    return caller, server


@pytest.mark.parametrize(("action", "status", "flavor"), [("confirmResize", 204, "3"), ("revertResize", 202, "2")])
@pytest.mark.parametrize("stopped", [False, True])
def test_a_resize(frozen: RunningCloud, action: str, status: int, flavor: str, stopped: bool) -> None:
    caller, server = built(frozen, f"resize-{action}-{stopped}")
    before = "SHUTOFF" if stopped else "ACTIVE"
    if stopped:
        caller.act(server, "os-stop")
        frozen.advance(1)
    assert caller.act(server, "resize", {"flavorRef": "3"}).status == 202
    assert caller.show(server)["status"] == "RESIZE"
    frozen.advance(1)
    shown = caller.show(server)
    assert (shown["status"], shown["OS-EXT-STS:vm_state"], shown["flavor"]["id"]) == ("VERIFY_RESIZE", "resized", "3")
    assert caller.act(server, action).status == status
    frozen.advance(1)
    shown = caller.show(server)
    assert (shown["status"], shown["flavor"]["id"]) == (before, flavor)
    told = refusal(caller.act(server, action), 409, "conflictingRequest")
    vm_state = "stopped" if stopped else "active"
    assert told == f"Cannot '{action}' instance {server} while it is in vm_state {vm_state}"


def test_a_resize_that_is_refused(frozen: RunningCloud) -> None:
    caller, server = built(frozen, "no-resize")
    told = refusal(caller.act(server, "resize", {"flavorRef": "2"}), 400, "badRequest")
    assert told == "When resizing, instances must change flavor!"
    told = refusal(caller.act(server, "resize", {"flavorRef": "none"}), 400, "badRequest")
    assert told == "Unable to locate requested flavor: Flavor none could not be found."
    assert caller.act(server, "resize", {"flavorRef": "3", "more": 1}).status == 400
    assert caller.show(server)["status"] == "ACTIVE"


def test_a_rebuild_has_its_shape_at_each_version(frozen: RunningCloud) -> None:
    caller, server = built(frozen, "rebuild")
    for version, has in (("2.1", set()), ("2.54", {"key_name"}), ("2.57", {"key_name", "user_data"})):
        answer = caller.act(server, "rebuild", {"imageRef": UBUNTU, "name": "again"}, version)
        assert answer.status == 202, answer.body
        shown = answer.json["server"]
        assert (shown["status"], shown["name"], shown["image"]["id"]) == ("REBUILD", "again", UBUNTU)
        assert {"key_name", "user_data"} & set(shown) == has
        assert len(shown["adminPass"]) == 12
        frozen.advance(1)
        assert caller.show(server)["status"] == "ACTIVE"
    told = refusal(caller.act(server, "rebuild", {"imageRef": NOBODY}), 400, "badRequest")
    assert NOBODY in told
    assert caller.act(server, "rebuild", {}).status == 400


def test_a_rescue(frozen: RunningCloud) -> None:
    caller, server = built(frozen, "rescue")
    answer = caller.act(server, "rescue", {"adminPass": "secret"})
    assert (answer.status, answer.json) == (200, {"adminPass": "secret"})
    frozen.advance(1)
    assert caller.show(server)["status"] == "RESCUE"
    told = refusal(caller.act(server, "os-stop"), 409, "conflictingRequest")
    assert told == f"Cannot 'stop' instance {server} while it is in vm_state rescued"
    assert caller.act(server, "unrescue").status == 202
    frozen.advance(1)
    assert caller.show(server)["status"] == "ACTIVE"


def test_shelving(frozen: RunningCloud) -> None:
    caller, server = built(frozen, "shelve")
    assert caller.act(server, "shelve").status == 202
    assert caller.show(server)["OS-EXT-STS:task_state"] == "shelving"
    frozen.advance(1)
    assert caller.show(server)["status"] == "SHELVED_OFFLOADED"
    assert caller.act(server, "unshelve").status == 202
    frozen.advance(1)
    assert caller.show(server)["status"] == "ACTIVE"
    assert caller.act(server, "unshelve").status == 409


def test_an_image_of_a_server(frozen: RunningCloud) -> None:
    caller, server = built(frozen, "snapshot")
    answer = caller.act(server, "createImage", {"name": "snap", "metadata": {"color": "red"}})
    assert answer.status == 202
    image = answer.headers["location"].rpartition("/")[2]
    frozen.advance(1)
    shown = caller.ask("GET", f"/images/{image}").json["image"]
    assert (shown["name"], shown["status"], shown["server"]["id"]) == ("snap", "ACTIVE", server)
    assert (shown["metadata"]["color"], shown["metadata"]["base_image_ref"]) == ("red", CIRROS)
    later = caller.act(server, "createImage", {"name": "later"}, "2.45")
    assert (later.status, set(later.json)) == (202, {"image_id"})
    assert caller.ask("DELETE", f"/images/{image}").status == 204
    assert caller.ask("GET", f"/images/{image}").status == 404


def test_what_was_done_to_a_server_is_kept(frozen: RunningCloud) -> None:
    caller, server = built(frozen, "history")
    stopped = caller.act(server, "os-stop")
    frozen.advance(1)
    listed = caller.ask("GET", f"/servers/{server}/os-instance-actions").json["instanceActions"]
    assert [one["action"] for one in listed] == ["stop", "create"]
    request = listed[0]["request_id"]
    assert request == stopped.headers["x-compute-request-id"]
    shown = caller.ask("GET", f"/servers/{server}/os-instance-actions/{request}", version="2.51").json["instanceAction"]
    assert shown["events"][0]["result"] == "Success"
    told = refusal(caller.ask("GET", f"/servers/{server}/os-instance-actions/none"), 404, "itemNotFound")
    assert told == "Action none not found"
    caller.ask("DELETE", f"/servers/{server}")
    assert caller.ask("GET", f"/servers/{server}/os-instance-actions").status == 404
    assert caller.ask("GET", f"/servers/{server}/os-instance-actions", version="2.21").status == 200


def test_server_groups(frozen: RunningCloud) -> None:
    caller = login(frozen, "groups")
    body = {"server_group": {"name": "apart", "policies": ["anti-affinity"]}}
    made = caller.ask("POST", "/os-server-groups", body).json["server_group"]
    assert (made["policies"], made["members"], made["metadata"]) == (["anti-affinity"], [], {})
    new = {"server_group": {"name": "near", "policy": "affinity"}}
    later = caller.ask("POST", "/os-server-groups", new, version="2.64").json["server_group"]
    assert (later["policy"], later["rules"]) == ("affinity", {})
    listed = caller.ask("GET", "/os-server-groups").json["server_groups"]
    assert {one["name"] for one in listed} == {"apart", "near"}
    hinted = {
        "server": {"name": "a", "flavorRef": "1", "imageRef": CIRROS},
        "os:scheduler_hints": {"group": made["id"]},
    }
    server = caller.ask("POST", "/servers", hinted).json["server"]["id"]
    assert caller.ask("GET", f"/os-server-groups/{made['id']}").json["server_group"]["members"] == [server]
    assert caller.ask("DELETE", f"/os-server-groups/{made['id']}").status == 204
    told = refusal(caller.ask("GET", f"/os-server-groups/{made['id']}"), 404, "itemNotFound")
    assert told == f"Instance group {made['id']} could not be found."
