# SPDX-License-Identifier: Apache-2.0
"""What becomes of a request's changes when a rule has a say: nothing, all of it unseen, or the first few."""

import pytest

from tests.driver import cloud
from tests.engine.garage import GARAGE, build, garage, shown, statuses


def test_pretending_says_yes_and_does_nothing() -> None:
    made = garage("on create engine when model == 'ghost' then pretend\non delete engine then pretend")
    before = made.snapshot()
    answer = build(made, model="ghost")
    assert (answer.status, answer.body["model"]) == (201, "ghost")
    assert made.request("GET", f"/desk/engines/{answer.body['id']}").status == 404
    assert made.snapshot() == before
    real = build(made).body["id"]
    assert made.request("DELETE", f"/desk/engines/{real}").status == 204
    assert shown(made, real)["status"] == "BUILD"


def test_pretending_and_answering_are_two_slots() -> None:
    made = garage("on create engine then pretend, delay 1s\non create engine then respond 504 after commit")
    assert build(made).status == 504
    assert made.request("GET", "/desk/engines").body == {"engines": []}


def test_a_hidden_record_is_there_and_not_seen() -> None:
    made = garage("on create engine when model == 'shy' then hidden for 30s")
    answer = build(made, model="shy")
    assert (answer.status, answer.body["id"]) == (201, 1)
    assert shown(made)["message"] == "there is no engine 1"
    assert made.request("GET", "/desk/engines").body == {"engines": []}
    made.advance(29.5)
    assert made.request("GET", "/desk/engines/1").status == 404
    made.advance(0.5)
    # It went on meanwhile.
    assert shown(made)["status"] == "ACTIVE"


def test_a_change_may_hide_its_target_for_as_long_as_it_says() -> None:
    made = garage("on paint engine then hidden for metadata.away seconds")
    build(made, metadata={"away": "10"})
    assert made.request("PUT", "/desk/engines/1", {"color": "red"}).body["color"] == "red"
    assert made.request("DELETE", "/desk/engines/1").status == 404
    made.advance(10)
    assert shown(made)["color"] == "painted"


def test_hiding_again_begins_anew() -> None:
    made = garage("on create engine then hidden for 10s\non halt engine then hidden for 10s")
    build(made)
    made.advance(10)
    assert made.request("POST", "/desk/engines/1/halt", None).status == 202
    made.advance(9)
    assert made.request("GET", "/desk/engines/1").status == 404
    made.advance(1)
    assert shown(made)["status"] == "HALTED"


def test_what_a_request_took_away_needs_no_hiding() -> None:
    made = garage("on delete engine then hidden for 10s")
    build(made)
    assert made.request("DELETE", "/desk/engines/1").status == 204
    made.advance(20)
    assert made.request("GET", "/desk/engines").body == {"engines": []}


def test_a_record_that_goes_while_it_is_hidden_is_never_seen_again() -> None:
    text = GARAGE.replace("state HALTED", "state HALTED gone").replace(
        "BUILD -> ACTIVE after 5s sets color = 'painted'",
        "BUILD -> HALTED after 5s  any -> ACTIVE on paint",
    )
    made = cloud(text + "on create engine then hidden for 30s")
    build(made)
    made.advance(60)
    assert made.request("GET", "/desk/engines").body == {"engines": []}
    assert made.world.held == 0


@pytest.mark.parametrize(("count", "left"), [(0, ["a", "b", "c"]), (2, ["c"]), (9, [])])
def test_of_many_only_the_first_are_taken_away(count: int, left: list[str]) -> None:
    made = garage(f"on clear part then first {count} of parts only")
    build(made)
    made.request("POST", "/desk/engines/1/parts", {"names": ["a", "b", "c"]})
    assert made.request("DELETE", "/desk/engines/1/parts").status == 204
    assert made.request("GET", "/desk/engines/1/parts").body == left


def test_of_many_only_the_first_are_made_and_the_client_may_hear_of_it() -> None:
    made = garage('on create part then first 2 of part only, respond 500 "halfway" after commit')
    build(made)
    assert made.request("POST", "/desk/engines/1/parts", {"names": ["a", "b", "c"]}).status == 500
    assert made.request("GET", "/desk/engines/1/parts").body == ["a", "b"]


def test_a_comparison_with_a_list_stops_halfway_too() -> None:
    made = garage("on replace part then first 2 of parts only")
    build(made)
    made.request("POST", "/desk/engines/1/parts", {"names": ["a", "b"]})
    assert made.request("PUT", "/desk/engines/1/parts", {"names": ["b", "c", "d"]}).status == 202
    # c and d were made; a, which the list lacks, would have been the third.
    assert made.request("GET", "/desk/engines/1/parts").body == ["a", "b", "c", "d"]


def test_a_rule_is_counted_once_however_much_it_does() -> None:
    made = garage('on create engine only 2 times then respond 500 "no" after commit, status stays BUILD, delay 1s')
    answers = [build(made) for _ in range(3)]
    assert (statuses(answers), [one.delay for one in answers]) == ([500, 500, 201], [1, 1, 0])
    made.advance(60)
    assert [one["status"] for one in made.request("GET", "/desk/engines").body["engines"]] == [
        "BUILD",
        "BUILD",
        "ACTIVE",
    ]
