# SPDX-License-Identifier: Apache-2.0
"""What verification says is true of every history that the journal may be the end of; else it says that it can't know.

The truth is worked out as plainly as can be, of the whole history.
"""

from collections.abc import Sequence
from itertools import product
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mimic_rules.engine.exchange import MISSING, Request, Response
from mimic_rules.web.journal import Journal
from mimic_rules.web.matching import seen
from mimic_rules.web.verification import History, verify

KINDS = ("a", "b", "c")
described = st.lists(st.sampled_from(KINDS), min_size=1, max_size=2, unique=True).map("".join)
bounds = st.integers(0, 3) | st.fixed_dictionaries({"at_least": st.integers(0, 3), "at_most": st.integers(3, 5)})
requests = st.lists(st.fixed_dictionaries({"path": described}, optional={"times": bounds}), max_size=3)
wishes = st.fixed_dictionaries(
    {"requests": requests, "never": st.lists(st.fixed_dictionaries({"path": described}), max_size=1)},
    optional={"in_order": st.booleans(), "no_others": st.booleans()},
)


def truth(wish: Any, history: Sequence[str]) -> list[bool]:
    """What is true of a whole history, worked out as plainly as can be; a description is the kinds that it means."""
    found = []
    for one in wish["requests"]:
        count = sum(kind in one["path"] for kind in history)
        low, high = limits(one)
        found.append(low <= count <= high)
    found += [not any(kind in one["path"] for kind in history) for one in wish["never"]]
    if wish.get("in_order"):
        steps = [one["path"] for one in wish["requests"] for _ in range(limits(one)[0])]
        found.append(is_embedded(steps, history))
    if wish.get("no_others"):
        found.append(all(any(kind in one["path"] for one in wish["requests"]) for kind in history))
    return found


def limits(one: Any) -> tuple[float, float]:
    times = one.get("times", {"at_least": 1, "at_most": float("inf")})
    return (times, times) if isinstance(times, int) else (times["at_least"], times["at_most"])


def is_embedded(steps: Sequence[str], history: Sequence[str]) -> bool:
    if not steps:
        return True
    return any(kind in steps[0] and is_embedded(steps[1:], history[at + 1 :]) for at, kind in enumerate(history))


def kept_of(history: Sequence[str], most: int) -> History:
    """What a journal has of a history: a kind of request is a path, and a description of kinds is told by its query."""
    journal = Journal(most)
    for kind in history:
        query = {both: ["yes"] for both in product_of_kinds() if kind in both}
        request = Request("GET", f"/{kind}", query, {}, "", lambda: MISSING)
        journal.note(request, MISSING, Response(200), 0.0, 0.0)
    entries, dropped = journal.read()
    return History([seen(one) for one in entries], dropped)


def product_of_kinds() -> list[str]:
    return [*KINDS, *("".join(two) for two in product(KINDS, KINDS) if two[0] != two[1])]


def in_queries(wish: Any) -> Any:
    """The same wish, said of the requests that `kept_of` makes."""

    def said(one: Any) -> Any:
        return {**{name: one[name] for name in one if name != "path"}, "query": {one["path"]: "yes"}}

    return {**wish, "requests": [*map(said, wish["requests"])], "never": [*map(said, wish["never"])]}


@given(wishes, st.lists(st.sampled_from(KINDS), max_size=6), st.integers(0, 7))
def test_what_is_said_is_true_of_every_history_that_the_journal_may_be_of(
    wish: Any, history: list[str], most: int
) -> None:
    """Passed and failed hold whatever was dropped; without anything dropped, nothing is unknown."""
    kept = kept_of(history, most)
    said = [check.result.value for check in verify(in_queries(wish), kept)[1]]
    assert ("unknown" in said) <= (kept.dropped > 0)
    suffix = history[kept.dropped :]
    possible = list(product((*KINDS, "-"), repeat=min(kept.dropped, 3)))
    for instead in [history[: kept.dropped], *([] if kept.dropped > 3 else map(list, possible))]:
        for result, is_true in zip(said, truth(wish, [*instead, *suffix]), strict=True):
            assert result in ("unknown", "passed" if is_true else "failed")


@given(
    st.lists(st.fixed_dictionaries({"path": described}, optional={"times": st.integers(1, 2)}), min_size=2, max_size=3),
    st.lists(st.sampled_from(KINDS), min_size=1, max_size=6),
    st.integers(1, 2),
)
def test_what_is_said_of_the_order_is_true_of_every_history(
    wanted: list[Any], history: list[str], dropped: int
) -> None:
    wish = {"requests": wanted, "never": [], "in_order": True}
    kept = kept_of(history, max(0, len(history) - dropped))
    said = verify(in_queries(wish), kept)[1][-1].result.value
    possible = product((*KINDS, "-"), repeat=kept.dropped)
    true = {truth(wish, [*instead, *history[kept.dropped :]])[-1] for instead in possible}
    assert said == "unknown" if len(true) > 1 else said in ("unknown", "passed" if True in true else "failed")


@given(wishes, st.lists(st.sampled_from(KINDS), max_size=6))
def test_the_worst_of_all_is_the_result(wish: Any, history: list[str]) -> None:
    result, checks = verify(in_queries(wish), kept_of(history, 2))
    said = {check.result.value for check in checks}
    assert result.value == ("failed" if "failed" in said else "unknown" if "unknown" in said else "passed")
