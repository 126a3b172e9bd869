# SPDX-License-Identifier: Apache-2.0
"""The language's own words: tables that fit together and that nobody can change."""

import operator
import re
from typing import Any

import pytest

from mimic_rules.language import vocabulary
from tests.language.checking import assert_fine

MUST_BE_SEEN = {
    "not_modelled": {"reason", "nearest"},
    "invalid_body": {"value", "reason"},
    "invalid": {"field", "value", "reason"},
    "unknown_action": {"action"},
    "over_quota": {"over", "requested", "used", "limit", "resource"},
    "bad_version": {"value", "first", "last"},
    "unsupported_version": {"value", "first", "last"},
}


@pytest.mark.parametrize("name", vocabulary.SITUATIONS)
def test_a_situation_says_only_what_it_sees(name: str) -> None:
    situation = vocabulary.SITUATIONS[name]
    assert set(re.findall(r"\{(\w+)\}", situation.message)) <= set(situation.sees) == MUST_BE_SEEN.get(name, set())
    assert 400 <= situation.status <= 599
    assert_fine(f'service a "A" {{ on {name} {situation.status} "{situation.message}" }}')


def test_every_phase_can_be_ordered() -> None:
    assert_fine(f'service a "A" {{ order {", ".join(vocabulary.PHASES)} }}')


@pytest.mark.parametrize("name", sorted(vocabulary.ROOTS - {"self"}))
def test_every_root_is_known(name: str) -> None:
    assert_fine(f'service a "A" {{ answers header "X" = {name} }}')


@pytest.mark.parametrize("name", vocabulary.FUNCTIONS)
def test_a_function_takes_kinds_of_the_language(name: str) -> None:
    function = vocabulary.FUNCTIONS[name]
    kinds = {*vocabulary.KINDS, "any", "time"}
    assert function.result in kinds
    assert {kind for takes in function.takes for kind in takes.split()} <= {*kinds, "resource"}
    assert function.maximum is None or function.minimum <= function.maximum


def test_nobody_can_change_the_tables() -> None:
    tables: list[Any] = [vocabulary.SITUATIONS, vocabulary.FUNCTIONS]
    for table in tables:
        with pytest.raises(TypeError):
            operator.setitem(table, "new", None)
