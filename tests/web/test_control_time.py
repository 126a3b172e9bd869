# SPDX-License-Identifier: Apache-2.0
"""Time over the control API: until quiet, to a moment, on poll, records that age; each with a real engine."""

from functools import cache
from typing import Any

import pytest
from falcon.testing import Result, TestClient
from hypothesis import given
from hypothesis import strategies as st

from mimic_rules.config import Limits
from mimic_rules.engine import Engine
from mimic_rules.state.clock import WorldClock
from mimic_rules.state.store import DictStore
from mimic_rules.state.world import World
from mimic_rules.web.app import create_app
from mimic_rules.web.journal import Journal
from mimic_rules.web.mounts import Mount, Mounts
from tests.driver import TEAMS, cloud
from tests.fake_cloud import ABOUT

START = 1_893_456_000.0
"""2030-01-01T00:00:00Z."""

RULES = (
    TEAMS
    + """
resource team in world is tenant { id text  name text  closed bool = false  unique (name) else 409 "taken" }
seed team for each t in [{ id: 'red', name: 'Reds' }, { id: 'blue', name: 'Blues' }] { ...t }
resource kiln in tenant {
  id sequence  name text ?  at time = now  status lifecycle
  unique (at) where has name else 409 "taken"
}
lifecycle of kiln.status {
  state COLD
  state HOT
  start COLD
  COLD -> HOT  after 5s when not has name or name != 'slow'
  COLD -> HOT  after 3d when name == 'slow'
  HOT  -> COLD after 1s when name == 'mad'
}
view kiln.full { id  status  at: iso(at) }
operation create kiln POST /kilns { create kiln { ...body }  answer 201 kiln as full }
operation show kiln GET /kilns/{id} { answer 200 self as full }
for desk.kiln
on show when tenant.closed then respond 503
"""
)
ANN = {"X-Agent": "ann"}


@cache
def engine() -> Engine:
    return cloud(RULES).engine


class Desk:
    """The application over worlds of a real engine, whose clock stands still at the beginning of 2030."""

    def __init__(self, engine: Engine) -> None:
        self.mounts = Mounts(DictStore())
        for name in ("default", "green"):
            clock = WorldClock(START, frozen=True)
            self.mounts.add(Mount(engine.new_world(name, clock=clock, seed=1), engine, Journal(10)))
        app = create_app(
            self.mounts, limits=Limits(body=2**16, depth=20, records=1000), about=lambda: ABOUT, admin_token=None
        )
        self._client = TestClient(app)

    def world(self) -> World:
        mount = self.mounts.get("default")
        assert mount is not None
        return mount.world

    def ask(self, method: str, path: str, json: object = None, headers: dict[str, str] | None = None) -> Result:
        extras = {"wsgi.multiprocess": False, "SERVER_NAME": "127.0.0.1"}
        return self._client.simulate_request(
            method, path, json=json, headers=headers, extras=extras, remote_addr="127.0.0.1"
        )

    def clock(self, **wish: object) -> Any:
        answer = self.ask("POST", "/_mimic/clock", wish)
        assert answer.status_code == 200, answer.text
        return answer.json

    def kiln(self, **fields: object) -> None:
        assert self.ask("POST", "/desk/kilns", fields, ANN).status_code == 201

    def state(self, number: int = 1) -> str:
        return str(self.ask("GET", f"/desk/kilns/{number}", None, ANN).json["status"])


def desk() -> Desk:
    return Desk(engine())


def refused(answer: Result, status: int) -> str:
    assert answer.status_code == status, answer.text
    assert answer.json["error"]["code"] == status
    return str(answer.json["error"]["message"])


# until ---------------------------------------------------------------------------------------------------------------


def event(number: int, at: float, iso: str, before: str = "COLD", after: str = "HOT") -> dict[str, object]:
    told: dict[str, object] = {"at": START + at, "iso": iso, "kind": "desk.kiln", "key": number, "tenant": "red"}
    return {**told, "region": "RegionOne", "field": "status", "from": before, "to": after}


def test_until_quiet_says_what_happened_and_what_still_waits() -> None:
    made = desk()
    made.kiln()
    made.kiln(name="slow")
    told = made.clock(until="quiet")
    assert told == {
        "now": START + 5,
        "iso": "2030-01-01T00:00:05.000000Z",
        "frozen": True,
        "rate": 1.0,
        "poll": None,
        "fired": 1,
        "events": [event(1, 5, "2030-01-01T00:00:05.000000Z")],
        "more": 0,
        "quiet": True,
        "pending": [event(2, 259200, "2030-01-04T00:00:00.000000Z")],
        "pending_more": 0,
    }
    assert made.clock(until="quiet", within="7d")["now"] == START + 259200
    assert made.ask("GET", "/w/green/_mimic/clock").json["now"] == START


def test_until_quiet_says_why_it_never_is() -> None:
    made = desk()
    made.kiln(name="mad")
    told = made.clock(until="quiet", within=60)
    assert (told["quiet"], told["fired"], len(told["events"]), told["more"]) == (False, 10_000, 100, 9_900)
    assert "some states may lead to each other for ever" in told["why"]
    assert len(told["pending"]) == 1


def test_until_a_moment() -> None:
    made = desk()
    made.kiln()
    told = made.clock(until="2030-01-31T13:00:00+01:00")
    assert (told["iso"], told["fired"]) == ("2030-01-31T12:00:00.000000Z", 1)
    assert "quiet" not in told
    assert made.clock(until="2030-02-01T00:00:00")["iso"] == "2030-02-01T00:00:00.000000Z"
    assert made.clock(until="2030-02-01T00:00:00Z")["fired"] == 0


def test_a_clock_that_is_to_stand_at_a_moment_stands_there() -> None:
    made = desk()
    made.clock(run=True, rate=1000)
    told = made.clock(until="2031-01-01T00:00:00Z", freeze=True)
    assert (told["iso"], told["frozen"]) == ("2031-01-01T00:00:00.000000Z", True)
    made.clock(run=True, rate=2)
    answer = made.ask("POST", "/_mimic/clock", {"until": "2030-06-01T00:00:00Z", "freeze": True})
    assert "it is 2031-01-01T00:00:0" in refused(answer, 400)
    assert (made.world().clock.frozen, made.world().clock.rate) == (False, 2.0)


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        *(
            ({"until": wrong}, "`until` takes `quiet`, or a time such as 2030-01-31T12:00:00Z")
            for wrong in ("soon", "", 5, None, True, [], {}, "30d", "9999-12-31T23:59:59-10:00x")
        ),
        ({"until": "2029-12-31T23:59:59Z"}, "`until`: it is 2030-01-01T00:00:00.000000Z already, and time only goes"),
        ({"until": "1066-10-14T00:00:00Z"}, "already"),
        ({"until": "9999-12-31T23:59:59.5Z"}, "`until`: time ends with the year 9999"),
        ({"until": "0001-01-01T00:00:00+10:00"}, "`until`"),
        ({"until": "quiet", "advance": 5}, "`advance` and `until` contradict each other"),
        ({"within": 5}, "`within` goes with `until`"),
        ({"until": "2031-01-01T00:00:00Z", "within": 5}, "`within` goes with `until`"),
        *(
            ({"until": "quiet", "within": wrong}, "`within` takes seconds, zero or more")
            for wrong in (-1, "soon", None, True, [], "40000d")
        ),
        ({"until": "quiet", "within": 1e12}, "`within` takes no more than a hundred years, 36525d"),
        *(
            ({"poll": wrong}, "`poll` takes a whole number of looks from 1 to 1000000, or null")
            for wrong in (0, -1, 1.5, 2.0, "3", True, [], 10**7)
        ),
        ({"poll": 3, "advance": -1}, "`advance` takes seconds"),
    ],
)
def test_what_cant_be_done_is_refused_and_nothing_is(wish: dict[str, object], told: str) -> None:
    made = desk()
    made.kiln()
    before = made.world().clock.state()
    assert told in refused(made.ask("POST", "/_mimic/clock", wish), 400)
    assert made.world().clock.state() == before
    assert made.state() == "COLD"


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["quiet", "30d", "2031-01-01T00:00:00Z", "1999-01-01"]),
    st.text(max_size=5),
)


@given(
    st.dictionaries(
        st.sampled_from(["advance", "until", "within", "poll", "freeze", "run", "rate", "other"]), VALUES, max_size=4
    )
)
def test_no_wish_breaks_anything_or_is_half_done(wish: dict[str, object]) -> None:
    made = desk()
    made.kiln()
    before = made.world().clock.state()
    answer = made.ask("POST", "/_mimic/clock", wish)
    assert answer.status_code in {200, 400}
    if answer.status_code == 400:
        assert made.world().clock.state() == before
    assert made.world().clock.now() >= START


# on poll -------------------------------------------------------------------------------------------------------------


def test_looks_are_counted_when_told_and_not_any_more_when_told_so() -> None:
    made = desk()
    made.kiln()
    assert made.clock(poll=2)["poll"] == 2
    assert made.ask("GET", "/w/green/_mimic/clock").json["poll"] is None
    assert [made.state() for _ in range(3)] == ["COLD", "HOT", "HOT"]
    assert made.clock(poll=None)["poll"] is None
    made.kiln()
    assert [made.state(2) for _ in range(3)] == ["COLD"] * 3


# age -----------------------------------------------------------------------------------------------------------------


def test_a_record_ages() -> None:
    made = desk()
    made.kiln()
    made.kiln()
    answer = made.ask("POST", "/_mimic/age", {"kind": "desk.kiln", "key": 2, "by": "2h"})
    assert answer.status_code == 200
    assert answer.json == {
        "kind": "desk.kiln",
        "key": 2,
        "tenant": "red",
        "region": "RegionOne",
        "times": {"at": "2029-12-31T22:00:00.000000Z"},
        "states": {"status": "HOT"},
        "gone": False,
        "fired": 1,
        "events": [event(2, 5 - 7200, "2029-12-31T22:00:05.000000Z")],
        "more": 0,
    }
    assert (made.state(1), made.state(2)) == ("COLD", "HOT")
    assert made.ask("GET", "/_mimic/clock").json["now"] == START
    assert (
        made.ask("POST", "/_mimic/age", {"kind": "desk.kiln", "key": "1", "by": 5.0}).json["states"]["status"] == "HOT"
    )


def test_what_names_a_caller_does_not_come_back() -> None:
    made = desk()
    answer = made.ask("POST", "/_mimic/age", {"kind": "desk.agent", "key": "ann", "by": 5})
    assert answer.json["key"] == "***"
    wrong = made.ask("POST", "/_mimic/age", {"kind": "desk.agent", "key": "annn", "by": 5})
    assert "ann" not in refused(wrong, 404)


@pytest.mark.parametrize(
    ("wish", "status", "told"),
    [
        ({}, 400, "lacks `kind`"),
        ({"kind": "desk.kiln", "key": 1}, 400, "lacks `by`"),
        ({"kind": 5, "key": 1, "by": 5}, 400, "`kind` takes a text"),
        ({"kind": "desk.kiln", "key": 1.5, "by": 5}, 400, "`key` takes a text or a whole number"),
        ({"kind": "desk.kiln", "key": 1, "by": 5, "tennant": "x"}, 400, "did you mean `tenant`?"),
        *(
            ({"kind": "desk.kiln", "key": 1, "by": wrong}, 400, "`by` takes ")
            for wrong in (-5, "-5s", "soon", 1e300, True, None, [], "40000d")
        ),
        ({"kind": "desk.kilm", "key": 1, "by": 5}, 404, "did you mean `desk.kiln`?"),
        ({"kind": "desk.kiln", "key": 9, "by": 5}, 404, "there are `1`, `2`"),
        ({"kind": "desk.kiln", "key": 1, "by": 5, "region": "North"}, 404, "the key `1` there"),
        ({"kind": "desk.kiln", "key": 1, "by": 5}, 409, "unique among those of `desk.kiln`"),
    ],
)
def test_what_cant_age_is_refused(wish: dict[str, object], status: int, told: str) -> None:
    made = desk()
    made.kiln(name="a", at=START)
    made.kiln(name="b", at=START - 5)
    assert told in refused(made.ask("POST", "/_mimic/age", wish), status)
    assert made.ask("GET", "/desk/kilns/1", None, ANN).json["at"] == "2030-01-01T00:00:00Z"


def test_a_key_in_several_places_takes_more() -> None:
    made = Desk(cloud(RULES.replace("id sequence  name text ?", "id text  name text ?")).engine)
    made.kiln(id="a")
    assert made.ask("POST", "/desk/kilns", {"id": "a"}, {"X-Agent": "bob"}).status_code == 201
    wish = {"kind": "desk.kiln", "key": "a", "by": 5}
    assert "say `tenant` or `region` too" in refused(made.ask("POST", "/_mimic/age", wish), 400)
    assert made.ask("POST", "/_mimic/age", {**wish, "tenant": "blue"}).json["tenant"] == "blue"


# tenants -------------------------------------------------------------------------------------------------------------


def test_tenants_are_told_and_their_flags_set() -> None:
    made = desk()
    made.kiln()
    blue = {"key": "blue", "names": ["Blues"], "flags": {"closed": False}}
    red = {"key": "red", "names": ["Reds"], "flags": {"closed": False}}
    told = {"kind": "desk.team", "tenants": [red, blue], "more": 0}
    assert made.ask("GET", "/_mimic/tenants").json == told
    closed = {**red, "flags": {"closed": True}}
    assert made.ask("PATCH", "/_mimic/tenants/Reds", {"closed": True}).json == closed
    assert made.ask("GET", "/desk/kilns/1", None, ANN).status_code == 503
    assert made.ask("GET", "/w/green/_mimic/tenants").json == told
    assert made.ask("PATCH", "/_mimic/tenants/red", {"closed": False}).json == red
    assert made.ask("GET", "/desk/kilns/1", None, ANN).status_code == 200


@pytest.mark.parametrize(
    ("tenant", "wish", "status", "told"),
    [
        ("red", {}, 400, "the body takes at least 1"),
        ("red", [], 400, "takes an object"),
        ("red", {"closed": 1}, 400, "`closed` takes true or false, not `1`"),
        ("red", {"closde": True}, 400, "`closde` is no bool field of `desk.team`: did you mean `closed`?"),
        ("green", {"closed": True}, 404, "no tenant `green` has a record yet"),
    ],
)
def test_what_cant_be_set_is_refused(tenant: str, wish: object, status: int, told: str) -> None:
    made = desk()
    assert told in refused(made.ask("PATCH", f"/_mimic/tenants/{tenant}", wish), status)
    assert [one["flags"]["closed"] for one in made.ask("GET", "/_mimic/tenants").json["tenants"]] == [False, False]


def test_a_cloud_without_records_of_tenants_says_so() -> None:
    made = Desk(cloud(TEAMS).engine)
    assert made.ask("GET", "/_mimic/tenants").json == {"kind": None, "tenants": [], "more": 0}
    answer = made.ask("PATCH", "/_mimic/tenants/red", {"closed": True})
    assert "no resource of these rules `is tenant`" in refused(answer, 404)
