# SPDX-License-Identifier: Apache-2.0
"""Identity v3 over a real socket: logging in, what a token shows, how it ends, and how requests are refused.

The words and codes are those of OpenStack's own service; clients match on them.
"""

from typing import Any

import pytest

from tests.cloud import Answer, RunningCloud
from tests.services.callers import LOGIN, NOBODY, Caller, login, password, project

UNAUTHENTICATED = {
    "error": {"code": 401, "title": "Unauthorized", "message": "The request you have made requires authentication."}
}
DAY = 86400


def refused(answer: Answer) -> bool:
    """Whether it is the one answer that every login gets that came to nothing, whatever the reason."""
    where = f'Keystone uri="http://{answer.headers["www-authenticate"].split("//")[1].split("/")[0]}/identity"'
    return (answer.status, answer.json, answer.headers["www-authenticate"]) == (401, UNAUTHENTICATED, where)


def subject(caller: Caller, token: str) -> dict[str, str]:
    """Headers by which a caller asks about a token."""
    return {"X-Auth-Token": caller.token, "X-Subject-Token": token}


# finding the service -------------------------------------------------------------------------------------------------


def test_versions_are_told_to_anybody(frozen: RunningCloud) -> None:
    choices = frozen.ask("GET", "/identity")
    assert choices.status == 300
    (version,) = choices.json["versions"]["values"]
    assert (version["id"], version["status"]) == ("v3.14", "stable")
    assert version["links"] == [{"rel": "self", "href": f"{frozen.url}/identity/v3/"}]
    for path in ("/identity/v3", "/identity/v3/"):
        one = frozen.ask("GET", path)
        assert (one.status, one.json) == (200, {"version": version})


# logging in ----------------------------------------------------------------------------------------------------------


def test_a_password_buys_a_token_of_a_project(frozen: RunningCloud) -> None:
    answer = frozen.ask("POST", LOGIN, password(scope=project("demo")))
    assert answer.status == 201
    assert answer.headers["vary"] == "X-Auth-Token"
    assert answer.headers["x-openstack-request-id"].startswith("req-")
    assert len(answer.headers["x-subject-token"]) == 32
    token = answer.json["token"]
    assert set(token) == {
        *("methods", "user", "audit_ids", "issued_at", "expires_at", "project", "is_domain", "roles", "catalog")
    }
    assert token["methods"] == ["password"]
    assert (token["issued_at"], token["expires_at"]) == ("2030-01-01T09:00:00.000000Z", "2030-01-02T09:00:00.000000Z")
    home = {"id": "default", "name": "Default"}
    assert token["user"] == {
        "id": token["user"]["id"], "name": "demo", "domain": home, "password_expires_at": None,
    }  # fmt: skip
    assert token["project"] == {"id": token["project"]["id"], "name": "demo", "domain": home}
    assert [role["name"] for role in token["roles"]] == ["member", "reader"]


def test_a_user_without_a_wish_gets_their_own_project(frozen: RunningCloud) -> None:
    scoped = frozen.ask("POST", LOGIN, password(scope=project("demo"))).json["token"]
    assert frozen.ask("POST", LOGIN, password()).json["token"]["project"] == scoped["project"]
    bare = frozen.ask("POST", LOGIN, password(scope="unscoped")).json["token"]
    assert not {"project", "roles", "catalog", "is_domain"} & set(bare)


def test_the_catalog_lists_each_service_in_each_region(frozen: RunningCloud) -> None:
    catalog = frozen.ask("POST", LOGIN, password()).json["token"]["catalog"]
    entries = {entry["type"]: entry for entry in catalog}
    assert {"identity", "compute", "image"} <= set(entries)
    compute = entries["compute"]
    assert (compute["name"], len(compute["endpoints"])) == ("nova", 6)
    urls = {
        (end["region_id"], end["interface"]): end["url"] for end in compute["endpoints"] if end["interface"] == "public"
    }
    assert urls == {
        ("RegionOne", "public"): f"{frozen.url}/compute/v2.1",
        ("North", "public"): f"{frozen.url}/region/North/compute/v2.1",
    }
    assert len({end["id"] for entry in catalog for end in entry["endpoints"]}) == 6 * len(catalog)
    caller = login(frozen)
    assert caller.identity("GET", "/auth/catalog").json["catalog"] == catalog
    without = frozen.ask("POST", f"{LOGIN}?nocatalog", password()).json["token"]
    assert "catalog" not in without


def test_domain_and_system_have_scopes_too(frozen: RunningCloud) -> None:
    system = frozen.ask("POST", LOGIN, password("admin", scope={"system": {"all": True}})).json["token"]
    assert (system["system"], "project" in system) == ({"all": True}, False)
    domain = frozen.ask("POST", LOGIN, password("admin", scope={"domain": {"name": "Default"}})).json["token"]
    assert (domain["domain"], "project" in domain) == ({"id": "default", "name": "Default"}, False)


def test_whoever_comes_is_welcome(frozen: RunningCloud) -> None:
    caller = login(frozen, "skunkworks", user="zoe")
    assert caller.identity("GET", f"/users/{caller.user}").json["user"]["name"] == "zoe"
    again = login(frozen, "skunkworks", user="zoe")
    assert (again.user, again.project) == (caller.user, caller.project)
    assert again.token != caller.token


def test_a_token_buys_another_that_ends_no_later(frozen: RunningCloud) -> None:
    caller = login(frozen, "rescope")
    expires = caller.identity("GET", "/auth/tokens", headers=subject(caller, caller.token)).json["token"]["expires_at"]
    frozen.advance(60)
    body = {"auth": {"identity": {"methods": ["token"], "token": {"id": caller.token}}, "scope": project("demo")}}
    answer = frozen.ask("POST", LOGIN, body)
    assert (answer.status, answer.json["token"]["methods"]) == (201, ["password", "token"])
    assert answer.json["token"]["expires_at"] == expires
    assert answer.json["token"]["project"]["name"] == "demo"
    assert refused(frozen.ask("POST", LOGIN, {"auth": {"identity": {"methods": ["token"], "token": {"id": "x"}}}}))


# strict: known users only --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        password("mallory"),
        password(secret="guess"),
        password(scope=project("nowhere")),
        password(scope=project("admin")),
        password(scope={"system": {"all": True}}),
    ],
    ids=["user", "password", "project", "role", "system"],
)
def test_strict_refuses_without_saying_why(strict: RunningCloud, body: dict[str, Any]) -> None:
    assert refused(strict.ask("POST", LOGIN, body))


def test_strict_lets_known_users_in(strict: RunningCloud) -> None:
    caller = login(strict)
    assert [p["name"] for p in caller.identity("GET", "/auth/projects").json["projects"]] == ["demo"]
    assert caller.identity("GET", "/users").status == 403
    assert [u["name"] for u in login(strict, user="admin").identity("GET", "/users").json["users"]] == ["admin", "demo"]
    assert caller.ask("GET", "/servers").json == {"servers": []}


# the life of a token -------------------------------------------------------------------------------------------------


def test_a_token_is_validated(frozen: RunningCloud) -> None:
    asks, asked_about = login(frozen, user="admin"), login(frozen, "validated")
    answer = asks.identity("GET", "/auth/tokens", headers=subject(asks, asked_about.token))
    assert (answer.status, answer.headers["x-subject-token"]) == (200, asked_about.token)
    assert answer.json["token"]["user"]["id"] == asked_about.user
    head = asks.identity("HEAD", "/auth/tokens", headers=subject(asks, asked_about.token))
    assert (head.status, head.body, head.headers["x-subject-token"]) == (200, b"", asked_about.token)
    unknown = asks.identity("GET", "/auth/tokens", headers=subject(asks, "nonsense"))
    assert unknown.status == 404
    assert unknown.json["error"] == {"code": 404, "title": "Not Found", "message": "Could not find token: nonsense."}
    assert refused(frozen.ask("GET", "/identity/v3/auth/tokens", headers={"X-Subject-Token": asked_about.token}))


def test_a_revoked_token_opens_nothing(frozen: RunningCloud) -> None:
    asks, gone = login(frozen, user="admin"), login(frozen, "revoked")
    assert asks.identity("DELETE", "/auth/tokens", headers=subject(asks, gone.token)).status == 204
    assert refused(gone.identity("GET", "/projects"))
    assert refused(gone.ask("GET", "/servers"))
    assert asks.identity("GET", "/auth/tokens", headers=subject(asks, gone.token)).status == 404
    assert asks.identity("DELETE", "/auth/tokens", headers=subject(asks, gone.token)).status == 404
    assert asks.identity("GET", "/projects").status == 200


def test_a_token_lasts_a_day(frozen: RunningCloud) -> None:
    old = login(frozen, "aging")
    frozen.advance(DAY - 1)
    assert old.ask("GET", "/servers").status == 200
    frozen.advance(1)
    assert refused(old.ask("GET", "/servers"))
    asks = login(frozen, user="admin")
    assert asks.identity("GET", "/auth/tokens", headers=subject(asks, old.token)).status == 404
    late = asks.identity("GET", "/auth/tokens?allow_expired=1", headers=subject(asks, old.token))
    assert (late.status, late.json["token"]["project"]["id"]) == (200, old.project)
    frozen.advance(DAY)
    asks = login(frozen, user="admin")
    assert asks.identity("GET", "/auth/tokens?allow_expired=1", headers=subject(asks, old.token)).status == 404


# what else there is --------------------------------------------------------------------------------------------------


def test_lists_are_whole_and_can_be_filtered(frozen: RunningCloud) -> None:
    caller = login(frozen, user="admin")
    whole = caller.identity("GET", "/projects").json
    assert whole["links"] == {"next": None, "self": f"{frozen.url}/identity/v3/projects", "previous": None}
    (demo,) = caller.identity("GET", "/projects?name=demo").json["projects"]
    assert demo in whole["projects"]
    assert demo["links"] == {"self": f"{frozen.url}/identity/v3/projects/{demo['id']}"}
    assert (demo["name"], demo["domain_id"], demo["enabled"]) == ("demo", "default", True)
    assert [region["id"] for region in caller.identity("GET", "/regions").json["regions"]] == ["RegionOne", "North"]
    roles = [role["name"] for role in caller.identity("GET", "/roles").json["roles"]]
    assert roles == ["admin", "manager", "member", "reader", "service"]
    assert [domain["id"] for domain in caller.identity("GET", "/domains").json["domains"]] == ["default"]


@pytest.mark.parametrize("mark", ["suspended", "closed"])
def test_a_project_that_is_barred_gets_no_token(frozen: RunningCloud, mark: str) -> None:
    admin, late = login(frozen, user="admin"), login(frozen, f"{mark}-one")
    path = f"/projects/{late.project}"
    assert late.create()
    assert admin.identity("PATCH", path, {"project": {mark: True}}).status == 200
    assert refused(frozen.ask("POST", LOGIN, password(scope=project(f"{mark}-one"))))
    forbidden = late.ask("GET", "/servers")
    assert forbidden.status == 403
    assert forbidden.json == {"forbidden": {"code": 403, "message": f"Project {late.project} is {mark}."}}
    assert admin.identity("PATCH", path, {"project": {mark: False}}).status == 200
    assert late.ask("GET", "/servers").status == 200


# refusals ------------------------------------------------------------------------------------------------------------

MALFORMED = (
    "The server could not comply with the request since it is either malformed or otherwise incorrect. "
    "The client is assumed to be in error."
)
JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "status", "title"),
    [
        ("POST", "/auth/tokens", b'{"auth": ', JSON, 400, "Bad Request"),
        ("POST", "/auth/tokens", b'{"auth": {}, "auth": {}}', JSON, 400, "Bad Request"),
        ("POST", "/auth/tokens", b"[" * 300 + b"]" * 300, JSON, 400, "Bad Request"),
        ("POST", "/auth/tokens", {"auth": {"identity": {"methods": []}}}, {}, 400, "Bad Request"),
        ("POST", "/auth/tokens", {"auth": {"identity": {"methods": ["password"]}}}, {}, 400, "Bad Request"),
        ("POST", "/auth/tokens", {"auth": {"identity": {"methods": ["totp"]}}}, {}, 401, "Unauthorized"),
        ("POST", "/auth/tokens", b"a=b", {"Content-Type": "text/plain"}, 415, "Unsupported Media Type"),
        ("POST", "/auth/tokens", b'"' + b"a" * 2**20 + b'"', JSON, 413, "Request Entity Too Large"),
        ("PUT", "/auth/tokens", {}, {}, 405, "Method Not Allowed"),
        ("GET", "/nothing/here", None, {}, 501, "Not Implemented"),
        ("GET", f"/projects/{NOBODY}", None, {}, 404, "Not Found"),
    ],
    ids=["json", "twice", "deep", "empty", "lacks", "method", "media", "large", "verb", "path", "id"],
)
def test_refusals_are_identitys_own(
    frozen: RunningCloud, method: str, path: str, body: object, headers: dict[str, str], status: int, title: str
) -> None:
    answer = login(frozen, user="admin").identity(method, path, body, headers)
    assert answer.status == status
    assert set(answer.json) == {"error"}
    error = answer.json["error"]
    assert (error["code"], error["title"]) == (status, title)
    assert error["message"]
    assert answer.headers["x-openstack-request-id"].startswith("req-")


def test_refusals_say_what_is_wrong(frozen: RunningCloud, strict: RunningCloud) -> None:
    caller = login(frozen, user="admin")

    def said(method: str, path: str, body: object = None) -> str:
        message: str = caller.identity(method, path, body, JSON).json["error"]["message"]
        return message

    assert said("POST", "/auth/tokens", b"{") == MALFORMED
    assert said("GET", "/projects/x") == "Could not find project: x."
    assert said("PUT", "/auth/tokens", {}) == "The method is not allowed for the requested URL."
    assert "'methods' is a required property" in said("POST", "/auth/tokens", {"auth": {"identity": {}}})
    demo = login(strict)
    forbidden = demo.identity("PATCH", f"/projects/{demo.project}", {"project": {"enabled": False}})
    assert forbidden.json["error"] == {
        "code": 403,
        "title": "Forbidden",
        "message": "You are not authorized to perform the requested action: identity:update_project.",
    }


def test_a_wrong_method_is_told_the_right_ones(frozen: RunningCloud) -> None:
    answer = login(frozen).identity("PUT", "/auth/tokens", {})
    assert set(answer.headers["allow"].replace(" ", "").split(",")) == {"GET", "HEAD", "POST", "DELETE"}
