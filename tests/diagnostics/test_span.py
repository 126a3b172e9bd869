# SPDX-License-Identifier: Apache-2.0
"""Spans: joining two, and naming a place."""

from hypothesis import given

from mimic_rules.diagnostics import NOWHERE, Span
from tests.strategies_diagnostics import spans


def test_to_joins_start_and_end() -> None:
    assert Span("a", 1, 2, 1, 5).to(Span("b", 3, 1, 4, 7)) == Span("a", 1, 2, 4, 7)


@given(spans())
def test_a_span_to_itself_is_itself(span: Span) -> None:
    assert span.to(span) == span


def test_place_is_file_line_and_column() -> None:
    assert Span("rules/a.rules", 12, 3, 12, 9).place() == "rules/a.rules:12:3"


def test_what_no_file_says_is_nowhere() -> None:
    assert NOWHERE.place() == "nowhere"
