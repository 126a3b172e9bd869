# SPDX-License-Identifier: Apache-2.0
"""Auto Scale's negative tests that were left empty, by their names: servers that never build, fail, or are too many."""

from examples.autoscaler import Status
from tests.acceptance.field import BOUNDLESS, Field, plays

pytestmark = plays()

STUCK = "rule stuck when name starts with 'web' and status == BUILD then status stays BUILD"
ERRORS = "rule errors on create when name starts with 'web' {often} then status becomes ERROR after 10s"
QUOTA = "`quotas: {instances: 2}` of the world"


def test_create_delete_scaling_group_server_building_indefinitely(field: Field) -> None:
    field.fault(STUCK)
    group = field.group(2)
    assert not field.scaler.run(lambda: group.settled, 1200)
    assert (len(group.active), len(group.pending)) == (0, 2)
    # Nobody waits for an hour: the servers have been there for one.
    stuck = group.pending
    for server in stuck:
        field.age(server, by="2h")
    field.scaler.poll()
    field.scaler.poll()
    assert len(group.pending) == 2
    assert not set(group.pending) & set(stuck)
    assert field.hits("stuck") >= 4
    field.deleted(group)


def test_execute_policy_server_building_indefinitely(field: Field) -> None:
    group = field.group(2)
    field.full(group, 2)
    field.fault(STUCK)
    field.scaler.scale(group, 2)
    assert not field.scaler.run(lambda: group.settled, 600)
    assert (len(group.active), len(group.pending)) == (2, 2)
    assert field.hits("stuck") >= 2
    field.scaler.scale(group, -2)
    field.full(group, 2)


def test_execute_policy_one_ofthe_server_builds_indefinitely(field: Field) -> None:
    group = field.group(1)
    field.full(group, 1)
    field.fault("rule one_stuck on create only once then status stays BUILD")
    field.scaler.scale(group, 3)
    assert not field.scaler.run(lambda: group.settled, 600)
    assert (len(group.active), len(group.pending)) == (3, 1)
    (stuck,) = group.pending
    field.age(stuck, by="2h")
    field.scaler.poll()
    field.full(group, 4)
    assert stuck not in group.active
    assert field.hits("one_stuck") == 1


def test_create_delete_scaling_group_some_servers_error(field: Field) -> None:
    field.fault(ERRORS.format(often="only 2 times"))
    group = field.group(4)
    field.full(group, 4)
    assert field.hits("errors") == 2
    field.deleted(group)


def test_create_delete_scaling_group_all_servers_error(field: Field) -> None:
    field.fault(ERRORS.format(often=""))
    group = field.group(3)
    assert not field.scaler.run(lambda: group.settled, 300)
    assert (group.status, group.active) == (Status.ACTIVE, ())
    assert field.hits("errors") > 6
    field.deleted(group)


@plays(quotas=BOUNDLESS | {"instances": 2})
def test_create_delete_scaling_group_server_rate_limit_met(field: Field) -> None:
    field.summoned.append(QUOTA)
    field.server("other-1")
    field.server("other-2")
    group = field.group(1)
    assert group.status is Status.ERROR
    assert "Quota exceeded for instances: Requested 1, but already used 2 of 2 instances" in group.reasons[0]
    field.deleted(group, left=2)


@plays(quotas=BOUNDLESS | {"instances": 2})
def test_execute_policy_when_server_rate_limit_met(field: Field) -> None:
    field.summoned.append(QUOTA)
    group = field.group(2)
    field.full(group, 2)
    field.scaler.scale(group, 1)
    assert (group.status, group.desired, len(group.active)) == (Status.ERROR, 3, 2)
    assert "Quota exceeded for instances" in group.reasons[0]
    field.scaler.scale(group, -1)
    field.full(group, 2)


def test_delete_group_delete_all_servers(field: Field) -> None:
    group = field.group(3)
    field.full(group, 3)
    lost = group.active
    field.lose(*lost)
    field.scaler.poll()
    field.full(group, 3)
    assert not set(lost) & set(group.active)
    field.deleted(group)


def test_delete_group_other_server_actions(field: Field) -> None:
    group = field.group(3)
    field.full(group, 3)
    first, second, third = members = group.active
    field.act(first, reboot={"type": "HARD"})
    field.act(second, resize={"flavorRef": "3"})
    field.act(third, rebuild={"imageRef": field.image()})
    field.scaler.poll()
    assert group.active == members
    assert field.statuses() == ["HARD_REBOOT", "REBUILD", "RESIZE"]
    field.world.clock.advance(60)
    field.scaler.poll()
    assert (group.settled, group.active) == (True, members)
    assert field.statuses() == ["ACTIVE", "ACTIVE", "VERIFY_RESIZE"]
    field.deleted(group)
