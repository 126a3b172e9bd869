# SPDX-License-Identifier: Apache-2.0
"""Who may use the control API: anyone on the machine if the process is bound to it alone, else holders of the token."""

import re
from typing import Any

import pytest

from mimic_rules.web.control.api import ENDPOINTS
from tests.fake_cloud import FakeCloud

ELSEWHERE = {"SERVER_NAME": "0.0.0.0", "REMOTE_ADDR": "192.0.2.7"}


@pytest.mark.parametrize(("method", "path"), [(call.method, call.path) for call in ENDPOINTS])
@pytest.mark.parametrize("prefix", ["", "/w/green"])
def test_no_call_is_open_to_other_machines(method: str, path: str, prefix: str) -> None:
    cloud = FakeCloud(admin_token="right")
    path = prefix + re.sub(r"\{.*?\}", "x", path)
    answer = cloud.ask(method, path, environ=ELSEWHERE, json={})
    assert answer.status_code == 401
    given = {"X-Mimic-Token": "right"}
    assert cloud.ask(method, path, environ=ELSEWHERE, headers=given, json={}).status_code not in {401, 403, 405}


@pytest.mark.parametrize("path", ["/_mimic/health", "/_mimic/clock", "/_mimic/none", "/_mimic", "/w/green/_mimic"])
def test_other_machines_need_the_token(path: str) -> None:
    cloud = FakeCloud(admin_token="right")
    answer = cloud.ask("GET", path, environ=ELSEWHERE)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert "X-Mimic-Token" in answer.json["error"]["help"]
    assert cloud.ask("GET", path, environ=ELSEWHERE, headers={"X-Mimic-Token": "right"}).status_code in {200, 404}


def test_nothing_is_done_without_the_token() -> None:
    cloud = FakeCloud(admin_token="right")
    assert cloud.ask("POST", "/_mimic/clock", json={"advance": 5}, environ=ELSEWHERE).status_code == 401
    assert cloud.ask("POST", "/mimic/v1.1/tick", json={"amount": 5}, environ=ELSEWHERE).status_code == 401
    assert cloud.ask("DELETE", "/_mimic/clock", environ=ELSEWHERE).status_code == 401
    assert cloud.clock().now() == 1000.0


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"X-Mimic-Token": "rïght"}, 200),
        ({"Authorization": "Bearer rïght"}, 200),
        ({"Authorization": "bearer  rïght "}, 200),
        ({"X-Mimic-Token": "right"}, 401),
        ({"X-Mimic-Token": ""}, 401),
        ({"X-Mimic-Token": "wrong", "Authorization": "Bearer rïght"}, 401),
        ({"Authorization": "Basic rïght"}, 401),
        ({"Authorization": "rïght"}, 401),
        ({"Authorization": "Bearer"}, 401),
        ({}, 401),
    ],
)
def test_the_token_comes_in_either_header(headers: dict[str, str], status: int) -> None:
    cloud = FakeCloud(admin_token="rïght")
    variables = {
        "HTTP_" + name.upper().replace("-", "_"): value.encode().decode("latin-1") for name, value in headers.items()
    }
    assert cloud.ask("GET", "/_mimic/health", environ={**ELSEWHERE, **variables}).status_code == status


@pytest.mark.parametrize("token", [None, ""])
def test_without_a_token_the_api_is_closed_to_other_machines(token: str | None) -> None:
    cloud = FakeCloud(admin_token=token)
    for headers in ({}, {"X-Mimic-Token": ""}, {"Authorization": "Bearer "}):
        answer = cloud.ask("GET", "/_mimic/health", environ=ELSEWHERE, headers=headers)
        assert answer.status_code == 403
        assert "MIMIC_ADMIN_TOKEN" in answer.json["error"]["help"]


@pytest.mark.parametrize(
    ("environ", "status"),
    [
        ({"SERVER_NAME": "127.0.0.1", "REMOTE_ADDR": "127.0.0.1"}, 200),
        ({"SERVER_NAME": "::1", "REMOTE_ADDR": "::1"}, 200),
        # bound to every address: a neighbour on the same machine may be anybody's proxy
        ({"SERVER_NAME": "0.0.0.0", "REMOTE_ADDR": "127.0.0.1"}, 401),
        # a Unix socket: the bound host is made of the Host header there
        ({"SERVER_NAME": "127.0.0.1", "REMOTE_ADDR": ""}, 401),
        ({"SERVER_NAME": "127.0.0.1", "REMOTE_ADDR": "192.0.2.7"}, 401),
        ({"SERVER_NAME": "cloud.test", "REMOTE_ADDR": "127.0.0.1"}, 401),
        ({"SERVER_NAME": "0.0.0.0", "REMOTE_ADDR": "192.0.2.7", "HTTP_HOST": "127.0.0.1"}, 401),
    ],
)
def test_only_a_loopback_address_needs_no_token(environ: dict[str, Any], status: int) -> None:
    assert FakeCloud(admin_token="right").ask("GET", "/_mimic/health", environ=environ).status_code == status


def test_services_ask_for_no_token_of_ours() -> None:
    assert FakeCloud(admin_token="right").ask("GET", "/a", environ=ELSEWHERE).status_code == 200
