# SPDX-License-Identifier: Apache-2.0
"""Outages: `on any` strikes whatever a service is asked, operations or not, before it is known who asks."""

from typing import Any

import pytest

from mimic_rules.engine import Response
from tests.driver import ANN, TEAMS, Cloud, Unreadable, cloud, told
from tests.engine.garage import explained

CARS = (
    TEAMS.replace("  caller header", '  version header "V" 1.1 .. 1.9 default 1.1\n  caller header')
    + """
resource car in tenant { id sequence  name text = 'x' }
operation show car GET /cars/{id} { answer 200 name }
operation create car POST /cars body { name: text } { create car { name: body.name }  answer 201 }
operation paint car PUT /cars/{id}/color since 1.5 { answer 204 }
gone 410 "no more" /carts
service shop "Shop" { mount /shop }
for shop
resource book in world { id sequence }
operation list book GET /books { answer 200 }
for desk
"""
)

ANYTHING: list[tuple[str, str, Any, dict[str, str], int]] = [
    ("GET", "/desk/cars/1", None, ANN, 200),
    ("GET", "/desk/cars/9", None, ANN, 404),
    ("GET", "/desk/cars/1", None, {}, 401),
    ("GET", "/desk/cars/1", None, {"X-Agent": "zoe"}, 401),
    ("GET", "/desk/blue/cars/1", None, ANN, 403),
    ("GET", "/desk/cars/1", None, {**ANN, "V": "x"}, 400),
    ("GET", "/desk/cars/1", None, {**ANN, "V": "7.7"}, 406),
    ("POST", "/desk/cars", Unreadable("malformed"), ANN, 400),
    ("POST", "/desk/cars", {"name": 1}, ANN, 400),
    ("PATCH", "/desk/cars", {}, ANN, 405),
    ("PATCH", "/desk/cars", {}, {}, 405),
    ("PUT", "/desk/cars/1/color", {}, ANN, 404),
    ("DELETE", "/desk/cars/1/color", {}, ANN, 404),
    ("GET", "/desk/carts", None, ANN, 410),
]
"""Requests of all kinds to paths that rules model, and how each is answered while all is well."""


def made(rules: str = "") -> Cloud:
    cloudy = cloud(CARS + rules)
    assert cloudy.request("POST", "/desk/cars", {"name": "a"}, ANN).status in (201, 503)
    return cloudy


def asked(cloudy: Cloud) -> list[Response]:
    return [cloudy.request(method, path, body, headers) for method, path, body, headers, _ in ANYTHING]


def test_each_request_has_its_own_answer_while_all_is_well() -> None:
    assert [one.status for one in asked(made())] == [status for *_, status in ANYTHING]


@pytest.mark.parametrize("event", ["any", "any desk"])
def test_before_the_caller_an_outage_answers_whatever_is_asked(event: str) -> None:
    cloudy = made(f'on {event} then respond 503 "lights out" before caller')
    answers = asked(cloudy)
    assert {one.status for one in answers} == {503}
    assert [one.body for one in answers] == [{"fault": "refused", "message": "lights out"}] * len(ANYTHING)
    assert all(one.rules for one in answers)
    assert not any(told(one, "Allow") for one in answers)
    assert cloudy.request("GET", "/shop/books").status == (503 if event == "any" else 200)


def test_nothing_is_left_of_what_an_outage_answers() -> None:
    cloudy = made("on any only during 10s then respond 503 before caller")
    before = cloudy.snapshot()
    asked(cloudy)
    assert cloudy.snapshot() == before
    cloudy.advance(10)
    assert cloudy.request("GET", "/desk/cars/1", None, ANN).status == 404
    assert cloudy.request("POST", "/desk/cars", {"name": "a"}, ANN).status == 201


def test_otherwise_what_is_wrong_with_a_request_is_answered_first() -> None:
    cloudy = made("on any when headers['x-on'] == 'yes' then respond 503")
    got = [
        cloudy.request(method, path, body, {**headers, "X-On": "yes"}) for method, path, body, headers, _ in ANYTHING
    ]
    assert [one.status for one in got] == [503, *(status for *_, status in ANYTHING[1:])]


@pytest.mark.parametrize("event", ["read", "change", "show car", "paint car, create car"])
def test_what_is_no_operation_is_none_of_these(event: str) -> None:
    cloudy = cloud(CARS + f"on {event} then respond 503 before caller")
    other = [one for one in ANYTHING if one[-1] in (405, 410)]
    got = [cloudy.request(method, path, body, headers).status for method, path, body, headers, _ in other]
    assert got == [405, 405, 410]


def test_a_path_that_no_rule_models_is_no_part_of_a_service() -> None:
    cloudy = made("on any then respond 503 before caller, drop connection")
    for path in ("/desk/lorries", "/nowhere"):
        answer = cloudy.request("GET", path, None, ANN)
        assert (answer.status, answer.wire, answer.rules) == (501, None, ())


def test_an_outage_may_break_and_delay_what_is_no_operation() -> None:
    cloudy = made("on any desk then drop connection, delay 2s")
    answer = cloudy.request("PATCH", "/desk/cars", {}, ANN)
    assert answer.wire is not None
    assert (answer.status, answer.wire.how, answer.delay) == (405, "drop", 2.0)
    assert told(answer, "Allow") == ["POST"]


def test_the_path_of_what_is_no_operation_is_known() -> None:
    cloudy = made("on any desk when path.tenant == 'red' and path.id == '1' then respond 503 before caller")
    got = [cloudy.request("PATCH", path, {}, ANN).status for path in ("/desk/red/cars/1", "/desk/cars/1")]
    assert got == [503, 405]


def test_a_rule_about_all_is_considered_and_explained_for_what_is_no_operation() -> None:
    cloudy = made("on any desk when query.down == 'yes' only once then respond 503 before caller")
    (rule,) = cloudy.engine.linked.plan.rules
    begun = cloudy.engine.considered(cloudy.world)[rule.id]
    for path in ("/desk/cars?down=yes", "/desk/cars", "/desk/lorries?down=yes", "/shop/books?down=yes"):
        cloudy.request("PATCH", path, {}, ANN)
    assert cloudy.engine.considered(cloudy.world)[rule.id] - begun == 2
    hits = cloudy.world.tallies.rules[rule.id]
    assert (hits.matched, hits.decided) == (1, 1)
    answer = explained(cloudy, "PATCH", "/desk/cars")
    assert answer.trace is not None
    assert (answer.operation, [str(one.verdict) for one in answer.trace.considered]) == (
        "",
        ["condition does not hold"],
    )
