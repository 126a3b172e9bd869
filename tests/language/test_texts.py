# SPDX-License-Identifier: Apache-2.0
"""Texts in quotes, taken apart and put together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mimic_rules.language.texts import Hole, braces, escape, holes, quote, quote_literal, unquote


@pytest.mark.parametrize(
    ("quoted", "text"),
    [
        ('"a"', "a"),
        ("'a'", "a"),
        (r'"a\"b\\c\/\x"', 'a"b\\c/x'),
        (r'"\n\t\r"', "\n\t\r"),
        (r"'it\'s'", "it's"),
        ('""', ""),
    ],
)
def test_quotes_and_escapes_are_taken_away(quoted: str, text: str) -> None:
    assert unquote(quoted) == text


def apart(quoted: str) -> list[str | tuple[str, list[int], tuple[str, ...]]] | None:
    parts = holes(quoted)
    if parts is None:
        return None
    return [part if isinstance(part, str) else (part.text, list(part.at), part.path) for part in parts]


@pytest.mark.parametrize(
    ("quoted", "parts"),
    [
        ('"a{b.c}d"', ["a", ("b.c", [3, 4, 5, 6], ("b", "c")), "d"]),
        ('"{{a}}"', ["{a}"]),
        ('"{a}}"', [("a", [2, 3], ("a",)), "}"]),
        ('"}"', ["}"]),
        ('"{ {a: 1}}"', [(" {a: 1}", [2, 3, 4, 5, 6, 7, 8, 9], ())]),
        ('"{a.in}"', [("a.in", [2, 3, 4, 5, 6], ())]),
        ('"{}"', [("", [2], ())]),
        # braces in texts and patterns inside a hole are none of the hole's
        ("\"{f('}')}\"", [("f('}')", [2, 3, 4, 5, 6, 7, 8], ())]),
        ('"{a matches /}/}b"', [("a matches /}/", [*range(2, 16)], ()), "b"]),
        # an escape is two characters of the file and one of the text
        (r'"\"{f(\"}\")}"', ['"', ('f("}")', [4, 5, 6, 8, 9, 11, 12], ())]),
        ('"{a"', None),
        ('"a {{{b"', None),
        ('"{\'}"', None),
    ],
)
def test_a_text_is_taken_apart(quoted: str, parts: list[object] | None) -> None:
    assert apart(quoted) == parts


@given(st.text())
def test_what_is_quoted_reads_back(text: str) -> None:
    assert unquote(quote(text)) == text
    assert "\n" not in quote(text)
    for quotes in ("'", '"'):
        literal = quote_literal(text, quotes)
        if literal[0] == "'":
            assert unquote(literal) == text
        else:
            assert holes(literal) == ([text] if text else [])
    assert quote_literal(text, "'")[0] == "'"


@given(st.lists(st.text(st.sampled_from("ab{}\"'\\/\n"), min_size=1), min_size=1, max_size=3))
def test_plain_parts_between_holes_read_back(plain: list[str]) -> None:
    inside = "{x}".join(map(braces, plain))
    parts = holes('"' + escape(inside, '"') + '"')
    assert parts is not None
    assert [part for part in parts if isinstance(part, str)] == plain
    assert [part.path for part in parts if isinstance(part, Hole)] == [("x",)] * (len(plain) - 1)


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ("plain", '"plain"'),
        ("it's", '"it\'s"'),
        ('say "a"', "'say \"a\"'"),
        ("{a}", "'{a}'"),
        ("it's {a}", '"it\'s {{a}}"'),
    ],
)
def test_the_quotes_that_save_escapes_are_taken(text: str, literal: str) -> None:
    assert quote_literal(text) == literal
