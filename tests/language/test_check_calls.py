# SPDX-License-Identifier: Apache-2.0
"""Calls: functions that are known, with what they take, and nothing drawn in a condition."""

import pytest

from mimic_rules.language.vocabulary import FUNCTIONS
from tests.language.checking import BOX, assert_fine, assert_only

WRONG = [
    ("MR205", "let a = «joyn»([], ',')"),
    ("MR305", "let a = «join([])»"),
    ("MR305", "let a = «uuid(1)»"),
    ("MR305", "let a = «without([1])»"),
    ("MR305", "let a = «lower()»"),
    ("MR307", "view box.v { x: lower(«size») }"),
    ("MR307", "view box.v { x: count(«size») }"),
    ("MR307", "view box.v { x: join(tags, «size») }"),
    ("MR307", "view box.v { x: range(1, «name») }"),
    ("MR307", "view box.v { x: first(«self») }"),
    ("MR307", "view box.v { x: sum(«metadata») }"),
    ("MR307", "operation x box GET /x { check «uuid»() == 'a' else 400 'no'  answer 200 }"),
    ("MR307", "operation x box GET /x { answer 200 { a: if «hex»(3) == 'a' then 1 else 2 } }"),
    ("MR307", "for shop.box when «word»(3) == name then status stays BUILD"),
    ("MR307", "let a = count(everyones(«maker»))"),
    ("MR307", "let a = everyones(«regions»)"),
    ("MR305", "let a = «everyones()»"),
    # the kinds of results
    ("MR201", "let a = first(everyones(box)).«nmae»"),
    ("MR309", "let a = first(everyones(box)).tenant.«name»"),
    ("MR307", "let a = lower(«count(regions)»)"),
    ("MR309", "let a = text(1).«x»"),
    ("MR309", "let a = first(split('a b', ' ')).«x»"),
    ("MR309", "let a = sorted(regions)[0].«x»"),
    ("MR309", "let a = first(keys({ b: 1 })).«x»"),
    ("MR309", "let a = «first(values({ b: 1, c: 2 }))['x']»"),
    ("MR309", "let a = range(1, 3)[0].«x»"),
    ("MR309", "let a = time('2026-01-01').«x»"),
    ("MR309", "let a = max([1, 2]).«x»"),
    ("MR309", "let a = without(regions, 'a')[0].«x»"),
    ("MR201", "let a = key_pair('ssh').«publik_key»"),
    ("MR201", "let a = only({ b: 1 }, 'b').«c»"),
    ("MR201", "view box.v { x: first(box).«nmae» }"),
    ("MR201", "view box.v { x: distinct(box)[0].«nmae» }"),
]

RIGHT = [
    "let a = [b.tenant for b in everyones(box) if b.heavy and not b.gone and has b.maker.name and has b.status]",
    "let a = uuid()",
    "let a = key_pair('ssh').public_key",
    "view box.v { x: any(box where heavy)  y: sum(box.size)  z: count(tags)  w: count(name)  v: keys(metadata) }",
    "view box.v { x: keys(self)  y: without(self, 'name').anything  z: only(metadata, 'a').b  w: contains(name, 'a') }",
    "view box.v { x: lower(status)  y: iso(made)  z: iso(size) }",
    "view box.v { x: lower(maker)  y: count(extra)  z: min(box.size)  w: json(name).a.b  v: without(extra, 'a').b }",
    "operation x box POST /x { create box { name: word(3), size: number_between(1, 3) }  answer 200 uuid() }",
]


@pytest.mark.parametrize(("code", "marked"), WRONG)
def test_a_mistake_is_found_where_it_is(code: str, marked: str) -> None:
    assert_only(code, marked, BOX)


@pytest.mark.parametrize("text", RIGHT)
def test_what_is_right_is_not_complained_of(text: str) -> None:
    assert_fine(text, BOX)


@pytest.mark.parametrize(
    ("marked", "help"),
    [
        ("let a = «joyn»([], ',')", "did you mean `join`?"),
        ("let a = «length»([])", "did you mean `count`?"),
        ("let a = «zzz»([])", "there are no functions but those of the language"),
    ],
)
def test_an_unknown_function_is_told_its_name_here(marked: str, help: str) -> None:
    assert assert_only("MR205", marked, BOX).help == help


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_can_be_called_with_what_it_takes(name: str) -> None:
    function = FUNCTIONS[name]
    values = {"text": "'a'", "number": "1", "list": "[1]", "map": "{}", "resource": "box", "": "'a'"}
    takes = [function.takes[min(at, len(function.takes) - 1)].split(" ")[0] for at in range(function.minimum)]
    assert_fine(f"let a = {name}({', '.join(values[one] for one in takes)})", BOX)
