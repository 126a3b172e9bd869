# SPDX-License-Identifier: Apache-2.0
"""Plain scalars: the core schema of YAML 1.2, and nothing of YAML 1.1's surprises."""

import math

import pytest

from mimic_rules.config.located import Scalar
from mimic_rules.config.scalars import resolve


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("True", True),
        ("false", False),
        ("12", 12),
        ("-7", -7),
        ("007", 7),
        ("0o17", 15),
        ("0x1F", 31),
        ("1.5", 1.5),
        ("1.", 1.0),
        (".5", 0.5),
        ("1e3", 1000.0),
        (".inf", math.inf),
        ("-.INF", -math.inf),
        ("9" * 100, int("9" * 100)),
        # what YAML 1.1 took for true, for a base of 60 and for a time is text
        ("yes", "yes"),
        ("off", "off"),
        ("1:30", "1:30"),
        ("1_000", "1_000"),
        ("2030-01-31", "2030-01-31"),
        ("127.0.0.1", "127.0.0.1"),
        ("1e", "1e"),
        ("٣", "٣"),
        ("9" * 101, "9" * 101),
    ],
)
def test_scalars(text: str, value: Scalar) -> None:
    found = resolve(text)
    assert (type(found), found) == (type(value), value)


def test_not_a_number_is_a_number_to_yaml() -> None:
    found = resolve(".nan")
    assert isinstance(found, float)
    assert math.isnan(found)
