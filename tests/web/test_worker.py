# SPDX-License-Identifier: Apache-2.0
"""What gunicorn's worker says where it never comes to the application, apart from what test_serving.py sends it."""

import logging
import socket
from typing import Any

import pytest
from gunicorn.http import errors
from gunicorn.workers.gthread import ThreadWorker

from mimic_rules.web.worker import JsonWorker


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> JsonWorker:
    """A worker that isn't started; what it leaves to gunicorn goes to `log`."""
    made = JsonWorker.__new__(JsonWorker)
    made.log = logging.getLogger("test_worker")

    def theirs(self: ThreadWorker, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        self.log.error("left to gunicorn: %s", type(exc).__name__)

    monkeypatch.setattr(ThreadWorker, "handle_error", theirs)
    return made


@pytest.mark.parametrize(
    ("request_read", "problem"),
    [
        # a header of ours that can't be sent is no mistake of the client's
        (object(), errors.InvalidHeader("X-Own")),
        (None, RuntimeError("ours")),
    ],
)
def test_other_problems_are_left_to_gunicorn(
    worker: JsonWorker, request_read: object, problem: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    near, far = socket.socketpair()
    with near, far:
        worker.handle_error(request_read, near, ("127.0.0.1", 1), problem)
    assert caplog.messages == [f"left to gunicorn: {type(problem).__name__}"]


def test_a_client_that_is_gone_is_no_problem(worker: JsonWorker, caplog: pytest.LogCaptureFixture) -> None:
    near, far = socket.socketpair()
    far.close()
    with near:
        worker.handle_error(None, near, ("127.0.0.1", 1), errors.InvalidRequestLine("BAD"))
    assert caplog.messages == []
