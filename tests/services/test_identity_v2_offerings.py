# SPDX-License-Identifier: Apache-2.0
"""Services that are elsewhere, over a real socket: put into Identity v2.0, with endpoints, into catalogs of tenants."""

from tests.cloud import Answer, RunningCloud
from tests.services.test_identity_v2 import ask, enter, refusal

TEMPLATES = "/OS-KSCATALOG/endpointTemplates"


def call(cloud: RunningCloud, method: str, path: str, body: object = None) -> Answer:
    """With any token."""
    return ask(cloud, method, path, body, "any")


def put_in(cloud: RunningCloud, name: str, **more: object) -> dict[str, object]:
    """A service and a template of it, both by that name."""
    assert call(cloud, "POST", "/services", {"name": name, "type": "outside", "id": name}).status == 201
    template = {
        "id": name,
        "region": "ORD",
        "type": "outside",
        "name": name,
        "publicURL": "http://else.where/v1/%tenant_id%",
        **more,
    }
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
