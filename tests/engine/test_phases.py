# SPDX-License-Identifier: Apache-2.0
"""The order in which a request is looked at: of several mistakes, the first phase that sees one answers."""

import pytest

from tests.driver import ANN, TEAMS, Unreadable, cloud

ORDERED = (
    TEAMS.replace(
        "mount /desk optional /{tenant}",
        """mount /desk
    version header "V" 1.1 .. 1.9 default 1.1
    on bad_version 400 "version"
    on malformed 400 "decode"
    on invalid 400 "schema"  on invalid_body 400 "schema"
    on over_quota 403 "quota"
    ORDER""",
    )
    + """
quota tickets 1 counts ticket
resource queue in world { id text }
seed queue for each q in ['q'] { id: q }
resource ticket in tenant {
  id sequence  title text  queue -> queue else 400 "references"  status lifecycle
  unique (title) else 409 "uniqueness"
  check title != 'odd' else 400 "invariant"
  missing 404 "find"
}
lifecycle of ticket.status { state OPEN  state SHUT  start OPEN  OPEN -> SHUT on close  else 409 "guard" }
operation create ticket POST /tickets body { title: text, queue: text } OWN {
  create ticket { title: body.title, queue: body.queue }
  check body.title != 'never' else 400 "checks after"
  permit body.title != 'secret' else 403 "permit"
  answer 201
}
operation close ticket POST /tickets/{id}/close body { why: text } OWN {
  permit body.why != 'secret' else 403 "permit"
  check body.why != 'no reason' else 400 "checks"
  answer 202
}
"""
)


def made(order: str = "", own: str = ""):
    cloudy = cloud(ORDERED.replace("ORDER", order).replace("OWN", own), headers=ANN)
    assert cloudy.request("POST", "/desk/tickets", {"title": "first", "queue": "q"}).status == 201
    return cloudy


def said(cloudy, path: str, body: object, headers: dict[str, str] | None = None) -> object:
    answer = cloudy.request("POST", f"/desk/{path}", body, headers)
    return None if answer.status < 300 else answer.body["message"]


def test_the_default_order_of_a_change() -> None:
    cloudy = made()
    assert said(cloudy, "tickets/1/close", {"why": "so"}) is None
    bad = {"X-Agent": "zoe", "V": "x"}
    assert said(cloudy, "tickets/9/close", Unreadable("malformed"), bad) == "who are you?"
    assert said(cloudy, "tickets/9/close", Unreadable("malformed"), {"V": "x"}) == "version"
    assert said(cloudy, "tickets/9/close", Unreadable("malformed")) == "decode"
    assert said(cloudy, "tickets/9/close", {"why": 1}) == "schema"
    assert said(cloudy, "tickets/9/close", {"why": "secret"}) == "find"
    assert said(cloudy, "tickets/1/close", {"why": "secret"}) == "permit"
    assert said(cloudy, "tickets/1/close", {"why": "no reason"}) == "guard"


def test_checks_come_after_the_guard_and_before_references() -> None:
    cloudy = made()
    assert said(cloudy, "tickets/1/close", {"why": "no reason"}) == "checks"
    assert said(cloudy, "tickets", {"title": "odd", "queue": "nowhere"}) == "references"
    assert said(cloudy, "tickets", {"title": "odd", "queue": "q"}) == "invariant"
    assert said(cloudy, "tickets", {"title": "first", "queue": "q"}) == "uniqueness"
    assert said(cloudy, "tickets", {"title": "second", "queue": "q"}) == "quota"


def test_what_stands_after_a_change_is_checked_after_it() -> None:
    cloudy = made()
    assert said(cloudy, "tickets", {"title": "never", "queue": "q"}) == "quota"
    unlimited = cloud(ORDERED.replace("ORDER", "").replace("OWN", "").replace("tickets 1", "tickets -1"), headers=ANN)
    assert said(unlimited, "tickets", {"title": "never", "queue": "q"}) == "checks after"
    assert said(unlimited, "tickets", {"title": "secret", "queue": "nowhere"}) == "permit"
    assert unlimited.request("POST", "/desk/tickets/1/close", {"why": "x"}).status == 404


@pytest.mark.parametrize(
    ("order", "path", "body", "first"),
    [
        ("order find, schema", "tickets/9/close", {"why": 1}, "find"),
        ("order caller, schema, find", "tickets/9/close", {"why": 1}, "schema"),
        ("order caller, find, decode", "tickets/9/close", Unreadable("malformed"), "find"),
        ("order guard, permit", "tickets/1/close", {"why": "secret"}, "guard"),
        ("order uniqueness, references", "tickets", {"title": "first", "queue": "nowhere"}, "uniqueness"),
        ("order quota, uniqueness", "tickets", {"title": "first", "queue": "q"}, "quota"),
    ],
)
def test_a_service_or_an_operation_states_its_own_order(order: str, path: str, body: object, first: str) -> None:
    for cloudy in (made(order=order), made(own=order)):
        cloudy.request("POST", "/desk/tickets/1/close", {"why": "so"})
        assert said(cloudy, path, body) == first


def test_an_operations_order_goes_before_its_services() -> None:
    cloudy = made(order="order caller, find, schema", own="order caller, schema, find")
    assert said(cloudy, "tickets/9/close", {"why": 1}) == "schema"


def test_checks_are_made_in_the_order_written_and_lets_see_what_stands_above() -> None:
    cloudy = cloud(
        TEAMS
        + """resource probe in world { id sequence }
        operation ask probe POST /probe {
          check body.a == 1 else 400 "a"
          let twice = body.b * 2
          check twice == 4 else 409 "b is {body.b}, twice {twice}"
          let both = "{twice}-{body.a}"
          check has body.c else 418 "{both}" when body.strict
          permit body.me == true
          permit body.you == true else 401 "{event} {caller.id}"
          answer 200 both
        }""",
        headers=ANN,
    )

    def ask(body: dict[str, object]) -> tuple[int, object]:
        answer = cloudy.request("POST", "/desk/probe", body)
        return answer.status, answer.body if answer.status == 200 else answer.body["message"]

    who = {"me": True, "you": True}
    assert ask({"a": 2, "b": 2}) == (403, "this is not allowed")
    assert ask({"a": 2, "me": True}) == (401, "ask ann")
    assert ask({"a": 2, "b": 1, **who}) == (400, "a")
    assert ask({"a": 1, "b": 1, **who}) == (409, "b is 1, twice 2")
    assert ask({"a": 1, "b": 2, "strict": True, **who}) == (418, "4-1")
    assert ask({"a": 1, "b": 2, **who}) == (200, "4-1")


def test_the_situation_forbidden_sees_the_verb() -> None:
    cloudy = cloud(
        TEAMS.replace("mount /desk ", 'on forbidden 403 "no {event} for {caller.id}" mount /desk ')
        + "resource probe in world { id sequence }\noperation ask probe POST /probe { permit false  answer 200 }",
        headers=ANN,
    )
    assert said(cloudy, "probe", {}) == "no ask for ann"


def test_answers_are_worked_out_after_all_changes() -> None:
    cloudy = cloud(
        TEAMS
        + """resource probe in world { id sequence  n int = 0 }
        operation ask probe POST /probe {
          create probe { n: 1 }
          answer 200 { n: probe.n, count: count(probe) } header "X-N" = probe.n header "X-None" = body.nothing
          set probe.n = probe.n + 1
          let now_n = probe.n
          set probe.n = now_n + 1
        }
        operation nothing probe POST /nothing { create probe {}  answer 200 when body.a }
        operation choose probe POST /choose { answer 200 when body.a  answer 201 'b' when body.b }""",
        headers=ANN,
    )
    answer = cloudy.request("POST", "/desk/probe")
    assert (answer.status, answer.body, answer.headers) == (200, {"n": 3, "count": 1}, [("X-N", "3")])
    assert cloudy.request("POST", "/desk/nothing").status == 204
    assert [cloudy.request("POST", "/desk/choose", {one: True}).status for one in ("a", "b", "c")] == [200, 201, 204]


def test_within_tenant_turns_to_another_tenant() -> None:
    cloudy = cloud(
        TEAMS
        + """
        resource team in world is tenant { id text  color text }
        seed team for each t in ['red', 'blue'] { id: t, color: upper(t) }
        resource ticket in tenant { id sequence }
        quota tickets 5 counts ticket
        operation create ticket POST /tickets { create ticket {}  answer 201 }
        operation count ticket GET /teams/{team_name}/tickets {
          let mine = tenant.color
          within tenant path.team_name
          answer 200 { mine, color: tenant.color, tickets: count(ticket), used: quota.tickets.used }
        }""",
        headers=ANN,
    )
    cloudy.request("POST", "/desk/tickets")
    red = cloudy.request("GET", "/desk/teams/red/tickets").body
    blue = cloudy.request("GET", "/desk/teams/blue/tickets").body
    assert red == {"mine": "RED", "color": "RED", "tickets": 1, "used": 1}
    assert blue == {"mine": "RED", "color": "BLUE", "tickets": 0, "used": 0}
