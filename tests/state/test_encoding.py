# SPDX-License-Identifier: Apache-2.0
"""Plain data as JSON and back: equal to the type, or refused."""

import json
import math
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mimic_rules.state.encoding import DEEPEST, decode, encode

TAGS = st.sampled_from(["~tuple", "~dict", "~number"])
PLAIN: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(TAGS | st.text(max_size=2), inner, max_size=2)
    ),
    max_leaves=12,
)
WRITTEN: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["inf", "nan", "x"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TAGS | st.just("x"), inner, max_size=2),
    max_leaves=8,
)


@given(PLAIN)
@example({"~tuple": [1]})
@example([{"~dict": {"~dict": 1}}, ("~number", {"~number": "inf"})])
def test_what_is_written_comes_back_equal(value: Any) -> None:
    # Text, so that 1, 1.0 and True are told apart, and so are lists and tuples.
    assert repr(decode(json.loads(json.dumps(encode(value), allow_nan=False)))) == repr(value)


@given(WRITTEN)
def test_what_comes_from_anywhere_is_read_or_refused(written: Any) -> None:
    try:
        value = decode(written)
    except ValueError:
        return
    assert repr(encode(value)) == repr(written)


def test_a_number_unlike_itself_comes_back() -> None:
    assert math.isnan(decode(encode(math.nan)))


@pytest.mark.parametrize("value", [{1}, {1: 2}, b"x", object(), 1j])
def test_what_is_no_plain_data(value: Any) -> None:
    with pytest.raises(ValueError, match=r"is no plain data$"):
        encode([value])
    with pytest.raises(ValueError, match=r"is no plain data$"):
        decode([value])


@pytest.mark.parametrize("written", [{"~tuple": 1}, {"~dict": []}, {"~dict": {}}, {"~number": "one"}, {"~number": []}])
def test_a_tag_that_holds_something_else(written: Any) -> None:
    with pytest.raises(ValueError, match=r"^`~\w+` holds what it can't hold$"):
        decode(written)


@pytest.mark.parametrize(
    "wrap", [lambda inner: [inner], lambda inner: (inner,), lambda inner: {"~dict": inner}, lambda inner: {"x": inner}]
)
def test_nothing_is_followed_for_ever(wrap: Any) -> None:
    value: Any = 0
    for _ in range(DEEPEST):
        value = wrap(value)
    assert decode(encode(value)) == value
    with pytest.raises(ValueError, match=r"^it is more than 300 levels deep$"):
        encode(wrap(value))
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(ValueError, match=r"^it is more than 300 levels deep$"):
        decode(deep)
