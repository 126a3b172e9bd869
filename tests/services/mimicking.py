# SPDX-License-Identifier: Apache-2.0
"""A world as Mimic, for whoever tests what Mimic's suites relied on: its recipe, its login, its servers.

A running cloud comes in, and a `Mimic` asks a world of its own there, as a suite does that knows nothing but its URL.
"""

from typing import Any

from tests.cloud import Answer, RunningCloud
from tests.services.callers import CIRROS

SERVICES = {
    "cloudServersOpenStack": "/servers",
    "cloudServersBehavior": "/behaviors/creation",
    "cloudLoadBalancers": "/loadbalancers",
    "cloudLoadBalancerControl": "",
}
"""The names of Mimic's catalog that are served, and a path of each that can be listed."""

ELSEWHERE = {
    "id": "feeds",
    "name": "cloudFeeds",
    "type": "rax:feeds",
    "region": "ORD",
    "url": "http://feeds/%tenant_id%",
}
AT_ONCE = ("BUILD", "PASSWORD", "RESCUING", "RESIZE", "REVERT_RESIZE", "UNRESCUING")
DURATIONS = {
    "compute.server.REBOOT": "3s",
    "compute.server.HARD_REBOOT": "6s",
    "compute.server.REBUILD": "5s",
    "image.image.SAVING": "0s",
    **{f"compute.server.{state}": "0s" for state in AT_ONCE},
}
"""What takes time in Mimic, and what takes none."""

RECIPE: dict[str, Any] = {
    "services": [
        "identity_v2",
        "identity_control",
        "compute_v2",
        "compute_v2_control",
        "load_balancer",
        "load_balancer_control",
    ],
    "regions": ["ORD", "DFW"],
    "clock": {"start": "1970-01-01T00:00:00Z", "mode": "frozen"},
    "config": {
        "catalog_urls": "mimicking",
        "durations": DURATIONS,
        "flavors": [],
        "quotas": {"instances": -1, "cores": -1, "ram": -1},
        "services_elsewhere": [ELSEWHERE],
    },
}


class Mimic:
    """A world as Mimic, and what its suite asks: nothing is known of it but where it is."""

    def __init__(self, cloud: RunningCloud, name: str, **more: Any) -> None:
        made = cloud.ask("POST", "/_mimic/worlds", {**RECIPE, "id": name, **more})
        assert made.status == 201, made.body
        self.cloud, self.url = cloud, made.json["url"]

    def ask(self, method: str, path: str, body: object = None, token: str = "") -> Answer:
        prefix = self.url.removeprefix(self.cloud.url)
        return self.cloud.ask(method, prefix + path, body, {"X-Auth-Token": token} if token else None)

    def login(self, tenant: str = "123456") -> tuple[str, dict[tuple[str, str], str]]:
        """A token, and the paths of the catalog by name and region."""
        auth = {"passwordCredentials": {"username": f"user of {tenant}", "password": "any"}, "tenantId": tenant}
        access = self.ask("POST", "/identity/v2.0/tokens", {"auth": auth}).json["access"]
        found = {
            (entry["name"], endpoint["region"]): endpoint["publicURL"].removeprefix(self.url)
            for entry in access["serviceCatalog"]
            for endpoint in entry["endpoints"]
        }
        return access["token"]["id"], found

    def now(self) -> float:
        return float(self.ask("GET", "/_mimic/clock").json["now"])


class Servers:
    """The servers of a tenant in Mimic's first region."""

    def __init__(self, mimic: Mimic, tenant: str) -> None:
        self.mimic = mimic
        self.token, self.urls = mimic.login(tenant)
        self.url, self.control = (self.urls[name, "ORD"] for name in ("cloudServersOpenStack", "cloudServersBehavior"))

    def ask(self, method: str, path: str, body: object = None) -> Answer:
        return self.mimic.ask(method, self.url + path, body, self.token)

    def create(self, **more: Any) -> Answer:
        server = {"name": "web", "flavorRef": "2", "imageRef": CIRROS, **more}
        return self.ask("POST", "/servers", {"server": server})

    def made(self, **more: Any) -> str:
        answer = self.create(**more)
        assert answer.status == 202, answer.body
        return str(answer.json["server"]["id"])

    def show(self, server: str) -> dict[str, Any]:
        answer = self.ask("GET", f"/servers/{server}")
        assert answer.status == 200, answer.body
        shown: dict[str, Any] = answer.json["server"]
        return shown

    def act(self, server: str, action: str, arguments: object = None) -> Answer:
        return self.ask("POST", f"/servers/{server}/action", {action: arguments})

    def tick(self, seconds: float) -> None:
        assert self.mimic.ask("POST", "/mimic/v1.1/tick", {"amount": seconds}).status == 200


def create(mimic: Mimic, token: str, servers: str, name: str = "web") -> Answer:
    body = {"server": {"name": name, "flavorRef": "performance1-1", "imageRef": CIRROS}}
    return mimic.ask("POST", f"{servers}/servers", body, token)
