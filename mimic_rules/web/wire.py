# SPDX-License-Identifier: Apache-2.0
"""How an answer leaves where a rule has it so: later, or not whole, or not at all.

On the way of a request: after everything else. The answer is made and all that the request changed is kept; here it
gets lost. Neither the world nor, under `worker.JsonWorker`, a thread is held by an answer that waits.
"""

from __future__ import annotations

import errno
import os
import socket
import struct
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any, Final

from mimic_rules.engine.exchange import Response, Wire
from mimic_rules.web.body import discard
from mimic_rules.web.control.endpoint import Application

ANSWERED: Final = "mimic_rules.response"
"""Where the environment of a request keeps the engine's response, for those who look at it afterwards."""
PAUSE: Final = "mimic_rules.pause"
"""Where a process in front may put what waits for so many seconds, if that should be done otherwise than asleep."""
CONNECTION: Final = "mimic_rules.socket"
"""Where a process in front other than gunicorn may put the socket, so that it can be reset."""

PATIENCE: Final = 2.0
"""Seconds for which the rest of a body is waited for before a connection ends."""

_RESET_AT_CLOSE: Final = struct.pack("ii", 1, 0)
# No text of JSON is made of these characters, in any encoding that a reader may guess.
_GARBLED: Final = bytes(b"#$%&*~^!"[byte % 8] for byte in range(256))


class WiredApplication(Application):
    """An application that lets its answers leave as their rules want."""

    def __call__(self, env: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """The call of WSGI (PEP 3333)."""
        body = super().__call__(env, start_response)
        response = env.get(ANSWERED)
        # PERF: of most answers nothing but this is asked.
        if response is None or not (response.delay or response.wire):
            return body
        return leave(env, body, response)


def leave(env: dict[str, Any], body: Iterable[bytes], response: Response) -> Iterable[bytes]:
    """The body as it leaves, once the response's delay is over; nothing has been written before.

    Where the connection ends early, iterating raises ConnectionResetError; gunicorn and wsgiref then close it, and say
    nothing of it.
    """
    if response.delay:
        env.get(PAUSE, time.sleep)(response.delay)
    wire = response.wire
    if wire is None:
        return body
    if wire.how == "garble":
        return [part.translate(_GARBLED) for part in body]
    return _broken(env, body, wire)


def _broken(env: dict[str, Any], body: Iterable[bytes], wire: Wire) -> Iterator[bytes]:
    if wire.how == "truncate":
        whole = b"".join(body)
        # Rounded before it is cut, for 0.29 of 100 is a little less than 29. Even nothing makes the head leave.
        yield whole[: int(round(len(whole) * wire.share, 6))]
    connection = env.get(CONNECTION) or env.get("gunicorn.socket")
    if connection is not None:
        with suppress(OSError):
            _reset(connection) if wire.how == "reset" else _end(env, connection)
    raise ConnectionResetError(errno.ECONNRESET, "a rule ends the connection here")


def _end(env: dict[str, Any], connection: socket.socket) -> None:
    """End a connection in order: the client reads what was sent, and then that there is no more.

    With a part of the request unread, the kernel would reset the connection instead. Reading is shut as well, for the
    one thread in which gunicorn accepts connections would else wait until the client closes its end.
    """
    connection.settimeout(PATIENCE)
    discard(env)
    connection.shutdown(socket.SHUT_RDWR)


def _reset(connection: socket.socket) -> None:
    """Reset a connection (TCP's RST) now.

    That happens when its last descriptor is closed, but closing it is for whoever opened it, who takes leave first.
    So another socket, whose far end is closed, takes the descriptor over.
    """
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_AT_CLOSE)
    near, far = socket.socketpair()
    with near, far:
        os.dup2(near.fileno(), connection.fileno())
