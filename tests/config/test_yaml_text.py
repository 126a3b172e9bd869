# SPDX-License-Identifier: Apache-2.0
"""Reading YAML: values with their places, and each problem with its code, its line and its columns."""

import pytest
from hypothesis import given

from mimic_rules.config.located import Value
from mimic_rules.config.yaml_text import MOST_VALUES, read_yaml
from mimic_rules.diagnostics import Diagnostic, Diagnostics
from tests.strategies_config import yaml_texts


def read(text: str) -> tuple[Value, tuple[Diagnostic, ...]]:
    diagnostics = Diagnostics()
    root = read_yaml(text, "m", diagnostics)
    return (root.plain() if root else None), diagnostics.items


def summary(found: tuple[Diagnostic, ...]) -> list[str]:
    """Each as `CODE line:column-end message`, the end with its line only if that is another."""
    lines = []
    for one in found:
        at = one.span
        end = f"{at.end_column}" if at.end_line == at.line else f"{at.end_line}:{at.end_column}"
        lines.append(f"{one.code} {at.line}:{at.column}-{end} {one.message}")
    return lines


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("# nothing but words\n", None),
        ("a: 1\nb:\nc: [1, x] # more\nd:\n  e: 'x'\n", {"a": 1, "b": None, "c": [1, "x"], "d": {"e": "x"}}),
        ("a:\n- 1\n- - 2\n", {"a": [1, [2]]}),
        ("a: |\n  x\n  y\n\nb: >-\n  x\n  y\n", {"a": "x\ny\n", "b": "x y"}),
        ("a: '8'\nb: \"\\x41\"\n", {"a": "8", "b": "A"}),
        ("? a\n: b\n", {"a": "b"}),
        ("{a: {}, b: []}", {"a": {}, "b": []}),
        ("8900: on\ntrue: no\n", {"8900": "on", "true": "no"}),
        ("'': x\n'<<': y\n", {"": "x", "<<": "y"}),
        ("a: &x [1, 2]\nb: *x\nc: {d: *x}\n", {"a": [1, 2], "b": [1, 2], "c": {"d": [1, 2]}}),
        ("a: &x 1\nb: &x 2\nc: *x\n", {"a": 1, "b": 2, "c": 2}),
        ("---\na: 1\n...\n", {"a": 1}),
        ("a: 1\r\nb: 2\r\n", {"a": 1, "b": 2}),
        ("plain", "plain"),
    ],
)
def test_right_texts(text: str, value: Value) -> None:
    assert read(text) == (value, ())


@pytest.mark.parametrize(
    ("text", "value", "problems"),
    [
        # text that can't be taken apart
        ("a: 1\nb: [1,\n", {"a": 1}, ["MR604 3:1-1 a value is missing here"]),
        ("[1\n2", None, ["MR604 2:2-2 a `,` or a `]` is missing here"]),
        ("a: {b: 1, c\nd: 2\n", {}, ["MR604 2:2-3 a `,` or a `}` is missing here"]),
        ("a: 'x\nb: 1\n", {}, ["MR604 1:4-5 this quote isn't closed"]),
        ('a: "x\n---\n', {}, ["MR604 1:4-5 this quote isn't closed"]),
        ("a: 1\nfoo bar\nb: 2", {"a": 1}, ["MR604 2:1-8 a `:` is missing after this key"]),
        ("a: 1\nfoo", {"a": 1}, ["MR604 2:1-4 a `:` is missing after this key"]),
        ("a: b: c", {"a": "b"}, ["MR604 1:5-6 a `:` isn't allowed here"]),
        ("a: 1\n b: 2\n", {"a": "1 b"}, ["MR604 2:3-4 a `:` isn't allowed here"]),
        ("a: @x", {}, ["MR604 1:4-5 `@` can't begin a value"]),
        ("a:\n  b: 1\n c: 2\n", {"a": {"b": 1}}, ["MR604 3:2-3 this doesn't continue the list or map before it"]),
        ("a: - b", {}, ["MR604 1:4-5 this doesn't continue the list or map before it"]),
        ('a: "\\q"', {}, ["MR604 1:6-7 this escape isn't known"]),
        ("&a &b c", None, ["MR604 1:4-5 this can't be read as YAML"]),
        ("a: \x07", None, ["MR604 1:4-5 the character U+0007 isn't allowed in YAML"]),
        ('b: 1\na: "\\UFFFFFFFF"', {"b": 1}, ["MR604 2:2-2 what follows can't be read as YAML"]),
        ('b: "\\ud800"\na: 1', {"a": 1}, ["MR604 1:4-12 an escape here stands for no character"]),
        ("a: *b\nc: 1", {"c": 1}, ["MR604 1:4-6 there is no anchor `&b` above this alias"]),
        # tabs
        (
            "limits:\n\tbody: 1\n\t\tdepth: 2\n",
            {},
            [
                "MR605 2:1-2 a tab stands where YAML wants spaces",
                "MR605 3:1-3 a tab stands where YAML wants spaces",
                "MR604 3:8-9 a `:` isn't allowed here",
            ],
        ),
        (
            "a:\n\t\tb: 1\n\t\tc:\t2\nd: 1\nd: 2",
            {"a": {"b": 1, "c": 2}, "d": 1},
            [
                "MR605 2:1-3 a tab stands where YAML wants spaces",
                "MR605 3:1-3 a tab stands where YAML wants spaces",
                "MR605 3:5-6 a tab stands where YAML wants spaces",
                "MR606 5:1-2 the key `d` is written twice in this map",
            ],
        ),
        # keys twice
        (
            "a: 1\nb: {c: 1, c: 2}\na: 3",
            {"a": 1, "b": {"c": 1}},
            [
                "MR606 2:11-12 the key `c` is written twice in this map",
                "MR606 3:1-2 the key `a` is written twice in this map",
            ],
        ),
        # aliases
        ("a: &x [1, *x]\nb: 2", {"a": [1], "b": 2}, ["MR607 1:11-13 `*x` stands for a value that it is part of"]),
        # what a configuration doesn't use
        ("a: !!str 1\nb: 2", {"b": 2}, ["MR609 1:4-11 tags aren't read here"]),
        ("a: !x [1]\nb: !y {c: 1}", {}, ["MR609 1:4-8 tags aren't read here", "MR609 2:4-8 tags aren't read here"]),
        ("a: &b !x 1\nc: *b", {}, ["MR609 1:4-11 tags aren't read here"]),
        ("!x a: 1", {}, ["MR609 1:1-5 tags aren't read here"]),
        ("!x a", None, ["MR609 1:1-5 tags aren't read here"]),
        ("<<: {a: 1}", {}, ["MR609 1:1-3 merge keys aren't read here"]),
        (": x\na: 1", {"a": 1}, ["MR609 1:1-1 a key is missing before this `:`"]),
        ("[a]: 1", {}, ["MR609 1:1-4 a key is text, not a list, a map or an alias"]),
        ("&x a: 1\n*x : 2", {"a": 1}, ["MR609 2:1-3 a key is text, not a list, a map or an alias"]),
        ("a: 1\n---\nb: 2", {"a": 1}, ["MR609 2:1-4 a second document begins here"]),
    ],
)
def test_problems(text: str, value: Value, problems: list[str]) -> None:
    found, diagnostics = read(text)
    assert summary(diagnostics) == problems
    assert found == value


def test_a_key_twice_names_the_first_place() -> None:
    (one,) = read("a: 1\nb: 2\na: 3")[1]
    assert [(there.span.place(), there.message) for there in one.related] == [("m:1:1", "it is written here first")]


def test_what_isnt_closed_names_where_it_was_opened() -> None:
    (one,) = read("a:\n  b: [1")[1]
    assert [(there.span.place(), there.message) for there in one.related] == [("m:2:6", "it was opened here")]


@pytest.mark.parametrize(("opening", "width"), [("[", 1), ("{a: ", 1), ("- ", 0), ("? ", 0)])
def test_sixty_four_levels_are_the_deepest(opening: str, width: int) -> None:
    column = 64 * len(opening) + 1
    assert summary(read(opening * 65)[1]) == [
        f"MR608 1:{column}-{column + width} more than 64 lists and maps lie inside one another here"
    ]


def test_sixty_four_levels_are_read() -> None:
    value, problems = read("[" * 64 + "]" * 64)
    assert problems == ()
    assert str(value) == "[" * 64 + "]" * 64


def test_aliases_count_as_deep_as_what_they_stand_for() -> None:
    text = "a: &a " + "[" * 40 + "]" * 40 + "\nb: " + "[" * 24 + "*a" + "]" * 24
    assert summary(read(text)[1]) == [
        "MR608 2:28-30 with this alias more than 64 lists and maps lie inside one another"
    ]


def test_aliases_of_aliases_are_bounded() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]" for level in range(1, 5)]
    problems = read("\n".join(lines))[1]
    # a3 holds 11111 values, so that the whole has 13k before the last line, which can hold three more of them
    assert summary(problems) == [
        f"MR607 5:{column}-{column + 3} with this alias there are more than 50000 values"
        for column in (10 + 5 * index for index in range(3, 10))
    ]


def test_there_is_a_most_of_values() -> None:
    value, problems = read("- a\n" * MOST_VALUES)
    assert value is None
    # the list itself is the first
    assert summary(problems) == ["MR602 50000:3-4 there are more than 50000 values here"]


def test_a_text_full_of_tabs_is_given_up() -> None:
    problems = read("".join(f"a{line}:\tx\n" for line in range(30)))[1]
    assert summary(problems) == [
        f"MR605 {line}:{4 if line < 11 else 5}-{5 if line < 11 else 6} a tab stands where YAML wants spaces"
        for line in range(1, 21)
    ]


@given(yaml_texts)
def test_any_text_is_read_or_refused_within_itself(text: str) -> None:
    diagnostics = Diagnostics()
    root = read_yaml(text, "m", diagnostics)
    lines = text.split("\n")
    spans = [one.span for one in diagnostics.items] + ([root.span] if root else [])
    for span in spans:
        assert (1, 1) <= (span.line, span.column) <= (span.end_line, span.end_column)
        assert span.end_line <= len(lines)
        assert span.end_column <= len(lines[span.end_line - 1]) + 1
