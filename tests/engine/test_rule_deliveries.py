# SPDX-License-Identifier: Apache-2.0
"""How answers arrive, late or broken, and what clients see of records, as rules have it; nothing else changes."""

import pytest

from mimic_rules.engine import Request
from mimic_rules.engine.exchange import Wire
from tests.engine.garage import build, garage, shown


def test_an_answer_is_held_back_whether_it_is_good_or_bad() -> None:
    made = garage("on show engine then delay 2s")
    build(made)
    assert made.request("GET", "/desk/engines/1").delay == 2
    missing = made.request("GET", "/desk/engines/9")
    assert (missing.status, missing.delay) == (404, 2)
    assert made.request("GET", "/desk/engines").delay == 0


def test_a_delay_between_two_is_drawn_from_the_seed() -> None:
    made = garage("on create engine then delay 200ms..900ms", seed="a")
    delays = [build(made).delay for _ in range(20)]
    assert all(0.2 <= one <= 0.9 for one in delays)
    assert len(set(delays)) > 10
    again = garage("on create engine then delay 200ms..900ms", seed="a")
    assert [build(again).delay for _ in range(20)] == delays


@pytest.mark.parametrize(
    ("effect", "wire"),
    [
        ("drop connection", Wire("drop")),
        ("reset", Wire("reset")),
        ("truncate body at 50%", Wire("truncate", 0.5)),
        ("garble body", Wire("garble")),
    ],
)
def test_an_answer_breaks_on_its_way_and_everything_has_happened(effect: str, wire: Wire) -> None:
    made = garage(f"on create engine when model == 'a' then {effect}")
    answer = build(made, model="a")
    assert (answer.status, answer.wire) == (201, wire)
    assert shown(made)["model"] == "a"
    assert build(made).wire is None


def test_nothing_happens_where_a_rule_answers_and_the_wire_breaks() -> None:
    made = garage('on create engine then respond 500 "no", drop connection, delay 1s')
    answer = build(made)
    assert (answer.status, answer.wire, answer.delay) == (500, Wire("drop"), 1)
    assert made.request("GET", "/desk/engines").body == {"engines": []}


def test_each_slot_is_filled_by_the_first_rule_for_it() -> None:
    made = garage(
        """
        on create engine when model == 'a' then delay 1s
        on create engine then delay 2s
        on create engine then reset
        """
    )
    assert [(one.delay, one.wire and one.wire.how) for one in (build(made, model="a"), build(made))] == [
        (1, "reset"),
        (2, "reset"),
    ]


def test_a_delivery_holds_only_so_often() -> None:
    made = garage("on create engine only once then delay 1s, drop connection")
    assert [(one.delay, one.wire) for one in (build(made), build(made))] == [(1, Wire("drop")), (0, None)]


def test_deliveries_go_round() -> None:
    made = garage("on create engine then cycle [delay 1s | delay 2s]")
    assert [build(made).delay for _ in range(3)] == [1, 2, 1]


def test_what_is_not_modelled_is_not_delivered_by_rules() -> None:
    made = garage("on any then delay 1s")
    assert made.request("GET", "/desk/nowhere").delay == 0
    # What is no operation is asked of the service all the same.
    assert made.request("PUT", "/desk/engines").delay == 1


# what is shown -------------------------------------------------------------------------------------------------------


def test_entries_are_set_and_omitted_in_every_view_of_a_record() -> None:
    made = garage(
        "for desk.engine\nwhen model == 'odd'\n"
        'then set status = "{status}?", set "x:new" = id + 1, omit color, omit light'
    )
    assert build(made, model="odd").body == {"id": 1, "model": "odd", "fault": None, "status": "BUILD?", "x:new": 2}
    assert shown(made)["status"] == "BUILD?"
    build(made)
    odd, plain = made.request("GET", "/desk/engines").body["engines"]
    assert "color" not in odd
    assert plain["color"] == "grey"
    assert "x:new" not in plain


def test_a_value_that_is_missing_takes_the_entry_out() -> None:
    made = garage("for desk.engine\nthen set status = metadata.status")
    build(made), build(made, metadata={"status": "ODD"})
    assert [one.get("status") for one in made.request("GET", "/desk/engines").body["engines"]] == [None, "ODD"]


def test_only_the_answers_of_its_events_show_what_a_rule_sets() -> None:
    made = garage("on list engine then omit model\nfor desk.engine\non show then set model = 'y'")
    build(made)
    assert "model" not in made.request("GET", "/desk/engines").body["engines"][0]
    assert shown(made)["model"] == "y"
    assert made.request("PUT", "/desk/engines/1", {"color": "b"}).body["model"] == "x"


def test_what_is_shown_may_be_counted_for_each_record() -> None:
    made = garage("for desk.engine\non list only once per engine then omit model")
    build(made), build(made)
    for there in (False, True):
        engines = made.request("GET", "/desk/engines").body["engines"]
        assert ["model" in one for one in engines] == [there, there]


def test_the_first_rule_for_an_entry_has_it() -> None:
    made = garage("for desk.engine\nwhen id == 1 then set model = 'first'\nthen set model = 'second', omit color")
    build(made), build(made)
    assert [(one["model"], "color" in one) for one in made.request("GET", "/desk/engines").body["engines"]] == [
        ("first", False),
        ("second", False),
    ]


def test_what_is_shown_may_go_round() -> None:
    made = garage("for desk.engine\non show then cycle [set model = 'a' | omit model | pass]")
    build(made)
    assert [shown(made).get("model") for _ in range(4)] == ["a", None, "x", "a"]


def test_a_rule_that_changes_what_is_shown_is_named_in_the_answer() -> None:
    made = garage("for desk.engine\non show then set model = 'a'")
    build(made)
    assert len(made.request("GET", "/desk/engines/1").rules) == 1
    assert made.request("GET", "/desk/engines").rules == ()


def test_a_response_says_what_was_asked() -> None:
    made = garage("")
    answer = made.engine.handle(
        made.world, Request("POST", "/desk/engines", {}, {}, "http://cloud.test", lambda: {"model": "a"})
    )
    assert (answer.service, answer.operation, answer.path, answer.asked) == (
        "desk",
        "create engine",
        "/desk/engines",
        {"model": "a"},
    )
    nowhere = made.request("GET", "/desk/nowhere")
    assert (nowhere.service, nowhere.operation, nowhere.path) == ("desk", "", "/desk/nowhere")
    assert (made.request("GET", "/else").service, made.request("GET", "/else").operation) == ("", "")
