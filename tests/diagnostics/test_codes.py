# SPDX-License-Identifier: Apache-2.0
"""The table of codes: every one has its page, and stands in the range of its module."""

import re

import pytest

from mimic_rules.diagnostics import CODES, Code
from mimic_rules.diagnostics.codes import (
    configuration,
    lifecycles,
    lint,
    meetings,
    names,
    proofs,
    reading,
    values,
)

RANGES = {
    "1": reading.READING,
    "2": names.NAMES,
    "3": values.VALUES,
    "4": lifecycles.LIFECYCLES,
    "5": meetings.MEETINGS,
    "6": configuration.CONFIGURATION,
    "7": lint.LINT,
    "8": proofs.PROOFS,
}


@pytest.mark.parametrize("code", CODES.values(), ids=str)
def test_a_code_has_a_whole_page(code: Code) -> None:
    assert code.wrong != code.right
    for words in (code.title, code.why):
        assert words == words.strip() != ""
        assert not words.endswith(".")
        # lower case, but for the names of things such as YAML
        assert words[0].islower() or words.split()[0].isupper() or not words[0].isalpha()


@pytest.mark.parametrize("digit", RANGES)
def test_codes_stand_in_their_range_in_order(digit: str) -> None:
    written = [code.code for code in RANGES[digit]]
    assert all(re.fullmatch(rf"MR{digit}\d\d", code) for code in written)
    assert written == sorted(set(written))


def test_the_table_holds_every_code_of_every_range() -> None:
    assert [*CODES.values()] == [code for codes in RANGES.values() for code in codes]
