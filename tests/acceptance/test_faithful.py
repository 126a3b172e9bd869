# SPDX-License-Identifier: Apache-2.0
"""The scenarios of Auto Scale's tests that need no failure, but a cloud that keeps what is done behind one's back."""

import pytest

from examples.autoscaler import Mistake, Status
from tests.acceptance.field import Field, plays

pytestmark = plays()

with_and_without = pytest.mark.parametrize("attached", [0, 1], ids=["alone", "with-balancer"])


def fronts(field: Field, attached: int) -> list[int]:
    return [field.balancer() for _ in range(attached)]


@pytest.mark.parametrize(("lost", "by"), [(1, 0), (2, 2), (2, -1), (3, 1), (1, -3)])
@with_and_without
def test_servers_deleted_out_of_band_are_replaced(field: Field, lost: int, by: int, attached: int) -> None:
    """CATC-004 to 008: before a policy is executed, or without one."""
    balancers = fronts(field, attached)
    group = field.group(4, *balancers)
    field.full(group, 4, *balancers)
    gone = group.active[:lost]
    field.lose(*gone)
    if by:
        field.scaler.scale(group, by)
    else:
        field.scaler.converge(group)
    field.full(group, 4 + by, *balancers)
    assert not set(gone) & set(group.active)


@pytest.mark.parametrize(("by", "end"), [(9, 6), (-9, 2)], ids=["maximum", "minimum"])
def test_bounds_of_a_group(field: Field, by: int, end: int) -> None:
    """A policy goes up to the bound, and no further; also when servers have been lost."""
    group = field.scaler.create("web", field.launch(), minimum=2, maximum=6, desired=4)
    field.full(group, 4)
    field.scaler.scale(group, by)
    field.full(group, end)
    field.lose(group.active[0])
    with pytest.raises(Mistake, match=f"web has {end} of 2 to 6"):
        field.scaler.scale(group, by)
    field.scaler.poll()
    field.full(group, end)


def test_self_heal(field: Field) -> None:
    """What is lost is replaced though nobody asks."""
    group = field.group(2)
    field.full(group, 2)
    field.lose(group.active[1])
    assert field.scaler.run(lambda: len(field.servers()) == 2, 20)
    field.scaler.poll()
    field.full(group, 2)


def test_a_server_lost_while_it_builds(field: Field) -> None:
    """Four build for half a minute, and one of them is deleted at once."""
    group = field.group(4, metadata={"server_building": "30"})
    field.scaler.poll()
    field.lose(group.pending[0])
    field.scaler.scale(group, -1)
    assert len(group.active) + len(group.pending) == 3
    field.full(group, 3)
    assert field.hits("slow_build") == 4


@pytest.mark.parametrize("by", [0, 1], ids=["same", "up"])
def test_servers_whose_metadata_was_emptied_are_disowned(field: Field, by: int) -> None:
    """CATC-017-a, 018-a."""
    group = field.group(3)
    field.full(group, 3)
    free = group.active[0]
    field.ask("compute_v2", "PUT", f"/servers/{free}/metadata", {"metadata": {}})
    if by:
        field.scaler.scale(group, by)
    else:
        field.scaler.poll()
    field.settle(group)
    assert (len(group.active), free in group.active) == (3 + by, False)
    assert field.statuses() == ["ACTIVE"] * (4 + by)
    field.deleted(group, left=1)


def test_a_group_with_servers_is_not_deleted_by_mistake(field: Field) -> None:
    group = field.group(1)
    with pytest.raises(Mistake, match="web still has servers"):
        field.scaler.delete(group)
    field.full(group, 1)
    field.scaler.scale(group, -1)
    field.scaler.delete(group)
    assert field.scaler.run(lambda: not field.scaler.groups, 60)
    with pytest.raises(Mistake, match="DELETING"):
        field.scaler.converge(group)


def test_two_names_are_two_groups(field: Field) -> None:
    first = field.group(1)
    with pytest.raises(Mistake, match="there is a group web"):
        field.group(1)
    other = field.scaler.create("api", field.launch(), desired=2)
    field.settle(first)
    field.settle(other)
    assert (len(first.active), len(other.active), len(field.servers())) == (1, 2, 3)
    field.scaler.delete(other, force=True)
    assert field.scaler.run(lambda: "api" not in field.scaler.groups, 60)
    assert {one["id"] for one in field.servers()} == set(first.active)
    assert first.status is Status.ACTIVE
