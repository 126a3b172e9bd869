# SPDX-License-Identifier: Apache-2.0
"""Diagnostics and their collector: order, duplicates, and the cap for each file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mimic_rules.diagnostics import (
    NOWHERE,
    Diagnostic,
    DiagnosticError,
    Diagnostics,
    Fix,
    Related,
    Severity,
    Span,
)
from tests.strategies_diagnostics import diagnostics, spans

ERROR, WARNING = "MR604", "MR614"


def at(line: int, column: int = 1, file: str = "a.rules") -> Span:
    return Span(file, line, column, line, column + 1)


def position(one: Diagnostic) -> tuple[str, int, int, str]:
    return one.span.file, one.span.line, one.span.column, one.code


def test_severity_is_that_of_the_code() -> None:
    assert Diagnostic(ERROR, "m", NOWHERE).severity is Severity.ERROR
    assert Diagnostic(WARNING, "m", NOWHERE).severity is Severity.WARNING


def test_a_code_outside_the_table_has_no_severity() -> None:
    with pytest.raises(KeyError, match="MR000"):
        _ = Diagnostic("MR000", "m", NOWHERE).severity


def test_the_error_carries_its_diagnostics_and_says_them() -> None:
    first, second = Diagnostic(ERROR, "one", at(3)), Diagnostic(WARNING, "two", at(4, 2))
    error = DiagnosticError([first, second])
    assert error.diagnostics == (first, second)
    assert str(error) == "a.rules:3:1: MR604: one\na.rules:4:2: MR614: two"


def test_add_keeps_every_part() -> None:
    collected = Diagnostics()
    related, fix = Related(at(1), "here"), Fix(at(2), "b", "write b")
    collected.add(ERROR, "m", at(2), help="h", related=[related], fix=fix)
    assert collected.items == (Diagnostic(ERROR, "m", at(2), "h", (related,), fix),)


def test_only_exact_duplicates_are_dropped() -> None:
    collected = Diagnostics()
    for help in ("a", "a", "b"):
        collected.add(ERROR, "m", at(1), help=help)
    assert [one.help for one in collected.items] == ["a", "b"]


def test_without_errors() -> None:
    collected = Diagnostics()
    assert not collected.has_errors
    assert collected.items == ()
    collected.add(WARNING, "m", at(1))
    assert not collected.has_errors
    collected.extend([Diagnostic(ERROR, "m", at(1))])
    assert collected.has_errors


@given(st.lists(diagnostics))
def test_items_are_all_that_was_added_sorted_and_each_once(added: list[Diagnostic]) -> None:
    items = Diagnostics(added).items
    assert set(items) == set(added)
    assert len(items) == len(set(added))
    assert [position(one) for one in items] == sorted(position(one) for one in items)


@given(st.lists(diagnostics))
def test_places_and_codes_come_in_one_order_however_they_were_added(added: list[Diagnostic]) -> None:
    turned = Diagnostics(reversed(added)).items
    assert [(position(one), one.message) for one in turned] == [
        (position(one), one.message) for one in Diagnostics(added).items
    ]


def test_a_hundred_of_a_file_are_all_shown() -> None:
    collected = Diagnostics(Diagnostic(ERROR, "m", at(line)) for line in range(1, 101))
    assert [one.span.line for one in collected.items] == list(range(1, 101))


@pytest.mark.parametrize(
    ("count", "message"), [(101, "1 more problem in this file"), (140, "40 more problems in this file")]
)
def test_of_more_the_rest_is_counted(count: int, message: str) -> None:
    collected = Diagnostics(Diagnostic(ERROR, "m", at(line)) for line in range(1, count + 1))
    collected.add(ERROR, "other", at(1, file="b.rules"))
    items = collected.items
    assert [one.span.line for one in items[:100]] == list(range(1, 101))
    assert items[100] == Diagnostic("MR199", message, at(count), "mend the problems above, then check again")
    assert items[101:] == (Diagnostic(ERROR, "other", at(1, file="b.rules")),)


def test_errors_are_shown_before_warnings_are() -> None:
    collected = Diagnostics(Diagnostic(WARNING, "m", at(line)) for line in range(1, 121))
    collected.add(ERROR, "late", at(500))
    shown = collected.items
    assert len(shown) == 101
    assert [one.code for one in shown[-2:]] == ["MR199", ERROR]
    assert [one.span.line for one in shown[:99]] == list(range(1, 100))


@given(st.sets(spans(), max_size=30), st.integers(0, 250))
def test_never_more_than_a_hundred_and_one_for_each_file(few: set[Span], many: int) -> None:
    collected = Diagnostics(Diagnostic(WARNING, "m", span) for span in few)
    collected.extend(Diagnostic(ERROR, "m", at(line)) for line in range(1, many + 1))
    shown: dict[str, list[Diagnostic]] = {}
    for one in collected.items:
        shown.setdefault(one.span.file, []).append(one)
    assert all(len(of_file) <= 101 for of_file in shown.values())
    assert any(one.severity is Severity.ERROR for one in collected.items) == collected.has_errors
