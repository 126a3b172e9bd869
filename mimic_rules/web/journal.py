# SPDX-License-Identifier: Apache-2.0
"""What was asked of a world, and what it answered: the last requests, and how many there were before them.

On the way of a request: after the engine has answered, before the answer leaves.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final

from mimic_rules.engine.exchange import Request, Response


@dataclass(frozen=True, slots=True)
class Entry:
    """One request: `at` is world time when it was answered, `seconds` the real time that took."""

    request: Request
    response: Response
    at: float
    seconds: float


class Journal:
    """The last `most` requests of one world; `dropped` counts those that are no longer kept."""

    def __init__(self, most: int) -> None:
        self.most: Final = most
        self.dropped = 0
        self._entries: deque[Entry] = deque()

    def note(self, request: Request, response: Response, at: float, seconds: float) -> None:
        """Keep a request; the oldest one goes where there are more than may be kept."""
        if len(self._entries) >= self.most:
            self.dropped += 1
            if not self._entries:
                return
            self._entries.popleft()
        self._entries.append(Entry(request, response, at, seconds))

    def entries(self) -> tuple[Entry, ...]:
        """Those that are kept, the oldest first."""
        return tuple(self._entries)

    def clear(self) -> None:
        """Forget all of them."""
        self._entries.clear()
        self.dropped = 0
