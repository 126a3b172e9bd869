# SPDX-License-Identifier: Apache-2.0
"""The clock of a world: moved, stopped, let run, and asked what has happened.

On the way of a test: a part of a world. Lengths of time are seconds, text such as `30d`, or a timedelta.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from mimic_rules.testing.calls import Calls
from mimic_rules.testing.values import Moment

Length: TypeAlias = float | str | timedelta
"""So much time: seconds, text such as `200ms`, `30s`, `2h` or `30d`, or a timedelta."""


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock of one world. Every method says what has happened with it, and raises ControlError for a wish that
    can't be done; then nothing of it is.
    """

    calls: Calls

    @property
    def now(self) -> datetime:
        """World time, in UTC."""
        return self.look().now

    def look(self) -> Moment:
        """What time it is, and what has happened by now."""
        return Moment.read(self.calls.get("/clock"))

    def advance(self, by: Length) -> Moment:
        """Move time forward."""
        return self._wish(advance=seconds(by))

    def until(self, time: datetime | str) -> Moment:
        """Move time forward to a moment, such as `2030-01-31T12:00:00Z`; without an offset it is UTC."""
        return self._wish(until=moment(time))

    def until_quiet(self, within: Length | None = None) -> Moment:
        """Move time on from event to event, until nothing is due within a day, or within so much time."""
        return self._wish(until="quiet", **({} if within is None else {"within": seconds(within)}))

    def freeze(self, at: datetime | str | None = None) -> Moment:
        """Stop the clock; with `at`, exactly there."""
        return self._wish(freeze=True, **({} if at is None else {"until": moment(at)}))

    def run(self, rate: float = 1.0) -> Moment:
        """Let it run on, so many seconds of the world to a real one."""
        return self._wish(run=True, rate=rate)

    def on_poll(self, after: int | None = 1) -> Moment:
        """Let a record that waits move on at each look at it, or at each so manieth; None: looks move nothing."""
        return self._wish(poll=after)

    def _wish(self, **wish: object) -> Moment:
        return Moment.read(self.calls.post("/clock", wish))


def seconds(length: Length) -> float | str:
    """A length of time as the control API takes it."""
    return length.total_seconds() if isinstance(length, timedelta) else length


def moment(time: datetime | str) -> str:
    """A moment as the control API takes it."""
    return time if isinstance(time, str) else time.isoformat()
