# SPDX-License-Identifier: Apache-2.0
"""Hypothesis strategies for what clients send to an operation: bodies nearly of its type, and what nobody meant.

The types of a compiled program come in; JSON data goes out in which, here and there, a key is missing, another one is
too much, or a value is of no type that was asked for.
"""

import json
import string
from typing import Any

from hypothesis import strategies as st

from mimic_rules.compiler import program as pr

# Text that some reader on the way may stumble over: directions, no characters, other planes, other digits, other cases.
_TEXTS = st.sampled_from(
    [
        *(
            "",
            " ",
            "0",
            "-1",
            "1e9",
            "null",
            "\x00",
            "\x7f",
            "a\r\nb",
            "\u202eabc",
            "\ufeff",
            "\ufffe",
            "😀",
            "e\u0301",
        ),
        *("ß", "\u0130", "\u0663", "%00", "%", "{id}", "$ref", "../..", "<script>", "' or 1", "a" * 300, "a" * 70_000),
        *("2030-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0000-00-00", "::1", "10.0.0.999"),
        "00000000-0000-4000-8000-000000000000",
    ]
)
texts = _TEXTS | st.text(max_size=8)
numbers = st.sampled_from([0, -1, 1, 65_536, 2**31, 2**63, -(2**63), 2**64, 10**300, 0.5, -0.0, 1e308, 5e-324])
_deep = st.integers(1, 60).map(lambda depth: json.loads("[" * depth + "]" * depth))
junk: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    numbers,
    texts,
    _deep,
    st.lists(texts | numbers, max_size=3),
    st.dictionaries(texts, texts | numbers | st.none(), max_size=3),
)
names = st.text(string.ascii_letters + string.digits, min_size=1, max_size=8)


def draw_value(draw: st.DrawFn, plan: pr.TypePlan, known: st.SearchStrategy[Any]) -> Any:
    """A value of a type, but for one in twenty; `known` are texts that name something.

    PERF: a function and no strategy: Hypothesis would write out the types of each.
    """
    if draw(st.integers(0, 19)) == 0:
        return draw(junk)
    match plan:
        case pr.PlainType(word, low, high):
            return draw(_plain(word, low, high, known))
        case pr.ExactType(value):
            return value
        case pr.ListOfType(items, low, high):
            count = draw(st.integers(low or 0, min((low or 0) + 2, high or 9)))
            return [draw_value(draw, items, known) for _ in range(count)]
        case pr.MapOfType(inner):
            return {draw(names | texts): draw_value(draw, inner, known) for _ in range(draw(st.integers(0, 2)))}
        case pr.OneOfType(alternatives):
            return draw_value(draw, alternatives[draw(st.integers(0, len(alternatives) - 1))], known)
        case pr.ObjectTypePlan(members):
            return _draw_object(draw, members, known)
    raise AssertionError(plan)


def _draw_object(draw: st.DrawFn, members: tuple[pr.MemberPlan, ...], known: st.SearchStrategy[Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for one in members:
        if draw(st.integers(0, 9)) < (3 if one.optional else 9):
            made[one.key] = draw_value(draw, one.type, known)
    if draw(st.integers(0, 9)) == 0:
        made[draw(texts)] = draw(junk)
    return made


def _plain(word: str, low: float | None, high: float | None, known: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    least = 0 if low is None else int(low)
    most = least + 20 if high is None else int(high)
    match word:
        case "text":
            return known | names.filter(lambda text: least <= len(text) <= most) if least < 8 else known
        case "int" | "sequence":
            return st.integers(least, most)
        case "number":
            return st.integers(least, most) | st.floats(least, most)
        case "bool":
            return st.booleans()
        case "null":
            return st.none()
        case "any":
            return junk
    return known


NO_GOOD = (
    *(
        b"{",
        b"[]",
        b"null",
        b"1",
        b'"a"',
        b"{}",
        b"\xff\xfe{\x00}\x00",
        b"\xef\xbb\xbf{}",
        b"a=b&c=d",
        b"<a/>",
        b"{'a':1}",
    ),
    *(b'{"a":1,"a":2}', b'{"a":NaN}', b'{"a":1e999}', b'{"a":"\\ud800"}', b'{"a":"\xed\xa0\x80"}', b"{} {}"),
    b"[" * 70 + b"]" * 70,
    b'{"a":' * 5_000,
    b'"' + b"a" * 1_100_000 + b'"',
)
"""Bodies that are no JSON, or JSON that nobody asked for: nested too deep, too long, with a key twice."""

bodies_in_bytes = st.sampled_from(NO_GOOD) | st.binary(max_size=12)
