# SPDX-License-Identifier: Apache-2.0
"""Identity v2.0 in a strict cloud, over a real socket: who is taken for whom, and who may what."""

from typing import Any

import pytest

from tests.cloud import RunningCloud
from tests.services.test_identity_v2 import NO_TOKEN, ask, enter, refusal

REFUSED = "Unable to authenticate user with credentials provided."


def test_a_strict_cloud_knows_its_users(strict: RunningCloud) -> None:
    assert refusal(enter(strict, "nobody"), 401, "unauthorized") == REFUSED
    assert refusal(enter(strict, "demo", "wrong"), 401, "unauthorized") == REFUSED
    access = enter(strict, "demo", "password").json["access"]
    assert access["token"]["tenant"]["name"] == "demo"
    told = refusal(enter(strict, "demo", "password", tenantName="admin"), 401, "unauthorized")
    assert told.startswith("Tenant with Name/Id: 'admin' is not valid for User 'demo'")
    admin = enter(strict, "admin", "password").json["access"]["token"]["id"]
    assert refusal(ask(strict, "GET", "/tokens/unknown", token=admin), 404, "itemNotFound") == "Token not found."
    assert refusal(ask(strict, "GET", f"/tokens/{admin}"), 401, "unauthorized") == NO_TOKEN
    at = f"/users/{access['user']['id']}/OS-KSADM/credentials/RAX-KSKEY:apiKeyCredentials"
    key = ask(strict, "GET", at, token=admin).json["RAX-KSKEY:apiKeyCredentials"]
    assert ask(strict, "POST", "/tokens", {"auth": {"RAX-KSKEY:apiKeyCredentials": key}}).status == 200
    wrong = {"auth": {"RAX-KSKEY:apiKeyCredentials": {**key, "apiKey": "wrong"}}}
    assert refusal(ask(strict, "POST", "/tokens", wrong), 401, "unauthorized") == REFUSED
    body = {"RAX-AUTH:impersonation": {"user": {"username": "admin"}}}
    answer = ask(strict, "POST", "/RAX-AUTH/impersonation-tokens", body, access["token"]["id"])
    assert refusal(answer, 403, "forbidden") == "Not Authorized"


def people(cloud: RunningCloud) -> tuple[dict[str, Any], dict[str, Any]]:
    """An administrator and somebody else, as they are shown when they log in."""
    admin, demo = (enter(cloud, name, "password").json["access"] for name in ("admin", "demo"))
    return admin, demo


def of_others(other: dict[str, Any]) -> list[tuple[str, str]]:
    """What is asked about somebody else, whose login this is."""
    user, token, tenant = other["user"], other["token"]["id"], other["token"]["tenant"]["id"]
    credentials = f"/users/{user['id']}/OS-KSADM/credentials"
    return [
        ("GET", credentials),
        ("GET", f"{credentials}/RAX-KSKEY:apiKeyCredentials"),
        ("GET", f"/users/{user['id']}"),
        ("GET", f"/users?name={user['name']}"),
        ("GET", f"/tokens/{token}"),
        ("GET", f"/tokens/{token}?belongsTo={tenant}"),
        ("GET", f"/tokens/{token}/endpoints"),
        ("GET", f"/../v1.1/mosso/{tenant}"),
    ]


FOR_ADMINISTRATORS = [
    ("GET", "/services"),
    ("POST", "/services"),
    ("DELETE", "/services/x"),
    ("GET", "/OS-KSCATALOG/endpointTemplates"),
    ("POST", "/OS-KSCATALOG/endpointTemplates"),
    ("PUT", "/OS-KSCATALOG/endpointTemplates/x"),
    ("DELETE", "/OS-KSCATALOG/endpointTemplates/x"),
    ("GET", "/tenants/x/OS-KSCATALOG/endpoints"),
    ("POST", "/tenants/x/OS-KSCATALOG/endpoints"),
    ("DELETE", "/tenants/x/OS-KSCATALOG/endpoints/x"),
    ("POST", "/RAX-AUTH/impersonation-tokens"),
]


def at(cloud: RunningCloud, method: str, path: str, token: str | None, body: object = None) -> Any:
    if path.startswith("/../"):
        headers = {} if token is None else {"X-Auth-Token": token}
        return cloud.ask(method, f"/identity{path.removeprefix('/..')}", body, headers)
    return ask(cloud, method, path, body, token)


def test_nobody_is_told_of_others(strict: RunningCloud) -> None:
    admin, demo = people(strict)
    for method, path in of_others(admin):
        assert refusal(at(strict, method, path, demo["token"]["id"]), 403, "forbidden") == "Not Authorized", path
        for token in (None, "no-such-token"):
            assert refusal(at(strict, method, path, token), 401, "unauthorized") == NO_TOKEN, path
        assert at(strict, method, path, admin["token"]["id"]).status in (200, 301), path


def test_everybody_is_told_of_themselves(strict: RunningCloud) -> None:
    admin, demo = people(strict)
    for method, path in of_others(demo):
        for caller in (demo, admin):
            assert at(strict, method, path, caller["token"]["id"]).status in (200, 301), path
    mine = ask(strict, "GET", "/users", token=demo["token"]["id"]).json["users"]
    assert [user["username"] for user in mine] == ["demo"]
    whole = ask(strict, "GET", "/users", token=admin["token"]["id"]).json["users"]
    assert {"admin", "demo"} <= {user["username"] for user in whole}
    for token in (None, "no-such-token"):
        assert refusal(ask(strict, "GET", "/users", token=token), 401, "unauthorized") == NO_TOKEN


@pytest.mark.parametrize(("method", "path"), FOR_ADMINISTRATORS)
def test_only_administrators_change_catalogs(strict: RunningCloud, method: str, path: str) -> None:
    _, demo = people(strict)
    words = NO_TOKEN if path.startswith("/RAX-AUTH") else "Authentication required"
    # Who may ask at all is told before what is wrong with what was asked.
    for body in (None, b"{") if method in ("POST", "PUT") else (None,):
        for token in (None, "no-such-token"):
            assert refusal(ask(strict, method, path, body, token), 401, "unauthorized") == words
        assert refusal(ask(strict, method, path, body, demo["token"]["id"]), 403, "forbidden") == "Not Authorized"


def test_an_administrator_puts_a_service_into_a_catalog(strict: RunningCloud) -> None:
    token = people(strict)[0]["token"]["id"]
    service = {"name": "outside", "type": "x", "id": "outside"}
    assert ask(strict, "POST", "/services", service, token).status == 201
    template = {**service, "region": "ORD", "publicURL": "http://outside/%tenant_id%", "enabled": True}
    assert ask(strict, "POST", "/OS-KSCATALOG/endpointTemplates", template, token).status == 201
    catalog = people(strict)[1]["serviceCatalog"]
    assert "outside" in [entry["name"] for entry in catalog]
    assert ask(strict, "DELETE", "/OS-KSCATALOG/endpointTemplates/outside", token=token).status == 204
    assert ask(strict, "DELETE", "/services/outside", token=token).status == 204


def test_who_is_not_there_is_not_told_to_others(strict: RunningCloud) -> None:
    admin, demo = people(strict)
    for path in ("/users/nobody", "/users/nobody/OS-KSADM/credentials", "/users?name=nobody", "/tokens/unknown"):
        assert refusal(ask(strict, "GET", path, token=demo["token"]["id"]), 403, "forbidden")
        assert refusal(ask(strict, "GET", path, token=admin["token"]["id"]), 404, "itemNotFound")


@pytest.mark.parametrize("token", ["OneTwo", "ThreeFourRacker", "impersonate_watson", "this_is_a_racker_token"])
def test_no_token_is_known_by_heart(strict: RunningCloud, token: str) -> None:
    admin, _ = people(strict)
    assert refusal(ask(strict, "GET", f"/tokens/{token}", token=admin["token"]["id"]), 404, "itemNotFound")
    assert refusal(ask(strict, "GET", "/tenants", token=token), 401, "unauthorized") == NO_TOKEN


def test_an_administrator_impersonates_until_it_expires(strict: RunningCloud) -> None:
    admin, demo = people(strict)
    token = admin["token"]["id"]
    body = {"RAX-AUTH:impersonation": {"user": {"username": "demo"}, "expire-in-seconds": 60}}
    made = ask(strict, "POST", "/RAX-AUTH/impersonation-tokens", body, token).json["access"]["token"]["id"]
    seen = ask(strict, "GET", f"/tokens/{made}", token=token).json["access"]
    assert (seen["user"]["name"], seen["RAX-AUTH:impersonator"]["name"]) == ("demo", "admin")
    # It may what the user may, and no more.
    assert ask(strict, "GET", "/tenants", token=made).json["tenants"][0]["id"] == demo["token"]["tenant"]["id"]
    assert refusal(ask(strict, "GET", "/services", token=made), 403, "forbidden")
    strict.advance(61)
    assert refusal(ask(strict, "GET", f"/tokens/{made}", token=token), 404, "itemNotFound") == "Token not found."
    assert refusal(ask(strict, "GET", "/tenants", token=made), 401, "unauthorized") == NO_TOKEN
    again = {"auth": {"token": {"id": made}, "tenantName": "demo"}}
    assert refusal(ask(strict, "POST", "/tokens", again), 401, "unauthorized") == REFUSED
    unknown = {"RAX-AUTH:impersonation": {"user": {"username": "nobody"}}}
    told = refusal(ask(strict, "POST", "/RAX-AUTH/impersonation-tokens", unknown, token), 404, "itemNotFound")
    assert told == "User nobody not found"


def test_who_is_disabled_gets_in_by_no_way(strict: RunningCloud) -> None:
    admin, demo = people(strict)
    token, user, tenant = admin["token"]["id"], demo["user"]["id"], demo["token"]["tenant"]["id"]
    key = ask(strict, "GET", f"/users/{user}/OS-KSADM/credentials/RAX-KSKEY:apiKeyCredentials", token=token).json
    impersonation = {"RAX-AUTH:impersonation": {"user": {"username": "demo"}}}

    def switched(path: str, kind: str, on: bool) -> None:
        answer = strict.ask("PATCH", f"/identity/v3{path}", {kind: {"enabled": on}}, {"X-Auth-Token": token})
        assert answer.status == 200, answer.body

    switched(f"/users/{user}", "user", False)
    by_key = {"auth": key}
    for refused in (enter(strict, "demo", "password"), ask(strict, "POST", "/tokens", by_key)):
        assert refusal(refused, 403, "userDisabled") == f"User '{user}' is disabled."
    # Nobody learns that who doesn't know the password.
    assert refusal(enter(strict, "demo", "wrong"), 401, "unauthorized") == REFUSED
    assert refusal(ask(strict, "POST", "/RAX-AUTH/impersonation-tokens", impersonation, token), 403, "userDisabled")
    switched(f"/users/{user}", "user", True)
    switched(f"/projects/{tenant}", "project", False)
    for refused in (enter(strict, "demo", "password"), ask(strict, "POST", "/tokens", by_key)):
        assert refusal(refused, 401, "unauthorized") == REFUSED
    assert refusal(ask(strict, "POST", "/RAX-AUTH/impersonation-tokens", impersonation, token), 403, "forbidden")
    switched(f"/projects/{tenant}", "project", True)
    assert enter(strict, "demo", "password").status == 200
