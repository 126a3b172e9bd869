# SPDX-License-Identifier: Apache-2.0
"""The scenarios of Auto Scale's tests that need a balancer which fails: by control calls, metadata and rules."""

import pytest

from examples.autoscaler import Status
from tests.acceptance.field import Field, addresses, plays

pytestmark = plays()


def pending_delete(field: Field, balancer: int) -> None:
    field.control("PATCH", f"/loadbalancer/{balancer}/attributes", "PENDING_DELETE")


def test_scale_up_when_pending_delete(field: Field) -> None:
    """CATC-023-a."""
    front = field.balancer()
    group = field.group(1, front)
    field.full(group, 1, front)
    pending_delete(field, front)
    field.scaler.scale(group, 1)
    assert (group.status, group.desired) == (Status.ERROR, 2)
    assert group.reasons == (f"load balancer {front} is PENDING_DELETE",)
    assert len(field.servers()) == 1


def test_scale_down_when_pending_delete(field: Field) -> None:
    """CATC-023-b: what is about to go counts as gone."""
    front = field.balancer()
    group = field.group(2, front)
    field.full(group, 2, front)
    pending_delete(field, front)
    field.scaler.scale(group, -1)
    field.full(group, 1)


def test_a_balancer_that_is_deleted_between_look_and_change(field: Field) -> None:
    """The look says ACTIVE, and the change is refused in the words of a balancer that goes."""
    field.fault(
        "rule going on create node then respond 422 immutableEntity "
        "\"Load Balancer '{load_balancer.id}' has a status of 'PENDING_DELETE' and is considered immutable.\"",
        "load_balancer",
    )
    front = field.balancer()
    group = field.group(1, front)
    assert field.scaler.run(lambda: group.status is Status.ERROR, 120)
    assert "'PENDING_DELETE' and is considered immutable" in group.reasons[0]
    assert field.hits("going") == 1


def test_node_added_as_draining(field: Field) -> None:
    """Where the balancer watches its nodes, a new one gets nothing before it is seen to be well."""
    front = field.balancer()
    monitor = {"type": "CONNECT", "delay": 10, "timeout": 10, "attemptsBeforeDeactivation": 3}
    field.ask("load_balancer", "PUT", f"/loadbalancers/{front}/healthmonitor", {"healthMonitor": monitor})
    group = field.group(2, front)
    field.settle(group)
    assert field.conditions(front) == [("DRAINING", "OFFLINE")] * 2
    for node in field.nodes(front):
        field.control("PUT", f"/loadbalancers/{front}/nodes/{node['id']}/status", "ONLINE")
    field.scaler.poll()
    assert field.conditions(front) == [("ENABLED", "ONLINE")] * 2
    field.full(group, 2, front)


def test_deleted_load_balancer_during_scale_up(field: Field) -> None:
    """The servers are there when the balancer goes; deleting the group takes them along."""
    front = field.balancer()
    group = field.group(2, front, metadata={"server_building": "30"})
    field.drop(front)
    assert field.scaler.run(lambda: group.status is Status.ERROR, 120)
    assert "Load balancer not found" in group.reasons[0]
    assert field.hits("slow_build") == 2
    field.deleted(group)


def test_deleted_load_balancer_during_scale_down(field: Field) -> None:
    front = field.balancer()
    group = field.group(3, front)
    field.full(group, 3, front)
    field.drop(front)
    field.scaler.scale(group, -2)
    field.full(group, 1)


@pytest.mark.parametrize("by", ["metadata", "rule"])
def test_pending_update_state(field: Field, by: str) -> None:
    """Each change leaves the balancer immutable for a while: one waits for it, and the nodes come out right."""
    metadata = [{"key": "lb_pending_update", "value": "25"}] if by == "metadata" else []
    if by == "rule":
        field.fault("rule busy then status stays PENDING_UPDATE for 25s", "load_balancer.load_balancer")
    front = field.balancer(metadata=metadata)
    group = field.group(0, front)
    field.scaler.scale(group, 10)
    field.full(group, 10, front)
    field.scaler.scale(group, -9)
    field.full(group, 1, front)
    assert field.hits("busy" if by == "rule" else "slow_update") >= 2


def test_error_state(field: Field) -> None:
    """The first change leaves it in ERROR: the group says so, tries on, and takes another one when it is given that."""
    front, other = field.balancer(metadata=[{"key": "lb_error_state", "value": "yes"}]), field.balancer()
    group = field.group(1, front)
    field.settle(group)
    field.scaler.scale(group, 1)
    assert not field.scaler.run(lambda: group.settled, 120)
    assert "has a status of 'ERROR' and is considered immutable" in group.reasons[0]
    assert field.hits("balancer_in_error") == 1
    group.launch = field.launch(other)
    field.full(group, 2, other)


@pytest.mark.parametrize(
    "fault",
    [
        "rule lost on create node only once then drop connection",
        "rule lost on create node only once then truncate body at 50%",
        "rule lost on create node only once then respond 503 serviceUnavailable 'Service Unavailable' retry after 20s",
        "rule lost on create node only once then respond 500 loadBalancerFault 'Oops!' after commit",
    ],
    ids=["dropped", "truncated", "come-back", "done-all-the-same"],
)
def test_an_answer_that_is_lost_makes_no_node_twice(field: Field, fault: str) -> None:
    field.fault(fault, "load_balancer")
    front = field.balancer()
    group = field.group(3, front)
    field.full(group, 3, front)
    assert len(addresses(field.servers())) == len(field.nodes(front)) == 3
    assert field.hits("lost") == 1
