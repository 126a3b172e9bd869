# SPDX-License-Identifier: Apache-2.0
"""Rules that hold per record: which one is chosen, its turns and its hits, and what its values make of a request."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mimic_rules.engine.choosing import chosen_plans
from tests.driver import Cloud
from tests.engine.garage import build, explained, garage, shown

ORDERS = """
resource order in world { id text  model text  color text = ''  steps list of any  }
operation place order POST /orders public body { id: text, model: text, steps: list of any, color?: text } {
  check body.model is pattern else 400 "no pattern"
  create order { ...body }
  answer 201
}
operation drop order DELETE /orders/{id} { delete self  answer 204 }
"""
RULE = """
rule ordered "What was ordered." per order
  on create engine
  when model matches "^(?:{order.model})" and not has metadata.spared
  then respond from order.steps[mod(turn, count(order.steps))].answer,
       status becomes from order.steps[mod(turn, count(order.steps))].states
"""
NO = {"answer": {"code": 503, "message": "no"}}
LATE = {"answer": {"code": 504, "message": "late", "after_commit": True}}
DUD = {
    "states": [{"state": "ACTIVE", "after": 10}, {"state": "ERROR", "after": 60, "fault": {"code": 7, "message": "x"}}]
}


def order(made: Cloud, id: str, model: str, *steps: Any) -> int:
    return made.request("POST", "/desk/orders", {"id": id, "model": model, "steps": list(steps)}).status


def workshop(more: str = "") -> Cloud:
    return garage(ORDERS + RULE + more)


def test_the_first_record_for_which_it_holds_is_the_rules_alone() -> None:
    made = workshop()
    assert build(made, model="a").status == 201
    assert [order(made, "1", "a", {}), order(made, "2", "a|b", NO)] == [201, 201]
    # The first one has nothing to say of it, and keeps the second from saying anything.
    assert [build(made, model=model).status for model in ("a", "ab", "b", "xa", "c")] == [201, 201, 503, 201, 201]
    made.request("DELETE", "/desk/orders/1")
    assert build(made, model="a").status == 503
    assert build(made, model="a", metadata={"spared": "yes"}).status == 201


def test_an_answer_that_is_worked_out_names_the_record() -> None:
    made = workshop()
    order(made, "a/ä:1", "a", NO)
    answer = build(made, model="a")
    assert (answer.status, answer.body["message"]) == (503, "no")
    (place,) = answer.rules
    assert place.endswith("#a%2F%C3%A4%3A1")


def test_rules_are_told_with_those_of_each_record() -> None:
    made = workshop("rule plain on create engine then respond 500\n")
    order(made, "2", "a", {})
    order(made, "1", "b", {})
    linked = made.engine.linked
    told = [*chosen_plans(linked, made.world, linked.plan.rules)]
    about = [(plan.name, None if plan.chosen is None else plan.chosen.key) for plan in told]
    assert sorted(about, key=str) == [("ordered", "1"), ("ordered", "2"), ("ordered", None), ("plain", None)]
    assert about.index(("ordered", None)) == about.index(("ordered", "2")) - 1 == about.index(("ordered", "1")) - 2


def test_an_answer_may_say_itself_that_everything_happens() -> None:
    made = workshop()
    order(made, "1", "a", LATE)
    assert build(made, model="a").status == 504
    assert shown(made)["model"] == "a"


def test_states_may_be_worked_out() -> None:
    made = workshop()
    order(made, "1", "a", DUD)
    assert build(made, model="a").status == 201
    seen = []
    for wait in (9, 1, 59, 1):
        made.advance(wait)
        one = shown(made)
        seen.append((one["status"], one["fault"]))
    assert seen == [("BUILD", None), ("ACTIVE", None), ("ACTIVE", None), ("ERROR", {"code": 7, "message": "x"})]


def test_what_are_no_states_leave_the_lifecycle_alone() -> None:
    wrong: list[Any] = ["ACTIVE", [{"state": "GNOE"}], [{"status": "ERROR"}], ["ERROR"], [], {}, [{"state": "BUILD"}]]
    made = workshop()
    order(made, "1", "a", *({"states": one} for one in wrong))
    for number in range(len(wrong)):
        build(made, model="a")
        made.advance(5)
        assert shown(made, number + 1)["status"] == "ACTIVE"


def test_states_without_a_time_come_at_once_and_faults_without_a_code_are_none() -> None:
    made = workshop()
    order(made, "1", "a", {"states": [{"state": "ERROR", "after": "soon", "fault": {"message": "x"}}]})
    build(made, model="a")
    assert (shown(made)["status"], shown(made)["fault"]) == ("ERROR", None)


def test_states_may_be_worked_out_in_a_cycle() -> None:
    made = garage(
        "on create engine then cycle [status becomes from json(metadata.states) | status stays BUILD]\n"
        "on create engine when model == 'z' then cycle [pass | status becomes from json(model)]"
    )
    for states in ('[{"state": "ERROR"}]', "[]", "[]", "{}"):
        build(made, metadata={"states": states})
    made.advance(5)
    assert [shown(made, number)["status"] for number in (1, 2, 3, 4)] == ["ERROR", "BUILD", "ACTIVE", "BUILD"]


def test_each_record_has_hits_and_turns_of_its_own() -> None:
    made = workshop("rule again per order on create engine when model == order.model then set note = turn\n")
    order(made, "1", "a", {}, NO)
    order(made, "2", "b", NO)
    answers = [build(made, model=model) for model in "aabaa"]
    assert [one.status for one in answers] == [201, 503, 503, 201, 503]
    # Two rules for one record have the same turn in a request.
    assert [one.body["note"] for one in answers if one.status == 201] == [0, 2]
    hits = {rule.partition("#")[2]: made.world.tallies.hits(rule) for rule in made.world.tallies.rules}
    found = {name: (one.matched, one.decided) for name, one in hits.items() if name.endswith(":1")}
    assert set(found) == {"1:1", "2:1"}


def test_it_counts_no_request_that_is_none_of_its_events() -> None:
    made = workshop("on paint engine then status stays ACTIVE\n")
    order(made, "1", "a", {}, NO)
    build(made, model="a", metadata={"x": "y"})
    made.request("PUT", "/desk/engines/1", {"color": "red"})
    made.advance(5)
    # What falls due is no request either.
    assert shown(made)["status"] == "ACTIVE"
    assert build(made, model="a").status == 503


def test_only_is_counted_apart_for_each_record() -> None:
    made = garage(
        ORDERS + "rule ordered per order on create engine when model == order.model\n"
        "  only 1 times, during 60s then respond 503\n"
    )
    order(made, "1", "a")
    order(made, "2", "b")
    assert [build(made, model=model).status for model in "abab"] == [503, 503, 201, 201]
    made.advance(60)
    order(made, "3", "c")
    assert build(made, model="c").status == 201


def test_explanations_say_what_became_of_it() -> None:
    made = workshop()
    seen = explained(made, "POST", "/desk/engines", {"model": "a"}).trace
    assert seen is not None
    assert [(one.verdict, one.detail) for one in seen.considered] == [
        ("condition does not hold", {"condition": "it holds for one of the records of desk.order in sight"})
    ] * 2
    order(made, "1", "a", DUD)
    seen = explained(made, "POST", "/desk/engines", {"model": "a"}).trace
    assert seen is not None
    assert ("decided", {"did": "status becomes ACTIVE, then ERROR"}) in [
        (one.verdict, one.detail) for one in seen.considered
    ]
    seen = explained(made, "GET", "/desk/engines/2").trace
    assert seen is not None
    (governing,) = [one for one in seen.considered if one.stage == "lifecycle"]
    assert "#1:" in governing.rule.place


def test_a_rule_per_record_may_be_about_all_requests() -> None:
    made = garage(ORDERS + "rule down per order on any desk then respond 503 before caller\n")
    assert made.request("PATCH", "/desk/engines").status == 405
    order(made, "1", "a")
    assert made.request("PATCH", "/desk/engines").status == 503


def test_a_copy_of_a_world_goes_on_with_the_turns() -> None:
    made = workshop()
    order(made, "1", "a", {}, NO)
    build(made, model="a")
    copy = Cloud(made.engine, made.world.fork("copy"))
    assert [build(one, model="a").status for one in (copy, made, copy)] == [503, 503, 201]


@given(
    patterns=st.lists(st.sampled_from(["a", "b", "ab", ".", "(", "a$", "[ab]b"]), max_size=5),
    models=st.lists(st.sampled_from(["a", "b", "ab", "bb", "c"]), max_size=8),
    steps=st.integers(1, 3),
)
def test_turns_go_round_for_the_first_that_fits(patterns: list[str], models: list[str], steps: int) -> None:
    import re

    made = workshop()
    kept: list[re.Pattern[str]] = []
    for number, pattern in enumerate(patterns):
        said = [{"answer": {"code": 500 + step, "message": f"{number}"}} for step in range(steps)]
        if order(made, str(number), pattern, *said) == 201:
            kept.append(re.compile(pattern))
    turns = dict.fromkeys(kept, 0)
    for model in models:
        fitting = next((one for one in kept if one.match(model)), None)
        expected = 201
        if fitting is not None:
            expected = 500 + turns[fitting] % steps
            turns[fitting] += 1
        assert build(made, model=model).status == expected
