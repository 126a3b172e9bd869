# SPDX-License-Identifier: Apache-2.0
"""Time moved on until nothing is about to happen, and what is told of it."""

from functools import cache
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mimic_rules.engine import Engine
from mimic_rules.engine.happenings import MOST_TOLD, Happening, still_waiting
from mimic_rules.engine.quiet import LONGEST, MOST_EVENTS, Quiet, until_quiet
from mimic_rules.state.clock import END_OF_TIME, WorldClock
from tests.driver import ANN, DESK, START, TEAMS, Cloud, cloud, world_of

DAY = 86400.0

LAMPS = """
resource lamp in world {
  id sequence  wait number = 5  name text ?  status lifecycle  kept 30d
  unique (name) where status == BROKEN else 409 "one is enough"
}
lifecycle of lamp.status {
  state OFF
  state ON
  state BROKEN
  start OFF
  OFF -> ON  after wait seconds
  ON  -> OFF after 7s when name == 'blinking'
  ON  -> BROKEN after 9s when has name
}
view lamp.full { id  status }
operation create lamp POST /lamps { create lamp { ...body }  answer 201 lamp as full }
operation list lamp GET /lamps { list lamp as full {} }
operation delete lamp DELETE /lamps/{id} { delete self  answer 204 }
"""


@cache
def engine() -> Engine:
    return cloud(DESK + LAMPS).engine


def lamps(*bodies: dict[str, object], start: float = START) -> Cloud:
    made = world_of(engine())
    made.world.clock = WorldClock(start, frozen=True)
    for body in bodies:
        assert made.request("POST", "/desk/lamps", body).status == 201
    return made


def quiet(made: Cloud, within: float = DAY, told: list[Happening] | None = None) -> Quiet:
    return until_quiet(made.engine.linked, made.world, within, [] if told is None else told)


def states(made: Cloud) -> list[Any]:
    return [one["status"] for one in made.request("GET", "/desk/lamps").body["lamps"]]


def test_time_goes_on_to_the_last_event_and_no_further() -> None:
    made = lamps({}, {"wait": 60}, {"wait": 8})
    told: list[Happening] = []
    assert quiet(made, told=told) == Quiet(3, "", (), 0)
    assert made.world.clock.now() == START + 60
    assert states(made) == ["ON"] * 3
    assert told[0] == Happening(START + 5, "desk.lamp", 1, "", "", "status", "OFF", "ON")
    assert [(one.at - START, one.key) for one in told] == [(5, 1), (8, 3), (60, 2)]
    assert quiet(made) == Quiet(0, "", (), 0)
    assert made.world.clock.now() == START + 60


def test_what_is_due_later_than_within_is_left_and_told() -> None:
    made = lamps({}, {"wait": 2 * DAY})
    assert made.request("DELETE", "/desk/lamps/1").status == 204
    done = quiet(made)
    assert (done.fired, done.why, done.more) == (0, "", 0)
    assert made.world.clock.now() == START
    waits, forgotten = done.waiting
    assert waits == Happening(START + 2 * DAY, "desk.lamp", 2, "", "", "status", "OFF", "ON")
    # What is kept after it has gone is forgotten in the end.
    assert forgotten == Happening(START + 30 * DAY, "desk.lamp", 1, "", "", None, "deleted", "forgotten")
    told: list[Happening] = []
    assert quiet(made, 40 * DAY, told).fired == 2
    assert told == [waits, forgotten]
    assert made.world.clock.now() == START + 30 * DAY


def test_a_move_that_a_constraint_forbids_ends_where_it_began() -> None:
    made = lamps({"name": "a"}, {"name": "a"})
    told: list[Happening] = []
    assert quiet(made, told=told).fired == 4
    assert [(one.key, one.source, one.target) for one in told[2:]] == [(1, "ON", "BROKEN"), (2, "ON", "ON")]


def test_a_circle_is_given_up_after_many_events() -> None:
    made = lamps({"name": "blinking"})
    told: list[Happening] = []
    done = quiet(made, told=told)
    assert done.fired == MOST_EVENTS
    assert "states may lead to each other for ever" in done.why
    assert len(told) == MOST_TOLD
    assert [one.target for one in done.waiting] == ["ON"]
    assert made.world.clock.now() == START + 12 * MOST_EVENTS / 2


def test_a_slow_circle_is_given_up_after_a_hundred_years() -> None:
    made = lamps({"name": "blinking", "wait": 1_000 * DAY})
    done = quiet(made, 2_000 * DAY)
    assert "a hundred years" in done.why
    assert START + LONGEST - 1_001 * DAY < made.world.clock.now() <= START + LONGEST


def test_the_end_of_time_is_no_error() -> None:
    made = lamps({"wait": 10}, start=END_OF_TIME - 9)
    done = quiet(made)
    assert "all the time there is" in done.why
    assert made.world.clock.now() == END_OF_TIME - 9


def test_no_more_than_are_told_are_told_and_the_rest_is_counted() -> None:
    made = lamps(*[{"wait": number} for number in range(MOST_TOLD + 5)])
    told: list[Happening] = []
    with made.world.transaction() as transaction:
        waiting, count = still_waiting(made.engine.linked, transaction)
    # The first is due at once, and is no more pending when the next one has been made.
    assert (len(waiting), count) == (MOST_TOLD, MOST_TOLD + 4)
    made.advance(1000)
    assert made.engine.settle(made.world, told) == MOST_TOLD + 4
    assert [one.key for one in told] == list(range(2, MOST_TOLD + 2))


def test_a_running_clock_reaches_each_event_too() -> None:
    ticks = [0.0]
    made = lamps()
    made.world.clock = WorldClock(START, monotonic=lambda: ticks[0])
    assert made.request("POST", "/desk/lamps", {}).status == 201
    ticks[0] = 2.0
    assert quiet(made).fired == 1
    assert made.world.clock.now() == START + 5


def test_keys_that_callers_show_are_not_told() -> None:
    text = TEAMS.replace("active bool = true }", "active bool = true  status lifecycle }")
    text += """
    lifecycle of agent.status { state ON  state OFF gone  start ON  ON -> OFF after 5s }
    """
    made = cloud(text, headers=ANN)
    told: list[Happening] = []
    assert until_quiet(made.engine.linked, made.world, DAY, told).fired == 4
    assert {one.key for one in told} == {"***"}
    assert {(one.source, one.target) for one in told} == {("ON", "OFF")}


@given(st.lists(st.integers(0, 200), max_size=8), st.integers(0, 90))
def test_it_is_quiet_exactly_when_nothing_is_due_within(waits: list[int], within: int) -> None:
    made = lamps(*[{"wait": wait} for wait in waits])
    now = 0
    for wait in sorted(waits):
        if wait - now > within:
            break
        now = max(now, wait)
    done = quiet(made, within)
    assert (done.why, made.world.clock.now()) == ("", START + now)
    assert states(made) == ["ON" if wait <= now else "OFF" for wait in waits]
    assert [one.at - START for one in done.waiting] == sorted(wait for wait in waits if wait > now)
