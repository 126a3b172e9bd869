# SPDX-License-Identifier: Apache-2.0
"""Rules that govern lifecycles: which one a state gets, for how long, and when that is chosen anew."""

from typing import Any

import pytest

from mimic_rules.engine import events
from tests.driver import DESK, Cloud, cloud

ENGINES = (
    DESK
    + """
resource engine in world {
  id sequence  model text = 'x'  metadata map of text = {}  note text ?  status lifecycle
  list list of { key: text, value: text } = [] keyed key value
}
lifecycle of engine.status {
  state BUILD  state TEST  state ACTIVE  state ERROR
  start BUILD
  BUILD -> TEST   after 5s sets note = 'tested'
  TEST  -> ACTIVE after 5s
  ACTIVE, ERROR -> BUILD on rebuild
  any -> ACTIVE on repair
  BUILD -> ERROR on fail
}
operation create engine POST /engines { create engine { ...body }  answer 201 engine.id }
operation show engine GET /engines/{id} { answer 200 status }
operation note engine GET /engines/{id}/note { answer 200 note }
operation update engine PUT /engines/{id} { take model, metadata, list, note from body  answer 200 status }
operation rebuild engine POST /engines/{id}/rebuild { answer 200 status }
operation fail engine POST /engines/{id}/fail { answer 200 status }
operation repair engine POST /engines/{id}/repair { answer 200 status }
for desk.engine
"""
)


def made(rules: str, body: dict[str, object] | None = None, **how: Any) -> Cloud:
    cloudy = cloud(ENGINES + rules, **how)
    assert cloudy.request("POST", "/desk/engines", body or {}).body == 1
    return cloudy


def states(cloudy: Cloud, *after: float) -> list[str]:
    """The state now, and after each of these times."""
    seen = [cloudy.request("GET", "/desk/engines/1").body]
    for seconds in after:
        cloudy.advance(seconds)
        seen.append(cloudy.request("GET", "/desk/engines/1").body)
    return seen


def update(cloudy: Cloud, **body: object) -> object:
    return cloudy.request("PUT", "/desk/engines/1", body).body


def test_the_sentence_of_the_brief() -> None:
    cloudy = made(
        "when metadata.failure == 'build_forever' then status stays BUILD", {"metadata": {"failure": "build_forever"}}
    )
    assert states(cloudy, 30 * 86400) == ["BUILD", "BUILD"]
    assert cloudy.request("POST", "/desk/engines/1/repair").body == "ACTIVE"
    assert states(made("when metadata.failure == 'build_forever' then status stays BUILD"), 5, 5) == [
        "BUILD",
        "TEST",
        "ACTIVE",
    ]


def test_metadata_that_is_a_list_reads_the_same() -> None:
    rule = "when list.failure == 'build_forever' then status stays BUILD"
    assert states(made(rule, {"list": [{"key": "failure", "value": "build_forever"}]}), 60) == ["BUILD", "BUILD"]
    assert states(made(rule, {"list": [{"key": "failure", "value": "no"}]}), 60) == ["BUILD", "ACTIVE"]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("status stays BUILD for 8s", ["BUILD", "BUILD", "TEST", "ACTIVE"]),
        ("status stays BUILD for 1s", ["BUILD", "ACTIVE", "ACTIVE", "ACTIVE"]),
        ("status stays BUILD for metadata.wait seconds", ["BUILD", "BUILD", "TEST", "ACTIVE"]),
        ("status stays BUILD for metadata.bad seconds", ["BUILD", "BUILD", "BUILD", "BUILD"]),
        ("status stays BUILD for metadata.minus seconds", ["TEST", "ACTIVE", "ACTIVE", "ACTIVE"]),
        ("status stays TEST", ["BUILD", "TEST", "TEST", "TEST"]),
        ("status becomes ERROR", ["ERROR", "ERROR", "ERROR", "ERROR"]),
        ("status becomes ERROR after 2s", ["BUILD", "ERROR", "ERROR", "ERROR"]),
        ("status becomes ERROR after 7s", ["BUILD", "BUILD", "ERROR", "ERROR"]),
        ("status becomes ERROR after metadata.wait seconds", ["BUILD", "BUILD", "ERROR", "ERROR"]),
    ],
)
def test_how_long_a_state_lasts_and_what_follows_it(rule: str, expected: list[str]) -> None:
    cloudy = made(f"when has metadata.wait then {rule}", {"metadata": {"wait": "8", "bad": "soon", "minus": "-3"}})
    assert states(cloudy, 6, 6, 6) == expected


def test_a_standing_rule_holds_whenever_its_state_is_entered() -> None:
    cloudy = made("when model == 'slow' then status stays BUILD for 60s", {"model": "slow"})
    assert states(cloudy, 59, 1, 10) == ["BUILD", "BUILD", "TEST", "ACTIVE"]
    assert cloudy.request("POST", "/desk/engines/1/rebuild").body == "BUILD"
    assert states(cloudy, 59, 1) == ["BUILD", "BUILD", "TEST"]


def test_a_rule_with_an_event_holds_for_what_that_request_enters() -> None:
    cloudy = made("on create when model == 'slow' then status stays BUILD", {"model": "slow"})
    assert states(cloudy, 60) == ["BUILD", "BUILD"]
    assert cloudy.request("POST", "/desk/engines/1/repair").body == "ACTIVE"
    cloudy.request("POST", "/desk/engines/1/rebuild")
    assert states(cloudy, 10) == ["BUILD", "ACTIVE"]


def test_the_first_rule_that_speaks_of_the_state_governs_it() -> None:
    rules = """
    when model == 'a' then status stays TEST for 20s
    when metadata.k == 'a' then status stays BUILD for 10s
    when model in ['a', 'b'] and has metadata.k then status stays BUILD
    """
    cloudy = made(rules, {"model": "a", "metadata": {"k": "a"}})
    assert states(cloudy, 10, 19, 1) == ["BUILD", "TEST", "TEST", "ACTIVE"]
    assert states(made(rules, {"model": "b", "metadata": {"k": "b"}}), 100) == ["BUILD", "BUILD"]


def test_several_effects_fill_several_slots() -> None:
    cloudy = cloud(
        ENGINES + "on create when model == 'odd' then status becomes ERROR after 1s, respond 504 after commit"
    )
    assert cloudy.request("POST", "/desk/engines", {"model": "odd"}).status == 504
    assert states(cloudy, 1) == ["BUILD", "ERROR"]


def test_answers_name_the_rule_that_governs_what_they_show() -> None:
    cloudy = made("when model == 'slow' then status stays BUILD for 60s", {"model": "slow"})
    assert cloudy.request("GET", "/desk/engines/1").rules == (f"0.rules:{ENGINES.count(chr(10)) + 1}",)
    cloudy.advance(60)
    assert cloudy.request("GET", "/desk/engines/1").rules == ()


def test_a_rule_is_chosen_anew_when_a_field_that_it_reads_changes() -> None:
    rule = "when metadata.failure == 'stuck' then status stays BUILD"
    cloudy = made(rule, {"metadata": {"failure": "stuck"}})
    assert states(cloudy, 60) == ["BUILD", "BUILD"]
    # Let go: its time has long passed, so that it moves now, and not back when it should have.
    assert update(cloudy, metadata={}) == "TEST"
    assert states(cloudy, 5) == ["TEST", "ACTIVE"]
    cloudy = made(rule)
    cloudy.advance(3)
    update(cloudy, metadata={"failure": "stuck"})
    assert states(cloudy, 60) == ["BUILD", "BUILD"]
    cloudy = made(rule)
    cloudy.advance(3)
    update(cloudy, model="y", note="z", metadata={})
    assert states(cloudy, 1.9, 0.1) == ["BUILD", "BUILD", "TEST"]


def test_a_rule_is_chosen_anew_when_its_period_changes() -> None:
    cloudy = made("when model == 'x' then status stays BUILD for metadata.wait seconds", {"metadata": {"wait": "10"}})
    cloudy.advance(4)
    update(cloudy, metadata={"wait": "20"})
    assert states(cloudy, 15, 1) == ["BUILD", "BUILD", "TEST"]


def test_a_rule_that_governs_so_many_times() -> None:
    rule = "when model == 'x' only 2 times then status stays BUILD"
    cloudy = made(rule)
    for _ in range(2):
        cloudy.request("POST", "/desk/engines", {})
    cloudy.advance(60)
    assert [cloudy.request("GET", f"/desk/engines/{number}").body for number in (1, 2, 3)] == [
        "BUILD",
        "BUILD",
        "ACTIVE",
    ]


def test_a_rule_goes_before_the_configuration() -> None:
    how = {"durations": {"desk.engine.BUILD": 100.0}}
    assert states(made("when model == 'y' then status stays BUILD for 1s", **how), 99, 1) == ["BUILD", "BUILD", "TEST"]
    cloudy = made("when model == 'y' then status stays BUILD for 1s", {"model": "y"}, **how)
    assert states(cloudy, 1) == ["BUILD", "TEST"]


def test_becomes_takes_no_assignments_of_the_way_it_replaces() -> None:
    cloudy = made("when model == 'y' then status becomes ERROR after 5s", {"model": "y"})
    cloudy.advance(5)
    assert cloudy.request("GET", "/desk/engines/1/note").body is None
    cloudy = made("when model == 'y' then status becomes ERROR after 5s")
    cloudy.advance(5)
    assert cloudy.request("GET", "/desk/engines/1/note").body == "tested"


def test_a_state_that_time_does_not_leave_is_not_left_by_a_standing_rule() -> None:
    cloudy = made("when model == 'y' then status becomes ERROR after 60s", {"model": "y"})
    cloudy.request("POST", "/desk/engines/1/repair")
    assert states(cloudy, 3600) == ["ACTIVE", "ACTIVE"]
    cloudy = made("on repair when model == 'y' then status becomes ERROR after 60s", {"model": "y"})
    cloudy.request("POST", "/desk/engines/1/repair")
    assert states(cloudy, 60) == ["ACTIVE", "ERROR"]


def test_a_period_beyond_all_clocks_is_a_very_long_one() -> None:
    cloudy = made(
        "when model == 'x' then status stays BUILD for metadata.wait seconds", {"metadata": {"wait": "1e300"}}
    )
    assert states(cloudy, 86400 * 365 * 50) == ["BUILD", "BUILD"]


TWO = (
    DESK
    + """
resource lamp in world { id sequence  model text = 'x'  power lifecycle  color lifecycle }
lifecycle of lamp.power { state OFF  state ON  start OFF  OFF -> ON after 5s }
lifecycle of lamp.color { state RED  state BLUE  start RED  RED -> BLUE after 5s }
operation create lamp POST /lamps { create lamp { ...body }  answer 201 }
operation show lamp GET /lamps/{id} { answer 200 [power, color] }
operation update lamp PUT /lamps/{id} { take model from body  answer 200 [power, color] }
for desk.lamp
when model == 'dark' then power stays OFF, color stays RED for 10s
"""
)


def test_a_rule_governs_each_lifecycle_that_it_speaks_of() -> None:
    cloudy = cloud(TWO)
    cloudy.request("POST", "/desk/lamps", {"model": "dark"})
    cloudy.advance(9)
    assert cloudy.request("GET", "/desk/lamps/1").body == ["OFF", "RED"]
    cloudy.advance(1)
    assert cloudy.request("GET", "/desk/lamps/1").body == ["OFF", "BLUE"]
    cloudy.request("PUT", "/desk/lamps/1", {"model": "light"})
    assert cloudy.request("GET", "/desk/lamps/1").body == ["ON", "BLUE"]


def test_a_circle_of_states_that_takes_no_time_comes_to_a_stand() -> None:
    cloudy = cloud(
        DESK
        + """resource top in world { id sequence  model text = 'x'  spin lifecycle  other lifecycle }
        lifecycle of top.spin { state A  state B  start A  A -> B after 1s  B -> A after 1s }
        lifecycle of top.other { state C  state D  start C  C -> D after 2s }
        operation create top POST /tops { create top {}  answer 201 }
        operation show top GET /tops/{id} { answer 200 [spin, other] }
        for desk.top
        when model == 'x' then spin stays A for 0s
        when model == 'x' then spin stays B for 0s"""
    )
    cloudy.request("POST", "/desk/tops")
    cloudy.advance(3)
    assert cloudy.request("GET", "/desk/tops/1").body[1] == "D"
    assert cloudy.snapshot()[1] == ()


def test_what_one_request_leaves_due_is_left_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "MOST_AT_ONCE", 1)
    cloudy = made("when model == 'y' then status stays BUILD")
    assert states(cloudy, 60, 0, 0) == ["BUILD", "TEST", "ACTIVE", "ACTIVE"]
