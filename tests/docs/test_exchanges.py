# SPDX-License-Identifier: Apache-2.0
"""The format of exchanges, and how an answer is compared with what was expected."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.docs.exchanges import Advance, Exchange, mismatches, steps

TEXT = """\
> POST /tickets {"title": "a b"}
> X-Agent: ann: the first

< 202
< Location: *
{"id": "*",
 "title": "a b"}
> advance 1.5h
> DELETE /tickets/1?now=yes
< 204
"""

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


def test_steps_are_what_the_text_says() -> None:
    assert steps(TEXT, line=10) == [
        Exchange(
            10,
            "POST",
            "/tickets",
            '{"title": "a b"}',
            {"X-Agent": "ann: the first"},
            202,
            {"Location": "*"},
            '{"id": "*",\n "title": "a b"}\n',
        ),
        Advance(17, 5400.0),
        Exchange(18, "DELETE", "/tickets/1?now=yes", status=204),
    ]


@pytest.mark.parametrize(("said", "seconds"), [("200ms", 0.2), ("5s", 5.0), ("2m", 120.0), ("1d", 86400.0)])
def test_every_unit_of_time(said: str, seconds: float) -> None:
    assert steps(f"> advance {said}\n") == [Advance(1, seconds)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("> GET /a\n", "line 1: this request has no answer"),
        ("> GET /a\n> GET /b\n< 200\n", "line 1: this request has no answer"),
        ("< 200\n", "line 1: no request comes before this"),
        ("> X-Agent: ann\n", "line 1: no request comes before this"),
        ("> advance 5s\n< 200\n", "line 2: no request comes before this"),
        ("{}\n", "line 1: no request comes before this"),
        ("> GET /a\n{}\n< 200\n", "line 2: a body is expected before a status"),
        ("> GET /a\n< 200\n> X-Agent: ann\n", "line 3: a header comes before the answer"),
        ("> GET /a\n< 200\n< 201\n", "line 3: `201` is no status, and no header or delay after one"),
        ("> GET /a\n< X-Agent: ann\n< 200\n", "line 2: `X-Agent: ann` is no status"),
        ("> GET /a\n< dropped\n< 200\n< dropped\n", "line 4: `dropped` is no status"),
        ("> GET /a\n< delay 2s\n", "line 2: `delay 2s` is no status"),
        ("> fetch /a\n", "line 1: `fetch /a` is no request, no header and no `advance`"),
        ("> advance soon\n", "line 1: `advance soon` is no request"),
        ("> GET /a\n< 200\n{oops}\n", "line 1: the expected body is not JSON"),
    ],
)
def test_what_is_not_in_the_format_is_refused(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        steps(text)


@given(JSON)
def test_every_value_matches_itself_and_anything(value: object) -> None:
    assert mismatches(value, value) == [] or "*" in json.dumps(value) or "-" in json.dumps(value)
    assert mismatches("*", value) == []


@given(st.dictionaries(st.text("abc", min_size=1, max_size=2), st.integers(), max_size=4), st.data())
def test_an_object_matches_when_the_expected_keys_do(value: dict[str, int], data: st.DataObject) -> None:
    wanted = data.draw(st.sets(st.sampled_from(sorted(value)))) if value else set()
    part = {key: value[key] for key in wanted}
    assert mismatches(part, value) == []
    assert mismatches({**part, "new": 1}, value) == ["$.new: is not there"]


@pytest.mark.parametrize(
    ("expected", "got", "said"),
    [
        ({"a": {"b": 1}}, {"a": {"b": 2}}, ["$.a.b: 2 instead of 1"]),
        ({"a": {"b": 1}}, {"a": [1]}, ["$.a: [1] is no object"]),
        ([1, "*"], [1], ["$: [1] is no list of 2"]),
        ([1, 2], [1, 3], ["$[1]: 3 instead of 2"]),
        ([], {}, ["$: {} is no list of 0"]),
        (1, True, ["$: true instead of 1"]),
        (False, 0, ["$: 0 instead of false"]),
        ("1", 1, ['$: 1 instead of "1"']),
        (None, 0, ["$: 0 instead of null"]),
        ({"a": "-"}, {"a": None}, ["$.a: null where nothing should be"]),
        ({"a": 1, "b": 2}, {}, ["$.a: is not there", "$.b: is not there"]),
    ],
)
def test_a_difference_is_said_with_its_place(expected: object, got: object, said: list[str]) -> None:
    assert mismatches(expected, got) == said


def test_a_key_that_must_not_be_there() -> None:
    assert mismatches({"a": "-"}, {"b": 1}) == []
    assert mismatches({"a": "*"}, {"a": None}) == []


def test_numbers_are_equal_whatever_their_kind() -> None:
    assert mismatches(1, 1.0) == []
