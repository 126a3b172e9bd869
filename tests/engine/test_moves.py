# SPDX-License-Identifier: Apache-2.0
"""`move`: records that a request puts into a state, whatever their lifecycle says of the ways there."""

from typing import Any

from tests.driver import Cloud
from tests.engine.garage import build, garage, shown

TELL = """
operation tell engine POST /states body { states: map of any } {
  move engine where text(id) in body.states to body.states[text(id)]
  answer 204
}
operation scrap engine POST /engines/{id}/scrap query { to: any } { move self to query.to  answer 200 { status } }
operation lose engine POST /lost { find engine as none where id == 99  move none to ERROR  answer 204 }
"""


def told(made: Cloud, **states: Any) -> int:
    return made.request("POST", "/desk/states", {"states": states}).status


def test_each_record_goes_to_a_state_of_its_own_and_stays_in_it() -> None:
    made = garage(TELL)
    for _ in range(3):
        build(made)
    made.advance(5)
    assert told(made, **{"1": "BUILD", "2": "ERROR"}) == 204
    made.advance(3600)
    assert [shown(made, number)["status"] for number in (1, 2, 3)] == ["BUILD", "ERROR", "ACTIVE"]
    assert made.request("POST", "/desk/engines/1/halt").status == 202
    assert shown(made)["status"] == "HALTED"


def test_what_was_to_come_of_a_record_does_not_come_any_more() -> None:
    made = garage(TELL)
    build(made)
    assert told(made, **{"1": "HALTED"}) == 204
    made.advance(5)
    assert shown(made)["status"] == "HALTED"


def test_what_is_no_state_moves_nothing() -> None:
    made = garage(TELL)
    build(made)
    before = made.snapshot()
    for wrong in ("GNOE", 1, None, ["ERROR"]):
        assert told(made, **{"1": wrong}) == 204
    assert made.snapshot() == before
    assert made.request("POST", "/desk/lost").status == 204
    assert made.request("POST", "/desk/engines/1/scrap?to=ERROR").body == {"status": "ERROR"}


def test_a_standing_rule_has_no_say_where_time_moves_nothing() -> None:
    made = garage(TELL + "for desk.engine\nwhen model == 'z' then status becomes HALTED after 60s")
    build(made, model="z")
    assert told(made, **{"1": "ERROR"}) == 204
    made.advance(60)
    assert shown(made)["status"] == "ERROR"
