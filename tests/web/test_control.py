# SPDX-License-Identifier: Apache-2.0
"""The control API: health, the clock and Mimic's tick, with what they refuse and why."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mimic_rules
from mimic_rules.config import Limits
from mimic_rules.web.control.api import PATHS
from tests.fake_cloud import FakeCloud, FakeEngine


def message(answer: Any) -> str:
    assert answer.headers["content-type"] == "application/json"
    assert answer.json["error"]["code"] == answer.status_code
    text = answer.json["error"]["message"]
    assert isinstance(text, str)
    return text


# health --------------------------------------------------------------------------------------------------------------


def test_health_says_what_is_running() -> None:
    answer = FakeCloud().ask("GET", "/_mimic/health")
    assert answer.status_code == 200
    assert answer.json == {
        "status": "ok",
        "version": mimic_rules.__version__,
        "language": 1,
        "services": ["desk", "phone"],
        "rules": {"team": 2, "shipped": 5},
        "reloads": 0,
        "problems": [],
        "dropped": [],
        "worlds": 2,
        "time": "1970-01-01T00:16:40.000000Z",
    }


def test_each_world_has_its_health_and_its_clock() -> None:
    cloud = FakeCloud()
    cloud.ask("POST", "/w/green/_mimic/clock", json={"advance": 60})
    assert cloud.ask("GET", "/w/green/_mimic/health").json["time"] == "1970-01-01T00:17:40.000000Z"
    assert cloud.ask("GET", "/_mimic/health").json["time"] == "1970-01-01T00:16:40.000000Z"
    assert cloud.ask("POST", "/w/green/mimic/v1.1/tick", json={"amount": 1}).json["now"].endswith("17:41.000000Z")
    for path in ("/_mimic/health", "/_mimic/clock"):
        told = message(cloud.ask("GET", f"/w/blue{path}"))
        assert told.startswith("there is no world `blue`: ")
        assert "expired" in told
        assert told.endswith("`POST /_mimic/worlds` makes one")


# the clock -----------------------------------------------------------------------------------------------------------


def test_clock_tells_the_time() -> None:
    cloud = FakeCloud(FakeEngine(fired=3))
    assert cloud.ask("GET", "/_mimic/clock").json == {
        "now": 1000.0,
        "iso": "1970-01-01T00:16:40.000000Z",
        "frozen": True,
        "rate": 1.0,
        "poll": None,
        "fired": 3,
        "events": [],
        "more": 3,
    }


@pytest.mark.parametrize(
    ("advance", "now"), [(0, 1000.0), (30, 1030.0), (1.5, 1001.5), ("30d", 2_593_000.0), ("200ms", 1000.2)]
)
def test_clock_advances_and_all_that_is_due_happens(advance: object, now: float) -> None:
    cloud = FakeCloud(FakeEngine(fired=2))
    answer = cloud.ask("POST", "/_mimic/clock", json={"advance": advance})
    assert (answer.json["now"], answer.json["fired"]) == (now, 2)
    assert cloud.clock().now() == now
    assert cloud.engine.settled == [("default", now)]


def test_clock_freezes_and_runs() -> None:
    cloud = FakeCloud()
    answer = cloud.ask("POST", "/_mimic/clock", json={"run": True, "rate": 2.5})
    assert (answer.json["frozen"], answer.json["rate"]) == (False, 2.5)
    assert cloud.clock().frozen is False
    answer = cloud.ask("POST", "/_mimic/clock", json={"freeze": True, "advance": 10})
    assert answer.json["frozen"] is True
    assert cloud.clock().now() == answer.json["now"] >= 1010
    cloud.ask("POST", "/_mimic/clock", json={"run": True})
    assert cloud.clock().rate == 1.0


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({}, "say what to do"),
        ([], "the body takes an object, not `[]`"),
        ("30d", 'the body takes an object, not `"30d"`'),
        ({"advnce": 5}, "did you mean `advance`?"),
        ({"zzzzzz": 5}, "the keys are `advance`, `until`, `within`, `poll`, `freeze`, `run`, `rate`"),
        *(({"advance": wrong}, "`advance` takes seconds") for wrong in (-1, True, None, [], "soon", "-5s", "5")),
        ({"advance": 1e300}, "year 9999"),
        ({"advance": 2**63}, "year 9999"),
        *(({"freeze": wrong}, "`freeze` takes true") for wrong in (False, 1, None, "true")),
        ({"run": False}, "`run` takes true"),
        ({"run": True, "freeze": True}, "contradict"),
        ({"rate": 2}, "`rate` goes with `run`"),
        *(({"run": True, "rate": wrong}, "`rate` takes a number above 0") for wrong in (0, -1, True, "2", 1e10, None)),
    ],
)
def test_clock_refuses_what_it_cant_do(body: object, reason: str) -> None:
    cloud = FakeCloud()
    answer = cloud.ask("POST", "/_mimic/clock", json=body)
    assert answer.status_code == 400
    assert reason in message(answer)
    assert cloud.clock().state() == {"now": 1000.0, "rate": 1.0, "frozen": True, "poll": None}
    assert cloud.engine.settled == []


def test_a_wish_is_done_wholly_or_not_at_all() -> None:
    cloud = FakeCloud()
    assert cloud.ask("POST", "/_mimic/clock", json={"advance": 1e300, "run": True}).status_code == 400
    assert cloud.clock().frozen is True


@pytest.mark.parametrize("path", ["/_mimic/clock", "/mimic/v1.1/tick"])
@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"body": b"{"}, 400),
        ({"body": b'{"advance": NaN, "amount": NaN}'}, 400),
        ({"body": b'{"advance": Infinity}'}, 400),
        ({"body": b""}, 400),
        ({"body": b"[" * 20}, 400),
        ({"body": b'{"amount": 1, "amount": 2}'}, 400),
        ({"body": b"{}", "headers": {"Content-Type": "text/plain"}}, 415),
        ({"body": b" " * 101}, 413),
    ],
)
def test_bodies_that_cant_be_read_are_refused(path: str, sent: dict[str, Any], status: int) -> None:
    cloud = FakeCloud(limits=Limits(body=100, depth=8, records=1))
    answer = cloud.ask("POST", path, **sent)
    assert answer.status_code == status
    assert message(answer)
    assert cloud.clock().now() == 1000.0


# the tick of Mimic 2.2 -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "now"),
    [(0, "00:16:40.000000"), (1.5, "00:16:41.500000"), (86399, "00:16:39.000000"), (0.25, "00:16:40.250000")],
)
def test_tick_answers_as_mimic_does(amount: float, now: str) -> None:
    cloud = FakeCloud()
    answer = cloud.ask("POST", "/mimic/v1.1/tick", json={"amount": amount})
    assert answer.status_code == 200
    day = "02" if amount > 80_000 else "01"
    assert answer.json == {"advanced": amount, "now": f"1970-01-{day}T{now}Z"}
    assert cloud.engine.settled == [("default", 1000.0 + amount)]


@pytest.mark.parametrize(
    "body",
    [{}, {"amount": -1}, {"amount": "5"}, {"amount": "5s"}, {"amount": None}, {"amount": True}, {"amout": 1}, []],
)
def test_tick_refuses_what_it_cant_do(body: object) -> None:
    cloud = FakeCloud()
    answer = cloud.ask("POST", "/mimic/v1.1/tick", json=body)
    assert answer.status_code == 400
    assert message(answer)
    assert cloud.clock().now() == 1000.0


@given(
    st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5), st.lists, max_leaves=3)
)
def test_no_amount_moves_time_back_or_breaks_anything(amount: object) -> None:
    cloud = FakeCloud()
    answer = cloud.ask("POST", "/mimic/v1.1/tick", json={"amount": amount})
    assert answer.status_code in {200, 400}
    assert cloud.clock().now() >= 1000.0
    if answer.status_code == 400:
        assert cloud.clock().now() == 1000.0


# what isn't there ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", "/_mimic/health", "GET, OPTIONS"),
        ("DELETE", "/_mimic/clock", "GET, POST, OPTIONS"),
        ("GET", "/mimic/v1.1/tick", "POST, OPTIONS"),
    ],
)
def test_other_methods_are_405(method: str, path: str, allowed: str) -> None:
    cloud = FakeCloud()
    answer = cloud.ask(method, path)
    assert answer.status_code == 405
    assert answer.headers["allow"] == allowed
    assert message(answer)
    assert cloud.engine.asked == []


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("path", ["/_mimic", "/_mimic/", "/_mimic/helth", "/_mimic/a/b/c", "/w/green/_mimic/x"])
def test_other_paths_are_404_and_name_the_known_ones(method: str, path: str) -> None:
    cloud = FakeCloud()
    answer = cloud.ask(method, path)
    assert answer.status_code == 404
    assert f"`{path}`" in message(answer)
    assert answer.json["error"]["paths"] == list(PATHS)
    assert "`/_mimic/" in answer.json["error"]["help"]
    assert cloud.engine.asked == []
