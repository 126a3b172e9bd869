# SPDX-License-Identifier: Apache-2.0
"""Who may: readers, members, managers and administrators of projects, domains and the system, by the published policy.

Over a real socket. In a strict cloud it holds; in one that takes whoever comes, everybody may all.
"""

from typing import Any

import pytest

from tests.cloud import RunningCloud
from tests.services.callers import Caller, login
from tests.services.tenancy import asked, entered, ids, made, message, role, user

HOME = "default"
DENIED = "You are not authorized to perform the requested action: identity:"


def granted(cloud: RunningCloud, scope: Any, name: str, at: str) -> Caller:
    """A new user with one role, in a place: `at` is the path of the place."""
    admin = login(cloud, user="admin")
    someone = user(admin, f"{name}{len(admin.identity('GET', '/users').json['users'])}")["id"]
    assert admin.identity("PUT", f"{at}/users/{someone}/roles/{role(admin, name)}").status == 204
    return entered(asked(cloud, someone, scope), cloud)


READS = ["/users", "/projects", "/groups", "/domains", "/role_assignments"]


def test_a_reader_of_the_system_looks_at_all_and_changes_nothing(strict: RunningCloud) -> None:
    caller = granted(strict, {"system": {"all": True}}, "reader", "/system")
    for path in [*READS, "/roles", "/services", "/endpoints", "/regions", "/role_inferences"]:
        assert caller.identity("GET", path).status == 200, path
    assert message(caller.identity("POST", "/users", {"user": {"name": "x"}}), 403) == f"{DENIED}create_user."
    assert message(caller.identity("POST", "/roles", {"role": {"name": "x"}}), 403) == f"{DENIED}create_role."
    assert message(caller.identity("POST", "/services", {"service": {"type": "x"}}), 403) == f"{DENIED}create_service."


def test_a_reader_of_a_domain_sees_what_is_in_it(strict: RunningCloud) -> None:
    admin = login(strict, user="admin")
    domain = made(admin, "domain", name="policed")["id"]
    inside = made(admin, "project", name="inside", domain_id=domain)["id"]
    caller = granted(strict, {"domain": {"id": domain}}, "reader", f"/domains/{domain}")
    assert ids(caller.identity("GET", "/projects"), "projects") == {inside}
    assert ids(caller.identity("GET", "/users"), "users") == set()
    assert ids(caller.identity("GET", "/domains"), "domains") == {domain}
    assert caller.identity("GET", f"/projects/{inside}").status == 200
    assert message(caller.identity("GET", f"/projects/{admin.project}"), 403) == f"{DENIED}get_project."
    assert message(caller.identity("GET", "/services"), 403) == f"{DENIED}list_services."
    assert message(caller.identity("DELETE", f"/projects/{inside}"), 403) == f"{DENIED}delete_project."


def test_a_manager_of_a_domain_keeps_it(strict: RunningCloud) -> None:
    admin = login(strict, user="admin")
    domain = made(admin, "domain", name="managed")["id"]
    caller = granted(strict, {"domain": {"id": domain}}, "manager", f"/domains/{domain}")
    someone = user(caller, "hired", domain_id=domain)["id"]
    place = made(caller, "project", name="desk", domain_id=domain)["id"]
    team = made(caller, "group", name="desk", domain_id=domain)["id"]
    assert caller.identity("PUT", f"/groups/{team}/users/{someone}").status == 204
    assert caller.identity("PUT", f"/projects/{place}/users/{someone}/roles/{role(admin, 'member')}").status == 204
    body = {"user": {"name": "x", "domain_id": HOME}}
    assert message(caller.identity("POST", "/users", body), 403) == f"{DENIED}create_user."
    assert message(caller.identity("DELETE", f"/domains/{domain}"), 403) == f"{DENIED}delete_domain."
    assert caller.identity("DELETE", f"/users/{someone}").status == 204


def test_a_member_of_a_project_sees_themselves(strict: RunningCloud) -> None:
    caller = login(strict)
    for path in READS:
        assert message(caller.identity("GET", path), 403).startswith(DENIED), path
    assert caller.identity("GET", f"/users/{caller.user}").status == 200
    assert caller.identity("GET", f"/projects/{caller.project}").status == 200
    assert ids(caller.identity("GET", f"/users/{caller.user}/projects"), "projects") == {caller.project}
    assert ids(caller.identity("GET", "/auth/projects"), "projects") == {caller.project}
    assert caller.identity("GET", "/auth/domains").json["domains"] == []
    assert caller.identity("GET", "/auth/system").json["system"] == []
    other = login(strict, user="admin")
    assert message(caller.identity("GET", f"/users/{other.user}"), 403) == f"{DENIED}get_user."
    told = {"X-Subject-Token": other.token}
    assert message(caller.identity("GET", "/auth/tokens", headers=told), 403) == f"{DENIED}validate_token."
    assert caller.identity("GET", "/auth/tokens", headers={"X-Subject-Token": caller.token}).status == 200


@pytest.mark.parametrize("path", [*READS, "/services", "/roles"])
def test_in_an_open_cloud_everybody_may(frozen: RunningCloud, path: str) -> None:
    caller = login(frozen, "anything", user="anybody")
    assert caller.identity("GET", path).status == 200


def test_in_an_open_cloud_everybody_changes_all(frozen: RunningCloud) -> None:
    caller = login(frozen, "anything", user="anybody")
    domain = made(caller, "domain", name="theirs")["id"]
    someone = user(caller, "theirs", domain_id=domain)["id"]
    place = made(caller, "project", name="theirs", domain_id=domain)["id"]
    assert caller.identity("PUT", f"/projects/{place}/users/{someone}/roles/{role(caller, 'reader')}").status == 204
    answer = asked(frozen, someone, {"project": {"id": place}})
    assert [one["name"] for one in answer.json["token"]["roles"]] == ["reader"]
    assert caller.identity("PATCH", f"/domains/{domain}", {"domain": {"enabled": False}}).status == 200
    assert caller.identity("DELETE", f"/domains/{domain}").status == 204
    assert caller.identity("GET", f"/users/{someone}").status == 404
