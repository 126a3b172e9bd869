# SPDX-License-Identifier: Apache-2.0
"""Statements: what each of them takes, and what those after it may use."""

import pytest

from tests.language.checking import BOX, assert_fine, assert_only

ON_A_RECORD = [
    ("MR201", "check «nmae» == 'a' else 400 'no'"),
    ("MR207", "check heavy else 400 «bda» 'no'"),
    ("MR201", 'check heavy else 400 "{«nmae»}"'),
    ("MR308", "check heavy else 400 'no' since «3.1»"),
    ("MR301", "check heavy else 400 'no' when «size == 'a'»"),
    ("MR201", "permit «amdin»"),
    ("MR207", "permit heavy else 403 «bda» 'no'"),
    ("MR201", "within tenant «nmae»"),
    ("MR201", "let a = «b»"),
    ("MR206", "let a = 1  let «a» = 2"),
    ("MR201", "check «a» == 1 else 400 'no'  let a = 1"),
    # find
    ("MR202", "find «bxo» where true"),
    ("MR201", "find maker where «nmea» == 'a'"),
    ("MR201", "find maker where name == 'a' otherwise create { «nmea»: 'a' } when true"),
    ("MR201", "find maker where name == 'a' otherwise create { name: 'a' } when «nmea»"),
    ("MR207", "find maker where name == 'a' else 404 «bda» 'no'"),
    ("MR201", "find maker where name == 'a'  let b = maker.«nmea»"),
    ("MR201", "find maker as m where name == 'a'  let b = m.«nmea»"),
    # create
    ("MR202", "create «bxo» { name: 'a' }"),
    ("MR201", "create box for each n in «many» { name: n }"),
    ("MR307", "create box for each n in «3» { name: 'a' }"),
    ("MR307", "create box for each n in [1] { name: «n» }"),
    ("MR201", "create box as b { name: 'a' }  let c = b.«nmae»"),
    # changes
    ("MR201", "set «nmae» = 'a'"),
    ("MR307", "set size = «'a'»"),
    ("MR401", "set status = «BIULD»"),
    ("MR307", "let a = 1  set «a» = 2"),
    ("MR307", "set quota.boxes.«used» = 2"),
    ("MR201", "set maker.«nmea» = 'a'"),
    ("MR307", "find maker as m where true  set m.name = «1»"),
    ("MR201", "find maker as m where true  set m.«nmea» = 'a'"),
    ("MR201", "set metadata[«kye»] = 'a'"),
    ("MR201", "set metadata[name] = «b»"),
    ("MR211", "set quota.«bxes» = 3"),
    ("MR301", "set name = 'a' when «size == 'a'»"),
    ("MR201", "unset «nmae»"),
    ("MR207", "unset metadata[name] else 404 «bda» 'no'"),
    ("MR201", "merge «metadta» with metadata"),
    ("MR201", "merge metadata with «b»"),
    ("MR307", "merge metadata with «name»"),
    ("MR201", "take «nmae» from extra"),
    ("MR201", "take name from «bdoy_»"),
    ("MR201", "take name, «size» from { name: 'a' }"),
    ("MR307", "delete «name»"),
    ("MR307", "delete «box.name»"),
    ("MR201", "delete (box where «nmae» == 'a')"),
    # move
    ("MR307", "move «name» to ACTIVE"),
    ("MR307", "move «extra» to ACTIVE"),
    ("MR405", "move «maker where true» to ACTIVE"),
    ("MR401", "move self to «ACTVIE»"),
    ("MR201", "move box where heavy to «nmae»"),
    ("MR201", "move box where «nmae» == 'a' to ACTIVE"),
    ("MR202", "reconcile «bxo» by (name) with [] { name: 'a' }"),
    ("MR201", "reconcile box by («nmae») with [] { name: 'a' }"),
    ("MR307", "reconcile box by (name) with «3» { name: 'a' }"),
    ("MR201", "reconcile box by (name) with [{ a: 'b' }] { name: «b» }"),
    ("MR307", "reconcile box by (name) with [{ a: 1 }] { name: «a» }"),
    # answers
    ("MR201", "answer 201 { a: «nmae» }"),
    ("MR201", 'answer 201 header "X" = «nmae»'),
    ("MR307", 'answer 201 header "«X Y»" = name'),
    ("MR308", "answer 201 until «3.1»"),
    ("MR202", "list «bxo» as full { }"),
    ("MR204", "list box as «ful» { }"),
    ("MR201", "list box as full where «nmea» == 1 { }"),
    ("MR201", "list box as full { filter «nmae» }"),
    ("MR201", "list box as full { filter «nmae» matches }"),
    ("MR201", "list box as full { filter title matches «nmae» }"),
    ("MR201", "list box as full { filter x by «nmae» == value }"),
    ("MR301", "list box as full { filter x by «size == value» }"),
    ("MR308", "list box as full { filter name since «3.1» }"),
    ("MR201", "list box as full { sort name, «seize» }"),
    ("MR201", "list box as full { order «seize» desc }"),
]


@pytest.mark.parametrize(("code", "marked"), ON_A_RECORD)
def test_a_mistake_is_found_where_it_is(code: str, marked: str) -> None:
    assert_only(code, f"operation x box POST /x/{{id}} {{ {marked}  answer 200 }}", BOX)


WITHOUT_A_RECORD = [
    ("MR201", "set «name» = 'a'"),
    ("MR201", "unset «name»"),
    ("MR201", "«take name from body»"),
    ("MR201", "answer 200 «self»"),
]


@pytest.mark.parametrize(("code", "marked"), WITHOUT_A_RECORD)
def test_there_may_be_no_record_at_hand(code: str, marked: str) -> None:
    assert_only(code, f"operation x box POST /x {{ {marked}  answer 200 }}", BOX)


@pytest.mark.parametrize(
    "text",
    [
        'check heavy else 400 bad "{name} {event}" since 2.2 until 2.3 when size > 1',
        "permit 'a' in caller.holder  permit heavy else 403 'no'",
        "within tenant caller.account  within user caller.holder",
        'let a = size + 1  let b = a * 2  check b > a else 400 "{b}"',
        "find maker where name == box.name and id != self.id  let a = maker.name",
        "find maker as m where true otherwise create { name: box.name } when heavy else 404 'no'  let a = m.name",
        "create box as other for each n in body.names { name: n, size: size + 1 } when heavy  let a = other.name",
        "create lid { box: id, colour: 'red' }  let a = lid.box.name",
        "set name = 'a'  set self.size = 2  set metadata[name] = 'b'  set pairs.a = 'b'  set extra.b = { c: 1 }",
        "set status = GONE",
        "find maker as m where true  set m.name = 'a' when heavy  unset m.name  set maker = m.id",
        "set quota.boxes = 3  unset quota  unset quota.boxes",
        'unset metadata[name] else 404 "no {name}"  unset extra  unset maker',
        "merge metadata with body.metadata  merge metadata with { a: 'b' }",
        "merge pairs with [{ key: 'a', value: 'b' }]",
        "take name, size from body.box  take name from { name: 'a' }",
        "delete self  delete box where heavy  delete maker where name == 'a'  delete extra",
        "delete (lid where true) when heavy",
        "move self to GONE  move box where heavy to STOPPING when heavy  move box where size > 1 to name",
        "reconcile lid by (colour) with body.lids { colour, box: self.id } when heavy",
        'answer 201 { name, id: self.id } header "Location" = "{service.url}/{id}" when heavy  answer 202',
        "list maker as card where name == box.name { filter name, id when heavy  filter a matches name }",
        "list maker as card { filter b by name == value }",
        "list box as full { filter z by made >= time(value) with deleted  sort name, size  order size desc, name }",
    ],
)
def test_statements_can_say_all_this(text: str) -> None:
    assert_fine(f"operation x box POST /x/{{id}} body any {{ {text}  answer 200 }}", BOX)


def test_a_quota_is_set_where_no_record_is_at_hand_too() -> None:
    assert_fine("operation x box POST /x { unset quota  set quota.boxes = 3  answer 200 }", BOX)


def test_help_says_what_to_do() -> None:
    found = assert_only("MR204", "operation x lid GET /x { list lid as «zzz» { } }", BOX)
    assert found.help == "declare it with `view`"
    found = assert_only("MR201", "operation x box GET /x { set «name» = 'a'  answer 200 }", BOX)
    assert found.help == "name the record: `record.field`"
