# SPDX-License-Identifier: Apache-2.0
"""The clock of a world: seconds since the epoch (UTC), at a speed of its own, and never backwards.

A request reads it once, when its transaction begins; tests and the control API freeze, scale and advance it. What comes
in is a monotonic counter and the wishes of whoever drives the world; what goes out is world time.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable

from mimic_rules.state.plain import JSON

END_OF_TIME = 253_402_300_799.0
"""The last second of the year 9999 (UTC): beyond it, times can't be written in the formats that services use."""


def wall_time() -> float:
    """Seconds since the epoch by the machine's clock: what a new world starts at when nobody says otherwise."""
    return time.time()


def elapsed() -> float:
    """Real seconds since an unsaid moment, never fewer than before: for durations and idleness, not for dates."""
    return time.monotonic()


class WorldClock:
    """World time = base + rate x (real seconds since the base was set), and the base alone while frozen.

    `start` is in seconds since the epoch, from 0 to the end of the year 9999; `rate` is world seconds per real second.
    `monotonic` counts real seconds from anywhere. `poll`, where it isn't None, is after how many looks at a record that
    waits its next event is brought forward; the clock keeps the wish, the engine does it. A clock that runs to the end
    of the year 9999 stops there. Every number that is negative, infinite or not a number raises `ValueError`, and so
    does every wish to leave the range.
    """

    __slots__ = ("_anchor", "_base", "_frozen", "_latest", "_lock", "_monotonic", "_poll", "_rate")

    def __init__(
        self,
        start: float,
        *,
        rate: float = 1.0,
        frozen: bool = False,
        poll: int | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._base = self._latest = _time(start)
        self._rate = _rate(rate)
        self._frozen = frozen
        self._poll = _looks(poll)
        self._monotonic = monotonic
        self._anchor = monotonic()
        self._lock = threading.Lock()

    @property
    def rate(self) -> float:
        """World seconds per real second while the clock runs."""
        return self._rate

    @property
    def frozen(self) -> bool:
        """Whether time stands still until `run`, `advance`, `jump` or `reach`."""
        return self._frozen

    @property
    def poll(self) -> int | None:
        """After how many looks a record's next event is brought forward, or None: looks move nothing."""
        return self._poll

    def now(self) -> float:
        """World time in seconds since the epoch."""
        with self._lock:
            return self._read(self._monotonic())

    def advance(self, seconds: float) -> float:
        """Move time forward by `seconds`, frozen or not; gives the new time."""
        if not 0 <= seconds <= sys.float_info.max:
            raise ValueError(f"can't advance by `{seconds}`: give a number of seconds, zero or more")
        with self._lock:
            counter = self._monotonic()
            now = self._read(counter)
            if seconds > END_OF_TIME - now:
                raise ValueError(f"can't advance by `{seconds}` seconds: world time ends with the year 9999")
            return self._set(min(now + seconds, END_OF_TIME), counter)

    def jump(self, to: float) -> float:
        """Move time forward to `to`; gives the new time. A time that has passed raises `ValueError`."""
        to = _time(to)
        with self._lock:
            counter = self._monotonic()
            now = self._read(counter)
            if to < now:
                raise ValueError(f"can't jump to `{to}`: it is `{now}` already, and time only goes forward")
            return self._set(to, counter)

    def reach(self, to: float) -> float:
        """Make sure that it is `to` at least; gives the new time.

        For a due time that a running clock may pass between the look at it and the jump: no error then.
        """
        to = _time(to)
        with self._lock:
            counter = self._monotonic()
            return self._set(max(to, self._read(counter)), counter)

    def freeze(self) -> None:
        """Stop at the present moment. A frozen clock stays as it is."""
        with self._lock:
            counter = self._monotonic()
            self._set(self._read(counter), counter)
            self._frozen = True

    def run(self, rate: float = 1.0) -> None:
        """Go on from the present moment, `rate` world seconds to a real second."""
        rate = _rate(rate)
        with self._lock:
            counter = self._monotonic()
            self._set(self._read(counter), counter)
            self._rate = rate
            self._frozen = False

    def watch(self, after: int | None) -> None:
        """Let `after` looks at a record bring its next event forward; None lets looks move nothing."""
        self._poll = _looks(after)

    def copy(self) -> WorldClock:
        """A clock that shows the same from here on, until one of the two is told something."""
        with self._lock:
            clock = WorldClock(
                self._latest, rate=self._rate, frozen=self._frozen, poll=self._poll, monotonic=self._monotonic
            )
            clock._base, clock._anchor = self._base, self._anchor
            return clock

    def state(self) -> dict[str, JSON]:
        """`now`, `rate`, `frozen` and `poll`: enough to make an equal clock elsewhere."""
        with self._lock:
            now = self._read(self._monotonic())
            return {"now": now, "rate": self._rate, "frozen": self._frozen, "poll": self._poll}

    def _read(self, counter: float) -> float:
        """World time when the monotonic counter shows `counter`; the lock is held.

        INVARIANT: no reading is below an earlier one, not even when the counter falls.
        The base stays where it is, for adding up many short stretches would lose them in rounding.
        """
        if not self._frozen and counter > self._anchor:
            self._latest = max(self._latest, min(self._base + (counter - self._anchor) * self._rate, END_OF_TIME))
        return self._latest

    def _set(self, now: float, counter: float) -> float:
        """Go on from `now`; the lock is held."""
        self._base = self._latest = now
        self._anchor = counter
        return now


def _time(seconds: float) -> float:
    if not 0 <= seconds <= END_OF_TIME:
        raise ValueError(f"`{seconds}` is not a world time: give seconds since 1970, up to the end of the year 9999")
    return float(seconds)


def _rate(rate: float) -> float:
    if not 0 <= rate <= sys.float_info.max:
        raise ValueError(f"`{rate}` is not a speed: give world seconds per real second, zero or more")
    return float(rate)


def _looks(number: int | None) -> int | None:
    if number is not None and (type(number) is not int or number < 1):
        raise ValueError(f"`{number}` is not a number of looks: give a whole number, one or more, or none at all")
    return number
