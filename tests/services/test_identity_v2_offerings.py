# SPDX-License-Identifier: Apache-2.0
"""Services that are elsewhere, over a real socket: put into Identity v2.0, with endpoints, into catalogs of tenants."""

from typing import Any

import pytest

from tests.cloud import Answer, RunningCloud
from tests.services.test_identity_v2 import ask, enter, refusal

TEMPLATES = "/OS-KSCATALOG/endpointTemplates"


def call(cloud: RunningCloud, method: str, path: str, body: object = None) -> Answer:
    """With any token."""
    return ask(cloud, method, path, body, "any")


def outside(name: str, /, **more: object) -> dict[str, object]:
    """A template of the service of that name."""
    url = "http://else.where/v1/%tenant_id%"
    return {"id": name, "region": "ORD", "type": "outside", "name": name, "publicURL": url, **more}


def put_in(cloud: RunningCloud, name: str, **more: object) -> dict[str, object]:
    """A service and a template of it, both by that name."""
    assert call(cloud, "POST", "/services", {"name": name, "type": "outside", "id": name}).status == 201
    template = {**outside(name), **more}
    assert call(cloud, "POST", TEMPLATES, template).status == 201
    return template


def names(cloud: RunningCloud, user: str, tenant: str) -> list[str]:
    """The names in the catalog of a tenant."""
    access = enter(cloud, user, tenantId=tenant).json["access"]
    return [entry["name"] for entry in access["serviceCatalog"]]


def test_services_are_added_and_removed(frozen: RunningCloud) -> None:
    assert refusal(ask(frozen, "GET", "/services"), 401, "unauthorized") == "Authentication required"
    service = {"name": "one", "type": "t", "id": "1", "description": "d"}
    assert call(frozen, "POST", "/services", service).status == 201
    assert service in call(frozen, "GET", "/services").json["OS-KSADM:services"]
    told = refusal(call(frozen, "POST", "/services", {**service, "name": "other"}), 409, "conflict")
    assert told == "Conflict: Service with the same uuid already exists."
    told = refusal(call(frozen, "POST", "/services", {**service, "id": "other"}), 409, "conflict")
    assert told == "Conflict: Service with the same name already exists."
    told = refusal(call(frozen, "POST", "/services", {"name": "x"}), 400, "badRequest")
    assert told == "Invalid Content. 'name' and 'type' fields are required."
    assert call(frozen, "DELETE", "/services/1").status == 204
    told = refusal(call(frozen, "DELETE", "/services/1"), 404, "itemNotFound")
    assert told == "Service not found. Unable to remove."


def test_templates_are_added_changed_and_removed(frozen: RunningCloud) -> None:
    template = put_in(frozen, "two")
    shown = call(frozen, "GET", TEMPLATES).json["OS-KSCATALOG"]
    (mine,) = [one for one in shown if one["id"] == "two"]
    assert mine == {
        **template,
        "enabled": False,
        "internalURL": "",
        "adminURL": "",
        "RAX-AUTH:tenantAlias": "%tenant_id%",
        "versionId": "",
        "versionInfo": "",
        "versionList": "",
    }
    told = refusal(call(frozen, "POST", TEMPLATES, template), 409, "conflict")
    assert told == "ID value is already assigned to an existing template"
    told = refusal(call(frozen, "POST", TEMPLATES, {"id": "9", "region": "ORD", "type": "t"}), 400, "badRequest")
    assert told == "JSON body does not contain the required parameters: Missing required value name"
    told = refusal(call(frozen, "POST", TEMPLATES, {**template, "id": "9", "name": "none"}), 404, "itemNotFound")
    assert told == "Service API for endoint template not found"
    told = refusal(call(frozen, "POST", TEMPLATES, {**template, "id": "9", "type": "x"}), 409, "conflict")
    assert told == "Endpoint already exists or service type does not match."
    assert call(frozen, "PUT", f"{TEMPLATES}/two", {**template, "region": "DFW"}).status == 201
    shown = call(frozen, "GET", TEMPLATES).json["OS-KSCATALOG"]
    assert [one["region"] for one in shown if one["id"] == "two"] == ["DFW"]
    told = refusal(call(frozen, "PUT", f"{TEMPLATES}/other", template), 409, "conflict")
    assert told == "Template ID in URL does not match that of the JSON body"
    told = refusal(call(frozen, "PUT", f"{TEMPLATES}/other", {**template, "id": "other"}), 404, "itemNotFound")
    assert told.startswith("Unable to update non-existent template.")
    told = refusal(call(frozen, "DELETE", "/services/two"), 409, "conflict")
    assert told == "Service still has endpoint templates."
    assert call(frozen, "DELETE", f"{TEMPLATES}/two").status == 204
    told = refusal(call(frozen, "DELETE", f"{TEMPLATES}/two"), 404, "itemNotFound")
    assert told == "Unable to locate an External API with the given Template ID."


def test_what_is_enabled_is_in_the_catalog(frozen: RunningCloud) -> None:
    put_in(frozen, "three")
    put_in(frozen, "four", enabled=True)
    assert "three" not in names(frozen, "olga", "000020")
    assert "four" in names(frozen, "olga", "000020")
    at = "/tenants/000020/OS-KSCATALOG/endpoints"
    assert call(frozen, "POST", at, {"OS-KSCATALOG:endpointTemplate": {"id": "three"}}).status == 201
    access = enter(frozen, "olga").json["access"]
    (entry,) = [entry for entry in access["serviceCatalog"] if entry["name"] == "three"]
    assert entry["endpoints"][0]["publicURL"] == "http://else.where/v1/000020"
    assert "three" not in names(frozen, "paula", "000021")
    (listed,) = call(frozen, "GET", at).json["endpoints"]
    assert (listed["id"], listed["region"], listed["tenantId"]) == ("three", "ORD", "000020")
    assert call(frozen, "DELETE", f"{at}/three").status == 204
    assert "three" not in names(frozen, "olga", "000020")
    told = refusal(call(frozen, "DELETE", f"{at}/three"), 404, "itemNotFound")
    assert told == "Template not enabled for tenant"
    at = f"/tokens/{access['token']['id']}/endpoints"
    put_in(frozen, "five", enabled=True, internalURL="http://in.side/%tenant_id%")
    (five,) = [one for one in ask(frozen, "GET", at).json["endpoints"] if one["name"] == "five"]
    assert five == {
        "id": "five",
        "name": "five",
        "type": "outside",
        "region": "ORD",
        "tenantId": "000020",
        "publicURL": "http://else.where/v1/000020",
        "internalURL": "http://in.side/000020",
    }


def test_a_template_goes_with_what_enabled_it(frozen: RunningCloud) -> None:
    put_in(frozen, "six")
    at = "/tenants/000022/OS-KSCATALOG/endpoints"
    for _ in range(2):
        assert call(frozen, "POST", at, {"OS-KSCATALOG:endpointTemplate": {"id": "six"}}).status == 201
    assert [one["id"] for one in call(frozen, "GET", at).json["endpoints"]] == ["six"]
    assert call(frozen, "DELETE", f"{TEMPLATES}/six").status == 204
    assert call(frozen, "GET", at).json == {"endpoints": [], "endpoints_links": []}
    for method, path, body in (
        ("POST", at, {"OS-KSCATALOG:endpointTemplate": {"id": "six"}}),
        ("DELETE", f"{at}/six", None),
    ):
        told = refusal(call(frozen, method, path, body), 404, "itemNotFound")
        assert told == "Unable to locate an External API with the given Template ID."


def test_a_service_has_one_template_for_a_region(frozen: RunningCloud) -> None:
    put_in(frozen, "seven")
    again = outside("seven", id="again")
    told = refusal(call(frozen, "POST", TEMPLATES, again), 409, "conflict")
    assert told == "Endpoint already exists or service type does not match."
    assert call(frozen, "POST", TEMPLATES, {**again, "region": "DFW", "enabled": True}).status == 201
    told = refusal(call(frozen, "PUT", f"{TEMPLATES}/again", again), 409, "conflict")
    assert told == "Endpoint already exists and service id or service type does not match."
    assert call(frozen, "PUT", f"{TEMPLATES}/again", {**again, "region": "DFW", "enabled": False}).status == 201
    assert "seven" not in names(frozen, "quirin", "000023")


def test_the_header_names_the_service(frozen: RunningCloud) -> None:
    put_in(frozen, "eight")
    put_in(frozen, "nine")

    def of(service: str, method: str, path: str, body: object = None) -> Answer:
        return frozen.ask(method, f"/identity/v2.0{path}", body, {"X-Auth-Token": "any", "serviceid": service})

    assert [one["id"] for one in of("eight", "GET", TEMPLATES).json["OS-KSCATALOG"]] == ["eight"]
    told = refusal(of("none", "GET", TEMPLATES), 404, "itemNotFound")
    assert told == "Unable to find the requested API"
    # It counts more than the name in the body.
    assert of("eight", "POST", TEMPLATES, outside("nine", id="8b", region="DFW")).status == 201
    assert {one["id"] for one in of("eight", "GET", TEMPLATES).json["OS-KSCATALOG"]} == {"eight", "8b"}
    told = refusal(of("none", "POST", TEMPLATES, outside("nine", id="9b", region="DFW")), 404, "itemNotFound")
    assert told == "Service API for endoint template not found"
    told = refusal(of("nine", "PUT", f"{TEMPLATES}/8b", outside("eight", id="8b", region="DFW")), 409, "conflict")
    assert told == "Endpoint already exists and service id or service type does not match."
    assert of("eight", "PUT", f"{TEMPLATES}/8b", outside("nine", id="8b", region="IAD")).status == 201
    told = refusal(of("none", "DELETE", f"{TEMPLATES}/none"), 404, "itemNotFound")
    assert told == "Unable to locate an External API with the given Template ID."
    assert of("none", "DELETE", f"{TEMPLATES}/8b").status == 204


@pytest.mark.parametrize(
    ("body", "lacking"),
    [
        ({}, "id"),
        (outside("ten", id=None), "id"),
        (outside("ten", region=None), "region"),
        (outside("ten", type=None), "type"),
        (outside("ten", name=None), "name"),
    ],
)
@pytest.mark.parametrize(("method", "path"), [("POST", TEMPLATES), ("PUT", f"{TEMPLATES}/ten")])
def test_what_a_template_lacks(frozen: RunningCloud, method: str, path: str, body: Any, lacking: str) -> None:
    told = refusal(call(frozen, method, path, body), 400, "badRequest")
    assert told == f"JSON body does not contain the required parameters: Missing required value {lacking}"


def test_ids_are_texts_or_numbers(frozen: RunningCloud) -> None:
    put_in(frozen, "eleven")
    assert call(frozen, "POST", TEMPLATES, outside("eleven", id=11, region="DFW")).status == 201
    at = "/tenants/000024/OS-KSCATALOG/endpoints"
    assert call(frozen, "POST", at, {"OS-KSCATALOG:endpointTemplate": {"id": 11}}).status == 201
    assert [one["id"] for one in call(frozen, "GET", at).json["endpoints"]] == ["11"]


BODIES = [
    ("POST", "/services", {"name": "x", "type": "t", "id": None}),
    ("POST", "/services", {"name": "x", "type": "t", "id": ""}),
    ("POST", "/services", {"name": 7, "type": "t"}),
    ("POST", "/services", {"name": "x", "type": "t", "description": {}}),
    ("POST", "/services", []),
    *(
        (method, path, body)
        for method, path in [("POST", TEMPLATES), ("PUT", f"{TEMPLATES}/x")]
        for body in [
            outside("x", id=[]),
            outside("x", id=True),
            outside("x", region=7),
            outside("x", type={}),
            outside("x", name=[]),
            outside("x", enabled="yes"),
            outside("x", publicURL=None),
            outside("x", **{"RAX-AUTH:tenantAlias": ""}),
            "x",
            None,
        ]
    ),
    *(
        ("POST", "/tenants/1/OS-KSCATALOG/endpoints", body)
        for body in [
            {},
            [],
            {"OS-KSCATALOG:endpointTemplate": {}},
            {"OS-KSCATALOG:endpointTemplate": {"id": None}},
            {"OS-KSCATALOG:endpointTemplate": {"id": {}}},
            {"OS-KSCATALOG:endpointTemplate": "x"},
        ]
    ),
]


FORM = {"X-Auth-Token": "any", "Content-Type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize(("method", "path", "body"), BODIES)
def test_what_cannot_be_read_changes_nothing(frozen: RunningCloud, method: str, path: str, body: Any) -> None:
    before = call(frozen, "GET", "/services").body, call(frozen, "GET", TEMPLATES).body
    for sent in (b"null" if body is None else body, b"{"):
        assert refusal(call(frozen, method, path, sent), 400, "badRequest") == "Invalid JSON request body"
    assert refusal(call(frozen, method, path, b"[" * 300 + b"]" * 300), 400, "badRequest")
    assert refusal(frozen.ask(method, f"/identity/v2.0{path}", b"a=b", FORM), 415, "badMediaType")
    assert before == (call(frozen, "GET", "/services").body, call(frozen, "GET", TEMPLATES).body)


@pytest.mark.parametrize("path", ["/services/none", f"{TEMPLATES}/none", "/tenants/1/OS-KSCATALOG/endpoints/none"])
def test_what_is_not_there_is_not_removed(frozen: RunningCloud, path: str) -> None:
    assert refusal(call(frozen, "DELETE", path), 404, "itemNotFound")
    assert refusal(ask(frozen, "DELETE", path), 401, "unauthorized") == "Authentication required"


def test_services_can_be_elsewhere_from_the_beginning(frozen: RunningCloud) -> None:
    def entry(id: str, region: str, name: str = "cloudFeeds") -> dict[str, str]:
        url = f"http://{region.lower()}.feeds/%tenant_id%"
        return {"id": id, "name": name, "type": "rax:feeds", "region": region, "url": url}

    def made(*entries: dict[str, str]) -> Answer:
        return frozen.ask("POST", "/_mimic/worlds", {"config": {"services_elsewhere": list(entries)}})

    world = made(entry("1", "ORD"), entry("2", "DFW")).json["id"]
    login = {"auth": {"passwordCredentials": {"username": "ann", "password": "any"}, "tenantId": "000025"}}
    access = frozen.ask("POST", f"/w/{world}/identity/v2.0/tokens", login).json["access"]
    (feeds,) = [one for one in access["serviceCatalog"] if one["name"] == "cloudFeeds"]
    assert [(one["region"], one["publicURL"]) for one in feeds["endpoints"]] == [
        ("ORD", "http://ord.feeds/000025"),
        ("DFW", "http://dfw.feeds/000025"),
    ]
    assert frozen.ask("DELETE", f"/_mimic/worlds/{world}").status == 204
    twice = made(entry("1", "ORD"), entry("2", "ORD"))
    assert (twice.status, "Endpoint already exists" in twice.json["error"]["message"]) == (400, True)
