# SPDX-License-Identifier: Apache-2.0
"""Looks that bring forward what a record waits for: of that record alone, and never back in time."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from mimic_rules.engine import Engine
from mimic_rules.state.clock import END_OF_TIME, WorldClock
from tests.driver import ANN, DESK, START, TEAMS, Cloud, cloud, world_of

KILNS = """
resource kiln in world { id sequence  wait int = 5  fired_at time ?  status lifecycle }
lifecycle of kiln.status {
  state COLD
  state HOT
  state DONE
  start COLD
  COLD -> HOT  after wait seconds
  HOT  -> DONE after 7s sets fired_at = now
  COLD, HOT -> COLD on stoke
  allow look in COLD
}
view kiln.full { id  status  fired_at  now: now }
operation create kiln POST /kilns { create kiln { ...body }  answer 201 kiln as full }
operation list kiln GET /kilns { list kiln as full {} }
operation show kiln GET /kilns/{id} { answer 200 self as full }
operation look kiln GET /kilns/{id}/cold { answer 200 self as full }
operation count kiln GET /count { answer 200 { kilns: count(kiln) } }
operation stoke kiln POST /kilns/{id}/stoke { answer 200 self as full }
operation delete kiln DELETE /kilns/{id} { delete self  answer 204 }
"""


@cache
def engine() -> Engine:
    return cloud(DESK + KILNS).engine


def kilns(count: int = 1, *, after: int | None = None, wait: float = 5) -> Cloud:
    made = world_of(engine())
    for _ in range(count):
        assert made.request("POST", "/desk/kilns", {"wait": wait}).status == 201
    made.world.clock.watch(after)
    return made


def look(made: Cloud, kiln: int = 1, method: str = "GET") -> Any:
    return made.request(method, f"/desk/kilns/{kiln}").body


def test_looks_move_nothing_unless_the_clock_counts_them() -> None:
    made = kilns()
    assert [look(made)["status"] for _ in range(9)] == ["COLD"] * 9
    assert len(made.world.counters) == 0


def test_each_so_many_looks_a_record_takes_its_next_step_and_the_look_shows_it() -> None:
    made = kilns(after=3)
    seen = [look(made) for _ in range(8)]
    assert [one["status"] for one in seen] == ["COLD", "COLD", "HOT", "HOT", "HOT", "DONE", "DONE", "DONE"]
    # The step has happened at its own time, and it is that time.
    assert [one["now"] - START for one in seen] == [0, 0, 5, 5, 5, 12, 12, 12]
    assert seen[-1]["fired_at"] == START + 12
    assert made.world.clock.now() == START + 12
    # What waits for nothing is not counted, and no count is left behind.
    assert len(made.world.counters) == 0


def test_one_look_is_enough_where_it_is_told_so() -> None:
    made = kilns(after=1)
    assert [look(made)["status"] for _ in range(3)] == ["HOT", "DONE", "DONE"]


def test_looks_at_another_record_lists_and_heads_do_not_count() -> None:
    made = kilns(2, after=2)
    look(made)
    for path in ("/desk/kilns", "/desk/count"):
        assert made.request("GET", path).status == 200
    look(made, method="HEAD")
    assert made.request("POST", "/desk/kilns/1/stoke").body["status"] == "COLD"
    assert look(made)["status"] == "COLD"
    assert look(made, 2)["status"] == "COLD"
    assert look(made)["status"] == "HOT"


def test_what_was_due_before_happens_too_in_its_order() -> None:
    made = kilns(after=1, wait=9)
    assert made.request("POST", "/desk/kilns", {"wait": 4}).status == 201
    assert (look(made)["status"], look(made)["now"] - START) == ("HOT", 16)
    assert [one["status"] for one in made.request("GET", "/desk/kilns").body["kilns"]] == ["DONE", "DONE"]


def test_entering_a_state_begins_the_count_anew_and_going_ends_it() -> None:
    made = kilns(2, after=2)
    look(made)
    made.request("POST", "/desk/kilns/1/stoke")
    assert [look(made)["status"] for _ in range(2)] == ["COLD", "HOT"]
    look(made, 2)
    assert len(made.world.counters) == 1
    assert made.request("DELETE", "/desk/kilns/2").status == 204
    assert len(made.world.counters) == 0


def test_a_look_that_is_refused_after_all_sees_what_has_happened() -> None:
    made = kilns(after=1)
    assert made.request("GET", "/desk/kilns/1/cold").status == 409
    assert look(made)["status"] == "DONE"
    assert made.request("GET", "/desk/kilns/9").status == 404


def test_what_time_takes_away_is_not_found() -> None:
    made = cloud(
        DESK
        + """
        resource flame in world { id sequence  status lifecycle }
        lifecycle of flame.status { state LIT  state OUT gone  start LIT  LIT -> OUT after 5s }
        view flame.full { id  status }
        operation create flame POST /flames { create flame {}  answer 201 flame as full }
        operation show flame GET /flames/{id} { answer 200 self as full }
        """
    )
    assert made.request("POST", "/desk/flames").status == 201
    made.world.clock.watch(1)
    assert made.request("GET", "/desk/flames/1").status == 404
    assert made.world.clock.now() == START + 5


def test_a_look_shows_all_else_as_it_is_by_then() -> None:
    made = cloud(
        TEAMS
        + """
        resource team in world is tenant { id text  status lifecycle }
        lifecycle of team.status { state OPEN  state SHUT  start OPEN  OPEN -> SHUT after 3s }
        seed team for each t in [{ id: 'red' }] { ...t }
        resource kiln in tenant { id sequence  status lifecycle }
        lifecycle of kiln.status { state COLD  state HOT  start COLD  COLD -> HOT after 5s }
        resource tile in kiln { id sequence  status lifecycle }
        lifecycle of tile.status { state SOFT  state HARD  start SOFT  SOFT -> HARD after 6s }
        operation create kiln POST /kilns { create kiln {}  answer 204 }
        operation create tile POST /kilns/{kiln}/tiles { create tile {}  answer 204 }
        operation show tile GET /kilns/{kiln}/tiles/{id} {
          answer 200 { tile: self.status, kiln: kiln.status, team: tenant.status, now: now }
        }
        on show tile when tenant.id == 'none' then respond 503 before find
        """,
        headers=ANN,
    )
    for path in ("/desk/kilns", "/desk/kilns/1/tiles"):
        assert made.request("POST", path).status == 204
    made.world.clock.watch(2)
    path = "/desk/kilns/1/tiles/1"
    assert made.request("GET", path).body == {"tile": "SOFT", "kiln": "COLD", "team": "OPEN", "now": START}
    assert made.request("GET", path).body == {"tile": "HARD", "kiln": "HOT", "team": "SHUT", "now": START + 6}


def test_what_lies_beyond_the_end_of_time_is_not_waited_for() -> None:
    made = world_of(engine())
    made.world.clock = WorldClock(END_OF_TIME - 3, frozen=True, poll=1)
    assert made.request("POST", "/desk/kilns", {"wait": 5}).status == 201
    assert look(made)["status"] == "COLD"
    assert made.world.clock.now() == END_OF_TIME - 3


def test_a_running_clock_is_moved_too_and_runs_on() -> None:
    ticks = [0.0]
    made = world_of(engine())
    made.world.clock = WorldClock(START, monotonic=lambda: ticks[0], poll=2)
    assert made.request("POST", "/desk/kilns", {}).status == 201
    look(made)
    ticks[0] += 1
    assert look(made)["now"] == START + 5
    ticks[0] += 1
    assert made.world.clock.now() == START + 6


@dataclass
class Kiln:
    """A kiln as it should be; `due` is when it goes on, `looks` how many there were in this state."""

    status: str
    due: float | None
    looks: int = 0


class Looks(RuleBasedStateMachine):
    """Kilns under looks, stoking and time, beside a model that knows nothing of events."""

    def __init__(self) -> None:
        super().__init__()
        self.cloud = kilns(0)
        self.kilns: dict[int, Kiln] = {}
        self.now = START
        self.enough: int | None = None

    def pass_time(self, to: float) -> None:
        assert to >= self.now
        self.now = to
        for kiln in self.kilns.values():
            while kiln.due is not None and kiln.due <= to:
                kiln.looks = 0
                kiln.status, kiln.due = ("HOT", kiln.due + 7) if kiln.status == "COLD" else ("DONE", None)

    @rule(wait=st.integers(0, 9))
    def create(self, wait: int) -> None:
        made = self.cloud.request("POST", "/desk/kilns", {"wait": wait}).body
        self.kilns[made["id"]] = Kiln("COLD", self.now + wait)

    @rule(seconds=st.integers(0, 9))
    def advance(self, seconds: int) -> None:
        self.cloud.advance(seconds)
        self.pass_time(self.now + seconds)

    @rule(enough=st.none() | st.integers(1, 3))
    def watch(self, enough: int | None) -> None:
        self.cloud.world.clock.watch(enough)
        self.enough = enough

    @precondition(lambda self: self.kilns)
    @rule(data=st.data(), method=st.sampled_from(["GET", "GET", "HEAD"]))
    def look(self, data: st.DataObject, method: str) -> None:
        number = data.draw(st.sampled_from(sorted(self.kilns)))
        self.pass_time(self.now)
        kiln = self.kilns[number]
        if method == "GET" and self.enough is not None and kiln.due is not None:
            kiln.looks += 1
            if kiln.looks >= self.enough:
                self.pass_time(kiln.due)
        assert look(self.cloud, number, method)["status"] == kiln.status

    @precondition(lambda self: self.kilns)
    @rule(data=st.data())
    def stoke(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(sorted(self.kilns)))
        self.pass_time(self.now)
        answer = self.cloud.request("POST", f"/desk/kilns/{number}/stoke")
        if self.kilns[number].status == "DONE":
            assert answer.status == 409
        else:
            assert answer.status == 200
            wait = self.cloud.world._contents.table("desk.kiln", ("", "")).get(number)["wait"]
            self.kilns[number] = Kiln("COLD", self.now + wait)

    @invariant()
    def all_are_as_they_should_be(self) -> None:
        self.pass_time(self.now)
        assert self.cloud.world.clock.now() == self.now
        listed = self.cloud.request("GET", "/desk/kilns").body["kilns"]
        assert {one["id"]: one["status"] for one in listed} == {
            number: kiln.status for number, kiln in self.kilns.items()
        }
        assert len(self.cloud.world.counters) == sum(kiln.looks > 0 for kiln in self.kilns.values())


TestLooks = Looks.TestCase
TestLooks.settings = settings(max_examples=60, stateful_step_count=30)
