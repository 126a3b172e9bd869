# SPDX-License-Identifier: Apache-2.0
"""Many threads on one world: what is counted is counted exactly, and nothing is admitted that should not be."""

import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from tests.driver import ANN, DESK, TEAMS, Cloud, cloud, world_of


@pytest.fixture(autouse=True)
def _restless() -> Iterator[None]:
    """Threads take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def hammer(threads: int, work: Callable[[int], int]) -> Counter[int]:
    """What each of so many threads got, started all at once."""
    gate = threading.Barrier(threads)
    got: list[int] = []

    def one(number: int) -> None:
        gate.wait()
        got.append(work(number))

    running = [threading.Thread(target=one, args=(number,)) for number in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    assert len(got) == threads
    return Counter(got)


TICKETS = (
    TEAMS
    + """
quota tickets 10 counts ticket
quota hours 10 sums ticket.hours
resource ticket in tenant { id sequence  title text ?  hours int = 0  status lifecycle
  unique (title) else 409 "twice" }
lifecycle of ticket.status { state OPEN  state SHUT  start OPEN  OPEN -> SHUT on close  else 409 "no" }
operation create ticket POST /tickets { create ticket { title: body.title, hours: body.hours }  answer 201 ticket.id }
operation list ticket GET /tickets { answer 200 [t.id for t in ticket] }
operation close ticket POST /tickets/{id}/close { answer 200 }
"""
)


def creating(made: Cloud, body: dict[str, object]) -> Callable[[int], int]:
    return lambda number: made.request("POST", "/desk/tickets", {**body, "n": number}, ANN).status


def test_a_rule_that_holds_three_times_holds_three_times() -> None:
    made = cloud(TICKETS + "on create ticket when body.flaky == true only 3 times then respond 503")
    assert hammer(50, creating(made, {"flaky": True})) == {503: 3, 201: 10, 403: 37}
    other = world_of(made.engine)
    assert hammer(5, creating(other, {"flaky": True})) == {503: 3, 201: 2}


@pytest.mark.parametrize(("body", "admitted"), [({}, 10), ({"hours": 3}, 3)])
def test_a_quota_admits_no_more_than_it_says(body: dict[str, object], admitted: int) -> None:
    made = cloud(TICKETS)
    assert hammer(30, creating(made, body)) == {201: admitted, 403: 30 - admitted}
    ids = made.request("GET", "/desk/tickets", headers=ANN).body
    assert sorted(ids) == list(range(1, admitted + 1))


def test_one_value_has_one_holder_and_one_move_is_made_once() -> None:
    made = cloud(TICKETS)
    assert hammer(20, creating(made, {"title": "same"})) == {201: 1, 409: 19}
    assert hammer(20, lambda number: made.request("POST", "/desk/tickets/1/close", {}, ANN).status) == {200: 1, 409: 19}


def test_worlds_do_not_wait_for_each_other() -> None:
    engine = cloud(
        DESK + "resource a in world { id sequence }\noperation create a POST /a { create a {}  answer 201 }"
    ).engine
    worlds = [world_of(engine, seed=number) for number in range(8)]
    with worlds[0].world.transaction():
        done = threading.Thread(
            target=lambda: hammer(21, lambda n: worlds[1 + n % 7].request("POST", "/desk/a").status)
        )
        done.start()
        done.join(30)
        assert not done.is_alive()
    assert [made.world.held for made in worlds] == [0, 3, 3, 3, 3, 3, 3, 3]


def test_tables_of_rules_that_are_made_when_first_asked_for_are_the_same_for_all() -> None:
    rules = "".join(f"on create ticket when body.n == {number} then respond 503\n" for number in range(0, 40, 2))
    made = cloud(TICKETS.replace("tickets 10", "tickets -1") + rules)
    assert hammer(40, creating(made, {})) == {503: 20, 201: 20}
