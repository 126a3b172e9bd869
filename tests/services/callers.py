# SPDX-License-Identifier: Apache-2.0
"""Users who have logged in with nothing but HTTP, and what they ask of compute.

A running cloud comes in; whoever tests what services answer gets a `Caller` for each project, so that tests of one
cloud don't meet.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.cloud import Answer, RunningCloud

LOGIN = "/identity/v3/auth/tokens"
COMPUTE = "/compute/v2.1"
CIRROS = "70a599e0-31e7-49b7-b260-868f441e862b"
PRIVATE, PUBLIC = "a1b1f1de-6a2e-4c69-9c56-5f6dd8a1b401", "d0f3a2c4-8a0b-4f37-a4a5-7c3a6e1b9b02"
"""The network of servers, and the one outside."""
NOBODY = "00000000-0000-4000-8000-000000000000"
"""An id that nothing has."""


def password(user: str = "demo", secret: str = "password", scope: object = None) -> dict[str, Any]:
    """The body of a login by name; without a scope, it is for the user's own project."""
    auth: dict[str, Any] = {
        "identity": {
            "methods": ["password"],
            "password": {"user": {"name": user, "domain": {"id": "default"}, "password": secret}},
        }
    }
    return {"auth": auth if scope is None else {**auth, "scope": scope}}


def project(name: str) -> dict[str, Any]:
    """The scope of a project of the default domain."""
    return {"project": {"name": name, "domain": {"id": "default"}}}


@dataclass(frozen=True, slots=True)
class Caller:
    """Someone with a token; `mount` is where compute is."""

    cloud: RunningCloud
    token: str
    project: str
    user: str
    mount: str = COMPUTE

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        version: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """One request to compute, at a microversion."""
        told = {"X-Auth-Token": self.token, **(headers or {})}
        if version is not None:
            told["OpenStack-API-Version"] = f"compute {version}"
        return self.cloud.ask(method, self.mount + path, body, told)

    def identity(self, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None) -> Answer:
        """One request to identity."""
        return self.cloud.ask(method, "/identity/v3" + path, body, {"X-Auth-Token": self.token, **(headers or {})})

    def create(self, name: str = "web", version: str | None = None, **more: Any) -> str:
        """Ask for a small server; its id."""
        answer = self.ask("POST", "/servers", wanted(name, **more), version)
        assert answer.status == 202, answer.body
        made: str = answer.json["server"]["id"]
        return made

    def up(self, name: str = "web") -> str:
        """A small server that has come up; its id."""
        made = self.create(name)
        self.cloud.advance(1)
        return made

    def show(self, server: str, version: str | None = None) -> dict[str, Any]:
        """The server as it is."""
        answer = self.ask("GET", f"/servers/{server}", version=version)
        assert answer.status == 200, answer.body
        body: dict[str, Any] = answer.json["server"]
        return body

    def act(self, server: str, action: str, arguments: object = None, version: str | None = None) -> Answer:
        """An action of a server: the body's single key."""
        return self.ask("POST", f"/servers/{server}/action", {action: arguments}, version)

    def ids(self, query: str = "", version: str | None = None) -> list[str]:
        """The ids that the list of servers has."""
        answer = self.ask("GET", f"/servers{query}", version=version)
        assert answer.status == 200, answer.body
        return [server["id"] for server in answer.json["servers"]]


def wanted(name: str = "web", **more: Any) -> dict[str, Any]:
    """The body that asks for a small server."""
    return {"server": {"name": name, "flavorRef": "1", "imageRef": CIRROS, **more}}


def login(cloud: RunningCloud, scope: str | None = None, user: str = "demo", mount: str = COMPUTE) -> Caller:
    """Log in by password, for the project of that name or the user's own."""
    answer = cloud.ask("POST", LOGIN, password(user, scope=None if scope is None else project(scope)))
    assert answer.status == 201, answer.body
    token = answer.json["token"]
    return Caller(cloud, answer.headers["x-subject-token"], token["project"]["id"], token["user"]["id"], mount)


def refusal(answer: Answer, status: int, fault: str) -> str:
    """The words of a refusal in compute's own form."""
    assert (answer.status, set(answer.json)) == (status, {fault}), answer.body
    assert set(answer.json[fault]) == {"code", "message"}
    assert answer.json[fault]["code"] == status
    text: str = answer.json[fault]["message"]
    return text


def until(found: Any, wait: float = 10.0) -> None:
    """Ask again and again until `found()` is true; fails after `wait` seconds."""
    end = time.monotonic() + wait
    while not found():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.02)
