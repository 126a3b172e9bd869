# SPDX-License-Identifier: Apache-2.0
"""Auto Scale's negative tests that were left empty, by their names: stopped accounts, and services that are down."""

import pytest

from examples.autoscaler import Status
from tests.acceptance.field import Field, plays

pytestmark = plays()

DOWN = "rule down on any {service} then respond 503 serviceUnavailable 'Service Unavailable' before caller"
UNIMPERSONATED = """rule unimpersonated on create_impersonation token
then respond 403 forbidden 'User cannot be impersonated; No valid impersonation roles assigned.'"""


def created_when(field: Field, flag: str) -> None:
    """A group is asked for in an account that is `flag`."""
    launch = field.launch()
    field.flag(**{flag: True})
    group = field.scaler.create("web", launch, desired=2)
    assert group.status is Status.ERROR
    assert flag in group.reasons[0]
    field.flag(**{flag: False})
    assert field.servers() == []
    field.scaler.converge(group)
    field.full(group, 2)


def scaled_when(field: Field, flag: str) -> None:
    """The account becomes `flag`, and then the group is scaled."""
    group = field.group(2)
    field.full(group, 2)
    field.flag(**{flag: True})
    field.scaler.scale(group, 2)
    assert (group.status, group.desired) == (Status.ERROR, 4)
    assert flag in group.reasons[0]
    field.flag(**{flag: False})
    assert field.statuses() == ["ACTIVE"] * 2
    field.scaler.converge(group)
    field.full(group, 4)


def test_create_scaling_group_account_suspended(field: Field) -> None:
    created_when(field, "suspended")


def test_execute_policy_on_suspended_account(field: Field) -> None:
    scaled_when(field, "suspended")


def test_create_scaling_group_account_closed(field: Field) -> None:
    created_when(field, "closed")


def test_execute_policy_on_closed_account(field: Field) -> None:
    scaled_when(field, "closed")


def delayed(field: Field, fault: str, about: str, words: str, *balancers: int, later: float = 0) -> int:
    """Deleting a group doesn't get on while there is a fault, and nothing is lost; how often that struck."""
    group = field.group(2, *balancers)
    field.full(group, 2, *balancers)
    field.world.clock.advance(later)
    added = field.fault(fault, about)
    field.scaler.delete(group, force=True)
    assert not field.scaler.run(lambda: "web" not in field.scaler.groups, 60)
    assert group.status is Status.DELETING
    assert words in group.reasons[0]
    struck = field.world.rules.get(added)[0].hits.decided
    field.world.rules.remove(added)
    assert field.statuses() == ["ACTIVE"] * 2
    assert field.scaler.run(lambda: "web" not in field.scaler.groups, 60)
    assert field.servers() == []
    return struck


def test_delete_group_unable_to_impersonate(field: Field) -> None:
    # The token that the group was made with is good for an hour.
    assert delayed(field, UNIMPERSONATED, "identity_v2", "cannot be impersonated", later=7200) > 0


@pytest.mark.parametrize("attached", [0, 1])
def test_delete_group_when_nova_down(field: Field, attached: int) -> None:
    balancers = [field.balancer() for _ in range(attached)]
    fault = DOWN.format(service="compute_v2")
    struck = delayed(field, fault, "compute_v2", "503: Service Unavailable", *balancers)
    # Each look is tried four times.
    assert struck > 0
    assert struck % 4 == 0
    assert [field.nodes(balancer) for balancer in balancers] == [[]] * attached


def test_delete_group_when_lbaas_down(field: Field) -> None:
    front = field.balancer()
    fault = DOWN.format(service="load_balancer")
    assert delayed(field, fault, "load_balancer", "503: Service Unavailable", front) > 0
    assert field.nodes(front) == []
