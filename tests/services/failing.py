# SPDX-License-Identifier: Apache-2.0
"""A world that fails as its rules say, and a client of it that is none of ours: the library `requests`.

A running cloud and a text of rules come in; tests of fault forms get a world of their own, to which the rules are added
while it runs, and see what any client of a failing cloud would see.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import requests

from tests.cloud import RunningCloud
from tests.services.callers import CIRROS, COMPUTE, LOGIN, password, project, wanted

PATIENCE = 20
"""Seconds that the client waits for an answer."""


@dataclass(slots=True)
class Failing:
    """A world at `url`, and the token of its usual client; `place` is how answers name the first text of rules."""

    url: str
    told: dict[str, Any]
    http: requests.Session
    token: str = ""
    tokens: dict[str, str] = field(default_factory=dict)

    def control(self, method: str, path: str, body: object = None) -> Any:
        """A call of the control API that goes well; gives its answer."""
        answer = self.http.request(method, f"{self.url}/_mimic{path}", json=body, timeout=PATIENCE)
        assert answer.ok, answer.text
        return answer.json() if answer.content else None

    def rules(self, text: str, about: str = "compute.server") -> None:
        """Add a text of rules."""
        self.control("POST", "/rules", {"text": f"for {about}\n{text}\n"})

    def advance(self, seconds: float | str) -> None:
        """Move the world's time forward."""
        self.control("POST", "/clock", {"advance": seconds})

    def login(self, name: str = "demo", user: str = "demo") -> str:
        """A token for a project; one for each project and user."""
        key = f"{user} of {name}"
        if key not in self.tokens:
            answer = self.ask("POST", LOGIN, password(user, scope=project(name)), token="")
            assert answer.status_code == 201, answer.text
            self.tokens[key] = answer.headers["X-Subject-Token"]
        return self.tokens[key]

    def ask(
        self, method: str, path: str, body: object = None, token: str | None = None, **headers: str
    ) -> requests.Response:
        """A request to any service, by its path in the world; with `token`, not the usual one."""
        given = self.token if token is None else token
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if given:
            sent["X-Auth-Token"] = given
        return self.http.request(method, self.url + path, json=body, headers=sent, timeout=PATIENCE)

    def compute(self, method: str, path: str, body: object = None, token: str | None = None) -> requests.Response:
        """A request to compute."""
        return self.ask(method, COMPUTE + path, body, token)

    def asked(self, name: str = "web", token: str | None = None, **more: Any) -> requests.Response:
        """The answer to who asks for a server."""
        return self.compute("POST", "/servers", wanted(name, **more), token)

    def create(self, name: str = "web", token: str | None = None, **more: Any) -> str:
        """Make one; gives its id."""
        answer = self.asked(name, token, **more)
        assert answer.status_code == 202, answer.text
        return str(answer.json()["server"]["id"])

    def show(self, server: str) -> dict[str, Any]:
        """A server as its owner sees it."""
        answer = self.compute("GET", f"/servers/{server}")
        assert answer.status_code == 200, answer.text
        shown: dict[str, Any] = answer.json()["server"]
        return shown

    def status(self, server: str) -> Any:
        """What state a server is in."""
        return self.show(server)["status"]

    def names(self, token: str | None = None) -> list[str]:
        """The servers that there are, in the order of their names."""
        answer = self.compute("GET", "/servers", token=token)
        assert answer.status_code == 200, answer.text
        return sorted(one["name"] for one in answer.json()["servers"])

    def deletes(self, server: str, times: int = 1, token: str | None = None) -> list[int]:
        """The statuses of several tries to delete one."""
        return [self.compute("DELETE", f"/servers/{server}", token=token).status_code for _ in range(times)]

    def images(self, times: int, token: str | None = None) -> list[int]:
        """The statuses of several looks at an image, which changes nothing."""
        return [self.compute("GET", f"/images/{CIRROS}", token=token).status_code for _ in range(times)]


@contextmanager
def failing(cloud: RunningCloud, rules: str = "", about: str = "compute.server", **wish: Any) -> Iterator[Failing]:
    """A new world with somebody logged in and a rule added, for the length of a block."""
    with requests.Session() as http:
        made = http.post(f"{cloud.url}/_mimic/worlds", json=wish, timeout=PATIENCE)
        assert made.status_code == 201, made.text
        told = made.json()
        world = Failing(told["url"], told, http)
        world.token = world.login()
        if rules:
            world.rules(rules, about)
        yield world
        assert http.delete(f"{cloud.url}/_mimic/worlds/{told['id']}", timeout=PATIENCE).status_code == 204
