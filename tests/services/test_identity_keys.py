# SPDX-License-Identifier: Apache-2.0
"""Application credentials over a real socket: made, logged in with, bound to some roles of one project, and ended."""

import pytest

from tests.cloud import RunningCloud
from tests.services.callers import LOGIN, Caller, login, project
from tests.services.tenancy import asked, entered, ids, keyed, made, message, role, roles, user

DAY = 86400


@pytest.fixture
def owner(strict: RunningCloud, request: pytest.FixtureRequest) -> Caller:
    """A user of one test, a member of a project of one test."""
    admin, name = login(strict, user="admin"), request.node.name
    someone, place = user(admin, name[:60])["id"], made(admin, "project", name=name[:60])["id"]
    for one in ("member", "reader"):
        path = f"/projects/{place}/users/{someone}/roles/{role(admin, one)}"
        assert admin.identity("PUT", path).status == 204
    return entered(asked(strict, someone, {"project": {"id": place}}), strict)


def key(owner: Caller, **fields: object) -> dict[str, str]:
    """A credential of the owner's, its secret included."""
    answer = owner.identity("POST", path_of(owner), {"application_credential": {"name": "robot", **fields}})
    assert answer.status == 201, answer.body
    made_one: dict[str, str] = answer.json["application_credential"]
    return made_one


def path_of(owner: Caller) -> str:
    return f"/users/{owner.user}/application_credentials"


def test_a_program_logs_in_for_one_project(strict: RunningCloud, owner: Caller) -> None:
    given = key(owner, roles=[{"name": "reader"}], description="for the robot")
    assert (given["project_id"], given["expires_at"], given["unrestricted"]) == (owner.project, None, False)
    answer = keyed(strict, given["secret"], id=given["id"])
    assert roles(answer) == {"reader"}
    token = answer.json["token"]
    assert (token["project"]["id"], token["methods"]) == (owner.project, ["application_credential"])
    assert token["application_credential"] == {"id": given["id"], "name": "robot", "restricted": True}
    named = keyed(strict, given["secret"], name="robot", user={"id": owner.user})
    assert roles(named) == {"reader"}
    assert keyed(strict, "wrong", id=given["id"]).status == 401
    shown = owner.identity("GET", f"{path_of(owner)}/{given['id']}").json["application_credential"]
    assert "secret" not in shown
    assert ids(owner.identity("GET", path_of(owner)), "application_credentials") == {given["id"]}


def test_it_has_no_other_scope(strict: RunningCloud, owner: Caller) -> None:
    given = key(owner)
    method = {"id": given["id"], "secret": given["secret"]}
    auth = {"identity": {"methods": ["application_credential"], "application_credential": method}}
    answer = strict.ask("POST", LOGIN, {"auth": {**auth, "scope": project("demo")}})
    assert message(answer, 401) == "Application credentials cannot request a scope."


def test_with_it_no_other_is_made(strict: RunningCloud, owner: Caller) -> None:
    given = key(owner)
    robot = entered(keyed(strict, given["secret"], id=given["id"]), strict)
    answer = robot.identity("POST", path_of(owner), {"application_credential": {"name": "second"}})
    assert "managing additional application credentials" in message(answer, 403)
    free = key(owner, name="free", unrestricted=True)
    free_robot = entered(keyed(strict, free["secret"], id=free["id"]), strict)
    assert free_robot.identity("POST", path_of(owner), {"application_credential": {"name": "second"}}).status == 201


def test_it_ends_with_its_time_its_deletion_and_its_role(strict: RunningCloud, owner: Caller) -> None:
    admin = login(strict, user="admin")
    doomed, other = key(owner), key(owner, name="other")
    robot = entered(keyed(strict, doomed["secret"], id=doomed["id"]), strict)
    assert owner.identity("DELETE", f"{path_of(owner)}/{doomed['id']}").status == 204
    assert robot.identity("GET", "/auth/projects").status == 401
    assert keyed(strict, doomed["secret"], id=doomed["id"]).status == 401
    path = f"/projects/{owner.project}/users/{owner.user}/roles/{role(admin, 'member')}"
    assert admin.identity("DELETE", path).status == 204
    assert keyed(strict, other["secret"], id=other["id"]).status == 401


def test_its_time_can_be_short(strict: RunningCloud, owner: Caller) -> None:
    now = strict.ask("GET", "/_mimic/clock").json["iso"]
    year = int(now[:4]) + 1
    late = {"name": "late", "expires_at": f"{year - 2}-06-01T00:00:00.000000"}
    past = owner.identity("POST", path_of(owner), {"application_credential": late})
    assert "past" in message(past, 400)
    given = key(owner, expires_at=f"{year}-06-01T00:00:00.000000")
    assert given["expires_at"] == f"{year}-06-01T00:00:00.000000"
    assert keyed(strict, given["secret"], id=given["id"]).status == 201
    strict.advance(550 * DAY)
    assert keyed(strict, given["secret"], id=given["id"]).status == 401


def test_roles_that_the_owner_lacks_are_refused(owner: Caller) -> None:
    for wanted in ({"name": "admin"}, {"name": "nonsense"}):
        body = {"application_credential": {"name": "robot", "roles": [wanted]}}
        assert message(owner.identity("POST", path_of(owner), body), 400).startswith("Invalid application credential")
    key(owner)
    assert message(owner.identity("POST", path_of(owner), {"application_credential": {"name": "robot"}}), 409)


def test_what_it_may_call_is_kept(strict: RunningCloud, owner: Caller) -> None:
    rule = {"path": "/v2.1/servers", "method": "GET", "service": "compute"}
    given = key(owner, access_rules=[rule])
    (kept,) = owner.identity("GET", f"/users/{owner.user}/access_rules").json["access_rules"]
    assert {name: kept[name] for name in rule} == rule
    again = key(owner, name="again", access_rules=[{"id": kept["id"]}])
    assert again["access_rules"] == given["access_rules"]
    path = f"/users/{owner.user}/access_rules/{kept['id']}"
    assert owner.identity("DELETE", path).status == 403
    for one in (given, again):
        assert owner.identity("DELETE", f"{path_of(owner)}/{one['id']}").status == 204
    assert owner.identity("DELETE", path).status == 204
    assert owner.identity("GET", path).status == 404


def test_they_are_their_owners_own(strict: RunningCloud, owner: Caller) -> None:
    given = key(owner)
    other = login(strict)
    assert other.identity("GET", path_of(owner)).status == 403
    assert other.identity("GET", f"{path_of(owner)}/{given['id']}").status == 403
    assert other.identity("DELETE", f"{path_of(owner)}/{given['id']}").status == 403
    admin = login(strict, user="admin")
    assert admin.identity("GET", f"/users/{admin.user}/application_credentials/{given['id']}").status == 404
