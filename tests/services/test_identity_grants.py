# SPDX-License-Identifier: Apache-2.0
"""Roles, given to users and groups on projects, domains and the system, inherited, implied; and what tokens make of it.

Over a real socket, in a cloud where only what was granted holds.
"""

from typing import Any

import pytest

from tests.cloud import RunningCloud
from tests.services.callers import Caller, login
from tests.services.tenancy import SECRET, asked, entered, ids, made, message, role, roles, user


def admin_of(cloud: RunningCloud) -> Caller:
    """The administrator of a new world."""
    return login(cloud, user="admin")


@pytest.mark.parametrize("actor", ["user", "group"])
@pytest.mark.parametrize("kind", ["project", "domain", "system"])
def test_a_grant_is_given_looked_at_and_taken_back(strict: RunningCloud, actor: str, kind: str) -> None:
    admin = admin_of(strict)
    name = f"{actor}-{kind}"
    someone = user(admin, name)
    holder = someone["id"]
    if actor == "group":
        holder = made(admin, "group", name=name)["id"]
        assert admin.identity("PUT", f"/groups/{holder}/users/{someone['id']}").status == 204
    scope: dict[str, Any] = {"system": {"all": True}}
    start = "/system"
    if kind != "system":
        place = made(admin, kind, name=name)["id"]
        scope, start = {kind: {"id": place}}, f"/{kind}s/{place}"
    path = f"{start}/{actor}s/{holder}/roles/{role(admin, 'member')}"

    assert asked(strict, someone["id"], scope).status == 401
    assert message(admin.identity("GET", path), 404).startswith("Could not find role assignment with role: ")
    assert admin.identity("PUT", path).status == 204
    assert admin.identity("PUT", path).status == 204
    assert [admin.identity(method, path).status for method in ("GET", "HEAD")] == [204, 204]
    held = admin.identity("GET", f"{start}/{actor}s/{holder}/roles").json["roles"]
    assert [one["name"] for one in held] == ["member"]
    there = asked(strict, someone["id"], scope)
    assert roles(there) == {"member", "reader"}
    caller = entered(there, strict)

    assert admin.identity("DELETE", path).status == 204
    assert admin.identity("DELETE", path).status == 404
    assert caller.identity("GET", "/auth/projects").status == 401
    assert asked(strict, someone["id"], scope).status == 401


def test_a_role_that_is_taken_back_ends_tokens_that_had_it(strict: RunningCloud) -> None:
    admin = admin_of(strict)
    someone, place = user(admin, "demoted")["id"], made(admin, "project", name="demotion")["id"]
    scope = {"project": {"id": place}}
    path = f"/projects/{place}/users/{someone}/roles"
    for name in ("member", "reader"):
        assert admin.identity("PUT", f"{path}/{role(admin, name)}").status == 204
    caller = entered(asked(strict, someone, scope), strict)
    assert caller.identity("GET", "/auth/projects").status == 200
    assert admin.identity("DELETE", f"{path}/{role(admin, 'member')}").status == 204
    assert caller.identity("GET", "/auth/projects").status == 401
    # Whoever comes again has what is left.
    assert roles(asked(strict, someone, scope)) == {"reader"}


@pytest.mark.parametrize("start", ["domains", "projects"])
def test_what_is_inherited_holds_below_and_only_there(strict: RunningCloud, start: str) -> None:
    admin = admin_of(strict)
    domain = made(admin, "domain", name=f"inherits-{start}")["id"]
    above = made(admin, "project", name="above", domain_id=domain)["id"]
    below = made(admin, "project", name="below", domain_id=domain, parent_id=above)["id"]
    someone = user(admin, "heir", domain_id=domain)["id"]
    place = domain if start == "domains" else above
    path = f"/OS-INHERIT/{start}/{place}/users/{someone}/roles/{role(admin, 'reader')}/inherited_to_projects"
    assert admin.identity("PUT", path).status == 204
    assert admin.identity("HEAD", path).status == 204
    assert roles(asked(strict, someone, {"project": {"id": below}})) == {"reader"}
    assert asked(strict, someone, {"project": {"id": above}}).status == (201 if start == "domains" else 401)
    assert asked(strict, someone, {"domain": {"id": domain}}).status == 401
    (given,) = admin.identity("GET", f"/role_assignments?user.id={someone}").json["role_assignments"]
    assert given["scope"] == {start[:-1]: {"id": place}, "OS-INHERIT:inherited_to": "projects"}
    held = admin.identity("GET", f"/role_assignments?user.id={someone}&effective").json["role_assignments"]
    assert {one["scope"]["project"]["id"] for one in held} == ({above, below} if start == "domains" else {below})


def test_roles_imply_roles(strict: RunningCloud) -> None:
    admin = admin_of(strict)
    chief, deputy, clerk = (made(admin, "role", name=name)["id"] for name in ("chief", "deputy", "clerk"))
    assert admin.identity("PUT", f"/roles/{chief}/implies/{deputy}").status == 201
    assert admin.identity("PUT", f"/roles/{deputy}/implies/{clerk}").status == 201
    assert admin.identity("HEAD", f"/roles/{chief}/implies/{deputy}").status == 204
    assert admin.identity("HEAD", f"/roles/{chief}/implies/{clerk}").status == 404
    shown = admin.identity("GET", f"/roles/{chief}/implies/{deputy}").json["role_inference"]
    assert (shown["prior_role"]["name"], shown["implies"]["name"]) == ("chief", "deputy")
    listed = admin.identity("GET", f"/roles/{chief}/implies").json["role_inference"]["implies"]
    assert [one["name"] for one in listed] == ["deputy"]
    assert "a role" not in message(admin.identity("PUT", f"/roles/{chief}/implies/{chief}"), 403)
    place = made(admin, "project", name="implied")["id"]
    someone = user(admin, "implied")["id"]
    admin.identity("PUT", f"/projects/{place}/users/{someone}/roles/{chief}")
    assert roles(asked(strict, someone, {"project": {"id": place}})) == {"chief", "deputy", "clerk"}
    query = f"/role_assignments?scope.project.id={place}&effective=1&include_names=1"
    held = admin.identity("GET", query).json["role_assignments"]
    assert {one["role"]["name"] for one in held} == {"chief", "deputy", "clerk"}
    assert {one["user"]["name"] for one in held} == {"implied"}
    assert admin.identity("DELETE", f"/roles/{chief}/implies/{deputy}").status == 204
    assert roles(asked(strict, someone, {"project": {"id": place}})) == {"chief"}
    assert admin.identity("DELETE", f"/roles/{chief}").status == 204
    assert asked(strict, someone, {"project": {"id": place}}).status == 401


def test_assignments_name_groups_until_they_are_resolved(strict: RunningCloud) -> None:
    admin = admin_of(strict)
    place, team = made(admin, "project", name="teamed")["id"], made(admin, "group", name="teamed")["id"]
    people = {user(admin, f"teamed-{n}")["id"] for n in range(2)}
    for one in people:
        admin.identity("PUT", f"/groups/{team}/users/{one}")
        assert admin.identity("HEAD", f"/groups/{team}/users/{one}").status == 204
    admin.identity("PUT", f"/projects/{place}/groups/{team}/roles/{role(admin, 'reader')}")
    query = f"/role_assignments?scope.project.id={place}"
    (given,) = admin.identity("GET", query).json["role_assignments"]
    assert (given["group"], "user" in given) == ({"id": team}, False)
    held = admin.identity("GET", f"{query}&effective").json["role_assignments"]
    assert {one["user"]["id"] for one in held} == people
    assert ids(admin.identity("GET", f"/groups/{team}/users"), "users") == people
    gone = people.pop()
    assert admin.identity("DELETE", f"/groups/{team}/users/{gone}").status == 204
    assert ids(admin.identity("GET", f"/groups/{team}/users"), "users") == people
    assert asked(strict, gone, {"project": {"id": place}}).status == 401
    assert "Specifying both" in message(admin.identity("GET", f"{query}&scope.domain.id=default"), 400)


def test_a_password_that_changes_ends_all_tokens(strict: RunningCloud) -> None:
    admin = admin_of(strict)
    someone = user(admin, "changes")["id"]
    before = entered(asked(strict, someone), strict)
    words = {"user": {"password": "new", "original_password": "wrong"}}
    assert strict.ask("POST", f"/identity/v3/users/{someone}/password", words).status == 401
    words["user"]["original_password"] = SECRET
    assert strict.ask("POST", f"/identity/v3/users/{someone}/password", words).status == 204
    assert before.identity("GET", "/auth/projects").status == 401
    assert asked(strict, someone).status == 401
    after = entered(asked(strict, someone, secret="new"), strict)
    assert admin.identity("PATCH", f"/users/{someone}", {"user": {"enabled": False}}).status == 200
    assert after.identity("GET", "/auth/projects").status == 401
    assert asked(strict, someone, secret="new").status == 401
