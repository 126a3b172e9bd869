# SPDX-License-Identifier: Apache-2.0
"""Actions of Cloud Servers v2 over a socket, and what both dialects of Compute share."""

import pytest

from tests.cloud import RunningCloud
from tests.services.callers import CIRROS, login, refusal
from tests.services.test_servers_v2 import both, make, old

__all__ = ["both"]


@pytest.fixture
def cloudy(both: RunningCloud) -> RunningCloud:
    """The same cloud under a name of this module's own."""
    return both


@pytest.mark.parametrize(("how", "status"), [("SOFT", "REBOOT"), ("hard", "HARD_REBOOT")])
def test_a_reboot_takes_its_time(cloudy: RunningCloud, how: str, status: str) -> None:
    caller = old(login(cloudy, f"v2-reboot-{how}"))
    server = make(caller)
    cloudy.advance(1)
    assert caller.act(server, "reboot", {"type": how}).status == 202
    assert caller.show(server)["status"] == status
    cloudy.advance(6)
    assert caller.show(server)["status"] == "ACTIVE"


@pytest.mark.parametrize(
    ("action", "arguments", "message"),
    [
        ("reboot", {}, "Missing argument 'type' for reboot"),
        ("reboot", {"type": "MILD"}, "Argument 'type' for reboot is not HARD or SOFT"),
        ("reboot", {"type": 7}, "Argument 'type' for reboot is not HARD or SOFT"),
        ("changePassword", {}, "No adminPass was specified"),
        ("dance", {}, "There is no such action currently supported"),
    ],
)
def test_an_action_that_is_refused(cloudy: RunningCloud, action: str, arguments: object, message: str) -> None:
    caller = old(login(cloudy, "v2-actions"))
    server = caller.ids()[0] if caller.ids() else make(caller)
    cloudy.advance(1)
    assert refusal(caller.act(server, action, arguments), 400, "badRequest") == message
    assert caller.show(server)["status"] == "ACTIVE"


def test_an_action_in_the_wrong_state_is_a_conflict(cloudy: RunningCloud) -> None:
    caller = old(login(cloudy, "v2-states"))
    server = make(caller)
    told = refusal(caller.act(server, "changePassword", {"adminPass": "x"}), 409, "conflictingRequest")
    assert told.startswith(f"Cannot 'changePassword' instance {server} while it is in ")
    cloudy.advance(1)
    assert caller.act(server, "changePassword", {"adminPass": "x"}).status == 202
    cloudy.advance(1)
    assert caller.act(server, "os-stop").status == 202
    cloudy.advance(1)
    assert caller.show(server)["status"] == "SHUTOFF"
    assert caller.act(server, "os-start").status == 202


def test_a_resize_is_confirmed_or_taken_back(cloudy: RunningCloud) -> None:
    caller = old(login(cloudy, "v2-resize"))
    server = make(caller)
    cloudy.advance(1)
    before = caller.show(server)["flavor"]["id"]
    for action, status, flavor in (("revertResize", 202, before), ("confirmResize", 204, "3")):
        assert caller.act(server, "resize", {"flavorRef": "3"}).status == 202
        cloudy.advance(1)
        shown = caller.show(server)
        assert (shown["status"], shown["flavor"]["id"]) == ("VERIFY_RESIZE", "3")
        assert caller.act(server, action).status == status
        cloudy.advance(1)
        shown = caller.show(server)
        assert (shown["status"], shown["flavor"]["id"]) == ("ACTIVE", flavor)
    told = refusal(caller.act(server, "confirmResize"), 409, "conflictingRequest")
    assert told == f"Cannot 'confirmResize' instance {server} while it is in vm_state active"
    told = refusal(caller.act(server, "resize", {}), 400, "badRequest")
    assert told == "Resize requests require 'flavorRef' attribute"
    told = refusal(caller.act(server, "resize", {"flavorRef": "none"}), 400, "badRequest")
    assert told == "Unable to locate requested flavor."


def test_a_rebuild(cloudy: RunningCloud) -> None:
    caller = old(login(cloudy, "v2-rebuild"))
    server = make(caller)
    cloudy.advance(1)
    assert refusal(caller.act(server, "rebuild", {}), 400, "badRequest") == "Could not parse imageRef from request."
    answer = caller.act(server, "rebuild", {"imageRef": CIRROS, "name": "again", "adminPass": "secret"})
    assert (answer.status, answer.json["server"]["status"]) == (202, "REBUILD")
    assert (answer.json["server"]["name"], answer.json["server"]["adminPass"]) == ("again", "secret")
    cloudy.advance(1)
    assert caller.show(server)["status"] == "ACTIVE"


def test_a_rescue(cloudy: RunningCloud) -> None:
    caller = old(login(cloudy, "v2-rescue"))
    server = make(caller)
    cloudy.advance(1)
    answer = caller.act(server, "rescue")
    assert (answer.status, len(answer.json["adminPass"])) == (200, 12)
    cloudy.advance(1)
    assert caller.show(server)["status"] == "RESCUE"
    assert caller.act(server, "rescue").status == 409
    assert caller.act(server, "unrescue").status == 202
    cloudy.advance(1)
    assert caller.show(server)["status"] == "ACTIVE"


def test_an_image_of_a_server(cloudy: RunningCloud) -> None:
    caller = old(login(cloudy, "v2-snapshot"))
    server = make(caller)
    cloudy.advance(1)
    made = caller.act(server, "createImage", {"name": "copy"})
    assert made.status == 202
    image = made.headers["location"].rpartition("/")[2]
    assert image != CIRROS
    assert caller.ask("GET", f"/images/{image}").json["image"]["name"] == "copy"


def test_one_rule_of_a_team_holds_in_both_dialects(cloudy: RunningCloud) -> None:
    new = login(cloudy, "v2-rules")
    for caller, more in ((new, {"networks": "none"}), (old(new), {})):
        body = {"server": {"name": "unlucky", "flavorRef": "2", "imageRef": CIRROS, **more}}
        answer = caller.ask("POST", "/servers", body, version="2.96" if more else None)
        assert refusal(answer, 503, "serviceUnavailable") == "no luck"
    first = new.create("slow", version="2.96", networks="none")
    second = make(old(new), "slow")
    third = make(old(new), "by-metadata", metadata={"server_building": "60"})
    cloudy.advance(59)
    for server in (first, second, third):
        assert {new.show(server, "2.96")["status"], old(new).show(server)["status"]} == {"BUILD"}
    cloudy.advance(1)
    for server in (first, second, third):
        assert {new.show(server, "2.96")["status"], old(new).show(server)["status"]} == {"ACTIVE"}


def test_v3_catalogs_show_compute_once(cloudy: RunningCloud) -> None:
    catalog = login(cloudy, "v2-catalog").identity("GET", "/auth/catalog").json["catalog"]
    assert [one["name"] for one in catalog if one["type"] == "compute"] == ["nova"]
