# SPDX-License-Identifier: Apache-2.0
"""The `openstack` command, unmodified, against a running cloud: the visits of a person at a shell.

A process of it costs two seconds before it asks anything, so most commands are fed to one that reads them from stdin.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import load_ssh_private_key

from tests.clients.conftest import let_run
from tests.cloud import RunningCloud


@pytest.fixture
def openstack(running: RunningCloud, tmp_path: Path) -> Callable[..., "subprocess.CompletedProcess[str]"]:
    """`openstack("server", "list")` runs the command in `tmp_path`; `commands` are read from stdin."""
    environ = {
        **os.environ,
        "HOME": str(tmp_path),
        "OS_AUTH_URL": f"{running.url}/identity/v3",
        "OS_USERNAME": "demo",
        "OS_PASSWORD": "password",
        "OS_PROJECT_NAME": "demo",
        "OS_USER_DOMAIN_ID": "default",
        "OS_PROJECT_DOMAIN_ID": "default",
        "OS_IDENTITY_API_VERSION": "3",
    }
    command = str(Path(sys.executable).parent / "openstack")

    def run(*arguments: str, commands: Sequence[str] = ()) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [command, *arguments],
            input="\n".join(commands),
            env=environ,
            cwd=tmp_path,
            text=True,
            capture_output=True,
            timeout=60,
            check=False,
        )

    return run


def documents(done: "subprocess.CompletedProcess[str]") -> Iterator[Any]:
    """What a run without complaints printed, one after the other: JSON values, and lines that are none."""
    assert done.stderr == "", done.stdout
    text = done.stdout.strip()
    while text:
        if text[0] in "{[":
            value, end = json.JSONDecoder().raw_decode(text)
        else:
            value = text.partition("\n")[0]
            end = len(value)
        yield value
        text = text[end:].strip()


def test_a_person_at_a_shell(
    running: RunningCloud, openstack: Callable[..., "subprocess.CompletedProcess[str]"], tmp_path: Path
) -> None:
    # `--wait` looks again only after five seconds: what lasts a second there shall be over when it first looks.
    let_run(running, rate=1000)

    issued = openstack("token", "issue", "-f", "json")
    assert issued.returncode == 0
    (token,) = documents(issued)
    asked = running.ask("GET", "/compute/v2.1/servers", headers={"X-Auth-Token": token["id"]})
    assert (asked.status, asked.json) == (200, {"servers": []})

    catalog, flavors, key = documents(
        openstack(
            commands=[
                "catalog list -f json",
                "flavor list -f json",
                "keypair create mine --private-key mine.pem -f json",
            ]
        )
    )
    endpoints = {entry["Type"]: entry["Endpoints"] for entry in catalog}
    assert {"identity", "compute", "image"} <= set(endpoints)
    assert {end["url"] for end in endpoints["compute"]} == {f"{running.url}/compute/v2.1"}
    assert {end["interface"] for end in endpoints["compute"]} == {"public", "internal", "admin"}
    assert flavors[1] == {
        "ID": "2", "Name": "m1.small", "RAM": 2048, "Disk": 20, "Ephemeral": 0, "VCPUs": 1, "Is Public": True,
    }  # fmt: skip
    assert key["name"] == "mine"
    load_ssh_private_key((tmp_path / "mine.pem").read_bytes(), None)

    wanted = "--flavor m1.tiny --image cirros --nic none --key-name mine --property role=front"
    (made,) = documents(openstack("server", "create", *wanted.split(), "--wait", "web", "-f", "json"))
    assert (made["status"], made["key_name"], made["properties"]) == ("ACTIVE", "mine", {"role": "front"})

    listed, stopped, started, told, rebooted, rest, keys = documents(
        openstack(
            commands=[
                "server list -f json",
                "server stop web",
                "server show web -f json",
                "server start web",
                "server show web -f json",
                "server reboot --hard --wait web",
                "server show web -f json",
                "server delete --wait web",
                "server list -f json",
                "keypair delete mine",
                "keypair list -f json",
            ]
        )
    )
    assert listed == [
        {"ID": made["id"], "Name": "web", "Status": "ACTIVE", "Networks": {}, "Image": "cirros", "Flavor": "m1.tiny"}
    ]
    assert [shown["id"] for shown in (stopped, started, rebooted)] == [made["id"]] * 3
    assert [shown["status"] for shown in (stopped, started, rebooted)] == ["SHUTOFF", "ACTIVE", "ACTIVE"]
    assert (told, rest, keys) == ("Complete", [], [])

    refused = openstack("server", "show", "web")
    assert refused.returncode == 1
    assert refused.stderr.strip() == "No Server found for web"
