# SPDX-License-Identifier: Apache-2.0
"""Dialects: a service in other words for the records of another, and what it leaves to that one."""

import pytest

from tests.language.checking import BOX, assert_fine, assert_only

OLD = 'service old "Old shop" of shop { mount /old  fault 404 unknown }\nfor old\n'

WRONG_BASES = [
    'service old "Old" of «shp» { mount /old }',
    'service old "Old" of «old» { mount /old }',
    'service old "Old" of shop { mount /old }  service older "Older" of «old» { mount /older }',
]


@pytest.mark.parametrize("marked", WRONG_BASES)
def test_a_base_is_a_service_that_has_records(marked: str) -> None:
    assert_only("MR202", marked, BOX)


def test_what_could_be_a_base_is_said() -> None:
    unknown = assert_only("MR202", WRONG_BASES[0], BOX)
    assert unknown.help == "did you mean `shop`?"
    chain = assert_only("MR202", WRONG_BASES[2], BOX)
    assert chain.help == "name the service that has the records: `of shop`"


FOR_THE_BASE = [
    "«quota lids 3 counts lid»",
    "«lock of box.status { free ACTIVE }»",
    "«lifecycle of box.mode { state A  start A }»",
]


@pytest.mark.parametrize("marked", FOR_THE_BASE)
def test_what_becomes_of_records_is_said_by_their_own_service(marked: str) -> None:
    assert_only("MR210", marked, BOX + OLD)


MISTAKES = [
    ("MR206", "resource «box» in world { id uuid }"),
    ("MR202", "resource slip in «box» { id uuid }"),
    ("MR206", "view box.«brief» { id }"),
    ("MR212", "view box.round { include «round» }"),
    ("MR204", "view box.more { include «nothing» }"),
    ("MR201", "view box.more { x: «nothing» }"),
    ("MR204", "operation look box GET /boxes/{id} { answer 200 self as «nothing» }"),
    ("MR204", "operation look box GET /boxes { list box as «nothing» {} }"),
    ("MR206", "let «a» = 2"),
    ("MR201", "let b = «nothing»"),
    ("MR406", "operation see box GET «/boxes/{id}» { answer 200 }"),
]


@pytest.mark.parametrize(("code", "marked"), MISTAKES)
def test_a_mistake_in_a_dialect(code: str, marked: str) -> None:
    setting = "view box.brief { id }\nlet a = 1\noperation first box GET /boxes/{id} { answer 200 }\n"
    if "look" in marked:
        setting = setting.replace("/boxes/{id}", "/first")
    assert_only(code, marked, BOX + OLD + setting)


SITUATIONS = [
    ("MR208", "on «mising» box 404 'no'"),
    ("MR208", "on «missing» 404 'no'"),
    ("MR202", "on missing «bx» 404 'no'"),
    ("MR207", "on missing box 404 «bda» 'no'"),
    ("MR201", 'on refused box 409 "{«nmae»}"'),
    ("MR104", "on refused box 409 'no'  on «refused» box 409 'no'"),
]


@pytest.mark.parametrize(("code", "marked"), SITUATIONS)
def test_a_mistake_in_what_is_said_of_records(code: str, marked: str) -> None:
    assert_only(code, f'service old "Old" of shop {{ mount /old  fault 404 unknown\n{marked} }}', BOX)


def test_a_dialect_sees_and_hides_what_its_base_declares() -> None:
    fine = """
    view box.full { id  more: maker as card  ours }
    view maker.card { key: id }
    let ours = setting.limits.size
    on stop box when name == 'x' then respond 409
    operation stop box POST /boxes/{id}/stop { answer 202 self as full }
    operation look maker GET /makers { list maker as card {} }
    resource slip in tenant { id uuid  box -> box  status text }
    view slip.full { box: box as full }
    rule slow on any shop then delay 1s
    """
    assert_fine(BOX + "let ours = 1\nview maker.full { name }\n" + OLD + fine)
