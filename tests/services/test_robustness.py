# SPDX-License-Identifier: Apache-2.0
"""Whatever a client sends to any route of any shipped service, the answer is the service's own: never a crash of ours.

The routes are those of the compiled program, so that a new service is held to this as it comes. They are asked within
the process; what no JSON is goes over a socket too.
"""

import json
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mimic_rules.compiler import compile_model
from mimic_rules.compiler.program import OperationPlan, ServicePlan
from mimic_rules.lint.reading import read_rules
from tests.cloud import RunningCloud
from tests.services.callers import login
from tests.services.hostile import VARIABLE, Hostile, Route, Sent, is_refusal, pattern, requests
from tests.strategies_bodies import NO_GOOD

NOT_MODELLED = 501
REFUSED = 400

SERVICES = list(compile_model(read_rules([]).model).services.values())
ROUTES = [(service, one) for service in SERVICES for one in service.operations]
CHANGING = [one for one in SERVICES if any(operation.body is not None for operation in one.operations)]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Hostile:
    return Hostile(tmp_path_factory.mktemp("hostile"))


def check(service: ServicePlan, status: int, media: str, body: bytes) -> None:
    """Hold an answer to what every answer of a service is held to."""
    assert status < 500 or status == NOT_MODELLED, body
    assert "html" not in media
    if status >= REFUSED and media == "application/xml":
        # What refuses a feed is a fault in XML: its name, its code and its message.
        assert ElementTree.fromstring(body).get("code") == str(status)
    elif status >= REFUSED and body:
        assert media.startswith("application/json")
        assert is_refusal(json.loads(body), service), body


def named(route: tuple[ServicePlan, OperationPlan]) -> str:
    return f"{route[0].name} {route[1].method} {route[1].path} {route[1].action or ''}".rstrip()


@pytest.mark.parametrize("route", ROUTES, ids=named)
def test_whatever_a_route_is_asked_for_it_answers_in_its_services_form(
    route: tuple[ServicePlan, OperationPlan], hostile: Hostile
) -> None:
    service, operation = route

    # Few for each: there are hundreds of routes, and each run draws other requests.
    @settings(max_examples=5)
    @given(requests(Route(hostile, service, operation)))
    def ask(sent: Sent) -> None:
        (answer,) = hostile.answers(sent)
        if sent.method != "HEAD":
            check(service, answer.status_code, answer.headers.get("Content-Type", ""), answer.content)

    ask()


@pytest.mark.parametrize("service", CHANGING, ids=lambda service: service.name)
def test_what_a_service_took_in_it_can_show(service: ServicePlan, hostile: Hostile) -> None:
    """Odd values that were let in break nothing when records are listed later."""
    routes = [Route(hostile, service, one) for one in service.operations if one.method != "GET"]
    lists = hostile.lists(service)

    @settings(max_examples=15)
    @given(st.lists(st.sampled_from(routes).flatmap(requests), min_size=1, max_size=6))
    def ask(changes: list[Sent]) -> None:
        for answer in hostile.answers(*changes, *lists)[len(changes) :]:
            check(service, answer.status_code, answer.headers.get("Content-Type", ""), answer.content)

    ask()


@pytest.mark.parametrize("service", CHANGING, ids=lambda service: service.name)
def test_what_is_no_json_is_refused_over_a_socket(service: ServicePlan, frozen: RunningCloud) -> None:
    operation = next(
        one for one in service.operations if one.method in {"POST", "PUT", "PATCH"} and one.body is not None
    )
    path = VARIABLE.sub("1", pattern(service, operation))
    for body in NO_GOOD:
        for media in ("application/json", "text/html"):
            headers = {"X-Auth-Token": login(frozen).token, "Content-Type": media}
            answer = frozen.ask(operation.method, path, body, headers)
            assert answer.status >= REFUSED
            check(service, answer.status, answer.headers["content-type"], answer.body)


def test_a_form_is_told_from_another() -> None:
    """What the tests above lean on."""
    forms = {service.name: service for service in SERVICES}
    assert is_refusal({"itemNotFound": {"code": 404, "message": "gone"}}, forms["compute"])
    assert not is_refusal({"itemNotFound": {"message": "gone"}}, forms["compute"])
    assert not is_refusal({"error": {"code": 404, "message": "gone"}}, forms["identity"])
    assert is_refusal({"message": "gone", "code": 404}, forms["load_balancer"])
    assert not is_refusal([], forms["load_balancer"])
