# SPDX-License-Identifier: Apache-2.0
"""openstacksdk, unmodified, against a running cloud: what a program that deploys to OpenStack does all day.

The cloud is a process of its own and the library knows nothing of it but the URL of its identity service.
"""

from collections.abc import Callable, Iterator
from typing import Any

import openstack
import pytest
from cryptography.hazmat.primitives.serialization import load_ssh_private_key
from openstack import exceptions
from openstack.connection import Connection

from tests.clients.conftest import let_run
from tests.cloud import RunningCloud

# The library warns its own callers of what its next versions remove.
pytestmark = [
    pytest.mark.filterwarnings("ignore::PendingDeprecationWarning"),
    pytest.mark.filterwarnings("ignore::openstack.warnings.OpenStackDeprecationWarning"),
]

# The library knows many things as perhaps there, which here they are.
Connect = Callable[..., Any]


@pytest.fixture
def connect(running: RunningCloud) -> Iterator[Connect]:
    """`connect(project, user="demo", **more)`: a connection; all are closed after the test."""
    opened: list[Connection] = []

    def start(project: str, user: str = "demo", **more: Any) -> Connection:
        opened.append(
            openstack.connect(
                load_yaml_config=False,
                load_envvars=False,
                auth_url=f"{running.url}/identity/v3",
                username=user,
                password="password",
                project_name=project,
                user_domain_id="default",
                project_domain_id="default",
                region_name="RegionOne",
                **more,
            )
        )
        return opened[-1]

    yield start
    for connection in opened:
        connection.close()


def make(connection: Any, name: str, **more: object) -> Any:
    """A server that has been asked for; nobody waits for it."""
    image = connection.image.find_image("cirros", ignore_missing=False)
    flavor = connection.compute.find_flavor("m1.tiny", ignore_missing=False)
    return connection.compute.create_server(name=name, image_id=image.id, flavor_id=flavor.id, networks="auto", **more)


def shown(connection: Any, server: Any, version: str) -> dict[str, Any]:
    """The server as it is shown at a microversion, as it came."""
    answer = connection.compute.get(f"/servers/{server.id}", microversion=version)
    assert answer.headers["OpenStack-API-Version"] == f"compute {version}"
    body: dict[str, Any] = answer.json()["server"]
    return body


def test_a_server_builds_for_ever_where_a_rule_says_so(running: RunningCloud, connect: Connect) -> None:
    """The story of the product: three lines in a team's file, and thirty days that are over at once."""
    connection = connect("forever")
    stuck = make(connection, "stuck", metadata={"failure": "build_forever"})
    well = make(connection, "well")
    assert connection.compute.get_server(stuck.id).status == "BUILD"

    assert running.ask("POST", "/_mimic/clock", {"advance": "30d"}).status == 200

    # The token is twenty-nine days too old by now, and the library logs in again without being told.
    later = connection.compute.get(f"/servers/{stuck.id}")
    assert later.json()["server"]["status"] == "BUILD"
    assert later.headers["X-Mimic-Rule"] == "team.rules:2"
    assert connection.compute.get_server(well.id).status == "ACTIVE"
    assert [one.name for one in connection.compute.servers(status="BUILD")] == ["stuck"]

    connection.compute.delete_server(stuck)
    connection.compute.wait_for_delete(stuck, interval=0.05, wait=10)
    with pytest.raises(exceptions.NotFoundException):
        connection.compute.get_server(stuck.id)


def test_a_server_comes_and_goes(still: RunningCloud, connect: Connect) -> None:
    connection = connect("life")
    made = make(connection, "web", metadata={"role": "front"})
    assert made.admin_password
    seen = connection.compute.get_server(made.id)
    assert (seen.status, seen.vm_state, seen.addresses) == ("BUILD", "building", {})

    let_run(still)
    active = connection.compute.wait_for_server(made, interval=0.1, wait=20)
    assert (active.status, active.vm_state, active.power_state) == ("ACTIVE", "active", 1)
    assert active.metadata == {"role": "front"}
    assert active.flavor.original_name == "m1.tiny"
    assert active.launched_at > active.created_at.rstrip("Z")
    assert [address["version"] for address in active.addresses["private"]] == [4]
    assert [(one.id, one.status) for one in connection.compute.servers()] == [(made.id, "ACTIVE")]
    assert connection.compute.find_server("web").id == made.id

    connection.compute.delete_server(made)
    connection.compute.wait_for_delete(made, interval=0.05, wait=10)
    assert list(connection.compute.servers()) == []


def test_actions_take_their_time_and_refuse_what_does_not_fit(running: RunningCloud, connect: Connect) -> None:
    let_run(running, rate=10)
    compute = connect("actions").compute
    server = make(connect("actions"), "box").id

    def reaches(status: str) -> None:
        # a fresh look each time: the library would take the status that it saw last for the present one
        compute.wait_for_server(compute.get_server(server), status=status, interval=0.05, wait=20)

    reaches("ACTIVE")
    compute.stop_server(server)
    reaches("SHUTOFF")
    with pytest.raises(exceptions.ConflictException) as refused:
        compute.stop_server(server)
    assert f"Cannot 'stop' instance {server} while it is in vm_state stopped" in str(refused.value)
    compute.start_server(server)
    reaches("ACTIVE")
    for kind in ("SOFT", "HARD"):
        compute.reboot_server(server, kind)
        reaches("ACTIVE")
    compute.pause_server(server)
    reaches("PAUSED")
    compute.lock_server(server, locked_reason="hands off")
    locked = compute.get_server(server)
    assert (locked.is_locked, locked.locked_reason) == (True, "hands off")
    let_run(running)


def test_metadata_is_set_and_taken_away(running: RunningCloud, connect: Connect) -> None:
    connection = connect("metadata")
    server = make(connection, "labelled", metadata={"a": "1", "b": "2"}).id
    running.advance(1)
    connection.compute.set_server_metadata(server, b="3", c="4")
    connection.compute.delete_server_metadata(server, ["a"])
    assert connection.compute.fetch_server_metadata(server).metadata == {"b": "3", "c": "4"}
    connection.compute.delete_server_metadata(server)
    assert connection.compute.get_server(server).metadata == {}


def test_images_and_flavors_are_there_from_the_start(connect: Connect) -> None:
    connection = connect("demo")
    assert sorted(image.name for image in connection.image.images()) == ["cirros", "ubuntu"]
    flavors = {flavor.name: flavor for flavor in connection.compute.flavors()}
    assert sorted(flavors) == ["m1.large", "m1.medium", "m1.small", "m1.tiny"]
    assert (flavors["m1.large"].vcpus, flavors["m1.large"].ram, flavors["m1.large"].disk) == (4, 8192, 80)
    assert connection.compute.get_flavor("1").name == "m1.tiny"
    assert [flavor.name for flavor in connection.compute.flavors(min_ram=4096)] == ["m1.medium", "m1.large"]
    with pytest.raises(exceptions.NotFoundException, match="Flavor 99 could not be found"):
        connection.compute.get_flavor("99")


def test_key_pairs_are_made_and_removed(connect: Connect) -> None:
    connection = connect("demo", compute_default_microversion="2.91")
    made = connection.compute.create_keypair(name="mine")
    key = load_ssh_private_key(made.private_key.encode(), None)
    assert made.public_key.startswith(("ssh-rsa ", "ssh-ed25519 "))
    assert made.fingerprint.count(":") == 15
    assert type(key).__name__.endswith("PrivateKey")
    with pytest.raises(exceptions.ConflictException, match="Key pair 'mine' already exists"):
        connection.compute.create_keypair(name="mine")
    copy = connection.compute.create_keypair(name="copy", public_key=made.public_key)
    assert (copy.fingerprint, copy.private_key) == (made.fingerprint, None)
    assert {one.name for one in connection.compute.keypairs()} == {"mine", "copy"}
    for name in ("mine", "copy"):
        connection.compute.delete_keypair(name, ignore_missing=False)
    assert list(connection.compute.keypairs()) == []


def test_limits_count_what_is_there_and_quotas_refuse_the_rest(connect: Connect) -> None:
    connection = connect("bounded", user="admin")
    project = connection.current_project_id
    changed = connection.compute.update_quota_set(project, instances=2)
    assert changed.instances == 2
    assert connection.compute.get_quota_set(project).cores == 20
    for name in ("one", "two"):
        make(connection, name)
    used = connection.compute.get_limits().absolute
    assert (used.instances, used.instances_used, used.total_cores_used, used.total_ram_used) == (2, 2, 2, 1024)
    with pytest.raises(exceptions.ForbiddenException) as refused:
        make(connection, "three")
    assert "Quota exceeded for instances: Requested 1, but already used 2 of 2 instances" in str(refused.value)
    connection.compute.revert_quota_set(project)
    assert connection.compute.get_quota_set(project).instances == 10


def test_unknown_things_are_not_found(connect: Connect) -> None:
    connection = connect("demo")
    nobody = "00000000-0000-4000-8000-000000000000"
    with pytest.raises(exceptions.NotFoundException, match=f"Instance {nobody} could not be found"):
        connection.compute.get_server(nobody)
    assert connection.compute.find_server("nobody") is None
    with pytest.raises(exceptions.BadRequestException, match="Can not find requested image"):
        connection.compute.create_server(name="a", image_id=nobody, flavor_id="1", networks="none")


def test_each_microversion_shows_its_own_fields(connect: Connect) -> None:
    # The demo user is no administrator in the demo project, as everybody is in one that is made on demand.
    connection = connect("demo")
    server = make(connection, "many", tags=["x"], description="told")
    added = {
        "2.26": {"locked", "description", "tags"},
        "2.60": set[str](),
        "2.79": {"trusted_image_certificates", "server_groups", "locked_reason"},
        "2.96": {"pinned_availability_zone", "OS-EXT-SRV-ATTR:hostname"},
    }
    before = set(shown(connection, server, "2.1"))
    for version, new in added.items():
        body = shown(connection, server, version)
        assert set(body) - before == new
        before = set(body)
        linked = int(version.partition(".")[2]) < 47
        assert ("links" in body["flavor"], "original_name" in body["flavor"]) == (linked, not linked)
    assert (body["description"], body["tags"]) == ("told", ["x"])
    connection.compute.delete_server(server)


def test_a_version_that_is_not_there_is_refused(connect: Connect) -> None:
    connection = connect("demo")
    refused = connection.compute.get("/servers", microversion="2.999", raise_exc=False)
    assert refused.status_code == 406
    assert refused.json() == {
        "computeFault": {
            "code": 406,
            "message": "Version 2.999 is not supported by the API. Minimum is 2.1 and maximum is 2.104.",
        }
    }


def test_the_catalog_leads_to_every_service(running: RunningCloud, connect: Connect) -> None:
    connection = connect("demo")
    assert connection.compute.get_endpoint().startswith(f"{running.url}/compute/v2.1")
    assert {entry["type"] for entry in connection.service_catalog} >= {"compute", "identity", "image", "network"}
    assert connection.compute.get_endpoint_data().max_microversion == (2, 104)
    assert connection.identity.get_project(connection.current_project_id).name == "demo"
