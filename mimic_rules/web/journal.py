# SPDX-License-Identifier: Apache-2.0
"""What was asked of a world, and what it answered: the last requests, and how many there were before them.

On the way of a request: after the engine has answered and while the world's lock is held, so that the order is that of
answering.
"""

from __future__ import annotations

import threading
from collections import deque
from typing import Any, Final

from mimic_rules.engine.exchange import MISSING, Request, Response
from mimic_rules.web.entry import NO_BODY, Entry, kept_body, kept_headers
from mimic_rules.web.request import Headers
from mimic_rules.web.traces import KeptTrace, Traces, kept_trace


class Journal:
    """The last `most` requests of one world; `dropped` counts those that are no longer kept.

    Every method may be called from any thread.
    """

    def __init__(self, most: int) -> None:
        self.most: Final = most
        self.dropped = 0
        # PERF: what an entry is made of; most are never looked at, and making one takes as long as the rest of this.
        self._entries: deque[tuple[Any, ...]] = deque()
        self._traces: Final = Traces()
        # A lock of its own, taken last: nothing else is waited for while it is held.
        self._lock: Final = threading.Lock()

    def note(self, request: Request, body: Any, response: Response, at: float, seconds: float) -> None:
        """Keep a request with its decoded `body`; the oldest one goes where there are more than may be kept.

        `at` is world time, `seconds` the real time that answering took.
        """
        headers = request.headers
        copied = headers.copied() if isinstance(headers, Headers) else (tuple(headers), tuple(headers.values()))
        entry = (
            response.request_id,
            request.method,
            request.path,
            response.path,
            request.query,
            *kept_headers(*copied),
            *(NO_BODY if body is MISSING else kept_body(body, headers.get("content-length"))),
            response.status,
            response.service,
            response.operation,
            response.rules,
            at,
            seconds,
            response.delay,
            response.wire,
        )
        trace = None if response.trace is None else kept_trace(response.trace, Entry(*entry).secrets())
        with self._lock:
            entries = self._entries
            if len(entries) >= self.most:
                self.dropped += 1
                if not entries:
                    return
                entries.popleft()
            entries.append(entry)
            if trace is not None:
                self._traces.keep(response.request_id, trace)

    def read(self) -> tuple[tuple[Entry, ...], int]:
        """Those that are kept, the oldest first, and how many were dropped before them: both of the same moment."""
        with self._lock:
            kept, dropped = tuple(self._entries), self.dropped
        return tuple(Entry(*one) for one in kept), dropped

    def entries(self) -> tuple[Entry, ...]:
        """Those that are kept, the oldest first."""
        return self.read()[0]

    def trace(self, request_id: str) -> KeptTrace | None:
        """The trace of a request, if one was asked for and is still kept."""
        with self._lock:
            return self._traces.get(request_id)

    def clear(self) -> None:
        """Forget all of them."""
        with self._lock:
            self._entries.clear()
            self._traces.clear()
            self.dropped = 0

    def __len__(self) -> int:
        return len(self._entries)
