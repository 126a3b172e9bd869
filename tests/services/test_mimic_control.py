# SPDX-License-Identifier: Apache-2.0
"""Mimic's control of servers over a real socket: behaviors that are registered, and what servers are said to be in."""

from typing import Any

import pytest

from tests.cloud import Answer, RunningCloud
from tests.services.callers import CIRROS, NOBODY, refusal

BEHAVIORS = "/behaviors/creation"
FAILS = {"name": "fail", "parameters": {"code": 503, "message": "no room", "type": "serviceUnavailable"}}
BROKEN = "The server has either erred or is incapable of performing the requested operation"


class Tenant:
    """One tenant of Cloud Servers v2, whose paths are those that Mimic's catalog had."""

    def __init__(self, cloud: RunningCloud, tenant: str, region: str = "RegionOne") -> None:
        auth = {"auth": {"passwordCredentials": {"username": tenant, "password": "x"}, "tenantId": tenant}}
        self.token = cloud.ask("POST", "/identity/v2.0/tokens", auth).json["access"]["token"]["id"]
        self.cloud, self.id, self.region = cloud, tenant, region

    def ask(self, method: str, path: str, body: object = None) -> Answer:
        path = f"/mimicking/cloudServersOpenStack/{self.region}/v2/{self.id}{path}"
        return self.cloud.ask(method, path, body, {"X-Auth-Token": self.token})

    def tell(self, method: str, path: str, body: object = None) -> Answer:
        """Ask the control service, which wants no token."""
        return self.cloud.ask(method, f"/mimicking/cloudServersBehavior/{self.region}/v2/{self.id}{path}", body)

    def register(self, behavior: dict[str, Any], *criteria: Any) -> str:
        answer = self.tell("POST", BEHAVIORS, {"criteria": list(criteria), **behavior})
        assert (answer.status, set(answer.json)) == (201, {"id"}), answer.body
        return str(answer.json["id"])

    def create(self, name: str = "web", **metadata: str) -> Answer:
        server = {"name": name, "flavorRef": "2", "imageRef": CIRROS, "metadata": metadata}
        return self.ask("POST", "/servers", {"server": server})

    def made(self, name: str = "web", **metadata: str) -> str:
        answer = self.create(name, **metadata)
        assert answer.status == 202, answer.body
        return str(answer.json["server"]["id"])

    def status(self, server: str) -> str:
        return str(self.ask("GET", f"/servers/{server}").json["server"]["status"])

    def tick(self, seconds: float) -> None:
        assert self.cloud.ask("POST", "/mimic/v1.1/tick", {"amount": seconds}).status == 200


def test_a_failure_is_answered_and_nothing_is_made(frozen: RunningCloud) -> None:
    tenant = Tenant(frozen, "fail")
    behavior = tenant.register(FAILS)
    assert refusal(tenant.create(), 503, "serviceUnavailable") == "no room"
    assert tenant.ask("GET", "/servers").json["servers"] == []
    assert tenant.tell("DELETE", f"{BEHAVIORS}/{behavior}").status == 204
    assert tenant.create().status == 202


def test_what_a_failure_leaves_out_is_mimics(frozen: RunningCloud) -> None:
    tenant = Tenant(frozen, "bare")
    tenant.register({"name": "fail", "parameters": {}})
    assert refusal(tenant.create(), 500, "computeFault") == BROKEN


def test_a_failure_may_be_a_text_as_it_is(frozen: RunningCloud) -> None:
    tenant = Tenant(frozen, "raw")
    tenant.register({"name": "fail", "parameters": {"code": 403, "type": "string", "message": "<h1>no</h1>"}})
    answer = tenant.create()
    assert (answer.status, answer.body) == (403, b"<h1>no</h1>")


def test_a_false_negative_fails_and_makes_the_server(frozen: RunningCloud) -> None:
    tenant = Tenant(frozen, "negative")
    tenant.register({**FAILS, "name": "false-negative"})
    assert refusal(tenant.create("lost"), 503, "serviceUnavailable") == "no room"
    assert [one["name"] for one in tenant.ask("GET", "/servers").json["servers"]] == ["lost"]


def test_states_go_as_was_registered(frozen: RunningCloud) -> None:
    tenant = Tenant(frozen, "states")
    builds = tenant.register({"name": "build", "parameters": {"duration": 20}}, {"server_name": "slow"})
    tenant.register({"name": "error", "parameters": {}}, {"server_name": "bad"})
    tenant.register({"name": "active-then-error", "parameters": {"duration": "30.5"}}, {"server_name": "late"})
    slow, bad, late = (tenant.made(name) for name in ("slow", "bad", "late"))
    seen = []
    for seconds in (0, 19.5, 0.5, 10.5):
        tenant.tick(seconds)
        seen.append([tenant.status(one) for one in (slow, bad, late)])
    assert seen == [
        ["BUILD", "ERROR", "ACTIVE"],
        ["BUILD", "ERROR", "ACTIVE"],
        ["ACTIVE", "ERROR", "ACTIVE"],
        ["ACTIVE", "ERROR", "ERROR"],
    ]
    assert builds in tenant.cloud.ask("GET", f"/_mimic/rules/{builds}").json["rules"][0]["id"]


def test_a_sequence_goes_round_with_each_server_that_fits(frozen: RunningCloud) -> None:
    tenant = Tenant(frozen, "sequence")
    steps = [FAILS, {"name": "default"}, {"name": "error", "parameters": {}}]
    tenant.register({"name": "sequence", "parameters": {"behaviors": steps}}, {"server_name": "web-[0-9]"})
    assert tenant.create("db-1").status == 202
    seen = []
    for number in range(6):
        answer = tenant.create(f"web-{number}")
        tenant.tick(60)
        seen.append(tenant.status(answer.json["server"]["id"]) if answer.status == 202 else answer.status)
    assert seen == [503, "ACTIVE", "ERROR"] * 2


def test_criteria_are_patterns_from_the_beginning_and_all_must_hold(frozen: RunningCloud) -> None:
    tenant = Tenant(frozen, "criteria")
    tenant.register(FAILS, {"server_name": "web"}, {"metadata": {"color": "red|blue", "none": "$"}})
    assert [
        tenant.create("web-1", color="red").status,
        tenant.create("web", color="blueish").status,
        tenant.create("a web", color="red").status,
        tenant.create("web", color="dark red").status,
        tenant.create("web").status,
        tenant.create("web", color="red", none="some").status,
    ] == [503, 503, 202, 202, 202, 202]


def test_the_first_that_was_registered_wins_and_gone_uncovers_the_next(frozen: RunningCloud) -> None:
    tenant = Tenant(frozen, "order")
    first = tenant.register({"name": "sequence", "parameters": {"behaviors": [{"name": "default"}]}})
    tenant.register(FAILS)
    assert tenant.create().status == 202
    assert tenant.tell("DELETE", f"{BEHAVIORS}/{first}").status == 204
    assert tenant.create().status == 503


def test_metadata_of_a_server_come_before_what_is_registered(frozen: RunningCloud) -> None:
    tenant = Tenant(frozen, "metadata")
    tenant.register(FAILS)
    failure = '{"code": 418, "message": "tea", "type": "teapot"}'
    assert tenant.create(create_server_failure=failure).status == 418
    assert tenant.status(tenant.made(server_building="5")) == "BUILD"
    assert tenant.create(server_error="yes").status == 202


def test_behaviors_are_of_a_tenant_in_a_region(frozen: RunningCloud) -> None:
    tenant, other = Tenant(frozen, "here"), Tenant(frozen, "there")
    tenant.register(FAILS)
    north = Tenant(frozen, "here", "North")
    assert [one.create().status for one in (tenant, other, north)] == [503, 202, 202]
    assert north.tell("GET", BEHAVIORS).json == {"behaviors": []}


def test_behaviors_are_listed(frozen: RunningCloud) -> None:
    tenant = Tenant(frozen, "listed")
    behavior = tenant.register(FAILS, {"server_name": "x"}, {"metadata": {"a": "b"}})
    (one,) = tenant.tell("GET", BEHAVIORS).json["behaviors"]
    assert (one["id"], one["name"], one["criteria"]) == (
        behavior,
        "fail",
        [{"server_name": "x"}, {"metadata": {"a": "b"}}],
    )
    assert tenant.tell("GET", f"{BEHAVIORS}/{behavior}").json == one


def test_a_behavior_is_a_rule_of_the_world_with_its_hits(frozen: RunningCloud) -> None:
    tenant = Tenant(frozen, "rule")
    behavior = tenant.register(FAILS)
    answer = tenant.create()
    assert answer.headers["x-mimic-rule"].endswith(f"#{behavior}")
    (rule,) = frozen.ask("GET", f"/_mimic/rules/{behavior}").json["rules"]
    assert (rule["name"], rule["layer"], rule["enabled"]) == ("registered", "run-time", True)
    assert rule["record"] == {"kind": "compute.behavior", "key": behavior, "tenant": "rule", "region": "RegionOne"}
    assert (rule["hits"]["matched"], rule["hits"]["decided"]) == (1, 1)
    listed = frozen.ask("GET", "/_mimic/rules?layer=run-time").json["rules"]
    assert rule in listed
    assert tenant.tell("DELETE", f"{BEHAVIORS}/{behavior}").status == 204
    assert frozen.ask("GET", f"/_mimic/rules/{behavior}").status == 404


def test_behaviors_hold_for_compute_in_all_its_dialects(frozen: RunningCloud) -> None:
    tenant = Tenant(frozen, "dialects")
    tenant.register(FAILS)
    server = {"name": "web", "flavorRef": "1", "imageRef": CIRROS}
    headers = {"X-Auth-Token": tenant.token, "OpenStack-API-Version": "compute 2.1"}
    assert frozen.ask("POST", "/compute/v2.1/servers", {"server": server}, headers).status == 503


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        {},
        [],
        {"name": "fail", "criteria": []},
        {"name": "fail", "parameters": {}},
        {"criteria": [], "parameters": {}},
        {"name": "explode", "criteria": [], "parameters": {}},
        {"name": "default", "criteria": [], "parameters": {}},
        {"name": "build", "criteria": [], "parameters": {}},
        {"name": "build", "criteria": [], "parameters": {"duration": "long"}},
        {"name": "fail", "criteria": [], "parameters": {"code": 99}},
        {"name": "fail", "criteria": [], "parameters": {"code": "x"}},
        {"name": "fail", "criteria": [{"color": "red"}], "parameters": {}},
        {"name": "fail", "criteria": [{"server_name": "("}], "parameters": {}},
        {"name": "fail", "criteria": [{"server_name": "(?=a)"}], "parameters": {}},
        {"name": "fail", "criteria": [{"server_name": {"a": "b"}}], "parameters": {}},
        {"name": "fail", "criteria": [{"metadata": "x"}], "parameters": {}},
        {"name": "fail", "criteria": [{"metadata": {"a": "("}}], "parameters": {}},
        {"name": "fail", "criteria": [{"metadata": {"a": 1}}], "parameters": {}},
        {"name": "sequence", "criteria": [], "parameters": {}},
        {"name": "sequence", "criteria": [], "parameters": {"behaviors": []}},
        {"name": "sequence", "criteria": [], "parameters": {"behaviors": ["fail"]}},
        {"name": "sequence", "criteria": [], "parameters": {"behaviors": [{"name": "fail"}]}},
        {"name": "sequence", "criteria": [], "parameters": {"behaviors": [{"name": "sequence", "parameters": {}}]}},
    ],
)
def test_what_is_no_behavior_changes_nothing(frozen: RunningCloud, body: Any) -> None:
    tenant = Tenant(frozen, "wrong")
    answer = tenant.tell("POST", BEHAVIORS, body)
    assert refusal(answer, 400, "badRequest")
    assert tenant.tell("GET", BEHAVIORS).json == {"behaviors": []}


def test_what_is_not_there_is_not_removed(frozen: RunningCloud) -> None:
    tenant = Tenant(frozen, "nothing")
    for behavior in (NOBODY, "none"):
        assert tenant.tell("DELETE", f"{BEHAVIORS}/{behavior}").status == 404
    for method in ("PUT", "PATCH", "DELETE"):
        assert tenant.tell(method, BEHAVIORS, {}).status == 405


def test_a_tester_says_what_servers_are_in(frozen: RunningCloud) -> None:
    tenant = Tenant(frozen, "attributes")
    one, two, three = (tenant.made() for _ in range(3))
    answer = tenant.tell("POST", "/attributes/", {"status": {one: "ERROR", two: "BUILD", three: "DELETED"}})
    assert (answer.status, answer.body) == (201, b"")
    tenant.tick(3600)
    assert [tenant.status(server) for server in (one, two)] == ["ERROR", "BUILD"]
    assert tenant.ask("GET", f"/servers/{three}").status == 404


@pytest.mark.parametrize("wrong", [{NOBODY: "ERROR"}, {"gone": "ERROR"}])
def test_all_servers_are_there_or_nothing_is_said(frozen: RunningCloud, wrong: dict[str, str]) -> None:
    tenant = Tenant(frozen, "atomic")
    server = tenant.made()
    tenant.tick(60)
    assert tenant.tell("POST", "/attributes", {"status": {server: "ERROR", **wrong}}).status == 400
    assert tenant.tell("POST", "/attributes", {"status": {server: "FINE"}}).status == 400
    assert tenant.tell("POST", "/attributes", {}).status == 400
    assert tenant.status(server) == "ACTIVE"


def test_the_catalog_leads_to_control_and_first_to_what_is_controlled(frozen: RunningCloud) -> None:
    auth = {"auth": {"passwordCredentials": {"username": "catalog", "password": "x"}, "tenantId": "catalog"}}
    catalog = frozen.ask("POST", "/identity/v2.0/tokens", auth).json["access"]["serviceCatalog"]
    compute = [entry for entry in catalog if entry["type"] == "compute"]
    assert [entry["name"] for entry in compute] == ["cloudServersOpenStack", "cloudServersBehavior"]
    north = compute[1]["endpoints"][1]
    assert north["region"] == "North"
    path = north["publicURL"].removeprefix(frozen.url)
    body = {"criteria": [], **FAILS}
    assert frozen.ask("POST", f"{path}{BEHAVIORS}", body).status == 201
    assert Tenant(frozen, "catalog", "North").create().status == 503


def test_no_region_but_the_clouds_own_is_there(frozen: RunningCloud) -> None:
    assert Tenant(frozen, "where", "ORD").tell("GET", BEHAVIORS).status == 501
