# SPDX-License-Identifier: Apache-2.0
"""Worlds kept in this process."""

import pytest

from mimic_rules.state.clock import WorldClock
from mimic_rules.state.store import DictStore, Store
from mimic_rules.state.world import World


def world(name: str) -> World:
    return World(name, clock=WorldClock(0), seed=1, specs={})


def test_worlds_come_and_go() -> None:
    store: Store = DictStore(max_worlds=2)
    first, second = world("first"), world("second")
    assert (store.shared, store.ids(), store.world("first")) == (False, (), None)
    store.add(second)
    store.add(first)
    assert store.ids() == ("second", "first")
    assert store.world("first") is first
    assert store.remove("second")
    assert not store.remove("second")
    assert (store.ids(), store.world("second")) == (("first",), None)


def test_an_id_is_taken_once_and_room_ends() -> None:
    store = DictStore(max_worlds=2)
    kept = world("a")
    store.add(kept)
    with pytest.raises(ValueError, match=r"^there is a world `a` already: choose another id or remove that one$"):
        store.add(world("a"))
    store.add(world("b"))
    with pytest.raises(ValueError, match=r"^can't add the world `c`: there are 2, remove one first$"):
        store.add(world("c"))
    assert store.world("a") is kept
    assert store.ids() == ("a", "b")
