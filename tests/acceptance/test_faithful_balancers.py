# SPDX-License-Identifier: Apache-2.0
"""The scenarios of Auto Scale's tests that need a faithful balancer: limits, and nodes changed by others."""

from typing import Any

import pytest

from examples.autoscaler import Group, Status
from tests.acceptance.field import Field, plays

pytestmark = plays()


def test_a_full_balancer_with_servers_lost(field: Field) -> None:
    """CATC-015: 24 nodes, two of their servers are deleted, and one more is wanted: 25 in the end."""
    front = field.balancer()
    group = field.group(24, front)
    field.full(group, 24, front)
    before = field.on(front)
    field.lose(*group.active[:2])
    field.scaler.scale(group, 1)
    field.full(group, 25, front)
    assert len(before & field.on(front)) == 22


def test_scale_over_lb_limit(field: Field) -> None:
    """CATC-019-a."""
    front = field.balancer()
    group = field.group(24, front)
    field.full(group, 24, front)
    field.scaler.scale(group, 2)
    assert field.scaler.run(lambda: group.status is Status.ERROR, 300)
    assert group.reasons == (f"load balancer {front}: Nodes must not exceed 25 per load balancer.",)
    assert len(group.active) >= 20
    field.scaler.scale(group, -1)
    field.full(group, 25, front)


def test_clb_batch_delete_beyond_limit(field: Field) -> None:
    """The balancer removes ten nodes with one request at most."""
    front = field.balancer()
    group = field.group(12, front)
    field.full(group, 12, front)
    field.scaler.scale(group, -11)
    field.full(group, 1, front)
    path = f"/load_balancers/v1.0/000042/loadbalancers/{front}/nodes"
    field.world.assert_requested(operation="delete_many node", path=path, status=202, times=2)
    field.world.assert_requested(operation="delete_many node", path=path, times=2)


@pytest.mark.parametrize("attached", [1, 2])
@pytest.mark.parametrize(("by", "status"), [(1, Status.ERROR), (-1, Status.ACTIVE)], ids=["up", "down"])
def test_scale_when_a_balancer_was_deleted(field: Field, attached: int, by: int, status: Status) -> None:
    """CATC-020 a and b."""
    balancers = [field.balancer() for _ in range(attached)]
    group = field.group(2, *balancers)
    field.full(group, 2, *balancers)
    gone, *left = balancers
    field.drop(gone)
    field.scaler.scale(group, by)
    assert group.status is status
    if status is Status.ACTIVE:
        field.full(group, 1, *left)
    else:
        assert group.reasons == (f"load balancer {gone}: Load balancer not found",)
        assert len(field.servers()) == 2


@pytest.mark.parametrize("attached", [2, 3])
def test_servers_are_nodes_of_several_balancers(field: Field, attached: int) -> None:
    balancers = [field.balancer() for _ in range(attached)]
    group = field.group(3, *balancers)
    field.full(group, 3, *balancers)
    field.scaler.scale(group, -1)
    field.full(group, 2, *balancers)
    field.deleted(group)
    assert [field.nodes(balancer) for balancer in balancers] == [[]] * attached


def foreign(number: int) -> dict[str, Any]:
    return {"address": f"192.0.2.{number}", "port": 80, "condition": "ENABLED"}


def change(field: Field, balancer: int, method: str, node: int, body: Any = None) -> None:
    field.ask("load_balancer", method, f"/loadbalancers/{balancer}/nodes/{node}", body)


def attached_group(field: Field, size: int = 2) -> tuple[Group, int]:
    front = field.balancer()
    group = field.group(size, front)
    field.full(group, size, front)
    return group, front


def test_oob_deleted_clb_node(field: Field) -> None:
    group, front = attached_group(field)
    change(field, front, "DELETE", field.nodes(front)[0]["id"])
    field.scaler.poll()
    field.full(group, 2, front)


def test_move_node_to_oob_lb(field: Field) -> None:
    """A node is moved to a balancer that the group knows nothing of: it is restored here, and stays there."""
    group, front = attached_group(field)
    other = field.balancer()
    moved = field.nodes(front)[0]
    change(field, front, "DELETE", moved["id"])
    there = {"nodes": [{"address": moved["address"], "port": 80}]}
    field.ask("load_balancer", "POST", f"/loadbalancers/{other}/nodes", there)
    field.scaler.poll()
    field.full(group, 2, front)
    assert field.on(other) == {moved["address"]}


def test_only_autoscale_nodes_are_modified(field: Field) -> None:
    front = field.balancer(nodes=[foreign(1), foreign(2)])
    group = field.group(2, front)
    field.settle(group)
    assert len(field.nodes(front)) == 4
    field.scaler.scale(group, -1)
    field.settle(group)
    assert len(field.nodes(front)) == 3
    field.deleted(group)
    assert field.on(front) == {"192.0.2.1", "192.0.2.2"}


@pytest.mark.parametrize("changed", [{"condition": "DRAINING"}, {"condition": "DISABLED"}, {"weight": 7}])
def test_heal_clb_node_attribute_changes(field: Field, changed: dict[str, object]) -> None:
    group, front = attached_group(field)
    node = field.nodes(front)[0]
    change(field, front, "PUT", node["id"], {"node": changed})
    assert field.nodes(front)[0] != node
    field.scaler.poll()
    field.full(group, 2, front)
    assert field.nodes(front)[0] == node


def test_two_groups_on_same_clb(field: Field) -> None:
    first, front = attached_group(field)
    own = field.on(front)
    other = field.scaler.create("api", field.launch(front), desired=3)
    field.settle(other)
    assert len(field.on(front)) == 5
    assert own < field.on(front)
    field.scaler.scale(first, -1)
    field.settle(first)
    assert len(field.on(front)) == 4
    field.scaler.delete(other, force=True)
    assert field.scaler.run(lambda: "api" not in field.scaler.groups, 60)
    field.full(first, 1, front)


def test_a_disowned_server_serves_no_more(field: Field) -> None:
    """One that is of the group no longer is replaced, and its node removed; the server itself stays."""
    group, front = attached_group(field)
    free = group.active[0]
    field.ask("compute_v2", "PUT", f"/servers/{free}/metadata", {"metadata": {}})
    field.scaler.poll()
    field.settle(group)
    assert free not in group.active
    assert len(field.servers()) == 3
    shown = {one["addresses"]["private"][0]["addr"] for one in field.servers() if one["id"] in group.active}
    assert field.on(front) == shown


def test_draining(field: Field) -> None:
    """What goes gets nothing new for half a minute before it is taken away."""
    front = field.balancer()
    group = field.group(2, front, draining=30)
    field.full(group, 2, front)
    begun = field.world.clock.now
    field.scaler.scale(group, -1)
    assert sorted(field.conditions(front)) == [("DRAINING", "ONLINE"), ("ENABLED", "ONLINE")]
    assert len(field.servers()) == 2
    assert field.scaler.run(lambda: len(field.nodes(front)) == 1, 60)
    assert (field.world.clock.now - begun).total_seconds() == 30
    field.full(group, 1, front)
