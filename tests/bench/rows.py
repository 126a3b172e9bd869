# SPDX-License-Identifier: Apache-2.0
"""The rows of the table: what was measured, what it should be, and what it came to."""

from dataclasses import dataclass

from tests.bench.timing import Timing, median_ratio, ratio


@dataclass(frozen=True, slots=True)
class Row:
    """One number; `at_most` is the target, None for what only stands beside one."""

    what: str
    meaning: str
    measured: float
    unit: str = "times"
    at_most: float | None = None
    median: float | None = None

    @property
    def met(self) -> bool | None:
        """Whether the target is reached; None without a target."""
        return None if self.at_most is None else self.measured <= self.at_most


def compared(what: str, meaning: str, one: Timing, other: Timing, at_most: float | None = None) -> Row:
    """The row of a ratio."""
    return Row(what, meaning, ratio(one, other), at_most=at_most, median=median_ratio(one, other))
