# SPDX-License-Identifier: Apache-2.0
"""Durations such as `200ms` and sizes such as `1MiB`: from text to numbers, and back.

The readers of configuration values use them; what comes out are seconds and bytes.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

LONGEST_DURATION: Final = 36525 * 86400.0
"""A hundred years, in seconds: a clock that is later than that leaves the calendar."""

_SECONDS: Final = {
    "ms": Decimal("0.001"),
    "s": Decimal(1),
    "m": Decimal(60),
    "h": Decimal(3600),
    "d": Decimal(86400),
}
_BYTES: Final = {"B": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "kB": 10**3, "MB": 10**6, "GB": 10**9}
_DURATION: Final = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,340})?)(ms|s|m|h|d)")
_SIZE: Final = re.compile(r"([0-9]{1,15})([kKMG]?i?B)")


def parse_duration(text: str) -> float | None:
    """The seconds that `200ms`, `1.5s`, `30s`, `5m`, `2h` or `1d` stand for; None for other text or too long a time."""
    found = _DURATION.fullmatch(text)
    if found is None:
        return None
    # Decimal, so that 0.1s and 100ms are one value.
    seconds = float(Decimal(found[1]) * _SECONDS[found[2]])
    return seconds if seconds <= LONGEST_DURATION else None


def format_duration(seconds: float) -> str:
    """The duration as `parse_duration` reads it back, exactly."""
    text = format(Decimal(repr(seconds)), "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) + "s"


def parse_size(text: str) -> int | None:
    """The bytes that `512B`, `64KiB`, `1MiB` or `2GB` stand for; None for any other text."""
    found = _SIZE.fullmatch(text)
    if found is None or found[2] not in _BYTES:
        return None
    return int(found[1]) * _BYTES[found[2]]
