# SPDX-License-Identifier: Apache-2.0
"""A cloud in this process: the worker of `mimic-rules serve` as a thread, on a socket of its own.

On the way of a test: beneath a cloud that is no child. The worker is the same, so what is on the wire is the same; only
signals are left to whoever owns the process.
"""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock, Thread
from typing import Any, Final

from gunicorn.config import Config as Settings
from gunicorn.workers.base import Worker
from gunicorn.workers.gthread import PollableMethodQueue

from mimic_rules.config import load_config
from mimic_rules.diagnostics import DiagnosticError, render_text
from mimic_rules.testing.folder import StartError
from mimic_rules.tools.serve import KEPT_ALIVE, LONGEST_LINE, bind, url_of
from mimic_rules.web.cloud import Cloud, open_cloud
from mimic_rules.web.worker import JsonWorker

LONGEST_STOP: Final = 10.0
"""Seconds of patience, not of work."""


@contextmanager
def serving(config: Path, token: str | None) -> Iterator[str]:
    """A cloud for the length of a block, whose control API other machines may use with `token`; gives its URL.

    Raises StartError with all that is wrong.
    """
    texts: dict[str, str] = {}
    # Nothing but the configuration has a say, as in a child.
    loaded = load_config(start=config.parent, environ={}, flags={"config": str(config)})
    try:
        cloud = open_cloud(loaded, texts=texts, admin_token=token)
    except DiagnosticError as refused:
        raise StartError(render_text(refused.diagnostics, texts)) from None
    bound = bind(cloud.config.host, cloud.config.port)
    worker = _worker(cloud, bound)
    thread = Thread(target=worker.init_process, name="mimic-rules", daemon=True)
    thread.start()
    try:
        yield url_of(bound)
    finally:
        worker.handle_exit(0, None)
        thread.join(LONGEST_STOP)
        worker.tmp.close()
        bound.close()


class _NoProcess(Worker):
    """What a worker does to the process that it has for itself, left out: signals, limits, the seed of randomness."""

    def init_process(self) -> None:
        """Called once the threads are there."""
        self.load_wsgi()
        self.booted = True
        self.run()


class WorkerCalls(PollableMethodQueue):
    """What the threads that answer have the worker's own thread do."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = Lock()
        self._is_closed = False

    def defer(self, callback: Callable[..., Any], *args: Any) -> None:
        """Called by any thread, at any time.

        INVARIANT: nothing is written once the pipe is closed. A process goes on after its worker, and the number of the
        descriptor may be another file's by then.
        """
        with self._lock:
            if not self._is_closed:
                super().defer(callback, *args)

    def close(self) -> None:
        """Called when the worker is done."""
        with self._lock:
            self._is_closed = True
            super().close()


class _Thread(JsonWorker, _NoProcess):
    """The worker of `mimic-rules serve`, in a process that is not its own, so it leaves no connection open."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.method_queue = WorkerCalls()
        # Handed to the threads that answer, and not given back yet.
        self._handed: set[Any] = set()
        self._busy: set[Any] = set()
        self._is_over = False
        self._lock = Lock()

    def enqueue_req(self, conn: Any) -> None:
        """Called with a connection that has something to read, always in the worker's own thread."""
        self._handed.add(conn)
        super().enqueue_req(conn)

    def finish_request(self, conn: Any, fs: Any) -> None:
        """Called when it has been answered, in the same thread."""
        self._handed.discard(conn)
        super().finish_request(conn, fs)

    def handle(self, conn: Any) -> Any:
        """Called in one of the threads that answer."""
        with self._lock:
            if self._is_over:
                conn.close()
                return False
            self._busy.add(conn)
        try:
            return super().handle(conn)
        finally:
            with self._lock:
                self._busy.discard(conn)
                if self._is_over:
                    conn.close()

    def run(self) -> None:
        """Answer until the block ends."""
        super().run()
        with self._lock:
            self._is_over = True
            for conn in (*self._handed, *self.pending_conns):
                if conn in self._busy:
                    # The thread that waits at it wakes, and closes it.
                    with suppress(OSError):
                        conn.sock.shutdown(socket.SHUT_RDWR)
                else:
                    conn.close()


class _Log(logging.LoggerAdapter[logging.Logger]):
    """What a worker logs, in the log of whoever runs the tests; gunicorn's own would set up handlers."""

    def access(self, *told: object) -> None:
        """Called with each request; the journal has them."""

    def close_on_exec(self) -> None:
        """Called for files of a log."""


class _Opened:
    """An application as gunicorn wants it: loaded."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud

    def wsgi(self) -> Any:
        """Called by gunicorn."""
        return self._cloud.app


def _worker(cloud: Cloud, bound: socket.socket) -> _Thread:
    settings = Settings()
    wanted = {
        "threads": cloud.config.threads,
        "keepalive": KEPT_ALIVE,
        "limit_request_line": LONGEST_LINE,
        "forwarded_allow_ips": "",
        # What is not answered when the block ends, nobody waits for.
        "graceful_timeout": 0,
    }
    for name, value in wanted.items():
        settings.set(name, value)
    # gunicorn asks no more of these two than that they have the methods.
    app: Any = _Opened(cloud)
    log: Any = _Log(logging.getLogger("mimic_rules.worker"), {})
    return _Thread(0, os.getppid(), [bound], app, settings.timeout, settings, log)
