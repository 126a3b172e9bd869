# SPDX-License-Identifier: Apache-2.0
"""Mimic's metadata of load balancers over a socket: what each leaves a balancer in, and for how long."""

import pytest

from tests.cloud import RunningCloud
from tests.services.balancing import items, node, refused, tenant


def test_a_build_is_over_when_its_time_is(frozen: RunningCloud) -> None:
    ann = tenant(frozen, "lb-building")
    made = ann.create(metadata=items(lb_building="20"))
    frozen.advance(19)
    assert ann.show(made)["status"] == "BUILD"
    frozen.advance(1)
    assert ann.show(made)["status"] == "ACTIVE"


def test_the_first_change_succeeds_and_leaves_it_in_error(frozen: RunningCloud) -> None:
    ann = tenant(frozen, "lb-error")
    made = ann.create(metadata=items(lb_error_state="yes", lb_pending_update=60, lb_pending_delete=60))
    assert ann.add(made, node(1)).status == 202
    assert (ann.show(made)["status"], len(ann.nodes(made))) == ("ERROR", 1)
    told = refused(ann.add(made, node(2)), 422)
    assert told == f"Load Balancer '{made}' has a status of 'ERROR' and is considered immutable."
    assert ann.ask("DELETE", f"/{made}").status == 202


def test_each_change_takes_its_time(frozen: RunningCloud) -> None:
    ann = tenant(frozen, "lb-update")
    made = ann.create(metadata=items(lb_pending_update=10))
    for number in (1, 2):
        assert ann.add(made, node(number)).status == 202
        frozen.advance(9)
        assert ann.show(made)["status"] == "PENDING_UPDATE"
        frozen.advance(1)
        assert ann.show(made)["status"] == "ACTIVE"


def test_the_first_change_may_be_the_beginning_of_its_end(frozen: RunningCloud) -> None:
    ann = tenant(frozen, "lb-going")
    made = ann.create(metadata=items(lb_pending_delete=10, lb_pending_update=60))
    assert ann.add(made, node(1)).status == 202
    assert ann.show(made)["status"] == "PENDING_DELETE"


@pytest.mark.parametrize("looks", [0, 8])
def test_a_deletion_takes_its_time_however_often_one_looks(frozen: RunningCloud, looks: int) -> None:
    ann = tenant(frozen, f"lb-deletion-{looks}")
    made = ann.create(metadata=items(lb_pending_delete=8), nodes=[node(1)])
    assert ann.ask("DELETE", f"/{made}").status == 202
    for _ in range(looks):
        assert ann.show(made)["status"] == "PENDING_DELETE"
        told = refused(ann.ask("DELETE", f"/{made}"), 400)
        assert told == f"Must provide valid load balancers: {made} are immutable and could not be processed."
        frozen.advance(1)
    frozen.advance(8 - looks)
    assert ann.show(made)["status"] == "DELETED"
    assert refused(ann.ask("GET", f"/{made}/nodes"), 410) == "The loadbalancer is marked as deleted."
    assert (
        refused(ann.ask("DELETE", f"/{made}"), 400) == f"Must provide valid load balancers: {made} could not be found."
    )
    assert ann.add(made, node(2)).status == 422
    frozen.advance(3599)
    assert ann.show(made)["status"] == "DELETED"
    frozen.advance(1)
    assert refused(ann.ask("GET", f"/{made}"), 404) == "Load balancer not found"


@pytest.mark.parametrize("key", ["lb_building", "lb_pending_update", "lb_pending_delete"])
def test_what_is_no_number_summons_nothing(frozen: RunningCloud, key: str) -> None:
    ann = tenant(frozen, f"no-number-{key}")
    made = ann.create(metadata=items(**{key: "soon"}))
    assert ann.add(made, node(1)).status == 202
    assert ann.show(made)["status"] == "ACTIVE"
    assert [one["id"] for one in ann.ask("GET", "").json["loadBalancers"]] == [made]
