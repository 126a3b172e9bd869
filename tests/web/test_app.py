# SPDX-License-Identifier: Apache-2.0
"""What the engine is given of a request, what a client is given of a response, and what happens when neither fits.

The engine is a fake one; the real one answers in the tests of services.
"""

import logging
import socket
import ssl
import threading
from pathlib import Path
from typing import Any
from wsgiref.validate import WSGIWarning

import pytest
from falcon.testing import Result

from mimic_rules.engine.exchange import MISSING, Request, Response
from tests.fake_cloud import FakeCloud, FakeEngine, SharedStore


def asked(path: str, **more: Any) -> Request:
    """The engine's request for a GET of `path`."""
    cloud = FakeCloud()
    assert cloud.ask("GET", path, **more).status_code == 200
    ((_, request),) = cloud.engine.asked
    return request


def answered(response: Response, method: str = "GET", **more: Any) -> Result:
    return FakeCloud(FakeEngine(lambda _: response), **more).ask(method, "/x")


# what comes in -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_every_method_reaches_the_engine(method: str) -> None:
    cloud = FakeCloud()
    assert cloud.ask(method, "/a/b").status_code == 200
    assert [request.method for _, request in cloud.engine.asked] == [method]


@pytest.mark.parametrize(
    ("sent", "path"),
    [
        ("/", "/"),
        ("/a/b/", "/a/b/"),
        ("/a%20b/%C3%A9", "/a b/é"),
        ("/%FF", "/\ufffd"),
        ("/mimic/v1.1/tock", "/mimic/v1.1/tock"),
        ("/work", "/work"),
    ],
)
def test_path_is_decoded(sent: str, path: str) -> None:
    assert asked(sent).path == path


def test_query_has_every_value_in_order() -> None:
    request = asked("/a", query_string="k=b&limit=&k=a&text=%C3%A9+x,y")
    assert request.query == {"k": ["b", "a"], "limit": [""], "text": ["é x,y"]}
    assert asked("/a").query == {}


def test_headers_are_found_by_lower_case_names() -> None:
    headers = asked("/", headers={"X-Auth-Token": "t", "Content-Type": "text/x"}).headers
    assert headers["x-auth-token"] == headers.get("x-auth-token") == "t"
    assert headers["content-type"] == "text/x"
    assert "x-auth-token" in headers
    assert "x-other" not in headers
    assert 7 not in headers
    assert headers.get("x-other") is None
    assert headers.get("x-other", "d") == "d"
    with pytest.raises(KeyError):
        headers["x-other"]


def test_headers_can_be_listed() -> None:
    headers = asked("/", headers={"X-One": "1", "Content-Type": "text/x"}).headers
    listed = dict(headers)
    assert {"x-one": "1", "content-type": "text/x"}.items() <= listed.items()
    assert len(headers) == len(listed)
    assert "content-length" not in listed


@pytest.mark.parametrize(
    ("more", "base"),
    [
        ({"host": "cloud.test"}, "http://cloud.test"),
        ({"environ": {"HTTP_HOST": "cloud.test:89"}}, "http://cloud.test:89"),
        ({"headers": {"X-Forwarded-Host": "evil", "X-Forwarded-Proto": "https", "Forwarded": "host=evil"}}, None),
        ({"environ": {"wsgi.url_scheme": "https", "HTTP_HOST": "a"}}, "https://a"),
        # gunicorn takes a scheme from headers; the connection knows better
        ({"environ": {"wsgi.url_scheme": "https", "HTTP_HOST": "a", "gunicorn.socket": object()}}, "http://a"),
        ({"http_version": "1.0", "environ": {"HTTP_HOST": "", "SERVER_PORT": "89"}}, "http://127.0.0.1:89"),
    ],
)
def test_base_is_what_the_client_asked_for(more: dict[str, Any], base: str | None) -> None:
    assert asked("/", **more).base == (base or "http://falconframework.org")


def test_an_encrypted_connection_is_https() -> None:
    near, far = socket.socketpair()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with far, context.wrap_socket(near, server_side=True, do_handshake_on_connect=False) as wrapped:
        environ = {"gunicorn.socket": wrapped, "HTTP_HOST": "a"}
        assert asked("/", environ=environ).base == "https://a"


# worlds --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("sent", "path"), [("/w/green/a/b", "/a/b"), ("/w/green/", "/"), ("/w/green", "/")])
def test_a_world_has_a_prefix(sent: str, path: str) -> None:
    cloud = FakeCloud()
    cloud.ask("GET", sent, host="h")
    ((world, request),) = cloud.engine.asked
    assert (world, request.path, request.base) == ("green", path, "http://h/w/green")


@pytest.mark.parametrize("path", ["/w/blue/a", "/w/blue", "/w/", "/w//x"])
def test_a_world_that_is_not_there_is_404(path: str) -> None:
    cloud = FakeCloud()
    answer = cloud.ask("GET", path)
    assert answer.status_code == 404
    assert answer.json["error"]["code"] == 404
    assert "there is no world" in answer.json["error"]["message"]
    assert cloud.engine.asked == []


# what goes out -------------------------------------------------------------------------------------------------------


def test_data_goes_out_as_json() -> None:
    answer = answered(Response(202, {"a": [1, None, "é"]}))
    assert answer.status_code == 202
    assert answer.content == '{"a":[1,null,"é"]}'.encode()
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["content-length"] == "19"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("plain", b'"plain"'),
        ({"n": 2**70}, b'{"n": 1180591620717411303424}'),
        ({"half": "\ud800"}, b'{"half": "\\ud800"}'),
        ([float("inf"), float("nan")], b"[null,null]"),
        ([2**70, {"a": float("inf")}], b'[1180591620717411303424, {"a": null}]'),
        (None, b"null"),
    ],
)
def test_odd_data_is_json_too(data: Any, text: bytes) -> None:
    assert answered(Response(200, data)).content == text


def test_text_with_a_type_of_its_own_goes_out_as_it_is() -> None:
    answer = answered(Response(500, "out of ördér \ud800", [("Content-Type", "text/plain")]))
    assert answer.content == "out of ördér ?".encode()
    assert answer.headers["content-type"] == "text/plain"


def test_data_with_a_type_of_its_own_is_json_all_the_same() -> None:
    answer = answered(Response(200, [1], [("content-type", "application/x+json")]))
    assert answer.content == b"[1]"
    assert answer.headers["content-type"] == "application/x+json"


def test_an_answer_without_a_body_is_empty() -> None:
    answer = answered(Response(202, MISSING))
    assert (answer.content, answer.headers["content-length"]) == (b"", "0")


@pytest.mark.parametrize("status", [204, 304])
def test_some_statuses_have_neither_body_nor_type(status: int) -> None:
    answer = answered(Response(status, {"a": 1}, [("Content-Type", "text/plain"), ("X-Other", "1")]))
    assert answer.content == b""
    assert "content-type" not in answer.headers
    assert answer.headers["x-other"] == "1"


def test_head_sends_the_length_and_no_body() -> None:
    answer = answered(Response(200, {"a": 1}), "HEAD")
    assert (answer.content, answer.headers["content-length"]) == (b"", "7")


def test_headers_of_one_name_are_joined() -> None:
    answer = answered(Response(200, {}, [("Vary", "A"), ("vary", "B"), ("X-One", "1")]))
    assert answer.headers["vary"] == "A, B"
    assert answer.headers["x-one"] == "1"


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ("a b", "a b"),
        ("/a%20b", "/a%20b"),
        ("/é", "/%C3%A9"),
        ("a\r\nX-Evil: 1", "a%0D%0AX-Evil: 1"),
        ("\x00\x7f", "%00%7F"),
        ("\ud800é", "?%C3%A9"),
    ],
)
def test_headers_are_printable(value: str, sent: str) -> None:
    assert answered(Response(201, {}, [("Location", value)])).headers["location"] == sent


def test_rules_and_request_are_named() -> None:
    response = Response(200, {}, rules=("/top/team/a.rules:3", "/else/b.rules:14", "c.rules:1"), request_id="req-7")
    answer = answered(response, roots=(Path("/top/team/deep"), Path("/top")))
    assert answer.headers["x-mimic-rule"] == "team/a.rules:3, /else/b.rules:14, c.rules:1"
    assert answer.headers["x-mimic-request"] == "req-7"


def test_nothing_is_named_where_there_is_nothing() -> None:
    assert not {"x-mimic-rule", "x-mimic-request"} & set(answered(Response(200, {})).headers)


def test_not_every_rule_of_thousands_is_named() -> None:
    answer = answered(Response(200, {}, rules=tuple(f"ü.rules:{line}" for line in range(5000))))
    named = answer.headers["x-mimic-rule"].split(", ")
    assert named == [f"%C3%BC.rules:{line}" for line in range(32)]


@pytest.mark.parametrize(
    ("response", "type", "body"),
    [
        (Response(500, text="ünïcode"), "text/plain; charset=utf-8", "ünïcode".encode()),
        (Response(401, text=""), "text/plain; charset=utf-8", b""),
        (Response(502, {"not": "this"}, text="<html>"), "text/plain; charset=utf-8", b"<html>"),
        (Response(502, headers=[("Content-Type", "text/html")], text="<p>no</p>"), "text/html", b"<p>no</p>"),
        (Response(200, text="half \ud800"), "text/plain; charset=utf-8", b"half ?"),
        (Response(204, text="never"), None, b""),
    ],
)
def test_a_text_leaves_as_it_stands(response: Response, type: str | None, body: bytes) -> None:
    answer = answered(response)
    assert (answer.headers.get("content-type"), answer.content) == (type, body)


# what goes wrong -----------------------------------------------------------------------------------------------------


def test_a_crash_is_logged_and_answered(caplog: pytest.LogCaptureFixture) -> None:
    def crash(request: Request) -> Response:
        raise RuntimeError("a secret of the engine")

    answer = FakeCloud(FakeEngine(crash)).ask("GET", "/a\nb")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/json"
    assert answer.json["error"]["code"] == 500
    assert "secret" not in answer.text
    (record,) = caplog.records
    assert record.exc_info is not None
    assert str(record.exc_info[1]) == "a secret of the engine"
    assert record.getMessage() == "can't answer a request (GET)"


def test_unknown_methods_are_for_the_engine_to_refuse() -> None:
    cloud = FakeCloud()
    with pytest.warns(WSGIWarning, match="PURGE"):
        assert cloud.ask("PURGE", "/a").status_code == 200
    assert [request.method for _, request in cloud.engine.asked] == ["PURGE"]


def test_falcons_own_errors_are_json() -> None:
    cloud = FakeCloud()
    with pytest.warns(WSGIWarning, match="WEBSOCKET"):
        answer = cloud.ask("WEBSOCKET", "/", headers={"Accept": "text/xml"})
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/json"
    assert answer.json["error"]["code"] == 400
    assert isinstance(answer.json["error"]["message"], str)
    assert cloud.engine.asked == []


def test_several_processes_without_a_shared_state_answer_nothing(caplog: pytest.LogCaptureFixture) -> None:
    cloud = FakeCloud(admin_token="t")
    for path in ("/a", "/_mimic/health", "/w/none"):
        answer = cloud.ask("GET", path, environ={"wsgi.multiprocess": True})
        assert answer.status_code == 503
        assert "each would keep a cloud of its own" in answer.json["error"]["message"]
        assert "gunicorn --workers 1 --threads 8" in answer.json["error"]["help"]
        assert "mimic-rules serve" in answer.json["error"]["help"]
    assert cloud.engine.asked == []
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


def test_several_processes_with_a_shared_state_answer() -> None:
    cloud = FakeCloud(store=SharedStore())
    assert cloud.ask("GET", "/a", environ={"wsgi.multiprocess": True}).status_code == 200


def test_an_engine_is_put_in_the_place_of_another_between_two_requests() -> None:
    """A request that waits for its world is answered by the engine that is there when its turn comes."""
    cloud = FakeCloud(FakeEngine(lambda request: Response(200, "old")))
    mount = cloud.mounts.get("default")
    assert mount is not None
    heard: list[object] = []
    client = threading.Thread(target=lambda: heard.append(cloud.ask("GET", "/a").json))
    with mount.world.lock:
        client.start()
        client.join(0.2)
        assert heard == []
        mount.engine = FakeEngine(lambda request: Response(200, "new"))
    client.join()
    assert heard == ["new"]
