# SPDX-License-Identifier: Apache-2.0
"""What a scenario plays on: a world, an autoscaler that knows nothing of worlds, and the user whose groups it keeps.

On the way of a test: the autoscaler waits by the clock that it is given, and that moves the time of its world; so a
scenario takes as long as its requests, and the world's time is what it would take in a real cloud.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
import requests

from examples.autoscaler import Attachment, Autoscaler, Group, Http, Launch, Limits
from examples.autoscaler.identity import Impersonation
from mimic_rules.testing import World

TENANT = "000042"
USER = "grace"
REGION = "RegionOne"
PATIENCE = 20

# As long as builds take in a real cloud, and no bound on how many servers a scenario has.
BUILD = 45
DURATIONS = {"compute.server.BUILD": f"{BUILD}s"}
BOUNDLESS = {"instances": -1, "cores": -1, "ram": -1}


def plays(**config: Any) -> pytest.MarkDecorator:
    """The marker of a world that scenarios play in."""
    clock = {"mode": "frozen", "start": "2030-01-01T00:00:00Z"}
    return pytest.mark.mimic_world(clock=clock, config={"durations": DURATIONS, "quotas": BOUNDLESS} | config)


@dataclass(frozen=True, slots=True)
class WorldClock:
    """The clock of a world as a program's own: who sleeps moves it."""

    world: World

    def now(self) -> datetime:
        """World time."""
        return self.world.clock.now

    def sleep(self, seconds: float) -> None:
        """Let so much of the world's time pass, and none of anybody else's."""
        self.world.clock.advance(seconds)


@dataclass(frozen=True, slots=True)
class Field:
    """One user's account in a world: what the autoscaler does there, and what happens behind its back."""

    world: World
    scaler: Autoscaler
    token: str
    http: requests.Session
    summoned: list[str] = field(default_factory=list)
    """What made the cloud fail, in the order in which it was asked for: rules, and calls that no client makes."""

    # what the user does by hand

    def ask(self, service: str, method: str, path: str, body: Any = None) -> Any:
        """A request of the user's own that goes well; what it answers."""
        url = f"{self.world.services[service]}/{TENANT}{path}"
        answer = self.http.request(method, url, json=body, headers={"X-Auth-Token": self.token}, timeout=PATIENCE)
        assert answer.ok, answer.text
        return answer.json() if answer.content else None

    def servers(self) -> list[dict[str, Any]]:
        """All servers of the account, the oldest first."""
        shown: list[dict[str, Any]] = self.ask("compute_v2", "GET", "/servers/detail")["servers"]
        return shown[::-1]

    def statuses(self) -> list[str]:
        """How the servers of the account do, in order."""
        return sorted(one["status"] for one in self.servers())

    def image(self) -> str:
        """An image to launch."""
        return str(self.ask("compute_v2", "GET", "/images")["images"][0]["id"])

    def server(self, name: str) -> str:
        """A server that no group knows."""
        wish = {"name": name, "imageRef": self.image(), "flavorRef": "2"}
        return str(self.ask("compute_v2", "POST", "/servers", {"server": wish})["server"]["id"])

    def lose(self, *servers: str) -> None:
        """Delete servers behind the autoscaler's back."""
        self.summoned.append("servers are deleted out of band")
        for server in servers:
            self.ask("compute_v2", "DELETE", f"/servers/{server}")

    def act(self, server: str, **action: object) -> None:
        """Let a server do something."""
        self.ask("compute_v2", "POST", f"/servers/{server}/action", action)

    def balancer(self, **more: Any) -> int:
        """A new balancer."""
        wish = {"name": "front", "protocol": "HTTP", **more}
        made = self.ask("load_balancer", "POST", "/loadbalancers", {"loadBalancer": wish})
        return int(made["loadBalancer"]["id"])

    def nodes(self, balancer: int) -> list[dict[str, Any]]:
        """The nodes that a balancer has."""
        shown: list[dict[str, Any]] = self.ask("load_balancer", "GET", f"/loadbalancers/{balancer}/nodes")["nodes"]
        return shown

    def conditions(self, balancer: int) -> list[tuple[str, str]]:
        """What condition and status its nodes are in."""
        return [(node["condition"], node["status"]) for node in self.nodes(balancer)]

    def on(self, balancer: int) -> set[str]:
        """The addresses of its nodes."""
        return {node["address"] for node in self.nodes(balancer)}

    def drop(self, balancer: int) -> None:
        """Delete a balancer."""
        self.summoned.append("a balancer is deleted out of band")
        self.ask("load_balancer", "DELETE", f"/loadbalancers/{balancer}")

    # groups

    def launch(self, *balancers: int, **server: Any) -> Launch:
        """How a group's servers are made."""
        wish = {"imageRef": self.image(), "flavorRef": "2", **server}
        return Launch(wish, tuple(Attachment(balancer) for balancer in balancers))

    def group(self, size: int, *balancers: int, maximum: int = 30, draining: float = 0.0, **server: Any) -> Group:
        """A new group; its servers may not be there yet."""
        launch = self.launch(*balancers, **server)
        return self.scaler.create("web", launch, 0, maximum, size, draining)

    def settle(self, group: Group, within: float = 1800) -> None:
        """Let the autoscaler go on until nothing is left to do."""
        assert self.scaler.run(lambda: group.settled, within), group

    def full(self, group: Group, size: int, *balancers: int) -> None:
        """See that a group has so many servers that serve, all the account has, and the balancers just their nodes."""
        self.settle(group)
        assert (group.status.value, group.reasons, len(group.active), group.pending) == ("ACTIVE", (), size, ())
        shown = self.servers()
        assert [one["status"] for one in shown] == ["ACTIVE"] * size
        assert sorted(one["id"] for one in shown) == sorted(group.active)
        for balancer in balancers:
            nodes = self.nodes(balancer)
            assert sorted(node["address"] for node in nodes) == sorted(addresses(shown))
            assert {node["condition"] for node in nodes} <= {"ENABLED"}

    def deleted(self, group: Group, left: int = 0) -> None:
        """Delete the group, and see that it goes with all its servers."""
        self.scaler.delete(group, force=True)
        assert self.scaler.run(lambda: group.name not in self.scaler.groups, 600), group
        assert len(self.servers()) == left

    # faults

    def fault(self, text: str, about: str = "compute.server") -> str:
        """Let something fail from now on; the id of the text."""
        self.summoned.append(f"`{' '.join(text.split())}`")
        return self.world.rules.add(f"for {about}\n{text}").id

    def flag(self, **flags: bool) -> None:
        """Let the account be suspended or closed, or no longer."""
        self.summoned.extend(f"`PATCH /_mimic/tenants/{TENANT}` with `{name}`" for name, on in flags.items() if on)
        self.world.tenant(TENANT).set(**flags)

    def age(self, server: str, by: str) -> None:
        """Let a server have been made so much earlier."""
        self.summoned.append(f"`POST /_mimic/age` by `{by}`")
        self.world.age("compute.server", server, by)

    def control(self, method: str, path: str, status: str) -> None:
        """Say what state a balancer or a node is in, by the control call that Mimic has for that."""
        self.summoned.append(f"`{method}` of Mimic's control with `{status}`")
        self.ask("load_balancer_control", method, path, {"status": status})

    def hits(self, name: str) -> int:
        """How often a rule has decided."""
        (rule,) = self.world.rules.get(name)
        if rule.layer == "shipped":
            self.summoned.append(f"metadata, by the rule `{name}` that is shipped")
        return rule.hits.decided


def addresses(servers: list[dict[str, Any]]) -> list[str]:
    """Where servers are on the private network."""
    return [one["addr"] for server in servers for one in server["addresses"]["private"]]


def enter(world: World) -> Field:
    """The account of a user who has logged in once, and an autoscaler that may impersonate her."""
    url = world.services["identity_v2"]
    http = requests.Session()
    credentials = {"username": USER, "password": "secret"}
    wish: Any = {"auth": {"passwordCredentials": credentials, "tenantId": TENANT}}
    answer = http.post(f"{url}/tokens", json=wish, timeout=PATIENCE)
    assert answer.ok, answer.text
    clock = WorldClock(world)
    access = Impersonation(Http(clock), url, "autoscale", "secret", USER, REGION)
    scaler = Autoscaler(access, clock, Limits(interval=10, build_timeout=3600, page=10))
    return Field(world, scaler, answer.json()["access"]["token"]["id"], http)
