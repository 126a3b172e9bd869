# SPDX-License-Identifier: Apache-2.0
"""apache-libcloud, unmodified, against a running cloud: load balancers and servers of Rackspace, servers of OpenStack.

The library finds the services in the catalogs of Identity v2.0 and v3; it is told nothing but where that is.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from libcloud.common.exceptions import BaseHTTPError
from libcloud.compute.drivers.openstack import OpenStackNodeDriver
from libcloud.compute.drivers.rackspace import RackspaceNodeDriver
from libcloud.compute.types import NodeState
from libcloud.loadbalancer.base import Algorithm, Member
from libcloud.loadbalancer.drivers.rackspace import RackspaceLBDriver
from libcloud.loadbalancer.types import MemberCondition, State

from tests.clients.conftest import becomes
from tests.cloud import RunningCloud, cloud

BY_PASSWORD = {"ex_force_auth_version": "2.0_password", "secure": False, "region": "dfw"}


@pytest.fixture(scope="module")
def dallas(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCloud]:
    """A cloud with the regions that the library knows of, a hundred times as fast as its clients."""
    with cloud(tmp_path_factory.mktemp("dallas"), config={"regions": ["DFW", "ORD"]}) as started:
        assert started.ask("POST", "/_mimic/clock", {"run": True, "rate": 100}).status == 200
        yield started


def test_load_balancers_of_rackspace(dallas: RunningCloud) -> None:
    driver: Any = RackspaceLBDriver("lb", "key", ex_force_auth_url=f"{dallas.url}/identity", **BY_PASSWORD)
    assert driver.list_balancers() == []
    assert {"http", "https", "tcp"} <= set(driver.list_protocols())
    assert ("http", 80) in driver.ex_list_protocols_with_default_ports()
    assert "LEAST_CONNECTIONS" in driver.ex_list_algorithm_names()

    made = driver.create_balancer("web", [Member(None, "10.0.0.1", 80)], "http", 80, Algorithm.ROUND_ROBIN)
    assert (made.name, made.state, made.port, made.extra["algorithm"]) == ("web", State.RUNNING, 80, 1)
    assert [one.name for one in driver.list_balancers()] == ["web"]

    member = driver.balancer_attach_member(made, Member(None, "10.0.0.2", 8080))
    changed = driver.ex_balancer_update_member(made, member, condition=MemberCondition.DRAINING, weight=5)
    assert (changed.extra["condition"], changed.extra["weight"]) == (MemberCondition.DRAINING, 5)
    assert [(one.ip, one.port) for one in driver.balancer_list_members(made)] == [("10.0.0.1", 80), ("10.0.0.2", 8080)]
    assert driver.balancer_detach_member(made, member)
    assert [one.ip for one in driver.balancer_list_members(made)] == ["10.0.0.1"]

    updated = driver.update_balancer(made, name="front", algorithm=Algorithm.LEAST_CONNECTIONS)
    assert (updated.name, driver.get_balancer(made.id).extra["algorithm"]) == ("front", 2)
    assert driver.ex_enable_balancer_session_persistence(made).extra["sessionPersistenceType"] == "HTTP_COOKIE"

    with pytest.raises(BaseHTTPError) as refused:
        driver.balancer_attach_member(made, Member(None, "10.0.0.1", 80))
    assert refused.value.code == 422

    assert driver.destroy_balancer(made)
    assert driver.list_balancers() == []


def test_servers_of_rackspace(dallas: RunningCloud) -> None:
    driver: Any = RackspaceNodeDriver("servers", "key", ex_force_auth_url=f"{dallas.url}/identity", **BY_PASSWORD)
    lead_a_server(driver, "performance1-1")


def test_servers_of_openstack(dallas: RunningCloud) -> None:
    driver: Any = OpenStackNodeDriver(
        "demo",
        "password",
        secure=False,
        ex_force_auth_url=f"{dallas.url}/identity",
        ex_force_auth_version="3.x_password",
        ex_tenant_name="libcloud",
        ex_force_service_type="compute",
        ex_force_service_region="DFW",
    )
    lead_a_server(driver, "1")


def lead_a_server(driver: Any, size: str) -> None:
    """Create, list, change and delete one, by whichever driver."""
    sizes = {one.id: one for one in driver.list_sizes()}
    small, large = sizes[size], sizes["2"]
    image = next(one for one in driver.list_images() if one.name == "cirros")
    node = driver.create_node(name="web", size=small, image=image, ex_metadata={"role": "front"})
    ((running, addresses),) = driver.wait_until_running([node], wait_period=0.05, timeout=20)
    assert (running.name, running.state) == ("web", NodeState.RUNNING)
    assert addresses
    assert [one.name for one in driver.list_nodes()] == ["web"]

    assert driver.ex_get_metadata(node) == {"role": "front"}
    assert driver.ex_set_metadata(node, {"role": "back"})["role"] == "back"
    assert driver.ex_set_server_name(node, "api").name == "api"
    assert driver.ex_get_node_details(node.id).name == "api"
    assert driver.reboot_node(node)
    driver.wait_until_running([node], wait_period=0.05, timeout=20)
    assert driver.ex_resize(node, large)
    becomes(lambda: driver.ex_get_node_details(node.id).extra["vm_state"], "resized")
    assert driver.ex_confirm_resize(node)
    assert driver.ex_get_node_details(node.id).extra["flavorId"] == "2"

    assert driver.destroy_node(node)
    becomes(driver.list_nodes, [])
