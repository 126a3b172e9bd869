# SPDX-License-Identifier: Apache-2.0
"""Flavors that are made, changed, given to projects and deleted, with their extra specs, over a real socket.

In a strict cloud, where only an administrator may; the sizes that a cloud begins with are tested with servers.
"""

from typing import Any

import pytest

from tests.cloud import Answer, RunningCloud
from tests.services.callers import CIRROS, Caller, login, refusal

SMALL = {"name": "small", "ram": 512, "vcpus": 1, "disk": 10}
DENIED = "Policy doesn't allow os_compute_api:{} to be performed."


def asked(caller: Caller, version: str | None = None, **flavor: Any) -> Answer:
    """Ask for a flavor."""
    return caller.ask("POST", "/flavors", {"flavor": {**SMALL, **flavor}}, version)


def made(caller: Caller, version: str | None = None, **flavor: Any) -> dict[str, Any]:
    """A flavor that has been made."""
    answer = asked(caller, version, **flavor)
    assert answer.status == 200, answer.body
    shown: dict[str, Any] = answer.json["flavor"]
    return shown


def listed(caller: Caller, query: str = "") -> set[str]:
    """The names that a list has."""
    answer = caller.ask("GET", f"/flavors{query}")
    assert answer.status == 200, answer.body
    return {one["name"] for one in answer.json["flavors"]}


def test_a_flavor_is_made_and_shown_as_each_version_has_it(strict: RunningCloud) -> None:
    admin = login(strict, user="admin")
    first = made(admin, name="numbers", id=1234, ram="1024", swap="16", rxtx_factor="2.5")
    assert (first["id"], first["ram"], first["swap"], first["rxtx_factor"]) == ("1234", 1024, 16, 2.5)
    assert (first["OS-FLV-EXT-DATA:ephemeral"], first["OS-FLV-DISABLED:disabled"]) == (0, False)
    second = made(admin, "2.55", name="described", id=None, description="for tests")
    assert (len(second["id"]), second["swap"], second["description"]) == (36, "", "for tests")
    third = made(admin, "2.102", name="last")
    assert (third["swap"], third["extra_specs"], third["description"]) == (0, {}, None)
    assert not {"rxtx_factor", "OS-FLV-DISABLED:disabled"} & set(third)
    assert admin.ask("GET", f"/flavors/{first['id']}").json["flavor"] == first
    assert {"numbers", "described", "last"} <= listed(login(strict))


@pytest.mark.parametrize(
    ("version", "fields", "field"),
    [
        ("2.1", {"ram": 0}, "ram"),
        ("2.1", {"ram": "0"}, "ram"),
        ("2.1", {"ram": "much"}, "ram"),
        ("2.1", {"vcpus": "9999999999"}, "vcpus"),
        ("2.1", {"disk": -1}, "disk"),
        ("2.1", {"disk": "9999999999"}, "disk"),
        ("2.1", {"swap": None}, "swap"),
        ("2.1", {"rxtx_factor": "0.0"}, "rxtx_factor"),
        ("2.1", {"rxtx_factor": "fast"}, "rxtx_factor"),
        ("2.1", {"name": " small"}, "name"),
        ("2.1", {"name": ""}, "name"),
        ("2.1", {"id": "a/b"}, "id"),
        ("2.1", {"os-flavor-access:is_public": "maybe"}, "os-flavor-access:is_public"),
        ("2.1", {"description": "early"}, "description"),
        ("2.102", {"rxtx_factor": 1}, "rxtx_factor"),
        ("2.1", {"color": "red"}, "color"),
    ],
)
def test_a_flavor_that_is_refused(strict: RunningCloud, version: str, fields: dict[str, Any], field: str) -> None:
    admin = login(strict, user="admin")
    assert field in refusal(asked(admin, version, **{"name": "wrong", **fields}), 400, "badRequest")
    assert "wrong" not in listed(admin)


def test_names_and_ids_are_taken_once(strict: RunningCloud) -> None:
    admin = login(strict, user="admin")
    made(admin, name="once", id="once-1")
    told = refusal(asked(admin, name="once", id="once-2"), 409, "conflictingRequest")
    assert told == "Flavor with name once already exists."
    told = refusal(asked(admin, name="twice", id="once-1"), 409, "conflictingRequest")
    assert told == "Flavor with ID once-1 already exists."


def test_a_flavor_is_described_anew_and_deleted(strict: RunningCloud) -> None:
    admin, demo = login(strict, user="admin"), login(strict)
    made(admin, name="short-lived", id="short")
    new: dict[str, Any] = {"flavor": {"description": "new"}}
    assert admin.ask("PUT", "/flavors/short", new, "2.54").status == 404
    assert admin.ask("PUT", "/flavors/short", new, "2.55").json["flavor"]["description"] == "new"
    told = refusal(admin.ask("PUT", "/flavors/short", {"flavor": {}}, "2.55"), 400, "badRequest")
    assert "description" in told
    told = refusal(demo.ask("PUT", "/flavors/short", new, "2.55"), 403, "forbidden")
    assert told == DENIED.format("os-flavor-manage:update")
    server = admin.create(flavorRef="short")
    assert refusal(demo.ask("DELETE", "/flavors/short"), 403, "forbidden") == DENIED.format("os-flavor-manage:delete")
    assert admin.ask("DELETE", "/flavors/short").status == 202
    assert refusal(admin.ask("GET", "/flavors/short"), 404, "itemNotFound") == "Flavor short could not be found."
    assert admin.ask("DELETE", "/flavors/short").status == 404
    # A server keeps the size that it was made with.
    assert admin.show(server, "2.47")["flavor"]["original_name"] == "short-lived"


def test_only_an_administrator_makes_flavors(strict: RunningCloud) -> None:
    told = refusal(asked(login(strict), name="mine"), 403, "forbidden")
    assert told == DENIED.format("os-flavor-manage:create")


def test_a_flavor_that_is_not_public_is_for_those_who_were_given_it(strict: RunningCloud) -> None:
    admin, demo = login(strict, user="admin"), login(strict)
    made(admin, name="private", id="private", **{"os-flavor-access:is_public": "False"})
    path, action = "/flavors/private/os-flavor-access", "/flavors/private/action"
    give, take = {"addTenantAccess": {"tenant": demo.project}}, {"removeTenantAccess": {"tenant": demo.project}}
    entry = {"flavor_id": "private", "tenant_id": demo.project}
    asks = {"server": {"name": "a", "flavorRef": "private", "imageRef": CIRROS}}

    assert admin.ask("GET", path).json == {"flavor_access": []}
    assert "private" not in listed(demo) | listed(admin) | listed(demo, "?is_public=none")
    assert "private" in listed(admin, "?is_public=no") & listed(admin, "?is_public=None")
    assert demo.ask("GET", "/flavors/private").status == 404
    told = refusal(demo.ask("POST", "/servers", asks), 400, "badRequest")
    assert told == "Flavor private could not be found."

    assert refusal(demo.ask("POST", action, give), 403, "forbidden") == DENIED.format(
        "os-flavor-access:add_tenant_access"
    )
    assert admin.ask("POST", action, give).json == {"flavor_access": [entry]}
    assert admin.ask("POST", action, give).status == 409
    assert admin.ask("GET", path).json == {"flavor_access": [entry]}
    assert "private" in listed(demo)
    assert demo.ask("POST", "/servers", asks).status == 202

    assert admin.ask("POST", action, take).json == {"flavor_access": []}
    assert admin.ask("POST", action, take).status == 404
    assert "private" not in listed(demo)
    assert refusal(demo.ask("GET", path), 403, "forbidden") == DENIED.format("os-flavor-access")
    told = refusal(admin.ask("GET", "/flavors/1/os-flavor-access"), 404, "itemNotFound")
    assert told == "Access list not available for public flavors."
    assert "tenant" in refusal(admin.ask("POST", action, {"addTenantAccess": {}}), 400, "badRequest")


def test_extra_specs(strict: RunningCloud) -> None:
    admin, demo = login(strict, user="admin"), login(strict)
    made(admin, name="special", id="special")
    path = "/flavors/special/os-extra_specs"
    specs = {"hw:numa_nodes": "1", "hw:cpu_policy": "shared"}
    assert admin.ask("POST", path, {"extra_specs": specs}).json == {"extra_specs": specs}
    assert demo.ask("GET", path).json == {"extra_specs": specs}
    assert admin.ask("PUT", f"{path}/hw:numa_nodes", {"hw:numa_nodes": "2"}).json == {"hw:numa_nodes": "2"}
    assert demo.ask("GET", f"{path}/hw:numa_nodes").json == {"hw:numa_nodes": "2"}
    assert "extra_specs" not in demo.ask("GET", "/flavors/special", version="2.60").json["flavor"]
    shown = demo.ask("GET", "/flavors/special", version="2.61").json["flavor"]
    assert shown["extra_specs"] == {"hw:numa_nodes": "2", "hw:cpu_policy": "shared"}
    assert admin.ask("DELETE", f"{path}/hw:cpu_policy").status == 200
    told = refusal(demo.ask("GET", f"{path}/hw:cpu_policy"), 404, "itemNotFound")
    assert told == "Flavor special has no extra specs with key hw:cpu_policy."
    assert admin.ask("DELETE", f"{path}/hw:cpu_policy").status == 404

    for body in ({"hw:cpu_policy": "shared"}, {"hw:numa_nodes": "1", "more": "2"}, {}, {"hw:numa_nodes": []}):
        assert admin.ask("PUT", f"{path}/hw:numa_nodes", body).status == 400, body
    assert admin.ask("POST", path, {"extra_specs": {"a/b": "1"}}).status == 400
    for method, below, body, what in (
        ("POST", "", {"extra_specs": specs}, "create"),
        ("PUT", "/hw:numa_nodes", {"hw:numa_nodes": "3"}, "update"),
        ("DELETE", "/hw:numa_nodes", None, "delete"),
    ):
        told = refusal(demo.ask(method, path + below, body), 403, "forbidden")
        assert told == DENIED.format(f"os-flavor-extra-specs:{what}")
