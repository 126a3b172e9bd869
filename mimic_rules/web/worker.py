# SPDX-License-Identifier: Apache-2.0
"""gunicorn's worker with threads, which speaks JSON also to a client that doesn't speak HTTP, leaves when told, and
has threads to spare for answers that are held back.

On the way of a request: before the application. What can't be taken apart into method, path and headers never reaches
it, and gunicorn by itself would answer that with a page of HTML.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterable
from typing import Any, Final

from gunicorn.http import errors
from gunicorn.workers.gthread import ThreadWorker

from mimic_rules.web.answer import encode, error
from mimic_rules.web.threads import Threads
from mimic_rules.web.wire import PAUSE

_STATUSES: Final = (
    (errors.LimitRequestLine, 414, "URI Too Long"),
    (errors.LimitRequestHeaders, 431, "Request Header Fields Too Large"),
    (errors.UnsupportedTransferCoding, 501, "Not Implemented"),
    (errors.ParseException, 400, "Bad Request"),
)


class JsonWorker(ThreadWorker):
    """For the setting `worker_class`."""

    def get_thread_pool(self) -> Any:
        """Called by gunicorn: `threads` of them work at once. Of the connections, `worker_connections` at most, any may
        have an answer that is held back.
        """
        self._threads = Threads(self.cfg.threads)
        return self._threads

    def load_wsgi(self) -> None:
        """Called by gunicorn once the threads are there."""
        super().load_wsgi()
        self.wsgi = _with_pause(self.wsgi, self._threads.pause)

    def handle_exit(self, sig: int, frame: Any) -> None:
        """Called when the process is told to end, in order; what was held back leaves now."""
        super().handle_exit(sig, frame)
        self._threads.hurry()

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: BaseException) -> None:
        """Called by gunicorn with whatever kept it from handing a request to the application or its answer back."""
        # With a request, the fault is on this side: in a header of the answer, for one.
        for kind, status, reason in _STATUSES if req is None else ():
            if isinstance(exc, kind):
                # What was sent may have a secret in it.
                self.log.info("wrong HTTP from %s: %s", addr, kind.__name__)
                _send(client, status, reason, f"this is not HTTP as the cloud takes it: {exc}")
                return
        super().handle_error(req, client, addr, exc)

    def handle_quit(self, sig: int, frame: Any) -> None:
        """Called at an interrupt: all that this process holds is its memory, so it leaves at once.

        gunicorn's own way out takes locks of its threads, one of which the interrupted line may be holding.
        """
        os._exit(0)


def _with_pause(application: Any, pause: Callable[[float], None]) -> Any:
    """The application, which learns how its answers wait."""

    def call(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        environ[PAUSE] = pause
        answer: Iterable[bytes] = application(environ, start_response)
        return answer

    return call


def _send(client: socket.socket, status: int, reason: str, message: str) -> None:
    body = encode(error(status, message))
    head = (
        f"HTTP/1.1 {status} {reason}\r\nConnection: close\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    try:
        client.sendall(head.encode() + body)
    except OSError:
        # Nobody is left to hear it.
        return
