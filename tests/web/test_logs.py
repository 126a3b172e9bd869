# SPDX-License-Identifier: Apache-2.0
"""The log: a line for each request, JSON for programs, and nothing secret in either form."""

import io
import json
import logging
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mimic_rules.config import Config, LogFormat, LogLevel, load_config
from mimic_rules.engine.exchange import Request, Response, Wire
from mimic_rules.web.logs import JsonLines, level_of_requests, start
from tests.cloud import RunningCloud
from tests.fake_cloud import FakeCloud, FakeEngine
from tests.web.conftest import TICKETS

Start = Callable[..., RunningCloud]

SECRET = "s3cr3t-of-a-client"


def config(log: LogLevel = LogLevel.INFO, form: LogFormat = LogFormat.TEXT) -> Config:
    return replace(load_config(start=Path("/"), environ={}, flags={}).draft, log=log, log_format=form)


def logged(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    return [json.loads(JsonLines().format(record)) for record in caplog.records]


# requests ------------------------------------------------------------------------------------------------------------


def test_a_request_is_one_line(caplog: pytest.LogCaptureFixture) -> None:
    def answer(request: Request) -> Response:
        rules = tuple(f"a.rules:{line}" for line in range(100))
        return Response(
            503,
            {"secret": SECRET},
            headers=[("X-Secret", SECRET)],
            rules=rules,
            operation="call",
            request_id="req-1",
            delay=0.01,
            wire=Wire("garble"),
            service="desk",
            path="/desk/***/calls",
        )

    cloud = FakeCloud(FakeEngine(answer), log_requests=logging.INFO)
    with caplog.at_level(logging.INFO):
        cloud.ask("POST", f"/w/green/desk/{SECRET}/calls?key={SECRET}", headers={"X-Key": SECRET}, body=SECRET)
    (line,) = logged(caplog)
    seconds = line.pop("seconds")
    assert 0 <= seconds < 10
    assert line.pop("time").endswith("Z")
    assert line == {
        "level": "info",
        "logger": "mimic_rules.requests",
        "message": "POST /desk/***/calls 503",
        "method": "POST",
        "path": "/desk/***/calls",
        "status": 503,
        "service": "desk",
        "operation": "call",
        "world": "green",
        "request": "req-1",
        "rules": [f"a.rules:{line}" for line in range(32)],
        "delay": 0.01,
        "wire": "garble",
    }
    assert SECRET not in caplog.text


@pytest.mark.parametrize(
    ("method", "path", "told"),
    [
        ("GET", "/_mimic/health", ("/_mimic/health", 200, "default")),
        ("PUT", "/w/green/_mimic/health", ("/w/green/_mimic/health", 405, "green")),
        # of what no engine answered nothing is known to be harmless
        ("GET", f"/w/none/{SECRET}", ("***", 404, "none")),
        ("GET", f"/w/{'a' * 100}", ("***", 404, "a" * 60)),
        ("GET", f"/{SECRET}", ("***", 501, "default")),
    ],
)
def test_paths_are_shown_where_nothing_in_them_is_secret(
    caplog: pytest.LogCaptureFixture, method: str, path: str, told: tuple[str, int, str]
) -> None:
    with caplog.at_level(logging.INFO):
        FakeCloud(FakeEngine(unmodelled), log_requests=logging.INFO).ask(method, path)
    (line,) = logged(caplog)
    assert (line["path"], line["status"], line["world"]) == told
    assert (line["service"], line["rules"], line["delay"], line["wire"]) == ("", [], 0, None)


def unmodelled(request: Request) -> Response:
    return Response(501, path=request.path)


def test_refusals_and_crashes_are_requests_too(caplog: pytest.LogCaptureFixture) -> None:
    def crash(request: Request) -> Response:
        raise RuntimeError("ours")

    cloud = FakeCloud(FakeEngine(crash), log_requests=logging.DEBUG)
    with caplog.at_level(logging.DEBUG, "mimic_rules.requests"):
        cloud.ask("GET", "/a", environ={"wsgi.multiprocess": True})
        cloud.ask("GET", "/a")
    lines = [line for line in logged(caplog) if line["logger"] == "mimic_rules.requests"]
    assert [(line["level"], line["status"]) for line in lines] == [("debug", 503), ("debug", 500)]


def test_a_line_is_a_line_whatever_is_in_a_path(caplog: pytest.LogCaptureFixture) -> None:
    engine = FakeEngine(lambda request: Response(200, path=request.path, operation="show"))
    with caplog.at_level(logging.INFO):
        FakeCloud(engine, log_requests=logging.INFO).ask("GET", "/a\nb'ü")
    assert caplog.messages == [r"GET /a\nb'\xfc 200"]


def test_nothing_is_logged_where_nobody_asked_for_it(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        FakeCloud().ask("GET", "/a")
    assert caplog.records == []


@pytest.mark.parametrize(
    ("log", "form", "level"),
    [
        (LogLevel.DEBUG, LogFormat.JSON, logging.INFO),
        (LogLevel.INFO, LogFormat.JSON, logging.INFO),
        (LogLevel.WARNING, LogFormat.JSON, None),
        (LogLevel.DEBUG, LogFormat.TEXT, logging.DEBUG),
        (LogLevel.INFO, LogFormat.TEXT, None),
        (LogLevel.ERROR, LogFormat.TEXT, None),
    ],
)
def test_at_which_level_requests_are_logged(log: LogLevel, form: LogFormat, level: int | None) -> None:
    assert level_of_requests(config(log, form)) == level


# the form ------------------------------------------------------------------------------------------------------------


def record(message: str, **more: Any) -> logging.LogRecord:
    made = logging.LogRecord("a.b", logging.WARNING, "file.py", 1, message, more.get("args", ()), more.get("exc_info"))
    made.created = 0.5
    return made


def test_an_exception_is_a_field() -> None:
    try:
        raise ValueError("no\nway")
    except ValueError:
        line = JsonLines().format(record("broke", exc_info=sys.exc_info()))
    told = json.loads(line)
    assert "\n" not in line
    assert told.pop("exception").endswith("ValueError: no\nway")
    assert told == {"time": "1970-01-01T00:00:00.500000Z", "level": "warning", "logger": "a.b", "message": "broke"}


@given(st.text())
def test_any_message_is_one_object_on_one_line(text: str) -> None:
    line = JsonLines().format(record("%s!", args=(text,)))
    assert not {"\n", "\r"} & set(line)
    assert json.loads(line)["message"] == f"{text}!"


def test_who_has_handlers_keeps_them(capsys: pytest.CaptureFixture[str]) -> None:
    logger = logging.Logger("alone")
    start(config(LogLevel.WARNING), logger)
    start(config(form=LogFormat.JSON), logger)
    logger.info("not shown")
    logger.warning("shown")
    assert capsys.readouterr().err == "WARNING alone: shown\n"
    stream = io.StringIO()
    other = logging.Logger("other")
    other.addHandler(logging.StreamHandler(stream))
    start(config(form=LogFormat.JSON), other)
    other.warning("mine")
    assert stream.getvalue() == "mine\n"


# over a socket -------------------------------------------------------------------------------------------------------


def lines_of(cloud: RunningCloud) -> Iterator[dict[str, Any]]:
    for line in cloud.said().splitlines():
        told = json.loads(line)
        assert isinstance(told, dict)
        yield told


@pytest.mark.parametrize("flags", [{"log_format": "json"}, {"log_format": "json", "log": "debug"}])
def test_all_that_a_cloud_says_is_json(running_cloud: Start, flags: dict[str, str]) -> None:
    cloud = running_cloud(TICKETS, **flags)
    agent = {"X-Agent": "ann", "X-Auth-Token": SECRET}
    assert cloud.ask("POST", f"/tickets/v1/tickets?password={SECRET}", {"title": SECRET}, agent).status in {201, 400}
    assert cloud.ask("GET", "/_mimic/health").status == 200
    cloud.ask("BAD\x7f", f"/{SECRET}")
    cloud.stop()
    requests = [line for line in lines_of(cloud) if line["logger"] == "mimic_rules.requests"]
    assert [(line["method"], line["status"]) for line in requests][-1] == ("GET", 200)
    assert len(requests) == 2
    assert SECRET not in cloud.said()


def test_text_logs_requests_at_debug(running_cloud: Start) -> None:
    cloud = running_cloud(TICKETS, log="debug")
    cloud.ask("GET", f"/_mimic/health?{SECRET}")
    cloud.stop()
    assert "DEBUG mimic_rules.requests: GET /_mimic/health 400\n" in cloud.said()
    assert SECRET not in cloud.said()


def test_gunicorns_command_line_heeds_the_configuration(running_cloud: Start) -> None:
    cloud = running_cloud(TICKETS, gunicorn=["--threads", "2"], environ={"MIMIC_LOG_FORMAT": "json"})
    cloud.ask("GET", "/_mimic/health")
    cloud.stop()
    (line,) = [json.loads(line) for line in cloud.said().splitlines() if line.startswith("{")]
    assert (line["logger"], line["path"]) == ("mimic_rules.requests", "/_mimic/health")
