# SPDX-License-Identifier: Apache-2.0
"""Conditions that can never hold: each is found where it becomes so, and none is told of one that can hold."""

import operator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.language.checking import BOX, assert_fine, assert_only, loaded

CONTRADICTIONS = [
    "size == 1 and «size == 2»",
    "size == 1 and (heavy and «size == 2»)",
    "size in [1, 2] and «size in [3]»",
    "size in [1, 2] and size in [2, 3] and «size == 1»",
    "heavy == true and «heavy == false»",
    "mode == 'fast' and «mode == 'slow'»",
    "status == BUILD and «status == ACTIVE»",
    "heavy and «not heavy»",
    "not heavy and «heavy»",
    "name == 'a' and «not name == 'a'»",
    "metadata.a == 'x' and size > 1 and «metadata.a == 'y'»",
    "name == null and «name == 'a'»",
    "name == 'a' and «name != 'a'»",
    "name != 'a' and «'a' == name»",
    "name in ['a', 'b'] and name != 'a' and «name != 'b'»",
    "size < 3 and «size > 5»",
    "size > 5 and «size < 3»",
    "size < 3 and «size >= 3»",
    "size > 3 and «size <= 3»",
    "size >= 4 and «size <= 3»",
    "3 > size and «5 < size»",
    "size > 3 and «size == 3»",
    "size == 4 and «size < 4»",
    "size < 4 and size < 9 and size <= 4 and «size == 4»",
    "size > 4 and size > 1 and size >= 4 and «size == 4»",
    "size <= 2 and «size in [3, 4]»",
    "size >= 2 and «size in [0, 1]»",
    "name starts with 'web' and «name starts with 'db'»",
    "name starts with 'web-' and name starts with 'web' and «name == 'web'»",
    "name == 'db-1' and «name starts with 'web'»",
    "«name in []» and size == 1",
]


@pytest.mark.parametrize("marked", CONTRADICTIONS)
def test_tests_that_exclude_each_other_are_found(marked: str) -> None:
    assert_only("MR502", f"for shop.box\nwhen {marked} then status stays BUILD", BOX)


@pytest.mark.parametrize(
    "text",
    [
        "size == 1 and size == 1.0",
        "size == 1 or size == 2",
        "size == 1 and name == '1'",
        "size in [1, 2] and size == 2",
        "size == size and size == 2",
        "name in tags and name == 'a'",
        "extra == SOME and extra in [SOME, OTHER]",
        "name == name and heavy and not (size == 1)",
        "name != 'a' and name != 'b'",
        "size < 5 and size > 3 and size == 4",
        "size <= 3 and size >= 3 and size == 3",
        "size >= 3 and size in [1, 3]",
        "name starts with 'web' and name starts with 'web-' and name == 'web-1'",
        "name starts with '' and name == 'a'",
        "name < 'a' and name > 'b'",
        "name starts with metadata.a and name == 'a'",
        "size < count(tags) and size > 5",
        "1 == 1.0 and 2 == 2",
    ],
)
def test_tests_that_can_both_hold_are_left_alone(text: str) -> None:
    assert_fine(f"for shop.box\nwhen {text} then status stays BUILD", BOX)


def test_a_word_in_capitals_that_means_something_else_is_no_fixed_value() -> None:
    check = "check size == A and size == B else 400 'no'"
    assert_fine("operation x box GET /{id} { let A = extra  let B = extra.b  " + check + "  answer 200 }", BOX)


NUMBERS = st.integers(0, 4)
TESTS = st.lists(
    st.tuples(st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), NUMBERS, st.booleans()), min_size=2, max_size=4
)
HOLDS = {"==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
MIRRORED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


@given(TESTS)
@example([(">", 1, False), ("<", 2, False)])
def test_what_is_told_never_holds(tests: list[tuple[str, int, bool]]) -> None:
    """Halves stand for all that lies between whole numbers."""
    said = [f"{one} {MIRRORED[how]} size" if turned else f"size {how} {one}" for how, one, turned in tests]
    found = loaded(BOX + f"for shop.box\nwhen {' and '.join(said)} then status stays BUILD").diagnostics
    assert {one.code for one in found} <= {"MR502"}
    can_hold = any(all(HOLDS[how](half / 2, one) for how, one, _ in tests) for half in range(-1, 11))
    # Bounds and exclusions together (`>= 2 and <= 2 and != 2`) are left to the reader.
    assert not (found and can_hold)
    if not can_hold and not any(how == "!=" for how, _, _ in tests):
        assert found
