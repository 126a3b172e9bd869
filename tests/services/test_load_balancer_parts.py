# SPDX-License-Identifier: Apache-2.0
"""What hangs below load balancers, over a real socket; and the control service that testers have."""

import pytest

from tests.cloud import RunningCloud
from tests.services.balancing import invalid, items, node, refused, tenant


@pytest.mark.parametrize(
    ("path", "none", "body", "shown"),
    [
        (
            "healthmonitor",
            {"healthMonitor": {}},
            {"healthMonitor": {"type": "CONNECT", "delay": 5}},
            {"healthMonitor": {"type": "CONNECT", "delay": 5}},
        ),
        (
            "sessionpersistence",
            {"sessionPersistence": {}},
            {"sessionPersistence": {"persistenceType": "HTTP_COOKIE"}},
            {"sessionPersistence": {"persistenceType": "HTTP_COOKIE"}},
        ),
        (
            "connectionthrottle",
            {"connectionThrottle": {}},
            {"connectionThrottle": {"maxConnections": 100}},
            {"connectionThrottle": {"maxConnections": 100}},
        ),
        (
            "ssltermination",
            {"sslTermination": {}},
            {"sslTermination": {"certificate": "c", "privatekey": "k", "enabled": True}},
            {"sslTermination": {"certificate": "c", "enabled": True}},
        ),
    ],
)
def test_a_feature_is_set_seen_and_cleared(
    frozen: RunningCloud, path: str, none: object, body: object, shown: object
) -> None:
    ann = tenant(frozen, path)
    at = f"/{ann.create()}/{path}"
    assert ann.ask("GET", at).json == none
    assert ann.ask("PUT", at, body).status in (200, 202)
    assert ann.ask("GET", at).json == shown
    assert ann.ask("DELETE", at).status in (200, 202)
    assert ann.ask("GET", at).json == none


def test_switches_and_pages(frozen: RunningCloud) -> None:
    ann = tenant(frozen, "switches")
    made = ann.create()
    for path, key in (("connectionlogging", "connectionLogging"), ("contentcaching", "contentCaching")):
        assert ann.ask("PUT", f"/{made}/{path}", {key: {"enabled": True}}).status in (200, 202)
        assert ann.ask("GET", f"/{made}/{path}").json == {key: {"enabled": True}}
        assert ann.show(made)[key] == {"enabled": True}
    usual = ann.ask("GET", f"/{made}/errorpage").json
    assert ann.ask("PUT", f"/{made}/errorpage", {"errorpage": {"content": "<p>no</p>"}}).status == 200
    assert ann.ask("GET", f"/{made}/errorpage").json == {"errorpage": {"content": "<p>no</p>"}}
    assert ann.ask("DELETE", f"/{made}/errorpage").status == 200
    assert ann.ask("GET", f"/{made}/errorpage").json == usual


def test_features_that_are_not_valid(frozen: RunningCloud) -> None:
    ann = tenant(frozen, "bad-features")
    made = ann.create(protocol="TCP", port=5000)
    told = invalid(ann.ask("PUT", f"/{made}/healthmonitor", {"healthMonitor": {"type": "PING"}}))
    assert told == "Health monitor type is invalid. Must be CONNECT, HTTP or HTTPS."
    cookie = {"sessionPersistence": {"persistenceType": "HTTP_COOKIE"}}
    assert invalid(ann.ask("PUT", f"/{made}/sessionpersistence", cookie)).startswith("HTTP_COOKIE session persistence")
    told = refused(ann.ask("DELETE", f"/{made}/sessionpersistence"), 422)
    assert told == f"Session persistence is already disabled on load balancer '{made}'."
    assert refused(ann.ask("DELETE", f"/{made}/ssltermination"), 404) == "SSL termination not found"


def test_virtual_addresses(frozen: RunningCloud) -> None:
    ann = tenant(frozen, "addresses")
    made = ann.create(virtualIps=[{"type": "SERVICENET"}])
    (only,) = ann.ask("GET", f"/{made}/virtualips").json["virtualIps"]
    assert (only["type"], only["ipVersion"]) == ("SERVICENET", "IPV4")
    words = "Cannot delete the last virtual ip of a load balancer."
    assert refused(ann.ask("DELETE", f"/{made}/virtualips/{only['id']}"), 400) == words
    more = ann.ask("POST", f"/{made}/virtualips", {"ipVersion": "IPV6"})
    assert (more.status, more.json["ipVersion"]) == (202, "IPV6")
    assert ann.ask("DELETE", f"/{made}/virtualips/{more.json['id']}").status == 202
    # A second balancer at the same address.
    other = ann.create(port=81, virtualIps=[{"id": only["id"]}])
    assert ann.show(other)["virtualIps"][0]["address"] == only["address"]


def test_access_lists(frozen: RunningCloud) -> None:
    ann = tenant(frozen, "access")
    made = ann.create(accessList=[{"address": "10.1.0.0/16", "type": "ALLOW"}])
    more = {"accessList": [{"address": "10.2.0.0/16", "type": "DENY"}, {"address": "10.3.0.0/16", "type": "DENY"}]}
    assert ann.ask("POST", f"/{made}/accesslist", more).status == 202
    found = ann.ask("GET", f"/{made}/accesslist").json["accessList"]
    assert [one["type"] for one in found] == ["ALLOW", "DENY", "DENY"]
    assert invalid(ann.ask("POST", f"/{made}/accesslist", more)).startswith("All addresses of an access list")
    assert refused(ann.ask("DELETE", f"/{made}/accesslist/99999"), 404) == "Network item not found"
    assert ann.ask("DELETE", f"/{made}/accesslist/{found[0]['id']}").status == 202
    assert ann.ask("DELETE", f"/{made}/accesslist?id={found[1]['id']}").status == 202
    assert len(ann.ask("GET", f"/{made}/accesslist").json["accessList"]) == 1
    assert ann.ask("DELETE", f"/{made}/accesslist").status == 202
    assert ann.ask("GET", f"/{made}/accesslist").json == {"accessList": []}


def test_metadata_have_ids(frozen: RunningCloud) -> None:
    ann = tenant(frozen, "metadata")
    made = ann.create(metadata=items(color="red"))
    at = f"/{made}/metadata"
    assert ann.ask("POST", at, {"metadata": items(size="big", shape="round")}).json == {
        "metadata": [{"id": 2, "key": "size", "value": "big"}, {"id": 3, "key": "shape", "value": "round"}]
    }
    assert invalid(ann.ask("POST", at, {"metadata": items(size="small")})) == "The metadata keys must be unique."
    assert ann.ask("PUT", f"{at}/2", {"meta": {"value": "small"}}).status == 200
    assert ann.ask("GET", f"{at}/2").json == {"meta": {"id": 2, "key": "size", "value": "small"}}
    assert ann.ask("DELETE", f"{at}/1").status == 200
    words = "Meta data ids 8,9 are not a part of your loadbalancer"
    assert invalid(ann.ask("DELETE", f"{at}?id=9&id=2&id=8")) == words
    assert ann.ask("DELETE", f"{at}?id=2&id=3").status == 200
    assert ann.ask("GET", at).json == {"metadata": []}


def test_what_can_be_chosen_and_what_was_used(frozen: RunningCloud) -> None:
    ann = tenant(frozen, "offers")
    protocols = ann.ask("GET", "/protocols").json["protocols"]
    assert {"name": "HTTPS", "port": 443} in protocols
    assert {"name": "LEAST_CONNECTIONS"} in ann.ask("GET", "/algorithms").json["algorithms"]
    assert ann.ask("GET", "/alloweddomains").json["allowedDomains"]
    made = ann.create()
    assert ann.ask("GET", f"/{made}/stats").json["connectError"] == 0
    assert ann.ask("GET", f"/{made}/usage/current").json["loadBalancerUsageRecords"][0]["numVips"] == 2


# The control service -------------------------------------------------------------------------------------------------


def test_a_tester_sets_the_status_and_it_stays(frozen: RunningCloud) -> None:
    ann = tenant(frozen, "set")
    made = ann.create(nodes=[node(1)])
    for status in ("PENDING_UPDATE", "ERROR", "SUSPENDED", "PENDING_DELETE"):
        answer = ann.control("PATCH", f"/loadbalancer/{made}/attributes", {"status": status})
        assert (answer.status, answer.body) == (204, b"")
        assert ann.show(made)["status"] == status
        told = refused(ann.add(made, node(2)), 422)
        assert told == f"Load Balancer '{made}' has a status of '{status}' and is considered immutable."
    ann.control("PATCH", f"/loadbalancer/{made}/attributes", {"status": "ACTIVE"})
    assert ann.add(made, node(2)).status == 202


def test_a_tester_sets_the_status_of_a_node(frozen: RunningCloud) -> None:
    ann = tenant(frozen, "node-set")
    made = ann.create(nodes=[node(1)])
    one = ann.nodes(made)[0]["id"]
    ann.control("PATCH", f"/loadbalancer/{made}/attributes", {"status": "PENDING_UPDATE"})
    at = f"/loadbalancers/{made}/nodes/{one}/status"
    assert ann.control("PUT", at, {"status": "OFFLINE"}).status == 200
    assert ann.nodes(made)[0]["status"] == "OFFLINE"
    # It is no change of the balancer's.
    assert ann.show(made)["status"] == "PENDING_UPDATE"
    told = refused(ann.control("PUT", at, {"status": "ASLEEP"}), 400)
    assert told == "status key not found or it must have ONLINE or OFFLINE value"
    told = refused(ann.control("PUT", f"/loadbalancers/{made}/nodes/99999/status", {"status": "ONLINE"}), 404)
    assert told == f"Load balancer {made} on tenant {ann.tenant} does not have node 99999"


def test_what_a_tester_can_not_set(frozen: RunningCloud) -> None:
    ann = tenant(frozen, "not-set")
    made = ann.create()
    at = f"/loadbalancer/{made}/attributes"
    assert refused(ann.control("PATCH", at, {"name": "b"}), 400) == "Attempt to alter a bad attribute"
    assert refused(ann.control("PATCH", at, {"status": "WARM"}), 400).startswith("Unsupported status WARM not one of")
    told = refused(ann.control("PATCH", "/loadbalancer/99999/attributes", {"status": "ERROR"}), 404)
    assert told == f"Tenant {ann.tenant} doesn't own load balancer 99999"
    assert ann.show(made)["status"] == "ACTIVE"
