# SPDX-License-Identifier: Apache-2.0
"""Auto Scale's negative tests that were left empty or skipped, by their names: balancers that are not there."""

import pytest

from examples.autoscaler import Status
from tests.acceptance.field import Field, plays

pytestmark = plays()


def test_create_delete_scaling_group_with_deleted_lbaasid(field: Field) -> None:
    front = field.balancer()
    field.drop(front)
    group = field.group(2, front)
    assert group.status is Status.ERROR
    assert group.reasons == (f"load balancer {front}: Load balancer not found",)
    field.deleted(group)


def test_execute_policy_with_deleted_lbaasid(field: Field) -> None:
    front = field.balancer()
    group = field.group(2, front)
    field.full(group, 2, front)
    field.drop(front)
    field.scaler.poll()
    assert group.status is Status.ACTIVE
    field.scaler.scale(group, 2)
    assert (group.status, group.desired) == (Status.ERROR, 4)
    assert group.reasons == (f"load balancer {front}: Load balancer not found",)
    assert field.statuses() == ["ACTIVE"] * 2
    field.deleted(group)


@pytest.mark.parametrize("number", [0, 4711])
def test_create_scaling_group_with_invalid_lbaasid(field: Field, number: int) -> None:
    group = field.group(2, number)
    assert group.status is Status.ERROR
    assert group.reasons == (f"load balancer {number}: Load balancer not found",)
    field.deleted(group)


def test_execute_policy_with_invalid_lbaasid(field: Field) -> None:
    group = field.group(0, 4711)
    field.full(group, 0)
    field.scaler.scale(group, 1)
    assert group.status is Status.ERROR
    assert field.servers() == []
