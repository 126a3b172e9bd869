# SPDX-License-Identifier: Apache-2.0
"""Security groups and their rules, and those of servers, over a real socket."""

from typing import Any

import pytest

from tests.cloud import RunningCloud
from tests.services.callers import NOBODY, Caller, login, refusal, wanted


def made(caller: Caller, name: str) -> str:
    answer = caller.ask("POST", "/os-security-groups", {"security_group": {"name": name, "description": "d"}})
    assert answer.status == 200, answer.body
    id: str = answer.json["security_group"]["id"]
    return id


def names(caller: Caller, path: str = "/os-security-groups") -> list[str]:
    return [one["name"] for one in caller.ask("GET", path).json["security_groups"]]


def rule(caller: Caller, group: str, **more: Any) -> Any:
    asked = {"parent_group_id": group, "ip_protocol": "tcp", "from_port": 22, "to_port": 22, **more}
    return caller.ask("POST", "/os-security-group-rules", {"security_group_rule": asked})


def test_each_project_has_groups_of_its_own(frozen: RunningCloud) -> None:
    mine, theirs = login(frozen, "groups"), login(frozen, "other groups")
    group = made(mine, "web")
    assert (sorted(names(mine)), names(theirs)) == (["default", "web"], ["default"])
    shown = mine.ask("GET", f"/os-security-groups/{group}").json["security_group"]
    assert shown == {"id": group, "name": "web", "description": "d", "tenant_id": mine.project, "rules": []}
    change = {"security_group": {"name": "www", "description": "e"}}
    assert mine.ask("PUT", f"/os-security-groups/{group}", change).json["security_group"]["name"] == "www"
    assert theirs.ask("GET", f"/os-security-groups/{group}").status == 404
    assert mine.ask("DELETE", f"/os-security-groups/{group}").status == 202
    gone = mine.ask("GET", f"/os-security-groups/{group}")
    assert refusal(gone, 404, "itemNotFound") == f"Security group {group} not found."


def test_the_default_group_stays(frozen: RunningCloud) -> None:
    caller = login(frozen, "default group")
    basic = caller.ask("GET", "/os-security-groups").json["security_groups"][0]["id"]
    refused = caller.ask("DELETE", f"/os-security-groups/{basic}")
    assert refusal(refused, 400, "badRequest") == "Unable to delete system group 'default'"


def test_a_rule_comes_and_goes(frozen: RunningCloud) -> None:
    caller = login(frozen, "group rules")
    group, other = made(caller, "web"), made(caller, "db")
    new = rule(caller, group, cidr="10.0.0.0/8").json["security_group_rule"]
    assert (new["ip_range"], new["group"], new["from_port"]) == ({"cidr": "10.0.0.0/8"}, {}, 22)
    of_group = rule(caller, group, group_id=other).json["security_group_rule"]
    assert (of_group["ip_range"], of_group["group"]["name"]) == ({}, "db")
    shown = caller.ask("GET", f"/os-security-groups/{group}").json["security_group"]["rules"]
    assert [one["id"] for one in shown] == [new["id"], of_group["id"]]
    assert caller.ask("DELETE", f"/os-security-group-rules/{new['id']}").status == 202
    assert refusal(caller.ask("DELETE", f"/os-security-group-rules/{new['id']}"), 404, "itemNotFound")


@pytest.mark.parametrize(
    ("wrong", "status", "words"),
    [
        ({"parent_group_id": NOBODY}, 404, "not found"),
        ({"ip_protocol": "smoke"}, 400, "Invalid IP protocol smoke."),
        ({"from_port": 0}, 400, "Valid TCP ports should be between 1-65535"),
        ({"to_port": 70000}, 400, "Valid TCP ports should be between 1-65535"),
        ({"from_port": 23}, 400, "Former value cannot be greater than the later"),
        ({"cidr": "everywhere"}, 400, "Invalid cidr everywhere"),
    ],
)
def test_a_rule_that_is_wrong(frozen: RunningCloud, wrong: dict[str, Any], status: int, words: str) -> None:
    caller = login(frozen, "wrong rules")
    group = made(caller, "web")
    fault = "itemNotFound" if status == 404 else "badRequest"
    assert words in refusal(rule(caller, group, **wrong), status, fault)
    assert caller.ask("GET", f"/os-security-groups/{group}").json["security_group"]["rules"] == []


def test_a_rule_is_there_once(frozen: RunningCloud) -> None:
    caller = login(frozen, "twice")
    group = made(caller, "web")
    assert rule(caller, group, cidr="10.0.0.0/8").status == 200
    assert "already exists" in refusal(rule(caller, group, cidr="10.0.0.0/8"), 400, "badRequest")


def test_a_server_has_groups(frozen: RunningCloud) -> None:
    caller = login(frozen, "grouped")
    group = made(caller, "web")
    server = caller.create()
    frozen.advance(60)
    path = f"/servers/{server}/os-security-groups"
    assert names(caller, path) == ["default"]
    assert caller.act(server, "addSecurityGroup", {"name": "web"}).status == 202
    assert sorted(names(caller, path)) == ["default", "web"]
    assert refusal(caller.ask("DELETE", f"/os-security-groups/{group}"), 400, "badRequest")
    for name in ("web", "default"):
        assert caller.act(server, "removeSecurityGroup", {"name": name}).status == 202
    assert names(caller, path) == []
    assert "security_groups" not in caller.show(server)
    assert refusal(caller.act(server, "addSecurityGroup", {"name": "moon"}), 404, "itemNotFound")
    assert refusal(caller.act(server, "removeSecurityGroup", {"name": "web"}), 404, "itemNotFound")


def test_a_server_asks_for_groups_that_are_there(frozen: RunningCloud) -> None:
    caller = login(frozen, "asking")
    made(caller, "web")
    refused = caller.ask("POST", "/servers", wanted(security_groups=[{"name": "moon"}]))
    assert refusal(refused, 400, "badRequest") == "Unable to find security_group with name or id 'moon'"
    assert caller.ask("POST", "/servers", wanted(security_groups=[{"name": "web"}])).status == 202


def test_they_are_no_more_since_2_36(frozen: RunningCloud) -> None:
    assert login(frozen).ask("GET", "/os-security-groups", version="2.36").status == 404
