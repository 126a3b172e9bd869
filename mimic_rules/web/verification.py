# SPDX-License-Identifier: Apache-2.0
"""Whether what was expected of a world's requests came true, as far as the journal can tell.

On the way of a request: long after it; the control API hands in the requests that are kept, and how many were dropped
before them. What the kept ones prove is said; what a dropped one could have changed is unknown, and never passed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from mimic_rules.web.matching import Seen, differences, fits

MOST_SHOWN: Final = 10
"""Requests that a check names."""


class Result(StrEnum):
    """What became of an expectation."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Times:
    """How often something is to have happened; `at_most` is None where it may be more often."""

    at_least: int
    at_most: int | None

    def __str__(self) -> str:
        if self.at_most is None:
            return f"at least {times(self.at_least)}"
        if self.at_least == self.at_most:
            return f"exactly {times(self.at_least)}"
        return f"at most {times(self.at_most)}" if not self.at_least else f"{self.at_least} to {self.at_most} times"


@dataclass(frozen=True, slots=True)
class Check:
    """One expectation: what was `expected`, what became of it and why.

    `found` is how many requests there surely were of those that it is about, `requests` the first of them; `nearest`
    is the one that came nearest to what is missing, `described` what that one is compared with.
    """

    expected: Mapping[str, Any]
    result: Result
    found: int
    reason: str
    requests: tuple[Seen, ...] = ()
    nearest: Seen | None = None
    described: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class History:
    """The requests that are kept, the oldest first, and how many were dropped before them."""

    kept: Sequence[Seen]
    dropped: int

    @property
    def gap(self) -> str:
        """What may be missing, in words."""
        return older(self.dropped) if self.dropped else "not all of the requests' bodies and headers is kept"


def verify(asked: Mapping[str, Any], history: History) -> tuple[Result, tuple[Check, ...]]:
    """What became of everything that is expected; the schema of `asked` is that of the call of the control API."""
    wanted: Sequence[Mapping[str, Any]] = asked.get("requests", ())
    found = [[fits(one, each) for each in history.kept] for one in wanted]
    checks = [
        _counted(one, one, expected_times(one), fitting, history) for one, fitting in zip(wanted, found, strict=True)
    ]
    for one in asked.get("never", ()):
        fitting = [fits(one, each) for each in history.kept]
        checks.append(_counted({"never": one}, one, Times(0, 0), fitting, history))
    if asked.get("in_order"):
        checks.append(_in_order(wanted, found, history))
    if asked.get("no_others"):
        checks.append(_no_others(found, history))
    results = {check.result for check in checks}
    worst = next((one for one in (Result.FAILED, Result.UNKNOWN) if one in results), Result.PASSED)
    return worst, tuple(checks)


def expected_times(one: Mapping[str, Any]) -> Times:
    """How often a request is expected: `times` is a number, or an object with bounds; without it, at least once."""
    given = one.get("times", {"at_least": 1})
    if isinstance(given, Mapping):
        return Times(given.get("at_least", 0), given.get("at_most"))
    return Times(given, given)


def older(dropped: int) -> str:
    """How many requests are no longer kept, in words."""
    return "1 older request was dropped" if dropped == 1 else f"{dropped} older requests were dropped"


def times(count: int) -> str:
    """A number of times in words."""
    return "once" if count == 1 else f"{count} times"


def _counted(
    expected: Mapping[str, Any],
    described: Mapping[str, Any],
    wanted: Times,
    fitting: Sequence[bool | None],
    history: History,
) -> Check:
    low = fitting.count(True)
    # INVARIANT: the truth lies between `low` and `high`, whatever was dropped.
    high = low + fitting.count(None) + history.dropped
    most = high if wanted.at_most is None else wanted.at_most
    reason = f"found {times(low)}, expected {wanted}"
    if high < wanted.at_least or low > most:
        result = Result.FAILED
    elif low >= wanted.at_least and high <= most:
        result = Result.PASSED
    else:
        result = Result.UNKNOWN
        reason += f"; {history.gap}, so there may have been more"
    those = [one for one, fit in zip(history.kept, fitting, strict=True) if fit]
    nearest = _nearest(described, fitting, history) if low < wanted.at_least else None
    return Check(expected, result, low, reason, tuple(those[:MOST_SHOWN]), nearest, described)


def _nearest(described: Mapping[str, Any], fitting: Sequence[bool | None], history: History) -> Seen | None:
    """Of the requests that aren't the described one, the last of those that differ least."""
    others = [one for one, fit in zip(history.kept, fitting, strict=True) if not fit]
    return min(reversed(others), key=lambda one: sum(1 for _ in differences(described, one)), default=None)


def _in_order(wanted: Sequence[Mapping[str, Any]], found: Sequence[Sequence[bool | None]], history: History) -> Check:
    """Whether the requests came one after the other as they are listed, each as often as it is expected at least."""
    expected = {"in_order": True}
    needed = [expected_times(one).at_least for one in wanted]
    size = len(history.kept)
    done = _taken(needed, found, range(size), lambda fit: fit is True)
    if done == sum(needed):
        return Check(expected, Result.PASSED, done, "found in this order")
    # What was dropped came before what is kept: so the end of the list has to be found here, and nothing else.
    at_end = _taken(needed[::-1], found[::-1], range(size - 1, -1, -1), lambda fit: fit is not False)
    step = _step(needed, done)
    reason = f"request {step + 1} of the list isn't found after those before it"
    if at_end + history.dropped >= sum(needed):
        return Check(expected, Result.UNKNOWN, done, f"{reason}; {history.gap}, so it may have been there")
    return Check(
        expected,
        Result.FAILED,
        done,
        reason,
        nearest=_nearest(wanted[step], found[step], history),
        described=wanted[step],
    )


def _taken(needed: Sequence[int], found: Sequence[Sequence[bool | None]], positions: range, is_one: Any) -> int:
    """How many of the steps (each so often as it is needed) are found in these positions, taken as they come."""
    steps: Iterator[Sequence[bool | None]] = (
        each for many, each in zip(needed, found, strict=True) for _ in range(many)
    )
    done, step = 0, next(steps, None)
    for position in positions:
        if step is None:
            break
        if is_one(step[position]):
            done, step = done + 1, next(steps, None)
    return done


def _step(needed: Sequence[int], done: int) -> int:
    """Which request of the list is next, when so many of all repetitions are found."""
    for step, many in enumerate(needed):
        done -= many
        if done < 0:
            return step
    return len(needed) - 1


def _no_others(found: Sequence[Sequence[bool | None]], history: History) -> Check:
    """Whether every request is one of those that are listed."""
    others, unsure = [], bool(history.dropped)
    for position, one in enumerate(history.kept):
        fitting = [each[position] for each in found]
        if True not in fitting:
            if None in fitting:
                unsure = True
            else:
                others.append(one)
    expected = {"no_others": True}
    if others:
        reason = "1 other request was made" if len(others) == 1 else f"{len(others)} other requests were made"
        return Check(expected, Result.FAILED, len(others), reason, tuple(others[:MOST_SHOWN]))
    if unsure:
        return Check(
            expected, Result.UNKNOWN, 0, f"no other request was found; {history.gap}, so there may have been more"
        )
    return Check(expected, Result.PASSED, 0, "no other request was made")
