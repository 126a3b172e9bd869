# SPDX-License-Identifier: Apache-2.0
"""What an explanation says agrees with what happened, for every request of a run, and asking changes nothing."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mimic_rules.engine import MISSING, Request, Response
from mimic_rules.web.explanation import explanation, explanation_text, unreached
from mimic_rules.web.journal import Journal
from tests.driver import Cloud, cloud, world_of

RULES = """
service desk "Help desk" {
  mount /desk
  errors { fault, message }
  fault 404 unknown  fault 409 conflict  fault 429 busy  fault 503 closed
  fault else refused
}
for desk
resource ticket in world { id sequence  title text  status lifecycle }
lifecycle of ticket.status { state NEW  state DONE  start NEW  NEW -> DONE after 10s }
view ticket.full { id  title  status }
operation open ticket POST /tickets body { title: text 1..5 } {
  create ticket { title: body.title }
  answer 201 ticket as full
}
operation show ticket GET /tickets/{id} { answer 200 self as full }

rule a_twice on open ticket when body.title == 'a' only 2 times then respond 503
rule ab on open ticket when body.title in ['a', 'b'] only every 3rd then respond 409 after commit, delay 2s
rule later on open ticket only from 2023-11-14T22:14:00Z then pretend
rule limited on open ticket then limit 3 per 60s respond 429
rule lost on show ticket when title == 'b' only 50% evenly then drop connection
rule shown on show ticket when title == 'a' then set title = 'A'
for desk.ticket
rule stuck when title == 'c' then status stays NEW
"""

STEPS = st.lists(
    st.tuples(st.just("open"), st.sampled_from(["a", "b", "c", "toolong"]))
    | st.tuples(st.just("show"), st.integers(1, 4))
    | st.tuples(st.just("wait"), st.sampled_from([0.5, 20.0, 100.0])),
    max_size=14,
)


@pytest.fixture(scope="module")
def engine() -> Any:
    return cloud(RULES).engine


def ask(made: Cloud, step: tuple[str, Any], explain: bool) -> tuple[Request, Response]:
    kind, what = step
    body = {"title": what} if kind == "open" else MISSING
    method, path = ("POST", "/desk/tickets") if kind == "open" else ("GET", f"/desk/tickets/{what}")
    request = Request(method, path, {}, {}, "http://c", lambda: body, explain=explain)
    return request, made.engine.handle(made.world, request)


@given(steps=STEPS)
def test_every_request_of_a_run_is_explained_as_it_was(engine: Any, steps: list[Any]) -> None:
    made, plain = world_of(engine), world_of(engine)
    journal = Journal(100)
    for step in steps:
        if step[0] == "wait":
            made.advance(step[1]), plain.advance(step[1])
            continue
        request, response = ask(made, step, explain=True)
        journal.note(request, MISSING, response, made.world.clock.now(), 0.0)
        unexplained = ask(plain, step, explain=False)[1]
        assert (unexplained.status, unexplained.body, unexplained.rules) == (
            response.status,
            response.body,
            response.rules,
        )
        agrees(made, journal, response)


def agrees(made: Cloud, journal: Journal, response: Response) -> None:
    entry = journal.entries()[-1]
    trace = journal.trace(entry.id)
    rules = unreached(made.engine, entry, trace)
    told = explanation(entry, trace, rules)
    decided = [one for one in told["candidates"] if one["verdict"] == "decided"]
    assert {one["rule"]["place"] for one in decided} == set(response.rules)
    assert ("latency" in told["slots"]) == (response.delay > 0)
    assert ("wire" in told["slots"]) == (response.wire is not None)
    answers = [one["reason"] for one in decided if "answer" in one["slots"]]
    if response.status in (503, 409):
        assert answers[0].startswith(f"fills answer, commit: respond {response.status}")
    assert len(answers) == (response.status in (409, 429, 503))
    # A rule about the operation is a candidate, or it was never asked; standing rules are asked of records.
    about = {one.id for one in made.engine.linked.plan.rules if one.events and covers(one, entry.operation)}
    strikes = {one["rule"]["id"] for one in told["candidates"]} | {one.id for one in rules}
    assert about <= strikes or response.status == 404
    text = explanation_text(told)
    assert all(one["rule"]["name"] in text for one in told["candidates"])


def covers(rule: Any, operation: str) -> bool:
    return any(f"{one.verb} {one.resource}" == operation for one in rule.events)
