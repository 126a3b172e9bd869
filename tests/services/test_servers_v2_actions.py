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


@pytest.mark.parametrize("action", ["resize", "confirmResize", "revertResize", "rebuild", "rescue", "unrescue"])
def test_what_is_not_modelled_says_so_and_changes_nothing(cloudy: RunningCloud, action: str) -> None:
    caller = old(login(cloudy, "v2-not-modelled"))
    server = caller.ids()[0] if caller.ids() else make(caller)
    cloudy.advance(1)
    before = caller.show(server)
    assert action in refusal(caller.act(server, action, {"flavorRef": "3"}), 501, "notImplemented")
    assert caller.show(server) == before


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
