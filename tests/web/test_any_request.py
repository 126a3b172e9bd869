# SPDX-License-Identifier: Apache-2.0
"""Whatever a client sends, it gets JSON: no page of HTML, no traceback, no broken connection.

Once in this process with a fake engine, where many requests are cheap, and once over a socket with the real one.
"""

import json
import socket

from falcon.testing import create_environ
from hypothesis import given, settings
from hypothesis import strategies as st

from mimic_rules.engine.exchange import BadBody, Request, Response
from tests.cloud import RunningCloud
from tests.fake_cloud import FakeCloud, FakeEngine
from tests.strategies_http import METHODS, bodies, headers, targets


def echo(request: Request) -> Response:
    """All that a client says comes back in header and body; a body that can't be read is told."""
    try:
        body = request.read_json()
    except BadBody as bad:
        return Response(400, {"bad": bad.situation})
    shown = {"path": request.path, "query": request.query, "headers": dict(request.headers), "body": repr(body)}
    return Response(200, shown, [("Location", request.base + request.path)], (request.path + ":1",))


@given(st.sampled_from(METHODS), targets, headers, bodies, st.booleans())
def test_the_application_answers_in_json(
    method: str, target: str, sent: list[tuple[str, str]], body: bytes, in_chunks: bool
) -> None:
    path, _, query = target.partition("?")
    environ = create_environ("/", method=method, body=body, headers=sent)
    environ["wsgi.multiprocess"] = False
    environ["QUERY_STRING"] = query.encode("utf-8", "replace").decode("latin-1")
    environ["PATH_INFO"] = path.encode("utf-8", "replace").decode("latin-1")
    if in_chunks:
        environ.pop("CONTENT_LENGTH", None)
        environ["HTTP_TRANSFER_ENCODING"] = "chunked"
    answers: list[tuple[str, list[tuple[str, str]]]] = []
    parts = FakeCloud(FakeEngine(echo)).app(environ, lambda status, told: answers.append((status, told)))
    ((status, told),) = answers
    raw = b"".join(parts)
    assert status[:3] != "500"
    assert dict(told)["content-type"] == "application/json"
    assert all(value.isascii() and value.isprintable() for _, value in told)
    if method == "HEAD":
        assert raw == b""
    elif raw:
        json.loads(raw)


@settings(max_examples=150)
@given(st.sampled_from(METHODS), targets, headers, bodies)
def test_a_running_cloud_answers_in_json(
    tickets: RunningCloud, method: str, target: str, sent: list[tuple[str, str]], body: bytes
) -> None:
    head = "".join(f"{name}: {value}\r\n" for name, value in [*sent, ("Connection", "close")])
    request = f"{method} {target} HTTP/1.1\r\nContent-Length: {len(body)}\r\n{head}\r\n"
    host, _, port = tickets.host.partition(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(request.encode("utf-8") + body)
        connection.shutdown(socket.SHUT_WR)
        got = b"".join(iter(lambda: connection.recv(65536), b""))
    told, _, raw = got.partition(b"\r\n\r\n")
    assert told.startswith(b"HTTP/1.1 ")
    assert not told.startswith(b"HTTP/1.1 500 "), got
    if raw:
        assert b"\r\ncontent-type: application/json" in told.lower(), got
        json.loads(raw)
