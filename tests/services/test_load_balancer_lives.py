# SPDX-License-Identifier: Apache-2.0
"""What becomes of balancers whose metadata ask for misfortune, over a real socket; and what an account has used.

The keys that begin with `lb_` are Mimic's; the failures by name are real ones. Time passes only when a test says so,
and each test has a project of its own.
"""

import pytest

from tests.cloud import RunningCloud
from tests.services.balancing import items, node, refused, tenant

GONE = "The loadbalancer is marked as deleted."
DEAD = "The load balancer is deleted and considered immutable."
SUBRESOURCES = (
    "accesslist",
    "connectionlogging",
    "connectionthrottle",
    "contentcaching",
    "errorpage",
    "healthmonitor",
    "metadata",
    "nodes",
    "nodes/events",
    "sessionpersistence",
    "ssltermination",
    "stats",
    "usage",
    "usage/current",
    "virtualips",
)


def immutable(balancer: int, status: str) -> str:
    return f"Load Balancer '{balancer}' has a status of '{status}' and is considered immutable."


@pytest.mark.parametrize("seconds", [None, 0, "0", 10, "10"])
def test_a_balancer_builds_for_ten_seconds(frozen: RunningCloud, seconds: object) -> None:
    ann = tenant(frozen, f"builds-{seconds!r}")
    made = ann.create(metadata=items(lb_building=seconds))
    frozen.advance(9)
    assert ann.show(made)["status"] == "BUILD"
    frozen.advance(1)
    assert ann.show(made)["status"] == "ACTIVE"


def test_seconds_that_are_none(frozen: RunningCloud) -> None:
    ann = tenant(frozen, "unreadable")
    for key in ("lb_building", "lb_pending_update", "lb_pending_delete"):
        asked = {"loadBalancer": {"name": "a", "protocol": "HTTP", "metadata": items(**{key: "soon"})}}
        assert refused(ann.ask("POST", "", asked), 400).endswith("must be numbers of seconds.")
    assert ann.ask("GET", "").json == {"loadBalancers": []}


@pytest.mark.parametrize("seconds", [None, 0, 10, "10"])
def test_a_deletion_that_takes_ten_seconds(frozen: RunningCloud, seconds: object) -> None:
    ann = tenant(frozen, f"deletes-{seconds!r}")
    made = ann.create(metadata=items(lb_pending_delete=seconds), nodes=[node(1)])
    assert ann.show(made)["status"] == "ACTIVE"
    assert ann.ask("DELETE", f"/{made}").status == 202
    frozen.advance(9)
    # Looking at it doesn't keep it from going.
    assert ann.show(made)["status"] == "PENDING_DELETE"
    told = refused(ann.ask("DELETE", f"/{made}"), 400)
    assert told == f"Must provide valid load balancers: {made} are immutable and could not be processed."
    assert refused(ann.add(made, node(2)), 422) == immutable(made, "PENDING_DELETE")
    frozen.advance(1)
    assert ann.show(made)["status"] == "DELETED"


def test_what_is_deleted_can_be_seen_for_an_hour(frozen: RunningCloud) -> None:
    ann = tenant(frozen, "tombstone")
    made = ann.create(metadata=items(lb_pending_delete=1), nodes=[node(1)])
    one = ann.nodes(made)[0]["id"]
    ann.ask("DELETE", f"/{made}")
    frozen.advance(1)
    for path in (*SUBRESOURCES, f"nodes/{one}", f"nodes/{one}/metadata"):
        assert refused(ann.ask("GET", f"/{made}/{path}"), 410) == GONE, path
    for answer in (
        ann.add(made, node(2)),
        ann.ask("PUT", f"/{made}", {"loadBalancer": {"name": "b"}}),
        ann.ask("PUT", f"/{made}/nodes/{one}", {"node": {"weight": 2}}),
        ann.ask("DELETE", f"/{made}/nodes/{one}"),
    ):
        assert refused(answer, 422) == DEAD
    told = refused(ann.ask("DELETE", f"/{made}"), 400)
    assert told == f"Must provide valid load balancers: {made} could not be found."
    assert ann.ask("GET", "").json == {"loadBalancers": []}
    assert [one["id"] for one in ann.ask("GET", "?status=DELETED").json["loadBalancers"]] == [made]
    frozen.advance(3599)
    assert ann.show(made)["status"] == "DELETED"
    frozen.advance(1)
    assert refused(ann.ask("GET", f"/{made}"), 404) == "Load balancer not found"


def test_the_first_change_of_any_kind_ends_it(frozen: RunningCloud) -> None:
    ann = tenant(frozen, "ends")
    made = ann.create(metadata=items(lb_pending_delete=5))
    assert ann.add(made, node(1)).status == 202
    assert ann.show(made)["status"] == "PENDING_DELETE"
    frozen.advance(5)
    assert ann.show(made)["status"] == "DELETED"


@pytest.mark.parametrize("value", ["yes", 0, None])
def test_the_first_change_leaves_it_in_error(frozen: RunningCloud, value: object) -> None:
    ann = tenant(frozen, f"error-{value!r}")
    made = ann.create(metadata=items(lb_error_state=value, lb_pending_update=5))
    assert ann.show(made)["status"] == "ACTIVE"
    assert ann.add(made, node(1)).status == 202
    frozen.advance(60)
    assert ann.show(made)["status"] == "ERROR"
    assert refused(ann.add(made, node(2)), 422) == immutable(made, "ERROR")
    assert ann.ask("DELETE", f"/{made}").status == 202
    assert refused(ann.ask("GET", f"/{made}"), 404) == "Load balancer not found"


def test_each_change_takes_its_time(frozen: RunningCloud) -> None:
    ann = tenant(frozen, "takes-time")
    made = ann.create(metadata=items(lb_pending_update="10"), nodes=[node(1)])
    one = ann.nodes(made)[0]["id"]
    for method, path, body in [
        ("POST", "nodes", {"nodes": [node(2)]}),
        ("PUT", f"nodes/{one}", {"node": {"weight": 2}}),
        ("DELETE", f"nodes?id={one}", None),
    ]:
        assert ann.ask(method, f"/{made}/{path}", body).status == 202
        frozen.advance(9)
        assert refused(ann.add(made, node(3)), 422) == immutable(made, "PENDING_UPDATE")
        frozen.advance(1)
        assert ann.show(made)["status"] == "ACTIVE"
    ann.add(made, node(4))
    # It can be deleted all the same.
    assert ann.ask("DELETE", f"/{made}").status == 202


def test_a_failure_by_name_ends_with_its_metadata(frozen: RunningCloud) -> None:
    ann = tenant(frozen, "named")
    made = ann.create(metadata=items(failure="nodes_over_limit"))
    answer = ann.add(made, node(1))
    assert (refused(answer, 413), answer.headers["retry-after"]) == ("OverLimit Retry...", "30")
    assert "load_balancer/faults_by_name.rules:" in answer.headers["x-mimic-rule"]
    assert ann.ask("PUT", f"/{made}/metadata/1", {"meta": {"value": "nodes_unauthorized"}}).status == 200
    answer = ann.add(made, node(1))
    assert (answer.status, answer.body, answer.headers["content-type"]) == (401, b"", "text/plain")
    assert ann.ask("PUT", f"/{made}/metadata/1", {"meta": {"value": "nodes_forbidden"}}).status == 200
    answer = ann.ask("GET", f"/{made}/nodes")
    assert answer.status == 403
    assert answer.body == b"403 Forbidden\n\nAccess was denied to this resource.\n\n "
    assert ann.ask("DELETE", f"/{made}/metadata/1").status == 200
    assert ann.add(made, node(1)).status == 202


def test_an_account_is_told_what_it_used(frozen: RunningCloud) -> None:
    ann = tenant(frozen, "used")
    none = ann.ask("GET", "/usage").json
    assert (none["loadBalancerUsages"], none["accountUsage"][0]["numLoadBalancers"]) == ([], 0)
    assert ann.ask("GET", "/billable").json == {"loadBalancers": []}
    one, two = ann.create(name="one"), ann.create(name="two", port=81, virtualIps=[{"type": "SERVICENET"}])
    used = ann.ask("GET", "/usage").json
    assert [(each["loadBalancerId"], each["loadBalancerName"]) for each in used["loadBalancerUsages"]] == [
        (one, "one"),
        (two, "two"),
    ]
    assert [each["loadBalancerUsageRecords"][0]["numVips"] for each in used["loadBalancerUsages"]] == [2, 1]
    (account,) = used["accountUsage"]
    assert (account["numLoadBalancers"], account["numPublicVips"], account["numServicenetVips"]) == (2, 2, 1)
    assert [each["id"] for each in ann.ask("GET", "/billable").json["loadBalancers"]] == [one, two]
