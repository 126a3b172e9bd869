# SPDX-License-Identifier: Apache-2.0
"""What must hold of records: references, invariants, uniqueness, quotas."""

import pytest

from tests.driver import ANN, BOB, DESK, TEAMS, Cloud, cloud

REFERENCES = (
    DESK.replace("mount /desk", 'mount /desk on invalid 400 "{field}: {value}"')
    + """
resource queue in world { id text }
seed queue for each q in ['a', 'b'] { id: q }
resource ticket in world {
  id sequence
  queue   -> queue else 400 "no queue {value} for {title}"
  maybe   -> queue ?
  several list of -> queue = []
  title   text = 'untitled'
}
operation create ticket POST /tickets { create ticket { ...body }  answer 201 }
operation update ticket PUT /tickets/{id} { take queue, maybe, several, title from body  answer 200 }
"""
)


def message(made: Cloud, method: str, path: str, body: object = None, headers: dict[str, str] | None = None) -> object:
    """What is said of a refusal; None for success."""
    answer = made.request(method, f"/desk/{path}", {} if body is None else body, headers)
    return None if answer.status < 300 else answer.body["message"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"queue": "a"}, None),
        ({"queue": "z", "title": "t"}, "no queue z for t"),
        ({"queue": None}, "no queue  for untitled"),
        ({}, "no queue  for untitled"),
        ({"queue": ["a"]}, "no queue a for untitled"),
        ({"queue": {"id": "a"}}, "no queue {'id': 'a'} for untitled"),
        ({"queue": "a", "maybe": "b"}, None),
        ({"queue": "a", "maybe": None}, None),
        ({"queue": "a", "maybe": "z"}, "maybe: z"),
        ({"queue": "a", "several": []}, None),
        ({"queue": "a", "several": ["a", "b"]}, None),
        ({"queue": "a", "several": ["a", "z"]}, "several: z"),
        ({"queue": "a", "several": "z"}, "several: z"),
        ({"queue": "a", "several": None}, None),
    ],
)
def test_a_reference_finds_its_record_or_refuses_in_its_own_words(body: object, said: str | None) -> None:
    made = cloud(REFERENCES)
    assert message(made, "POST", "tickets", body) == said


def test_references_hold_when_they_change() -> None:
    made = cloud(REFERENCES)
    made.request("POST", "/desk/tickets", {"queue": "a"})
    assert message(made, "PUT", "tickets/1", {"title": "x"}) is None
    assert message(made, "PUT", "tickets/1", {"queue": "b"}) is None
    assert message(made, "PUT", "tickets/1", {"queue": "z"}) == "no queue z for x"
    assert message(made, "PUT", "tickets/1", {"title": "y", "queue": "z"}) == "no queue z for y"


def test_invariants_hold_of_new_records_once_references_are_known() -> None:
    made = cloud(
        DESK
        + """
        resource room in world { id text  size int }
        seed room for each r in [1, 2] { id: "r{r}", size: r }
        resource booking in world {
          id sequence  room -> room else 400 "no room"  people int
          check people <= room.size else 400 "{people} in {room.size}"
          check people > 0 else 409 "nobody"
        }
        operation create booking POST /bookings { create booking { ...body }  answer 201 }
        operation grow booking PUT /bookings/{id} { set people = 99  answer 200 }"""
    )
    assert message(made, "POST", "bookings", {"room": "r1", "people": 2}) == "2 in 1"
    assert message(made, "POST", "bookings", {"room": "r3", "people": 9}) == "no room"
    assert message(made, "POST", "bookings", {"room": "r1", "people": 0}) == "nobody"
    assert message(made, "POST", "bookings", {"room": "r1"}) == " in 1"
    assert message(made, "POST", "bookings", {"room": "r2", "people": 2}) is None
    assert message(made, "PUT", "bookings/1") is None


UNIQUE = (
    TEAMS
    + """
resource ticket in tenant {
  id sequence  title text  part any ?  open bool = true
  unique (lower(title), part) where open else 409 "{title} twice ({value})"
}
resource note in ticket { id sequence  said text  unique (said) else 409 "said" }
operation create ticket POST /tickets { create ticket { ...body }  answer 201 }
operation create_many ticket POST /many { create ticket for each t in body.titles { title: t, part: 1 }  answer 201 }
operation create_two ticket POST /two { create ticket { title: 't', part: 1 }  create ticket { title: 't', part: 1 }
  answer 201 }
operation update ticket PUT /tickets/{id} { take title, part, open from body  answer 200 }
operation delete ticket DELETE /tickets/{id} { delete self  answer 204 }
operation create note POST /tickets/{ticket}/notes { create note { said: body.said }  answer 201 }
"""
)


def test_unique_values_within_a_tenant() -> None:
    made = cloud(UNIQUE, headers=ANN)
    one = {"title": "A", "part": 1}
    assert message(made, "POST", "tickets", one) is None
    assert message(made, "POST", "tickets", {"title": "a", "part": 1}).startswith("a twice")
    assert message(made, "POST", "tickets", {"title": "a", "part": 2}) is None
    assert message(made, "POST", "tickets", {"title": "a", "part": 1, "open": False}) is None
    assert message(made, "POST", "tickets", one, BOB) is None
    assert message(made, "DELETE", "tickets/1") is None
    assert message(made, "POST", "tickets", one) is None


def test_what_is_null_or_missing_is_like_nothing() -> None:
    made = cloud(UNIQUE, headers=ANN)
    assert [message(made, "POST", "tickets", {"title": "a"}) for _ in range(2)] == [None, None]
    assert [message(made, "POST", "tickets", {"title": 7, "part": 1}) for _ in range(2)] == [None, None]


def test_lists_and_maps_are_compared_by_what_they_hold() -> None:
    made = cloud(UNIQUE, headers=ANN)
    assert message(made, "POST", "tickets", {"title": "a", "part": {"x": [1], "y": 2}}) is None
    assert message(made, "POST", "tickets", {"title": "a", "part": {"y": 2, "x": [1]}}) is not None
    assert message(made, "POST", "tickets", {"title": "a", "part": {"y": 2, "x": [2]}}) is None


def test_two_records_of_one_request_are_not_alike() -> None:
    made = cloud(UNIQUE, headers=ANN)
    before = made.snapshot()
    assert message(made, "POST", "many", {"titles": ["a", "b", "A"]}).startswith("A twice")
    assert message(made, "POST", "two").startswith("t twice")
    assert made.snapshot() == before
    assert message(made, "POST", "many", {"titles": ["a", "b"]}) is None


def test_a_change_may_not_make_two_alike() -> None:
    made = cloud(UNIQUE, headers=ANN)
    made.request("POST", "/desk/many", {"titles": ["a", "b"]})
    assert message(made, "PUT", "tickets/2", {"title": "A"}).startswith("A twice")
    assert message(made, "PUT", "tickets/2", {"title": "B"}) is None
    assert message(made, "PUT", "tickets/2", {"title": "a", "open": False}) is None
    assert message(made, "PUT", "tickets/2", {"open": True}).startswith("a twice")
    assert message(made, "POST", "tickets", {"title": "b", "part": 1}) is None


def test_children_are_told_apart_within_their_parent() -> None:
    made = cloud(UNIQUE, headers=ANN)
    made.request("POST", "/desk/many", {"titles": ["a", "b"]})
    assert message(made, "POST", "tickets/1/notes", {"said": "x"}) is None
    assert message(made, "POST", "tickets/1/notes", {"said": "x"}) == "said"
    assert message(made, "POST", "tickets/2/notes", {"said": "x"}) is None


@pytest.mark.parametrize("way", ["on reopen", "after 1s"])
def test_a_move_may_not_make_two_alike(way: str) -> None:
    made = cloud(
        DESK
        + f"""
        resource ticket in world {{
          id sequence  title text  status lifecycle
          unique (title) where status == OPEN else 409 "{{title}} is open already"
        }}
        lifecycle of ticket.status {{ state OPEN  state SHUT  start OPEN  OPEN -> SHUT on close  SHUT -> OPEN {way} }}
        operation create ticket POST /tickets {{ create ticket {{ title: body.title }}  answer 201 }}
        operation close ticket POST /tickets/{{id}}/close {{ answer 202 }}
        operation reopen ticket POST /tickets/{{id}}/reopen {{ answer 202 }}
        operation show ticket GET /tickets/{{id}} {{ answer 200 status }}"""
    )
    assert message(made, "POST", "tickets", {"title": "a"}) is None
    assert message(made, "POST", "tickets/1/close") is None
    assert message(made, "POST", "tickets", {"title": "a"}) is None
    if way == "on reopen":
        assert message(made, "POST", "tickets/1/reopen") == "a is open already"
    made.advance(5)
    assert made.request("GET", "/desk/tickets/1").body == "SHUT"


def test_a_key_names_one_record() -> None:
    made = cloud(
        DESK
        + """resource pen in world { key name  name text }
        operation create pen POST /pens { create pen { name: body.name }  answer 201 }
        operation create_many pen POST /many { create pen for each n in body { name: n }  answer 201 }"""
    )
    assert message(made, "POST", "pens", {"name": "a"}) is None
    assert message(made, "POST", "pens", {"name": "a"}) == "this conflicts with the present state"
    assert message(made, "POST", "many", ["b", "c", "b"]) == "this conflicts with the present state"
    assert message(made, "POST", "many", ["b", "c"]) is None


def test_a_key_that_is_unique_too_is_refused_in_the_words_of_that() -> None:
    made = cloud(
        DESK
        + """resource pen in world { key name  name text  unique (name) else 409 "{name} is there" }
        operation create pen POST /pens { create pen { name: body.name }  answer 201 }"""
    )
    assert [message(made, "POST", "pens", {"name": "a"}) for _ in range(2)] == [None, "a is there"]


QUOTAS = (
    TEAMS.replace("mount /desk ", 'on over_quota 403 "{over}|{requested}|{used}|{limit}|{resource}" mount /desk ')
    + """
quota tickets 3 counts ticket
quota hours 10 sums ticket.hours
quota words 128
resource ticket in tenant { id sequence  hours number = 1 }
operation create ticket POST /tickets {
  create ticket for each h in body { hours: h }
  answer 201 { used: quota.tickets.used, hours: quota.hours.used, words: quota.words.used }
}
operation create_two ticket POST /two { create ticket {}  create ticket { hours: 9 }  answer 201 }
operation update ticket PUT /tickets/{id} { set hours = body.hours  answer 200 { hours: quota.hours.used } }
operation delete ticket DELETE /tickets/{id} { delete self  answer 204 }
operation set_quota ticket PUT /quota {
  set quota.tickets = body.tickets when has body.tickets
  set quota.hours = body.hours when has body.hours
  answer 200 { tickets: quota.tickets.limit, hours: quota.hours.limit, words: quota.words.limit,
    first: quota.tickets.normal }
}
operation set_all ticket PUT /quotas {
  set quota.tickets.normal = body.tickets
  answer 200 { tickets: quota.tickets.limit, normal: quota.tickets.normal }
}
operation unset_quota ticket DELETE /quota { unset quota  answer 200 { tickets: quota.tickets.limit } }
"""
)


def test_quotas_count_and_sum_all_that_a_request_makes() -> None:
    made = cloud(QUOTAS, headers=ANN)
    assert message(made, "POST", "tickets", [1, 1, 1, 1]) == "tickets|4|0|3|ticket"
    assert message(made, "POST", "tickets", [6, 5]) == "hours|11|0|10|ticket"
    assert message(made, "POST", "tickets", [6, 5, 1, 1]) == "hours, tickets|13, 4|0, 0|10, 3|ticket"
    assert made.request("POST", "/desk/tickets", [6, 1.5]).body == {"used": 2, "hours": 7.5, "words": 0}
    assert message(made, "POST", "tickets", [1, 1]) == "tickets|2|2|3|ticket"
    assert message(made, "POST", "tickets", [3]) == "hours|3|7.5|10|ticket"
    assert message(made, "POST", "tickets", ["text"]) is None


def test_quotas_are_of_each_tenant_and_live_records_count() -> None:
    made = cloud(QUOTAS, headers=ANN)
    assert message(made, "POST", "tickets", [1, 1, 1]) is None
    assert message(made, "POST", "tickets", [1]) is not None
    assert message(made, "POST", "tickets", [1], BOB) is None
    made.request("DELETE", "/desk/tickets/1")
    assert made.request("PUT", "/desk/tickets/2", {"hours": 5}).body == {"hours": 6}
    assert message(made, "POST", "tickets", [5]) == "hours|5|6|10|ticket"
    assert message(made, "POST", "tickets", [4]) is None


def test_the_second_create_of_a_request_counts_with_the_first() -> None:
    made = cloud(QUOTAS, headers=ANN)
    before = made.snapshot()
    assert message(made, "POST", "tickets", [1]) is None
    assert message(made, "POST", "two") == "hours|9|2|10|ticket"
    made.request("DELETE", "/desk/tickets/1")
    assert message(made, "POST", "two") is None
    assert made.snapshot() != before


def test_limits_are_set_for_one_tenant_and_put_back() -> None:
    made = cloud(QUOTAS, headers=ANN)
    first = {"tickets": 3, "hours": 10, "words": 128, "first": 3}
    assert made.request("PUT", "/desk/quota", {"tickets": "7"}).body == first
    assert made.request("PUT", "/desk/quota", {"tickets": 1}).body == {**first, "tickets": 1}
    assert made.request("PUT", "/desk/quota", {"hours": -1}).body == {**first, "tickets": 1, "hours": -1}
    assert message(made, "POST", "tickets", [1, 1]) == "tickets|2|0|1|ticket"
    assert message(made, "POST", "tickets", [1000]) is None
    assert message(made, "POST", "tickets", [1, 1], BOB) is None
    assert made.request("DELETE", "/desk/quota").body == {"tickets": 3}
    assert made.request("DELETE", "/desk/quota").body == {"tickets": 3}
    assert message(made, "POST", "tickets", [1]).startswith("hours|")


def test_limits_are_set_for_all_who_have_none_of_their_own() -> None:
    made = cloud(QUOTAS, headers=ANN)
    assert made.request("PUT", "/desk/quota", {"tickets": 1}, headers=BOB).status == 200
    before = made.snapshot()
    assert made.request("PUT", "/desk/quotas", {"tickets": "many"}).body == {"tickets": 3, "normal": 3}
    assert made.snapshot() == before
    assert made.request("PUT", "/desk/quotas", {"tickets": 2}).body == {"tickets": 2, "normal": 2}
    assert made.request("PUT", "/desk/quotas", {"tickets": 2}, headers=BOB).body == {"tickets": 1, "normal": 2}
    assert message(made, "POST", "tickets", [1, 1, 1]) == "tickets|3|0|2|ticket"
    assert made.request("PUT", "/desk/quotas", {"tickets": 4}).body == {"tickets": 4, "normal": 4}
    assert message(made, "POST", "tickets", [1, 1, 1]) is None
    assert made.request("DELETE", "/desk/quota", headers=BOB).body == {"tickets": 4}


def test_the_configuration_gives_other_limits() -> None:
    made = cloud(QUOTAS, quotas={"tickets": 1, "hours": -1, "unknown": 5}, headers=ANN)
    assert message(made, "POST", "tickets", [1, 1]) == "tickets|2|0|1|ticket"
    assert message(made, "POST", "tickets", [10**6]) is None


def test_a_full_world_is_busy() -> None:
    made = cloud(QUOTAS.replace("tickets 3", "tickets -1"), headers=ANN, max_records=6)
    assert message(made, "POST", "tickets", [1, 1]) is None
    answer = made.request("POST", "/desk/tickets", [1])
    assert (answer.status, answer.body["message"]) == (503, "the service is busy, try again later")


def test_quotas_are_read_by_names_that_a_request_gives() -> None:
    made = cloud(
        QUOTAS
        + "operation look ticket GET /quotas/{name} { answer 200 { q: quota[path.name], n: quota[path.name].limit } }",
        headers=ANN,
    )
    made.request("POST", "/desk/tickets", [4])
    limits = {"limit": 10, "used": 4, "normal": 10}
    assert made.request("GET", "/desk/quotas/hours").body == {"q": limits, "n": 10}
    assert made.request("GET", "/desk/quotas/nothing").body == {}


def test_a_key_of_several_fields() -> None:
    made = cloud(
        DESK
        + """resource grant in world { key who, what  who text  what text }
        view grant.full { who  what }
        operation create grant POST /grants { create grant { ...body }  answer 201 }
        operation delete grant DELETE /grants/{who}/{what} {
          find grant as g where who == path.who and what == path.what else 404 "none"
          delete g  answer 204 }
        operation list grant GET /grants { list grant as full {} }"""
    )
    assert [message(made, "POST", "grants", {"who": "a", "what": what}) for what in "xy"] == [None, None]
    assert message(made, "POST", "grants", {"who": "a", "what": "x"}) == "this conflicts with the present state"
    assert message(made, "DELETE", "grants/a/x") is None
    assert message(made, "DELETE", "grants/a/x") == "none"
    assert made.request("GET", "/desk/grants").body == {"grants": [{"who": "a", "what": "y"}]}
