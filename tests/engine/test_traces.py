# SPDX-License-Identifier: Apache-2.0
"""Explanations: every rule that was considered, what became of each and why, with no secret in it; and the hits."""

from typing import Any

import pytest

from mimic_rules.engine import Request
from mimic_rules.engine.trace import Verdict
from tests.driver import DESK, TEAMS, Cloud, cloud
from tests.engine.garage import GARAGE, build, explained, garage, shown


def trace(made: Cloud, method: str, path: str, body: Any = None) -> list[tuple[str, str, str, dict[str, Any]]]:
    """For each rule considered: its line, the stage, the verdict and why."""
    answer = explained(made, method, path, body)
    assert answer.trace is not None
    return [(one.rule.place.split(":")[1], one.stage, str(one.verdict), one.detail) for one in answer.trace.considered]


def lines(rules: str) -> Cloud:
    """A garage whose rules begin in line 1001."""
    return garage("\n" * (1000 - GARAGE.count("\n")) + rules)


def test_nothing_is_traced_unless_it_is_asked_for() -> None:
    made = garage("on create engine then delay 1s")
    assert build(made).trace is None


def test_candidates_come_in_order_with_what_became_of_each() -> None:
    made = lines(
        """on create engine when model == 'a' and color == 'red' then respond 500 "no"
on create engine when model != 'z' then respond 503 "first" after commit
on create engine when model == 'a' then respond 504 "second"
on show engine then respond 500 "of another operation"
on create engine when body.model is number then delay 1s
on create engine when has metadata.x or model starts with 'q' then reset
on create engine only from 2100-01-01T00:00:00Z then drop connection
"""
    )
    seen = trace(made, "POST", "/desk/engines", {"model": "a"})
    assert seen == [
        (
            "1001",
            "before references",
            "condition does not hold",
            {"condition": 'self.color == "red"', "left": "grey", "right": "red"},
        ),
        ("1002", "before references", "decided", {"did": "respond 503 after commit"}),
        (
            "1003",
            "before references",
            "an earlier rule has its slots",
            {"slots": {"answer": "0.rules:1002:1", "commit": "0.rules:1002:1"}},
        ),
        ("1005", "deliver", "condition does not hold", {"condition": "body.model is number", "left": "a"}),
        (
            "1006",
            "deliver",
            "condition does not hold",
            {"condition": 'has self.metadata.x or (self.model starts with "q")'},
        ),
        ("1007", "deliver", "not at this time", {"begins_in": 4102444800.0 - made.world.clock.now()}),
    ]


def test_near_misses_of_counts_and_times_are_told() -> None:
    made = lines(
        """on create engine only 1 times then respond 500 "a"
on create engine only every 3rd then respond 500 "b"
on create engine only 25% evenly then respond 500 "c"
on create engine only 0.001% at random then respond 500 "d"
on create engine only during 10s then respond 500 "e" before quota
"""
    )
    build(made)
    made.advance(12)
    details = [detail for _, _, _, detail in trace(made, "POST", "/desk/engines", {})]
    assert details == [
        {"used": 1, "of": 1},
        {"every": 3, "next_in": 2},
        {"share": 0.25, "next_in": 3},
        {"chance": 0.00001},
        {"ended_ago": 2.0},
    ]


def test_states_and_what_is_shown_are_explained() -> None:
    made = lines(
        """for desk.engine
when model == 'b' then status stays BUILD
when model == 'a' then status stays BUILD
only once then status becomes ERROR
on list then omit color
when model != 'zz' then set model = 'c'
when color == 'blue' then omit color
then set model = 'd'
when color == 'x' then pass
"""
    )
    seen = trace(made, "POST", "/desk/engines", {"model": "a"})
    assert [(line, stage, verdict) for line, stage, verdict, _ in seen] == [
        ("1002", "lifecycle status", "condition does not hold"),
        ("1003", "lifecycle status", "decided"),
        ("1006", "shown", "decided"),
        ("1007", "shown", "condition does not hold"),
        ("1008", "shown", "an earlier rule has its slots"),
        ("1009", "shown", "condition does not hold"),
        ("1003", "lifecycle", "decided"),
    ]
    again = trace(made, "POST", "/desk/engines", {"model": "z"})
    assert ("1004", "lifecycle status", "decided", {"did": "status becomes ERROR"}) in again
    third = trace(made, "POST", "/desk/engines", {"model": "z"})
    assert ("1004", "lifecycle status", "not this time", {"used": 1, "of": 1}) in third


def test_what_each_effect_does_is_said_in_the_words_of_the_language() -> None:
    made = lines(
        """on create engine then pretend, hidden for 1s, first 2 of parts only, delay 1s, garble body
on create engine then respond from { code: 500, message: 'no' } after commit
on show engine then cycle [delay 1s..2s | pass]
on halt engine then limit 1 per 60s respond 413 "no"
on halt engine then pass
on list engine then omit color
for desk.engine
then status becomes ACTIVE, then ERROR after 1s
"""
    )
    created = [detail.get("did") for *_, detail in trace(made, "POST", "/desk/engines", {})]
    assert created == [
        "pretend",
        "hidden",
        "first 2 of desk.part only",
        "respond from after commit",
        "status becomes ACTIVE, then ERROR",
        "governs the state since it was entered",
        "delay 1s",
        "garble",
    ]
    made.request("DELETE", "/desk/engines/1")
    real = cloud_of_one(made)
    assert [one[3].get("did") for one in trace(real, "GET", "/desk/engines/1")] == ["delay 1s..2s"]
    assert [one[3].get("did") for one in trace(real, "GET", "/desk/engines")] == ["omit color"]
    real.request("POST", "/desk/engines/1/halt", None)
    assert [one[3].get("did") for one in trace(real, "POST", "/desk/engines/1/halt")] == ["limit 1 per 60s"]


def cloud_of_one(made: Cloud) -> Cloud:
    """A cloud with one engine, and the rules of another one that are not about making engines."""
    rules = tuple(rule for rule in made.engine.linked.plan.rules if rule.events and rule.events[0].verb != "create")
    plain = garage("")
    build(plain)
    return Cloud(made.engine.with_rules(rules), plain.world)


SECRETIVE = (
    TEAMS.replace(
        "team text", "team text  token text = 'hunter1'  notes list of { key: text, value: text } = [] keyed key value"
    )
    + """
    resource ticket in world { id sequence }
    operation create ticket POST /tickets body { name: text, password: text, secret: text } { answer 204 }
    """
)


@pytest.mark.parametrize(
    "condition",
    [
        "body.password == 'hunter9'",
        "'hunter9' == body.password",
        "headers['x-auth-token'] == 'hunter9'",
        "upper(body.secret) == 'hunter9'",
        "caller.token starts with 'hunter9'",
        "caller.token in ['hunter9', body.password]",
        "caller.token is number",
        "body.name == body.password",
        "body.name matches body.password",
        "body.password == 'hunter9' or body.name == 'x'",
        "not (body.password == 'hunter2')",
        "not (body.password == 'hunter2' or body.name == 'x')",
        "not (body.password == 'hunter2' and body.name == 'ann')",
        "body['password'] == 'hunter9'",
    ],
)
def test_no_secret_is_explained(condition: str) -> None:
    made = cloud(SECRETIVE + f"on create ticket when {condition} then delay 1s")
    body = {"name": "ann", "password": "hunter2", "secret": "hunter3"}
    headers = {"x-agent": "ann", "x-auth-token": "hunter4"}
    answer = made.engine.handle(
        made.world, Request("POST", "/desk/tickets", {}, headers, "http://c", lambda: body, explain=True)
    )
    assert answer.trace is not None
    (one,) = answer.trace.considered
    assert one.verdict is Verdict.CONDITION
    assert "hunter" not in repr(one.detail).lower()
    assert "***" in repr(one.detail) or "left" not in one.detail


def test_what_is_kept_under_a_secret_key_is_not_explained() -> None:
    made = cloud(
        SECRETIVE + "on list agent when self.notes.token == 'hunter9' then delay 1s\n"
        "operation list agent PUT /agents/{id} public { answer 204 }"
    )
    answer = explained(made, "PUT", "/desk/agents/ann")
    assert answer.trace is not None
    assert answer.trace.considered[0].detail["right"] == "***"


def test_a_part_that_is_missing_has_no_value() -> None:
    made = lines("on create engine when metadata.a == 'b' then delay 1s")
    assert trace(made, "POST", "/desk/engines", {})[0][3] == {"condition": 'self.metadata.a == "b"', "right": "b"}


def test_a_rule_that_is_gone_still_governs_and_is_not_explained() -> None:
    made = lines("for desk.engine\nthen status stays BUILD")
    build(made)
    bare = Cloud(made.engine.with_rules(()), made.world)
    answer = explained(bare, "GET", "/desk/engines/1")
    assert answer.trace is not None
    assert answer.trace.considered == []
    assert answer.rules == ("0.rules:1002",)


def test_long_values_are_cut_and_big_ones_summed_up() -> None:
    made = lines(
        """on create engine when metadata.a == 'b' and model == 'x' then delay 1s
on create engine when request == tenant then delay 1s
on create engine when [1, 2] is number then delay 1s
on create engine when has fault then delay 1s
"""
    )
    seen = trace(made, "POST", "/desk/engines", {"metadata": {"a": "x" * 999}})
    assert [detail.get("left") for *_, detail in seen] == ["x" * 197 + "...", "a map of 4", "a list of 2", None]


# hits ----------------------------------------------------------------------------------------------------------------


def hits(made: Cloud) -> dict[str, tuple[int, int, int]]:
    """By its line: how often a rule was considered, matched and decided."""
    considered = made.engine.considered(made.world)
    tally = made.world.tallies
    return {
        rule.place.split(":")[1]: (considered[rule.id], tally.hits(rule.id).matched, tally.hits(rule.id).decided)
        for rule in made.engine.linked.plan.rules
    }


def test_every_rule_counts_how_often_it_was_considered_matched_and_decided() -> None:
    made = lines(
        """on create engine when model == 'a' only once then respond 500 "no" after commit, delay 1s
on create engine when model == 'a' then delay 2s
on show engine when model == 'never' then delay 1s
for desk.engine
when model == 'b' then status stays BUILD
"""
    )
    build(made, model="a"), build(made, model="a"), build(made, model="b"), shown(made)
    assert hits(made) == {"1001": (3, 2, 1), "1002": (3, 2, 1), "1003": (1, 0, 0), "1005": (3, 1, 1)}
    last = made.world.tallies.hits(made.engine.linked.plan.rules[1].id).last
    assert last is not None
    assert last.startswith("req-")


def test_a_rule_that_comes_later_counts_from_then_on() -> None:
    made = lines('on create engine then delay 1s\n\n\non create engine only during 10s then respond 500 "no"\n')
    both = made.engine.linked.plan.rules
    first = made.engine.with_rules(both[:1])
    world = first.new_world("w", clock=made.world.clock, seed=1)
    early = Cloud(first, world)
    build(early), build(early)
    early.advance(100)
    later = first.with_rules(both)
    later.adopt(world, first)
    late = Cloud(later, world)
    assert [build(late).status, build(late).status] == [500, 500]
    late.advance(10)
    assert build(late).status == 201
    assert hits(late) == {"1001": (5, 5, 5), "1004": (3, 3, 2)}
    # What was linked before is linked still.
    assert later.linked.rules.rows[0] is first.linked.rules.rows[0]


def test_a_token_in_a_path_is_not_told() -> None:
    made = cloud(
        TEAMS + "operation show agent GET /agents/{id} public { answer 200 }\n"
        "operation look agent GET /who/{id}/at/{place} public { answer 200 }"
    )
    assert made.request("GET", "/desk/agents/ann").path == "/desk/agents/***"
    assert made.request("GET", "/desk/agents/nobody").path == "/desk/agents/***"
    assert made.request("GET", "/desk/who/ann/at/home").path == "/desk/who/***/at/home"
    assert (
        cloud(DESK + "resource a in world { id text }\noperation show a GET /a/{id} { answer 200 }")
        .request("GET", "/desk/a/x")
        .path
        == "/desk/a/x"
    )


def test_what_holds_for_all_effects_of_a_rule_is_said_once() -> None:
    made = lines("on create engine only every 5th then delay 1s, drop connection")
    assert [detail for *_, detail in trace(made, "POST", "/desk/engines", {})] == [{"every": 5, "next_in": 4}]
