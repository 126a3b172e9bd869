# SPDX-License-Identifier: Apache-2.0
"""Durations and sizes: what is read, what is not, and reading back what was written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mimic_rules.config import format_duration, parse_duration, parse_size


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0s", 0.0),
        ("200ms", 0.2),
        ("1.5s", 1.5),
        ("30s", 30.0),
        ("5m", 300.0),
        ("2h", 7200.0),
        ("1d", 86400.0),
        ("36525d", 3155760000.0),
        ("36526d", None),
        ("5", None),
        ("5 s", None),
        ("-5s", None),
        ("5S", None),
        (".5s", None),
        ("5s\n", None),
        ("1h30m", None),
        ("٣s", None),
        ("1" * 16 + "ms", None),
        ("", None),
    ],
)
def test_durations(text: str, seconds: float | None) -> None:
    assert parse_duration(text) == seconds


@given(st.integers(0, 10**9), st.sampled_from([("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000)]))
def test_units_are_multiples_of_each_other(count: int, unit: tuple[str, int]) -> None:
    name, milliseconds = unit
    assert parse_duration(f"{count}{name}") == parse_duration(f"{count * milliseconds}ms")


@given(st.floats(0, 3155760000.0))
def test_a_written_duration_is_read_back(seconds: float) -> None:
    assert parse_duration(format_duration(seconds)) == seconds


@pytest.mark.parametrize(
    ("seconds", "text"), [(5.0, "5s"), (0.2, "0.2s"), (0.0, "0s"), (86400.0, "86400s"), (1e-7, "0.0000001s")]
)
def test_durations_are_written_plainly(seconds: float, text: str) -> None:
    assert format_duration(seconds) == text


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("0B", 0),
        ("512B", 512),
        ("64KiB", 65536),
        ("1MiB", 1048576),
        ("2GiB", 2147483648),
        ("3kB", 3000),
        ("4MB", 4_000_000),
        ("5GB", 5_000_000_000),
        ("1iB", None),
        ("1KB", None),
        ("1.5MiB", None),
        ("1 MiB", None),
        ("-1B", None),
        ("100", None),
        ("", None),
    ],
)
def test_sizes(text: str, size: int | None) -> None:
    assert parse_size(text) == size
