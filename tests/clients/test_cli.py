# SPDX-License-Identifier: Apache-2.0
"""The `openstack` command, unmodified, against a running cloud: the visits of a person at a shell.

A process of it costs two seconds before it asks anything, so most commands are fed to one that reads them from stdin.
"""

from pathlib import Path

from cryptography.hazmat.primitives.serialization import load_ssh_private_key

from tests.clients.conftest import Shell, documents, let_run
from tests.cloud import RunningCloud


def test_a_person_at_a_shell(running: RunningCloud, openstack: Shell, tmp_path: Path) -> None:
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
