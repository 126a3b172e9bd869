# SPDX-License-Identifier: Apache-2.0
"""Aggregates of hosts, which administrators of a strict cloud make, over a real socket."""

from typing import Any

import pytest

from tests.cloud import RunningCloud
from tests.services.callers import Caller, login, refusal, wanted


def made(admin: Caller, name: str, **more: Any) -> dict[str, Any]:
    answer = admin.ask("POST", "/os-aggregates", {"aggregate": {"name": name, **more}})
    assert answer.status == 200, answer.body
    shown: dict[str, Any] = answer.json["aggregate"]
    return shown


def act(admin: Caller, aggregate: int, action: str, arguments: object) -> Any:
    return admin.ask("POST", f"/os-aggregates/{aggregate}/action", {action: arguments})


def test_an_aggregate_from_its_beginning_to_its_end(strict: RunningCloud) -> None:
    admin = login(strict, user="admin")
    new = made(admin, "first")
    assert {**new, "id": 0, "created_at": ""} == {
        "id": 0,
        "name": "first",
        "availability_zone": None,
        "created_at": "",
        "updated_at": None,
        "deleted": False,
        "deleted_at": None,
    }
    assert admin.ask("PUT", f"/os-aggregates/{new['id']}", {"aggregate": {"name": "other"}}).status == 200
    given = act(admin, new["id"], "set_metadata", {"metadata": {"a": "1", "b": "2"}}).json["aggregate"]
    assert (given["name"], given["metadata"]) == ("other", {"a": "1", "b": "2"})
    taken = act(admin, new["id"], "set_metadata", {"metadata": {"a": None, "b": "3"}}).json["aggregate"]
    assert taken["metadata"] == {"b": "3"}
    assert act(admin, new["id"], "add_host", {"host": "compute-1"}).json["aggregate"]["hosts"] == ["compute-1"]
    refused = admin.ask("DELETE", f"/os-aggregates/{new['id']}")
    assert "Host aggregate is not empty." in refusal(refused, 400, "badRequest")
    assert act(admin, new["id"], "remove_host", {"host": "compute-1"}).json["aggregate"]["hosts"] == []
    shown = admin.ask("GET", f"/os-aggregates/{new['id']}", version="2.41").json["aggregate"]
    assert shown["uuid"]
    assert shown in admin.ask("GET", "/os-aggregates", version="2.41").json["aggregates"]
    assert admin.ask("DELETE", f"/os-aggregates/{new['id']}").status == 200
    gone = admin.ask("GET", f"/os-aggregates/{new['id']}")
    assert refusal(gone, 404, "itemNotFound") == f"Aggregate {new['id']} could not be found."


def test_its_zone_can_be_asked_for_while_it_has_a_host(strict: RunningCloud) -> None:
    admin, member = login(strict, user="admin"), login(strict)
    new = made(admin, "zoned", availability_zone="attic")
    assert new["availability_zone"] == "attic"
    asked = wanted(availability_zone="attic")
    refused = member.ask("POST", "/servers", asked)
    assert refusal(refused, 400, "badRequest") == "The requested availability zone is not available"
    assert act(admin, new["id"], "add_host", {"host": "compute-1"}).status == 200
    listed = member.ask("GET", "/os-availability-zone").json["availabilityZoneInfo"]
    assert [one["zoneName"] for one in listed] == ["nova", "attic"]
    assert member.ask("POST", "/servers", asked).status == 202


def test_they_are_for_administrators(strict: RunningCloud) -> None:
    member, aggregate = login(strict), made(login(strict, user="admin"), "hers")["id"]
    for method, path, body in (
        ("GET", "", None),
        ("GET", f"/{aggregate}", None),
        ("POST", "", {"aggregate": {"name": "mine"}}),
        ("PUT", f"/{aggregate}", {"aggregate": {"name": "mine"}}),
        ("DELETE", f"/{aggregate}", None),
        ("POST", f"/{aggregate}/action", {"add_host": {"host": "compute-1"}}),
        ("POST", f"/{aggregate}/action", {"remove_host": {"host": "compute-1"}}),
        ("POST", f"/{aggregate}/action", {"set_metadata": {"metadata": {}}}),
    ):
        assert refusal(member.ask(method, f"/os-aggregates{path}", body), 403, "forbidden")


@pytest.mark.parametrize(
    ("body", "status", "fault", "words"),
    [
        ({"aggregate": {"name": ""}}, 400, "badRequest", "Invalid input for field/attribute name"),
        ({"aggregate": {"name": "  "}}, 400, "badRequest", "Invalid input for field/attribute name"),
        ({"aggregate": {"name": "a" * 256}}, 400, "badRequest", "Invalid input for field/attribute name"),
        ({"aggregate": {"name": "a", "hosts": []}}, 400, "badRequest", "Additional properties are not allowed"),
        ({"aggregate": {"name": "twice"}}, 409, "conflictingRequest", "Aggregate twice already exists."),
    ],
)
def test_one_that_is_wrong_is_refused(
    strict: RunningCloud, body: dict[str, Any], status: int, fault: str, words: str
) -> None:
    admin = login(strict, user="admin")
    if words.startswith("Aggregate"):
        made(admin, "twice")
    assert words in refusal(admin.ask("POST", "/os-aggregates", body), status, fault)


def test_a_host_is_there_and_once(strict: RunningCloud) -> None:
    admin = login(strict, user="admin")
    aggregate = made(admin, "full")["id"]
    missing = act(admin, aggregate, "add_host", {"host": "moon"})
    assert refusal(missing, 404, "itemNotFound") == "Compute host moon could not be found."
    assert act(admin, aggregate, "add_host", {"host": "compute-1"}).status == 200
    assert refusal(act(admin, aggregate, "add_host", {"host": "compute-1"}), 409, "conflictingRequest")
    assert refusal(act(admin, aggregate, "remove_host", {"host": "moon"}), 404, "itemNotFound")
