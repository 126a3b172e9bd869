# SPDX-License-Identifier: Apache-2.0
"""Locks: what they cover, the states they speak of, whom they refuse."""

import pytest

from tests.language.checking import BOX, assert_fine, assert_only

WRONG = [
    ("MR202", "lock of «bxo».status { free ACTIVE }"),
    ("MR201", "lock of box.«sttaus» { free ACTIVE }"),
    ("MR201", "lock of box.«sttaus» { free ACTIVE  takes BUILD for 1s  itself stop BUILD }"),
    ("MR202", "lock of box.status { covers «lit» }"),
    ("MR401", "lock of box.status { free «ACTVE» }"),
    ("MR203", "lock of box.status { free BUILD on «stpo» box }"),
    ("MR202", "lock of box.status { free BUILD on any, stop «bxo» }"),
    ("MR401", "lock of box.status { free «BIULD» on stop }"),
    ("MR401", "lock of box.status { takes «BIULD» for 1s }"),
    ("MR401", "lock of box.status { itself stop «BIULD» }"),
    ("MR203", "lock of box.status { itself «stpo» BUILD }"),
    ("MR202", "lock of box.status { marks «lid» -> box }"),
    ("MR202", "lock of box.status { marks «lit» -> name }"),
    ("MR201", "lock of box.status { covers lid  marks lid -> «bxo» }"),
    ("MR203", "lock of box.status { refuse «stpo» box 409 'no' }"),
    ("MR202", "lock of box.status { refuse stop «bxo» 409 'no' }"),
    ("MR401", "lock of box.status { refuse any in «GON» 409 'no' }"),
    ("MR207", "lock of box.status { refuse 409 «bda» 'no' }"),
    ("MR201", 'lock of box.status { refuse 409 "{«nmae»}" }'),
    ("MR104", "lock of box.status { takes BUILD for 1s  «takes ACTIVE for 1s» }"),
]


@pytest.mark.parametrize(("code", "marked"), WRONG)
def test_a_mistake_is_found_where_it_is(code: str, marked: str) -> None:
    assert_only(code, marked, BOX)


def test_a_lock_can_say_all_this() -> None:
    assert_fine(
        """\
operation paint lid POST /boxes/{box}/lids/{id} { answer 200 }
lock of box.status {
  covers lid  free ACTIVE, BUILD  free GONE, STOPPING on stop box, paint  takes STOPPING for 1s
  itself paint BUILD, delete ACTIVE
  marks lid -> (lid where colour == box.name)
  refuse stop box 409 bad "{id} is {status}"  refuse paint 409 'no'
  refuse any in GONE 410 'gone'  refuse 409 bad "{event} {name}"
}
""",
        BOX,
    )


def test_a_covered_record_has_states_of_its_own() -> None:
    plug = (
        "resource plug in box { id uuid  status lifecycle }  lifecycle of plug.status { state OUT  state IN  start IN }"
    )
    assert_fine(plug + "  lock of box.status { covers plug  itself stop OUT }", BOX)
    assert_only("MR402", plug.replace("state OUT", "state «OUT»"), BOX)


def test_states_of_a_plain_field_are_any_words() -> None:
    assert_fine(
        "lock of box.mode { free ANY, THING  takes OTHER for 1s  itself stop WORD  refuse any in SOME 409 'no' }", BOX
    )
