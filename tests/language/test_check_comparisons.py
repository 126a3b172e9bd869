# SPDX-License-Identifier: Apache-2.0
"""Comparisons: of kinds that can't meet, with words and states that are not there, of tests that exclude each other."""

import pytest

from tests.language.checking import BOX, assert_fine, assert_only

WRONG = [
    ("MR301", "«metadata.count > 3»"),
    ("MR301", "«name == 1»"),
    ("MR301", "«1 == name»"),
    ("MR301", "«name != true»"),
    ("MR301", "«heavy == 1»"),
    ("MR301", "«heavy < true»"),
    ("MR301", "«size < null»"),
    ("MR301", "«tags < tags»"),
    ("MR301", "«tags == 'a'»"),
    ("MR301", "«self == 'a'»"),
    ("MR301", "«made > '2026-01-01'»"),
    ("MR301", "«maker == 1»"),
    ("MR301", "«mode == 'fats'»"),
    ("MR301", "«'fats' == mode»"),
    ("MR301", "«mode in ['medium', 'slow']»"),
    ("MR301", "«'a' == 'b'»"),
    ("MR301", "«mode in ['a'] + ['b']»"),
    ("MR301", "«size in ['a']»"),
    ("MR301", "«size in tags»"),
    ("MR301", "«name in size»"),
    ("MR301", "«size in name»"),
    ("MR301", "«size in metadata»"),
    ("MR301", "«size in self»"),
    ("MR301", "«size starts with 'a'»"),
    ("MR301", "«name starts with 1»"),
    ("MR401", "status == «BIULD»"),
    ("MR401", "«BIULD» == status"),
    ("MR401", "status == «'BIULD'»"),
    ("MR401", "status != «BIULD»"),
    ("MR401", "status in [BUILD, «ACTVE»]"),
    ("MR401", "status in «[ACTVE] + []»"),
]

RIGHT = [
    "name == 'a' and name != 'b' and name < 'c'",
    "size == 1.5 or size < made or made > now - 3s",
    "maker == 'a' or maker == null or null == maker or maker.name == 'a'",
    "self == null or tags == [] or metadata == { a: 1 } or self == maker",
    "mode == 'fast' or mode in ['slow', 'fast'] or mode > 'a' or mode == name",
    "status == BUILD or status in [ACTIVE, 'GONE'] or status == name or status > 'A'",
    "extra == 1 or extra in tags or 1 in extra or extra > 'a' or name in maker or name in null",
    "name in tags or name in 'abc' or name in metadata or 'name' in self or maker in tags",
    "extra starts with 'a' or name starts with extra or null starts with 'a'",
    "box.id == ['a'] or id in box.id or maker in maker.id",
]


@pytest.mark.parametrize(("code", "marked"), WRONG)
def test_what_can_never_hold_is_found_where_it_is(code: str, marked: str) -> None:
    assert_only(code, f"for shop.box\nwhen {marked} then status stays BUILD", BOX)


@pytest.mark.parametrize("text", RIGHT)
def test_what_may_hold_is_not_complained_of(text: str) -> None:
    assert_fine(f"for shop.box\nwhen {text} then status stays BUILD", BOX)


@pytest.mark.parametrize(
    ("marked", "message", "help"),
    [
        (
            "«metadata.a > 3»",
            "`metadata.a` is a text, `3` a number",
            "turn the text into a number: `number(metadata.a)`",
        ),
        (
            "«size in tags»",
            "`size` is a number, and what is in the list is a text",
            "turn the number into a text: `text(size)`",
        ),
        ("«heavy == 1»", "`heavy` is a truth value, `1` a number", "turn the number into a text: `text(1)`"),
        ("«heavy == tags»", "`heavy` is a truth value, `tags` a list", "compare values of one kind"),
        ("«self == 'a'»", "`self` is a record, `'a'` a text", "compare its key: `self.id`"),
        ("«mode == 'fats'»", "`mode` is never `fats`", "did you mean `fast`?"),
        ("«mode == 'zzz'»", "`mode` is never `zzz`", "it is one of fast, slow"),
    ],
)
def test_help_says_how_to_compare(marked: str, message: str, help: str) -> None:
    found = assert_only("MR301", f"for shop.box\nwhen {marked} then status stays BUILD", BOX)
    assert (found.message, found.help) == (message, help)


def test_help_names_the_states() -> None:
    found = assert_only("MR401", "for shop.box\nwhen status == «ZZZ» then status stays BUILD", BOX)
    assert found.message == "`status` has no state `ZZZ`"
    assert found.help == "the states are ACTIVE, BUILD, GONE, STOPPING"
