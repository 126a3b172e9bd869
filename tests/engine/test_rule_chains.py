# SPDX-License-Identifier: Apache-2.0
"""Chains of states, and the faults that records are given on the way."""

from typing import Any

from tests.driver import Cloud
from tests.engine.garage import build, garage, shown


def seen(made: Cloud, *waits: float) -> list[Any]:
    """The state and the fault after each wait."""
    found = []
    for wait in waits:
        made.advance(wait)
        one = shown(made)
        found.append((one["status"], one["fault"]))
    return found


def test_a_record_goes_through_all_states_that_a_rule_says() -> None:
    made = garage(
        "for desk.engine\nwhen model == 'lemon' then status becomes ACTIVE after 2s, then ERROR after 1h "
        'with fault 500 "engine {id} is broken", then ACTIVE after 1m'
    )
    build(made, model="lemon")
    broken = {"code": 500, "message": "engine 1 is broken"}
    assert seen(made, 0, 2, 3599, 1, 59, 1, 86400) == [
        ("BUILD", None),
        ("ACTIVE", None),
        ("ACTIVE", None),
        ("ERROR", broken),
        ("ERROR", broken),
        ("ACTIVE", broken),
        ("ACTIVE", broken),
    ]


def test_each_state_is_entered_at_its_own_time_however_late_one_looks() -> None:
    made = garage("for desk.engine\nthen status becomes ACTIVE after 1m, then ERROR after 1h")
    build(made)
    began = made.world.clock.now()
    made.advance(30 * 86400)
    assert shown(made)["status"] == "ERROR"
    record = made.world._contents.table("desk.engine", ("", "")).get(1)
    assert record is not None
    assert record["~"]["status"][:2] == ["ERROR", began + 3660]


def test_what_the_lifecycle_sets_on_a_way_is_set_when_a_rule_takes_it() -> None:
    made = garage("for desk.engine\nwhen model == 'slow' then status becomes ACTIVE after 1m")
    build(made, model="slow")
    made.advance(60)
    assert (shown(made)["color"], shown(made)["light"]) == ("painted", "green")


def test_a_request_ends_a_chain() -> None:
    made = garage("for desk.engine\nthen status becomes ACTIVE, then ERROR after 1h")
    build(made)
    made.advance(60)
    assert shown(made)["status"] == "ACTIVE"
    assert made.request("POST", "/desk/engines/1/halt", None).status == 202
    made.advance(7200)
    assert shown(made)["status"] == "HALTED"


def test_a_change_of_what_the_rule_reads_doesnt_end_a_chain() -> None:
    made = garage("for desk.engine\nwhen color != 'blue' then status becomes ACTIVE, then ERROR after 1h")
    build(made)
    made.advance(60)
    assert made.request("PUT", "/desk/engines/1", {"color": "blue"}).status == 200
    made.advance(3600)
    assert shown(made)["status"] == "ERROR"


def test_the_rule_of_a_chain_is_named_as_long_as_it_governs() -> None:
    made = garage("for desk.engine\nthen status becomes ACTIVE, then ERROR after 1h")
    build(made)
    made.advance(60)
    assert [place.partition(":")[0] for place in made.request("GET", "/desk/engines/1").rules] == ["0.rules"]
    made.advance(3600)
    assert made.request("GET", "/desk/engines/1").rules == ()


def test_waits_of_a_chain_may_come_from_the_record() -> None:
    made = garage(
        "for desk.engine\nthen status becomes ACTIVE after metadata.a seconds, then ERROR after metadata.b seconds"
    )
    build(made, metadata={"a": "3", "b": "4"})
    assert [one for one, _ in seen(made, 2, 1, 3, 1)] == ["BUILD", "ACTIVE", "ACTIVE", "ERROR"]
    # What is no number is no time.
    assert build(made).body["status"] == "ERROR"
    assert shown(made, 2)["status"] == "ERROR"
