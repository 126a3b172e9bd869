# SPDX-License-Identifier: Apache-2.0
"""How often things have happened in a world, and when: exact whatever the number of threads, and never taken back.

A rule that holds only so many times, every so often or within a window of time asks its counter here when it decides;
what comes out is whether it may. A rollback leaves counters alone: a fault that struck has struck, though nothing else
came of the request.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Hashable, Iterable, Mapping


class Counters:
    """Counts and times by key, for at most `max_keys` keys.

    A key beyond that is never counted, may never be taken and is never made to wait. A key has a count, or times, or
    both of them; they take up room apart.
    """

    __slots__ = ("_counts", "_lock", "_max_keys", "_times")

    def __init__(self, max_keys: int) -> None:
        self._max_keys = max_keys
        self._counts: dict[Hashable, int] = {}
        self._times: dict[Hashable, deque[float]] = {}
        # A lock of its own, and no other is taken while it is held: a rule may be counted outside a transaction.
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """How many counts and windows there are."""
        return len(self._counts) + len(self._times)

    @property
    def max_keys(self) -> int:
        """How many counts and windows there may be."""
        return self._max_keys

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

    def every(self, key: Hashable, n: int) -> bool:
        """Count one more; true for the `n`th, the 2`n`th and so on. `n` is 1 or more."""
        count = self.add(key)
        return count > 0 and count % n == 0

    def share(self, key: Hashable, numerator: int, denominator: int) -> bool:
        """Count one more; true for `numerator` in `denominator` of them, spread as evenly as whole numbers can be.

        The numerator is 0 or more and no more than the denominator.
        """
        count = self.add(key)
        return count > 0 and count * numerator // denominator > (count - 1) * numerator // denominator

    def tick(self, key: Hashable) -> int:
        """Count one more; gives the count before it, so that the first is 0, and so is a key without room."""
        return max(self.add(key) - 1, 0)

    def window(self, key: Hashable, now: float, count: int, seconds: float) -> float:
        """0.0, and `now` is noted, where fewer than `count` times were noted in the last `seconds`.

        Otherwise how many seconds it takes until that is so again, and nothing is noted. `now` is world time; one that
        is before the last noted is taken for that. `count` is 1 or more. No more than `count` times are kept.
        """
        with self._lock:
            times = self._times.get(key)
            if times is None:
                if len(self) < self._max_keys:
                    self._times[key] = deque([now])
                return 0.0
            # INVARIANT: the times are in order.
            while times and times[0] + seconds <= now:
                times.popleft()
            if len(times) >= count:
                return times[-count] + seconds - now
            times.append(max(now, times[-1]) if times else now)
            return 0.0

    def count(self, key: Hashable) -> int:
        """The count so far; 0 for a key never counted."""
        with self._lock:
            return self._counts.get(key, 0)

    def times(self, key: Hashable) -> tuple[float, ...]:
        """The times noted for a window, in order; those that it has passed may be among them."""
        with self._lock:
            return tuple(self._times.get(key, ()))

    def counts(self) -> dict[Hashable, int]:
        """All counts by key; the dictionary is the caller's own."""
        with self._lock:
            return self._counts.copy()

    def windows(self) -> dict[Hashable, tuple[float, ...]]:
        """All times by key; the dictionary is the caller's own."""
        with self._lock:
            return {key: tuple(times) for key, times in self._times.items()}

    def copy(self) -> Counters:
        """Equal counters, from here on apart: for another world, or to try out what would be decided."""
        with self._lock:
            return self.of(self._max_keys, self._counts, self._times)

    @classmethod
    def of(cls, max_keys: int, counts: Mapping[Hashable, int], times: Mapping[Hashable, Iterable[float]]) -> Counters:
        """Counters that have counted this already; more than `max_keys` raise `ValueError`."""
        counters = cls(max_keys)
        counters._counts = dict(counts)
        counters._times = {key: deque(noted) for key, noted in times.items()}
        if len(counters) > max_keys:
            raise ValueError(f"there are {len(counters)} counters, and no more than {max_keys} may be")
        return counters

    def forget(self, key: Hashable) -> None:
        """Start again from 0 and make room: for the key of what is gone."""
        with self._lock:
            self._counts.pop(key, None)
            self._times.pop(key, None)

    def clear(self) -> None:
        """Forget all keys."""
        with self._lock:
            self._counts.clear()
            self._times.clear()

    def _count(self, key: Hashable, count: int) -> bool:
        if key not in self._counts and len(self) >= self._max_keys:
            return False
        self._counts[key] = count
        return True
