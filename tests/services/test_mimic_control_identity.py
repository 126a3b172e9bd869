# SPDX-License-Identifier: Apache-2.0
"""Mimic's control of logins over a real socket, and what else it told: presets, and its clock."""

from typing import Any

import pytest

from tests.cloud import Answer, RunningCloud
from tests.services.callers import LOGIN, NOBODY, password, project, refusal

CONTROL = "/mimic/v1.1/IdentityControlAPI/behaviors/auth"
V2 = "/identity/v2.0"
FAILS: dict[str, Any] = {"name": "fail", "parameters": {}}
REFUSED = "Unable to authenticate user with credentials provided."


def register(cloud: RunningCloud, behavior: dict[str, Any], *criteria: Any) -> str:
    answer = cloud.ask("POST", CONTROL, {"criteria": list(criteria), **behavior})
    assert (answer.status, set(answer.json)) == (201, {"id"}), answer.body
    return str(answer.json["id"])


def enter(cloud: RunningCloud, name: str, **more: Any) -> Answer:
    credentials = {"passwordCredentials": {"username": name, "password": "x"}, **more}
    return cloud.ask("POST", f"{V2}/tokens", {"auth": credentials})


def impersonate(cloud: RunningCloud, name: str) -> Answer:
    body = {"RAX-AUTH:impersonation": {"user": {"username": name}}}
    return cloud.ask("POST", f"{V2}/RAX-AUTH/impersonation-tokens", body)


def test_logins_that_fit_fail_until_the_behavior_is_removed(frozen: RunningCloud) -> None:
    behavior = register(frozen, FAILS, {"username": "ann"})
    assert refusal(enter(frozen, "anna"), 401, "unauthorized") == REFUSED
    keyed = {"auth": {"RAX-KSKEY:apiKeyCredentials": {"username": "ann", "apiKey": "x"}}}
    assert frozen.ask("POST", f"{V2}/tokens", keyed).status == 401
    assert frozen.ask("POST", LOGIN, password("ann")).status == 401
    assert impersonate(frozen, "ann").status == 401
    assert enter(frozen, "joann").status == 200
    assert frozen.ask("DELETE", f"{CONTROL}/{behavior}").status == 204
    assert enter(frozen, "anna").status == 200


def test_a_failed_login_makes_nobody(frozen: RunningCloud) -> None:
    behavior = register(frozen, FAILS, {"username": "nobody"})
    assert enter(frozen, "nobody", tenantId="777").status == 401
    assert frozen.ask("DELETE", f"{CONTROL}/{behavior}").status == 204
    assert enter(frozen, "nobody", tenantId="778").json["access"]["token"]["tenant"]["id"] == "778"


def test_a_failure_is_as_it_was_registered(frozen: RunningCloud) -> None:
    fails = {"name": "fail", "parameters": {"code": 500, "message": "down", "type": "identityFault"}}
    behavior = register(frozen, fails, {"username": "bea"})
    assert refusal(enter(frozen, "bea"), 500, "identityFault") == "down"
    text = {"name": "fail", "parameters": {"code": 502, "message": "bad gateway", "type": "string"}}
    another = register(frozen, text, {"username": "cleo"})
    answer = enter(frozen, "cleo")
    assert (answer.status, answer.body) == (502, b"bad gateway")
    for one in (behavior, another):
        assert frozen.ask("DELETE", f"{CONTROL}/{one}").status == 204


def test_a_tenant_can_be_named(frozen: RunningCloud) -> None:
    behavior = register(frozen, FAILS, {"tenant_id": "55[0-9]"})
    assert [enter(frozen, f"dan{id}", tenantId=id).status for id in ("550", "5500", "155", "56")] == [
        401,
        401,
        200,
        200,
    ]
    assert enter(frozen, "dora", tenantName="551").status == 401
    # What doesn't say a tenant doesn't fit, and an impersonation never does.
    assert enter(frozen, "dean").status == 200
    assert impersonate(frozen, "dan").status == 200
    assert frozen.ask("POST", LOGIN, password("dan", scope=project("552"))).status == 401
    assert frozen.ask("DELETE", f"{CONTROL}/{behavior}").status == 204


def test_a_sequence_goes_round(frozen: RunningCloud) -> None:
    steps = [{"name": "default"}, FAILS, {"name": "fail", "parameters": {"code": 503}}]
    behavior = register(frozen, {"name": "sequence", "parameters": {"behaviors": steps}}, {"username": "eva"})
    seen = [enter(frozen, "eva").status, impersonate(frozen, "eva").status, enter(frozen, "eva").status]
    assert seen + [enter(frozen, "eva").status for _ in range(2)] == [200, 401, 503, 200, 401]
    (listed,) = frozen.ask("GET", CONTROL).json["behaviors"]
    assert (listed["id"], listed["criteria"]) == (behavior, [{"username": "eva"}])
    assert frozen.ask("GET", f"{CONTROL}/{behavior}").json == listed
    (rule,) = frozen.ask("GET", f"/_mimic/rules/{behavior}").json["rules"]
    assert (rule["name"], rule["layer"], rule["hits"]["matched"]) == ("registered_login", "run-time", 5)
    assert frozen.ask("DELETE", f"{CONTROL}/{behavior}").status == 204
    assert enter(frozen, "eva").status == 200


def test_what_is_not_a_login_goes_on(frozen: RunningCloud) -> None:
    token = enter(frozen, "fay").json["access"]["token"]["id"]
    behavior = register(frozen, FAILS)
    assert enter(frozen, "fay").status == 401
    assert frozen.ask("GET", f"{V2}/tokens/{token}").status == 200
    assert frozen.ask("GET", f"{V2}/tokens/{token}/endpoints").status == 200
    assert frozen.ask("DELETE", f"{CONTROL}/{behavior}").status == 204


def test_the_first_that_fits_counts_until_it_is_removed(frozen: RunningCloud) -> None:
    def fails(code: int) -> dict[str, Any]:
        return {"name": "fail", "parameters": {"code": code}}

    first = register(frozen, fails(500), {"username": "g.*"}, {"tenant_id": "9"})
    second = register(frozen, fails(503), {"username": "gil"})
    assert enter(frozen, "gil", tenantId="9").status == 500
    # All criteria have to hold.
    assert [enter(frozen, "gil", tenantId="8").status, enter(frozen, "gil").status] == [503, 503]
    assert frozen.ask("DELETE", f"{CONTROL}/{first}").status == 204
    assert enter(frozen, "gil", tenantId="9").status == 503
    assert frozen.ask("DELETE", f"{CONTROL}/{second}").status == 204
    assert enter(frozen, "gil", tenantId="9").status == 200


def test_a_login_by_token_has_no_name(frozen: RunningCloud) -> None:
    access = enter(frozen, "hal", tenantId="600").json["access"]
    by_token = {"auth": {"token": {"id": access["token"]["id"]}, "tenantId": "600"}}
    behavior = register(frozen, FAILS, {"username": ".*"})
    assert frozen.ask("POST", f"{V2}/tokens", by_token).status == 200
    assert frozen.ask("DELETE", f"{CONTROL}/{behavior}").status == 204
    behavior = register(frozen, FAILS, {"tenant_id": "600"})
    assert frozen.ask("POST", f"{V2}/tokens", by_token).status == 401
    assert frozen.ask("DELETE", f"{CONTROL}/{behavior}").status == 204


@pytest.mark.parametrize(
    "body",
    [
        b"[",
        {},
        {"criteria": [], "parameters": {}},
        {"name": "fail", "parameters": {}},
        {"name": "fail", "criteria": []},
        {"name": "fail", "criteria": [], "parameters": None},
        {"name": "error", "criteria": [], "parameters": {}},
        {"name": "fail", "criteria": [{"server_name": "x"}], "parameters": {}},
        {"name": "fail", "criteria": [{"username": "("}], "parameters": {}},
        {"name": "fail", "criteria": [], "parameters": {"code": 1000}},
        {"name": "sequence", "criteria": [], "parameters": {"behaviors": []}},
        {"name": "sequence", "criteria": [], "parameters": {"behaviors": [{"name": "fail"}]}},
    ],
)
def test_what_is_no_behavior_changes_nothing(frozen: RunningCloud, body: Any) -> None:
    assert refusal(frozen.ask("POST", CONTROL, body), 400, "badRequest")
    assert frozen.ask("GET", CONTROL).json == {"behaviors": []}


def test_what_is_not_there_is_not_removed(frozen: RunningCloud) -> None:
    for id in (NOBODY, "7"):
        assert refusal(frozen.ask("DELETE", f"{CONTROL}/{id}"), 404, "itemNotFound")
    assert frozen.ask("PUT", CONTROL, {}).status == 405


def test_presets_are_told(frozen: RunningCloud) -> None:
    told = frozen.ask("GET", "/mimic/v1.0/presets")
    assert (told.status, set(told.json)) == (200, {"loadbalancers", "servers", "identity"})
    assert set(told.json["loadbalancers"]) == {
        "lb_building",
        "lb_error_state",
        "lb_pending_update",
        "lb_pending_delete",
    }
    for key in ("create_server_failure", "delete_server_failure", "server_building", "server_error"):
        assert isinstance(told.json["servers"][key], str)
    assert told.json["servers"]["invalid_image_ref"] == ["INVALID-IMAGE-ID", "1111", "image_ends_with_Z"]
    assert told.json["servers"]["invalid_flavor_ref"] == ["INVALID-FLAVOR-ID", "8888", "-4", "1"]
    (invalid,) = told.json["identity"]["token_fail_to_auth"]
    assert frozen.ask("GET", f"{V2}/tokens/{invalid}").status == 401
    identity = told.json["identity"]
    assert len(identity["maas_admin_roles"]) == 6
    fixed = [name for name in identity if name.startswith(("dedicated_", "non_dedicated_"))]
    assert len(fixed) == 11
    for name in fixed:
        (token,) = identity[name]
        access = frozen.ask("GET", f"{V2}/tokens/{token}").json["access"]
        assert access["token"]["tenant"]["id"] == ("135790" if name.startswith("non_") else "hybrid:123456")


def test_the_clock_goes_on_when_it_is_told_to(frozen: RunningCloud) -> None:
    before = frozen.ask("GET", "/_mimic/clock").json["now"]
    answer = frozen.ask("POST", "/mimic/v1.1/tick", {"amount": 1.5})
    assert (answer.status, answer.json["advanced"]) == (200, 1.5)
    assert answer.json["now"].endswith("Z")
    assert frozen.ask("GET", "/_mimic/clock").json["now"] == before + 1.5
    for wrong in ({"amount": -1}, {"amount": "soon"}, {"amount": None}, {}, [], b"{"):
        refused = frozen.ask("POST", "/mimic/v1.1/tick", wrong)
        assert (refused.status, set(refused.json)) == (400, {"error"})
    assert frozen.ask("GET", "/mimic/v1.1/tick").status == 405
    assert frozen.ask("GET", "/_mimic/clock").json["now"] == before + 1.5
