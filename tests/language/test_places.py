# SPDX-License-Identifier: Apache-2.0
"""Words within pieces, and saying one thing about one place once."""

import pytest

from mimic_rules.diagnostics import Span
from mimic_rules.language.places import Places
from mimic_rules.language.report import Report, suggest

TEXT = "view box.v {\n  name  name_of  $name\n  name\n}\n"
WHOLE = Span("a", 1, 1, 4, 2)


@pytest.mark.parametrize(
    ("span", "word", "last", "place"),
    [
        (WHOLE, "box", False, (1, 6, 1, 9)),
        (WHOLE, "name", False, (2, 3, 2, 7)),
        (WHOLE, "name", True, (3, 3, 3, 7)),
        (WHOLE, "$name", False, (2, 18, 2, 23)),
        (WHOLE, "nam", False, (1, 1, 4, 2)),
        (WHOLE, "", False, (1, 1, 4, 2)),
        (Span("a", 2, 4, 3, 3), "name", False, (2, 4, 3, 3)),
        (Span("a", 9, 1, 9, 2), "name", False, (9, 1, 9, 2)),
        (Span("b", 1, 1, 4, 2), "name", False, (1, 1, 4, 2)),
    ],
)
def test_a_word_is_found_within_a_span(span: Span, word: str, last: bool, place: tuple[int, int, int, int]) -> None:
    assert Places({"a": TEXT}).word(span, word, last=last) == Span(span.file, *place)


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (Span("a", 1, 6, 1, 9), "`box`"),
        (WHOLE, "this"),
        (Span("a", 1, 6, 1, 6), "this"),
        (Span("b", 1, 1, 1, 5), "this"),
        (Span("long", 1, 1, 1, 61), "`" + "x" * 60 + "`"),
        (Span("long", 1, 1, 1, 62), "this"),
    ],
)
def test_a_short_text_is_quoted(span: Span, text: str) -> None:
    assert Places({"a": TEXT, "long": "x" * 70}).text(span) == text


def test_one_thing_is_said_about_one_place_once() -> None:
    report = Report()
    report.add("MR201", "first", WHOLE)
    report.add("MR201", "second", WHOLE)
    report.add("MR202", "third", WHOLE)
    assert [one.message for one in report.diagnostics.items] == ["first", "third"]


def test_a_name_is_suggested_or_what_to_do() -> None:
    assert suggest("nmae", ["name", "size"], "declare it") == "did you mean `name`?"
    assert suggest("zzz", ["name", "size"], "declare it") == "declare it"
