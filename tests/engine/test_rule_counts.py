# SPDX-License-Identifier: Apache-2.0
"""How often a rule decides and when: counts, shares, times of the world, cycles, and `pass`."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mimic_rules.compiler.program import MomentPlan, OftenPlan
from mimic_rules.engine.often import moment, window
from tests.driver import Cloud, world_of
from tests.engine.garage import build, garage, statuses

NO = 'then respond 500 "no"'


def built(made: Cloud, times: int, **body: object) -> list[int]:
    """1 where an engine was refused, 0 where it was built."""
    return [int(status == 500) for status in statuses([build(made, **body) for _ in range(times)])]


def test_every_fifth() -> None:
    assert built(garage(f"on create engine only every 5th {NO}"), 12) == [0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0]


def test_every_second_of_each_model() -> None:
    made = garage(f"on create engine only every 2nd per model {NO}")
    assert [built(made, 1, model=model)[0] for model in "abaabb"] == [0, 0, 1, 0, 1, 0]


def test_as_often_as_is_worked_out_each_time() -> None:
    made = garage(f"on create engine only as often as body.failures per model {NO}")
    assert built(made, 4, model="a", failures=2) == [1, 1, 0, 0]
    assert built(made, 3, model="b", failures="1") == [1, 0, 0]
    # More may be asked for, and less: what was counted stays counted.
    assert built(made, 2, model="a", failures=3) == [1, 0]
    assert built(made, 1, model="a", failures=1) == [0]


@pytest.mark.parametrize("times", [0, -1, 0.5, "", "many", True, None, [3], {"a": 1}])
def test_as_often_as_what_is_no_number_is_never(times: object) -> None:
    assert built(garage(f"on create engine only as often as body.failures {NO}"), 3, failures=times) == [0, 0, 0]


@given(st.integers(1, 99))
def test_a_share_is_spread_as_evenly_as_whole_numbers_can(percent: int) -> None:
    made = garage(f"on create engine only {percent}% evenly {NO}")
    share = Fraction(percent, 100)
    assert built(made, 100) == [int(share * n // 1 > share * (n - 1) // 1) for n in range(1, 101)]


def test_a_share_may_be_a_part_of_a_percent() -> None:
    assert sum(built(garage(f"on create engine only 12.5% evenly {NO}"), 80)) == 10


def test_chance_is_of_the_seed_and_takes_nothing_from_other_draws() -> None:
    made = garage(f"on create engine only 30% at random {NO}", seed="a")
    first = built(made, 200)
    assert 30 < sum(first) < 90
    assert built(world_of(made.engine, seed="a"), 200) == first
    assert built(world_of(made.engine, seed="b"), 200) != first
    plain = garage("", seed="a")
    assert plain.world.uuid() == world_of(made.engine, seed="a").world.uuid()


@pytest.mark.parametrize(("percent", "refused"), [("0.000001", 0), (100, 20)])
def test_never_and_always(percent: object, refused: int) -> None:
    for how in ("evenly", "at random"):
        assert sum(built(garage(f"on create engine only {percent}% {how} {NO}"), 20)) == refused


def test_a_rule_holds_for_a_while_from_when_it_was_loaded() -> None:
    made = garage(f"on create engine only during 30s {NO}")
    assert built(made, 1) == [1]
    made.advance(29.9)
    assert built(made, 1) == [1]
    made.advance(0.1)
    assert built(made, 1) == [0]


def test_a_rule_holds_from_a_time_of_day_to_another() -> None:
    # The world begins at 12:00.
    made = garage(f"on create engine only from 23:30 until 01:00 {NO}")
    midnight = made.world.clock.now() // 86400 * 86400 + 86400
    for at, refused in ((-1801, 0), (-1800, 1), (3599, 1), (3600, 0), (86400 - 1800, 0)):
        made.world.clock.jump(midnight + at)
        assert built(made, 1) == [refused]


def test_counts_and_times_hold_together() -> None:
    made = garage(f"on create engine only 2 times per model, during 1m {NO}")
    assert [built(made, 3, model=model) for model in "ab"] == [[1, 1, 0], [1, 1, 0]]
    made.advance(60)
    assert built(made, 1, model="c") == [0]


DAY = st.floats(0, 86399)


@given(st.floats(0, 4e9), DAY, DAY, st.none() | st.floats(0, 1e6))
def test_a_window_begins_at_or_after_it_was_loaded(
    loaded: float, since: float, until: float, during: float | None
) -> None:
    begin, end = window(OftenPlan(since=MomentPlan(since, True), until=MomentPlan(until, True), during=during), loaded)
    assert loaded <= begin < loaded + 86400 + 1
    assert end is not None
    assert begin <= end <= begin + 86400 + 1
    assert during is None or end <= begin + during
    assert window(OftenPlan(), loaded) == (loaded, None)
    assert moment(MomentPlan(5.0), loaded) == 5.0


def test_a_cycle_goes_round() -> None:
    made = garage('on create engine then cycle [respond 500 "a" | respond 401 "b" | pass]')
    assert statuses([build(made) for _ in range(7)]) == [500, 401, 201, 500, 401, 201, 500]


def test_a_cycle_goes_round_for_each() -> None:
    made = garage("on show engine only 4 times per engine then cycle [drop connection | pass]")
    build(made), build(made)
    seen = [made.request("GET", f"/desk/engines/{one}").wire for one in (1, 1, 1, 2, 1, 1)]
    assert [one is not None for one in seen] == [True, False, True, True, False, False]


def test_two_cycles_of_a_rule_go_round_together() -> None:
    made = garage(
        'on create engine then cycle [respond 500 "a" | respond 401 "b"], cycle [delay 1s | delay 2s | delay 3s]'
    )
    answers = [build(made) for _ in range(4)]
    assert [(one.status, one.delay) for one in answers] == [(500, 1), (401, 2), (500, 3), (401, 1)]


def test_states_go_round_too() -> None:
    made = garage("for desk.engine\nthen cycle [status stays BUILD | status becomes ERROR | pass]")
    for _ in range(4):
        build(made)
    made.advance(60)
    seen = [one["status"] for one in made.request("GET", "/desk/engines").body["engines"]]
    assert seen == ["BUILD", "ERROR", "ACTIVE", "BUILD"]


def test_a_cycle_skips_an_answer_that_has_no_status() -> None:
    made = garage('on create engine then cycle [respond from json(metadata.fail) | respond 500 "b"]')
    assert statuses([build(made) for _ in range(4)]) == [201, 500, 201, 500]


def test_pass_keeps_later_rules_of_the_same_request_out() -> None:
    made = garage(
        f"""
        on create engine when model == 'good' then pass
        on create engine only 2 times then pass
        on create engine {NO}
        on create engine then delay 1s
        """
    )
    answers = [build(made, model=model) for model in ("good", "x", "good", "x", "x", "good")]
    assert [(one.status, one.delay) for one in answers] == [(201, 0)] * 4 + [(500, 1), (201, 0)]


def test_a_standing_pass_leaves_states_and_what_is_shown_alone() -> None:
    made = garage(
        """
        for desk.engine
        when model == 'good' then pass
        then status stays BUILD
        then set color = 'hidden'
        """
    )
    build(made, model="good"), build(made)
    made.advance(10)
    engines = made.request("GET", "/desk/engines").body["engines"]
    assert [(one["status"], one["color"]) for one in engines] == [("ACTIVE", "painted"), ("BUILD", "hidden")]


def test_a_pass_that_is_used_up_lets_the_next_rule_have_the_state() -> None:
    made = garage("for desk.engine\nonly once then pass\nthen status stays BUILD")
    build(made), build(made)
    made.advance(10)
    assert [one["status"] for one in made.request("GET", "/desk/engines").body["engines"]] == ["ACTIVE", "BUILD"]


def test_rules_of_one_template_are_counted_apart() -> None:
    made = garage(
        """
        for each $model in ['a', 'b'] {
          on create engine when model == $model only once then respond 500 "no"
        }
        """
    )
    assert [built(made, 2, model=model) for model in "ab"] == [[1, 0], [1, 0]]
    assert build(made, model="a").rules == ()
