# SPDX-License-Identifier: Apache-2.0
"""What is printed reads back as the same tree, and printing it again gives the same text."""

import dataclasses
from pathlib import Path

import pytest
from hypothesis import given

from mimic_rules.diagnostics import Diagnostics, Span
from mimic_rules.language import declarations as de
from mimic_rules.language import expressions as ex
from mimic_rules.language.lexer import RESERVED
from mimic_rules.language.print_expressions import print_duration, print_number
from mimic_rules.language.print_types import print_type
from mimic_rules.language.printer import print_expr, print_file, print_item
from mimic_rules.language.syntax import _lexer, read, read_expression
from mimic_rules.language.types import Type
from tests.conftest import ROOT
from tests.strategies import expressions, files, items, types

GOOD = sorted((ROOT / "tests" / "data").glob("*/*.rules")) + sorted((ROOT / "rules").glob("*/*.rules"))
GOOD = [path for path in GOOD if path.parent.name != "bad"]


def exact(tree: object) -> object:
    """A tree in which 1, 1.0 and true differ, and places don't count."""
    if dataclasses.is_dataclass(tree) and not isinstance(tree, type):
        fields = [field.name for field in dataclasses.fields(tree) if field.name != "span"]
        return type(tree).__name__, [exact(getattr(tree, name)) for name in fields]
    if isinstance(tree, tuple):
        return [exact(part) for part in tree]
    return type(tree).__name__, repr(tree)


def expression(text: str) -> ex.Expr:
    """The tree of an expression without mistakes."""
    diagnostics = Diagnostics()
    tree = read_expression(text, Span("a.rules", 1, 1, 1, len(text) + 1), diagnostics)
    assert diagnostics.items == (), text
    return tree


def file(text: str, path: str = "some.rules") -> de.File:
    """The tree of a file without mistakes."""
    tree, diagnostics = read(path, text)
    assert diagnostics.items == (), text
    return tree


@given(expressions)
def test_an_expression_reads_back(tree: ex.Expr) -> None:
    text = print_expr(tree)
    read_back = expression(text)
    assert read_back == tree
    assert exact(read_back) == exact(tree)
    assert print_expr(read_back) == text
    assert "\n" not in text


@given(types)
def test_a_type_reads_back(tree: Type) -> None:
    (item,) = file(f"setting a {print_type(tree)} = b").items
    assert isinstance(item, de.Setting)
    assert exact(item.type) == exact(tree)


@given(items)
def test_an_item_reads_back(tree: de.Item) -> None:
    (read_back,) = file(print_item(tree)).items
    assert read_back == tree
    assert exact(read_back) == exact(tree)


@given(files)
def test_a_file_reads_back(tree: de.File) -> None:
    text = print_file(tree)
    read_back = file(text)
    assert read_back == tree
    assert print_file(read_back) == text
    assert text == "" or text.endswith("\n")
    assert not any(line != line.rstrip() for line in text.split("\n"))


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_shipped_rules_read_back(path: Path) -> None:
    tree = file(path.read_text(encoding="utf-8"))
    text = print_file(tree)
    assert exact(file(text)) == exact(tree)
    assert print_file(file(text)) == text


def test_every_form_is_printed_as_it_should_be() -> None:
    """tests/data/forms/everything.rules has every form once, in the way that is the printer's."""
    text = (ROOT / "tests" / "data" / "forms" / "everything.rules").read_text(encoding="utf-8")
    assert print_file(file(text)) == text


KEYS = sorted({*_lexer().keywords, *RESERVED})


@pytest.mark.parametrize("key", KEYS)
def test_any_word_may_be_a_key(key: str) -> None:
    """Wherever a key begins a line, the line above it ends with what could go on with a keyword."""
    text = f"resource a in b {{ x text = y\n '{key}' map of {{ '{key}': any }} z lifecycle '{key}' int }}\n"
    text += f"view a.b {{ x: y\n '{key}': z '{key}' x since 2.1 '{key}' }}\n"
    text += (
        f"operation a b GET / query {{ '{key}'?: text }} {{ answer 200 {{ '{key}': 1, '{key}' }} take '{key}' from x }}"
    )
    tree = file(text)
    assert file(print_file(tree)) == tree


@pytest.mark.parametrize("word", sorted(set(_lexer().keywords) - RESERVED))
def test_any_name_may_be_answered(word: str) -> None:
    """After `answer 200` may come the body, a header, a guard or the next statement."""
    for body in (word, f"{word}.a", f"{word}(1)", f"{word} + 1"):
        tree = file(f"operation a b GET / {{ answer 200 ({body}) }}")
        assert file(print_file(tree)) == tree


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("((a)) + (b * c) - (d - e)", "a + b * c - (d - e)"),
        ("(a + b) * c", "(a + b) * c"),
        ("-(a + b).c", "-(a + b).c"),
        ("(-1).c", "(-1).c"),
        ("-(-(1))", "1"),
        ("- - a", "--a"),
        ("-true", "-true"),
        ("not (a is number)", "a is not number"),
        ("not (not (a == b))", "not not a == b"),
        ("(not a) == b", "(not a) == b"),
        ("(a and b) or (c or d) and e", "a and b or (c or d) and e"),
        ("(a default b) default c", "(a default b) default c"),
        ("(a as b) as c", "(a as b) as c"),
        ("has (a.b)", "has a.b"),
        ("has (has a)", "has (has a)"),
        (
            "if (if a then b else c) then d else (if e then f else g)",
            "if if a then b else c then d else if e then f else g",
        ),
        ("(if a then b else c) + 1", "(if a then b else c) + 1"),
        ("[x for x in (if a then b else c) if (d)]", "[x for x in (if a then b else c) if d]"),
        ("f((a where b), [(a where b)])", "f(a where b, [(a where b)])"),
        ("{ 'a': a, b: c, 'in': 1, \"x-{y}\": 2, ...d }", '{ a, b: c, "in": 1, "x-{y}": 2, ...d }'),
        ("{ a: b when c until 2.1 since 2.0, }", "{ a: b when c since 2.0 until 2.1 }"),
        ("a matches /\\/x'/", "a matches /\\/x'/"),
        ("\"{ {a: '}'} }'\"", "\"{ { a: '}' }}'\""),
        ('"{a matches /["\'}]/} {{"', None),
        ('"a{"b"}"', None),
        (r'"{f(\"a\", \"{b}\")}\n"', r'''"{f('a', \"{b}\")}\n"'''),
        ("1.50 + 0.0000001 + 10.0", "1.5 + 0.0000001 + 10.0"),
        ("90s + 120s + 36h + 48h + 1500ms + 1.5ms", "90s + 2m + 36h + 2d + 1500ms + 0.0015s"),
        ("[]", "[]"),
        ("{}", "{}"),
        ("f()", "f()"),
        ("a[b][1].c", "a[b][1].c"),
    ],
)
def test_an_expression_in_few_parentheses(text: str, printed: str | None) -> None:
    if printed is None:
        diagnostics = Diagnostics()
        read_expression(text, Span("a.rules", 1, 1, 1, 1), diagnostics)
        assert diagnostics.has_errors
    else:
        assert print_expr(expression(text)) == printed
        assert exact(expression(printed)) == exact(expression(text))


@pytest.mark.parametrize(
    ("seconds", "printed"),
    [(0.0, "0d"), (1.0, "1s"), (90.0, "90s"), (3600.0, "1h"), (86400.0, "1d"), (0.2, "200ms"), (1e-09, "0.000000001s")],
)
def test_a_duration_is_short(seconds: float, printed: str) -> None:
    assert print_duration(seconds) == printed


@pytest.mark.parametrize(
    ("number", "printed"),
    [(1, "1"), (1.0, "1.0"), (1e20, "100000000000000000000.0"), (1e-07, "0.0000001"), (-0.5, "-0.5")],
)
def test_a_number_has_no_exponent(number: float, printed: str) -> None:
    assert print_number(number) == printed


def test_an_empty_file_is_empty() -> None:
    assert print_file(file("")) == ""
    assert print_file(file("# nothing")) == ""
    assert print_file(file("language 1")) == "language 1\n"
