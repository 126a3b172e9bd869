# SPDX-License-Identifier: Apache-2.0
"""Times as rules write them, `09:00`, `09:00:30` and `2030-01-01T00:00:00Z`, which are UTC; and ordinals.

Beside the way of a rule: the builder reads them, the printer writes them back.
"""

import re
from datetime import UTC, datetime
from typing import Final

_OF_DAY: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?")
_DATE: Final = re.compile(r"(\d{4}-\d\d-\d\d)T(.+)Z")
_TEENS: Final = range(11, 14)
_SUFFIXES: Final = {1: "st", 2: "nd", 3: "rd"}


def read_moment(text: str) -> tuple[int, bool] | None:
    """Seconds since midnight, and true; or since the epoch, and false; None for what is no time."""
    date = _DATE.fullmatch(text)
    of_day = _OF_DAY.fullmatch(text if date is None else date[2])
    if of_day is None:
        return None
    seconds = int(of_day[1]) * 3600 + int(of_day[2]) * 60 + int(of_day[3] or 0)
    if date is None:
        return seconds, True
    try:
        day = datetime.fromisoformat(date[1]).replace(tzinfo=UTC)
    except ValueError:
        return None
    return int(day.timestamp()) + seconds, False


def write_moment(seconds: int, *, daily: bool) -> str:
    """The text of a moment; `read_moment` reads it back."""
    at = datetime.fromtimestamp(seconds, UTC)
    if daily:
        return at.strftime("%H:%M:%S" if seconds % 60 else "%H:%M")
    return at.isoformat().replace("+00:00", "Z")


def ordinal(number: int) -> str:
    """`1st`, `2nd`, `5th`, `11th`."""
    return f"{number}{'th' if number % 100 in _TEENS else _SUFFIXES.get(number % 10, 'th')}"
