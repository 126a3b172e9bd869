# SPDX-License-Identifier: Apache-2.0
"""Projects and domains over a real socket: trees, tags, what goes with what, and what is refused in which words."""

import pytest

from tests.cloud import RunningCloud
from tests.services.callers import NOBODY, Caller, login
from tests.services.tenancy import asked, ids, made, message, user


@pytest.fixture
def admin(strict: RunningCloud) -> Caller:
    """The administrator of a new world."""
    return login(strict, user="admin")


def test_projects_form_trees(admin: Caller) -> None:
    top = made(admin, "project", name="top", description="first", colour="red")
    assert (top["parent_id"], top["domain_id"], top["colour"]) == ("default", "default", "red")
    assert (top["is_domain"], top["enabled"], top["tags"], top["options"]) == (False, True, [], {})
    parent = top["id"]
    for depth in range(4):
        parent = made(admin, "project", name=f"deep-{depth}", parent_id=parent)["id"]
    deeper = {"project": {"name": "deeper", "parent_id": parent}}
    assert message(admin.identity("POST", "/projects", deeper), 403).startswith("Max hierarchy depth reached")
    (child,) = admin.identity("GET", f"/projects?parent_id={top['id']}").json["projects"]
    assert child["name"] == "deep-0"
    assert "not a leaf" in message(admin.identity("DELETE", f"/projects/{top['id']}"), 403)
    assert admin.identity("DELETE", f"/projects/{parent}").status == 204
    stray = {"project": {"name": "stray", "parent_id": NOBODY}}
    assert message(admin.identity("POST", "/projects", stray), 404) == f"Could not find project: {NOBODY}."


def test_a_project_is_changed_and_keeps_what_it_is_told(admin: Caller) -> None:
    path = f"/projects/{made(admin, 'project', name='before', colour='red')['id']}"
    body = {"project": {"name": "after", "colour": "blue", "size": 3}}
    assert admin.identity("PATCH", path, body).status == 200
    shown = admin.identity("GET", path).json["project"]
    assert (shown["name"], shown["colour"], shown["size"]) == ("after", "blue", 3)
    made(admin, "project", name="taken")
    told = message(admin.identity("PATCH", path, {"project": {"name": "taken"}}), 409)
    expected = (
        "Conflict occurred attempting to store project - Duplicate entry found with name taken at domain ID default."
    )
    assert told == expected
    assert message(admin.identity("POST", "/projects", {"project": {"name": ""}}), 400).startswith("Invalid input")
    assert message(admin.identity("POST", "/projects", {"project": {}}), 400)


def test_names_may_be_asked_for_by_their_parts(admin: Caller) -> None:
    for plural, kind in (
        ("users", "user"),
        ("groups", "group"),
        ("projects", "project"),
        ("domains", "domain"),
        ("roles", "role"),
    ):
        one = made(admin, kind, name=f"Apple pie {kind}", **({"password": "x"} if kind == "user" else {}))["id"]
        for query, found in (
            (f"name__contains=ple%20pie%20{kind}", True),
            ("name__contains=APPLE", False),
            (f"name__icontains=APPLE%20PIE%20{kind}", True),
            ("name__startswith=Apple", True),
            ("name__startswith=apple", False),
            ("name__istartswith=apple", True),
        ):
            assert (one in ids(admin.identity("GET", f"/{plural}?{query}"), plural)) == found, query


def test_a_project_is_shown_with_its_tree(admin: Caller) -> None:
    top = made(admin, "project", name="a root of it")["id"]
    middle = made(admin, "project", name="a trunk of it", parent_id=top)["id"]
    leaf = made(admin, "project", name="a leaf of it", parent_id=middle)["id"]
    shown = admin.identity("GET", f"/projects/{middle}?parents_as_list&subtree_as_list").json["project"]
    assert [one["project"]["id"] for one in shown["parents"]] == [top]
    assert [one["project"]["id"] for one in shown["subtree"]] == [leaf]
    assert {"parents", "subtree"} & set(admin.identity("GET", f"/projects/{middle}").json["project"]) == set()


def test_tags_are_a_set(admin: Caller) -> None:
    path = f"/projects/{made(admin, 'project', name='tagged', tags=['a', 'b'])['id']}"
    made(admin, "project", name="tagged-too", tags=["b"])
    assert admin.identity("PUT", f"{path}/tags/c").status == 201
    assert admin.identity("PUT", f"{path}/tags/c").status == 201
    assert admin.identity("GET", f"{path}/tags").json["tags"] == ["a", "b", "c"]
    assert admin.identity("GET", f"{path}/tags/a").status == 204
    assert message(admin.identity("GET", f"{path}/tags/z"), 404) == "Could not find project tag: z."
    assert admin.identity("PUT", f"{path}/tags", {"tags": ["a", "x,y"]}).status == 400
    assert admin.identity("PUT", f"{path}/tags", {"tags": ["a", "a"]}).status == 400
    assert admin.identity("PUT", f"{path}/tags", {"tags": ["a", "b"]}).json["tags"] == ["a", "b"]

    def named(query: str) -> set[str]:
        found = admin.identity("GET", f"/projects?{query}").json["projects"]
        return {one["name"] for one in found if one["name"].startswith("tagged")}

    assert named("tags=a,b") == {"tagged"}
    assert named("tags-any=a,b") == {"tagged", "tagged-too"}
    assert named("not-tags=a,b") == {"tagged-too"}
    assert named("not-tags-any=a") == {"tagged-too"}
    assert admin.identity("DELETE", f"{path}/tags/a").status == 204
    assert admin.identity("DELETE", f"{path}/tags/a").status == 404
    assert admin.identity("DELETE", f"{path}/tags").status == 204
    assert admin.identity("GET", f"{path}/tags").json["tags"] == []


def test_a_domain_takes_all_that_is_in_it_with_it(strict: RunningCloud, admin: Caller) -> None:
    domain = made(admin, "domain", name="brief")["id"]
    inside = {
        "projects": made(admin, "project", name="in", domain_id=domain)["id"],
        "users": user(admin, "in", domain_id=domain)["id"],
        "groups": made(admin, "group", name="in", domain_id=domain)["id"],
    }
    for plural, one in inside.items():
        assert ids(admin.identity("GET", f"/{plural}?domain_id={domain}"), plural) == {one}
    refused = message(admin.identity("DELETE", f"/domains/{domain}"), 403)
    assert refused == "Cannot delete a domain that is enabled, please disable it first."
    assert asked(strict, inside["users"]).status == 201
    assert admin.identity("PATCH", f"/domains/{domain}", {"domain": {"enabled": False}}).status == 200
    assert asked(strict, inside["users"]).status == 401
    assert admin.identity("DELETE", f"/domains/{domain}").status == 204
    for plural, one in inside.items():
        assert admin.identity("GET", f"/{plural}/{one}").status == 404


@pytest.mark.parametrize(("kind", "fields"), [("domain", {}), ("user", {}), ("group", {}), ("role", {})])
def test_names_are_taken_once(admin: Caller, kind: str, fields: dict[str, str]) -> None:
    made(admin, kind, name="once", **fields)
    told = message(admin.identity("POST", f"/{kind}s", {kind: {"name": "once", **fields}}), 409)
    assert told.startswith(f"Conflict occurred attempting to store {kind} - Duplicate entry found with name once")
    (found,) = admin.identity("GET", f"/{kind}s?name=once").json[f"{kind}s"]
    assert admin.identity("PATCH", f"/{kind}s/{found['id']}", {kind: {"name": "twice"}}).status == 200
    assert admin.identity("GET", f"/{kind}s/{found['id']}").json[kind]["name"] == "twice"
    if kind != "domain":
        assert admin.identity("DELETE", f"/{kind}s/{found['id']}").status == 204
        assert (
            message(admin.identity("GET", f"/{kind}s/{found['id']}"), 404) == f"Could not find {kind}: {found['id']}."
        )
