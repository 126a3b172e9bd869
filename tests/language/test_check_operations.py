# SPDX-License-Identifier: Apache-2.0
"""Operations: what is asked of paths, clauses and windows, and that each can be reached and answers."""

import pytest

from tests.language.checking import BOX, SHOP, assert_fine, assert_only

WRONG = [
    ("MR202", "operation x «bxo» GET /x { answer 200 }"),
    ("MR407", "operation «x» box GET /x { }"),
    ("MR407", "operation «x» box GET /x { let a = 1 }"),
    ("MR410", "operation x box GET /x/{id} { let a = size  permit «a» > 1  answer 200 }"),
    ("MR410", "operation x box GET /x { find box as a where size > 1  permit has «a»  answer 200 }"),
    ("MR410", "operation x box POST /x { create box { size: 1 }  permit «box».size > 1  answer 200 }"),
    ("MR410", 'operation x box GET /x { let a = 1  permit now > 1 else 403 "no {«a»}"  answer 200 }'),
    ("MR308", "operation x box GET /x since «3.1» { answer 200 }"),
    ("MR208", "operation x box GET /x order caller, «fnd» { answer 200 }"),
    ("MR104", "operation x box GET /x order caller «order find» { answer 200 }"),
    ("MR104", "operation x box GET /x body text «body int» { answer 200 }"),
    ("MR202", "operation x box GET /x query { a: -> «bxo» } { answer 200 }"),
    ("MR202", 'operation x box POST /x action "a" -> «bxo» { answer 200 }'),
    ("MR201", 'operation x box POST /x action "go" { far: int } strict { answer 200 { a: body.go.«fra» } }'),
    ("MR201", "operation x box GET /x query { name?: text } { answer 200 { a: query.«nmae» } }"),
    ("MR201", "operation x box GET /x/{one} { answer 200 { a: path.«onne» } }"),
    ("MR301", "operation x box GET /x query { n?: int } { check «query.n == 'a'» else 400 'no'  answer 200 }"),
    ("MR301", "operation x box GET /x body { n?: int } { check «body.n == 'a'» else 400 'no'  answer 200 }"),
    ("MR406", "operation a box GET /x/{id} { answer 200 }  operation b box GET «/x/{box}» { answer 200 }"),
    ("MR406", "operation a box GET /x { answer 200 }  operation b maker GET «/x» { answer 200 }"),
    ("MR406", "operation a box GET /x until 2.5 { answer 200 }  operation b box GET «/x» since 2.5 { answer 200 }"),
    (
        "MR406",
        "operation a box GET /x since 2.2 until 2.5 { answer 200 }\noperation b box GET «/x» since 2.4 { answer 200 }",
    ),
    (
        "MR406",
        'operation a box POST /x action "y" any { answer 200 }\n'
        'operation b box POST «/x» action "y" any { answer 200 }',
    ),
    ("MR406", "operation a box GET /x at root { answer 200 }  operation b box GET «/x» at root { answer 200 }"),
]


@pytest.mark.parametrize(("code", "marked"), WRONG)
def test_a_mistake_is_found_where_it_is(code: str, marked: str) -> None:
    assert_only(code, marked, BOX)


@pytest.mark.parametrize(
    "text",
    [
        "operation a box GET /x until 2.4 { answer 200 }  operation b box GET /x since 2.5 { answer 200 }",
        "operation a box GET /x { answer 200 }  operation b box POST /x { answer 200 }",
        "operation a box GET /x { answer 200 }  operation b box GET /x at root { answer 200 }",
        "operation a box GET /x/{id} { answer 200 }  operation b box GET /x/new { answer 200 }",
        'operation a box POST /x action "y" any { answer 200 }  operation b box POST /x action "z" null { answer 200 }',
        "operation a box GET /x public order find, permit { answer 200 }",
        "operation a box GET /x order checks, permit { let b = 1  permit b > 1  answer 200 }",
        "operation a box GET /x { let b = 1  permit any([b > 1 for b in [1, 2]])  answer 200 b }",
        "operation a box POST /x body text { answer 200 { b: lower(body), c: query.anything } }",
        'operation a box POST /x action "go" { far: int } { answer 200 { b: body.go.far + 1, c: body.go.undeclared } }',
        "operation a box POST /x body { n: int since 2.2  n: text until 2.1 } { answer 200 { b: body.n } }",
        "operation a box GET /x/{other} { answer 200 { b: path.other } }",
    ],
)
def test_operations_beside_each_other_are_right(text: str) -> None:
    assert_fine(text, BOX)


def test_a_path_has_the_variables_of_its_mounts_too() -> None:
    service = 'service shop "Shop" { mount /shop/{region_} optional /{account}  mount /other/{x} }\nfor shop\n'
    rest = "resource a in world { id uuid }\n"
    rest += "operation b a GET /c/{d} { answer 200 [path.region_, path.account, path.x, path.d] }"
    assert_fine(service + rest)


def test_what_answers_already_is_shown() -> None:
    marked = "operation a box GET /x { answer 200 }  operation b box GET «/x» { answer 200 }"
    found = assert_only("MR406", marked, BOX)
    assert [one.message for one in found.related] == ["`a box` answers it"]
    marked = (
        'operation a box POST /x action "y" any { answer 200 }\noperation b box POST «/x» action "y" any { answer 200 }'
    )
    assert assert_only("MR406", marked, BOX).message == "another operation answers POST /x with action `y` already"


def test_a_list_has_the_parameters_of_its_page_and_filters() -> None:
    page = (
        "page { limit most 1..9  marker last else 400 'no'  offset skip  sort by direction default id  wrap { items } }"
    )
    service = SHOP.replace("mount /shop", f"mount /shop  {page}", 1)
    text = (
        "view pass.v { id }\n"
        "operation x pass GET /x query { kind?: int } {\n"
        "  list pass as v { filter holder  filter account matches  filter kind by value > 3  sort id, holder }\n"
        "  answer 200 [query.most, query.last, query.skip, query.by, query.direction]\n"
        "  answer 200 [query.holder, query.account, query.kind]\n"
        "}"
    )
    assert_fine(text, service)
    assert_only("MR201", text.replace("query.holder", "query.«hodler»"), service)
