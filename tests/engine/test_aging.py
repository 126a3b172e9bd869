# SPDX-License-Identifier: Apache-2.0
"""Records made older than they are, and what is due then."""

from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mimic_rules.engine import Engine
from mimic_rules.engine.aging import Aged, NotThere, Unclear, Unfit, age
from mimic_rules.engine.happenings import Happening
from tests.driver import AMY, ANN, BOB, START, TEAMS, Cloud, cloud, world_of

CHEESE = """
resource cheese in tenant {
  id sequence  label text ?  made time = now  turned time = now on change  eaten time ?  best time = now + 100
  status lifecycle  rind lifecycle
}
lifecycle of cheese.status {
  state FRESH
  state RIPE
  state OLD
  state GONE gone
  start FRESH
  FRESH -> RIPE after 10s
  RIPE  -> OLD  after 20s sets eaten = now
  OLD   -> GONE after 30s
}
lifecycle of cheese.rind { state SOFT  state HARD  start SOFT  SOFT -> HARD after 15s }
view cheese.full { id  status  rind  made  turned  eaten  best }
operation create cheese POST /cheeses { create cheese { ...body }  answer 201 cheese as full }
operation show cheese GET /cheeses/{id} { answer 200 self as full }
operation turn cheese PUT /cheeses/{id} { set label = body.label  answer 200 self as full }
resource knife in world { name text  at time ?  key name  unique (at) else 409 "taken" }
operation create knife POST /knives { create knife { ...body }  answer 201 { name: knife.name } }
resource board in tenant { name text  key name  made time = now }
operation create board POST /boards { create board { ...body }  answer 201 { name: board.name } }
resource cut in cheese { name text  key name  made time = now }
operation create cut POST /cheeses/{cheese}/cuts { create cut { ...body }  answer 201 { name: cut.name } }
"""
KIND = "desk.cheese"


@cache
def engine() -> Engine:
    return cloud(TEAMS + CHEESE).engine


def dairy() -> Cloud:
    made = world_of(engine(), headers=ANN)
    assert made.request("POST", "/desk/cheeses").status == 201
    return made


def older(made: Cloud, seconds: float, kind: str = KIND, key: str | int = 1, **where: Any) -> Aged:
    return age(made.engine.linked, made.world, kind, key, seconds, **where)


def shown(made: Cloud, **headers: Any) -> Any:
    return made.request("GET", "/desk/cheeses/1", **headers).body


def test_all_times_of_a_record_are_earlier_and_its_states_begin_earlier() -> None:
    made = dairy()
    made.advance(5)
    aged = older(made, 3)
    assert aged == Aged(
        KIND,
        1,
        "red",
        "RegionOne",
        {"made": START - 3, "turned": START - 3, "best": START + 97},
        {"status": "FRESH", "rind": "SOFT"},
        gone=False,
        fired=0,
    )
    assert made.world.clock.now() == START + 5
    made.advance(1)
    assert shown(made)["status"] == "FRESH"
    made.advance(1)
    assert shown(made)["status"] == "RIPE"


def test_what_is_due_then_happens_each_at_its_own_time() -> None:
    made = dairy()
    told: list[Happening] = []
    aged = older(made, 40, told=told)
    assert (aged.fired, aged.states) == (3, {"status": "OLD", "rind": "HARD"})
    assert [(one.at - START, one.field, one.source, one.target) for one in told] == [
        (-30, "status", "FRESH", "RIPE"),
        (-25, "rind", "SOFT", "HARD"),
        (-10, "status", "RIPE", "OLD"),
    ]
    assert {(one.kind, one.key, one.tenant, one.region) for one in told} == {(KIND, 1, "red", "RegionOne")}
    assert shown(made)["eaten"] == START - 10
    assert made.world.clock.now() == START


def test_a_record_may_be_gone_then() -> None:
    made = dairy()
    aged = older(made, 100)
    assert (aged.gone, aged.times, aged.states, aged.fired) == (True, {}, {}, 4)
    assert made.request("GET", "/desk/cheeses/1").status == 404


def test_what_is_due_anyway_happens_before() -> None:
    made = dairy()
    made.advance(10)
    aged = older(made, 0)
    assert (aged.fired, aged.states["status"]) == (1, "RIPE")


def test_no_time_is_before_all_times() -> None:
    made = dairy()
    aged = older(made, 3_000_000_000.0)
    assert aged.gone
    assert made.request("POST", "/desk/knives", {"name": "long", "at": 5}).status == 201
    assert older(made, 10, "desk.knife", "long").times == {"at": 0.0}


def test_others_are_as_they_were() -> None:
    made = dairy()
    assert made.request("POST", "/desk/cheeses").status == 201
    older(made, 12)
    assert made.request("GET", "/desk/cheeses/2").body["made"] == START
    assert made.request("GET", "/desk/cheeses/2").body["status"] == "FRESH"


def test_a_key_that_several_have_takes_more_words() -> None:
    made = cloud(TEAMS + CHEESE, regions=["RegionOne", "North"])
    for prefix, who in (("", ANN), ("/region/North", AMY), ("", BOB)):
        assert made.request("POST", f"{prefix}/desk/boards", {"name": "big"}, who).status == 201
    before = made.snapshot()
    kind, key = "desk.board", "big"
    with pytest.raises(Unclear, match="`tenant` or `region` too, of `tenant red in region RegionOne`, `tenant red in "):
        older(made, 12, kind, key)
    with pytest.raises(Unclear):
        older(made, 12, kind, key, tenant="red")
    with pytest.raises(Unclear):
        older(made, 12, kind, key, region="RegionOne")
    assert made.snapshot() == before
    assert older(made, 12, kind, key, tenant="blue").tenant == "blue"
    assert older(made, 12, kind, key, region="North").region == "North"
    aged = older(made, 12, kind, key, tenant="red", region="RegionOne")
    assert (aged.tenant, aged.region, aged.times) == ("red", "RegionOne", {"made": START - 12})


def test_what_is_not_there_is_told_with_what_is() -> None:
    made = dairy()
    before = made.snapshot()
    for kind, key, where, told in (
        ("desk.chese", 1, {}, "there is no kind `desk.chese`: did you mean `desk.cheese`?"),
        (
            "cheddar",
            1,
            {},
            "there is no kind `cheddar`: there are `desk.agent`, `desk.cheese`, `desk.knife`, `desk.board`, `desk.cut`",
        ),
        (KIND, 7, {}, "there is no `desk.cheese` with the key `7` there: there are `1`"),
        (KIND, "one", {}, "there is no `desk.cheese` with the key `one` there: there are `1`"),
        (KIND, 1, {"tenant": "blue"}, "the key `1` there: there are no others either"),
        (KIND, 1, {"region": "North"}, "the key `1` there: there are no others either"),
    ):
        with pytest.raises(NotThere) as raised:
            older(made, 12, kind, key, **where)
        assert told in str(raised.value)
    assert made.snapshot() == before


def test_many_that_are_there_are_not_all_named_and_a_near_one_is() -> None:
    made = world_of(engine(), headers=ANN)
    for number in range(12):
        assert made.request("POST", "/desk/knives", {"name": f"knife-{number:02}"}).status == 201
    with pytest.raises(NotThere, match=r"there are `knife-00`, .*`knife-09` and 2 more"):
        older(made, 1, "desk.knife", "x")
    with pytest.raises(NotThere, match="did you mean `knife-07`"):
        older(made, 1, "desk.knife", "knive-07")


def test_a_record_below_another_is_named_with_it() -> None:
    made = dairy()
    assert made.request("POST", "/desk/cheeses/1/cuts", {"name": "a"}).status == 201
    assert older(made, 5, "desk.cut", "1/a").times == {"made": START - 5}


def test_what_constraints_forbid_is_not_done() -> None:
    made = world_of(engine(), headers=ANN)
    for name, at in (("a", START), ("b", START - 5)):
        assert made.request("POST", "/desk/knives", {"name": name, "at": at}).status == 201
    before = made.snapshot()
    with pytest.raises(Unfit, match=r"unique among those of `desk.knife`"):
        older(made, 5, "desk.knife", "a")
    assert made.snapshot() == before


def test_a_record_that_is_hidden_ages_too_and_is_shown_earlier() -> None:
    made = cloud(TEAMS + CHEESE + "\non create cheese then hidden for 30s\n", headers=ANN)
    assert made.request("POST", "/desk/cheeses").status == 201
    assert made.request("GET", "/desk/cheeses/1").status == 404
    told: list[Happening] = []
    assert older(made, 29, told=told).states == {"status": "RIPE", "rind": "HARD"}
    assert made.request("GET", "/desk/cheeses/1").status == 404
    assert older(made, 1, told=told).fired == 2
    assert told[2] == Happening(START, KIND, 1, "red", "RegionOne", None, "hidden", "shown")
    assert told[3].target == "OLD"
    assert made.request("GET", "/desk/cheeses/1").body["made"] == START - 30


def test_keys_that_callers_show_are_secret() -> None:
    made = dairy()
    assert older(made, 5, "desk.agent", "ann").key == "***"
    with pytest.raises(NotThere) as raised:
        older(made, 5, "desk.agent", "anna")
    assert "ann" not in str(raised.value)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 40)), max_size=5))
def test_to_be_older_is_to_have_waited(steps: list[tuple[bool, int]]) -> None:
    """What a record of some age is like doesn't depend on whether it has aged or time has passed."""
    aged, waited = dairy(), dairy()
    total = 0
    for by_age, seconds in steps:
        total += seconds
        waited.advance(seconds)
        if by_age:
            gone = older(aged, seconds).gone
        else:
            aged.advance(seconds)
            gone = aged.request("GET", "/desk/cheeses/1").status == 404
        assert gone is (total >= 60)
        if gone:
            break
        one, other = shown(aged), shown(waited)
        now, then = aged.world.clock.now(), waited.world.clock.now()
        for name in ("made", "turned", "eaten", "best"):
            assert (one[name] is None) is (other[name] is None)
            assert one[name] is None or now - one[name] == then - other[name]
        assert (one["status"], one["rind"]) == (other["status"], other["rind"])
