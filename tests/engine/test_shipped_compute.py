# SPDX-License-Identifier: Apache-2.0
"""The compute rules that come with the program, against a small model of servers, lifecycles and quotas."""

from dataclasses import dataclass, field
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.driver import Cloud, cloud, shipped_texts, told, world_of

TEAM = """
for compute.server
when metadata.failure == 'build_forever' then status stays BUILD
when metadata.server_building is number then status stays BUILD for metadata.server_building seconds
"""
CLOUD = cloud(TEAM, shipped=shipped_texts("identity", "compute", "image", "network", "volume"))

# state: (what time makes of it, after how long)
TIMED = {
    "BUILD": ("ACTIVE", 1.0),
    "STOPPING": ("SHUTOFF", 1.0),
    "STARTING": ("ACTIVE", 1.0),
    "REBOOT": ("ACTIVE", 1.0),
    "PAUSING": ("PAUSED", 1.0),
    "UNPAUSING": ("ACTIVE", 1.0),
}
SHOWS = {"STOPPING": "ACTIVE", "STARTING": "SHUTOFF", "PAUSING": "ACTIVE", "UNPAUSING": "PAUSED"}
ACTIONS: dict[str, tuple[Any, dict[str, str]]] = {
    "os-start": (None, {"SHUTOFF": "STARTING"}),
    "os-stop": (None, {"ACTIVE": "STOPPING"}),
    "pause": (None, {"ACTIVE": "PAUSING"}),
    "unpause": (None, {"PAUSED": "UNPAUSING"}),
    "reboot": ({"type": "SOFT"}, {"ACTIVE": "REBOOT"}),
}
CORES = {"1": 1, "2": 1, "3": 2, "4": 4}


@dataclass(slots=True)
class Machine:
    """What the model knows of a server: its state, when it was entered, and what its metadata say."""

    state: str
    since: float
    cores: int
    metadata: dict[str, str] = field(default_factory=dict)

    def pass_time(self, now: float) -> None:
        """Make all moves that have fallen due."""
        while self.state in TIMED:
            to, seconds = TIMED[self.state]
            if self.state == "BUILD":
                seconds = self.building()
            if self.since + seconds > now:
                return
            self.state, self.since = to, self.since + seconds

    def building(self) -> float:
        """How long it builds."""
        if self.metadata.get("failure") == "build_forever":
            return float("inf")
        return float(self.metadata.get("server_building", 1.0))


class Servers(RuleBasedStateMachine):
    """Random operations on servers, each answered as the model says."""

    def __init__(self) -> None:
        super().__init__()
        self.cloud: Cloud = world_of(CLOUD.engine)
        self.machines: dict[str, Machine] = {}
        self.limits = {"instances": 10, "cores": 20}
        answer = self.cloud.request("POST", "/identity/v3/auth/tokens", LOGIN)
        assert answer.status == 201, answer
        self.cloud.headers = {
            "X-Auth-Token": told(answer, "X-Subject-Token")[0],
            "OpenStack-API-Version": "compute 2.26",
        }
        self.image = self.ask("GET", "/image/v2/images").body["images"][0]["id"]
        flavors = self.ask("GET", "/compute/v2.1/flavors/detail").body["flavors"]
        self.cores = {flavor["id"]: flavor["vcpus"] for flavor in flavors if flavor["ram"] <= 4096}

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        return self.cloud.request(method, path, {} if body is None else body)

    def now(self) -> float:
        return self.cloud.world.clock.now()

    @rule(
        count=st.sampled_from([1, 1, 1, 2, 4]),
        flavor=st.integers(0, 3),
        metadata=st.sampled_from([{}, {}, {"failure": "build_forever"}, {"server_building": "30"}]),
    )
    def create(self, count: int, flavor: int, metadata: dict[str, str]) -> None:
        ids = sorted(self.cores)
        chosen = ids[flavor % len(ids)]
        wanted = {"name": "s", "flavorRef": chosen, "imageRef": self.image, "metadata": metadata, "min_count": count}
        before = {one["id"] for one in self.listed()}
        answer = self.ask("POST", "/compute/v2.1/servers", {"server": wanted})
        cores = self.cores[chosen]
        fits = len(self.machines) + count <= self.limits["instances"]
        fits = fits and self.used_cores() + count * cores <= self.limits["cores"]
        assert answer.status == (202 if fits else 403), answer
        made = {one["id"] for one in self.listed()} - before
        assert len(made) == (count if fits else 0)
        for key in made:
            self.machines[key] = Machine("BUILD", self.now(), cores, dict(metadata))

    @precondition(lambda self: self.machines)
    @rule(data=st.data(), action=st.sampled_from(sorted(ACTIONS)))
    def act(self, data: st.DataObject, action: str) -> None:
        key = data.draw(st.sampled_from(sorted(self.machines)))
        machine = self.machines[key]
        argument, ways = ACTIONS[action]
        answer = self.ask("POST", f"/compute/v2.1/servers/{key}/action", {action: argument})
        if machine.state in ways:
            assert answer.status == 202, answer
            machine.state, machine.since = ways[machine.state], self.now()
            machine.pass_time(self.now())
        else:
            assert answer.status == 409, answer
            assert "conflictingRequest" in answer.body

    @precondition(lambda self: self.machines)
    @rule(data=st.data(), failure=st.sampled_from(["build_forever", "none"]))
    def change_metadata(self, data: st.DataObject, failure: str) -> None:
        key = data.draw(st.sampled_from(sorted(self.machines)))
        machine = self.machines[key]
        answer = self.ask("POST", f"/compute/v2.1/servers/{key}/metadata", {"metadata": {"failure": failure}})
        # Only what is active, paused, suspended or stopped may be changed: none of these builds.
        assert answer.status == (409 if machine.state == "BUILD" else 200), answer
        if answer.status == 200:
            machine.metadata["failure"] = failure

    @precondition(lambda self: self.machines)
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(sorted(self.machines)))
        assert self.ask("DELETE", f"/compute/v2.1/servers/{key}").status == 204
        del self.machines[key]
        assert self.ask("GET", f"/compute/v2.1/servers/{key}").status == 404
        assert self.ask("DELETE", f"/compute/v2.1/servers/{key}").status == 404

    @rule(seconds=st.sampled_from([0.25, 0.5, 1, 5, 60]))
    def wait(self, seconds: float) -> None:
        self.cloud.advance(seconds)
        for machine in self.machines.values():
            machine.pass_time(self.now())

    @invariant()
    def servers_are_as_the_model_says(self) -> None:
        shown = {one["id"]: one["status"] for one in self.listed("/detail")}
        assert shown == {key: SHOWS.get(one.state, one.state) for key, one in self.machines.items()}

    @invariant()
    def quotas_count_what_lives(self) -> None:
        limits = self.ask("GET", "/compute/v2.1/limits").body["limits"]["absolute"]
        assert (limits["totalInstancesUsed"], limits["totalCoresUsed"]) == (len(self.machines), self.used_cores())
        assert (limits["maxTotalInstances"], limits["maxTotalCores"]) == (10, 20)

    def listed(self, suffix: str = "") -> list[dict[str, Any]]:
        answer = self.ask("GET", f"/compute/v2.1/servers{suffix}")
        assert answer.status == 200, answer
        found: list[dict[str, Any]] = answer.body["servers"]
        return found

    def used_cores(self) -> int:
        return sum(machine.cores for machine in self.machines.values())


LOGIN = {
    "auth": {
        "identity": {
            "methods": ["password"],
            "password": {"user": {"name": "ann", "domain": {"id": "default"}, "password": "secret"}},
        },
        "scope": {"project": {"name": "demo", "domain": {"id": "default"}}},
    }
}

Servers.TestCase.settings = settings(max_examples=25, stateful_step_count=25)
TestServers = Servers.TestCase
