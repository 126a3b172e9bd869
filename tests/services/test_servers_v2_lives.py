# SPDX-License-Identifier: Apache-2.0
"""What both dialects of Compute keep of an action, over a socket: locks, what was done, shelving, quotas of a resize.

An action that is asked for by v2 is refused and kept as the same one of v2.1 is; only its words may differ.
"""

import pytest

from tests.cloud import RunningCloud
from tests.services.callers import CIRROS, NOBODY, Caller, login, refusal
from tests.services.test_servers_v2 import old

ARGUMENTS: dict[str, object] = {
    "reboot": {"type": "SOFT"},
    "changePassword": {"adminPass": "new"},
    "resize": {"flavorRef": "3"},
    "rebuild": {"imageRef": CIRROS},
}
LOCKED = [
    *("os-start", "os-stop", "pause", "unpause", "suspend", "resume", "reboot", "changePassword", "resize"),
    *("confirmResize", "revertResize", "rebuild", "rescue", "unrescue", "shelve", "shelveOffload", "unshelve"),
]


def built(caller: Caller, **more: object) -> str:
    """A server that is up; it is deleted by whoever made it, since the project is everybody's."""
    server = caller.create(**{"flavorRef": "2", **more})
    caller.cloud.advance(1)
    return server


@pytest.mark.parametrize("dialect", ["v2", "v2.1"])
def test_a_lock_keeps_every_action_out(frozen: RunningCloud, dialect: str) -> None:
    caller = login(frozen, "demo")
    asking = old(caller) if dialect == "v2" else caller
    server = built(caller)
    assert asking.act(server, "lock").status == 202
    for action in LOCKED:
        told = refusal(asking.act(server, action, ARGUMENTS.get(action)), 409, "conflictingRequest")
        assert told == f"Instance {server} is locked", action
    assert caller.show(server)["status"] == "ACTIVE"
    # An image changes nothing of a server, so a lock lets it through; nothing else is done until it is made.
    assert asking.act(server, "createImage", {"name": "copy"}).status == 202
    assert asking.act(server, "unlock").status == 202
    assert refusal(asking.act(server, "os-stop"), 409, "conflictingRequest")
    frozen.advance(1)
    assert asking.act(server, "os-stop").status == 202
    assert caller.ask("DELETE", f"/servers/{server}").status == 204


def test_what_v2_did_to_a_server_is_kept_too(frozen: RunningCloud) -> None:
    caller = login(frozen, "v2-history")
    asking = old(caller)
    server = built(asking)
    done = {
        "os-stop": "stop", "os-start": "start", "reboot": "reboot", "changePassword": "changePassword",
        "rebuild": "rebuild", "resize": "resize", "confirmResize": "confirmResize", "rescue": "rescue",
        "unrescue": "unrescue", "shelve": "shelve", "unshelve": "unshelve", "lock": "lock", "unlock": "unlock",
    }  # fmt: skip
    for action in done:
        assert asking.act(server, action, ARGUMENTS.get(action)).status < 300, action
        frozen.advance(6)
    assert asking.act(server, "createImage", {"name": "copy"}).status == 202
    refused = asking.act(server, "rebuild", {"imageRef": NOBODY})
    assert refused.status == 400
    assert asking.ask("DELETE", f"/servers/{server}").status == 204
    listed = caller.ask("GET", f"/servers/{server}/os-instance-actions", version="2.21").json["instanceActions"]
    assert [one["action"] for one in reversed(listed)] == ["create", *done.values(), "createImage", "delete"]


def test_what_was_done_is_told_by_v2(frozen: RunningCloud) -> None:
    asking = old(login(frozen, "v2-told"))
    server = built(asking)
    stopped = asking.act(server, "os-stop")
    told = asking.ask("GET", f"/servers/{server}/os-instance-actions").json["instanceActions"]
    assert [one["action"] for one in told] == ["stop", "create"]
    request = stopped.headers["x-compute-request-id"]
    shown = asking.ask("GET", f"/servers/{server}/os-instance-actions/{request}").json["instanceAction"]
    assert shown == {**told[0], "events": []}
    assert "updated_at" not in shown
    answer = asking.ask("GET", f"/servers/{server}/os-instance-actions/none")
    assert refusal(answer, 404, "itemNotFound") == "Action none not found"
    assert asking.ask("DELETE", f"/servers/{server}").status == 204
    for path in ("", f"/{request}"):
        answer = asking.ask("GET", f"/servers/{server}/os-instance-actions{path}")
        assert refusal(answer, 404, "itemNotFound") == "Instance could not be found"


@pytest.mark.parametrize("dialect", ["v2", "v2.1"])
def test_an_image_tells_what_it_was_made_of(frozen: RunningCloud, dialect: str) -> None:
    caller = login(frozen, f"made-of-{dialect}")
    asking = old(caller) if dialect == "v2" else caller
    server = built(caller)
    made = asking.act(server, "createImage", {"name": "copy", "metadata": {"a": "b", "base_image_ref": "mine"}})
    image = made.headers["location"].rpartition("/")[2]
    shown = caller.ask("GET", f"/images/{image}").json["image"]
    told = {"a": "b", "image_type": "snapshot", "base_image_ref": CIRROS, "instance_uuid": server}
    assert (shown["status"], shown["minDisk"], told.items() <= shown["metadata"].items()) == ("SAVING", 20, True)
    listed = caller.ask("GET", f"/images?type=snapshot&server={server}").json["images"]
    assert [one["id"] for one in listed] == [image]
    frozen.advance(1)
    assert caller.ask("GET", f"/images/{image}").json["image"]["status"] == "ACTIVE"


def test_v2_takes_forty_items_of_metadata(frozen: RunningCloud) -> None:
    asking = old(login(frozen, "v2-forty"))
    server = built(asking)
    more = {str(n): "x" for n in range(41)}
    for action, arguments in (("createImage", {"name": "copy"}), ("rebuild", {"imageRef": CIRROS})):
        told = refusal(asking.act(server, action, {**arguments, "metadata": more}), 403, "forbidden")
        assert told == "Maximum number of metadata items exceeds 40"
    assert asking.show(server)["status"] == "ACTIVE"


def test_shelving_in_v2(frozen: RunningCloud) -> None:
    asking = old(login(frozen, "v2-shelve"))
    server = built(asking)
    assert asking.act(server, "shelve").status == 202
    frozen.advance(1)
    assert asking.show(server)["status"] == "SHELVED_OFFLOADED"
    told = refusal(asking.act(server, "shelve"), 409, "conflictingRequest")
    assert told == f"Cannot 'shelve' instance {server} while it is in vm_state shelved_offloaded"
    assert asking.act(server, "unshelve").status == 202
    frozen.advance(1)
    assert asking.show(server)["status"] == "ACTIVE"


@pytest.mark.parametrize("dialect", ["v2", "v2.1"])
def test_a_resize_keeps_within_the_quota(frozen: RunningCloud, dialect: str) -> None:
    admin = login(frozen, f"resize-quota-{dialect}", user="zoe")
    asking = old(admin) if dialect == "v2" else admin
    server = built(admin)
    quotas = f"/os-quota-sets/{admin.project}"
    assert admin.ask("PUT", quotas, {"quota_set": {"cores": 1}}).status == 200
    told = refusal(asking.act(server, "resize", {"flavorRef": "3"}), 403, "forbidden")
    assert told == "Quota exceeded for cores: Requested 1, but already used 1 of 1 cores"
    assert admin.ask("PUT", quotas, {"quota_set": {"cores": -1, "ram": 4095}}).status == 200
    told = refusal(asking.act(server, "resize", {"flavorRef": "3"}), 403, "forbidden")
    assert told == "Quota exceeded for ram: Requested 2048, but already used 2048 of 4095 ram"
    # What just fits fits, and a smaller one is always welcome.
    assert admin.show(server)["status"] == "ACTIVE"
    assert admin.ask("PUT", quotas, {"quota_set": {"cores": 2, "ram": 4096}}).status == 200
    assert asking.act(server, "resize", {"flavorRef": "3"}).status == 202
    frozen.advance(1)
    assert asking.act(server, "confirmResize").status == 204
    assert asking.act(server, "resize", {"flavorRef": "2"}).status == 202
