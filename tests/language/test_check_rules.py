# SPDX-License-Identifier: Apache-2.0
"""Rules: events, conditions, how often, effects, and how rules meet."""

import pytest

from mimic_rules.language.load import SHIPPED, Source, load
from tests.language.checking import BOX, SHOP, assert_fine, assert_only, loaded, told

WRONG = [
    # events
    ("MR210", "on «stop» then respond 500"),
    ("MR203", "on «stpo» box then respond 500"),
    ("MR203", "on «stop» lid then respond 500"),
    ("MR203", "for shop.box on «zzz» then respond 500"),
    ("MR202", "on stop «bxo» then respond 500"),
    ("MR202", "on read «bxo» then respond 500"),
    ("MR202", "on any «shp» then respond 500"),
    ("MR210", "«when size == 1 then status stays BUILD»"),
    ("MR505", "for shop.box when size == 1 then «respond 500»"),
    ("MR505", "for shop.box rule a per «box» when size == 1 then status stays BUILD"),
    ("MR202", "for shop.box rule a per «bxo» on stop then respond 500"),
    ("MR201", "rule a per maker on stop box when maker.«nmae» == 'x' then respond 500"),
    ("MR201", "rule a per maker on stop box when «turn» == 1 then respond 500"),
    ("MR201", "on stop box then respond 500 with body { a: «turn» }"),
    ("MR504", "rule a per folder on any shop then respond 500 before «caller»\nresource folder in tenant { id uuid }"),
    # conditions
    ("MR201", "on stop box when «nmae» == 'a' then respond 500"),
    ("MR201", "on any shop when «zzzz» == 'a' then respond 500"),
    ("MR201", "on make box when body.more.«wieght» == 1 then respond 500"),
    ("MR201", "on stop box when path.«di» == 'a' then respond 500"),
    ("MR301", "on stop box when «size == 'a'» then respond 500"),
    ("MR307", "on stop box when «uuid»() == name then respond 500"),
    ("MR201", "on stop box only 3 times per «nmae» then respond 500"),
    ("MR201", "on stop box only as often as «nmae» per box then respond 500"),
    ("MR307", "on stop box only as often as «tags» per box then respond 500"),
    # effects
    ("MR207", "on stop box then respond 500 «bda»"),
    ("MR201", 'on stop box then respond 500 "{«nmae»}"'),
    ("MR208", "on stop box then respond 500 before «fnid»"),
    ("MR504", "on stop box then respond 500 after commit «before» guard"),
    ("MR504", "on stop box when size == 1 then respond 500 before «find»"),
    ("MR504", "on stop box when self.size == 1 then respond 500 before «schema»"),
    ("MR504", "on make box when body.size == 1 then respond 500 before «decode»"),
    ("MR504", 'on any shop then respond 500 "{tenant.id}" before «caller»'),
    ("MR504", "on stop box only 3 times per caller then respond 500 before «caller»"),
    ("MR504", "on any when version == '2.1' then respond 500 before «version»"),
    ("MR401", "on stop box then status stays «BIULD»"),
    ("MR401", "on stop box then status becomes «BIULD» after 3s"),
    ("MR201", "on stop box then «sttus» becomes GONE"),
    ("MR405", "on stop box then «name» becomes GONE"),
    ("MR210", "on any shop then «status» becomes GONE"),
    ("MR210", "on stop box, make maker then «status» becomes GONE\noperation make maker GET /x { answer 200 }"),
    ("MR307", "on stop box then status stays ACTIVE for «heavy» seconds"),
    ("MR307", "on stop box then status becomes GONE after «tags» seconds"),
    ("MR201", "on stop box then status becomes GONE after «metdata».a seconds"),
]


@pytest.mark.parametrize(("code", "marked"), WRONG)
def test_a_mistake_is_found_where_it_is(code: str, marked: str) -> None:
    assert_only(code, marked, BOX)


def test_a_rule_per_record_needs_a_service_to_look_in() -> None:
    assert_only("MR210", "rule a per «box» on any then respond 500")


@pytest.mark.parametrize(
    "text",
    [
        "rule a per maker on stop box when maker.name == name then respond from { code: 500 + turn, message: 'x' }",
        "rule a per maker on any shop then respond 500 before caller",
        "rule a per folder on stop box then respond 500 before guard\nresource folder in tenant { id uuid }",
        # For want of a record it may decide nothing.
        "rule a per maker on stop box then respond 500\non stop box then respond 501",
        "on stop box then status becomes from extra.states\non stop box then status becomes GONE",
        "on any then respond 503",
        "on any shop when tenant.id == 'a' then respond 503 bad 'no'",
        "on read, change when name == 'a' and self.name == 'a' then respond 500 'no'",
        "on read box, change box when size > 1 then status becomes GONE after 3s, respond 500",
        "on stop box, delete box when heavy only once then status stays ACTIVE for metadata.a seconds",
        "on make box when body.name == 'a' and size > 1 and body.more.weight > 1 only once then respond 500",
        "on stop box when path.id == id only 3 times per box then respond 500 before guard",
        "on stop box only as often as size per box then respond 500",
        "on stop box only as often as json(metadata.a).b per box, during 10m then respond 500",
        'on stop box only 2 times per metadata.a then respond 500 broken "{name} {event} {status}" after commit',
        "on stop box when headers['x'] == 'y' then respond 500 before caller",
        "on make box when body.name == 'a' then respond 500 before schema",
        "on stop box, make maker when name == 'a' then respond 500  operation make maker GET /x { answer 200 }",
        "for shop.box on stop then status stays STOPPING for 3s",
        "for shop.box when metadata.a == 'b' and pairs.a == 'b' then status stays BUILD",
        "for shop.box when extra.a > 1 then status becomes GONE after extra.b seconds",
        "for shop.box { on stop then respond 500 }",
        "on any, stop box when name == 'a' then respond 500",
    ],
)
def test_rules_can_say_all_this(text: str) -> None:
    assert_fine(text, BOX)


def test_a_rule_without_any_subject() -> None:
    assert_fine("on any when tenant.id == 'a' and region == 'b' then respond 503")
    assert_only("MR210", "on «create thing» then respond 503")
    assert_only("MR201", "on any when «zzz» then respond 503")
    assert_only("MR210", "on «read» then respond 503")


def test_an_unknown_subject_is_one_mistake() -> None:
    assert_only("MR202", "for «shp».box\nwhen size == 1 then status stays BIULD\non creat then respond 500", BOX)
    assert_only("MR202", "for shop.«bxo»\nwhen size == 1 then status stays BIULD\non creat then respond 500", BOX)


def test_the_order_of_phases_is_the_services() -> None:
    early = (
        SHOP.replace("mount /shop", "mount /shop  order find, caller", 1)
        + "operation x pass GET /{id} { answer 200 }\n"
    )
    assert_fine("on x pass when good then respond 500 before caller", early)
    assert_only("MR504", "on x pass when good then respond 500 before «find»", early)
    late = (
        SHOP.replace("mount /shop", "mount /shop  order effects, find", 1)
        + "operation x pass GET /{id} { answer 200 }\n"
    )
    found = assert_only("MR504", "on x pass when good then respond 500 before «caller»", late)
    assert found.help == "strike before `permit` or later"


def test_nothing_comes_after_the_last_phase() -> None:
    every = "order decode, schema, permit, guard, checks, references, uniqueness, quota, effects, version, caller, find"
    last = SHOP.replace("mount /shop", f"mount /shop  {every}", 1) + "operation x pass GET /{id} { answer 200 }\n"
    assert assert_only("MR504", "on x pass when good then respond 500 before «find»", last).help == "leave `before` out"


# -- how rules meet

SHADOWED = [
    "when size == 1 then status stays BUILD\n«when size == 1 then status stays BUILD»",
    "when size == 1 then status stays BUILD\n«when size == 1 and heavy then status becomes GONE»",
    "when size == 1 then status becomes GONE\n«when heavy and size == 1 then status stays BUILD»",
    "on stop then status stays BUILD\n«on stop when heavy then status stays BUILD»",
    "when size == 1 then status stays BUILD\n«on stop when size == 1 then status stays BUILD»",
    "on stop, delete then respond 500\n«on stop when heavy then respond 400»",
    "on any then respond 500\n«on stop then respond 400»",
    "on any shop then respond 500\n«on read then respond 400»",
    "on stop then respond 500, status stays BUILD\n«on stop then status becomes GONE, respond 400»",
    "on stop then respond 500\non stop then status stays BUILD\n«on stop then status becomes GONE, respond 400»",
    "rule a overrides b on stop then respond 500\nrule b on delete then respond 500\n«on stop then respond 400»",
]


@pytest.mark.parametrize("marked", SHADOWED)
def test_a_rule_that_never_decides_is_found(marked: str) -> None:
    assert_only("MR501", "for shop.box\n" + marked, BOX)


@pytest.mark.parametrize(
    "text",
    [
        "when size == 1 then status stays BUILD\nwhen size == 1 then status stays ACTIVE",
        "when size == 1 and heavy then status stays BUILD\nwhen size == 1 then status stays BUILD",
        "when size == 1 then status stays BUILD\nwhen size == 2 then status stays BUILD",
        "when size == 1 only once then status stays BUILD\nwhen size == 1 then status stays BUILD",
        "when size == 1 then status stays BUILD\nthen status stays BUILD",
        "on stop then respond 500\non delete then respond 500",
        "on stop then respond 500\non stop, delete then respond 500",
        "on stop then status stays BUILD\nwhen size == 1 then status stays BUILD",
        "on stop then status stays BUILD\non stop then respond 500",
        "on stop then respond 500\non stop then respond 400, status stays BUILD",
        "on stop when heavy then respond 500\nrule b on stop then respond 500",
        "rule a on stop then respond 500\nrule b overrides a on stop when heavy then respond 400",
        "on stop then respond 500\nfor shop\non read box then respond 400",
    ],
)
def test_rules_that_can_all_decide_are_left_alone(text: str) -> None:
    assert_fine("for shop.box\n" + text, BOX)


def test_names_under_another_subject_may_mean_other_things() -> None:
    assert_fine(
        "for shop on any shop when name == 'a' then respond 500 for shop.box on stop when name == 'a' then respond 400",
        BOX,
    )


def test_rules_of_other_files_are_left_alone() -> None:
    assert not loaded(BOX, "on any then respond 500", "on any then respond 400").diagnostics
    text = "on any then respond 500"
    sources = [Source("a.rules", BOX + text), Source("b.rules", text, SHIPPED)]
    assert not load(sources).diagnostics


NAMED = [
    ("MR206", "rule a on stop box then respond 500\nrule «a» on delete box then respond 500"),
    ("MR503", "rule a overrides «b» on stop box then respond 500"),
    ("MR503", "rule a overrides «aa» on stop box then respond 500"),
    ("MR212", "rule a overrides «b» on stop box then respond 500\nrule b overrides a on delete box then respond 500"),
    ("MR212", "rule one overrides «one» on stop box then respond 500"),
    (
        "MR212",
        "rule x overrides y on any when region == 'a' then respond 500\n"
        "rule y overrides «z» on stop box then respond 500\n"
        "rule z overrides y on delete box then respond 500",
    ),
]


@pytest.mark.parametrize(("code", "marked"), NAMED)
def test_names_of_rules_are_plain(code: str, marked: str) -> None:
    assert_only(code, marked, BOX)


def test_help_names_the_rule_that_is_meant_and_never_the_rule_itself() -> None:
    rules = "rule slow on stop box then respond 500\nrule fast overrides «slwo» on delete box then respond 500"
    assert assert_only("MR503", rules, BOX).help == "did you mean `slow`?"
    assert (
        assert_only("MR503", "rule slow overrides «slwo» on delete box then respond 500", BOX).help
        == "leave `overrides` out"
    )


def test_the_rule_that_decides_first_is_shown() -> None:
    text = "for shop.box\nwhen size == 1 then status stays BUILD\n«when size == 1 then status stays BUILD»"
    found = assert_only("MR501", text, BOX)
    assert [(one.message, one.span.line) for one in found.related] == [("this rule decides first", found.span.line - 1)]


def test_names_of_rules_are_plain_over_all_files() -> None:
    found = loaded(
        BOX, "for shop rule a on stop box then respond 500", "for shop rule a on delete box then respond 500"
    )
    assert told(found.diagnostics) == ["MR206 1:15-16"]


def test_a_name_is_taken_in_its_layer_alone() -> None:
    """Whoever ships rules can't know what others call theirs."""
    shop = 'service shop "Shop" { mount /shop }\nfor shop\nresource box in world { id sequence  size int }\n'
    shop += "operation create box POST /boxes { create box {}  answer 201 }\n"
    rule = "for shop.box\nrule slow NAME on create when size == 1 then delay 1s"
    shipped = Source("shipped.rules", shop + rule.replace("NAME", ""), SHIPPED)

    def codes(text: str) -> list[str]:
        return [one.code for one in load([Source("team.rules", text), shipped]).diagnostics]

    assert codes(rule.replace("NAME", "")) == []
    assert codes(rule.replace("NAME", "overrides slow")) == []
    assert codes(rule.replace("NAME", "") + "\n" + rule.replace("NAME", "").replace("== 1", "== 2")) == ["MR206"]
    assert codes(rule.replace("slow NAME", "mine overrides mine")) == ["MR212"]
