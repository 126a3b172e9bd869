# SPDX-License-Identifier: Apache-2.0
"""All of a request happens, or nothing: a refused one leaves the world exactly as it was."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mimic_rules.engine import MISSING
from tests.driver import TEAMS, Cloud, Unreadable, cloud, world_of

RULES = (
    TEAMS.replace("mount /desk ", 'version header "V" 1.1 .. 1.5 default 1.1 mount /desk ')
    + """
quota tickets 6 counts ticket
quota hours 20 sums ticket.hours
resource queue in world { id text  size int = 1 }
seed queue for each q in ['mail', 'phone'] { id: q }
resource ticket in tenant {
  id sequence  title text  hours number = 1  queue -> queue else 400 "no queue"  data any ?
    updated time = now on change
  status lifecycle
  unique (title) where status != SHUT else 409 "twice"
  check hours < 9 else 400 "too long"
  on delete of queue cascade
  kept 1h
}
resource note in ticket { id sequence  said text  about -> ticket ?  on delete of ticket refuse 409 "noted" }
lifecycle of ticket.status {
  state NEW  state OPEN  state SHUT  state GONE gone
  start NEW
  NEW  -> OPEN after 2s
  NEW, OPEN -> SHUT on close
  SHUT -> OPEN on reopen
  SHUT -> GONE after 1h
  any -> GONE on delete
  else 409 "no {event}"
}
lock of ticket.status { covers note  free OPEN, SHUT, NEW  takes OPEN for 1s  refuse 422 "locked" }
view ticket.full { id  title  hours  status  notes: count(note) }
operation create ticket POST /tickets body { titles: list of text, hours?: number, queue?: text, fail?: bool } {
  create ticket for each t in body.titles { title: t, hours: body.hours, queue: body.queue default 'mail' }
  create note for each n in body.titles { said: n }
  check not (body.fail == true) else 418 "failed late"
  answer 201 ticket as full
}
operation close ticket POST /tickets/{id}/close { set data.closed = now  check not has query.fail else 418 "late"
  answer 200 self as full }
operation reopen ticket POST /tickets/{id}/reopen { answer 200 self as full }
operation update ticket PUT /tickets/{id} {
  take title, hours, queue, data from body
  create note { said: 'changed', about: body.about }
  check count(note) < 4 else 409 "too many notes"
  answer 200 self as full
}
operation delete ticket DELETE /tickets/{id} { answer 204 }
operation delete queue DELETE /queues/{id} { delete self  answer 204 }
operation set_quota ticket PUT /quota { set quota.tickets = body.tickets  check body.ok == true else 400 "no"
  answer 200 }
operation list ticket GET /tickets { list ticket as full { filter title matches } }
on create ticket when body.hours == 5 then respond 500
on create ticket when body.hours == 6 then respond 504 after commit
on close ticket when query.fail == 'rule' then respond 503 before effects
for desk.ticket
when data.stuck == true then status stays NEW
"""
)

texts = st.sampled_from(["a", "b", "c", "d"])
ids = st.sampled_from(["1", "1", "2", "3", "9", "x"])
creations = st.fixed_dictionaries(
    {"titles": st.lists(texts, max_size=3)},
    optional={
        "hours": st.sampled_from([1, 1, 2.5, 5, 6, 9, "x"]),
        "queue": st.sampled_from(["mail", "mail", "phone", "none", 7]),
        "fail": st.booleans(),
    },
)
changes = st.fixed_dictionaries(
    {},
    optional={
        "title": texts,
        "hours": st.sampled_from([1, 3]),
        "queue": st.sampled_from(["mail", "phone", "none"]),
        "data": st.sampled_from([None, {"stuck": True}, [1]]),
        "about": st.sampled_from([1, 2, 9]),
    },
)
limits = st.fixed_dictionaries({"tickets": st.integers(-1, 6), "ok": st.booleans()})
nothing = st.just(MISSING)
ways = st.sampled_from(["close", "close", "reopen", "close?fail=1", "close?fail=rule"])
good = st.one_of(
    st.tuples(st.just("POST"), st.just("tickets"), creations),
    st.tuples(st.just("POST"), st.just("tickets"), creations),
    st.tuples(st.just("POST"), st.builds("tickets/{}/{}".format, ids, ways), nothing),
    st.tuples(st.just("PUT"), st.builds("tickets/{}".format, ids), changes),
    st.tuples(st.just("DELETE"), st.builds("tickets/{}".format, ids), nothing),
    st.tuples(st.just("DELETE"), st.sampled_from(["queues/mail", "queues/phone", "queues/none"]), nothing),
    st.tuples(st.just("PUT"), st.just("quota"), limits),
    st.tuples(st.just("GET"), st.sampled_from(["tickets", "tickets?title=("]), nothing),
)
odd = st.tuples(
    st.sampled_from(["GET", "POST", "PUT", "DELETE", "PATCH"]),
    st.sampled_from(["tickets", "tickets/1", "tickets/1/close", "quota", "nowhere"]),
    creations | changes | st.just(Unreadable("malformed")) | st.just([1]),
)
headers = st.sampled_from(
    [*[{"X-Agent": "ann"}] * 9, {"X-Agent": "bob"}, {"X-Agent": "zoe"}, {"X-Agent": "ann", "V": "9.9"}]
)
requests = st.builds(lambda asked, told: (*asked, told), good | good | good | odd, headers)
pauses = st.sampled_from([0, 0, 1, 2, 3600])
CLOUD = cloud(RULES)


def ask(made: Cloud, request: tuple[str, str, Any, dict[str, str]]) -> Any:
    method, path, body, told = request
    return made.request(method, f"/desk/{path}", body, told)


@settings(max_examples=150)
@given(st.lists(st.tuples(requests, pauses), min_size=3, max_size=15))
def test_a_refused_request_leaves_the_world_as_it_was(asked: list[tuple[Any, float]]) -> None:
    made = cloud_again()
    for request, seconds in asked:
        made.advance(seconds)
        made.engine.settle(made.world)
        before = made.snapshot()
        answer = ask(made, request)
        looks = request[0] == "GET"
        # After commit everything has happened, though the client sees a failure.
        if looks or (answer.status >= 400 and answer.status != 504):
            assert made.snapshot() == before, (request, answer)


@settings(max_examples=60)
@given(st.lists(st.tuples(requests, pauses), min_size=3, max_size=15))
def test_the_same_seed_requests_and_clock_give_the_same_answers(asked: list[tuple[Any, float]]) -> None:
    one, other = cloud_again(), cloud_again()
    for request, seconds in asked:
        for made in (one, other):
            made.advance(seconds)
        assert ask(one, request) == ask(other, request)
    assert one.snapshot() == other.snapshot()


@settings(max_examples=60)
@given(st.lists(st.tuples(requests, pauses), min_size=3, max_size=12))
def test_it_does_not_matter_when_somebody_looks(asked: list[tuple[Any, float]]) -> None:
    """What falls due is applied at its own time, whether it is looked at then or later."""
    looked, not_looked = cloud_again(), cloud_again()
    for request, seconds in asked:
        for _ in range(4):
            looked.advance(seconds / 4)
            looked.engine.settle(looked.world)
        not_looked.advance(seconds)
        assert ask(looked, request) == ask(not_looked, request)


def cloud_again() -> Cloud:
    """A new world of the same cloud, with three tickets in it."""
    made = world_of(CLOUD.engine, seed=5)
    for title in ("x", "y", "z"):
        assert made.request("POST", "/desk/tickets", {"titles": [title]}, {"X-Agent": "ann"}).status == 201
    return made


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_bug_of_ours_leaves_the_world_as_it_was(when: str) -> None:
    made = cloud_again()
    ann = {"X-Agent": "ann"}
    before = made.snapshot()

    def broken(context: object, frame: object) -> None:
        raise ZeroDivisionError

    (plan,) = [one for one in made.engine.linked.plan.services["desk"].operations if one.verb == "close"]
    operation = made.engine.linked.operations[id(plan)]
    effects = (broken, *operation.effects) if when == "before" else (*operation.effects, broken)
    operations = {**made.engine.linked.operations, id(plan): replace(operation, effects=effects)}
    engine = type(made.engine)(replace(made.engine.linked, operations=operations))
    with pytest.raises(ZeroDivisionError):
        Cloud(engine, made.world).request("POST", "/desk/tickets/1/close", {}, ann)
    assert made.snapshot() == before
