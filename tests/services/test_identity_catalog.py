# SPDX-License-Identifier: Apache-2.0
"""Services, endpoints and regions over a real socket, and the catalog that they make up."""

from tests.cloud import RunningCloud
from tests.services.callers import Caller, login
from tests.services.tenancy import ids, made, message


def listed(caller: Caller, kind: str) -> list[str]:
    """The URLs under which the catalog has services of a type."""
    catalog = caller.identity("GET", "/auth/catalog").json["catalog"]
    return [end["url"] for entry in catalog if entry["type"] == kind for end in entry["endpoints"]]


def test_what_is_noted_down_stands_in_the_catalog(strict: RunningCloud) -> None:
    admin = login(strict, user="admin")
    service = made(admin, "service", type="dns", name="designate", description="names")
    fields = {"service_id": service["id"], "interface": "public", "url": "http://dns.example"}
    assert listed(admin, "dns") == []
    end = made(admin, "endpoint", region="Far", **fields)
    assert (end["region"], end["region_id"], end["enabled"]) == ("Far", "Far", True)
    assert admin.identity("GET", "/regions/Far").status == 200
    assert listed(login(strict), "dns") == ["http://dns.example"]
    assert ids(admin.identity("GET", f"/endpoints?service_id={service['id']}"), "endpoints") == {end["id"]}
    path = f"/endpoints/{end['id']}"
    changed = admin.identity("PATCH", path, {"endpoint": {"region": "Farther", "url": "http://other.example"}})
    assert (changed.json["endpoint"]["region"], changed.json["endpoint"]["url"]) == ("Farther", "http://other.example")
    assert admin.identity("PATCH", path, {"endpoint": {"enabled": False}}).status == 200
    assert listed(admin, "dns") == []
    assert admin.identity("PATCH", path, {"endpoint": {"enabled": True}}).status == 200
    assert admin.identity("PATCH", f"/services/{service['id']}", {"service": {"enabled": False}}).status == 200
    assert listed(admin, "dns") == []
    assert admin.identity("DELETE", f"/services/{service['id']}").status == 204
    assert message(admin.identity("GET", path), 404) == f"Could not find endpoint: {end['id']}."


def test_an_endpoint_is_of_something_somewhere(strict: RunningCloud) -> None:
    admin = login(strict, user="admin")
    body = {"service_id": "nothing", "interface": "public", "url": "http://x"}
    assert message(admin.identity("POST", "/endpoints", {"endpoint": body}), 400) == "Could not find service: nothing."
    (compute,) = admin.identity("GET", "/services?type=compute").json["services"]
    body = {**body, "service_id": compute["id"], "region_id": "nowhere"}
    assert message(admin.identity("POST", "/endpoints", {"endpoint": body}), 400) == "Could not find region: nowhere."
    assert admin.identity("POST", "/endpoints", {"endpoint": {**body, "interface": "private"}}).status == 400


def test_the_clouds_own_endpoints_are_where_it_is_asked(strict: RunningCloud) -> None:
    admin = login(strict, user="admin")
    (compute,) = admin.identity("GET", "/services?type=compute").json["services"]
    ends = admin.identity("GET", f"/endpoints?service_id={compute['id']}&interface=public").json["endpoints"]
    assert {end["url"] for end in ends} == {f"{strict.url}/compute/v2.1"}


def test_regions_have_parents(strict: RunningCloud) -> None:
    admin = login(strict, user="admin")
    assert made(admin, "region", id="Earth")["id"] == "Earth"
    assert admin.identity("PUT", "/regions/Moon", {"region": {"parent_region_id": "Earth"}}).status == 201
    assert admin.identity("PUT", "/regions/Moon", {"region": {}}).status == 409
    assert ids(admin.identity("GET", "/regions?parent_region_id=Earth"), "regions") == {"Moon"}
    assert admin.identity("DELETE", "/regions/Earth").status == 403
    assert admin.identity("PATCH", "/regions/Moon", {"region": {"description": "bright"}}).status == 200
    assert admin.identity("GET", "/regions/Moon").json["region"]["description"] == "bright"
    assert admin.identity("DELETE", "/regions/Moon").status == 204
    assert admin.identity("DELETE", "/regions/Earth").status == 204
    assert message(admin.identity("GET", "/regions/Earth"), 404) == "Could not find region: Earth."
