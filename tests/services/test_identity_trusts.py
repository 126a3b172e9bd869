# SPDX-License-Identifier: Apache-2.0
"""Trusts over a real socket: who may make them, what one can do with them, and how they end."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.cloud import Answer, RunningCloud
from tests.services.callers import LOGIN, NOBODY, Caller, login
from tests.services.tenancy import asked, entered, ids, made, message, role, roles, user

FORBIDDEN = "You are not authorized to perform the requested action"


@pytest.fixture
def trustor(strict: RunningCloud, request: pytest.FixtureRequest) -> Caller:
    """A member of a project of one test."""
    admin, name = login(strict, user="admin"), request.node.name[:60]
    someone, place = user(admin, name)["id"], made(admin, "project", name=name)["id"]
    assert admin.identity("PUT", f"/projects/{place}/users/{someone}/roles/{role(admin, 'member')}").status == 204
    return entered(asked(strict, someone, {"project": {"id": place}}), strict)


@pytest.fixture
def trustee(strict: RunningCloud, request: pytest.FixtureRequest) -> str:
    return str(user(login(strict, user="admin"), f"{request.node.name[:50]}-friend")["id"])


def trust(trustor: Caller, trustee: str, **more: Any) -> Answer:
    asked_for = {
        "trustor_user_id": trustor.user,
        "trustee_user_id": trustee,
        "project_id": trustor.project,
        "impersonation": False,
        "roles": [{"name": "reader"}],
        **more,
    }
    return trustor.identity("POST", "/OS-TRUST/trusts", {"trust": asked_for})


def by_trust(cloud: RunningCloud, who: str, given: str) -> Answer:
    return asked(cloud, who, {"OS-TRUST:trust": {"id": given}})


def test_a_trustee_acts_in_the_project_with_the_roles_that_were_given(trustor: Caller, trustee: str) -> None:
    given = trust(trustor, trustee).json["trust"]
    assert (given["expires_at"], given["impersonation"], [one["name"] for one in given["roles"]]) == (
        None,
        False,
        ["reader"],
    )
    answer = by_trust(trustor.cloud, trustee, given["id"])
    assert roles(answer) == {"reader"}
    token = answer.json["token"]
    assert (token["user"]["id"], token["project"]["id"]) == (trustee, trustor.project)
    assert token["OS-TRUST:trust"] == {
        "id": given["id"],
        "impersonation": False,
        "trustor_user": {"id": trustor.user},
        "trustee_user": {"id": trustee},
    }
    assert entered(answer, trustor.cloud).ids() == []


def test_with_impersonation_the_trustee_is_the_trustor(trustor: Caller, trustee: str) -> None:
    given = trust(trustor, trustee, impersonation=True).json["trust"]["id"]
    answer = by_trust(trustor.cloud, trustee, given)
    assert answer.json["token"]["user"]["id"] == trustor.user
    acting = entered(answer, trustor.cloud)
    assert message(trust(acting, trustee), 403).startswith(FORBIDDEN)
    again = {"identity": {"methods": ["token"], "token": {"id": acting.token}}}
    assert message(trustor.cloud.ask("POST", LOGIN, {"auth": again}), 403) == f"{FORBIDDEN}."


def test_a_trust_is_for_one_user_for_a_time_and_so_many_uses(trustor: Caller, trustee: str) -> None:
    cloud = trustor.cloud
    given = trust(trustor, trustee, remaining_uses=2).json["trust"]["id"]
    assert message(by_trust(cloud, trustor.user, given), 403) == f"{FORBIDDEN}."
    assert [by_trust(cloud, trustee, given).status for _ in range(3)] == [201, 201, 403]
    assert trustor.identity("GET", f"/OS-TRUST/trusts/{given}").json["trust"]["remaining_uses"] == 0
    now = cloud.ask("GET", "/_mimic/clock").json["now"]
    until = datetime.fromtimestamp(int(now) + 600, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    soon = trust(trustor, trustee, expires_at=until).json["trust"]
    assert soon["expires_at"] == until.replace("Z", ".000000Z")
    assert by_trust(cloud, trustee, soon["id"]).status == 201
    cloud.advance(601)
    assert by_trust(cloud, trustee, soon["id"]).status == 403
    assert trustor.identity("GET", f"/OS-TRUST/trusts/{soon['id']}").status == 404
    assert trust(trustor, trustee, expires_at="2001-01-01T00:00:00Z").status == 400
    assert trust(trustor, trustee, expires_at="bad.123Z").status == 400
    assert by_trust(cloud, trustee, NOBODY).status == 403


def test_a_trust_opens_no_other_project(trustor: Caller, trustee: str, request: pytest.FixtureRequest) -> None:
    """A scope is one thing: with a second one beside the trust, its roles would count where nobody gave them."""
    cloud = trustor.cloud
    admin, given = login(cloud, user="admin"), trust(trustor, trustee).json["trust"]["id"]
    other = made(admin, "project", name=f"{request.node.name[:50]}-other")["id"]
    for more in ({"project": {"id": other}}, {"domain": {"id": "default"}}, {"system": {"all": True}}):
        answer = asked(cloud, trustee, {"OS-TRUST:trust": {"id": given}, **more})
        assert message(answer, 400).startswith(
            "Expecting to find project, domain, OS-TRUST:trust or unscoped in scope."
        )
    for two in (
        {"project": {"id": trustor.project}, "domain": {"id": "default"}},
        {"unscoped": {}, "system": {"all": True}},
    ):
        assert asked(cloud, trustor.user, two).status == 400


def test_a_trust_sleeps_while_its_trustor_is_disabled(trustor: Caller, trustee: str) -> None:
    cloud, admin = trustor.cloud, login(trustor.cloud, user="admin")
    given = trust(trustor, trustee).json["trust"]["id"]
    for enabled, status in ((False, 403), (True, 201)):
        assert admin.identity("PATCH", f"/users/{trustor.user}", {"user": {"enabled": enabled}}).status == 200
        assert by_trust(cloud, trustee, given).status == status


def test_a_trust_ends_with_its_tokens(trustor: Caller, trustee: str) -> None:
    given = trust(trustor, trustee).json["trust"]["id"]
    acting = entered(by_trust(trustor.cloud, trustee, given), trustor.cloud)
    assert acting.ids() == []
    other = entered(asked(trustor.cloud, trustee, "unscoped"), trustor.cloud)
    assert message(other.identity("DELETE", f"/OS-TRUST/trusts/{given}"), 403).startswith(FORBIDDEN)
    assert trustor.identity("DELETE", f"/OS-TRUST/trusts/{given}").status == 204
    assert message(trustor.identity("GET", f"/OS-TRUST/trusts/{given}"), 404) == f"Could not find trust: {given}."
    assert acting.ask("GET", "/servers").status == 401
    assert by_trust(trustor.cloud, trustee, given).status == 403


def test_what_is_not_ones_own_cannot_be_given(trustor: Caller, trustee: str) -> None:
    assert message(trust(trustor, trustee, roles=[{"name": "admin"}]), 403).startswith(FORBIDDEN)
    assert message(trust(trustor, trustee, trustor_user_id=trustee), 403).startswith(FORBIDDEN)
    assert message(trust(trustor, trustee, roles=[{"name": "moon"}]), 404) == "Could not find role: moon."
    assert message(trust(trustor, NOBODY), 404) == f"Could not find user: {NOBODY}."
    assert message(trust(trustor, trustee, roles=[]), 403) == "At least one role should be specified"


def test_trusts_are_listed_by_who_has_part_in_them(trustor: Caller, trustee: str) -> None:
    given = trust(trustor, trustee).json["trust"]
    admin = login(trustor.cloud, user="admin")
    other = entered(asked(trustor.cloud, trustee, "unscoped"), trustor.cloud)
    assert given["id"] in ids(admin.identity("GET", "/OS-TRUST/trusts"), "trusts")
    path = f"/OS-TRUST/trusts?trustor_user_id={trustor.user}"
    assert ids(trustor.identity("GET", path), "trusts") == {given["id"]}
    assert ids(other.identity("GET", f"/OS-TRUST/trusts?trustee_user_id={trustee}"), "trusts") == {given["id"]}
    for wrong in (path, "/OS-TRUST/trusts"):
        assert message(other.identity("GET", wrong), 403).startswith(FORBIDDEN)
    (listed,) = trustor.identity("GET", path).json["trusts"]
    assert "roles" not in listed
    (shown,) = other.identity("GET", f"/OS-TRUST/trusts/{given['id']}/roles").json["roles"]
    assert shown["name"] == "reader"
    one = f"/OS-TRUST/trusts/{given['id']}/roles"
    assert other.identity("GET", f"{one}/{shown['id']}").json["role"] == shown
    assert message(other.identity("GET", f"{one}/{role(admin, 'admin')}"), 404).startswith("Could not find role")
