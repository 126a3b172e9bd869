# SPDX-License-Identifier: Apache-2.0
"""How often things have happened in a world: exact whatever the number of threads, and never taken back.

A rule that holds only so many times takes from its counter here when it decides; what comes out is whether it may. A
rollback leaves counters alone: a fault that struck has struck, though nothing else came of the request.
"""

from __future__ import annotations

import threading
from collections.abc import Hashable


class Counters:
    """Counts by key, for at most `max_keys` keys; a key beyond that is never counted and may never be taken."""

    __slots__ = ("_counts", "_lock", "_max_keys")

    def __init__(self, max_keys: int) -> None:
        self._max_keys = max_keys
        self._counts: dict[Hashable, int] = {}
        # A lock of its own, and no other is taken while it is held: a rule may be counted outside a transaction.
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """How many keys have a count."""
        return len(self._counts)

    def take(self, key: Hashable, limit: int) -> bool:
        """Count one more if that makes no more than `limit`; gives whether it did."""
        with self._lock:
            count = self._counts.get(key, 0)
            return count < limit and self._count(key, count + 1)

    def add(self, key: Hashable) -> int:
        """Count one more; gives the count with it, or 0 where there is no room for another key."""
        with self._lock:
            count = self._counts.get(key, 0) + 1
            return count if self._count(key, count) else 0

    def count(self, key: Hashable) -> int:
        """The count so far; 0 for a key never counted."""
        with self._lock:
            return self._counts.get(key, 0)

    def forget(self, key: Hashable) -> None:
        """Start again from 0 and make room: for the key of what is gone."""
        with self._lock:
            self._counts.pop(key, None)

    def clear(self) -> None:
        """Forget all keys."""
        with self._lock:
            self._counts.clear()

    def _count(self, key: Hashable, count: int) -> bool:
        if key not in self._counts and len(self._counts) >= self._max_keys:
            return False
        self._counts[key] = count
        return True
