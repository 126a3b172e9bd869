# SPDX-License-Identifier: Apache-2.0
"""Draws: the same for the same seed, in the shapes that were asked for."""

import random
import re
import threading
import uuid
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mimic_rules.state.draws import MAX_LENGTH, Draws, chance


def draws(seed: int | str) -> Draws:
    return Draws(random.Random(seed), threading.RLock())


CALLS: st.SearchStrategy[tuple[str, tuple[Any, ...]]] = st.one_of(
    st.just(("uuid", ())),
    st.tuples(st.just("hex"), st.tuples(st.integers(0, 40))),
    st.tuples(st.just("word"), st.tuples(st.integers(0, 20), st.text(min_size=1, max_size=5))),
    st.tuples(st.just("number"), st.tuples(st.floats(0, 10), st.floats(10, 20))),
    st.tuples(st.just("whole"), st.tuples(st.integers(-5, 5), st.integers(5, 10**20))),
    st.tuples(st.just("bytes"), st.tuples(st.integers(0, 40))),
)


@given(st.integers() | st.text(), st.lists(CALLS, max_size=10))
def test_the_same_seed_gives_the_same_draws(seed: int | str, calls: list[tuple[str, tuple[Any, ...]]]) -> None:
    one, other = draws(seed), draws(seed)
    for name, arguments in calls:
        assert getattr(one, name)(*arguments) == getattr(other, name)(*arguments)


def test_a_seed_gives_these_draws_everywhere() -> None:
    source = draws("a seed")
    drawn = [source.uuid(), source.hex(8), source.word(4, "xyz"), source.whole(1, 6), source.bytes(2).hex()]
    assert drawn == ["b541a4fd-0988-4225-80e8-70a865d7e58c", "c3fc2a45", "xzyy", 3, "b204"]


@given(st.integers())
def test_shapes(seed: int) -> None:
    source = draws(seed)
    text = source.uuid()
    assert (str(uuid.UUID(text)), uuid.UUID(text).version, uuid.UUID(text).variant) == (text, 4, uuid.RFC_4122)
    assert re.fullmatch("[0-9a-f]{13}", source.hex(13))
    assert re.fullmatch("[ab]{9}", source.word(9, "ab"))
    assert 0.2 <= source.number(0.2, 0.9) <= 0.9
    assert source.whole(3, 5) in (3, 4, 5)
    assert len(source.bytes(7)) == 7
    assert (source.hex(0), source.word(0, "a"), source.bytes(0)) == ("", "", b"")


def test_both_ends_of_whole_numbers_come_up() -> None:
    source = draws(1)
    assert {source.whole(1, 3) for _ in range(100)} == {1, 2, 3}


def test_draws_that_make_no_sense() -> None:
    source = draws(1)
    for draw in (source.hex, source.bytes, lambda n: source.word(n, "ab")):
        for n in (-1, MAX_LENGTH + 1):
            with pytest.raises(ValueError, match=f"^can't draw `{n}` characters: one draw gives 0 to 65536$"):
                draw(n)
    with pytest.raises(ValueError, match=r"^can't draw a word from an alphabet without characters$"):
        source.word(3, "")
    with pytest.raises(
        ValueError, match=r"^can't draw a number from `2` to `1`: the second must not be below the first$"
    ):
        source.whole(2, 1)


@given(st.integers() | st.text(), st.text() | st.tuples(st.text(), st.integers()), st.integers(0))
def test_chance_is_a_function(seed: int | str, key: str | tuple[str, int], n: int) -> None:
    number = chance(seed, key, n)
    assert 0 <= number < 1
    assert number == chance(seed, key, n)


def test_chance_is_the_same_everywhere_and_knows_its_arguments_apart() -> None:
    told = [chance(1, "a", 1), chance("1", "a", 1), chance(1, "a", 2), chance(1, ("a", 1), 1), chance(2, "a", 1)]
    assert len(set(told)) == 5
    assert chance("a seed", ("team.rules:3", "t1"), 7) == 0.6741928588549844
    assert 0 <= chance(1, "half a character \ud800", 1) < 1


def test_chance_is_fair() -> None:
    struck = sum(chance(1, "a", n) < 0.1 for n in range(10_000))
    assert 900 < struck < 1100
