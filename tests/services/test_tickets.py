# SPDX-License-Identifier: Apache-2.0
"""Services that nobody shipped: a team's ticket tracker in one file of rules, and the hard cases that can be played.

Each is a file of rules and a file of exchanges below tests/data; one cloud has all of them beside the shipped services.
"""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cloud import RunningCloud, cloud
from tests.conftest import ROOT
from tests.services.callers import login
from tests.services.wire import play

DATA = ROOT / "tests" / "data"
TICKETS = DATA / "good" / "tickets.rules"
PLAYED = ("good/tickets", "hard/09_bulk_node_delete", "hard/11_sub_resources")
VAULT = DATA / "hard" / "12_suspended_tenant.rules"


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCloud]:
    """A cloud with all of these services; its time stands still."""
    paths = [str(DATA / f"{name}.rules") for name in PLAYED] + [str(VAULT)]
    config = {"rules": paths, "clock": {"mode": "frozen"}}
    with cloud(tmp_path_factory.mktemp("several"), config=config) as started:
        yield started
        started.stop(signal.SIGINT)


def test_a_service_is_about_forty_lines() -> None:
    lines = TICKETS.read_text(encoding="utf-8").splitlines()
    said = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
    assert 30 < len(said) <= 50
    text = "\n".join(said)
    for part in ("resource ticket in tenant", "resource comment in ticket", "lifecycle", "quota ", "errors {", "rule "):
        assert part in text


@pytest.mark.parametrize("name", PLAYED)
def test_what_is_expected_comes_over_a_socket(several: RunningCloud, name: str) -> None:
    assert play(several, DATA / f"{name}.exchange") == []


def test_exchanges_over_a_socket_can_fail(several: RunningCloud, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.exchange"
    wrong.write_text(
        "> GET /tickets/v1/tickets/77\n> X-Agent: cy\n< 200\n"
        "> GET /tickets/v1/tickets\n> X-Agent: cy\n< 200\n< X-None: *\n"
        '{"tickets": [], "more": true}\n'
        '> POST /tickets/v1/tickets {"title": ""}\n> X-Agent: cy\n< 400\n{"oops": "refused"}\n'
    )
    told = play(several, wrong)
    assert told[0].startswith("wrong.exchange:1: 404 instead of 200: ")
    assert told[1] == "wrong.exchange:4: header X-None: None instead of *"
    assert "wrong.exchange:4: $.more: is not there" in told
    assert not [line for line in told if line.startswith("wrong.exchange:9")]


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "status"),
    [
        ("POST", "/tickets", b'{"title": ', {}, 400),
        ("POST", "/tickets", {"title": 5}, {}, 400),
        ("POST", "/tickets", b"title=a", {"Content-Type": "application/x-www-form-urlencoded"}, 415),
        ("POST", "/tickets", {"title": "a" * 2**20}, {}, 413),
        ("POST", "/tickets", b"[" * 2000 + b"]" * 2000, {}, 400),
        ("GET", "/nothing", None, {}, 501),
        ("PATCH", "/tickets/1", {}, {}, 405),
        ("GET", "/tickets", None, {"X-Agent": "mallory"}, 401),
    ],
)
def test_every_refusal_speaks_the_services_dialect(
    several: RunningCloud, method: str, path: str, body: object, headers: dict[str, str], status: int
) -> None:
    told = {"X-Agent": "bob", "Content-Type": "application/json", **headers}
    answer = several.ask(method, f"/tickets/v1{path}", body, told)
    assert answer.status == status
    assert set(answer.json) == {"oops", "because"}
    assert answer.json["because"]


def test_a_tenant_that_is_suspended_gets_nothing(several: RunningCloud) -> None:
    payer, operator = login(several, "late-payer"), login(several, user="admin")
    headers = {"X-Auth-Token": payer.token}
    made = several.ask("POST", "/suspension_case/secrets", {"value": "x"}, headers)
    assert made.status == 201
    path = f"/projects/{payer.project}"
    assert operator.identity("PATCH", path, {"project": {"suspended": True}}).status == 200

    refused = several.ask("GET", "/suspension_case/secrets", headers=headers)
    assert refused.status == 403
    assert refused.json == {"forbidden": {"code": 403, "message": f"Account {payer.project} is suspended."}}
    assert "12_suspended_tenant.rules:" in refused.headers["x-mimic-rule"]
    session = several.ask("POST", "/suspension_case/sessions", {"account": payer.project})
    assert session.json == {"unauthorized": {"code": 401, "message": "Unauthorized"}}

    assert operator.identity("PATCH", path, {"project": {"suspended": False}}).status == 200
    assert several.ask("GET", "/suspension_case/secrets", headers=headers).json == {"secrets": [made.json["id"]]}
    assert several.ask("POST", "/suspension_case/sessions", {"account": payer.project}).status == 201
