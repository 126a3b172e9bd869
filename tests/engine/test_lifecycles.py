# SPDX-License-Identifier: Apache-2.0
"""How the states of a record move, by time and by request."""

from typing import Any

import pytest

from tests.driver import ANN, DESK, START, TEAMS, Cloud, cloud

ENGINE = """
resource engine in world {
  id sequence  heat int = 0  hard bool = false  updated time = now on change  entered time ?  note text ?
    status lifecycle
}
lifecycle of engine.status {
  state COLD
  state WARMING shows BUSY { light: 'amber', lit: now }
  state WARM shows BUSY { light: "{light} and {heat}" }
  state RUNNING { light: 'green' }
  state ODD
  start COLD
  COLD    -> RUNNING on begin when body.hard == true and not hard sets heat = body.heat, note = "hard by {caller.id}"
  COLD    -> WARMING on begin, warm sets entered = now
  WARMING -> WARM    after 5s sets heat = heat + 10, entered = now
  WARM    -> ODD     after 5s when hard
  WARM    -> RUNNING after 7s sets heat = heat + 10, entered = now
  any but COLD -> COLD on halt
  RUNNING, ODD -> ODD on shake when body.really
  allow inspect in RUNNING, COLD
  else 409 "no {event} of {id}: {status} {light}"
}
view engine.full { id  status  light  lit  heat  entered  note  updated }
operation create engine POST /engines { create engine { ...body }  answer 201 engine as full }
operation show engine GET /engines/{id} { answer 200 self as full }
for each $verb in [begin, warm, halt, inspect, shake] {
  operation $verb engine POST /engines/{id}/$verb { answer 200 self as full }
}
operation touch engine POST /engines/{id}/touch { set hard = body.hard  answer 200 self as full }
"""


def made(rules: str = ENGINE, body: object = None, **how: Any) -> Cloud:
    cloudy = cloud(TEAMS + rules, headers=ANN, **how)
    assert cloudy.request("POST", "/desk/engines", body or {}).status == 201
    return cloudy


def shown(cloudy: Cloud, verb: str = "", body: object = None) -> Any:
    answer = cloudy.request("POST" if verb else "GET", f"/desk/engines/1{verb and '/'}{verb}", body or {})
    return answer.body if answer.status == 200 else answer.body["message"]


def test_a_new_record_is_in_the_first_state_and_carries_nothing_of_others() -> None:
    cloudy = made(body={"status": "RUNNING", "light": "red"})
    assert shown(cloudy) == {
        "id": 1,
        "status": "COLD",
        "light": None,
        "lit": None,
        "heat": 0,
        "entered": None,
        "note": None,
        "updated": START,
    }


def test_a_chain_of_timed_moves_each_at_its_own_time() -> None:
    cloudy = made()
    cloudy.advance(1)
    at = START + 1
    warming = shown(cloudy, "begin")
    assert (warming["status"], warming["light"], warming["lit"], warming["entered"]) == ("BUSY", "amber", at, at)
    cloudy.advance(100)
    # WARM carries no `lit`; what a state carries is worked out before what its way `sets`.
    running = shown(cloudy)
    assert running == {
        "id": 1,
        "status": "RUNNING",
        "light": "green",
        "lit": None,
        "heat": 20,
        "entered": at + 12,
        "note": None,
        "updated": at + 12,
    }


def test_nothing_moves_before_its_time() -> None:
    cloudy = made()
    shown(cloudy, "begin")
    cloudy.advance(4.999)
    assert shown(cloudy)["light"] == "amber"
    cloudy.advance(0.001)
    assert (shown(cloudy)["light"], shown(cloudy)["heat"]) == (" and 0", 10)
    cloudy.advance(6.999)
    assert shown(cloudy)["status"] == "BUSY"
    cloudy.advance(0.001)
    assert shown(cloudy)["status"] == "RUNNING"


def test_of_several_ways_the_first_whose_condition_holds_is_taken() -> None:
    cloudy = made(body={"hard": True})
    shown(cloudy, "begin")
    cloudy.advance(11)
    assert shown(cloudy)["status"] == "ODD"
    cloudy = made()
    hard = shown(cloudy, "begin", {"hard": True, "heat": 7})
    assert (hard["status"], hard["heat"], hard["note"], hard["light"]) == ("RUNNING", 7, "hard by ann", "green")


def test_a_move_cancels_what_time_would_do() -> None:
    cloudy = made()
    shown(cloudy, "begin")
    cloudy.advance(3)
    assert shown(cloudy, "halt")["status"] == "COLD"
    assert cloudy.snapshot()[1] == ()
    shown(cloudy, "warm")
    cloudy.advance(4)
    assert shown(cloudy)["light"] == "amber"
    cloudy.advance(1)
    assert shown(cloudy)["heat"] == 10


def test_what_the_state_does_not_allow_is_refused_in_the_lifecycles_words() -> None:
    cloudy = made()
    assert shown(cloudy, "halt") == "no halt of 1: COLD "
    assert shown(cloudy, "inspect")["status"] == "COLD"
    shown(cloudy, "begin")
    assert shown(cloudy, "inspect") == "no inspect of 1: BUSY amber"
    assert shown(cloudy, "begin") == "no begin of 1: BUSY amber"
    cloudy.advance(60)
    assert shown(cloudy, "inspect")["status"] == "RUNNING"
    assert shown(cloudy, "shake") == "no shake of 1: RUNNING green"
    assert shown(cloudy, "shake", {"really": True})["status"] == "ODD"
    assert shown(cloudy, "touch", {"hard": True})["status"] == "ODD"


def test_without_words_of_its_own_the_situation_speaks() -> None:
    rules = ENGINE.replace('  else 409 "no {event} of {id}: {status} {light}"\n', "")
    assert shown(made(rules), "halt") == "this conflicts with the present state"


def test_the_configuration_says_how_long_states_last() -> None:
    cloudy = made(durations={"desk.engine.WARMING": 60.0, "desk.engine.WARM": 0.5})
    shown(cloudy, "begin")
    cloudy.advance(59)
    assert shown(cloudy)["light"] == "amber"
    cloudy.advance(1.4)
    assert shown(cloudy)["heat"] == 10
    cloudy.advance(0.1)
    assert shown(cloudy)["status"] == "RUNNING"


def test_settle_applies_what_is_due_in_order_and_says_how_much_that_was() -> None:
    cloudy = made()
    cloudy.request("POST", "/desk/engines", {})
    for number in (1, 2):
        cloudy.request("POST", f"/desk/engines/{number}/begin", {})
        cloudy.advance(1)
    assert cloudy.engine.settle(cloudy.world) == 0
    cloudy.advance(4)
    assert cloudy.engine.settle(cloudy.world) == 2
    cloudy.advance(100)
    assert cloudy.engine.settle(cloudy.world) == 2
    assert cloudy.engine.settle(cloudy.world) == 0


def test_two_lifecycles_of_one_record() -> None:
    cloudy = cloud(
        DESK
        + """
        resource lamp in world { id sequence  power lifecycle  color lifecycle }
        lifecycle of lamp.power { state OFF  state ON { watts: 5 }  start OFF  OFF -> ON on toggle, light
          ON -> OFF on toggle }
        lifecycle of lamp.color { state RED  state BLUE  start RED  RED -> BLUE on toggle  allow light in BLUE
          else 409 "still {color}" }
        view lamp.full { power  color  watts }
        operation create lamp POST /lamps { create lamp {}  answer 201 }
        operation toggle lamp POST /lamps/{id}/toggle { answer 200 self as full }
        operation light lamp POST /lamps/{id}/light { answer 200 self as full }"""
    )
    cloudy.request("POST", "/desk/lamps")
    assert cloudy.request("POST", "/desk/lamps/1/light").body["message"] == "still RED"
    assert cloudy.request("POST", "/desk/lamps/1/toggle").body == {"power": "ON", "color": "BLUE", "watts": 5}
    assert cloudy.request("POST", "/desk/lamps/1/light").status == 409
    assert cloudy.request("POST", "/desk/lamps/1/toggle").body["message"] == "still BLUE"


def test_events_are_of_their_tenant_and_region() -> None:
    rules = (
        TEAMS
        + """
    resource job in tenant { id sequence  status lifecycle  team text = '' }
    resource pet in user { id sequence  status lifecycle }
    for each $kind in [job, pet] {
      lifecycle of $kind.status { state NEW { place: '' }
        state OLD { place: "{tenant.id}-{region}-{count($kind)}" }  start NEW  NEW -> OLD after 1s }
      view $kind.full { status  place }
      operation create $kind POST /$kind { create $kind {}  answer 201 }
      operation list $kind GET /$kind { answer 200 [k as full for k in $kind] }
    }
    """
    )
    cloudy = cloud(rules, regions=("north", "south"))
    for agent, mount in (("ann", ""), ("ann", "/region/south"), ("bob", "/region/south")):
        for kind in ("job", "pet"):
            assert cloudy.request("POST", f"{mount}/desk/{kind}", headers={"X-Agent": agent}).status == 201
    cloudy.advance(2)

    def jobs(agent: str, mount: str = "") -> object:
        return cloudy.request("GET", f"{mount}/desk/job", headers={"X-Agent": agent}).body

    assert jobs("ann") == [{"status": "OLD", "place": "red-north-1"}]
    assert jobs("ann", "/region/south") == [{"status": "OLD", "place": "red-south-1"}]
    assert jobs("bob") == []
    assert jobs("bob", "/region/south") == [{"status": "OLD", "place": "blue-south-1"}]
    pets = cloudy.request("GET", "/desk/pet", headers={"X-Agent": "ann"}).body
    assert [pet["status"] for pet in pets] == ["OLD", "OLD"]


@pytest.mark.parametrize("after", ["0s", "1s"])
def test_a_refused_request_moves_nothing_but_what_was_due(after: str) -> None:
    cloudy = cloud(
        DESK
        + f"""
        resource job in world {{ id sequence  status lifecycle }}
        lifecycle of job.status {{ state NEW  state RUN  state END  start NEW  NEW -> RUN after {after}
          RUN -> END on halt }}
        operation create job POST /jobs {{ create job {{}}  answer 201 job.status }}
        operation halt job POST /jobs/{{id}}/halt {{ create job {{}}  check false else 400 "no"  answer 200 }}
        operation list job GET /jobs {{ answer 200 [j.status for j in job] }}"""
    )
    cloudy.request("POST", "/desk/jobs")
    cloudy.advance(1)
    assert cloudy.request("POST", "/desk/jobs/1/halt").status == 400
    assert cloudy.request("GET", "/desk/jobs").body == ["RUN"]


def test_what_time_does_has_a_service_and_no_request() -> None:
    cloudy = cloud(
        DESK
        + """quota jobs 7 counts job
        resource job in world { id sequence  status lifecycle }
        lifecycle of job.status {
          state NEW { asked: request.method, at: service.url, most: quota['jobs'].limit, who: caller.id,
            agent: headers.x }
          state OLD { asked: request.method, at: service.url, most: quota['jobs'].limit, who: caller.id,
            agent: headers.x }
          start NEW  NEW -> OLD after 1s
        }
        view job.full { status  asked  at  most  who  agent }
        operation create job POST /jobs { create job {}  answer 201 job as full }
        operation show job GET /jobs/{id} { answer 200 self as full }"""
    )
    known = {"at": "http://cloud.test/desk", "most": 7, "who": None}
    created = cloudy.request("POST", "/desk/jobs", headers={"X": "y"}).body
    assert created == {"status": "NEW", "asked": "POST", "agent": "y", **known}
    cloudy.advance(1)
    unasked = {"status": "OLD", "asked": None, "agent": None, **known, "at": "/desk"}
    assert cloudy.request("GET", "/desk/jobs/1").body == unasked


def test_what_takes_no_time_has_happened_before_the_answer() -> None:
    cloudy = cloud(
        TEAMS
        + """
resource engine in world { id sequence  status lifecycle }
lifecycle of engine.status {
  state NEW  state FULL  state WAITING  state GONE gone
  start NEW
  NEW -> FULL after 0s
  FULL, WAITING -> NEW on drain
  FULL -> WAITING on rest
  WAITING -> FULL after 5s
  FULL -> GONE on drop
}
view engine.full { id  status }
operation create engine POST /engines { create engine {}  answer 201 engine as full }
operation drain engine POST /engines/{id}/drain { answer 200 self as full }
operation build engine POST /engines/several {
  create engine for each n in body.several default [] {}
  create engine as spare {}
  answer 201 engine as full
}
operation rest engine POST /engines/{id}/rest { answer 200 self as full }
operation drop engine POST /engines/{id}/drop { answer 200 self as full }
""",
        headers=ANN,
    )
    assert cloudy.request("POST", "/desk/engines", {}).body["status"] == "FULL"
    assert cloudy.request("POST", "/desk/engines/1/rest", {}).body["status"] == "WAITING"
    assert cloudy.request("POST", "/desk/engines/1/drain", {}).body["status"] == "FULL"
    assert cloudy.request("POST", "/desk/engines/1/drop", {}).status == 200
    # Nothing but the spare one is made, and so nothing is in hand.
    assert cloudy.request("POST", "/desk/engines/several", {}).status == 201
    assert cloudy.request("POST", "/desk/engines/several", {"several": [1]}).body["status"] == "FULL"


def test_what_takes_no_time_has_happened_when_a_world_begins() -> None:
    cloudy = cloud(
        DESK
        + """resource kiln in world { id sequence  wait int  status lifecycle }
        lifecycle of kiln.status { state NEW  state HOT  start NEW  NEW -> HOT after wait seconds }
        seed kiln for each w in [0, 5] { wait: w }"""
    )
    with cloudy.world.transaction() as transaction:
        assert [kiln["status"] for kiln in transaction.table("desk.kiln", "", "").records()] == ["HOT", "NEW"]
    assert cloudy.engine.settle(cloudy.world) == 0
