# SPDX-License-Identifier: Apache-2.0
"""The threads that answer: some that work, and beside them any that hold an answer back.

On the way of a request: gunicorn's worker hands connections to them. A thread that waits counts for nothing, and
another one takes its place, so that delayed answers hold up no others.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future
from functools import partial
from typing import Any, ParamSpec, TypeVar

Given = ParamSpec("Given")
Result = TypeVar("Result")


class Threads(Executor):
    """Runs calls in threads, made when they are needed, of which at most `most` work at the same time.

    A call that uses `pause` is not working meanwhile. There may be as many of these as there are calls, so whoever
    submits them bounds their number; a worker of gunicorn does, by its `worker_connections`. A thread that comes out of
    its pause goes on at once, and the first one to be done leaves. The threads are daemons: none of them keeps the
    process from ending.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._calls: deque[tuple[Future[Any], Callable[[], Any]]] = deque()
        self._changed = threading.Condition()
        # Threads that don't pause, be they working or idle.
        self._present = 0
        self._idle = 0
        self._stopped = False
        self._hurry = threading.Event()

    def submit(self, fn: Callable[Given, Result], /, *args: Given.args, **kwargs: Given.kwargs) -> Future[Result]:
        """Have `fn` called in a thread; raises RuntimeError after `shutdown`."""
        future: Future[Result] = Future()
        with self._changed:
            if self._stopped:
                raise RuntimeError("no call can be submitted after the shutdown")
            self._calls.append((future, partial(fn, *args, **kwargs)))
            self._employ()
        return future

    def pause(self, seconds: float) -> None:
        """Wait, in a thread of these; shorter where `hurry` or `shutdown` was or is called."""
        with self._changed:
            self._present -= 1
            self._employ()
        self._hurry.wait(seconds)
        with self._changed:
            self._present += 1

    def hurry(self) -> None:
        """End all pauses. A handler of a signal may call this: it takes no lock that the interrupted line may hold."""
        self._hurry.set()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more calls, end all pauses, and let the threads go once the calls are done; nobody waits for that."""
        self._hurry.set()
        with self._changed:
            self._stopped = True
            while cancel_futures and self._calls:
                self._calls.popleft()[0].cancel()
            self._changed.notify_all()

    def _employ(self) -> None:
        """Find a thread for the calls that wait, if there may be one more; the lock is held."""
        if len(self._calls) > self._idle and self._present < self._most:
            self._present += 1
            try:
                threading.Thread(target=self._work, name="answers", daemon=True).start()
            except RuntimeError:
                # The machine has no more threads for us. Those that are there will come to it.
                self._present -= 1
        self._changed.notify()

    def _work(self) -> None:
        while (next_one := self._next()) is not None:
            future, call = next_one
            if future.set_running_or_notify_cancel():
                with _Told(future):
                    future.set_result(call())
            # An idle thread holds on to nothing.
            del next_one, future, call

    def _next(self) -> tuple[Future[Any], Callable[[], Any]] | None:
        """What a thread does next; None where it is not needed any more."""
        with self._changed:
            while True:
                if self._present > self._most or (self._stopped and not self._calls):
                    self._present -= 1
                    # It may have been woken for a call that it now leaves to others.
                    self._changed.notify()
                    return None
                if self._calls:
                    return self._calls.popleft()
                self._idle += 1
                self._changed.wait()
                self._idle -= 1


class _Told:
    """Whatever is raised in the block is for whoever asks for the result; the thread goes on."""

    def __init__(self, future: Future[Any]) -> None:
        self._future = future

    def __enter__(self) -> None:
        return

    def __exit__(self, kind: type[BaseException] | None, problem: BaseException | None, trace: object) -> bool:
        if problem is not None:
            self._future.set_exception(problem)
        return True
