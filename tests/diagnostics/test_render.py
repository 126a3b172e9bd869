# SPDX-License-Identifier: Apache-2.0
"""Rendering: text with carets under the span, JSON with stable keys, annotations with GitHub's escapes."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mimic_rules.diagnostics import (
    NOWHERE,
    Diagnostic,
    Fix,
    Related,
    Span,
    render_github,
    render_json,
    render_text,
)
from tests.strategies_diagnostics import diagnostics

ERROR, WARNING = "MR610", "MR614"


def drawn(line: str, start: int, end: int) -> list[str]:
    """The two lines of the snippet for the columns from `start` up to `end` of a text of one line."""
    text = render_text([Diagnostic(ERROR, "m", Span("f", 1, start, 1, end))], {"f": line})
    return text.split("\n")[1:3]


def test_text_has_place_snippet_help_related_and_count() -> None:
    one = Diagnostic(
        ERROR,
        "`prot` isn't a key",
        Span("mimic.yaml", 2, 1, 2, 5),
        "did you mean `port`?",
        (Related(Span("a.rules", 7, 3, 7, 4), "it is declared here"),),
    )
    other = Diagnostic(WARNING, "unused", NOWHERE)
    assert render_text([one, other], {"mimic.yaml": "host: h\nprot: 1\n"}) == (
        "mimic.yaml:2:1: error MR610: `prot` isn't a key\n"
        "  2 | prot: 1\n"
        "    | ^^^^\n"
        "  help: did you mean `port`?\n"
        "  related: a.rules:7:3: it is declared here\n"
        "nowhere: warning MR614: unused\n"
        "1 error, 1 warning\n"
    )


@pytest.mark.parametrize(
    ("errors", "warnings", "count"),
    [(1, 0, "1 error"), (2, 1, "2 errors, 1 warning"), (0, 3, "3 warnings"), (3, 2, "3 errors, 2 warnings")],
)
def test_the_last_line_counts(errors: int, warnings: int, count: str) -> None:
    many = [Diagnostic(ERROR, "m", NOWHERE)] * errors + [Diagnostic(WARNING, "m", NOWHERE)] * warnings
    assert render_text(many, {}).split("\n")[-2:] == [count, ""]


def test_nothing_to_say_says_nothing() -> None:
    assert render_text([], {}) == ""
    assert render_github([]) == ""
    assert json.loads(render_json([])) == []


def test_carets_stand_under_the_span() -> None:
    assert drawn("a: bcd e", 4, 7) == ["  1 | a: bcd e", "    |    ^^^"]


def test_an_empty_span_has_one_caret() -> None:
    assert drawn("a:", 3, 3) == ["  1 | a:", "    |   ^"]


def test_tabs_are_copied_below() -> None:
    assert drawn("\tx\ty", 4, 5) == ["  1 | \tx\ty", "    | \t \t^"]


def test_wide_letters_take_two_columns_and_combining_ones_none() -> None:
    assert drawn("値: x", 4, 5) == ["  1 | 値: x", "    |     ^"]
    assert drawn("x 値", 3, 4) == ["  1 | x 値", "    |   ^^"]
    assert drawn("e\u0301 x", 4, 5) == ["  1 | e\u0301 x", "    |   ^"]


def test_a_span_beyond_the_line_is_cut_at_its_end() -> None:
    assert drawn("abc", 2, 99) == ["  1 | abc", "    |  ^^"]


def test_a_span_of_several_lines_is_drawn_to_the_end_of_the_first() -> None:
    text = render_text([Diagnostic(ERROR, "m", Span("f", 2, 3, 4, 1))], {"f": "\nab cd\r\nx\ny"})
    assert text.split("\n")[1:3] == ["  2 | ab cd", "    |   ^^^"]


def test_numbers_of_lines_are_as_wide_as_they_need() -> None:
    text = render_text([Diagnostic(ERROR, "m", Span("f", 12, 1, 12, 2))], {"f": "\n" * 11 + "x"})
    assert text.split("\n")[1:3] == ["  12 | x", "     | ^"]


def test_a_span_past_the_last_line_has_no_snippet() -> None:
    text = render_text([Diagnostic(ERROR, "m", Span("f", 3, 1, 3, 1))], {"f": "one\ntwo"})
    assert text == "f:3:1: error MR610: m\n1 error\n"


def test_of_a_long_line_the_part_around_the_span_is_shown() -> None:
    line = "a" * 1000 + "HERE" + "b" * 1000
    snippet, carets = drawn(line, 1001, 1005)
    assert snippet == "  1 | " + "a" * 80 + "HERE" + "b" * 76
    assert carets == "    | " + " " * 80 + "^^^^"


def test_a_long_span_is_cut_with_its_line() -> None:
    snippet, carets = drawn("a" * 1000, 1, 900)
    assert snippet == "  1 | " + "a" * 160
    assert carets == "    | " + "^" * 160


def test_what_would_steer_a_terminal_is_replaced() -> None:
    one = Diagnostic(ERROR, "a\x1bb", Span("f\x1b", 1, 1, 1, 2), "h\n", (Related(Span("\x07", 1, 1, 1, 1), "\x9b"),))
    assert render_text([one], {"f\x1b": "x\x1b[2J"}) == (
        "f\ufffd:1:1: error MR610: a\ufffdb\n"
        "  1 | x\ufffd[2J\n"
        "    | ^\n"
        "  help: h\ufffd\n"
        "  related: \ufffd:1:1: \ufffd\n"
        "1 error\n"
    )


def test_json_has_every_key_in_one_order() -> None:
    span = Span("é.rules", 1, 2, 3, 4)
    one = Diagnostic(ERROR, "m", span, "h", (Related(span, "r"),), Fix(span, "new", "write new"))
    place = {"file": "é.rules", "line": 1, "column": 2, "end_line": 3, "end_column": 4}
    (plain,) = json.loads(render_json([one]))
    assert plain == {
        "code": ERROR,
        "severity": "error",
        "message": "m",
        **place,
        "help": "h",
        "related": [{**place, "message": "r"}],
        "fix": {**place, "replacement": "new", "title": "write new"},
    }
    assert [*plain] == [
        *("code", "severity", "message", "file", "line", "column", "end_line", "end_column", "help", "related", "fix")
    ]


def test_json_has_its_keys_even_without_values() -> None:
    (plain,) = json.loads(render_json([Diagnostic(WARNING, "m", NOWHERE)]))
    assert (plain["help"], plain["related"], plain["fix"], plain["severity"]) == ("", [], None, "warning")


def test_github_names_columns_on_one_line() -> None:
    one = Diagnostic(ERROR, "no", Span("rules/a.rules", 2, 3, 2, 9), "yes")
    assert render_github([one]) == ("::error file=rules/a.rules,line=2,col=3,endColumn=9,title=MR610::no%0Ahelp: yes\n")


def test_github_names_lines_of_a_longer_span() -> None:
    one = Diagnostic(WARNING, "no", Span("a", 2, 3, 4, 9))
    assert render_github([one]) == "::warning file=a,line=2,endLine=4,title=MR614::no\n"


def test_github_escapes() -> None:
    one = Diagnostic(ERROR, "50%, a:b\r\n\udcff", Span("c:\\a,b%", 1, 1, 1, 1))
    assert render_github([one]) == (
        "::error file=c%3A\\a%2Cb%25,line=1,col=1,endColumn=1,title=MR610::50%25, a:b%0D%0A?\n"
    )


@given(st.lists(diagnostics), st.dictionaries(st.sampled_from(["a.rules", "mimic.yaml"]), st.text()))
def test_any_diagnostics_render(many: list[Diagnostic], sources: dict[str, str]) -> None:
    text = render_text(many, sources)
    assert text.isascii() or text.encode()
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f]", text)
    assert len(re.findall(r"^[^ ].*: (?:error|warning) MR\d{3}: ", text, re.M)) == len(many)
    assert [(one["code"], one["line"]) for one in json.loads(render_json(many))] == [
        (one.code, one.span.line) for one in many
    ]
    assert [line.partition(" ")[0] for line in render_github(many).split("\n")[:-1]] == [
        f"::{one.severity}" for one in many
    ]
