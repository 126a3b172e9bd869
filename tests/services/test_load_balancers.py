# SPDX-License-Identifier: Apache-2.0
"""Cloud Load Balancers v1.0 over a real socket: balancers themselves, and how their states follow each other."""

import pytest

from tests.cloud import RunningCloud
from tests.services.balancing import SERVICE, invalid, items, node, refused, tenant


def test_a_balancer_is_made_with_nodes_and_addresses(frozen: RunningCloud) -> None:
    ann = tenant(frozen, "made")
    answer = ann.ask(
        "POST",
        "",
        {"loadBalancer": {"name": "a", "protocol": "HTTPS", "nodes": [node(1), node(2, weight=7, type="SECONDARY")]}},
    )
    made = answer.json["loadBalancer"]
    assert (answer.status, made["status"], made["port"], made["algorithm"]) == (202, "ACTIVE", 443, "RANDOM")
    assert made["created"] == made["updated"] == {"time": "2030-01-01T09:00:00Z"}
    assert [one["ipVersion"] for one in made["virtualIps"]] == ["IPV4", "IPV6"]
    assert [(one["address"], one["weight"], one["type"]) for one in made["nodes"]] == [
        ("10.0.0.1", 1, "PRIMARY"),
        ("10.0.0.2", 7, "SECONDARY"),
    ]
    assert ann.show(made["id"]) == made


def test_what_nobody_says_is_as_the_service_has_it(frozen: RunningCloud) -> None:
    ann = tenant(frozen, "plain")
    shown = ann.show(ann.create())
    assert (shown["port"], shown["timeout"], shown["halfClosed"], shown["httpsRedirect"]) == (80, 30, False, False)
    assert (shown["connectionLogging"], shown["contentCaching"]) == ({"enabled": False}, {"enabled": False})
    # There are no nodes, no metadata and no health monitor to show.
    assert not {"nodes", "metadata", "healthMonitor"} & set(shown)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"protocol": "SMOKE"}, "Load balancer protocol is invalid. Please specify a valid protocol."),
        ({"algorithm": "LUCK"}, "Load balancer algorithm is invalid. Please specify a valid algorithm."),
        ({"port": 70000}, "Load balancer port is invalid. Please specify a port number between 1 and 65535."),
        ({"timeout": 29}, "Load balancer timeout is invalid. Range is 30-120."),
        ({"nodes": [node(port=0)]}, "Node port is invalid. Please specify a port number between 1 and 65535."),
        ({"nodes": [node(weight=101)]}, "Node weight is invalid. Range is 1-100. Please specify a valid weight."),
        ({"nodes": [node(condition="DISABLED")]}, "You must have at least one primary node enabled."),
        ({"nodes": [node(n) for n in range(1, 27)]}, "Nodes must not exceed 25 per load balancer."),
        ({"virtualIps": [{"id": 99999}]}, "Virtual ip not found"),
    ],
)
def test_what_is_not_valid_is_told(frozen: RunningCloud, more: dict[str, object], words: str) -> None:
    ann = tenant(frozen, "invalid")
    asked = {"loadBalancer": {"name": "a", "protocol": "HTTP", **more}}
    assert invalid(ann.ask("POST", "", asked)) == words
    assert ann.ask("GET", "").json == {"loadBalancers": []}


def test_bodies_that_are_none(frozen: RunningCloud) -> None:
    ann = tenant(frozen, "bodies")
    raw = frozen.ask("POST", f"{SERVICE}/{ann.tenant}/loadbalancers", None, {"X-Auth-Token": ann.token})
    assert raw.status == 400
    told = ann.ask("POST", "", {"loadBalancer": {}})
    assert (told.status, told.json) == (400, {"message": ["JSON does not match the expected schema"]})
    told = ann.ask("POST", "", {"loadBalancer": {"name": "a", "nodes": [node(color="red")]}})
    assert (told.status, told.json) == (400, {"message": ["JSON does not match the expected schema"]})


def test_lists_are_paged_and_filtered(frozen: RunningCloud) -> None:
    ann = tenant(frozen, "lists")
    ids = [ann.create(name=name, nodes=[node(at)]) for at, name in enumerate(["a", "b", "c"], 1)]

    def listed(query: str) -> list[int]:
        return [one["id"] for one in ann.ask("GET", query).json["loadBalancers"]]

    assert listed("") == ids
    assert listed("?limit=2") == ids[:2]
    assert listed("?limit=2&offset=1") == ids[1:]
    assert listed(f"?marker={ids[0]}") == ids[1:]
    assert listed("?name=b") == [ids[1]]
    assert listed("?nodeaddress=10.0.0.3") == [ids[2]]
    assert listed("?status=ERROR") == []
    assert listed("?status=active") == ids
    assert listed("?changes-since=2030-01-01T08:00:00Z") == ids
    assert listed("?changes-since=2031-01-01T08:00:00Z") == []
    one = ann.ask("GET", "").json["loadBalancers"][0]
    assert one["nodeCount"] == 1
    assert "nodes" not in one
    assert refused(ann.ask("GET", "?limit=0"), 400) == "limit must be a number from 1 to 100"


def test_a_balancer_is_changed(frozen: RunningCloud) -> None:
    ann = tenant(frozen, "changed")
    made = ann.create()
    assert ann.ask("PUT", f"/{made}", {"loadBalancer": {"name": "b", "timeout": 60, "halfClosed": True}}).status == 202
    shown = ann.show(made)
    assert (shown["name"], shown["timeout"], shown["halfClosed"], shown["port"]) == ("b", 60, True, 80)
    assert invalid(ann.ask("PUT", f"/{made}", {"loadBalancer": {"timeout": 600}})).endswith("Range is 30-120.")
    for wrong in ({"loadBalancer": {"color": "red"}}, {"loadBalancer": {}}, {"color": "red"}, {}):
        assert ann.ask("PUT", f"/{made}", wrong).status == 400
    assert ann.show(made) == shown
    assert ann.ask("PUT", f"/{made}", {"name": "bare"}).status == 202
    assert ann.show(made)["name"] == "bare"


def test_a_balancer_is_deleted(frozen: RunningCloud) -> None:
    ann = tenant(frozen, "deleted")
    made = ann.create()
    assert ann.ask("DELETE", f"/{made}").status == 202
    assert refused(ann.ask("GET", f"/{made}"), 404) == "Load balancer not found"
    assert refused(ann.ask("DELETE", f"/{made}"), 404) == "Load balancer not found"
    assert refused(ann.add(made, node()), 404) == "Load balancer not found"


def test_many_are_deleted_together_or_none(frozen: RunningCloud) -> None:
    ann = tenant(frozen, "many")
    ids = [ann.create() for _ in range(3)]
    assert refused(ann.ask("DELETE", ""), 400) == "Must supply one or more id's to process this request."
    told = refused(ann.ask("DELETE", f"?id={ids[0]}&id=99999"), 400)
    assert told == "Must provide valid load balancers: 99999 could not be found."
    ann.control("PATCH", f"/loadbalancer/{ids[1]}/attributes", {"status": "PENDING_UPDATE"})
    told = refused(ann.ask("DELETE", f"?id={ids[0]}&id={ids[1]}"), 400)
    assert told == f"Must provide valid load balancers: {ids[1]} are immutable and could not be processed."
    assert len(ann.ask("GET", "").json["loadBalancers"]) == 3
    assert ann.ask("DELETE", f"?id={ids[0]}&id={ids[2]}").status == 202
    assert [one["id"] for one in ann.ask("GET", "").json["loadBalancers"]] == [ids[1]]


def test_an_account_has_so_many(frozen: RunningCloud) -> None:
    ann = tenant(frozen, "full")
    for _ in range(25):
        ann.create()
    told = refused(ann.ask("POST", "", {"loadBalancer": {"name": "a", "protocol": "HTTP"}}), 413)
    assert told == "Load balancer limit reached. Please contact support if you need more than 25."


def test_a_building_balancer_is_immutable(frozen: RunningCloud) -> None:
    ann = tenant(frozen, "building")
    made = ann.create(metadata=items(lb_building=30))
    assert ann.show(made)["status"] == "BUILD"
    told = refused(ann.add(made, node()), 422)
    assert told == f"Load Balancer '{made}' has a status of 'BUILD' and is considered immutable."
    told = refused(ann.ask("DELETE", f"/{made}"), 400)
    assert told == f"Must provide valid load balancers: {made} are immutable and could not be processed."


def test_callers_are_known_by_their_token(frozen: RunningCloud) -> None:
    ann, bob = tenant(frozen, "ann"), tenant(frozen, "bob")
    made = ann.create()
    assert frozen.ask("GET", f"{SERVICE}/{ann.tenant}/loadbalancers").json == {"message": "Unauthorized", "code": 401}
    other = frozen.ask("GET", f"{SERVICE}/{ann.tenant}/loadbalancers/{made}", None, {"X-Auth-Token": bob.token})
    assert refused(other, 401) == "Unauthorized"
    assert refused(bob.ask("GET", f"/{made}"), 404) == "Load balancer not found"
