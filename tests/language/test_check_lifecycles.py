# SPDX-License-Identifier: Apache-2.0
"""Lifecycles: states that are known and reached, ways that can be taken, verbs that are operations."""

import pytest

from tests.language.checking import SHOP, assert_fine, assert_only

LAMP = (
    SHOP
    + """\
resource lamp in world { id uuid  name text = ''  watts int = 1  status lifecycle  when_on time ? }
operation press lamp POST /lamps/{id}/press { answer 204 }
operation hit lamp POST /lamps/{id}/hit { answer 204 }
"""
)

WRONG = [
    ("MR403", "lifecycle of lamp.«status» { state ON }"),
    ("MR403", "lifecycle of lamp.status { state ON  state OFF  start ON  «start OFF»  ON -> OFF after 1s }"),
    ("MR401", "lifecycle of lamp.status { state ON  start «NO» }"),
    ("MR206", "lifecycle of lamp.status { state ON  state «ON»  start ON }"),
    ("MR401", "lifecycle of lamp.status { state ON  start ON  «OF» -> ON after 1s }"),
    ("MR401", "lifecycle of lamp.status { state ON  start ON  ON -> «NO» after 1s }"),
    ("MR401", "lifecycle of lamp.status { state ON  start ON  any but «NO» -> ON on press }"),
    ("MR401", "lifecycle of lamp.status { state ON  start ON  allow press in «NO» }"),
    ("MR203", "lifecycle of lamp.status { state ON  start ON  ON -> ON on «pres» }"),
    ("MR203", "lifecycle of lamp.status { state ON  start ON  allow «zzz» in ON }"),
    ("MR201", "lifecycle of lamp.status { state ON  start ON  ON -> ON on press when «wats» > 1 }"),
    ("MR301", "lifecycle of lamp.status { state ON  start ON  ON -> ON after 1s when «watts > 'a'» }"),
    ("MR307", "lifecycle of lamp.status { state ON  start ON  ON -> ON after 1s sets watts = «'a'» }"),
    ("MR201", "lifecycle of lamp.status { state ON  start ON  ON -> ON after 1s sets when_on = «nwo» }"),
    ("MR307", "lifecycle of lamp.status { state ON  start ON  ON -> ON after «[1]» seconds }"),
    ("MR201", "lifecycle of lamp.status { state ON  start ON  ON -> ON after «wats» seconds }"),
    ("MR307", "lifecycle of lamp.status { state ON { watts: «'a'» }  start ON }"),
    ("MR307", "lifecycle of lamp.status { state ON { «watts: 1 when name == 'a'» }  start ON }"),
    ("MR307", 'lifecycle of lamp.status { state ON { «"{name}": 1» }  start ON }'),
    ("MR307", "lifecycle of lamp.status { state ON { «...self» }  start ON }"),
    ("MR201", "lifecycle of lamp.status { state ON { power: «pwoer_» }  start ON }"),
    ("MR207", "lifecycle of lamp.status { state ON  start ON  else 409 «bda» 'no' }"),
    ("MR201", 'lifecycle of lamp.status { state ON  start ON  else 409 "{«nmae»}" }'),
    ("MR104", "lifecycle of lamp.status { state ON  start ON  else 409 'no'  «else 409 'no'» }"),
    ("MR402", "lifecycle of lamp.status { state ON  start ON  state «OFF» }"),
    ("MR402", "lifecycle of lamp.status { state ON  start ON  state «OFF»  OFF -> ON after 1s }"),
    ("MR402", "lifecycle of lamp.status { state ON  start ON  state «OFF»  OFF -> OFF on press }"),
    ("MR404", "lifecycle of lamp.status { state ON  state OFF  start ON  ON -> OFF on press  «ON -> ON on press» }"),
    (
        "MR404",
        "lifecycle of lamp.status { state ON  state OFF  start ON  any -> OFF on press, hit  «OFF, ON -> ON on hit» }",
    ),
    (
        "MR404",
        "lifecycle of lamp.status { state ON  start ON  ON -> ON on press  «any -> ON on press when watts > 1» }",
    ),
    ("MR404", "lifecycle of lamp.status { state ON  start ON  ON -> ON after 2s  «ON -> ON after 1s» }"),
    ("MR405", "resource plug in world { name text }  lifecycle of plug.«name» { state ON  start ON }"),
    ("MR405", "resource plug in world { name text }  lifecycle of plug.«nmae» { state ON  start ON }"),
]


@pytest.mark.parametrize(("code", "marked"), WRONG)
def test_a_mistake_is_found_where_it_is(code: str, marked: str) -> None:
    rest = "" if "of lamp" in marked else "lifecycle of lamp.status { state ON  start ON }\n"
    assert_only(code, marked, LAMP + rest)


def test_a_lifecycle_can_say_all_this() -> None:
    assert_fine(
        """\
lifecycle of lamp.status {
  state OFF { power: 0, note: "off" }  state ON { power: watts, note: null }  state DIM shows ON  state BROKEN gone
  start OFF
  OFF -> ON on press, hit when watts > 1 and body.hard == 'yes' sets when_on = now
  OFF -> BROKEN on hit
  ON -> DIM after 5s when power > 3
  ON -> OFF after watts * 2 seconds
  DIM -> OFF after 1s
  OFF -> DIM after 7s when watts > 3
  OFF -> ON after 6s
  any but BROKEN -> BROKEN on hit when watts > 100
  allow press in ON, DIM
  else 409 bad "no {event} in {status} with {note}"
}
view lamp.v { power  note  x: power + 1  y: lower(note)  z: status == ON  on: status == DIM }
""",
        LAMP,
    )


@pytest.mark.parametrize(
    "way",
    [
        "on press then status becomes OFF",
        "for shop.lamp when watts > 1 then status becomes OFF",
        "operation x lamp POST /x/{id} { set status = OFF  answer 200 }",
        "operation x lamp POST /x/{id} { set self.status = 'OFF'  answer 200 }",
        "operation x lamp POST /x { create lamp { status: OFF }  answer 200 }",
        "operation x lamp POST /x/{id} body { status: text } { take status from body  answer 200 }",
        "operation x lamp POST /x/{id} body { status: text } { set status = body.status  answer 200 }",
        "operation x lamp POST /x { find lamp where id == '1' otherwise create { status: OFF } when true  answer 200 }",
        "operation x lamp POST /x { reconcile lamp by (id) with [{ id: '1' }] { id, status: OFF }  answer 200 }",
        "operation x lamp POST /x/{id} { move self to OFF  answer 200 }",
        "operation x lamp POST /x { move lamp where id == '1' to OFF  answer 200 }",
        "operation x lamp POST /x body { to: text } { move (lamp where id == '1') to body.to  answer 200 }",
        "lock of lamp.status { takes OFF for 1s }",
        "lock of lamp.status { itself press OFF }",
    ],
)
def test_a_state_can_be_reached_by_other_ways_too(way: str) -> None:
    subject = "" if way.startswith(("operation", "lock", "for")) else "for shop.lamp\n"
    assert_fine("lifecycle of lamp.status { state ON  state OFF  start ON }\n" + subject + way, LAMP)


def test_ways_of_another_resource_reach_nothing() -> None:
    other = "resource plug in world { id uuid  status lifecycle }\nlifecycle of plug.status { state ON  start ON }\n"
    way = "operation x plug POST /x { create plug { status: ON, id: '1' }  answer 200 }\n"
    lock = "lock of plug.status { takes ON for 1s }\n"
    assert_only("MR402", "lifecycle of lamp.status { state ON  state «OFF»  start ON }", LAMP + other + way + lock)


def test_ways_of_another_service_reach_nothing() -> None:
    other = 'service other "Other" { mount /other }\nfor other\nresource a in world { id uuid  status text }\n'
    way = "operation x a POST /x { create a { status: OFF }  answer 200 }\n"
    assert_only("MR402", "for shop\nlifecycle of lamp.status { state ON  state «OFF»  start ON }", LAMP + other + way)


def test_help_says_what_to_do() -> None:
    assert assert_only("MR402", "lifecycle of lamp.status { state ON  start ON  state «OFF» }", LAMP).help == (
        "add a way to it, such as `… -> OFF after 1s`, or leave the state out"
    )
    found = assert_only("MR401", "lifecycle of lamp.status { state ON  start ON  ON -> «ZZZ» after 1s }", LAMP)
    assert found.help == "its states are ON"
    found = assert_only("MR401", "lifecycle of lamp.status { start «ZZZ» }", LAMP)
    assert found.help == "declare it with `state`"


def test_a_second_start_points_at_the_first() -> None:
    text = "lifecycle of lamp.status { state ON  start ON  «start ON» }"
    assert [one.message for one in assert_only("MR403", text, LAMP).related] == ["it starts here"]
