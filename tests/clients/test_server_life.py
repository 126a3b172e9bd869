# SPDX-License-Identifier: Apache-2.0
"""The whole life of a server, led by three clients at five microversions: made, listed, resized, rebuilt, made an image
of, locked, shelved, deleted.

Each client is asked in its own words and tells what it understood. The cloud's time runs a thousand times faster than
theirs, so that a client that looks again finds done what it asked for.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from typing import Any

import novaclient
import openstack
import pytest
from keystoneauth1 import session
from keystoneauth1.identity import v3
from novaclient import client as nova

from tests.clients.conftest import Shell, becomes, documents, let_run
from tests.cloud import RunningCloud

pytestmark = [
    pytest.mark.filterwarnings("ignore::PendingDeprecationWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::openstack.warnings.OpenStackDeprecationWarning"),
]

VERSIONS = ["2.1", "2.26", "2.60", "2.79", "2.104"]
LATEST_OF_NOVACLIENT = novaclient.API_MAX_VERSION.get_string()

SMALL, TINY = "m1.small", "m1.tiny"


class Client(ABC):
    """A client that leads one server, called `web`; `show` tells its status, its flavor's name, and whether it is
    locked (None where the microversion does not say).
    """

    @abstractmethod
    def create(self) -> None: ...

    @abstractmethod
    def show(self) -> tuple[str, str, bool | None]: ...

    @abstractmethod
    def servers(self) -> list[str]: ...

    @abstractmethod
    def act(self, action: str) -> None:
        """One of resize, confirm, rebuild, snapshot, lock, unlock, shelve, unshelve, delete."""

    @abstractmethod
    def snapshots(self) -> list[str]:
        """The status of each image that was made of it."""


class Sdk(Client):
    def __init__(self, url: str, project: str, version: str) -> None:
        self.snapshot = f"of-{project}"
        self.cloud: Any = openstack.connect(
            load_yaml_config=False,
            load_envvars=False,
            auth_url=f"{url}/identity/v3",
            username="demo",
            password="password",
            project_name=project,
            user_domain_id="default",
            project_domain_id="default",
            region_name="RegionOne",
            compute_default_microversion=version,
        )
        self.compute = self.cloud.compute
        self.image = self.cloud.image.find_image("cirros", ignore_missing=False).id
        self.flavors = {one.name: one.id for one in self.compute.flavors()}
        self.server: Any = None
        # From 2.37 on a request has to say which networks.
        self.wanted = {"networks": "none"} if version not in ("2.1", "2.26") else {}

    def create(self) -> None:
        self.server = self.compute.create_server(
            name="web", image_id=self.image, flavor_id=self.flavors[TINY], **self.wanted
        )

    def show(self) -> tuple[str, str, bool | None]:
        shown = self.compute.get_server(self.server.id)
        known = {id: name for name, id in self.flavors.items()}
        return shown.status, shown.flavor.original_name or known[shown.flavor.id], shown.is_locked

    def servers(self) -> list[str]:
        return [one.name for one in self.compute.servers()]

    def act(self, action: str) -> None:
        arguments: dict[str, tuple[Any, ...]] = {"resize": (self.flavors[SMALL],), "snapshot": (self.snapshot,)}
        named = {"resize": "resize_server", "confirm": "confirm_server_resize", "snapshot": "create_server_image"}
        more = {"image": self.image} if action == "rebuild" else {}
        called = getattr(self.compute, named.get(action, f"{action}_server"))
        called(self.server, *arguments.get(action, ()), **more)

    def snapshots(self) -> list[str]:
        return [one.status.upper() for one in self.cloud.image.images(name=self.snapshot)]


class Nova(Client):
    def __init__(self, url: str, project: str, version: str) -> None:
        self.snapshot = f"of-{project}"
        auth = v3.Password(
            auth_url=f"{url}/identity/v3",
            username="demo",
            password="password",
            project_name=project,
            user_domain_id="default",
            project_domain_id="default",
        )
        number = min(version, LATEST_OF_NOVACLIENT, key=lambda one: int(one.split(".")[1]))
        self.session = session.Session(auth=auth)
        self.nova: Any = nova.Client(number, session=self.session, region_name="RegionOne")
        self.flavors = {one.name: one.id for one in self.nova.flavors.list()}
        self.image = self.nova.glance.find_image("cirros").id
        self.server: Any = None
        self.wanted = {"nics": "none"} if version not in ("2.1", "2.26") else {}

    def create(self) -> None:
        self.server = self.nova.servers.create("web", self.image, self.flavors[TINY], **self.wanted)

    def show(self) -> tuple[str, str, bool | None]:
        shown = self.nova.servers.get(self.server.id)
        known = {id: name for name, id in self.flavors.items()}
        name = shown.flavor.get("original_name") or known[shown.flavor["id"]]
        return shown.status, name, getattr(shown, "locked", None)

    def servers(self) -> list[str]:
        return [one.name for one in self.nova.servers.list()]

    def act(self, action: str) -> None:
        arguments: dict[str, tuple[Any, ...]] = {
            "resize": (self.flavors[SMALL],), "rebuild": (self.image,), "snapshot": (self.snapshot,),
        }  # fmt: skip
        named = {"confirm": "confirm_resize", "snapshot": "create_image"}
        getattr(self.nova.servers, named.get(action, action))(self.server, *arguments.get(action, ()))

    def snapshots(self) -> list[str]:
        return [self.nova.glance.find_image(self.snapshot).status.upper()]


@pytest.fixture
def fast(running: RunningCloud) -> Iterator[RunningCloud]:
    let_run(running, rate=1000)
    yield running
    let_run(running)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("kind", [Sdk, Nova])
def test_a_library_leads_a_server(fast: RunningCloud, kind: Callable[[str, str, str], Client], version: str) -> None:
    client = kind(fast.url, f"{kind.__name__.lower()}-{version}", version)
    locked = True if version not in ("2.1",) else None
    unlocked = None if locked is None else False

    client.create()
    becomes(client.show, ("ACTIVE", TINY, unlocked))
    assert client.servers() == ["web"]

    client.act("resize")
    becomes(client.show, ("VERIFY_RESIZE", SMALL, unlocked))
    client.act("confirm")
    becomes(client.show, ("ACTIVE", SMALL, unlocked))

    client.act("rebuild")
    becomes(client.show, ("ACTIVE", SMALL, unlocked))
    client.act("snapshot")
    becomes(client.snapshots, ["ACTIVE"])

    client.act("lock")
    assert client.show() == ("ACTIVE", SMALL, locked)
    client.act("unlock")
    assert client.show() == ("ACTIVE", SMALL, unlocked)

    client.act("shelve")
    becomes(client.show, ("SHELVED_OFFLOADED", SMALL, unlocked))
    client.act("unshelve")
    becomes(client.show, ("ACTIVE", SMALL, unlocked))

    client.act("delete")
    becomes(client.servers, [])


SHOW = "server show web -f json"
COMMANDS = [
    f"server create --image cirros --flavor {TINY} --wait web -f json",
    "server list -f json",
    f"server resize --flavor {SMALL} --wait web",
    SHOW,
    "server resize confirm web",
    SHOW,
    "server rebuild --image cirros --wait web -f json",
    SHOW,
    "server image create --name {snapshot} --wait web -f json",
    "server lock web",
    SHOW,
    "server unlock web",
    SHOW,
    "server shelve --wait web",
    SHOW,
    "server unshelve --wait web",
    SHOW,
    "server delete --wait web",
    "server list -f json",
]


@pytest.mark.parametrize("version", VERSIONS)
def test_the_command_line_leads_a_server(fast: RunningCloud, openstack: Shell, version: str) -> None:
    # `--wait` looks at once and then only after seconds; between two commands a server has the time that it needs.
    snapshot = f"of-cli-{version}"
    commands = [one.format(snapshot=snapshot) for one in COMMANDS]
    done = openstack(commands=commands, project_name=f"cli-{version}", compute_api_version=version)
    told = [one for one in documents(done) if one not in ("", "Complete")]
    made, listed, *shown = [one for one in told if not isinstance(one, dict) or one.get("name") != snapshot]
    (image,) = [one for one in told if isinstance(one, dict) and one.get("name") == snapshot]
    assert (made["status"], [one["Name"] for one in listed]) == ("ACTIVE", ["web"])
    assert image["status"] == "active"
    rebuilt, rest = shown.pop(2), shown.pop()
    assert (rebuilt["id"], rest) == (made["id"], [])
    locked = None if version == "2.1" else False
    assert [(one["status"], SMALL in str(one["flavor"]), one["locked"]) for one in shown] == [
        ("VERIFY_RESIZE", True, locked),
        ("ACTIVE", True, locked),
        ("ACTIVE", True, locked),
        ("ACTIVE", True, None if locked is None else True),
        ("ACTIVE", True, locked),
        ("SHELVED_OFFLOADED", True, locked),
        ("ACTIVE", True, locked),
    ]
