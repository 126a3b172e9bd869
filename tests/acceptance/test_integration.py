# SPDX-License-Identifier: Apache-2.0
"""The scenarios of Auto Scale's integration tests that need a cloud which fails: servers, accounts, pauses.

Where they are told apart by a balancer only, they run without one and with one.
"""

import pytest

from examples.autoscaler import Launch, Mistake, Status
from tests.acceptance.field import Field, plays

pytestmark = plays()

with_and_without = pytest.mark.parametrize("attached", [0, 1], ids=["alone", "with-balancer"])

LATER_ERRORS = """rule later_errors on create when name starts with 'web' only 2 times
then status becomes ACTIVE after 45s, then ERROR after 1h"""


def fronts(field: Field, attached: int) -> list[int]:
    return [field.balancer() for _ in range(attached)]


@with_and_without
def test_convergence_fixes_errored_building_servers(field: Field, attached: int) -> None:
    """CATC-009."""
    field.fault("rule first_errors on create when name starts with 'web' only once then status becomes ERROR after 10s")
    balancers = fronts(field, attached)
    group = field.group(2, *balancers)
    field.full(group, 2, *balancers)
    assert field.hits("first_errors") == 1


@with_and_without
def test_convergence_fixes_servers_that_build_for_too_long(field: Field, attached: int) -> None:
    """CATC-010: the first builds for 3000 times as long as the autoscaler waits; it has been at it for an hour."""
    field.fault("rule slow on create when name starts with 'web' only once then status stays BUILD for 125d")
    balancers = fronts(field, attached)
    group = field.group(2, *balancers)
    assert not field.scaler.run(lambda: group.settled, 120)
    assert field.statuses() == ["ACTIVE", "BUILD"]
    (slow,) = group.pending
    field.age(slow, by="1h")
    field.scaler.poll()
    field.full(group, 2, *balancers)
    assert slow not in group.active
    assert field.hits("slow") == 1


def test_builds_that_take_too_long_are_given_up_by_the_clock(field: Field) -> None:
    """The same, waited for."""
    field.fault("rule slow on create when name starts with 'web' only once then status stays BUILD for 125d")
    group = field.group(2)
    field.settle(group, within=7200)
    field.full(group, 2)
    assert field.hits("slow") == 1


@pytest.mark.parametrize(("size", "by"), [(2, 2), (3, -1), (3, 0)], ids=["up", "down", "trigger"])
@with_and_without
def test_convergence_after_servers_error_from_active(field: Field, size: int, by: int, attached: int) -> None:
    """CATC-011, 012 and 013: two servers serve for an hour, and then are in ERROR."""
    field.fault(LATER_ERRORS)
    balancers = fronts(field, attached)
    group = field.group(size, *balancers)
    field.full(group, size, *balancers)
    field.world.clock.advance("1h")
    broken = {one["id"] for one in field.servers() if one["status"] == "ERROR"}
    assert len(broken) == 2
    if by:
        field.scaler.scale(group, by)
    else:
        field.scaler.converge(group)
    field.full(group, size + by, *balancers)
    assert not broken & set(group.active)
    assert field.hits("later_errors") == 2


def test_false_negative_no_overshoot(field: Field) -> None:
    """CATC-029."""
    field.fault(
        "rule made_after_all on create when name starts with 'web' only once "
        "then respond 500 computeFault 'Server creation failed.' after commit"
    )
    group = field.group(2)
    assert group.reasons == ("500: Server creation failed.",)
    assert len(field.servers()) == 2
    field.full(group, 2)
    assert (field.hits("made_after_all"), group.made) == (1, 2)


def test_scale_up_recovers_from_nova_intermittent_errors(field: Field) -> None:
    """CATC-024."""
    field.fault(
        "rule intermittent on create when name starts with 'web' then cycle "
        "[respond 401 with body '' header 'Content-Type' = 'text/plain' | respond 500 computeFault 'Oops!.' | pass]"
    )
    group = field.group(5)
    field.full(group, 5)
    assert field.hits("intermittent") >= 10


def test_various_nova_40xs(field: Field) -> None:
    """CATC-024."""
    field.fault(
        "rule no_image on create when name starts with 'web' "
        "then cycle [pass | respond 400 badRequest 'Can not find requested image']"
    )
    group = field.group(0)
    field.scaler.scale(group, 3)
    assert (group.status, group.desired) == (Status.ERROR, 3)
    assert group.reasons == ("400: Can not find requested image",)
    # It is given up: looking again asks for nothing.
    field.scaler.poll()
    assert field.hits("no_image") == 2
    field.world.journal.clear()
    field.scaler.poll()
    assert field.world.journal.requests() == ()


def test_over_quota(field: Field) -> None:
    """CATC-025."""
    words = "Quota exceeded for ram: Requested 1024, but already used 131072 of 131072 ram"
    added = field.fault(
        f"rule full on create when name starts with 'web' then cycle [pass | respond 403 forbidden '{words}']"
    )
    group = field.group(0)
    field.scaler.scale(group, 2)
    assert (group.status, group.reasons) == (Status.ERROR, (f"403: {words}",))
    assert field.hits("full") == 2
    field.world.rules.remove(added)
    field.scaler.scale(group, 1)
    field.full(group, 3)


def test_identity_auth_failures(field: Field) -> None:
    """CATC-026."""
    field.fault(
        "rule sick on create_impersonation token when body['RAX-AUTH:impersonation'].user.username == 'grace' "
        "then cycle [respond 500 identityFault 'Oops!' | respond 401 unauthorized 'Unauthorized' | pass]",
        "identity_v2",
    )
    group = field.group(5)
    assert group.reasons == ("500: Oops!",)
    field.full(group, 5)
    assert field.hits("sick") == 3


def test_rate_limits_are_honoured(field: Field) -> None:
    """More servers than the account may make in a minute: each refusal says when to come back."""
    field.fault(
        "rule limited on create then limit 3 per 60s respond 413 overLimit 'OverLimit Retry...'",
        "compute_v2.server",
    )
    begun = field.world.clock.now
    group = field.group(8)
    field.full(group, 8)
    assert field.hits("limited") == 2
    assert 120 <= (field.world.clock.now - begun).total_seconds() <= 240


def test_error_reasons_are_updated(field: Field) -> None:
    added = field.fault(
        "rule no_key on create when name starts with 'web' then respond 400 badRequest 'Invalid key_name provided.'"
    )
    group = field.group(1)
    assert group.status is Status.ERROR
    assert "key_name" in group.reasons[0]
    assert field.hits("no_key") == 1
    field.world.rules.remove(added)
    field.scaler.converge(group)
    field.full(group, 1)
    group.launch = Launch(group.launch.server, field.launch(0).attachments)
    field.scaler.scale(group, 1)
    assert group.status is Status.ERROR
    assert "balancer" in group.reasons[0]


def test_pause_stops_convergence(field: Field) -> None:
    """The server becomes ACTIVE while the group is paused, and the group doesn't know."""
    field.fault("rule slow on create when name starts with 'web' then status stays BUILD for 15s")
    group = field.group(1)
    field.scaler.poll()
    field.scaler.pause(group)
    assert not field.scaler.run(lambda: bool(group.active), 60)
    assert field.statuses() == ["ACTIVE"]
    assert (len(group.active), len(group.pending)) == (0, 1)
    assert field.hits("slow") == 1
    with pytest.raises(Mistake, match="is PAUSED"):
        field.scaler.scale(group, 1)
    with pytest.raises(Mistake, match="is PAUSED"):
        field.scaler.converge(group)


def test_resume(field: Field) -> None:
    field.fault("rule slow on create when name starts with 'web' then status stays BUILD for 15s")
    group = field.group(1)
    field.scaler.poll()
    field.scaler.pause(group)
    assert not field.scaler.run(lambda: bool(group.active), 60)
    field.scaler.resume(group)
    field.full(group, 1)
    for size in (2, 3):
        field.scaler.scale(group, 1)
        field.full(group, size)
    assert field.hits("slow") == 3
