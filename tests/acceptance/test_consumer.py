# SPDX-License-Identifier: Apache-2.0
"""The autoscaler is a program like any other: it knows nothing of this project, and asks with care."""

import ast
import http.client
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from examples.autoscaler import Http, Refused, Unreachable
from tests.conftest import ROOT

SOURCES = sorted((ROOT / "examples" / "autoscaler").glob("*.py"))


def test_it_knows_nothing_of_what_it_is_tested_with() -> None:
    assert len(SOURCES) == 9
    for path in SOURCES:
        source = path.read_text(encoding="utf-8")
        assert re.findall(r"mimic|\brules?\b|/w/|\bworlds?\b|\btests?\b", source, re.IGNORECASE) == []
        imported = {node.module or "" for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)}
        assert all(name.startswith("examples.autoscaler") for name in imported if name.startswith("examples"))


class Waits:
    """A clock that notes for how long it was slept by."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def now(self) -> datetime:
        return datetime(2030, 1, 1, tzinfo=UTC)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


Answer = tuple[int, dict[str, str], bytes]


@contextmanager
def cloud(*answers: Answer) -> Iterator[str]:
    """A server that gives these answers, in turn; a status of 0 is none at all."""
    left = list(answers)

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, headers, body = left.pop(0)
            if status:
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)
            self.close_connection = True

        do_GET = do_POST = do_DELETE = _answer

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()
    assert left == []


GOOD: Answer = (200, {}, b'{"good": true}')
BROKEN: Answer = (500, {}, b'{"computeFault": {"message": "Oops!", "code": 500}}')


def busy(status: int, after: int) -> Answer:
    return status, {"Retry-After": str(after)}, b'{"overLimit": {"message": "OverLimit Retry..."}}'


@pytest.mark.parametrize("first", [BROKEN, (0, {}, b""), (200, {}, b"no JSON"), (200, {"Content-Length": "99"}, b"{")])
def test_what_is_safe_is_asked_again_with_back_off(first: Answer) -> None:
    clock = Waits()
    with cloud(first, first, GOOD) as url:
        assert Http(clock).ask("GET", url) == {"good": True}
    assert clock.slept == [1, 2]


def test_after_so_many_tries_it_is_given_up() -> None:
    clock = Waits()
    with cloud(*[BROKEN] * 4) as url, pytest.raises(Refused) as refused:
        Http(clock).ask("DELETE", url)
    assert (refused.value.status, refused.value.message, clock.slept) == (500, "Oops!", [1, 2, 4])


@pytest.mark.parametrize("first", [BROKEN, (0, {}, b""), (413, {}, b"")])
def test_what_might_be_done_twice_is_not_asked_again(first: Answer) -> None:
    clock = Waits()
    with cloud(first) as url, pytest.raises((Refused, Unreachable)):
        Http(clock).ask("POST", url, {})
    assert clock.slept == []


@pytest.mark.parametrize("status", [413, 429, 503])
def test_it_comes_back_when_the_cloud_says_so(status: int) -> None:
    clock = Waits()
    with cloud(busy(status, 30), GOOD) as url:
        assert Http(clock).ask("POST", url, {}) == {"good": True}
    assert clock.slept == [30]


def test_who_is_told_to_come_back_much_later_says_so() -> None:
    clock = Waits()
    with cloud(busy(413, 86400)) as url, pytest.raises(Refused) as refused:
        Http(clock).ask("GET", url)
    assert (refused.value.retry_after, clock.slept) == (86400, [])


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ('{"forbidden": {"message": "no", "code": 403}}', "no"),
        ('{"message": "Load balancer not found", "code": 404}', "Load balancer not found"),
        ('{"validationErrors": {"messages": ["a", "b"]}, "message": "Validation Failure"}', "a; b"),
        ("403 Forbidden\n\nAccess was denied.\n\n ", "403 Forbidden Access was denied."),
        ("", ""),
        ("[]", "[]"),
    ],
)
def test_the_words_of_an_error_are_found(body: str, words: str) -> None:
    assert Refused(http.client.BAD_REQUEST, body).message == words
