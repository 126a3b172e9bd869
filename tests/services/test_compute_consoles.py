# SPDX-License-Identifier: Apache-2.0
"""Consoles, passwords, diagnostics and layouts of servers, over a real socket."""

from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.cloud import RunningCloud
from tests.services.callers import NOBODY, Caller, login, refusal


@pytest.fixture
def server(admin: Caller) -> str:
    return admin.up("screen")


def remote(caller: Caller, server: str, protocol: str, kind: str, version: str = "2.6") -> Any:
    asked = {"remote_console": {"protocol": protocol, "type": kind}}
    return caller.ask("POST", f"/servers/{server}/remote-consoles", asked, version)


@pytest.mark.parametrize(
    ("action", "kind", "scheme"),
    [
        ("os-getVNCConsole", "novnc", "http"),
        ("os-getSPICEConsole", "spice-html5", "http"),
        ("os-getSerialConsole", "serial", "ws"),
    ],
)
def test_a_console_has_a_url_of_its_own(admin: Caller, server: str, action: str, kind: str, scheme: str) -> None:
    first, second = (admin.act(server, action, {"type": kind}).json["console"] for _ in range(2))
    assert (first["type"], urlsplit(first["url"]).scheme) == (kind, scheme)
    assert first["url"] != second["url"]
    assert admin.act(server, action, {"type": kind}, "2.6").status in (400, 404)


@pytest.mark.parametrize(("action", "kind"), [("os-getVNCConsole", "xvpvnc"), ("os-getRDPConsole", "rdp-html5")])
def test_a_console_that_the_hypervisor_lacks_is_refused(admin: Caller, server: str, action: str, kind: str) -> None:
    assert refusal(admin.act(server, action, {"type": kind}), 400, "badRequest") == f"Unavailable console type {kind}."
    assert admin.act(server, action, {"type": "nothing"}).status == 400


def test_a_remote_console_is_of_a_protocol(admin: Caller, server: str) -> None:
    console = remote(admin, server, "vnc", "novnc").json["remote_console"]
    assert (console["protocol"], console["type"]) == ("vnc", "novnc")
    assert remote(admin, server, "serial", "serial").json["remote_console"]["url"].startswith("ws://127.0.0.1:")
    for protocol, kind, version in (
        ("vnc", "serial", "2.6"),
        ("rdp", "rdp-html5", "2.6"),
        ("mks", "webmks", "2.7"),
        ("mks", "webmks", "2.8"),
        ("spice", "spice-direct", "2.98"),
        ("spice", "spice-direct", "2.99"),
    ):
        assert refusal(remote(admin, server, protocol, kind, version), 400, "badRequest"), kind
    assert refusal(remote(admin, admin.create("new"), "vnc", "novnc"), 409, "conflictingRequest").endswith(
        "is not ready"
    )


def test_a_token_tells_where_its_console_is_for_ten_minutes(admin: Caller, server: str) -> None:
    token = remote(admin, server, "vnc", "novnc").json["remote_console"]["url"].rpartition("%3D")[2]
    told = admin.ask("GET", f"/os-console-auth-tokens/{token}", version="2.31").json["console"]
    assert told == {"instance_uuid": server, "host": "compute-1", "port": 5900, "internal_access_path": None}
    assert admin.ask("GET", f"/os-console-auth-tokens/{token}", version="2.99").json["console"]["tls_port"] is None
    assert admin.ask("GET", f"/os-console-auth-tokens/{token}").status == 401
    assert admin.ask("GET", f"/os-console-auth-tokens/{NOBODY}", version="2.31").status == 404
    admin.cloud.advance(600)
    assert refusal(admin.ask("GET", f"/os-console-auth-tokens/{token}", version="2.31"), 404, "itemNotFound")


def test_nobody_has_handed_in_a_password(admin: Caller, server: str) -> None:
    path = f"/servers/{server}/os-server-password"
    assert admin.ask("GET", path).json == {"password": ""}
    assert admin.ask("DELETE", path).status == 204
    assert admin.ask("GET", f"/servers/{NOBODY}/os-server-password").status == 404


def test_diagnostics_are_of_each_version(admin: Caller, server: str) -> None:
    path = f"/servers/{server}/diagnostics"
    assert admin.ask("GET", path).json["memory"] == 512 * 1024
    told = admin.ask("GET", path, version="2.48").json
    assert (told["state"], told["num_cpus"], len(told["cpu_details"]), told["uptime"]) == ("running", 1, 1, 0)
    admin.cloud.advance(90)
    assert admin.ask("GET", path, version="2.48").json["uptime"] == 90
    admin.act(server, "pause")
    admin.cloud.advance(1)
    assert admin.ask("GET", path, version="2.48").json["state"] == "paused"
    new = admin.create("new")
    assert "building" in refusal(admin.ask("GET", f"/servers/{new}/diagnostics"), 409, "conflictingRequest")


def test_diagnostics_are_for_administrators(strict: RunningCloud) -> None:
    member = login(strict)
    server = member.create()
    strict.advance(1)
    assert refusal(member.ask("GET", f"/servers/{server}/diagnostics"), 403, "forbidden")
    assert refusal(member.ask("GET", f"/os-console-auth-tokens/{NOBODY}"), 403, "forbidden")


def test_no_server_is_bound_to_its_host(admin: Caller, server: str) -> None:
    assert admin.ask("GET", f"/servers/{server}/topology", version="2.78").json == {"nodes": [], "pagesize_kb": None}
    assert admin.ask("GET", f"/servers/{server}/topology", version="2.77").status == 404
