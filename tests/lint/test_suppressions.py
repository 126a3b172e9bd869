# SPDX-License-Identifier: Apache-2.0
"""Ignoring a problem with a reason: what is left out, what stays, and what is said of the comments."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mimic_rules.diagnostics import CODES, Diagnostic, Fix, Span
from mimic_rules.lint import IGNORABLE, suppress
from tests.strategies_diagnostics import diagnostics

FILE = "a.rules"
LOST = Diagnostic("MR402", "state `LOST` can't be reached", Span(FILE, 1, 7, 1, 11))


def at(line: int, first: int, last: int) -> Span:
    return Span(FILE, line, first, line, last)


@pytest.mark.parametrize(
    "text",
    [
        "state LOST  # lint: ignore MR402 because operators set it",
        "state LOST  #lint:ignore MR402, because  x",
        "state LOST  # lint : ignore MR402\tbecause # of that",
    ],
)
def test_a_reason_silences(text: str) -> None:
    assert suppress([LOST], {FILE: text}) == ()


def test_a_comment_alone_is_about_the_next_line_with_code() -> None:
    text = "# lint: ignore MR402 because one\n\n# lint: ignore MR501 because two\nstate LOST\nstate GONE\n"
    here = Diagnostic("MR402", "here", Span(FILE, 4, 1, 4, 2))
    also = Diagnostic("MR501", "also here", Span(FILE, 4, 3, 5, 2))
    below = Diagnostic("MR402", "below", Span(FILE, 5, 1, 5, 2))
    assert suppress([below, here, also], {FILE: text}) == (below,)


def test_a_comment_silences_all_of_its_codes_and_only_in_its_file() -> None:
    text = "state LOST  # lint: ignore MR402, MR404 MR501 because operators set it"
    same_line = [Diagnostic(code, "x", LOST.span) for code in ("MR402", "MR404", "MR501", "MR502")]
    other = Diagnostic("MR402", "x", Span("b.rules", 1, 7, 1, 11))
    assert suppress([*same_line, other], {FILE: text, "b.rules": "state LOST"}) == (same_line[3], other)


@pytest.mark.parametrize(
    ("comment", "problem"),
    [
        (
            "# lint: ignore MR402",
            Diagnostic(
                "MR701",
                "`MR402` is ignored without a reason",
                at(1, 13, 33),
                "write `because` and the reason behind it",
            ),
        ),
        (
            "# lint: ignore MR402 because ",
            Diagnostic(
                "MR701",
                "`MR402` is ignored without a reason",
                at(1, 13, 41),
                "write `because` and the reason behind it",
            ),
        ),
    ],
)
def test_without_a_reason_only_that_is_reported(comment: str, problem: Diagnostic) -> None:
    assert suppress([LOST], {FILE: f"state LOST  {comment}"}) == (problem,)


def test_several_codes_want_a_reason_too() -> None:
    met = [LOST, Diagnostic("MR404", "x", LOST.span)]
    expected = Diagnostic(
        "MR701",
        "`MR402`, `MR404` are ignored without a reason",
        at(1, 13, 40),
        "write `because` and the reason behind them",
    )
    assert suppress(met, {FILE: "state LOST  # lint: ignore MR402, MR404"}) == (expected,)


FORM = "write `# lint: ignore CODE because REASON`"


@pytest.mark.parametrize(
    ("comment", "problem"),
    [
        ("# lint: off", Diagnostic("MR701", "this doesn't say what is ignored", at(1, 13, 24), FORM)),
        ("# lint:", Diagnostic("MR701", "this doesn't say what is ignored", at(1, 13, 20), FORM)),
        ("# lint: ignored MR402", Diagnostic("MR701", "this doesn't say what is ignored", at(1, 13, 34), FORM)),
        ("# lint: ignore", Diagnostic("MR701", "this names no code", at(1, 13, 27), FORM)),
        ("# lint: ignore because I say so", Diagnostic("MR701", "this names no code", at(1, 13, 44), FORM)),
        (
            "# lint: ignore MR42 because x",
            Diagnostic("MR703", "there is no code `MR42`", at(1, 28, 32), "did you mean `MR402`?"),
        ),
        (
            "# lint: ignore unreachable because x",
            Diagnostic(
                "MR703",
                "there is no code `unreachable`",
                at(1, 28, 39),
                "write a code as it is reported, such as `MR402`",
            ),
        ),
        (
            "# lint: ignore MR201 because x",
            Diagnostic("MR704", "`MR201` can't be ignored", at(1, 28, 33), "mend what it reports"),
        ),
        (
            "# lint: ignore MR702 because x",
            Diagnostic("MR704", "`MR702` can't be ignored", at(1, 28, 33), "mend the comment that it is reported for"),
        ),
    ],
)
def test_what_ignores_nothing_is_reported_beside_the_problem(comment: str, problem: Diagnostic) -> None:
    assert suppress([LOST], {FILE: f"state LOST  {comment}"}) == (LOST, problem)


def test_an_unused_comment_is_reported_with_its_fix() -> None:
    text = "state LOST  # lint: ignore MR404 because x"
    span = at(1, 13, 43)
    expected = Diagnostic(
        "MR702",
        "there is no `MR404` here to ignore",
        at(1, 28, 33),
        "take the comment out",
        (),
        Fix(span, "", "take the comment out"),
    )
    assert suppress([LOST], {FILE: text}) == (LOST, expected)


def test_one_unused_code_of_several_is_reported_without_a_fix() -> None:
    text = "state LOST  # lint: ignore MR402, MR404 because x"
    expected = Diagnostic("MR702", "there is no `MR404` here to ignore", at(1, 35, 40), "take the code out")
    assert suppress([LOST], {FILE: text}) == (expected,)


def test_a_comment_below_everything_is_unused() -> None:
    (only,) = suppress([], {FILE: "state LOST\n# lint: ignore MR402 because x\n"})
    assert (only.code, only.span) == ("MR702", at(2, 16, 21))


def test_nothing_is_called_unused_while_a_text_can_not_be_read() -> None:
    unread = Diagnostic("MR101", "x", Span("b.rules", 1, 1, 1, 2))
    text = {FILE: "state LOST  # lint: ignore MR402 because x"}
    assert suppress([unread], text) == (unread,)


def test_what_can_be_ignored_leaves_rules_with_a_meaning() -> None:
    """Nothing of reading, names and configuration, nor of the comments themselves."""
    assert {code[:3] for code in IGNORABLE} <= {"MR3", "MR4", "MR5", "MR8"}
    assert set(CODES) >= IGNORABLE


@given(st.lists(diagnostics, max_size=6, unique=True))
def test_texts_without_such_comments_change_nothing_but_the_order(given: list[Diagnostic]) -> None:
    left = suppress(given, {"a.rules": "state A # a comment\n", "b.rules": "# lint\n"})
    assert sorted(left, key=repr) == sorted(given, key=repr)
    assert [one.span.file for one in left] == sorted(one.span.file for one in given)
