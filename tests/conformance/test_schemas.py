# SPDX-License-Identifier: Apache-2.0
"""What is checked of Compute's answers, and what a proxy keeps of them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cloud import RunningCloud
from tests.conformance.recording import Exchange, recording
from tests.conformance.schemas import Schemas

NAMED = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}
CLOSED = NAMED | {"additionalProperties": False}


def handler(method: str, path: str, *windows: tuple[str | None, str | None, str], **more: Any) -> dict[str, Any]:
    response = [{"min": first, "max": last, "schema": schema} for first, last, schema in windows]
    return {"method": method, "path": path, "handler": "x", "action": None, "codes": None, "response": response, **more}


SCHEMAS = {
    "handlers": [
        {"path": "", "method": "*", "redirect": "/"},
        handler("GET", "/pens/best", (None, None, "closed")),
        handler("GET", "/pens/{id}", ("2.1", "2.9", "closed"), ("2.10", None, "named")),
        handler("POST", "/pens/{id}/action", (None, None, "nothing"), action="sharpen", codes=[[202, None, None]]),
        handler("POST", "/pens/{id}/action", ("2.5", None, "named"), action="paint"),
    ],
    "schemas": {"named": NAMED, "closed": CLOSED, "nothing": {"type": "null"}},
}


def answer(
    method: str, path: str, body: object, version: str = "2.1", status: int = 200, asked: Any = None
) -> Exchange:
    return Exchange(method, f"/compute/v2.1{path}", asked, status, version, body)


GOOD = [
    answer("GET", "/pens/1", {"name": "a"}),
    answer("GET", "/pens/1", {"name": "a", "ink": 3}, "2.10"),
    answer("GET", "/pens/best", {"name": "a"}, "2.10"),
    answer("POST", "/pens/1/action", None, status=202, asked={"sharpen": None}),
    answer("POST", "/pens/1/action", {"name": "a"}, "2.5", asked={"paint": {}}),
]
BAD = [
    (answer("GET", "/pens/1", {"name": 1}), "GET /pens/{id} at 2.1: name: 1 is not of type 'string'"),
    (answer("GET", "/pens/1", {}, "2.104"), "GET /pens/{id} at 2.104: the body: 'name' is a required property"),
    (answer("GET", "/pens/1", None), "GET /pens/{id} at 2.1: the body: None is not of type 'object'"),
    (
        answer("GET", "/pens/1", {"name": "a", "ink": 3}, "2.9"),
        "GET /pens/{id} at 2.9: the body: Additional properties are not allowed ('ink' was unexpected)",
    ),
    (
        answer("POST", "/pens/1/action", None, asked={"sharpen": None}),
        "POST /pens/{id}/action sharpen at 2.1: 200 instead of 202",
    ),
]
UNKNOWN = [
    answer("GET", "/cups/1", {}),
    answer("POST", "/pens/1/action", {}, "2.4", asked={"paint": {}}),
    answer("POST", "/pens/1/action", {}, asked={"break": {}}),
    answer("POST", "/pens/1/action", {}, asked=[]),
]
PASSED_OVER = [
    answer("GET", "/pens/1", {}, status=404),
    Exchange("GET", "/identity/v3/pens/1", None, 200, "", {}),
]


@pytest.mark.parametrize("one", GOOD)
def test_an_answer_that_is_of_the_form_of_its_version(one: Exchange) -> None:
    checked = Schemas(SCHEMAS).check([one])
    assert (checked.valid, checked.wrong.total(), checked.unknown.total()) == (1, 0, 0)


@pytest.mark.parametrize(("one", "told"), BAD)
def test_an_answer_of_another_form_is_told(one: Exchange, told: str) -> None:
    checked = Schemas(SCHEMAS).check([one, one])
    assert (checked.valid, dict(checked.wrong)) == (0, {told: 2})
    assert next(checked.lines()) == f"of another form (2 times): {told}"


@pytest.mark.parametrize("one", UNKNOWN)
def test_an_answer_that_no_schema_is_for_is_counted(one: Exchange) -> None:
    checked = Schemas(SCHEMAS).check([one])
    assert (checked.valid, checked.wrong.total(), checked.unknown.total()) == (0, 0, 1)


def test_refusals_and_other_services_are_passed_over() -> None:
    assert Schemas(SCHEMAS).check(PASSED_OVER).valid == 0
    assert [*Schemas(SCHEMAS).check(PASSED_OVER).lines()] == [
        "0 answers of Compute are of the form of Nova's schemas, 0 are not, and 0 have none"
    ]


def test_schemas_are_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "nova.json"
    file.write_text(json.dumps(SCHEMAS), encoding="utf-8")
    assert Schemas.read(file).check(GOOD).valid == len(GOOD)


def test_a_proxy_passes_on_and_keeps(running_cloud: Callable[..., RunningCloud]) -> None:
    cloud = running_cloud()
    with recording(cloud.url) as proxy:
        through = RunningCloud(cloud.process, proxy.url, cloud.errors)
        auth = {"auth": {"identity": {"methods": ["password"], "password": {"user": {
            "name": "demo", "domain": {"id": "default"}, "password": "password"}}}}}  # fmt: skip
        token = through.ask("POST", "/identity/v3/auth/tokens", auth).headers["x-subject-token"]
        headers = {"X-Auth-Token": token, "OpenStack-API-Version": "compute 2.60"}
        shown = through.ask("GET", "/compute/v2.1/flavors?limit=1", headers=headers)
        # The cloud sees where the client believes it to be.
        assert shown.json["flavors"][0]["links"][0]["href"].startswith(proxy.url)
        assert (
            through.ask("DELETE", "/identity/v3/auth/tokens", headers={**headers, "X-Subject-Token": token}).status
            == 204
        )
    login, listed, revoked = proxy.exchanges
    assert (login.method, login.path, login.asked, login.status) == ("POST", "/identity/v3/auth/tokens", auth, 201)
    assert listed == Exchange("GET", "/compute/v2.1/flavors", None, 200, "2.60", shown.json)
    assert (revoked.status, revoked.body) == (204, None)
