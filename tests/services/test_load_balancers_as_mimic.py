# SPDX-License-Identifier: Apache-2.0
"""Mimic's metadata of load balancers together, over a socket: which of them counts; and that looks change nothing."""

import pytest

from tests.cloud import RunningCloud
from tests.services.balancing import items, node, tenant


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"lb_pending_update": 60}, "PENDING_UPDATE"),
        ({"lb_pending_update": 60, "lb_pending_delete": 60}, "PENDING_DELETE"),
        ({"lb_pending_update": 60, "lb_pending_delete": 60, "lb_error_state": "yes"}, "ERROR"),
    ],
)
def test_of_several_the_worst_counts(frozen: RunningCloud, more: dict[str, object], status: str) -> None:
    ann = tenant(frozen, f"lb-{status}")
    made = ann.create(metadata=items(**more))
    assert ann.add(made, node(1)).status == 202
    assert ann.show(made)["status"] == status


def test_a_deletion_takes_its_time_however_often_one_looks(frozen: RunningCloud) -> None:
    ann = tenant(frozen, "lb-looks")
    made = ann.create(metadata=items(lb_pending_delete=8))
    assert ann.ask("DELETE", f"/{made}").status == 202
    for _ in range(8):
        assert ann.show(made)["status"] == "PENDING_DELETE"
        frozen.advance(1)
    assert ann.show(made)["status"] == "DELETED"
