# SPDX-License-Identifier: Apache-2.0
"""Hypothesis strategies for the small pieces that many declarations, statements and rules end in.

They build trees, not texts; `strategies_items` and `strategies_rules` stand on it.
"""

from typing import Any

from hypothesis import strategies as st

from mimic_rules.language import declarations as de
from mimic_rules.language import expressions as ex
from mimic_rules.language import lifecycles as li
from tests.strategies_expressions import (
    Strategy,
    durations,
    guards,
    messages,
    objects,
    plain_names,
    small_expressions,
    texts,
)


def tuples(of: Strategy[Any], least: int = 0, most: int = 3) -> Strategy[tuple[Any, ...]]:
    """Tuples of some length."""
    return st.lists(of, min_size=least, max_size=most).map(tuple)


def maybe(of: Strategy[Any]) -> Strategy[Any]:
    """A thing or None."""
    return st.none() | of


exprs = small_expressions
guarded = guards(exprs)
object_exprs = objects(exprs)
some_names = tuples(plain_names, 1)
statuses = st.integers(100, 599)
faults = st.builds(de.Fault, statuses, maybe(plain_names), messages(exprs))
headers = st.builds(de.Header, texts, exprs)
one_line = exprs.filter(lambda one: not isinstance(one, ex.Where))
periods = durations | st.builds(li.Seconds, one_line)
events = st.builds(li.AnyEvent, maybe(plain_names)) | st.builds(li.NamedEvent, plain_names, maybe(plain_names))
