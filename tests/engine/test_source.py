# SPDX-License-Identifier: Apache-2.0
"""No text of a rule is ever read as code: whatever stands in a plan, the function made of it gives it back as a
value.
"""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mimic_rules.compiler import expressions as pl
from mimic_rules.engine.exchange import MISSING
from mimic_rules.engine.source import function_of, view_of
from mimic_rules.engine.support import NAMES

HOSTILE = (
    "'",
    '"',
    "\\",
    "\n",
    "')+__import__('os').system('true')+('",
    "{f[0]}",
    "\x00",
    "\ud800",
    "'''",
    "M",
    "f[0].transaction",
)
TEXTS = st.text() | st.sampled_from(HOSTILE)


def frame(**extra: Any) -> list[Any]:
    made: list[Any] = [MISSING] * 20
    made[pl.EXTRA] = extra
    made[pl.VERSION] = 0
    return made


@given(TEXTS)
def test_a_text_stays_a_text(text: str) -> None:
    assert function_of(pl.Const(text))(frame()) == text
    assert function_of(pl.Join((pl.Const(text), pl.Const(text))))(frame()) == text + text
    assert function_of(pl.Items((pl.Const(text),)))(frame()) == [text]


@given(TEXTS, TEXTS)
def test_a_name_stays_a_name(name: str, value: str) -> None:
    record = {name: value}
    held = frame(**{name: value})
    held[pl.SELF] = record
    assert function_of(pl.Extra(name))(held) == value
    assert function_of(pl.FieldOf(pl.Slot(pl.SELF, "self"), name))(held) == value
    assert function_of(pl.Get(pl.Slot(pl.SELF, "self"), name))(held) == value
    built = pl.Build((pl.Pair(pl.Const(name), pl.Const(value)),))
    assert function_of(built)(held) == record
    entries = (pl.Pair(pl.Const(name), pl.FieldOf(pl.Slot(pl.SELF, "self"), name)),)
    assert view_of(entries, frozenset())(held, record) == record
    assert view_of(entries, frozenset({name}))(held, record) == record


@pytest.mark.parametrize("number", [0, -1, 10**30, 1.5, -0.0, 1e300, True, False, None])
def test_a_scalar_stays_what_it_is(number: float | None) -> None:
    value = function_of(pl.Const(number))(frame())
    assert (value, type(value)) == (number, type(number))


def test_functions_reach_no_builtins() -> None:
    assert NAMES["__builtins__"] == {}
