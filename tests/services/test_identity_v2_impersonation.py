# SPDX-License-Identifier: Apache-2.0
"""Impersonation in Identity v2.0 over a real socket: for how long, of whom, and who did it."""

from typing import Any

import pytest

from tests.cloud import Answer, RunningCloud
from tests.services.callers import login
from tests.services.test_identity_v2 import FLAT, NO_TOKEN, ask, enter, refusal

PATH = "/RAX-AUTH/impersonation-tokens"


def wanted(user: str, **more: Any) -> dict[str, Any]:
    return {"RAX-AUTH:impersonation": {"user": {"username": user}, **more}}


def impersonate(cloud: RunningCloud, user: str, by: str | None = None, **more: Any) -> Answer:
    return ask(cloud, "POST", PATH, wanted(user, **more), by)


def given(answer: Answer) -> str:
    """The token that was given."""
    assert answer.status == 200, answer.body
    token: str = answer.json["access"]["token"]["id"]
    return token


def records(cloud: RunningCloud) -> int:
    """How many there are in the world."""
    (world,) = cloud.ask("GET", "/_mimic/worlds").json["worlds"]
    count: int = world["records"]
    return count


def test_a_token_of_somebody_elses(frozen: RunningCloud) -> None:
    admin = enter(frozen, "mona", tenantId="000011").json["access"]
    enter(frozen, "nora", tenantId="000012")
    made = impersonate(frozen, "nora", admin["token"]["id"]).json["access"]["token"]
    assert made["id"].startswith("impersonated_token_")
    assert made["expires"] == "2030-01-02T09:00:00Z"
    seen = ask(frozen, "GET", f"/tokens/{made['id']}").json["access"]
    assert (seen["user"]["name"], seen["token"]["tenant"]["id"]) == ("nora", "000012")
    assert seen["RAX-AUTH:impersonator"] == {
        "id": admin["user"]["id"],
        "name": "mona",
        "roles": [{"id": "123", "name": "monitoring:service-admin"}, {"id": "234", "name": "object-store:admin"}],
    }
    # In an open cloud nobody has to say who it is, and then nobody is told.
    nobodys = given(impersonate(frozen, "nora"))
    assert "RAX-AUTH:impersonator" not in ask(frozen, "GET", f"/tokens/{nobodys}").json["access"]


def test_who_is_impersonated_is_made_where_nobody_knows_him(frozen: RunningCloud) -> None:
    token = given(impersonate(frozen, "nelly"))
    (tenant,) = ask(frozen, "GET", "/tenants", token=token).json["tenants"]
    assert enter(frozen, "nelly").json["access"]["token"]["tenant"]["id"] == tenant["id"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        b"{",
        {"RAX-AUTH:impersonation": {}},
        {"RAX-AUTH:impersonation": {"user": "nora"}},
        {"RAX-AUTH:impersonation": {"user": {"username": 7}}},
        wanted(""),
    ],
)
def test_what_is_no_impersonation(frozen: RunningCloud, body: object) -> None:
    answer = ask(frozen, "POST", PATH, body)
    assert (answer.status, answer.json) == (400, FLAT)


@pytest.mark.parametrize("seconds", [0, -1, 86401, 10**30, 1.5, "60", None])
def test_it_is_for_a_day_at_most(frozen: RunningCloud, seconds: object) -> None:
    answer = impersonate(frozen, "nora", **{"expire-in-seconds": seconds})
    assert (answer.status, answer.json) == (400, FLAT)


def test_some_cannot_be_impersonated(frozen: RunningCloud) -> None:
    told = refusal(impersonate(frozen, "unimpersonated_nora"), 403, "forbidden")
    assert told == "User cannot be impersonated; No valid impersonation roles assigned."


@pytest.mark.parametrize("flag", ["suspended", "closed"])
def test_accounts_that_are_barred(frozen: RunningCloud, flag: str) -> None:
    token = enter(frozen, f"{flag}_one", tenantId=f"{flag}-account").json["access"]["token"]["id"]
    assert frozen.ask("PATCH", f"/_mimic/tenants/{flag}-account", {flag: True}).status == 200
    words = f"Project {flag}-account is {flag}."
    assert refusal(ask(frozen, "GET", "/tenants", token=token), 403, "forbidden") == words
    assert refusal(ask(frozen, "GET", "/users", token=token), 403, "forbidden") == words
    assert refusal(impersonate(frozen, f"{flag}_one"), 403, "forbidden") == words
    assert refusal(enter(frozen, f"{flag}_one"), 401, "unauthorized")
    assert frozen.ask("PATCH", f"/_mimic/tenants/{flag}-account", {flag: False}).status == 200
    assert ask(frozen, "GET", "/tenants", token=token).status == 200
    assert impersonate(frozen, f"{flag}_one").status == 200


def test_users_and_projects_that_are_disabled(frozen: RunningCloud) -> None:
    caller = login(frozen, user="admin")
    access = enter(frozen, "off", tenantId="switched").json["access"]
    user = access["user"]["id"]
    assert caller.identity("PATCH", f"/users/{user}", {"user": {"enabled": False}}).status == 200
    for refused in (impersonate(frozen, "off"), enter(frozen, "off")):
        assert refusal(refused, 403, "userDisabled") == f"User '{user}' is disabled."
    assert ask(frozen, "GET", "/tenants", token=access["token"]["id"]).status == 401
    assert caller.identity("PATCH", f"/users/{user}", {"user": {"enabled": True}}).status == 200
    assert caller.identity("PATCH", "/projects/switched", {"project": {"enabled": False}}).status == 200
    assert refusal(impersonate(frozen, "off"), 403, "forbidden") == "Project switched is disabled."
    assert refusal(enter(frozen, "off"), 401, "unauthorized")
    assert caller.identity("PATCH", "/projects/switched", {"project": {"enabled": True}}).status == 200
    assert impersonate(frozen, "off").status == 200


def test_it_names_no_token_and_leaves_nothing(frozen: RunningCloud) -> None:
    admin = enter(frozen, "olaf", tenantId="000013").json["access"]["token"]["id"]
    given(impersonate(frozen, "nina"))
    before = records(frozen)
    tokens = [given(impersonate(frozen, "nina", admin, **{"expire-in-seconds": 60})) for _ in range(5)]
    assert records(frozen) == before + 10
    kinds = frozen.ask("POST", "/_mimic/age", {"kind": "identity_v2.impersonation", "key": "none", "by": 1})
    assert kinds.status == 404
    assert not any(token in kinds.body.decode() for token in tokens)
    # What has expired can be told for a day more, and then it is no more, and who asked for it neither.
    frozen.advance(61)
    for token in tokens:
        for path in ("", "/endpoints"):
            told = refusal(ask(frozen, "GET", f"/tokens/{token}{path}"), 404, "itemNotFound")
            assert told == "Token not found."
        assert refusal(ask(frozen, "GET", "/tenants", token=token), 401, "unauthorized") == NO_TOKEN
    frozen.advance(86400)
    assert records(frozen) == before
