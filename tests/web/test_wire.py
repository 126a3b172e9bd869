# SPDX-License-Identifier: Apache-2.0
"""Answers that get lost on their way, over real sockets: the exact bytes, and what clients make of them."""

import errno
import http.client
import json
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import orjson
import pytest
import requests
import urllib3
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from mimic_rules.engine.exchange import Response, Wire
from mimic_rules.web import wire
from mimic_rules.web.answer import encode
from tests.cloud import RunningCloud, cloud
from tests.web.leaving import BODY, application

WORKERS = {
    "ours": ["--worker-class", "mimic_rules.web.worker.JsonWorker", "--threads", "4"],
    "gunicorn's with threads": ["--threads", "4"],
    "gunicorn's without": [],
}
WHOLE = encode(BODY)


@pytest.fixture(scope="module", params=WORKERS)
def running(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCloud]:
    folder = tmp_path_factory.mktemp("leaving")
    with cloud(folder, gunicorn=WORKERS[request.param], application="tests.web.leaving") as started:
        yield started


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCloud]:
    folder = tmp_path_factory.mktemp("ours")
    with cloud(folder, gunicorn=WORKERS["ours"], application="tests.web.leaving") as started:
        yield started


@dataclass(frozen=True, slots=True)
class Seen:
    """What a socket gave: its bytes, and the error that it ended with, 0 for an end in order."""

    sent: bytes
    error: int

    @property
    def head(self) -> bytes:
        return self.sent.partition(b"\r\n\r\n")[0].lower()

    @property
    def body(self) -> bytes:
        return self.sent.partition(b"\r\n\r\n")[2]


def see(where: RunningCloud, path: str, method: str = "GET", version: str = "1.1", body: bytes = b"") -> Seen:
    """All that comes over a connection that this side doesn't end."""
    host, _, port = where.host.partition(":")
    length = f"Content-Length: {len(body)}\r\n" if body else ""
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(f"{method} {path} HTTP/{version}\r\nHost: a\r\n{length}\r\n".encode() + body)
        parts = []
        try:
            while part := connection.recv(65536):
                parts.append(part)
        except OSError as problem:
            return Seen(b"".join(parts), problem.errno or -1)
    return Seen(b"".join(parts), 0)


# what leaves, byte by byte -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize("more", ["", "&read=1", "&status=204"])
def test_a_dropped_answer_is_not_a_byte(running: RunningCloud, method: str, version: str, more: str) -> None:
    body = b"{}" if method == "POST" else b""
    assert see(running, f"/?how=drop{more}", method, version, body) == Seen(b"", 0)


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize("more", ["", "&read=1", "&status=204"])
def test_a_reset_is_a_reset(running: RunningCloud, method: str, version: str, more: str) -> None:
    body = b"{}" if method == "POST" else b""
    assert see(running, f"/?how=reset{more}", method, version, body) == Seen(b"", errno.ECONNRESET)


@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize("share", [0, 0.29, 0.5, 1])
def test_a_truncated_answer_promises_more_than_it_holds(running: RunningCloud, share: float, version: str) -> None:
    seen = see(running, f"/?how=truncate&share={share}", version=version)
    assert seen.error == 0
    assert seen.head.startswith(b"http/%s 200 ok\r\n" % version.encode())
    assert b"\r\ncontent-length: %d" % len(WHOLE) in seen.head
    assert b"\r\nx-own: kept" in seen.head
    assert seen.body == WHOLE[: int(len(WHOLE) * share)]


@pytest.mark.parametrize("method_and_status", [("HEAD", 200), ("GET", 204)])
def test_where_there_is_no_body_only_the_connection_ends(
    running: RunningCloud, method_and_status: tuple[str, int]
) -> None:
    method, status = method_and_status
    seen = see(running, f"/?how=truncate&share=0.5&status={status}", method)
    assert (seen.error, seen.body) == (0, b"")
    assert seen.head.startswith(b"http/1.1 %d " % status)


def test_an_unread_body_doesnt_turn_an_end_into_a_reset(running: RunningCloud) -> None:
    large = b"x" * 3_000_000
    assert see(running, "/?how=drop", "POST", body=large) == Seen(b"", 0)
    seen = see(running, "/?how=truncate&share=0.5", "POST", body=large)
    assert (seen.body, seen.error) == (WHOLE[: len(WHOLE) // 2], 0)


def test_a_garbled_answer_is_whole_and_the_connection_goes_on(ours: RunningCloud) -> None:
    connection = http.client.HTTPConnection(ours.host, timeout=20)
    bodies = []
    for _ in range(2):
        connection.request("GET", "/?how=garble")
        response = connection.getresponse()
        assert (response.status, response.getheader("Content-Type")) == (200, "application/json")
        assert response.getheader("Content-Length") == str(len(WHOLE))
        bodies.append(response.read())
    assert bodies[0] == bodies[1] != WHOLE
    assert len(bodies[0]) == len(WHOLE)
    connection.request("HEAD", "/?how=garble")
    response = connection.getresponse()
    assert (response.status, response.getheader("Content-Length")) == (200, str(len(WHOLE)))
    response.read()
    connection.request("GET", "/count")
    assert connection.getresponse().status == 200
    connection.close()


@pytest.mark.parametrize("how", ["drop", "reset", "truncate"])
def test_the_request_was_done_and_others_go_on(ours: RunningCloud, how: str) -> None:
    """Also while a client that was cut off keeps its end of the connection open."""
    before = ours.ask("GET", "/count").json
    host, _, port = ours.host.partition(":")
    held = []
    for _ in range(8):
        connection = socket.create_connection((host, int(port)), timeout=20)
        connection.sendall(b"POST /?how=%s HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}" % how.encode())
        held.append(connection)
    for connection in held:
        try:
            while connection.recv(65536):
                pass
        except ConnectionResetError:
            assert how == "reset"
    assert ours.ask("GET", "/count").json == before + 9
    for connection in held:
        connection.close()
    assert ours.said().count("ERROR") == 0


# what clients make of it ---------------------------------------------------------------------------------------------


def test_what_http_client_sees(ours: RunningCloud) -> None:
    with pytest.raises(http.client.RemoteDisconnected):
        ours.ask("GET", "/?how=drop")
    with pytest.raises(ConnectionResetError) as reset:
        ours.ask("GET", "/?how=reset")
    assert type(reset.value) is ConnectionResetError
    assert reset.value.errno == errno.ECONNRESET
    with pytest.raises(http.client.IncompleteRead) as cut:
        ours.ask("GET", "/?how=truncate&share=0.5")
    half = len(WHOLE) // 2
    assert (len(cut.value.partial), cut.value.expected) == (half, len(WHOLE) - half)
    with pytest.raises(json.JSONDecodeError):
        assert ours.ask("GET", "/?how=garble").json


def test_what_requests_sees(ours: RunningCloud) -> None:
    with requests.Session() as session:
        with pytest.raises(requests.ConnectionError, match="RemoteDisconnected"):
            session.get(f"{ours.url}/?how=drop", timeout=20)
        with pytest.raises(requests.ConnectionError, match="ConnectionResetError"):
            session.get(f"{ours.url}/?how=reset", timeout=20)
        with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
            session.get(f"{ours.url}/?how=truncate&share=0.5", timeout=20)
        answer = session.get(f"{ours.url}/?how=garble", timeout=20)
        with pytest.raises(requests.exceptions.JSONDecodeError):
            answer.json()
        assert session.get(f"{ours.url}/count", timeout=20).status_code == 200


def test_what_urllib3_sees(ours: RunningCloud) -> None:
    with urllib3.PoolManager(retries=False) as pool:
        for how, reason in (("drop", http.client.RemoteDisconnected), ("reset", ConnectionResetError)):
            with pytest.raises(urllib3.exceptions.ProtocolError) as broken:
                pool.request("GET", f"{ours.url}/?how={how}")
            assert type(broken.value.args[1]) is reason
        with pytest.raises(urllib3.exceptions.ProtocolError) as cut:
            pool.request("GET", f"{ours.url}/?how=truncate&share=0")
        assert isinstance(cut.value.args[1], http.client.IncompleteRead)
        with pytest.raises(json.JSONDecodeError):
            pool.request("GET", f"{ours.url}/?how=garble").json()


def test_a_client_that_tries_again_asks_again(ours: RunningCloud) -> None:
    """urllib3 repeats what is safe to repeat: each time the cloud has done what was asked."""
    before = ours.ask("GET", "/count").json
    patient = urllib3.PoolManager(retries=urllib3.Retry(2, backoff_factor=0))
    with patient as pool, pytest.raises(urllib3.exceptions.MaxRetryError):
        pool.request("GET", f"{ours.url}/?how=reset")
    assert ours.ask("GET", "/count").json == before + 4


# TLS -----------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def private(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCloud]:
    folder = tmp_path_factory.mktemp("private")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    _certificate(key, certificate)
    flags = ["--keyfile", str(key), "--certfile", str(certificate)]
    with cloud(folder, gunicorn=[*WORKERS["ours"], *flags], application="tests.web.leaving") as started:
        yield started


def _certificate(key: Path, certificate: Path) -> None:
    drawn = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, drawn.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(drawn, hashes.SHA256())
    )
    certificate.write_bytes(made.public_bytes(Encoding.PEM))
    key.write_bytes(drawn.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def trusting() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def test_the_same_holds_over_tls(private: RunningCloud) -> None:
    def ask(path: str) -> tuple[int, bytes]:
        connection = http.client.HTTPSConnection(private.host, timeout=20, context=trusting())
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    assert ask("/") == (200, WHOLE)
    for how in ("drop", "reset"):
        with pytest.raises(http.client.RemoteDisconnected):
            ask(f"/?how={how}")
    with pytest.raises(http.client.IncompleteRead):
        ask("/?how=truncate&share=0.5")
    status, body = ask("/?how=garble")
    assert (status, len(body)) == (200, len(WHOLE))


@pytest.mark.parametrize("how", ["drop", "reset", "truncate"])
def test_tls_says_no_goodbye(private: RunningCloud, how: str) -> None:
    host, _, port = private.host.partition(":")
    plain = socket.create_connection((host, int(port)), timeout=20)
    with trusting().wrap_socket(plain, suppress_ragged_eofs=False) as connection:
        connection.sendall(f"GET /?how={how} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        with connection.makefile("rb") as stream, pytest.raises((ssl.SSLEOFError, ConnectionResetError)):
            stream.read()


# other processes in front --------------------------------------------------------------------------------------------


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        return


@pytest.fixture
def simple() -> Iterator[str]:
    """The application behind the standard library's own, which puts no socket into the environment."""
    with make_server("127.0.0.1", 0, application, handler_class=_Quiet) as made:
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"127.0.0.1:{made.server_port}"
        made.shutdown()
        thread.join()


def test_without_a_socket_in_hand_the_answer_ends_all_the_same(simple: str) -> None:
    def ask(path: str) -> bytes:
        connection = http.client.HTTPConnection(simple, timeout=20)
        try:
            connection.request("GET", path)
            return connection.getresponse().read()
        finally:
            connection.close()

    assert ask("/") == WHOLE
    for how in ("drop", "reset"):
        with pytest.raises(http.client.RemoteDisconnected):
            ask(f"/?how={how}")
    with pytest.raises(http.client.IncompleteRead) as cut:
        ask("/?how=truncate&share=0.5")
    assert cut.value.partial == WHOLE[: len(WHOLE) // 2]


def test_a_process_in_front_may_lend_its_socket() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        client = socket.create_connection(listening.getsockname(), timeout=20)
        near, _ = listening.accept()
        with client, near:
            lost = wire.leave({wire.CONNECTION: near}, [WHOLE], Response(200, wire=Wire("reset")))
            with pytest.raises(ConnectionResetError):
                list(lost)
            with pytest.raises(ConnectionResetError):
                client.recv(1)
            # whoever owns it can go on saying goodbye, and closes no descriptor of another's
            near.shutdown(socket.SHUT_RDWR)


def test_a_unix_socket_knows_no_reset() -> None:
    near, far = socket.socketpair(socket.AF_UNIX)
    with near, far:
        far.sendall(b"GET / HTTP/1.1\r\n\r\n")
        near.recv(100)
        with pytest.raises(ConnectionResetError):
            list(wire.leave({wire.CONNECTION: near}, [WHOLE], Response(200, wire=Wire("reset"))))
        assert far.recv(1) == b""


def test_a_client_that_is_gone_already_is_no_problem() -> None:
    near, far = socket.socketpair()
    far.close()
    near.close()
    for how in ("drop", "reset"):
        with pytest.raises(ConnectionResetError):
            list(wire.leave({wire.CONNECTION: near}, [WHOLE], Response(200, wire=Wire(how))))


# garbling ------------------------------------------------------------------------------------------------------------


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists, max_leaves=5))
def test_no_parser_takes_what_is_garbled(data: object) -> None:
    whole = encode(data)
    (garbled,) = wire.leave({}, [whole], Response(200, wire=Wire("garble")))
    assert len(garbled) == len(whole)
    for parse in (json.loads, orjson.loads):
        with pytest.raises(json.JSONDecodeError):
            parse(garbled)
