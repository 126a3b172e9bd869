# SPDX-License-Identifier: Apache-2.0
"""gunicorn's worker with threads, which speaks JSON also to a client that doesn't speak HTTP, and leaves when told.

On the way of a request: before the application. What can't be taken apart into method, path and headers never reaches
it, and gunicorn by itself would answer that with a page of HTML.
"""

from __future__ import annotations

import os
import socket
from typing import Any, Final

from gunicorn.http import errors
from gunicorn.workers.gthread import ThreadWorker

from mimic_rules.web.answer import encode, error

_STATUSES: Final = (
    (errors.LimitRequestLine, 414, "URI Too Long"),
    (errors.LimitRequestHeaders, 431, "Request Header Fields Too Large"),
    (errors.UnsupportedTransferCoding, 501, "Not Implemented"),
    (errors.ParseException, 400, "Bad Request"),
)


class JsonWorker(ThreadWorker):
    """For the setting `worker_class`."""

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: BaseException) -> None:
        """Called by gunicorn with whatever kept it from handing a request to the application or its answer back."""
        # With a request, the fault is on this side: in a header of the answer, for one.
        for kind, status, reason in _STATUSES if req is None else ():
            if isinstance(exc, kind):
                self.log.info("wrong HTTP from %s: %s", addr, exc)
                _send(client, status, reason, f"this is not HTTP as the cloud takes it: {exc}")
                return
        super().handle_error(req, client, addr, exc)

    def handle_quit(self, sig: int, frame: Any) -> None:
        """Called at an interrupt: all that this process holds is its memory, so it leaves at once.

        gunicorn's own way out takes locks of its threads, one of which the interrupted line may be holding.
        """
        os._exit(0)


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
