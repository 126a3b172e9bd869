# SPDX-License-Identifier: Apache-2.0
"""Resources and views: what they live in, their fields and constraints, what clients see."""

import pytest

from tests.language.checking import BOX, SHOP, assert_fine, assert_only

LINES = [
    ("MR201", "key «nmae»"),
    ("MR201", "unique («nmae») else 409 'no'"),
    ("MR201", "unique (name) where «hevy» else 409 'no'"),
    ("MR207", "unique (name) else 409 «bda» 'no'"),
    ("MR201", 'unique (name) else 409 "{«nmae»}"'),
    ("MR307", "unique («uuid»()) else 409 'no'"),
    ("MR201", "check «nmae» == 'a' else 409 'no'"),
    ("MR301", "check «name == 1» else 409 'no'"),
    ("MR207", "check name == 'a' else 409 «bda» 'no'"),
    ("MR207", "missing 404 «bda» 'no'"),
    ("MR201", 'missing 404 "{«zzzz»}"'),
    ("MR104", "missing 404 'no'  «missing 404 'no'»"),
    ("MR104", "plural xs  «plural ys»"),
    ("MR104", "key id  «key name»"),
    ("MR104", "kept 3d  «kept 4d»"),
    ("MR202", "on delete of «bxo» cascade"),
    ("MR202", "on delete of «lid» cascade"),
    ("MR207", "on delete of box refuse 409 «bda» 'no'"),
    ("MR405", "«other» lifecycle"),
    ("MR307", "other time «on» change"),
    ("MR207", "other -> maker else 400 «bda» 'no'"),
    ("MR201", "other text = «nmae»"),
    ("MR307", "other list of text = [] «keyed» a b"),
    ("MR307", "other map of text = {} «keyed» a b"),
    ("MR201", "other list of { a: text, c: text } = [] keyed a «b»"),
]


@pytest.mark.parametrize(("code", "marked"), LINES)
def test_a_wrong_line_of_a_resource_is_found_where_it_is(code: str, marked: str) -> None:
    start = "resource thing in box { id uuid  name text  heavy bool = true  "
    assert_only(code, start + marked + " }", BOX)


def test_the_lines_of_a_resource_can_say_all_this() -> None:
    assert_fine(
        """\
resource thing in box {
  key id, name
  plural things
  id    uuid
  name  text
  size  int = count(name)
  made  time = now
  later time = made + 3s on change
  other -> maker ? else 400 bad "no {value} for {name}"
  owner -> shop.maker ? else 400 'no'
  pairs list of { key: text, value: text } = [] keyed key value
  unique (name, lower(box.name)) where size > 1 else 409 bad "{name} {event}"
  check size > 1 else 400 "{size}"
  missing 404 unknown "{value} {id}"
  kept 30d
  on delete of box cascade
  on delete of maker refuse 409 "{name}"
}
""",
        BOX,
    )


HOMES = [
    ("MR202", "resource a in «bxo» { id uuid }"),
    ("MR202", "resource a in world is «owner» { id uuid }"),
    ("MR206", "resource a in world is tenant { id uuid }  resource «b» in world is tenant { id uuid }"),
    ("MR212", "resource «loop» in loop { id uuid }"),
    ("MR212", "resource a in «b» { id uuid }  resource b in c { id uuid }  resource c in a { id uuid }"),
    ("MR212", "resource d in a { id uuid }  resource a in «b» { id uuid }  resource b in a { id uuid }"),
]


@pytest.mark.parametrize(("code", "marked"), HOMES)
def test_a_resource_lives_somewhere(code: str, marked: str) -> None:
    assert_only(code, marked, SHOP)


def test_a_resource_lives_in_one_of_four_places() -> None:
    assert_fine(
        "resource a in world is tenant { id uuid }  resource b in tenant { id uuid }  resource c in user { id uuid }  "
        "resource d in c { id uuid }  resource e in d { id uuid }",
        SHOP,
    )


VIEWS = [
    ("MR204", "view box.v { include «ful» }"),
    ("MR204", "view maker.v { include «zzz» }"),
    ("MR212", "view box.v { include «w» }  view box.w { include v }"),
    ("MR212", "view box.v { include «v» }"),
    ("MR201", "view box.v { «nmae» }"),
    ("MR201", 'view box.v { "{«nmae»}": 1 }'),
    ("MR308", "view box.v { name since «1.9» }"),
    ("MR308", "view box.v { name until «2.10» }"),
    ("MR308", "view box.v { include full since 2.5 until «2.4» }"),
    ("MR301", "view box.v { name when «size == 'a'» }"),
]


@pytest.mark.parametrize(("code", "marked"), VIEWS)
def test_a_mistake_in_a_view_is_found_where_it_is(code: str, marked: str) -> None:
    assert_only(code, marked, BOX)


def test_views_can_say_all_this() -> None:
    assert_fine(
        "view box.v { include full  include small since 2.2 until 2.9  name when heavy  'a:b': lids as v }\n"
        "view box.small { id }  view lid.v { include w }  view lid.w { colour }",
        BOX,
    )


def test_a_service_without_versions_has_no_windows() -> None:
    text = 'service shop "Shop" { mount /shop }\nfor shop\nresource a in world { id uuid }\n'
    found = assert_only("MR308", text + "view a.v { id since «2.1» }")
    assert found.message == "service `shop` has no versions"


def test_a_setting_has_no_windows() -> None:
    assert assert_only("MR308", "setting a { b?: text since «2.1» } = {}").message == "nothing here has versions"
