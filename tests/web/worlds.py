# SPDX-License-Identifier: Apache-2.0
"""A whole cloud in the test's own process, asked through its application: the shipped rules, and as many worlds as a
test makes.

For tests of worlds and snapshots; what needs a socket has one, elsewhere.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from falcon.testing import Result, TestClient

from mimic_rules.config import load_config
from mimic_rules.web.cloud import Cloud, open_cloud
from mimic_rules.web.mounts import Mount

HOST = "cloud.test"
BASE = f"http://{HOST}"


class Worlds:
    """A cloud in `folder`; snapshots lie in `folder/kept`. `flags` are keys of the configuration."""

    def __init__(self, folder: Path, rules: str | None = None, **flags: object) -> None:
        self.folder = folder
        self.kept = folder / "kept"
        if rules is not None:
            (folder / "team.rules").write_text(rules)
            flags["rules"] = str(folder / "team.rules")
        told = {"clock_mode": "frozen", "snapshots": str(self.kept), **flags}
        loaded = load_config(start=folder, environ={}, flags=told)
        self.cloud: Cloud = open_cloud(loaded, texts={})
        self._client = TestClient(self.cloud.app)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Result:
        """Ask as a client on the same machine does."""
        given = {"json": body} if body is not None else {}
        return self._client.simulate_request(
            method,
            path,
            headers={name.replace("_", "-"): value for name, value in headers.items()},
            host=HOST,
            remote_addr="127.0.0.1",
            extras={"wsgi.multiprocess": False, "SERVER_NAME": "127.0.0.1"},
            **given,
        )

    def make(self, **wish: Any) -> dict[str, Any]:
        """A new world; gives what is told of it."""
        made = self.ask("POST", "/_mimic/worlds", wish)
        assert made.status_code == 201, made.text
        told: dict[str, Any] = made.json
        return told

    def told(self, world: str = "default") -> dict[str, Any]:
        """What a list says of a world, but for how long nobody has asked it anything."""
        shown = self.ask("GET", f"/_mimic/worlds/{world}")
        assert shown.status_code == 200, shown.text
        return {name: value for name, value in shown.json.items() if name != "idle"}

    def mount(self, world: str = "default") -> Mount:
        found = self.cloud.mounts.get(world)
        assert found is not None
        return found


def refusal(answer: Result, status: int) -> dict[str, Any]:
    """The error that an answer carries."""
    assert answer.status_code == status, answer.text
    told: dict[str, Any] = answer.json["error"]
    assert told["code"] == status
    return told


def login(worlds: Worlds, prefix: str = "", who: str = "demo") -> str:
    """A token of a tenant in a world, by `prefix`; raises AssertionError where that is refused."""
    scope = {"project": {"name": who, "domain": {"id": "default"}}}
    user = {"name": who, "domain": {"id": "default"}, "password": "x"}
    auth = {"identity": {"methods": ["password"], "password": {"user": user}}, "scope": scope}
    answer = worlds.ask("POST", f"{prefix}/identity/v3/auth/tokens", {"auth": auth})
    assert answer.status_code == 201, answer.text
    return str(answer.headers["x-subject-token"])


def server(name: str, metadata: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The body that creates one."""
    image = "70a599e0-31e7-49b7-b260-868f441e862b"
    return {"server": {"name": name, "flavorRef": "1", "imageRef": image, "metadata": dict(metadata or {})}}


SERVERS = "/compute/v2.1/servers"


def names(worlds: Worlds, prefix: str, token: str) -> list[str]:
    """What a tenant's list of a world shows, the newest first."""
    listed = worlds.ask("GET", f"{prefix}{SERVERS}", x_auth_token=token)
    assert listed.status_code == 200, listed.text
    return [one["name"] for one in listed.json["servers"]]


def create(worlds: Worlds, prefix: str, token: str, name: str) -> str:
    """Make one; gives its id."""
    made = worlds.ask("POST", f"{prefix}{SERVERS}", server(name), x_auth_token=token)
    assert made.status_code == 202, made.text
    return str(made.json["server"]["id"])
