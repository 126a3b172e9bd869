# SPDX-License-Identifier: Apache-2.0
"""Did you mean: near words only, the nearest first, and the same whatever the order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mimic_rules.diagnostics import did_you_mean

WORDS = ("port", "host", "threads", "durations", "regions", "log")


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("prot", "port"),  # two letters swapped
        ("por", "port"),  # one missing
        ("hosts", "host"),  # one too many
        ("thraeds", "threads"),
        ("duration", "durations"),
        ("duartionz", "durations"),
        ("region", "regions"),
        ("PORT", "port"),
        ("lag", "log"),
        ("colour", None),
        ("p", None),
        ("", None),
        ("x" * 81, None),
    ],
)
def test_the_nearest_word_is_meant(word: str, meant: str | None) -> None:
    assert did_you_mean(word, WORDS) == meant


def test_a_word_is_not_proposed_for_itself() -> None:
    assert did_you_mean("port", ["port"]) is None


def test_of_equally_near_words_the_first_in_the_alphabet_is_meant() -> None:
    assert did_you_mean("bat", ["cat", "hat", "rat"]) == "cat"
    assert did_you_mean("bat", ["rat", "hat", "cat"]) == "cat"


def test_single_letters_are_near_to_nothing() -> None:
    assert did_you_mean("ab", ["a", "b"]) is None


@given(st.text("abc", min_size=3, max_size=9), st.integers(0), st.sampled_from("abcd"))
def test_one_changed_letter_is_always_near(word: str, index: int, letter: str) -> None:
    index %= len(word)
    mistyped = word[:index] + letter + word[index + 1 :]
    assert did_you_mean(mistyped, [word]) == (None if mistyped == word else word)


@given(st.text("abc", max_size=6), st.lists(st.text("abc", max_size=6)))
def test_the_order_of_the_candidates_counts_for_nothing(word: str, words: list[str]) -> None:
    assert did_you_mean(word, words) == did_you_mean(word, reversed(words))
