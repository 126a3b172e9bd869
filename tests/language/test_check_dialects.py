# SPDX-License-Identifier: Apache-2.0
"""Dialects: a service in other words for the records of another, and what it leaves to that one."""

import pytest

from tests.language.checking import BOX, assert_fine, assert_only

OLD = 'service old "Old shop" of shop { mount /old  fault 404 unknown }\nfor old\n'

NEW = 'service new "New shop" { mount /new  shares shop.box }\nfor new\n'

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


WRONG_SHARES = [
    ("MR202", "shares «shp».box", "did you mean `shop`?"),
    ("MR202", "shares shop.«bx»", "did you mean `box`?"),
    ("MR202", "shares old.«box»", "name the service that declares it"),
    ("MR206", "shares shop.box, shop.«box»", "rename one of the two, or leave it out"),
]


@pytest.mark.parametrize(("code", "marked", "help"), WRONG_SHARES)
def test_what_is_shared_is_declared_by_the_other_service(code: str, marked: str, help: str) -> None:
    assert assert_only(code, f'service new "New" {{ mount /new  {marked} }}', BOX + OLD).help == help


@pytest.mark.parametrize("marked", FOR_THE_BASE[:1] + FOR_THE_BASE[2:])
def test_what_becomes_of_shared_records_is_said_by_their_own_service(marked: str) -> None:
    one = assert_only("MR210", marked.replace("lid", "box"), BOX + NEW)
    assert one.message == "`new` shares them with `shop`, whose records these are"
    assert one.help == "say it under `for shop`: it holds for both"


def test_a_service_may_use_what_it_shares_as_its_own() -> None:
    fine = """
    view box.mine { id  more: self as brief }
    resource slip in tenant { id uuid  box -> box }
    view slip.full { box: box as mine }
    quota slips 3 counts slip
    operation create slip POST /slips { create slip { box: first(box).id }  answer 201 slip as full }
    operation list box GET /boxes { list box as brief {} }
    for shop
    view box.brief { id }
    rule slow on read box then delay 1s
    """
    assert_fine(fine, BOX + NEW)
