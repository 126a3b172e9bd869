# SPDX-License-Identifier: Apache-2.0
"""One mistake gives one diagnostic, in its place, with what to write instead; what is right around it is kept.

The table is tests/data/bad/single_mistakes.tsv: where the line stands, the line (⏎ is a line feed), where the mistake
is (line 1 is the line itself), its code and its help.
"""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mimic_rules.diagnostics import Diagnostic, render_text
from mimic_rules.language import declarations as de
from mimic_rules.language import operations as op
from mimic_rules.language import rules as ru
from mimic_rules.language.printer import print_file
from mimic_rules.language.recovery import MAX_MISTAKES
from mimic_rules.language.syntax import MAX_TEXT, read
from tests.conftest import ROOT
from tests.strategies import files

BAD = ROOT / "tests" / "data" / "bad"
GOOD = (ROOT / "tests" / "data" / "forms" / "everything.rules").read_text(encoding="utf-8")

AROUND = {
    "resource": "resource thing in tenant {{\n  id uuid\n  {}\n  name text\n}}\nlet after = 1\n",
    "operation": "operation get thing GET /things/{{id}} {{\n  let a = 1\n  {}\n  answer 200\n}}\nlet after = 1\n",
    "service": 'service one "One" {{\n  type "a"\n  {}\n  name "b"\n}}\nlet after = 1\n',
    "lifecycle": "lifecycle of thing.status {{\n  state A\n  {}\n  start A\n}}\nlet after = 1\n",
    "view": "view thing.basic {{\n  id\n  {}\n  name\n}}\nlet after = 1\n",
    "lock": "lock of thing.status {{\n  free A\n  {}\n  covers x\n}}\nlet after = 1\n",
    "example": "example 'a' {{\n  create a -> 201\n  {}\n  expect b\n}}\nlet after = 1\n",
    "file": "let before = 1\n{}\nlet after = 1\n",
}
TABLE = [
    tuple(line.split("\t"))
    for line in (BAD / "single_mistakes.tsv").read_text(encoding="utf-8").rstrip("\n").split("\n")
]


def found(text: str) -> list[Diagnostic]:
    return [*read("a.rules", text)[1].items]


def places(text: str) -> list[tuple[int, int, str, str]]:
    """(line, column, code, help) of all that is wrong."""
    return [(one.span.line, one.span.column, one.code, one.help) for one in found(text)]


@pytest.mark.parametrize(("where", "line", "place", "code", "help"), TABLE, ids=lambda value: str(value)[:40])
def test_a_mistake_alone(where: str, line: str, place: str, code: str, help: str) -> None:
    text = AROUND[where].format(line.replace("⏎", "\n"))
    file, diagnostics = read("a.rules", text)
    (one,) = diagnostics.items
    above = 1 if where == "file" else 2
    assert (f"{one.span.line - above}:{one.span.column}", one.code, one.help) == (place, code, help)
    assert file.items[-1] == read("a.rules", "let after = 1")[0].items[0]


def test_mistakes_together() -> None:
    """As many diagnostics as there are lines with mistakes, each as if it were alone."""
    lines = [row for row in TABLE if row[0] == "operation" and not set("{}") & set(row[1])]
    # `if` could go on with the line above, had that been right; so could a sign.
    lines = [row for row in lines if row[1][0].isalpha() and not row[1].startswith("if ")]
    for number in range(0, len(lines), 10):
        some = lines[number : number + 10]
        text = "operation get thing GET /things/{id} {\n" + "".join(f"  {row[1]}\n" for row in some) + "}\n"
        expected = []
        for line, (_, _, place, code, help) in enumerate(some, start=2):
            below, column = map(int, place.split(":"))
            expected.append((line + below - 1, column, code, help.replace("line 3", f"line {line}")))
        assert [one[:3] for one in places(text)] == [one[:3] for one in expected]


@pytest.mark.parametrize("path", sorted(BAD.glob("*.rules")), ids=lambda path: path.stem)
def test_a_file_with_mistakes(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    shown = render_text(read(path.name, text)[1].items, {path.name: text})
    assert shown == path.with_suffix(".expected").read_text(encoding="utf-8")


def test_what_is_right_around_ten_mistakes_is_kept() -> None:
    file, diagnostics = read("a.rules", (BAD / "ten_mistakes.rules").read_text(encoding="utf-8"))
    assert len(diagnostics.items) == 10
    kinds = [type(item) for item in file.items]
    assert kinds == [de.Subject, de.Resource, op.Operation, op.Operation, de.View, ru.Rule, de.Definition, de.Quota]
    resource, get = file.items[1], file.items[3]
    assert isinstance(resource, de.Resource)
    assert isinstance(get, op.Operation)
    assert [type(line) for line in resource.lines] == [de.Field, de.Kept, de.Missing]
    assert [type(one) for one in get.statements] == [op.Check, op.Check, op.Answer]


def test_a_mended_slip_is_what_it_should_have_been() -> None:
    good = "operation get thing GET /x {\n  check a == b and c else 404 'x'\n  answer 200 { a, b: 1 }\n}\n"
    bad = "operaton get thing get /x {\n  check a = b && c 404 'x'\n  answer 200 { a b: 1 }\n}\n"
    file, diagnostics = read("a.rules", bad)
    assert file == read("a.rules", good)[0]
    # one a line: the second guess of a line is not told
    assert [(one.span.line, one.span.column) for one in diagnostics.items] == [(1, 1), (2, 11), (3, 18)]


def test_a_cut_off_text_has_one_mistake() -> None:
    text = "resource thing in tenant {\n  tags map of {\n    key: text"
    assert places(text) == [(2, 15, "MR112", "write `}` at the end")]
    assert places("operation get thing GET /x {\n  check a ==") == [(1, 28, "MR112", "write `}` at the end")]
    assert places("let x = 1 +") == [(1, 12, "MR101", "write an expression")]
    assert places("rule slow # why") == [
        (1, 10, "MR101", "write a text in quotes, `on`, `only`, `overrides` or `per` …")
    ]


def test_braces_are_told_by_indent() -> None:
    text = (
        "template t() {\n  operation a x GET /a {\n    answer 200\n\n  operation b x GET /b {\n    answer 200\n  }\n}\n"
    )
    assert places(text) == [(2, 24, "MR112", "write `}` before `operation` in line 5")]
    text = "template t() {\n  operation a x GET /a\n    answer 200\n  }\n  let a = 1\n}\n"
    assert places(text) == [(2, 23, "MR112", "write `{` after `/a`")]
    text = "template t() {\n  let a = 1\n  let b = 2 }\n  let c = 3\n}\n"
    assert places(text) == [(3, 13, "MR112", "take it away, or open what it should close")]


def test_a_block_is_not_blamed_on_another() -> None:
    good = "view a.b {\n  x: {\n    a } when b\n}\n"
    assert places(good + "}\n") == [(5, 1, "MR112", "take it away, or open what it should close")]
    assert places(good + "let a = { b\n") == [(5, 9, "MR112", "write `}` at the end")]


def test_items_inside_a_block_may_stand_at_the_margin() -> None:
    text = "for shop {\nlet a = 1\nlet b 2\nlet c = 3\n}\nlet d = 4\n"
    file, _ = read("a.rules", text)
    assert places(text) == [(3, 7, "MR101", "write `=` before it")]
    assert [type(item) for item in file.items] == [de.Subject, de.Definition]


def test_a_bracket_that_stays_open_ends_with_its_item() -> None:
    text = "let a = [1, (2\nlet b = 3\nlet c = f(\nlet d = 4\n"
    file, _ = read("a.rules", text)
    assert places(text) == [(1, 15, "MR101", "write `)`"), (3, 11, "MR101", "write an expression")]
    assert file.items[-1] == read("a.rules", "let d = 4")[0].items[0]


def test_clauses_go_on_with_the_rule_above() -> None:
    text = "when a ==\nonly once\nthen respond 500\nwhen b then respond 501\n"
    file, _ = read("a.rules", text)
    assert places(text) == [(1, 10, "MR101", "write an expression")]
    assert [item.condition for item in file.items if isinstance(item, ru.Rule)][1:] == [
        item.condition for item in read("a.rules", "when b then respond 501")[0].items if isinstance(item, ru.Rule)
    ]


def test_clauses_of_a_broken_rule_begin_nothing() -> None:
    """A clause stays with the rule above, whatever is wrong between the two: one mistake, and both rules are kept."""
    text = (
        "rule a 'x'\n  on create\n  when b == 'c'\n  only once\n}hen respond 500\n\n"
        "rule d\n  on delete\n  then respond 500\n"
    )
    file, told = read("a.rules", text)
    assert len(told.items) == 1
    assert [item.name for item in file.items if isinstance(item, ru.Rule)] == ["a", "d"]


def test_a_guess_that_fails_is_not_believed() -> None:
    """Where the braces of an item can't be paired well, only that is told."""
    text = "view a.b {\n  x: }\n  c: 1 ] 2\n  d: 1 ] 2\n  e: 1 ] 2\n  f\n}\nlet a = = 1\n"
    assert [one[:3] for one in places(text)] == [(2, 6, "MR112"), (8, 9, "MR101")]


def test_a_hundred_mistakes_are_enough() -> None:
    text = "let a = = 1\n" * (MAX_MISTAKES + 50) + "let b = 2\n"
    file, diagnostics = read("a.rules", text)
    assert [one.span.line for one in diagnostics.items] == [*range(1, MAX_MISTAKES + 1)]
    assert file.items == ()
    assert len(found("}\n" * 300)) <= MAX_MISTAKES + 1


NESTED = {
    "brackets": ("[", "]"),
    "parentheses": ("(", ")"),
    "objects": ("{ a: ", " }"),
    "minus": ("-", ""),
    "not": ("not ", ""),
    "choice": ("if a then b else ", ""),
    "calls": ("f(", ")"),
}


@pytest.mark.parametrize(("opened", "closed"), NESTED.values(), ids=NESTED)
def test_what_is_nested_too_deeply_is_one_mistake(opened: str, closed: str) -> None:
    for depth in (130, 5_000):
        file, diagnostics = read("a.rules", f"let a = {opened * depth}x{closed * depth}\nlet b = 2\n")
        assert [(one.code, one.span.line) for one in diagnostics.items] == [("MR105", 1)]
        assert len(file.items) == 1
        # whatever is kept can be looked at
        assert print_file(file) == "let b = 2\n"


@pytest.mark.parametrize("tail", [".b", "[b]", " + b", " * b", " - b"])
def test_a_long_chain_is_one_mistake(tail: str) -> None:
    file, diagnostics = read("a.rules", f"let a = x{tail * 5_000}\nlet b = 2\n")
    assert [one.code for one in diagnostics.items] == ["MR105"]
    assert file.items[-1] == read("a.rules", "let b = 2")[0].items[0]


HOSTILE = {
    "open": "let x = (" + "(" * MAX_TEXT,
    "close": "}" * MAX_TEXT,
    "braces": "{" * MAX_TEXT,
    "objects": "let x = " + "{ a:" * MAX_TEXT,
    "quotes": '"' * MAX_TEXT,
    "words": "a " * MAX_TEXT,
    "holes": 'let x = "' + "{=}" * MAX_TEXT + '"',
    "for": "when a then " + "x stays y for a, " * MAX_TEXT,
    "odd": "\u0e01" * MAX_TEXT,
    "slashes": 'let x = "' + "{/" * MAX_TEXT + '"',
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_text_is_read_in_bounded_steps(text: str) -> None:
    """A tenth of the longest text, so that a square of its length would show as minutes here, too."""
    short = text[: MAX_TEXT // 10]
    assert 0 < len(found(short)) <= MAX_MISTAKES + 1


def check_anything(text: str) -> None:
    lines = text.split("\n")
    file, diagnostics = read("a.rules", text)
    for one in diagnostics.items:
        assert one.code.startswith("MR")
        assert 1 <= one.span.line <= len(lines) + 1
        assert one.span.line > len(lines) or 1 <= one.span.column <= len(lines[one.span.line - 1]) + 1
    # What was read can be printed.
    print_file(file)


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    check_anything(text)


WORDS = st.sampled_from([*GOOD.split(), *"{}()[]\"'=.,:#/\\$", "\n", "\n  ", "==", "=>", "&&", '"{'])


@given(st.lists(WORDS, max_size=40).map(" ".join))
def test_any_words_can_be_read(text: str) -> None:
    check_anything(text)


@given(files.map(print_file).filter(bool), st.randoms(use_true_random=False))
def test_a_good_text_can_be_spoilt_anyhow(text: str, chance: random.Random) -> None:
    for _ in range(chance.choice([1, 2, 5])):
        at = chance.randrange(len(text) + 1)
        put_in = chance.choice([*"{}()[]\"'=.,:#/\\$ \n", "", " } ", " = "])
        text = text[:at] + put_in + text[at + chance.choice([0, 0, 1, 10]) :]
    check_anything(text)


@given(st.integers(0, len(GOOD)))
def test_a_good_text_can_be_cut_off_anywhere(length: int) -> None:
    check_anything(GOOD[:length])
    assert len(found(GOOD[:length])) <= 2


@given(st.integers(0, len(GOOD.split("\n")) - 1))
def test_a_good_text_may_miss_a_line(number: int) -> None:
    lines = GOOD.split("\n")
    assert len(found("\n".join(lines[:number] + lines[number + 1 :]))) <= 3
