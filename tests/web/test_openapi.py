# SPDX-License-Identifier: Apache-2.0
"""The document of the control API: a valid one, which tells of all routes, of no others, and the truth of each."""

import re
from typing import Any

import falcon.inspect
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

import mimic_rules
from mimic_rules.web.control.api import ENDPOINTS
from mimic_rules.web.control.endpoint import Endpoint, Told
from mimic_rules.web.control.openapi import document
from tests.fake_cloud import FakeCloud
from tests.web.worlds import Worlds

CALLS = [
    (path, method)
    for path, at_path in document(ENDPOINTS)["paths"].items()
    for method in at_path
    if method != "parameters"
]


def served() -> dict[str, Any]:
    answer = FakeCloud().ask("GET", "/_mimic/openapi.json")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    told = answer.json
    assert isinstance(told, dict)
    return told


def routes() -> set[tuple[str, str]]:
    """Every path and method that the application itself answers, but for OPTIONS and the paths that tell of others."""
    found = set()
    for route in falcon.inspect.inspect_routes(FakeCloud().app):
        path = re.sub(r":\w+\}", "}", route.path)
        for method in route.methods:
            if not method.internal and not path.endswith(("/_mimic", "/_mimic/{rest}")):
                found.add((path, method.method.lower()))
    return found


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Worlds:
    """A whole one, with a world `green`."""
    cloud = Worlds(tmp_path_factory.mktemp("cloud"))
    cloud.make(id="green")
    return cloud


def concrete(path: str) -> str:
    return re.sub(r"\{\w+\}", "x", path.replace("{world_id}", "green"))


def test_the_document_is_valid_and_of_this_version() -> None:
    told = served()
    OpenAPIV31SpecValidator(told).validate()
    assert told["info"]["version"] == mimic_rules.__version__


def test_every_route_is_in_it_and_it_has_no_others() -> None:
    told = {(path, method) for path, at_path in served()["paths"].items() for method in at_path} - {
        (path, "parameters") for path in served()["paths"]
    }
    assert routes() == told == set(CALLS)


@pytest.mark.parametrize(("path", "method"), CALLS)
def test_every_call_is_answered_with_a_status_that_it_tells_of(cloud: Worlds, path: str, method: str) -> None:
    answer = cloud.ask(method.upper(), concrete(path), {})
    told = served()["paths"][path][method]["responses"]
    assert answer.status_code != 405
    if answer.status_code >= 400:
        assert "paths" not in answer.json["error"], "no such path"
    assert str(answer.status_code) in told


def at_odds(schema: dict[str, Any]) -> list[Any]:
    """Bodies that a schema doesn't take: of another type, with a key that it doesn't have, without those it needs."""
    found: list[Any] = [[1], "text", 7]
    if schema.get("additionalProperties") is False:
        found.append({"no such key": 1})
    if schema.get("required"):
        found.append({})
    for name, value in schema.get("properties", {}).items():
        if "type" in value:
            found.append({name: {} if value["type"] != "object" else []})
    return found


@pytest.mark.parametrize(
    ("path", "method", "body"),
    [
        (path, method, body)
        for path, at_path in document(ENDPOINTS)["paths"].items()
        for method, call in at_path.items()
        if "requestBody" in call
        for body in at_odds(call["requestBody"]["content"]["application/json"]["schema"])
    ],
)
def test_what_the_schema_doesnt_take_is_refused_with_its_place(path: str, method: str, body: object) -> None:
    answer = FakeCloud().ask(method.upper(), concrete(path), json=body)
    assert answer.status_code == 400
    assert answer.json["error"]["place"]


@pytest.mark.parametrize(("path", "method"), CALLS)
def test_parameters_that_it_doesnt_tell_of_are_refused(path: str, method: str) -> None:
    answer = FakeCloud().ask(method.upper(), concrete(path) + "?surely-none=1", json={})
    assert answer.status_code in {400, 404}


def test_what_a_call_says_of_itself_is_in_the_document() -> None:
    calls = [
        Endpoint(
            "POST",
            "/_mimic/cups/{cup:path}",
            "Fill a cup",
            lambda asked: Told(204),
            {204: "full", 409: "too full"},
            {"type": "object", "required": ["ml"], "properties": {"ml": {"type": "integer"}}},
            {"of": "what of"},
        ),
        Endpoint(
            "GET",
            "/_mimic/cups/{cup}",
            "See a cup",
            lambda asked: Told(200),
            {200: "the cup"},
            of_all_worlds=True,
            media="text/plain",
        ),
    ]
    told = document(calls)
    OpenAPIV31SpecValidator(told).validate()
    assert list(told["paths"]) == ["/_mimic/cups/{cup}", "/w/{world_id}/_mimic/cups/{cup}"]
    world, cup = told["paths"]["/w/{world_id}/_mimic/cups/{cup}"].pop("parameters")
    assert (world["name"], cup["name"], world["required"]) == ("world_id", "cup", True)
    (of_a_world,) = told["paths"]["/w/{world_id}/_mimic/cups/{cup}"].values()
    assert of_a_world["operationId"] == "post-w-world_id-cups-cup"
    at_path = told["paths"]["/_mimic/cups/{cup}"]
    assert at_path["parameters"] == [{"name": "cup", "in": "path", "schema": {"type": "string"}, "required": True}]
    assert at_path["get"] == {
        "operationId": "get-cups-cup",
        "summary": "See a cup",
        "responses": {
            "200": {"description": "the cup", "content": {"text/plain": {}}},
            "default": {"$ref": "#/components/responses/Error"},
        },
    }
    error = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    assert at_path["post"] == {
        "operationId": "post-cups-cup",
        "summary": "Fill a cup",
        "parameters": [{"name": "of", "in": "query", "schema": {"type": "string"}, "description": "what of"}],
        "requestBody": {"required": True, "content": {"application/json": {"schema": calls[0].body}}},
        "responses": {
            "204": {"description": "full"},
            "409": {"description": "too full", "content": error},
            "default": {"$ref": "#/components/responses/Error"},
        },
    }
