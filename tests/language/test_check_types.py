# SPDX-License-Identifier: Apache-2.0
"""Types, and the values that are put where a type is: defaults of settings and fields, what is created and set."""

import pytest

from tests.language.checking import BOX, SHOP, assert_fine, assert_only

TYPES = [
    ("MR405", "resource a in world { b list of «lifecycle» }"),
    ("MR405", "operation x box POST /x body { a: «sequence» } { answer 200 }"),
    ("MR405", "setting a «sequence» = 1"),
    ("MR307", "resource a in world { b int «3..1» }"),
    ("MR307", "resource a in world { b list «3..1» of text }"),
    ("MR307", "resource a in world { b map «3..1» of text }"),
    ("MR306", "resource a in world { b list of text matching «/(/» }"),
    ("MR202", "resource a in world { b -> «bxo» }"),
    ("MR202", "resource a in world { b -> «shp».box }"),
    ("MR202", "resource a in world { b -> shop.«bxo» }"),
    ("MR202", "setting a «-> box» = '1'"),
    ("MR202", "operation x box POST /x body { a: text | -> «bxo» } { answer 200 }"),
    ("MR308", "operation x box POST /x body { a: text since «3.1» } { answer 200 }"),
]


@pytest.mark.parametrize(("code", "marked"), TYPES)
def test_a_wrong_type_is_found_where_it_is(code: str, marked: str) -> None:
    assert_only(code, marked, BOX)


VALUES = [
    ("MR307", "text", "«1»"),
    ("MR307", "int", "«'a'»"),
    ("MR307", "int", "«1.5»"),
    ("MR307", "number", "«true»"),
    ("MR307", "int 1..3", "«4»"),
    ("MR307", "int 2..", "«1»"),
    ("MR307", "text 2..", "«'a'»"),
    ("MR307", "text 0..2", "«'abc'»"),
    ("MR307", "bool", "«null»"),
    ("MR307", "time", "«'a'»"),
    ("MR307", "'a' | 'b'", "«'c'»"),
    ("MR307", "1 | 2", "«3»"),
    ("MR307", "text | int", "«true»"),
    ("MR307", "'a' | 'b'", "«1»"),
    ("MR307", "list of text", "['a', «1»]"),
    ("MR307", "list of text", "«'a'»"),
    ("MR307", "map of int", "{ a: 1, b: «'c'» }"),
    ("MR307", "map of int", "«[]»"),
    ("MR307", "{ a: int }", "{ a: «'b'» }"),
    ("MR307", "{ a: int }", "«{}»"),
    ("MR307", "{ a: int }", "«1»"),
    ("MR307", "{ a: int } strict", "«{ a: 1, b: 2 }»"),
    ("MR307", "list of { a: { b: text } }", "[{ a: { b: 'c' } }, { a: { b: «1» } }]"),
]


@pytest.mark.parametrize(("code", "type_", "value"), VALUES)
def test_a_value_that_is_not_of_the_type_is_found_where_it_is(code: str, type_: str, value: str) -> None:
    assert_only(code, f"setting a {type_} = {value}")
    assert_only(code, f"resource a in world {{ b {type_} = {value} }}", SHOP)


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        ("text", "'a'"),
        ("int 1..3", "3"),
        ("number", "1.5"),
        ("bool", "false"),
        ("any", "[1]"),
        ("null", "null"),
        ("text | null", "null"),
        ("text | int", "3"),
        ("1 | 2", "2"),
        ("1 | 'a'", "'a'"),
        ("'a' | 'b'", "'b'"),
        ("list of text", "[]"),
        ("list of (text | int)", "['a', 1]"),
        ("map of int", "{ a: 1 }"),
        ("map of int", "{ ...{ a: 1 } }"),
        ("{ a: int, b?: text }", "{ a: 1, c: 2 }"),
        ("{ a: int, b?: text }", "{ a: 1, b: null }"),
        ("{ a: int }", "{ ...{ a: 1 } }"),
        ("{ a: int }", '{ "{1}": 1 }'),
        ("{ a: int }", "if true then { a: 'b' } else {}"),
        ("map of int", "if true then { a: 'b' } else {}"),
        ("list of int", "if true then ['a'] else []"),
        ("int", "if true then 1 else 'a'"),
    ],
)
def test_a_value_of_the_type_is_right(type_: str, value: str) -> None:
    assert_fine(f"setting a {type_} = {value}")
    assert_fine(f"resource a in world {{ b {type_} = {value} }}", SHOP)


FIELDS = [
    ("MR307", "create box { size: «'a'» }"),
    ("MR307", "create box { maker: «1» }"),
    ("MR307", "find maker where name == 'a'  create box { maker: «maker» }"),
    ("MR401", "create box { status: «BIULD» }"),
    ("MR307", "create box { status: «1» }"),
    ("MR307", "create box { name: «null» }"),
    ("MR201", "create box { «nmae»: 1 }"),
    ("MR201", "create box { name: «nmae» }"),
    ("MR201", "create box { ...«nmae» }"),
    ("MR307", "create box { ...«1» }"),
    ("MR308", "create box { name: 'a' since «3.1» }"),
    ("MR301", "create box { name: 'a' when «'a' == 1» }"),
]


@pytest.mark.parametrize(("code", "marked"), FIELDS)
def test_the_values_of_a_record_are_those_of_its_fields(code: str, marked: str) -> None:
    assert_only(code, f"operation x box POST /x {{ {marked}  answer 200 }}", BOX)


def test_values_that_fit_fields_are_right() -> None:
    values = (
        "name: 'a', size: 2, maker: null, status: ACTIVE, power: 'anything', extra: { a: 1 }, "
        "mode: extra default 'slow', "
        "tags: [], pairs: [{ key: 'a', value: 'b' }], made: now + 3s, metadata: {}, heavy: not true"
    )
    start = "operation x box POST /x body { extra: any } { let extra = body.extra"
    assert_fine(f"{start}  find maker where name == 'a'  create box {{ {values}, id: maker.id }}  answer 200 }}", BOX)
    assert_fine(f'{start}  create box {{ maker: maker.id[0], status: extra, "{{extra}}": 1 }}  answer 200 }}', BOX)


@pytest.mark.parametrize(
    ("marked", "message", "help"),
    [
        ("size: «'a'»", "`size` takes a number, and this is a text", "give it a value that it can have"),
        ("mode: «'fats'»", "`mode` is never `fats`", "did you mean `fast`?"),
        ("maker: «self»", "`maker` takes the key of a record, and this is a record", "write `self.id`"),
    ],
)
def test_messages_say_what_the_field_takes(marked: str, message: str, help: str) -> None:
    found = assert_only("MR307", f"operation x box POST /x/{{id}} {{ create box {{ {marked} }}  answer 200 }}", BOX)
    assert (found.message, found.help) == (message, help)


@pytest.mark.parametrize(
    ("type_", "value", "message", "help"),
    [
        ("int 1..3", "«4»", "`a` takes 1..3, and this is 4", "give it a value that it can have"),
        ("text 2..", "«'b'»", "`a` takes 2.. characters, and this is 1", "give it a value that it can have"),
        ("text | int", "«true»", "`a` takes none of this: it is a truth value", "give it a value that it can have"),
        ("{ a: int, b: int } strict", "«{ a: 1 }»", "`a` lacks `b`", "say it, or declare it as optional with `?`"),
        ("{ weight: int } strict", "«{ wieght: 1 }»", "`a` has no `wieght`", "did you mean `weight`?"),
        ("1", "«2»", "`a` is 1 and nothing else", "give it a value that it can have"),
    ],
)
def test_messages_say_what_the_type_takes(type_: str, value: str, message: str, help: str) -> None:
    found = assert_only("MR307", f"setting a {type_} = {value}")
    assert (found.message, found.help) == (message, help)


def test_a_field_of_another_service_is_of_its_own_services_types() -> None:
    other = (
        'service other "Other" { mount /other }\nfor other\nresource crate in world { id sequence  of -> crate ? }\n'
    )
    rest = "for shop\nresource shelf in world { crate -> other.crate }\n"
    start = "operation x shelf POST /x "
    assert_fine(f"{rest}{start}{{ create shelf {{ crate: 3 }}  answer 200 }}", SHOP + other)
    assert_only("MR307", f"{rest}{start}{{ create shelf {{ crate: «'a'» }}  answer 200 }}", SHOP + other)
