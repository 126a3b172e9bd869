# SPDX-License-Identifier: Apache-2.0
"""openstacksdk in worlds of its own: with nothing but the `clouds.yaml` that whoever makes a world is handed."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import openstack
import pytest
import requests

from tests.cloud import RunningCloud

# The library warns its own callers of what its next versions remove.
pytestmark = [
    pytest.mark.filterwarnings("ignore::PendingDeprecationWarning"),
    pytest.mark.filterwarnings("ignore::openstack.warnings.OpenStackDeprecationWarning"),
]


@contextmanager
def connected(running: RunningCloud, folder: Path, **wish: Any) -> Iterator[tuple[dict[str, Any], Any]]:
    """A new world, and a connection by its file alone, as a deployment script has it."""
    made = requests.post(f"{running.url}/_mimic/worlds", json=wish, timeout=20)
    assert made.status_code == 201, made.text
    file = folder / f"{made.json()['id']}.yaml"
    file.write_text(made.json()["clouds.yaml"])
    loader = openstack.config.OpenStackConfig(config_files=[str(file)], load_envvars=False)
    connection = openstack.connection.Connection(config=loader.get_one("mimic"))
    try:
        yield made.json(), connection
    finally:
        connection.close()
        requests.delete(f"{running.url}/_mimic/worlds/{made.json()['id']}", timeout=20)


def test_the_file_that_a_world_hands_out_is_all_that_a_client_needs(running: RunningCloud, tmp_path: Path) -> None:
    with connected(running, tmp_path) as (made, connection):
        assert made["auth_urls"] == {
            version: f"{made['url']}/identity/{path}" for version, path in (("v3", "v3"), ("v2", "v2.0"))
        }
        server = connection.create_server("web-1", image="cirros", flavor="m1.tiny", wait=True, timeout=30)
        assert server.status == "ACTIVE"
        assert connection.session.get_endpoint(service_type="compute").startswith(f"{made['url']}/")
        assert [one.name for one in connection.compute.servers()] == ["web-1"]


def test_two_scripts_with_the_same_names_don_t_meet(running: RunningCloud, tmp_path: Path) -> None:
    with connected(running, tmp_path) as (_, one), connected(running, tmp_path) as (_, other):
        one.create_server("web-1", image="cirros", flavor="m1.tiny", wait=True, timeout=30)
        assert [server.name for server in other.compute.servers()] == []
        other.create_server("web-1", image="cirros", flavor="m1.tiny", wait=True, timeout=30)
        assert one.delete_server("web-1", wait=True, timeout=30)
        assert [server.name for server in one.compute.servers()] == []
        assert [server.name for server in other.compute.servers()] == ["web-1"]


def test_a_world_s_own_rules_and_regions_are_what_its_client_sees(running: RunningCloud, tmp_path: Path) -> None:
    text = "for compute.server\non create when name == 'no' then respond 403 forbidden 'not in this world'\n"
    with connected(running, tmp_path, rules=[text], regions=["Elsewhere"]) as (_, connection):
        assert connection.config.region_name == "Elsewhere"
        image, flavor = connection.get_image("cirros"), connection.get_flavor("m1.tiny")
        with pytest.raises(openstack.exceptions.HttpException, match="not in this world"):
            connection.compute.create_server(name="no", image_id=image.id, flavor_id=flavor.id, networks="auto")
