# SPDX-License-Identifier: Apache-2.0
"""Services and what stands beside their resources: situations, pages, quotas, seeds, definitions, what is gone."""

import pytest

from tests.language.checking import BOX, SHOP, assert_fine, assert_only

LINES = [
    ("MR202", "caller header \"X\" is «pas» when true tenant id else 401 'no'"),
    ("MR202", "caller header \"X\" is «shp».pass when true tenant id else 401 'no'"),
    ("MR202", "caller header \"X\" is shop.«pas» when true tenant id else 401 'no'"),
    ("MR201", "caller header \"X\" is pass when «godo» tenant id else 401 'no'"),
    ("MR201", "caller header \"X\" is pass when good tenant «acount» else 401 'no'"),
    ("MR201", "caller header \"X\" is pass when good tenant account user «hodler» else 401 'no'"),
    ("MR207", "caller header \"X\" is pass when good tenant id else 401 «bda» 'no'"),
    ("MR307", "caller header \"«X Y»\" is pass when good tenant id else 401 'no'"),
    ("MR308", 'version header "V" «2.9» .. 2.1 default 2.2'),
    ("MR308", 'version header "V" 2.1 .. 2.9 default «2.10»'),
    ("MR307", 'version header "«V W»" 2.1 .. 2.9 default 2.1'),
    ("MR201", 'answers header "X" = «nmae»'),
    ("MR307", 'answers header "«X:»" = region'),
    ("MR201", "errors { error: «mesage» }"),
    ("MR201", 'fault 400 bad "{«nmae»}"'),
    ("MR201", "fault 400 bad as { a: «nmae» }"),
    ("MR201", 'fault 400 bad header "X" = «nmae»'),
    ("MR208", "on «malformd» 400 'no'"),
    ("MR201", 'on malformed 400 "{«acton»}"'),
    ("MR207", "on malformed 400 «bda» 'no'"),
    ("MR104", "on malformed 400 'no'  on «malformed» 400 'no'"),
    ("MR208", "order caller, «decoed»"),
    ("MR104", "order caller, decode, «caller»"),
    ("MR104", "order caller  «order decode»"),
    ("MR307", "page { limit limit «9..1» }"),
    ("MR207", "page { limit limit 1..9 else 400 «bda» 'no' }"),
    ("MR207", "page { marker marker else 400 «bda» 'no' }"),
    ("MR201", "page { sort key dir default id, «acount» desc }"),
    ("MR201", "page { wrap { a: «itemz» } }"),
    ("MR206", "page { limit limit 1..9  marker «limit» else 400 'no' }"),
    ("MR206", "page { sort key «key» default id }"),
    ("MR104", "page { offset a  «offset b» }"),
]


@pytest.mark.parametrize(("code", "marked"), LINES)
def test_a_wrong_line_of_a_service_is_found_where_it_is(code: str, marked: str) -> None:
    service = 'service shop "Shop" {\n  fault 409 taken\n  ' + marked + "\n}\n"
    rest = "for shop\nresource pass in world { id uuid  account text  holder text  good bool = true }"
    assert_only(code, service + rest)


def test_the_lines_of_a_service_can_say_all_this() -> None:
    assert_fine(
        """\
service shop "Shop" {
  type 'shop' name 'shop'  mount /shop optional /{tenant}  mount /other
  caller header "X-Pass" is shop.pass when good and now > 3 and region == 'a' tenant account
    else 401 bad "who {request.id}?"
  version header "Version" as "shop {v}", header "X" 2.1 .. 2.10 default 2.9
  answers header "X-Id" = request.id
  errors { "{fault}": { code: status, message, field: field, over: over, id: id } }
  fault 400 bad "{message} {name}" as { error: message } header "X" = "{base}"
  fault 404 bad  fault else broken
  on invalid 400 broken "{field} {value} {reason}"
  on over_quota 403 "{over} {requested} {used} {limit} {resource}"
  on unknown_action 400 "{action} {event}"
  on bad_version 400 "{value} {first} {last}"
  order caller, decode, version
  page {
    limit limit 0..100 else 400 "{value}"  marker marker else 400 "{value}"  offset offset
    sort key dir default id, account desc  wrap { "{plural}": items, next when more, count }
  }
}
for shop
resource pass in world { id uuid  account text  holder text  good bool = true  name text = '' }
let admin = 'admin' in caller.holder
"""
    )


def test_a_service_alone_may_sort_by_anything() -> None:
    assert_fine('service shop "Shop" { mount /shop  page { sort key default made desc } }')


BELONGINGS = [
    ("MR202", "quota a 3 counts «bxo»"),
    ("MR202", "quota a 3 sums «bxo».size"),
    ("MR201", "quota a 3 sums box.«sise»"),
    ("MR307", "quota a 3 sums box.«name»"),
    ("MR201", "seed maker for each a in [«b»] { name: 'a' }"),
    ("MR201", "seed maker for each a in ['b'] { name: «b» }"),
    ("MR201", "seed maker for each a in ['b'] { «nmae»: a }"),
    ("MR309", "seed maker for each a in ['b'] { name: a.«c» }"),
    ("MR307", "seed maker for each a in «'b'» { name: a }"),
    ("MR308", "gone 410 'no' until «3.1» /a"),
    ("MR207", "gone 410 «bda» 'no' /a"),
    ("MR201", 'gone 410 "{«nmae»}" /a'),
    ("MR212", "let «a» = b\nlet b = [c]\nlet c = { d: a }"),
    ("MR212", "let «a» = a"),
    ("MR201", "let a = «nome_»"),
]


@pytest.mark.parametrize(("code", "marked"), BELONGINGS)
def test_a_mistake_beside_the_resources_is_found_where_it_is(code: str, marked: str) -> None:
    assert_only(code, marked, BOX)


@pytest.mark.parametrize(
    "text",
    [
        "quota a 3 sums box.size  quota b -1  quota c 3 counts maker  quota d 3 sums box.power",
        "seed maker for each a in setting.names { name: a }  setting names list of text = []",
        "seed maker for each a in [{ name: 'b' }] { ...a }  seed box for each a in regions { name: a }",
        'gone 410 bad "{path.x} {event} {region}" since 2.1 until 2.5 /a/{x} /b',
        "let a = b  let b = c + 1  let c = count(regions)  let d = a + b + c",
        "let name = first(box where name == 'a').name  let size = [size for size in box.size if size > 1]",
        "let a = self.anything  let b = name  let c = (box where a == 1)",
    ],
)
def test_what_stands_beside_the_resources_is_right(text: str) -> None:
    assert_fine(text, BOX)


def test_definitions_have_kinds_in_any_order() -> None:
    assert_only("MR307", "let a = lower(«b»)\nlet b = c + 1\nlet c = count(regions)", SHOP)


def test_what_uses_a_circle_is_no_mistake_of_its_own() -> None:
    assert_only("MR212", "let x = a.b.c\nlet «a» = b\nlet b = a\nlet y = b + x", SHOP)


HANDED_OUT = [
    ("MR104", "hands out 'a' = 1  «hands out 'a' = 2»"),
    ("MR201", "hands out 'a' = «nmae»"),
    ("MR201", "hands out 'a' = «body».x"),
    ("MR201", "hands out 'a' = [1 for t in «things»]"),
    ("MR201", "hands out 'a' = count(«thing»)"),
    ("MR201", "«hands out 'a' = asked» } for odd let asked = [deeper] let deeper = body service other 'Other' {"),
]


@pytest.mark.parametrize(("code", "marked"), HANDED_OUT)
def test_what_is_handed_out_knows_no_request(code: str, marked: str) -> None:
    assert_only(code, f"service odd 'Odd' {{ {marked} }} for odd resource thing in world {{ id uuid }}")


def test_what_is_handed_out_knows_the_world() -> None:
    known = "base, regions, setting.x, service.url, region, services[0].url, [s.url for s in services], shared"
    handed = f"hands out 'a' = [{known}]  hands out 'b' = {{ a: 1 }}"
    assert_fine(f"service odd 'Odd' {{ {handed} }} for odd setting x int = 1 let shared = first(regions)")
