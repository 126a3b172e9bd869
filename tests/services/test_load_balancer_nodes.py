# SPDX-License-Identifier: Apache-2.0
"""Nodes of load balancers over a real socket: made, changed, deleted one by one and together, and their feeds."""

from xml.etree import ElementTree

from tests.cloud import Answer, RunningCloud
from tests.services.balancing import invalid, items, node, refused, tenant

ATOM = "{http://www.w3.org/2005/Atom}"
SCHEMA = {"message": ["JSON does not match the expected schema"]}


def test_nodes_are_added_and_seen(frozen: RunningCloud) -> None:
    ann = tenant(frozen, "added")
    made = ann.create()
    answer = ann.add(made, node(1), node(2, port="8080", condition="DRAINING", weight=3))
    assert answer.status == 202
    assert answer.json == {"nodes": ann.nodes(made)}
    first, second = ann.nodes(made)
    assert {key: first[key] for key in ("address", "port", "type", "condition", "weight", "status")} == {
        "address": "10.0.0.1",
        "port": 80,
        "type": "PRIMARY",
        "condition": "ENABLED",
        "weight": 1,
        "status": "ONLINE",
    }
    assert (second["port"], second["condition"], second["weight"]) == (8080, "DRAINING", 3)
    assert ann.ask("GET", f"/{made}/nodes/{first['id']}").json == {"node": first}
    assert refused(ann.ask("GET", f"/{made}/nodes/99999"), 404) == "Node not found"


def test_new_nodes_of_a_monitored_balancer_are_offline(frozen: RunningCloud) -> None:
    ann = tenant(frozen, "monitored")
    made = ann.create()
    monitor = {"type": "CONNECT", "delay": 10, "timeout": 10, "attemptsBeforeDeactivation": 3}
    assert ann.ask("PUT", f"/{made}/healthmonitor", {"healthMonitor": monitor}).status == 202
    assert ann.add(made, node()).json["nodes"][0]["status"] == "OFFLINE"


def test_no_node_twice(frozen: RunningCloud) -> None:
    ann = tenant(frozen, "twice")
    made = ann.create(nodes=[node(1)])
    words = "Duplicate nodes detected. One or more nodes already configured on load balancer."
    assert refused(ann.add(made, node(2), node(1)), 422) == words
    assert refused(ann.add(made, node(3), node(3)), 422) == words
    assert len(ann.nodes(made)) == 1


def test_a_balancer_has_so_many_nodes(frozen: RunningCloud) -> None:
    ann = tenant(frozen, "so-many")
    made = ann.create(nodes=[node(n) for n in range(1, 26)])
    assert refused(ann.add(made, node(26)), 413) == "Nodes must not exceed 25 per load balancer."
    assert len(ann.nodes(made)) == 25


def test_nodes_that_are_not_valid(frozen: RunningCloud) -> None:
    ann = tenant(frozen, "not-valid")
    made = ann.create()
    assert invalid(ann.add(made, node(weight=1000))).startswith("Node weight is invalid. Range is 1-100.")
    assert invalid(ann.add(made, node(port=0))).startswith("Node port is invalid.")
    for bad in (node(color="red"), {"port": 80}, node(condition="GONE")):
        answer = ann.add(made, bad)
        assert (answer.status, answer.json) == (400, SCHEMA)
    assert ann.nodes(made) == []


def test_a_node_is_changed(frozen: RunningCloud) -> None:
    ann = tenant(frozen, "node-changed")
    made = ann.create(nodes=[node(1), node(2)])
    one = ann.nodes(made)[0]["id"]
    change = {"node": {"condition": "DRAINING", "weight": 5, "type": "SECONDARY"}}
    assert ann.ask("PUT", f"/{made}/nodes/{one}", change).status == 202
    shown = ann.nodes(made)[0]
    assert (shown["condition"], shown["weight"], shown["type"]) == ("DRAINING", 5, "SECONDARY")
    for body, words in [
        ({"ip": "10.0.0.9"}, "Node ip field cannot be modified."),
        ({"port": 81}, "Port field cannot be modified."),
        ({"id": 7}, "Node id field cannot be modified."),
        ({"weight": 0}, "Node weight is invalid. Range is 1-100. Please specify a valid weight."),
    ]:
        assert invalid(ann.ask("PUT", f"/{made}/nodes/{one}", {"node": body})) == words
    for wrong in ({"node": {"weight": "x"}}, {"node": {}, "more": 1}, {"node": {"status": "ONLINE"}}, {}):
        answer = ann.ask("PUT", f"/{made}/nodes/{one}", wrong)
        assert (answer.status, answer.json) == (400, SCHEMA)
    told = refused(ann.ask("PUT", f"/{made}/nodes/99999", {"node": {"weight": 2}}), 404)
    assert told == f"Node with id #99999 not found for loadbalancer #{made}"
    assert ann.nodes(made)[0] == shown


def test_nodes_are_deleted(frozen: RunningCloud) -> None:
    ann = tenant(frozen, "node-deleted")
    made = ann.create(nodes=[node(1), node(2)])
    one, two = (each["id"] for each in ann.nodes(made))
    assert ann.ask("DELETE", f"/{made}/nodes/{one}").status == 202
    told = refused(ann.ask("DELETE", f"/{made}/nodes/{one}"), 404)
    assert told == f"Node with id #{one} not found for loadbalancer #{made}"
    assert [each["id"] for each in ann.nodes(made)] == [two]


def test_many_nodes_are_deleted_or_none(frozen: RunningCloud) -> None:
    ann = tenant(frozen, "many-nodes")
    made = ann.create(nodes=[node(n) for n in range(1, 13)])
    ids = [each["id"] for each in ann.nodes(made)]

    def asked(*which: object) -> str:
        return f"/{made}/nodes?" + "&".join(f"id={one}" for one in which)

    assert refused(ann.ask("DELETE", f"/{made}/nodes"), 400) == "Must supply one or more id's to process this request."
    words = "Node ids 88888,99999 are not a part of your loadbalancer"
    assert invalid(ann.ask("DELETE", asked(99999, ids[0], 88888))) == words
    assert invalid(ann.ask("DELETE", asked("x"))) == "Node ids x are not a part of your loadbalancer"
    told = refused(ann.ask("DELETE", asked(*ids[:11])), 400)
    assert told.startswith("Request to delete 11 nodes exceeds the account limit BATCH_DELETE_LIMIT of 10")
    assert len(ann.nodes(made)) == 12
    assert ann.ask("DELETE", asked(*ids[:10])).status == 202
    assert [each["id"] for each in ann.nodes(made)] == ids[10:]


def test_what_is_not_active_takes_no_nodes(frozen: RunningCloud) -> None:
    ann = tenant(frozen, "immutable")
    made = ann.create(nodes=[node(1)], metadata=items(lb_pending_update=60))
    assert ann.add(made, node(2)).status == 202
    words = f"Load Balancer '{made}' has a status of 'PENDING_UPDATE' and is considered immutable."
    one = ann.nodes(made)[0]["id"]
    assert refused(ann.add(made, node(3)), 422) == words
    assert refused(ann.ask("PUT", f"/{made}/nodes/{one}", {"node": {"weight": 2}}), 422) == words
    assert refused(ann.ask("DELETE", f"/{made}/nodes/{one}"), 422) == words
    assert refused(ann.ask("DELETE", f"/{made}/nodes?id={one}"), 422) == "LoadBalancer is not ACTIVE"


def test_the_feed_of_a_node_tells_what_became_of_it(frozen: RunningCloud) -> None:
    ann = tenant(frozen, "feed")
    made = ann.create(nodes=[node(1)])
    (two,) = ann.add(made, node(2)).json["nodes"]
    ann.ask("PUT", f"/{made}/nodes/{two['id']}", {"node": {"condition": "DRAINING"}})
    answer = ann.ask("GET", f"/{made}/nodes/{two['id']}.atom")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/atom+xml")
    feed = ElementTree.fromstring(answer.body)
    assert [entry.findtext(f"{ATOM}summary") for entry in feed.iter(f"{ATOM}entry")] == [
        "Node successfully created with address: '10.0.0.2', port: '80', condition: 'ENABLED', weight: '1'",
        "Node successfully updated with address: '10.0.0.2', port: '80', weight: '1', condition: 'DRAINING'",
    ]
    assert feed.findtext(f"{ATOM}entry/{ATOM}updated") == "2030-01-01T09:00:00Z"
    # Of a node that came with the balancer, nothing is told.
    one = ann.nodes(made)[0]["id"]
    assert list(ElementTree.fromstring(ann.ask("GET", f"/{made}/nodes/{one}.atom").body).iter(f"{ATOM}entry")) == []


def test_a_feed_that_is_not_there_is_refused_in_xml(frozen: RunningCloud) -> None:
    ann, bob = tenant(frozen, "no-feed"), tenant(frozen, "no-feed-of-others")
    made = ann.create(nodes=[node(1)], metadata=items(lb_pending_delete=60))
    one = ann.nodes(made)[0]["id"]

    def told(answer: Answer) -> tuple[int, str, str | None]:
        assert answer.headers["content-type"] == "application/xml"
        fault = ElementTree.fromstring(answer.body)
        assert fault.get("code") == str(answer.status)
        message = fault.findtext("{http://docs.openstack.org/loadbalancers/api/v1.0}message")
        return answer.status, fault.tag.rpartition("}")[2], message

    nobodys = (404, "itemNotFound", "Load balancer not found")
    assert told(ann.ask("GET", f"/{made}/nodes/{one + 1}.atom")) == (404, "itemNotFound", "Node not found")
    assert told(ann.ask("GET", f"/{made}0/nodes/{one}.atom")) == nobodys
    assert told(ann.ask("GET", f"/x<y/nodes/{one}.atom")) == nobodys
    assert told(bob.ask("GET", f"/{made}/nodes/{one}.atom")) == nobodys
    assert ann.ask("DELETE", f"/{made}").status == 202
    assert frozen.ask("POST", "/_mimic/clock", {"advance": 61}).status == 200
    gone = told(ann.ask("GET", f"/{made}/nodes/{one}.atom"))
    assert gone == (410, "loadBalancerFault", "The loadbalancer is marked as deleted.")


def test_metadata_of_a_node(frozen: RunningCloud) -> None:
    ann = tenant(frozen, "node-metadata")
    made = ann.create(nodes=[node(1)])
    at = f"/{made}/nodes/{ann.nodes(made)[0]['id']}/metadata"
    assert ann.ask("POST", at, {"metadata": items(color="red")}).json["metadata"][0]["value"] == "red"
    assert ann.ask("PUT", f"{at}/1", {"meta": {"value": "blue"}}).status == 200
    assert ann.ask("GET", at).json == {"metadata": [{"id": 1, "key": "color", "value": "blue"}]}
    assert refused(ann.ask("GET", f"{at}/9"), 404) == "Meta data item not found"
