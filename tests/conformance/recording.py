# SPDX-License-Identifier: Apache-2.0
"""A proxy that passes everything on as it is, and keeps what was answered.

It stands between Tempest and the cloud where a run is to be checked; the cloud sees the addresses that the client used.
"""

import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import urlsplit

HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length", "server", "date"})
"""Headers that are of one connection, and those that each server writes itself."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its answer; `asked` and `body` are None where there was none, or none in JSON."""

    method: str
    path: str
    asked: Any
    status: int
    version: str
    body: Any


@dataclass(frozen=True, slots=True)
class Recording:
    """Where the proxy is, and what has passed through it."""

    url: str
    exchanges: list[Exchange] = field(default_factory=list)


@contextmanager
def recording(of: str) -> Iterator[Recording]:
    """A proxy of the server at the URL `of`, on a free port of this machine, until the block ends."""
    server = _Server(urlsplit(of).netloc)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.recording
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, target: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.target = target
        self.recording = Recording(f"http://127.0.0.1:{self.server_port}")


class _Handler(BaseHTTPRequestHandler):
    protocol_version: ClassVar[str] = "HTTP/1.1"
    server: _Server

    def _pass_on(self) -> None:
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        connection = http.client.HTTPConnection(self.server.target, timeout=60)
        try:
            connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                if name.lower() != "connection":
                    connection.putheader(name, value)
            connection.endheaders(sent)
            answer = connection.getresponse()
            body = answer.read()
        finally:
            connection.close()
        self.send_response(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in HOP:
                self.send_header(name, value)
        if answer.status != http.HTTPStatus.NO_CONTENT:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        version = (answer.getheader("OpenStack-API-Version") or "").rpartition(" ")[2]
        self.server.recording.exchanges.append(
            Exchange(self.command, urlsplit(self.path).path, _read(sent), answer.status, version, _read(body))
        )

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = _pass_on

    def log_message(self, *_: object) -> None:
        """Nothing: what passes is kept."""


def _read(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None
