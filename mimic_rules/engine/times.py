# SPDX-License-Identifier: Apache-2.0
"""Times as the services write them; inside, a time is seconds since the epoch, in UTC.

On the way of a request: functions of the language, called when a view is made or a parameter read.
"""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from mimic_rules.engine.exchange import MISSING
from mimic_rules.engine.values import is_number

_LAST = 253402300799


# PERF: a list of a hundred records shows two or three times each, and most of them are few different seconds.
@lru_cache(maxsize=4096)
def _whole(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def naive(seconds: Any) -> Any:
    """`2013-09-23T13:53:12`."""
    return _whole(int(seconds)) if is_number(seconds) and 0 <= seconds <= _LAST else MISSING


def iso(seconds: Any) -> Any:
    """`2013-09-23T13:53:12Z`."""
    return _whole(int(seconds)) + "Z" if is_number(seconds) and 0 <= seconds <= _LAST else MISSING


def naive_us(seconds: Any) -> Any:
    """`2013-09-23T13:53:12.774549`."""
    if not is_number(seconds) or not 0 <= seconds <= _LAST:
        return MISSING
    micros = round(seconds * 1_000_000)
    return f"{_whole(micros // 1_000_000)}.{micros % 1_000_000:06d}"


def iso_us(seconds: Any) -> Any:
    """`2013-09-23T13:53:12.774549Z`."""
    text = naive_us(seconds)
    return text if text is MISSING else text + "Z"


def parse(text: Any) -> Any:
    """Seconds of an ISO 8601 time (UTC where it names no zone); a number is seconds already."""
    if is_number(text):
        return text
    if type(text) is not str:
        return MISSING
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return MISSING
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
