# SPDX-License-Identifier: Apache-2.0
"""Trees of records that change as one."""

from typing import Any

import pytest

from tests.driver import DESK, Cloud, cloud

CABINET = (
    DESK
    + """
resource cabinet in world { id sequence  color text = 'grey'  kind text = 'plain'  status lifecycle }
resource drawer in cabinet { id sequence  label text = '' }
resource sheet in drawer { id sequence }
resource key in world { id sequence }
lifecycle of cabinet.status {
  state NEW  state CLOSED  state MOVING shows BUSY { who: 'lock' }  state SEALED  state GONE gone
  start NEW
  NEW -> CLOSED after 1s
  CLOSED -> SEALED on seal
  any -> GONE on delete
  else 410 "lifecycle"
}
lock of cabinet.status {
  covers drawer, sheet
  free CLOSED
  free on mark drawer
  takes MOVING for 2s
  refuse any in SEALED 410 "{id} is sealed"
  refuse create drawer 413 "no drawers while {status}"
  refuse paint cabinet 400 "no paint on {id} while {status}"
  refuse any in NEW 503 "{event}: {id} is new"
  refuse 422 "{id} is {status}"
}
view cabinet.full { id  status  who  color  drawers: count(drawer) }
operation create cabinet POST /cabinets { create cabinet { ...body }  answer 201 }
operation show cabinet GET /cabinets/{id} { answer 200 self as full }
operation paint cabinet PUT /cabinets/{id} { set color = body.color  answer 200 self as full }
operation tell cabinet POST /cabinets/{id}/tell { let n = 1  check true else 400 "x"  answer 200 self as full }
operation fail cabinet POST /cabinets/{id}/fail { set color = 'x'  check false else 418 "failed"  answer 200 }
operation seal cabinet POST /cabinets/{id}/seal { answer 200 self as full }
operation delete cabinet DELETE /cabinets/{id} { answer 204 }
operation create drawer POST /cabinets/{cabinet}/drawers { create drawer {}
  answer 200 { "in": cabinet as full, id: drawer.id } }
operation list drawer GET /cabinets/{cabinet}/drawers { answer 200 count(drawer) }
operation mark drawer PUT /cabinets/{cabinet}/drawers/{id} { set label = 'x'  answer 200 }
operation delete drawer DELETE /cabinets/{cabinet}/drawers/{id} { delete self  answer 204 }
operation create sheet POST /cabinets/{cabinet}/drawers/{drawer}/sheets { create sheet {}  answer 200 }
operation create key POST /cabinets/{cabinet}/keys { create key {}  answer 200 }
"""
)


def made(rules: str = CABINET, body: object = None, wait: float = 1, **how: Any) -> Cloud:
    cloudy = cloud(rules, **how)
    cloudy.request("POST", "/desk/cabinets", body or {})
    cloudy.advance(wait)
    return cloudy


def ask(cloudy: Cloud, method: str, path: str, body: object = None) -> Any:
    answer = cloudy.request(method, f"/desk/cabinets/1{path}", body or {})
    return answer.body if answer.status in (200, 204) else (answer.status, answer.body["message"])


def test_a_change_takes_the_lock_and_time_gives_it_back() -> None:
    cloudy = made()
    changed = ask(cloudy, "POST", "/drawers")
    assert changed["in"] == {"id": 1, "status": "BUSY", "who": "lock", "color": "grey", "drawers": 1}
    cloudy.advance(1.9)
    assert ask(cloudy, "POST", "/drawers/1/sheets") == (422, "1 is BUSY")
    cloudy.advance(0.1)
    assert ask(cloudy, "GET", "") == {"id": 1, "status": "CLOSED", "who": None, "color": "grey", "drawers": 1}
    assert ask(cloudy, "POST", "/drawers/1/sheets") is not None
    assert ask(cloudy, "GET", "")["status"] == "BUSY"


def test_looking_never_meets_the_lock() -> None:
    cloudy = made()
    ask(cloudy, "PUT", "", {"color": "red"})
    assert ask(cloudy, "GET", "/drawers") == 0
    assert ask(cloudy, "POST", "/tell")["status"] == "BUSY"
    assert ask(cloudy, "POST", "/keys") is not None


def test_each_verb_and_state_has_its_own_refusal() -> None:
    cloudy = made(wait=0)
    assert ask(cloudy, "DELETE", "") == (503, "delete: 1 is new")
    cloudy.advance(1)
    assert ask(cloudy, "PUT", "", {"color": "red"})["color"] == "red"
    assert ask(cloudy, "POST", "/drawers") == (413, "no drawers while BUSY")
    assert ask(cloudy, "PUT", "") == (400, "no paint on 1 while BUSY")
    assert ask(cloudy, "DELETE", "") == (422, "1 is BUSY")
    cloudy.advance(2)
    ask(cloudy, "POST", "/seal")
    assert ask(cloudy, "POST", "/drawers") == (410, "1 is sealed")


def test_without_a_line_that_fits_the_situation_speaks() -> None:
    rules = CABINET.replace('  refuse 422 "{id} is {status}"\n', "")
    cloudy = made(rules)
    ask(cloudy, "PUT", "")
    assert ask(cloudy, "DELETE", "") == (409, "this conflicts with the present state")


def test_a_move_of_the_root_goes_where_its_lifecycle_says() -> None:
    cloudy = made()
    assert ask(cloudy, "POST", "/seal")["status"] == "SEALED"
    cloudy.advance(60)
    assert ask(cloudy, "GET", "")["status"] == "SEALED"
    cloudy = made()
    assert cloudy.request("DELETE", "/desk/cabinets/1").status == 204
    assert ask(cloudy, "GET", "")[0] == 404


def test_a_request_that_fails_takes_no_lock() -> None:
    cloudy = made()
    before = cloudy.snapshot()
    assert ask(cloudy, "POST", "/fail") == (418, "failed")
    assert ask(cloudy, "GET", "")["status"] == "CLOSED"
    cloudy.engine.settle(cloudy.world)
    assert cloudy.snapshot()[1] == ()
    assert before[3] == cloudy.snapshot()[3]


def test_the_configuration_and_rules_say_how_long_it_is_held() -> None:
    cloudy = made(durations={"desk.cabinet.MOVING": 10.0})
    ask(cloudy, "PUT", "")
    cloudy.advance(9)
    assert ask(cloudy, "GET", "")["status"] == "BUSY"
    cloudy.advance(1)
    assert ask(cloudy, "GET", "")["status"] == "CLOSED"
    cloudy = made(
        CABINET + "\nfor desk.cabinet\nwhen kind == 'slow' then status stays MOVING for 60s", {"kind": "slow"}
    )
    ask(cloudy, "PUT", "")
    cloudy.advance(59)
    assert ask(cloudy, "GET", "")["status"] == "BUSY"
    cloudy.advance(1)
    assert ask(cloudy, "GET", "")["status"] == "CLOSED"


@pytest.mark.parametrize("rule", ["status stays CLOSED", "status stays NEW for 5s", "status stays MOVING for 4s"])
def test_a_lock_is_given_back_though_rules_are_chosen_anew(rule: str) -> None:
    cloudy = made(CABINET + f"\nfor desk.cabinet\nwhen color == 'red' then {rule}")
    assert ask(cloudy, "PUT", "", {"color": "red"})["status"] == "BUSY"
    cloudy.advance(4)
    assert ask(cloudy, "GET", "")["status"] == "CLOSED"


def test_a_lock_that_takes_no_state_only_refuses() -> None:
    cloudy = made(
        CABINET.replace("  takes MOVING for 2s\n", "").replace("on seal\n", "on seal\n  NEW -> MOVING on seal\n")
    )
    assert ask(cloudy, "PUT", "", {"color": "red"})["status"] == "CLOSED"
    ask(cloudy, "POST", "/seal")
    assert ask(cloudy, "PUT", "") == (410, "1 is sealed")


def test_a_state_may_be_free_for_some_operations_only() -> None:
    rules = CABINET.replace("  free CLOSED\n", "  free CLOSED\n  free BUSY, NEW on paint, delete drawer\n")
    cloudy = made(rules, wait=0)
    assert ask(cloudy, "PUT", "", {"color": "red"})["status"] == "BUSY"
    assert ask(cloudy, "POST", "/drawers") == (413, "no drawers while BUSY")
    assert ask(cloudy, "DELETE", "") == (422, "1 is BUSY")
    assert ask(cloudy, "PUT", "", {"color": "blue"})["color"] == "blue"


def test_what_a_lock_never_meets_is_let_through_and_takes_nothing() -> None:
    cloudy = made()
    ask(cloudy, "POST", "/drawers")
    assert cloudy.request("PUT", "/desk/cabinets/1/drawers/1").status == 200
    cloudy.advance(2)
    assert cloudy.request("PUT", "/desk/cabinets/1/drawers/1").status == 200
    assert ask(cloudy, "GET", "")["status"] == "CLOSED"
