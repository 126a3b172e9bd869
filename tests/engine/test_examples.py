# SPDX-License-Identifier: Apache-2.0
"""Running examples: what each step does and sees, what is told where one is not so, and that nobody else notices."""

import pytest

from mimic_rules.compiler import compile_model
from mimic_rules.diagnostics import CODES, Code, Diagnostic
from mimic_rules.engine import Request, link
from mimic_rules.engine import examples as module
from mimic_rules.engine.examples import Outcome, run_example
from mimic_rules.language.load import Source, load
from tests.driver import DESK, TEAMS, cloud, program

TICKETS = (
    DESK
    + """\
resource queue in world { id text  title text }
resource ticket in world {
  id sequence  title text 1..20  queue -> queue ? else 400 "no queue {value}"  status lifecycle
  missing 404 "no ticket {value}"
}
lifecycle of ticket.status {
  state NEW  state OPEN  state WAITING  state CLOSED
  start NEW
  NEW -> OPEN after 1h
  OPEN -> WAITING on hold
  WAITING -> CLOSED after 10s
}
resource note in ticket { number text  text text  key number }
view ticket.full { id  title  status }
operation create queue PUT /queues body { id: text } { create queue { id: body.id, title: 'q' }  answer 204 }
operation create ticket POST /tickets body { title: text, queue?: text } query { times?: int, tag?: any } {
  create ticket { title: body.title, queue: body.queue }
  answer 201 { ticket: ticket as full, deep: [{ word: "a {body.title}" }, 5], query } header "X-Id" = ticket.id
}
operation show ticket GET /tickets/{id} { answer 200 self as full }
operation hold ticket POST /tickets/{id}/hold { answer 202 }
operation delete ticket DELETE /tickets/{id} { delete ticket  answer 204 }
operation add note POST /tickets/{ticket}/notes body { number: text } {
  create note { number: body.number, text: 'n' }  answer 201
}
operation show note GET /tickets/{ticket}/notes/{id} { answer 200 { text, of: ticket.title } }
operation ask ticket GET /ask at root { answer 200 { now, region, tenant: tenant.id, base } }
for desk.ticket
rule broken on show when title == 'broken' then respond 503 "out of order"
rule hurried when title == 'hurried' then status becomes CLOSED after 5s
rule brief when title == 'brief' and status == WAITING then status stays WAITING for 1s
"""
)


def outcomes(examples: str, rules: str = TICKETS) -> list[Outcome]:
    """What comes of the examples of a file."""
    plan = program(rules + examples)
    engine = link(plan)
    return [run_example(engine, one) for one in plan.examples]


def failure(steps: str, rules: str = TICKETS, head: str = "") -> Diagnostic | None:
    """What fails in an example of these steps."""
    (one,) = outcomes(f"example 'it' {head} {{\n{steps}\n}}\n", rules)
    return one.failure


def passes(steps: str, rules: str = TICKETS, head: str = "") -> None:
    found = failure(steps, rules, head)
    assert found is None, (found.message, found.help)


def fails(steps: str, rules: str = TICKETS, head: str = "") -> tuple[str, str, str]:
    """Code, message and help of what fails."""
    found = failure(steps, rules, head)
    assert found is not None
    return found.code, found.message, found.help


# what steps do and see ----------------------------------------------------------------------------------------------


def test_a_name_is_the_record_as_it_is_now() -> None:
    passes("""
      ticket = create ticket { title: 'a' } -> 201
      expect ticket.status == NEW and ticket.title == 'a'
      after 59m
      expect ticket.status == NEW
      after 1m
      expect ticket.status == OPEN
      hold ticket -> 202
      expect ticket.status == WAITING
      until quiet
      expect ticket.status == CLOSED
      delete ticket -> 204
      expect not has ticket
      show ticket -> 404 "no ticket 1"
    """)


def test_what_is_asked_reaches_the_engine_as_a_client_would_send_it() -> None:
    passes("""
      create ticket query { times: 3, tag: ['x', 'y'] } { title: "t{1 + 1}" } -> 201 "a t2"
      expect answer.status == 201 and answer.headers['x-id'] == '1' and answer.delay == 0 and answer.wire is null
      expect answer.body.query.times == 3 and answer.body.query.tag == 'y' and answer.body.deep[1] == 5
      create ticket ([1]) -> 400
    """)


def test_there_is_no_answer_before_the_first_and_no_body_where_there_is_none() -> None:
    passes("""
      expect not has answer and not has answer.body
      create queue { id: 'q' } -> 204
      expect has answer.headers and not has answer.body
    """)


def test_a_body_that_a_rule_gives_as_it_stands_is_a_text() -> None:
    bare = TICKETS + "on create ticket when title == 'bare' then respond 503 with body 'try later'\n"
    asked = "create ticket { title: 'bare' } -> 503"
    passes(f"{asked} 'later'  expect answer.body == 'try later'", bare)
    assert fails(f"{asked} 'sooner'", bare) == ("MR812", "the answer doesn't say `sooner`", "it says: try later")


def test_records_are_named_by_what_a_path_names() -> None:
    passes("""
      one = create ticket { title: 'a' } -> 201
      two = create ticket { title: 'b' } -> 201
      show ticket at { id: two.id } -> 200 "b"
      ticket = show ticket at { id: 1 } -> 200
      expect ticket.title == one.title
      same = hold ticket -> 409
      expect same.id == 1
      gone = show ticket at { id: 7 } -> 404
      none = show ticket at { id: 'x' } -> 404
      expect not has gone and not has none
      last = delete ticket -> 204
      expect not has last
    """)


def test_what_is_in_another_record_is_found_below_it() -> None:
    passes("""
      ticket = create ticket { title: 'a' } -> 201
      note = add note { number: 'five' } -> 201
      other = create ticket { title: 'b' } -> 201
      show note -> 200 "a"
      same = show note at { ticket: ticket.id, id: 'five' } -> 200
      expect same.text == 'n' and count(ticket.notes) == 1
      lost = show note at { ticket: other.id } -> 404
      gone = show note at { ticket: 9 } -> 404
      expect not has lost and not has gone
    """)


def test_all_records_of_the_world_are_in_sight() -> None:
    passes("""
      create queue { id: 'q' } -> 204
      t = create ticket { title: 'a', queue: first(queue).id } -> 201
      expect count(ticket where status == NEW) == 1 and t.queue.title == 'q'
      ask ticket -> 200 "http://cloud.example"
      expect answer.body == { now: 1893456000.0, region: 'RegionOne', tenant: '', base: 'http://cloud.example' }
    """)


def test_a_refused_request_makes_nothing_and_names_nothing() -> None:
    passes("""
      ticket = create ticket {} -> 400
      expect not has ticket and count(ticket) == 0
    """)


def test_nothing_is_sent_where_the_body_is_missing() -> None:
    passes("create ticket -> 400  create ticket (answer.body.nothing) -> 400")


def test_each_example_has_a_world_of_its_own_which_is_always_the_same() -> None:
    both = outcomes("""
      example 'one' { create ticket { title: 'a' } -> 201  expect count(ticket) == 1 }
      example 'two' { create ticket { title: 'a' } -> 201  expect count(ticket) == 1 and answer.body.ticket.id == 1 }
    """)
    assert [(one.plan.title, one.failure) for one in both] == [("one", None), ("two", None)]


def test_examples_change_nothing_of_a_cloud() -> None:
    plain = cloud(TICKETS)
    beside = cloud(TICKETS + "example 'a' { create ticket { title: 'a' } -> 201 }")
    for one in (plain, beside):
        one.request("POST", "/desk/tickets", {"title": "b"})
    assert plain.snapshot() == beside.snapshot()


def test_an_aged_record_is_due_sooner() -> None:
    passes("""
      ticket = create ticket { title: 'a' } -> 201
      age ticket 59m
      expect ticket.status == NEW
      after 60s
      expect ticket.status == OPEN
      other = create ticket { title: 'b' } -> 201
      age other 30d
      expect other.status == OPEN and ticket.status == OPEN
    """)


def test_time_ends_with_the_year_9999() -> None:
    passes("after 9000000d  after 9000000d  create queue { id: 'q' } -> 204  until quiet")


# who asks ------------------------------------------------------------------------------------------------------------

CALLED = (
    TEAMS
    + """\
resource ticket in tenant { id sequence  by text = caller.id }
resource draft in user { id sequence }
operation create ticket POST /tickets {
  permit caller.active default true else 403 "not you"
  create ticket {}
  answer 201 { by: caller.id, team: tenant.id, all: count(ticket), drafts: count(draft) }
}
operation create draft POST /drafts { create draft {}  answer 201 }
operation show_path ticket GET /where { answer 200 { url: request.url } }
"""
)


def test_nobody_logs_in() -> None:
    passes(
        """
        ticket = create ticket -> 201 "tester"
        expect answer.body.team == 'example' and ticket.by == 'tester' and count(ticket) == 1
        create draft -> 201
        expect count(draft) == 1 and answer.status == 201
        show_path ticket -> 200 "http://cloud.example/desk/where"
        """,
        CALLED,
    )


def test_as_says_who_asks_and_is_worked_out_for_each_request() -> None:
    passes(
        """
        first = create ticket -> 201
        expect answer.body.team == 'example' and answer.body.by == 'ann'
        create ticket -> 201
        expect answer.body.team == 'team-1' and answer.body.all == 1
        """,
        CALLED,
        "as { team: \"team-{first.id}\" when has first, id: 'ann' }",
    )
    assert fails("create ticket -> 201", CALLED, "as { active: false }")[0] == "MR811"


def test_a_request_from_outside_can_claim_nobody() -> None:
    """Who acts is said in the process alone; neither headers nor body do."""
    desk = cloud(CALLED)
    assert desk.request("POST", "/desk/tickets", {"acting": {"team": "red"}}, {"acting": "ann"}).status == 401
    read = {"method": "POST", "path": "/desk/tickets", "query": {}, "headers": {}, "base": "", "read_json": dict}
    assert desk.engine.handle(desk.world, Request(**read)).status == 401
    assert desk.engine.handle(desk.world, Request(**read, acting={"team": "red"})).status == 201


# what is told --------------------------------------------------------------------------------------------------------


def test_another_status() -> None:
    code, message, help = fails("create ticket { title: 5 } -> 201")
    assert (code, message) == ("MR811", "the answer is 400, not 201")
    assert help.startswith("it says: ")
    assert "title" in help


def test_what_succeeded_is_not_repeated() -> None:
    """It may hold a password."""
    assert fails("create ticket { title: 'secret' } -> 400") == ("MR811", "the answer is 201, not 400", "")
    found = fails("create ticket { title: 'secret' } -> 201 'other'")
    assert found == ("MR812", "the answer doesn't say `other`", "")


def test_a_refusal_without_words() -> None:
    silent = TICKETS.replace("errors { fault, message }", "errors { }")
    assert fails("show ticket at { id: 1 } -> 200", silent) == (
        "MR811",
        "the answer is 404, not 200",
        "it says nothing",
    )


def test_long_words_are_cut() -> None:
    help = fails(f"show ticket at {{ id: '{'x' * 300}' }} -> 200")[2]
    assert help.endswith("x…")
    assert len(help) < 200


@pytest.mark.parametrize(
    ("expected", "told"),
    [
        ("ticket.status == OPEN", 'expected `ticket.status == OPEN`; `ticket.status` is "NEW"'),
        ("3 < ticket.id", "expected `3 < ticket.id`; `ticket.id` is 1"),
        ("ticket.id > count(note)", "expected `ticket.id > count(note)`; `ticket.id` is 1; `count(note)` is 1"),
        ("has ticket.queue", "expected `has ticket.queue`; `ticket.queue` is null"),
        ("ticket.title matches /^b/", 'expected `ticket.title matches /^b/`; `ticket.title` is "a"'),
        ("answer.headers is list", "expected `answer.headers is list`; `answer.headers` is {"),
        ("not ticket.id == 1", "expected `not ticket.id == 1`; `ticket.id` is 1"),
        ("answer.body.none", "expected `answer.body.none`; `answer.body.none` is missing"),
        ("ticket.id == 1 and ticket.title == 'b'", 'expected `ticket.title == "b"`; `ticket.title` is "a"'),
        (
            "ticket.id == 2 or answer.status in [200, 202]",
            "expected `ticket.id == 2 or answer.status in [200, 202]`; `ticket.id` is 1; `answer.status` is 201; "
            "`[200, 202]` is [200, 202]",
        ),
        ("(ticket where id == 1) == []", 'expected `(ticket where id == 1) == []`; `(ticket where id == 1)` is [{"id"'),
        ("now < 1m", "expected `now < 1m`; `now` is 1893456000.0"),
        ("false", "expected `false`"),
    ],
)
def test_what_is_not_as_expected_is_told_with_its_values(expected: str, told: str) -> None:
    code, message, _ = fails(
        f"ticket = create ticket {{ title: 'a' }} -> 201  add note {{ number: 'one' }} -> 201\nexpect {expected}"
    )
    assert code == "MR813"
    assert message == told or message.startswith(told[: told.rindex("{") + 1])


def test_what_a_client_never_sees_is_not_shown() -> None:
    message = fails("ticket = create ticket { title: 'a' } -> 201  expect not has ticket")[1]
    assert '"title": "a"' in message
    assert "~" not in message


def test_the_place_is_that_of_the_step_or_of_the_part_that_is_not_so() -> None:
    text = "ticket = create ticket { title: 'a' } -> 201\n  expect ticket.id == 1\n     and ticket.title == 'b'\n"
    found = failure(text)
    assert found is not None
    first = (TICKETS + "example 'it'  {\n").count("\n") + 1
    assert (found.span.line, found.span.column) == (first + 2, 10)
    found = failure("after 1s\n  show ticket at { id: 1 } -> 200")
    assert found is not None
    assert (found.span.line, found.span.column) == (first + 1, 3)


def test_a_record_that_was_never_made() -> None:
    steps = "ticket = create ticket {} -> 400\n"
    told = fails(steps + "show ticket -> 200")
    assert told[:2] == ("MR815", "there is no record for `{id}` in the path now")
    assert fails(steps + "age ticket 1h")[:2] == ("MR815", "no record is called `ticket` now")
    gone = "ticket = create ticket { title: 'a' } -> 201  delete ticket -> 204  age ticket 1h"
    assert fails(gone)[:2] == ("MR815", "no record is called `ticket` now")


def test_a_path_whose_value_is_missing() -> None:
    assert fails("show ticket at { id: first(ticket).id } -> 200")[0] == "MR815"


def test_a_world_that_is_never_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_MOMENTS", 20)
    ever = TICKETS.replace("OPEN -> WAITING on hold", "OPEN -> NEW after 1h  OPEN -> WAITING on hold")
    told = fails("create ticket { title: 'a' } -> 201  until quiet", ever)
    assert told[:2] == ("MR814", "still not quiet after 20 events")
    # But time goes on as far as it is told to.
    passes("t = create ticket { title: 'a' } -> 201  after 101h  expect t.status == OPEN", ever)


# which rules decided -------------------------------------------------------------------------------------------------


def test_the_rule_of_an_example_must_decide_in_it() -> None:
    head = "for broken"
    passes("ticket = create ticket { title: 'broken' } -> 201  show ticket -> 503 'out of order'", head=head)
    told = fails("ticket = create ticket { title: 'fine' } -> 201  show ticket -> 200", head=head)
    assert told[:2] == ("MR816", "rule `broken` never decided in this example")


def test_a_rule_that_time_brings_has_decided_even_if_for_a_moment() -> None:
    passes("create ticket { title: 'hurried' } -> 201", head="for hurried")
    steps = "ticket = create ticket { title: 'brief' } -> 201  after 1h  hold ticket -> 202  after 1d"
    passes(steps, head="for brief")
    (one,) = outcomes(f"example 'a' {{ {steps} }}")
    brief = TICKETS[: TICKETS.index("rule brief")].count("\n") + 1
    assert one.decided == {f"0.rules:{brief}"}


@pytest.mark.parametrize(
    "code", [one for one in CODES.values() if "MR810" < one.code < "MR817"], ids=lambda one: one.code
)
def test_the_pages_of_the_codes(code: Code, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_MOMENTS", 20)
    for text, wanted in ((code.wrong, [code.code]), (code.right, [])):
        loaded = load([Source("a.rules", text)])
        assert loaded.diagnostics == ()
        plan = compile_model(loaded.model)
        engine = link(plan)
        (one,) = [run_example(engine, example) for example in plan.examples]
        assert ([one.failure.code] if one.failure else []) == wanted
