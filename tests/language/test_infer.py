# SPDX-License-Identifier: Apache-2.0
"""Expressions: names, attributes, views and kinds, each mistake with its code and its exact place."""

import pytest

from tests.language.checking import BOX, SHOP, assert_fine, assert_only

WRONG = [
    # names
    ("MR201", "let a = «nmae»"),
    ("MR201", "view box.v { x: «nmae» }"),
    ("MR201", 'let a = "{region} {«nmae_»}"'),
    ("MR201", "let a = request.«ip»"),
    ("MR201", "let a = service.«urll»"),
    ("MR201", "let a = caller.«acount»"),
    ("MR201", "let a = headers[«'X-Name'»]"),
    ("MR201", "let a = setting.limits.«sise»"),
    ("MR201", "let a = { b: 1 }.«c»"),
    ("MR201", "let a = {}.«c»"),
    ("MR201", "let a = { b: 1, ...{ c: 2 } }['«d»']"),
    ("MR201", "view box.v { x: maker.«nmae» }"),
    ("MR201", "view box.v { x: maker['«nmae»'] }"),
    ("MR201", "view box.v { x: lid.«color» }"),
    ("MR201", "view lid.v { x: box.«nmae» }"),
    ("MR201", "view box.v { x: (box where «wieght» > 3).id }"),
    ("MR201", "operation x box POST /x body { name: text } { answer 200 { n: body.«nmae» } }"),
    ("MR201", "operation x box POST /x body { more: { name: text } strict } { answer 200 { n: body.more.«a» } }"),
    ("MR201", "operation x box GET /x query { name?: text } strict { answer 200 { n: query.«other» } }"),
    ("MR201", "operation x box GET /x { answer 200 { n: path.«id» } }"),
    ("MR201", "operation x box GET /x { answer 200 «self» }"),
    ("MR211", "let a = setting.«limit»"),
    ("MR211", "let a = quota.«bxes».limit"),
    ("MR201", "let a = quota.boxes.«usd»"),
    # attributes of what has none
    ("MR309", "view box.v { x: name.«first» }"),
    ("MR309", "view box.v { x: size.«unit» }"),
    ("MR309", "view box.v { x: heavy.«x» }"),
    ("MR309", "view box.v { x: status.«x» }"),
    ("MR309", "view box.v { x: «name['first']» }"),
    # views
    ("MR204", "view box.v { x: maker as «crad» }"),
    ("MR204", "view box.v { x: self as «card» }"),
    ("MR204", "view pass.v { x: box as «ful» }"),
    ("MR204", "view pass.v { x: lid as «full» }"),
    ("MR307", "view box.v { x: «name» as full }"),
    # keys of lists and maps
    ("MR307", "view box.v { x: tags[«'a'»] }"),
    ("MR307", "view box.v { x: metadata[«1»] }"),
    ("MR307", "view box.v { x: self[«1»] }"),
    # kinds
    ("MR307", "view box.v { x: -«name» }"),
    ("MR307", "view box.v { x: «name» + 1 }"),
    ("MR307", "view box.v { x: size * «name» }"),
    ("MR307", "view box.v { x: size + «heavy» }"),
    ("MR307", "view box.v { x: tags + «name» }"),
    ("MR307", "view box.v { x: «size» + tags }"),
    ("MR307", "view box.v { x: { ...«name» } }"),
    ("MR307", "view box.v { x: [t for t in «name»] }"),
    ("MR307", "view box.v { x: («size» where true) }"),
    ("MR306", "view box.v { x: name matches «/(?=a)/» }"),
    ("MR306", "resource other in world { name text matching «/a(/» }"),
    ("MR301", "view box.v { x: «size matches /a/» }"),
    ("MR301", "view box.v { x: «size matches name» }"),
    ("MR301", "view box.v { x: «name matches size» }"),
    ("MR201", "view box.v { x: name matches «nmae» }"),
    # guards
    ("MR308", "view box.v { x: { a: 1 since «2.10» } }"),
    ("MR301", "view box.v { x: { a: 1 when «size == 'a'» } }"),
]

RIGHT = [
    "let a = [region, base, version, now, request.id, request.url, services.url, service.url, regions]",
    "let a = headers['x-name'] default headers.host",
    "let a = tenant.id",
    "let a = tenant.anything",
    "let a = quota.boxes.limit + quota.boxes.used",
    "let a = setting.limits.size * 2s",
    "let a = SOME_WORD",
    "let a = name",  # of whatever record is at hand where it is used
    "let a = if 'x' in caller.holder then 1 else null",
    "view box.v { x: maker as card  y: maker.name  z: maker }",
    "view box.v { x: lid.colour  y: lids.colour  z: count(lid)  w: (lid where colour == 'red').id }",
    "view box.v { x: [l.colour for l in lid if l.box == id] }",
    "view lid.v { x: box.name  y: box  z: self.box.maker.name }",
    "view box.v { x: metadata.any  y: metadata[name]  z: pairs.any  w: pairs['x']  v: pairs[name]  u: tags[0] }",
    "view box.v { x: pairs[name]  y: (pairs where key == 'a')  z: self['name']  w: self[name] }",
    "view box.v { x: name matches extra.pattern  y: extra is pattern  z: name matches '^a' }",
    "view box.v { x: extra.a.b[0].c + 1  y: extra as full  z: -extra  w: extra matches /a/ }",
    "view box.v { x: tags + ['a']  y: tags + extra  z: made + 3s - 1  w: -size }",
    'view box.v { x: { ...self, ...metadata, a: 1 }.b  y: { "{name}": 1 }.b }',
    "view box.v { x: null.a  y: [][0]  z: (null where a > 1)  w: (extra where a > 1) }",
    "view box.v { x: [i for i in extra if i.a > 1]  y: (extra where anything > 1).other }",
    "view box.v { x: name starts with 'a' and name matches /^a/ or not heavy }",
    "view box.v { x: if heavy then 1 else 'a'  y: (if heavy then 1 else 'a') == 'a' }",
    "view box.v { x: has extra.a  y: name is number  z: extra is not text }",
    "view box.v { x: first(box).name  y: (box where name == 'a' and size > 1)[0].size }",
    "view box.v { x: first(box where maker == maker.id).name }",
    "operation x box POST /x body { name: text, more?: any } { answer 200 { n: body.undeclared, m: body.more.x } }",
    "operation x box GET /x query { name?: int } { answer 200 { n: query.name + 1, m: query.undeclared } }",
    "operation x box GET /x/{id}/{part} { answer 200 { n: path.part, m: path.id, o: self.name, p: box.name } }",
    "operation x lid GET /x/{box}/{id} { answer 200 { n: box.name, m: self.colour, o: lid.colour, p: box.size } }",
    "operation x lid GET /x/{box} { answer 200 { n: lid as v } }  view lid.v { colour }",
    "operation x box GET /x { let box = [1]  answer 200 { n: (box where true) } }",
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
        ("let a = «regoin»", "did you mean `region`?"),
        ("let a = «zzz»", "declare it, or use one of the names that this place has"),
        ("let a = { b: 1 }.«zzz»", "it has b"),
        ("let a = {}.«zzz»", "it is empty"),
        ("let a = setting.«zzz»", "declare it with `setting`"),
        ("view pass.v { x: self as «zzz» }", "its views are v"),
        ("operation x pass GET /x { answer 200 pass as «zzz» }", "declare it with `view`"),
        ("view pass.v { x: -«holder» }", "use number(holder)"),
        ("view pass.v { x: -«good» }", "calculate with numbers"),
    ],
)
def test_help_says_what_to_do(marked: str, help: str) -> None:
    setting = "setting s int = 1\n" + SHOP
    code = {"MR211": "setting.", "MR204": " as ", "MR307": "-«"}
    wanted = next((code for code, part in code.items() if part in marked), "MR201")
    assert assert_only(wanted, marked, setting).help == help


def test_without_a_service_there_are_only_the_roots_of_the_language() -> None:
    assert_fine("setting a any = { b: tenant.id, c: quota.x, d: caller.x }")
    assert_only("MR201", "setting a any = { b: «box» }")


def test_an_unknown_value_causes_nothing_further() -> None:
    assert_only("MR201", "view box.v { x: ((«nmae».first + 1) as full)[0] == 'a' }", BOX)
