# SPDX-License-Identifier: Apache-2.0
"""Gathering: everything in its place, and what is declared twice or belongs nowhere."""

import pytest

from mimic_rules.diagnostics import Diagnostics
from mimic_rules.language import lifecycles as li
from mimic_rules.language.gather import gather
from mimic_rules.language.model import Model, operations_of
from mimic_rules.language.syntax import read
from mimic_rules.language.types import Reference
from tests.language.checking import BOX, SHOP, assert_only, loaded, told

TWICE = [
    'service «shop» "Again" { mount /again }',
    "setting limits int = 1  setting «limits» int = 2",
    "resource «box» in world { id uuid }",
    "resource other in world { id uuid  name text  «name» text }",
    "lifecycle of box.«status» { state ON  start ON }",
    "view box.«full» { id }",
    "quota «boxes» 3",
    "let a = 1  let «a» = 2",
]


@pytest.mark.parametrize("marked", TWICE)
def test_what_is_declared_twice(marked: str) -> None:
    setting = BOX if "limits" not in marked else SHOP
    found = assert_only("MR206", marked, setting)
    assert [one.message for one in found.related] == ["declared here before"]


NOWHERE = [
    "«resource a in world { id uuid }»",
    "«view a.b { id }»",
    "«lifecycle of a.b { state C  start C }»",
    "«let a = 1»",
    "«quota a 1»",
    "«operation a b GET /c { answer 200 }»",
    "«gone 410 'no' /a»",
    "«seed a for each b in [] { id: b }»",
    "«lock of a.b { free C }»",
]


@pytest.mark.parametrize("marked", NOWHERE)
def test_what_belongs_to_no_service(marked: str) -> None:
    assert assert_only("MR210", marked).help == "write `for SERVICE` above"


UNKNOWN_RESOURCE = [
    "view «bxo».b { id }",
    "lifecycle of «bxo».b { state C  start C }",
    "operation a «bxo» GET /c { answer 200 }",
    "seed «bxo» for each b in [] { id: b }",
    "lock of «bxo».b { free C }",
]


@pytest.mark.parametrize("marked", UNKNOWN_RESOURCE)
def test_what_belongs_to_no_resource(marked: str) -> None:
    assert assert_only("MR202", marked, BOX).help == "did you mean `box`?"


def test_what_is_of_an_unknown_service_is_one_mistake() -> None:
    items = (
        "resource a in world { id uuid }\nview a.b { nmae }\nlifecycle of a.b { state C }\nlet a = zzz\n"
        "quota a 1 counts b\n"
        "operation a b GET /c { }\ngone 410 x 'no' /a\nseed a for each b in [] { id: b }\nlock of a.b { free C }\n"
    )
    assert assert_only("MR202", "for «shp»\n" + items, BOX).help == "did you mean `shop`?"
    assert_only("MR202", "for «shp» { " + items + " }", BOX)


def test_a_block_says_its_subject_for_itself_alone() -> None:
    found = loaded(BOX + "for shop.lid { view lid.a { id } }\nview lid.b { id }\nfor shop { view lid.c { id } }")
    assert not found.diagnostics
    assert [*found.model.services["shop"].resources["lid"].views] == ["a", "b", "c"]


def test_a_service_may_be_spread_over_files() -> None:
    found = loaded("for shop\nview pass.a { id }", SHOP, "for shop\nlet open = true")
    assert not found.diagnostics
    assert [*found.model.services["shop"].definitions] == ["open"]


def test_everything_has_its_place() -> None:
    text = (
        "gone 410 'no' /a\nseed maker for each a in ['b'] { name: a }\nlock of box.status { free ACTIVE }\nlet b = 1\n"
    )
    found = loaded(
        BOX + text + "for shop.box\nwhen size == 1 then status stays BUILD\nfor shop\non any then respond 500"
    )
    assert not found.diagnostics
    model = found.model
    shop = model.services["shop"]
    assert (shop.name, len(shop.gones), len(shop.seeds), len(shop.locks), [*shop.quotas]) == (
        "shop",
        1,
        1,
        1,
        ["boxes"],
    )
    box = shop.resources["box"]
    assert (box.kind, box.parent, box.key, box.plural) == ("shop.box", None, ("id",), "boxs")
    assert shop.resources["lid"].parent == "box"
    assert (set(box.lifecycles), set(box.views), set(box.carried())) == ({"status"}, {"full"}, {"power"})
    assert [(one.service, one.resource) for one in model.rules] == [("shop", "box"), ("shop", None)]
    assert operations_of(model) == {("shop", "box"): {"stop", "delete", "make"}}
    assert model.resource("shop", "box") is box
    assert model.resource("shp", "box") is None
    assert model.referred("shop", Reference("", "box")) is model.referred("x", Reference("shop", "box")) is box
    assert model.tenants() is None


def test_resources_say_their_key_plural_and_role() -> None:
    found = loaded(SHOP + "resource a in world is tenant { key b, c  plural as_  b text  c text }")
    assert not found.diagnostics
    tenants = found.model.tenants()
    assert tenants is not None
    assert (tenants.name, tenants.key, tenants.plural) == ("a", ("b", "c"), "as_")


def test_ways_carry_what_they_set() -> None:
    text = "resource a in world { s lifecycle }\nlifecycle of a.s {"
    text += ' state B { ...x, y: 1, "{z}": 2 }  start B  B -> B after 1s sets w = 1 }'
    file, _ = read("a.rules", SHOP + text)
    model = gather([(file, 0)], Diagnostics())
    assert set(model.services["shop"].resources["a"].carried()) == {"y", "w"}
    assert isinstance(model.services["shop"].resources["a"].lifecycles["s"], li.Lifecycle)


def test_without_the_texts_a_whole_item_is_pointed_at() -> None:
    file, _ = read("a.rules", 'service a "A" { }\nservice a "A" { }')
    diagnostics = Diagnostics()
    assert isinstance(gather([(file, 0)], diagnostics), Model)
    assert told(diagnostics.items) == ["MR206 2:1-18"]
