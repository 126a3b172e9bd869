# SPDX-License-Identifier: Apache-2.0
"""What a word is taken for: a keyword where one can stand, a name everywhere else; and where it is."""

import re

import pytest

from mimic_rules.language import declarations as de
from mimic_rules.language import expressions as ex
from mimic_rules.language.lexer import RESERVED
from mimic_rules.language.syntax import _lexer, build_parser, read, tokens


def only(text: str) -> de.Item:
    """The one item of a text without mistakes."""
    file, diagnostics = read("a.rules", text)
    assert diagnostics.items == ()
    (item,) = file.items
    return item


def test_reserved_words_are_those_of_the_grammar() -> None:
    parser = build_parser(strict=True)
    pattern = parser.get_terminal("NAME").pattern.to_regexp()
    words = re.search(r"\(\?!\(\?:([a-z|]+)\)", pattern)
    assert words is not None
    assert set(words[1].split("|")) == RESERVED
    # and every one of them is a word of the language
    assert set(_lexer().keywords) >= RESERVED


KEYWORDS = sorted(set(_lexer().keywords) - RESERVED)


@pytest.mark.parametrize("word", KEYWORDS)
def test_a_keyword_is_a_name_where_it_can_be_none(word: str) -> None:
    item = only(f"let a = {word} + b.{word} + {word}(1)")
    assert isinstance(item, de.Definition)
    first = ex.Arithmetic("+", ex.Name(word), ex.Attribute(ex.Name("b"), word))
    assert item.value == ex.Arithmetic("+", first, ex.Call(word, (ex.Literal(1),)))


@pytest.mark.parametrize("word", KEYWORDS)
def test_a_field_after_an_expression_may_have_any_name(word: str) -> None:
    """Where LALR merges states, a keyword of another place seems acceptable after an expression; it is not."""
    if word in ("key", "plural", "unique", "check", "missing", "kept", "across", "on", "keyed", "starts"):
        return
    item = only(f"resource thing in tenant {{ first text = a\n {word} int\n last text }}")
    assert isinstance(item, de.Resource)
    assert [line.name for line in item.lines if isinstance(line, de.Field)] == ["first", word, "last"]


def test_a_phrase_is_one_where_it_can_stand() -> None:
    assert only("when on == after and instead == with_deleted then respond 500 instead")
    assert only("resource thing in tenant { a time = now on change }")
    file, diagnostics = read("a.rules", "let a = b\non change thing then respond 500")
    assert (len(file.items), diagnostics.items) == (2, ())


def test_a_phrase_may_go_over_lines() -> None:
    file, diagnostics = read("a.rules", "when a then respond 500 after\n commit before find\nlet b = 1")
    assert diagnostics.items == ()
    assert [item.span.line for item in file.items] == [1, 3]
    assert (file.items[0].span.end_line, file.items[0].span.end_column) == (2, 20)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("then a stays B for 3s", 1),
        ("then a stays B for x.y seconds", 1),
        ("then a stays B for each + 1 seconds", 1),
        ("then a stays B for f({ a: 1 }) seconds", 1),
        ("then a stays B\nfor shop", 2),
        ("then a stays B\nfor seconds", 2),
        ("then a stays B for shop.thing {\nlet a = seconds }", 2),
        ("then a stays B\nfor each $a in [seconds] { let a = 3 * seconds }", 2),
        ("then a stays B\nfor each ($a, $b) in [(1, seconds)] { let a = 3 seconds }", None),
    ],
)
def test_for_is_a_period_or_a_subject(text: str, count: int | None) -> None:
    file, diagnostics = read("a.rules", text)
    if count is None:
        assert [(one.span.line, one.span.column) for one in diagnostics.items] == [(2, 49)]
    else:
        assert (len(file.items), diagnostics.items) == (count, ())


def test_a_parameter_is_a_path_or_a_name() -> None:
    gone = 'gone 410 "x" $p /a'
    text = f"template t($a, $p) {{ operation x $a GET $p {{ answer 200 {{ $a }} }} {gone}\n let x_$a = $a.b }}"
    item = only(text)
    assert isinstance(item, de.Template)
    paths = item.items[1]
    assert isinstance(paths, de.Gone)
    assert paths.paths == ("$p", "/a")
    resource = only('resource a in b {\n  missing 404 "x"\n  $a text\n}')
    assert isinstance(resource, de.Resource)
    assert len(resource.lines) == 2


def test_a_word_does_not_begin_with_a_keyword() -> None:
    assert [kind for kind, _ in tokens("letx")] == ["NAME"]
    (one,) = read("a.rules", "letx = 1")[1].items
    assert (one.span.column, one.span.end_column) == (1, 5)


def test_tokens_are_the_whole_text() -> None:
    text = "# a # b\nlet a = 'x'  #c\n\n  gone 410 '' /a#b /c\n#end"
    found = list(tokens(text))
    assert "".join(word for _, word in found) == text
    assert [word for kind, word in found if kind == "COMMENT"] == ["# a # b", "#c", "#end"]
    assert [word for kind, word in found if kind == "PATH"] == ["/a#b", "/c"]
    assert {kind for kind, word in found if not word.strip()} == {"BLANK"}


def test_tokens_go_on_after_a_mistake() -> None:
    text = 'let = 3 "x'
    assert list(tokens(text)) == [
        ("LET", "let"),
        ("BLANK", " "),
        ("EQUAL", "="),
        ("BLANK", " "),
        ("NUMBER", "3"),
        ("BLANK", " "),
        ("UNCLOSED", '"'),
        ("NAME", "x"),
    ]


def test_scanning_knows_patterns_by_the_word_before() -> None:
    lexer = _lexer()
    text = "a matches /x { y/ text matching /}/ /b{"
    assert [word.text for word in lexer.scan(text)] == ["a", "matches", "/x { y/", "text", "matching", "/}/", "/b{"]
    (second, *_) = lexer.scan("a\n b", 1)
    assert (second.line, second.column, second.start_pos) == (2, 2, 3)
