# SPDX-License-Identifier: Apache-2.0
"""Identity v2.0 over a real socket: tokens, tenants and users, in a cloud that takes whoever comes."""

from typing import Any

import pytest

from tests.cloud import Answer, RunningCloud
from tests.services.callers import login

MOUNT = "/identity/v2.0"
FLAT = {"message": "Invalid JSON request body", "code": 400}
NO_TOKEN = "No valid token provided. Please use the 'X-Auth-Token' header with a valid token."


def ask(cloud: RunningCloud, method: str, path: str, body: object = None, token: str | None = None) -> Answer:
    return cloud.ask(method, MOUNT + path, body, {} if token is None else {"X-Auth-Token": token})


def enter(cloud: RunningCloud, user: str, secret: str = "any", **more: Any) -> Answer:
    """Log in by password."""
    return ask(
        cloud, "POST", "/tokens", {"auth": {"passwordCredentials": {"username": user, "password": secret}, **more}}
    )


def refusal(answer: Answer, status: int, fault: str) -> str:
    """The words of a nested refusal."""
    assert (answer.status, set(answer.json)) == (status, {fault}), answer.body
    assert answer.json[fault]["code"] == status
    words: str = answer.json[fault]["message"]
    return words


def test_the_version_document(frozen: RunningCloud) -> None:
    version = ask(frozen, "GET", "").json["version"]
    assert (version["id"], version["status"]) == ("v2.0", "stable")
    assert version["links"][0]["href"].endswith("/identity/v2.0")


def test_a_login_by_password_makes_who_nobody_knows(frozen: RunningCloud) -> None:
    access = enter(frozen, "alice", tenantId="000001").json["access"]
    assert access["token"]["tenant"] == {"id": "000001", "name": "000001"}
    assert access["token"]["expires"] == "2030-01-02T09:00:00Z"
    assert access["token"]["RAX-AUTH:authenticatedBy"] == ["PASSWORD"]
    assert access["user"]["name"] == "alice"
    assert access["user"]["roles"] == [{"id": "3", "name": "identity:user-admin", "description": "User Admin Role."}]
    again = enter(frozen, "alice").json["access"]
    assert again["user"]["id"] == access["user"]["id"]
    assert again["token"]["tenant"]["id"] == "000001"
    assert again["token"]["id"] != access["token"]["id"]


def test_the_catalog_leads_to_services(frozen: RunningCloud) -> None:
    access = enter(frozen, "carla", tenantId="000002").json["access"]
    catalog = {entry["name"]: entry for entry in access["serviceCatalog"]}
    assert {name: entry["type"] for name, entry in catalog.items() if name.startswith("cloud")} == {
        "cloudServersOpenStack": "compute",
        "cloudServersBehavior": "compute",
        "cloudLoadBalancers": "rax:load-balancer",
        "cloudLoadBalancerControl": "rax:load-balancer",
    }
    servers = catalog["cloudServersOpenStack"]["endpoints"]
    assert [one["region"] for one in servers] == ["RegionOne", "North"]
    assert servers[0]["tenantId"] == "000002"
    path = servers[0]["publicURL"].removeprefix(frozen.url)
    answer = frozen.ask("GET", f"{path}/servers", None, {"X-Auth-Token": access["token"]["id"]})
    assert (answer.status, answer.json) == (200, {"servers": []})


def test_the_name_of_a_tenant_wins_over_its_id(frozen: RunningCloud) -> None:
    access = enter(frozen, "dora", tenantName="by-name", tenantId="by-id").json["access"]
    assert access["token"]["tenant"]["id"] == "by-name"


def test_a_login_by_key_and_by_token(frozen: RunningCloud) -> None:
    by_key = {"auth": {"RAX-KSKEY:apiKeyCredentials": {"username": "emma", "apiKey": "any"}, "tenantId": "000003"}}
    access = ask(frozen, "POST", "/tokens", by_key).json["access"]
    assert access["token"]["RAX-AUTH:authenticatedBy"] == ["APIKEY"]
    by_token = {"auth": {"token": {"id": access["token"]["id"]}, "tenantId": "000003"}}
    again = ask(frozen, "POST", "/tokens", by_token).json["access"]
    assert again["user"] == access["user"]
    by_token["auth"]["tenantId"] = "000099"
    told = refusal(ask(frozen, "POST", "/tokens", by_token), 401, "unauthorized")
    assert told == "Token doesn't belong to Tenant with Id/Name: '000099'"
    # A token that nobody knows is one of the tenant's.
    fresh = ask(frozen, "POST", "/tokens", {"auth": {"token": {"id": "never-seen"}, "tenantId": "000003"}}).json[
        "access"
    ]
    assert (fresh["token"]["id"], fresh["user"]["name"]) == ("never-seen", "emma")


def test_a_user_stays_in_the_tenant(frozen: RunningCloud) -> None:
    user = enter(frozen, "frida", tenantId="000004").json["access"]["user"]["id"]
    told = refusal(enter(frozen, "frida", tenantId="000005"), 401, "unauthorized")
    assert told == f"Tenant with Name/Id: '000005' is not valid for User 'frida' (id: '{user}')"
    # Whoever comes second to a tenant is somebody else all the same.
    assert enter(frozen, "gerda", tenantId="000004").json["access"]["user"]["name"] == "gerda"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"auth": {}},
        {"auth": 7},
        {"auth": {"passwordCredentials": {"username": "a"}}},
        {"auth": {"passwordCredentials": {"username": 7, "password": "x"}}},
        {"auth": {"passwordCredentials": {"username": "", "password": "x"}}},
        {"auth": {"passwordCredentials": {"username": "a" * 256, "password": "x"}}},
        {"auth": {"passwordCredentials": {"username": "a", "password": "x"}, "tenantId": 7}},
        {"auth": {"passwordCredentials": {"username": "a", "password": "x"}, "tenantName": None}},
        {"auth": {"RAX-KSKEY:apiKeyCredentials": {"username": "a"}}},
        {"auth": {"RAX-KSKEY:apiKeyCredentials": {"username": "a", "apiKey": {}}}},
        {"auth": {"token": {"id": "x"}}},
        {"auth": {"token": {"id": 7}, "tenantId": "1"}},
        {"auth": {"token": {"id": "a" * 256}, "tenantId": "1"}},
        ["auth"],
        b"null",
        b"{",
        b"",
        b'{"auth": {}, "auth": {}}',
    ],
)
def test_what_is_no_login(frozen: RunningCloud, body: object) -> None:
    answer = ask(frozen, "POST", "/tokens", body)
    assert (answer.status, answer.json) == (400, FLAT)


@pytest.mark.parametrize("path", ["/tokens", "/RAX-AUTH/impersonation-tokens"])
def test_what_is_no_body(frozen: RunningCloud, path: str) -> None:
    def sent(body: bytes, media: str = "application/json") -> Answer:
        return frozen.ask("POST", MOUNT + path, body, {"Content-Type": media})

    assert refusal(sent(b"[" * 300 + b"]" * 300), 400, "badRequest")
    assert refusal(sent(b'"' + b"a" * 2**20 + b'"'), 413, "overLimit")
    assert refusal(sent(b"a=b", "text/plain"), 415, "badMediaType")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/tokens"),
        ("DELETE", "/tokens/x"),
        ("POST", "/tokens/x/endpoints"),
        ("POST", "/tenants"),
        ("PATCH", "/users"),
        ("DELETE", "/users/x"),
        ("POST", "/users/x/OS-KSADM/credentials"),
        ("GET", "/RAX-AUTH/impersonation-tokens"),
        ("PUT", "/services"),
        ("PATCH", "/OS-KSCATALOG/endpointTemplates"),
        ("PUT", "/tenants/1/OS-KSCATALOG/endpoints"),
    ],
)
def test_a_path_has_its_methods(frozen: RunningCloud, method: str, path: str) -> None:
    assert refusal(ask(frozen, method, path), 405, "badMethod") == "Method Not Allowed"


def test_names_in_paths_have_bounds(frozen: RunningCloud) -> None:
    long = "x" * 256
    for name in ("", long):
        told = refusal(ask(frozen, "GET", f"/users?name={name}"), 400, "badRequest")
        assert told == "A user's name has 1 to 255 characters."
        told = refusal(ask(frozen, "GET", f"/tokens/bounded?belongsTo={name}"), 404, "itemNotFound")
        assert told == f"Token doesn't belong to Tenant with Id/Name: '{name}'"
    for path in ("", "/endpoints"):
        assert refusal(ask(frozen, "GET", f"/tokens/{long}{path}"), 404, "itemNotFound") == "Token not found."
    assert refusal(frozen.ask("GET", f"/identity/v1.1/mosso/{long}"), 404, "itemNotFound")


def test_a_token_that_has_expired_lets_nobody_in(frozen: RunningCloud) -> None:
    token = enter(frozen, "berta", tenantId="000014").json["access"]["token"]["id"]
    frozen.advance(86401)
    again = {"auth": {"token": {"id": token}, "tenantId": "000014"}}
    told = refusal(ask(frozen, "POST", "/tokens", again), 401, "unauthorized")
    assert told == "Unable to authenticate user with credentials provided."
    assert refusal(ask(frozen, "GET", f"/tokens/{token}"), 404, "itemNotFound") == "Token not found."
    assert refusal(ask(frozen, "GET", "/tenants", token=token), 401, "unauthorized") == NO_TOKEN


def test_tokens_are_validated(frozen: RunningCloud) -> None:
    access = enter(frozen, "helga", tenantId="000006").json["access"]
    token = access["token"]["id"]
    seen = ask(frozen, "GET", f"/tokens/{token}").json["access"]
    assert seen == {key: value for key, value in access.items() if key != "serviceCatalog"}
    assert ask(frozen, "GET", f"/tokens/{token}?belongsTo=000006").status == 200
    told = refusal(ask(frozen, "GET", f"/tokens/{token}?belongsTo=000007"), 404, "itemNotFound")
    assert told == "Token doesn't belong to Tenant with Id/Name: '000007'"
    # One that nobody knows makes a session.
    made = ask(frozen, "GET", "/tokens/just-invented").json["access"]
    assert made["token"]["id"] == "just-invented"
    assert ask(frozen, "GET", "/tokens/just-invented").json["access"] == made


@pytest.mark.parametrize(
    ("tenant", "roles"), [("09876", ["observer"]), ("09090", ["creator"]), ("9999", ["admin", "observer"])]
)
def test_some_tenants_have_roles_of_their_own(frozen: RunningCloud, tenant: str, roles: list[str]) -> None:
    seen = ask(frozen, "GET", f"/tokens/of-{tenant}?belongsTo={tenant}").json["access"]
    assert [role["name"] for role in seen["user"]["roles"]] == roles


OVERSEEING = ["monitoring:service-admin", "object-store:admin"]


@pytest.mark.parametrize(
    ("token", "tenant", "user", "contact", "used_by"),
    [
        ("OneTwo", "135790", "12", "12", None),
        ("ThreeFour", "135790", "34", "34", None),
        ("ThreeFourImpersonator", "135790", "34", "34", OVERSEEING),
        ("ThreeFourRacker", "135790", "34", "34", ["Racker"]),
        ("HybridOneTwo", "hybrid:123456", "12", "12", None),
        ("HybridThreeFour", "hybrid:123456", "34", "34", None),
        ("HybridFiveSix", "hybrid:123456", "56", "56", None),
        ("HybridOneTwoRacker", "hybrid:123456", "12", "12", ["Racker"]),
        ("HybridThreeFourImpersonator", "hybrid:123456", "34", "34", OVERSEEING),
        ("HybridSevenEight", "hybrid:123456", "78", "78", None),
        ("HybridNineZero", "hybrid:123456", "90", None, None),
    ],
)
def test_the_tokens_that_are_known_by_heart(
    frozen: RunningCloud, token: str, tenant: str, user: str, contact: str | None, used_by: list[str] | None
) -> None:
    seen = ask(frozen, "GET", f"/tokens/{token}").json["access"]
    assert (seen["token"]["tenant"]["id"], seen["user"]["id"]) == (tenant, user)
    assert seen["user"].get("RAX-AUTH:contactId") == contact
    assert impersonator(seen) == used_by


def impersonator(access: dict[str, Any]) -> list[str] | None:
    """The names of the roles of whoever uses the token, in somebody's place."""
    by = access.get("RAX-AUTH:impersonator")
    return None if by is None else [role["name"] for role in by["roles"]]


@pytest.mark.parametrize(
    ("token", "used_by"),
    [
        ("this_is_an_impersonator_token", OVERSEEING),
        ("this_is_an_impersonator_token_also", OVERSEEING),
        ("this_is_an_impersonator_token_also_2", OVERSEEING),
        ("impersonate_watson", OVERSEEING),
        ("impersonate_creator", OVERSEEING),
        ("impersonate_foo_token", OVERSEEING),
        ("this_is_a_racker_token", ["Racker"]),
    ],
)
def test_some_tokens_are_used_by_others(frozen: RunningCloud, token: str, used_by: list[str]) -> None:
    seen = ask(frozen, "GET", f"/tokens/{token}").json["access"]
    assert impersonator(seen) == used_by
    assert seen["RAX-AUTH:impersonator"]["name"] == seen["user"]["name"]
    assert ask(frozen, "GET", f"/tokens/{token}").json["access"] == seen


def test_one_token_is_never_valid(frozen: RunningCloud) -> None:
    for path in ("", "/endpoints"):
        answer = ask(frozen, "GET", f"/tokens/never-cache-this-and-fail-to-auth{path}")
        assert refusal(answer, 401, "unauthorized") == "Invalid auth token"


def test_a_token_has_endpoints_and_a_tenant(frozen: RunningCloud) -> None:
    token = enter(frozen, "irma", tenantId="000008").json["access"]["token"]["id"]
    endpoints = ask(frozen, "GET", f"/tokens/{token}/endpoints").json["endpoints"]
    (balancers,) = [e for e in endpoints if e["name"] == "cloudLoadBalancers" and e["region"] == "North"]
    assert balancers["publicURL"] == balancers["internalURL"]
    assert balancers["publicURL"].endswith("/000008")
    assert len({e["id"] for e in endpoints}) == len(endpoints)
    assert ask(frozen, "GET", "/tenants", token=token).json == {
        "tenants": [{"id": "000008", "name": "000008", "enabled": True}]
    }
    for wrong in (None, "unknown"):
        assert refusal(ask(frozen, "GET", "/tenants", token=wrong), 401, "unauthorized") == NO_TOKEN


def test_a_token_is_given_back(frozen: RunningCloud) -> None:
    token = enter(frozen, "judy", tenantId="000009").json["access"]["token"]["id"]
    assert ask(frozen, "DELETE", "/tokens", token=token).status == 204
    assert refusal(ask(frozen, "GET", "/tenants", token=token), 401, "unauthorized") == NO_TOKEN


def test_users_and_their_keys(frozen: RunningCloud) -> None:
    user = ask(frozen, "GET", "/users?name=karla").json["user"]
    assert (user["username"], user["enabled"]) == ("karla", True)
    assert ask(frozen, "GET", f"/users/{user['id']}").json == {"user": user}
    at = f"/users/{user['id']}/OS-KSADM/credentials"
    (key,) = ask(frozen, "GET", at).json["credentials"]
    assert key["RAX-KSKEY:apiKeyCredentials"]["username"] == "karla"
    assert len(key["RAX-KSKEY:apiKeyCredentials"]["apiKey"]) == 32
    # It stays.
    assert ask(frozen, "GET", f"{at}/RAX-KSKEY:apiKeyCredentials").json == key
    told = refusal(ask(frozen, "GET", "/users/nobody/OS-KSADM/credentials"), 404, "itemNotFound")
    assert told == "User nobody not found"


def test_what_v1_1_says_of_a_tenant(frozen: RunningCloud) -> None:
    enter(frozen, "lisa", tenantId="000010")
    answer = frozen.ask("GET", "/identity/v1.1/mosso/000010")
    assert (answer.status, answer.json) == (301, {"user": {"id": "lisa"}})


def test_both_versions_have_the_same_users(frozen: RunningCloud) -> None:
    caller = login(frozen, "demo")
    access = enter(frozen, "demo", tenantName="demo").json["access"]
    assert access["user"]["id"] == caller.user
    assert access["token"]["tenant"] == {"id": caller.project, "name": "demo"}
    token = access["token"]["id"]
    answer = frozen.ask("GET", "/identity/v3/auth/tokens", None, {"X-Auth-Token": token, "X-Subject-Token": token})
    assert answer.json["token"]["project"]["id"] == caller.project
