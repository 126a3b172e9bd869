# SPDX-License-Identifier: Apache-2.0
"""From texts to trees: what each form becomes, where everything stands, and what is not read."""

import threading

import pytest

from mimic_rules.diagnostics import Diagnostics, Span
from mimic_rules.language import declarations as de
from mimic_rules.language import expressions as ex
from mimic_rules.language import lifecycles as li
from mimic_rules.language import operations as op
from mimic_rules.language import rules as ru
from mimic_rules.language import types as ty
from mimic_rules.language.syntax import MAX_TEXT, read, read_expression
from tests.conftest import ROOT

EVERYTHING = (ROOT / "tests" / "data" / "forms" / "everything.rules").read_text(encoding="utf-8")


def item(text: str) -> de.Item:
    """The one item of a text without mistakes."""
    file, diagnostics = read("a.rules", text)
    assert diagnostics.items == ()
    (only,) = file.items
    return only


def value(text: str) -> ex.Expr:
    """An expression without mistakes."""
    definition = item(f"let a = {text}")
    assert isinstance(definition, de.Definition)
    return definition.value


def told(text: str) -> list[tuple[str, str, str]]:
    """(place, code, message) of all that is wrong."""
    found = read("a.rules", text)[1].items
    return [(f"{one.span.line}:{one.span.column}-{one.span.end_column}", one.code, one.message) for one in found]


def at(piece: ex.Piece) -> tuple[int, int, int, int]:
    """Where a piece is."""
    return piece.span.line, piece.span.column, piece.span.end_line, piece.span.end_column


def test_a_file_is_its_items() -> None:
    file, diagnostics = read("a.rules", "language 1\nfor shop # here\nlet a = 1\n")
    assert diagnostics.items == ()
    about = de.Subject(de.Qualified("shop"))
    assert file == de.File("a.rules", "1", (about, de.Definition("a", ex.Literal(1))))
    assert at(file.items[0]) == (2, 1, 2, 9)
    assert read("a.rules", " \n# nothing\r\n")[0] == read("a.rules", "")[0]
    assert read("a.rules", "")[0].items == ()


def test_pieces_know_their_places() -> None:
    text = 'operation get thing GET /x {\n  check a.b[c] == "é{d.e} {f(1)}" else 404 nope "no"\n}'
    operation = item(text)
    assert isinstance(operation, op.Operation)
    assert at(operation) == (1, 1, 3, 2)
    (check,) = operation.statements
    assert isinstance(check, op.Check)
    assert at(check) == (2, 3, 2, 53)
    assert at(check.fault) == (2, 40, 2, 53)
    assert isinstance(check.condition, ex.Compare)
    assert at(check.condition) == (2, 9, 2, 34)
    assert at(check.condition.left) == (2, 9, 2, 15)
    assert isinstance(check.condition.right, ex.Text)
    hole, call = (part for part in check.condition.right.parts if not isinstance(part, str))
    assert (at(hole), at(call)) == ((2, 22, 2, 25), (2, 28, 2, 32))


def test_holes_know_their_places_behind_escapes() -> None:
    text = value(r'"\"\n{a + \"{b - c}\"} {d}"')
    assert isinstance(text, ex.Text)
    quote, total, _, last = text.parts
    assert quote == '"\n'
    assert isinstance(total, ex.Arithmetic)
    assert at(total) == (1, 15, 1, 30)
    assert isinstance(total.right, ex.Text)
    (inner,) = total.right.parts
    assert isinstance(inner, ex.Arithmetic)
    assert (at(inner), at(inner.right)) == ((1, 22, 1, 27), (1, 26, 1, 27))
    assert isinstance(last, ex.Name)
    assert at(last) == (1, 33, 1, 34)


def test_a_mistake_in_a_hole_has_its_place() -> None:
    assert told('let a = "x\\"{ b = c }"') == [("1:17-18", "MR101", "`=` can't stand here")]
    assert told('let a = "{}"') == [("1:11-11", "MR101", "there is nothing here")]
    assert told('let a = "{b c}"') == [("1:13-14", "MR101", "`c` can't stand here")]
    assert told('let a = "{b[\'}"') == [("1:9-16", "MR106", "a `{` in this text is never closed")]


def test_an_expression_stands_where_one_says() -> None:
    diagnostics = Diagnostics()
    tree = read_expression("a + b", Span("some.yaml", 7, 5, 7, 10), diagnostics)
    assert tree == ex.Arithmetic("+", ex.Name("a"), ex.Name("b"))
    assert tree.span == Span("some.yaml", 7, 5, 7, 10)
    assert diagnostics.items == ()
    assert read_expression("a +", Span("some.yaml", 7, 5, 7, 8), diagnostics) == ex.Literal(None)
    (one,) = diagnostics.items
    assert (one.span.line, one.span.column, one.message) == (7, 8, "something is missing after `+`")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a or b or c and d", ex.Any((ex.Name("a"), ex.Name("b"), ex.All((ex.Name("c"), ex.Name("d")))))),
        ("not a == b", ex.Not(ex.Compare("==", ex.Name("a"), ex.Name("b")))),
        ("a starts with b", ex.Compare("starts with", ex.Name("a"), ex.Name("b"))),
        ("a is not null", ex.Not(ex.Is(ex.Name("a"), "null"))),
        ("a matches /^\\/b$/", ex.Matches(ex.Name("a"), "^/b$")),
        ("a matches b.c", ex.Matches(ex.Name("a"), ex.Attribute(ex.Name("b"), "c"))),
        ("a - b - c", ex.Arithmetic("-", ex.Arithmetic("-", ex.Name("a"), ex.Name("b")), ex.Name("c"))),
        ("a as b default c", ex.Otherwise(ex.As(ex.Name("a"), "b"), ex.Name("c"))),
        ("has a.b", ex.Has(ex.Attribute(ex.Name("a"), "b"))),
        ("-2.5", ex.Literal(-2.5)),
        ("-true", ex.Negative(ex.Literal(True))),
        ("[1, 'x',]", ex.ListOf((ex.Literal(1), ex.Literal("x")))),
        ("f(a where b)", ex.Call("f", (ex.Where(ex.Name("a"), ex.Name("b")),))),
        ("5m", ex.Duration(300.0)),
        ("250ms", ex.Duration(0.25)),
        ('"{{a}}"', ex.Literal("{a}")),
        ("'{a}\\'\\n'", ex.Literal("{a}'\n")),
        ('"{a.b}!"', ex.Text((ex.Attribute(ex.Name("a"), "b"), "!"))),
        ("{ a, 'b c': 1 since 2.1 }", None),
    ],
)
def test_an_expression_becomes_a_tree(text: str, tree: ex.Expr | None) -> None:
    if tree is None:
        first = ex.Entry(ex.Literal("a"), ex.Name("a"))
        tree = ex.ObjectOf((first, ex.Entry(ex.Literal("b c"), ex.Literal(1), ex.Guards(since="2.1"))))
    assert value(text) == tree


def test_types() -> None:
    setting = item(
        "setting a text 1..9 matching /x/ | list 2.. of (int | -> b.c) | 'a' | -1 | { 'x y'?: any } strict = 1"
    )
    assert isinstance(setting, de.Setting)
    assert setting.type == ty.OneOf(
        (
            ty.Plain("text", ty.Range(1, 9), "x"),
            ty.ListType(ty.OneOf((ty.Plain("int"), ty.Reference("b", "c"))), ty.Range(2, None)),
            ty.Exactly("a"),
            ty.Exactly(-1),
            ty.ObjectType((ty.Member("x y", ty.Plain("any"), True),), strict=True),
        )
    )


def test_texts_that_take_no_holes_have_escapes_too() -> None:
    service = item('service a "a \\"b\\" {c}" { type \'it\\\'s\' answers header "X-\\\\" = 1 }')
    assert isinstance(service, de.Service)
    assert (service.title, service.lines[0]) == ('a "b" {c}', de.Label("type", "it's"))
    assert service.lines[1] == de.Header("X-\\", ex.Literal(1))


def test_periods() -> None:
    rule = item("then a stays B for 2m, c becomes D after x.y seconds, e becomes F after 30s seconds")
    assert isinstance(rule, ru.Rule)
    assert rule.effects == (
        ru.Stays("a", "B", ex.Duration(120.0)),
        ru.Becomes("c", (ru.ChainStep("D", li.Seconds(ex.Attribute(ex.Name("x"), "y"))),)),
        ru.Becomes("e", (ru.ChainStep("F", li.Seconds(ex.Duration(30.0))),)),
    )


@pytest.mark.parametrize(
    ("text", "place", "code"),
    [
        ("view a.b { c since 2.1 since 2.2 }", "1:24-33", "MR104"),
        ("resource a in b { c text = 1 = 2 }", "1:30-33", "MR104"),
        ('let a = "{b"', "1:9-13", "MR106"),
        ('resource a in b { "c{d}" text }', "1:19-25", "MR107"),
        ('view a.b { "c{d}" }', "1:12-18", "MR107"),
        ("for each ($a, $b) in [(c, d), e] { }", "1:31-32", "MR108"),
        ("quota a 1234567890123456789012345678901", "1:9-40", "MR111"),
        ("let a = 1000000000000000.0", "1:9-27", "MR111"),
        ("let a = 0.0000000000000000000000000000001", "1:9-42", "MR111"),
        ("let a = 99999999d", "1:9-18", "MR111"),
        ("let a = 1.", "1:11-12", "MR101"),
        ("let a = b is thing", "1:14-19", "MR302"),
        ("then respond 99", "1:14-16", "MR303"),
        ("then respond 404.5", "1:14-19", "MR303"),
        ("quota a 1.5", "1:9-12", "MR304"),
        ("only 1.5 times then respond 500", "1:6-9", "MR304"),
        ('resource a in b { misssing 404 gone_away "x" }', "1:19-27", "MR101"),
    ],
)
def test_what_the_grammar_lets_through(text: str, place: str, code: str) -> None:
    assert [one[:2] for one in told(text)] == [(place, code)]


def test_a_number_may_be_as_long_as_is_read() -> None:
    assert value("9" * 30) == ex.Literal(int("9" * 30))
    assert value("999999999999999.9") == ex.Literal(999999999999999.9)
    assert value("11574074d") == ex.Duration(11574074 * 86400.0)


def test_a_huge_text_is_not_read() -> None:
    file, diagnostics = read("a.rules", "#" * (MAX_TEXT + 1))
    assert file == de.File("a.rules", None, ())
    assert [(one.code, one.help) for one in diagnostics.items] == [("MR109", "split it in several")]
    assert read("a.rules", "#" * MAX_TEXT)[1].items == ()


def test_holes_may_not_hide_what_is_nested_too_deeply() -> None:
    hole = "(" * 80 + "a" + ")" * 80
    assert [one[1] for one in told(f'let a = {"(" * 60}"{{{hole}}}"{")" * 60}')] == ["MR105"]
    assert told(f'let a = "{{{hole}}}"') == []


def test_after_a_hundred_holes_that_cannot_be_read_the_rest_is_left() -> None:
    found = read("a.rules", 'let a = "' + "{=}" * 150 + '"')[1].items
    assert [one.code for one in found] == ["MR101"] * 100


def test_texts_are_read_by_several_threads_at_once() -> None:
    expected = read("a.rules", EVERYTHING)
    found: list[object] = []
    threads = [threading.Thread(target=lambda: found.append(read("a.rules", EVERYTHING)[0])) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected[0]] * 4
