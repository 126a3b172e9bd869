# SPDX-License-Identifier: Apache-2.0
"""What the compiler makes of effects, and of how often a rule decides."""

from typing import Any

import pytest

from mimic_rules.compiler import compile_model, show
from mimic_rules.compiler import expressions as pl
from mimic_rules.compiler import program as pr
from mimic_rules.language.load import RUN_TIME, SHIPPED, TEAM, Source, load
from tests.driver import DESK, program

ENGINE = (
    DESK
    + """
resource engine in tenant { id sequence  model text = 'x'  reason fault ?  metadata map of text = {}  status lifecycle }
resource box in tenant { id sequence  plural boxes }
lifecycle of engine.status { state NEW  state OLD  start NEW  NEW -> OLD after 5s }
view engine.full { id  model }
operation create engine POST /engines { create engine { ...body }  answer 201 engine as full }
operation show engine GET /engines/{id} { answer 200 self as full }
for desk.engine
"""
)
SECONDS = pl.Const(30.0)


def row(sentence: str) -> pr.RulePlan:
    """The row of one sentence."""
    (one,) = program(ENGINE + sentence).rules
    return one


def effect(text: str, on: str = "on create ") -> pr.EffectPlan:
    """The plan of one effect, without the places of its faults."""
    (plan,) = row(f"{on}then {text}").effects
    return plan


@pytest.mark.parametrize(
    ("only", "plan"),
    [
        ("once", pr.OftenPlan(times=1)),
        ("3 times", pr.OftenPlan(times=3)),
        ("every 5th", pr.OftenPlan(every=5)),
        ("10% evenly", pr.OftenPlan(share=(1, 10))),
        ("33.3% at random", pr.OftenPlan(share=(333, 1000), at_random=True)),
        ("100% evenly", pr.OftenPlan(share=(1, 1))),
        ("every 2nd per tenant", pr.OftenPlan(every=2, per=pl.Get(pl.Root("tenant"), "id"))),
        ("3 times per engine", pr.OftenPlan(times=3, per=pl.FieldOf(pl.Slot(pl.SELF, "self"), "id"))),
        (
            "3 times per model, during 10m",
            pr.OftenPlan(times=3, per=pl.FieldOf(pl.Slot(pl.SELF, "self"), "model"), during=600.0),
        ),
        ("during 30s", pr.OftenPlan(during=30.0)),
        (
            "from 09:00 until 17:30",
            pr.OftenPlan(since=pr.MomentPlan(32_400.0, daily=True), until=pr.MomentPlan(63_000.0, daily=True)),
        ),
        ("from 09:00:30 during 30m", pr.OftenPlan(during=1800.0, since=pr.MomentPlan(32_430.0, daily=True))),
        ("until 2030-01-01T00:00:00Z", pr.OftenPlan(until=pr.MomentPlan(1_893_456_000.0))),
    ],
)
def test_how_often(only: str, plan: pr.OftenPlan) -> None:
    assert row(f"on show only {only} then respond 500").often == plan


@pytest.mark.parametrize(
    ("text", "plan"),
    [
        ("pretend", pr.PretendPlan("references")),
        ("pretend before guard", pr.PretendPlan("guard")),
        ("hidden for 30s", pr.HidePlan("references", SECONDS)),
        ("hidden for 30s before quota", pr.HidePlan("quota", SECONDS)),
        ("first 2 of box only", pr.PartPlan("references", 2, "desk.box")),
        ("first 0 of boxes only before effects", pr.PartPlan("effects", 0, "desk.box")),
        ("pass", pr.PassPlan("references")),
        ("delay 2s", pr.DelayPlan(2.0, 2.0)),
        ("delay 200ms..900ms", pr.DelayPlan(0.2, 0.9)),
        ("drop connection", pr.WirePlan("drop")),
        ("reset", pr.WirePlan("reset")),
        ("reset connection", pr.WirePlan("reset")),
        ("garble body", pr.WirePlan("garble")),
        ("truncate body at 50%", pr.WirePlan("truncate", 0.5)),
        ("set 'a:b' = 1", pr.ShowPlan("a:b", pl.Const(1))),
        ("omit model", pr.ShowPlan("model", None)),
        ("respond from 1 default {}", pr.RespondPlan("references", source=pl.Fallback(pl.Const(1), pl.Build(())))),
        ("cycle [pass | pretend before guard]", pr.CyclePlan((pr.PassPlan("guard"), pr.PretendPlan("guard")))),
        ("cycle [pass before guard | pass before guard]", pr.CyclePlan((pr.PassPlan("guard"), pr.PassPlan("guard")))),
        ("cycle [delay 1s | pass]", pr.CyclePlan((pr.DelayPlan(1.0, 1.0), pr.PassPlan("references")))),
    ],
)
def test_effects_without_faults(text: str, plan: pr.EffectPlan) -> None:
    assert effect(text) == plan


def test_answers_have_all_that_is_said_of_them() -> None:
    plan = effect(
        "respond 403 'no' with body { a: model } header 'X' = 'y' header 'Z' = 1 retry after 30s after commit"
    )
    assert isinstance(plan, pr.RespondPlan)
    assert plan.fault is not None
    assert (plan.phase, plan.fault.status, plan.fault.message) == ("references", 403, pl.Const("no"))
    model = pl.FieldOf(pl.Slot(pl.SELF, "self"), "model")
    assert plan.body == pl.Build((pl.Pair(pl.Const("a"), model),))
    assert plan.headers == (("X", pl.Const("y")), ("Z", pl.Const(1)))
    assert (plan.retry_after, plan.after_commit, plan.source) == (SECONDS, True, None)
    assert effect("respond 401 with body ''").__class__ is pr.RespondPlan


def test_a_limit_may_say_how_long_to_wait() -> None:
    plan = effect('limit 10 per 60s per tenant respond 413 "wait {wait} s" before guard')
    assert isinstance(plan, pr.LimitPlan)
    assert (plan.phase, plan.count, plan.seconds, plan.per) == ("guard", 10, 60.0, pl.Get(pl.Root("tenant"), "id"))
    assert plan.respond.fault is not None
    assert plan.respond.phase == "guard"
    assert plan.respond.fault.message == pl.Join((pl.Const("wait "), pl.Extra("wait"), pl.Const(" s")))
    assert plan.respond.retry_after is None
    without = effect("limit 1 per 1s respond 413 retry after 5s")
    assert isinstance(without, pr.LimitPlan)
    assert (without.per, without.respond.retry_after) == (None, pl.Const(5.0))


def test_a_chain_fills_the_field_of_faults() -> None:
    plan = effect("status becomes OLD after 1s, then NEW after metadata.a seconds with fault 500 'no'")
    assert isinstance(plan, pr.BecomesPlan)
    assert plan.fault_field == "reason"
    first, second = plan.steps
    assert first == pr.StepPlan("OLD", pl.Const(1.0))
    assert (second.state, second.fault and second.fault.message) == ("NEW", pl.Const("no"))
    assert effect("status becomes OLD") == pr.BecomesPlan("status", (pr.StepPlan("OLD"),))


def test_the_waits_of_a_cycle_are_read_too() -> None:
    sentence = "then cycle [status stays NEW for metadata.a seconds | status becomes OLD after model seconds | pass]"
    assert row(sentence).reads == {"metadata", "model"}


def test_every_slot_of_the_tables_is_one_of_the_language() -> None:
    """Both lists of slots say the same of which effects exclude each other."""
    passing = effect("pass")
    for text in ("respond 500", "pretend", "hidden for 1s", "delay 1s", "drop connection"):
        assert set(effect(text).slots) <= set(passing.slots)
        both = load([Source("a", f"{ENGINE}on create then pass, {text}")]).diagnostics
        assert [one.code for one in both] == ["MR506"]
    for text in ("first 2 of box only", "omit model", "status stays NEW"):
        assert not set(effect(text).slots) & set(passing.slots)
        assert not load([Source("a", f"{ENGINE}on create then pass, {text}")]).diagnostics


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("status stays NEW", ("lifecycle status",)),
        ("respond 500", ("answer", "commit")),
        ("limit 1 per 1s respond 413", ("answer", "commit")),
        ("first 2 of boxes only", ("part desk.box",)),
        ("set model = 1", ("shown model",)),
        ("omit model", ("shown model",)),
        ("cycle [pretend | respond 500]", ("commit", "answer")),
    ],
)
def test_what_is_filled(text: str, slots: tuple[str, ...]) -> None:
    assert effect(text).slots == slots


def test_rules_of_run_time_come_first() -> None:
    sources = [
        Source("shipped", ENGINE + "on create then respond 500", SHIPPED),
        Source("team", "for desk.engine on create then respond 501", TEAM),
        Source("new", "for desk.engine on create then respond 502", RUN_TIME),
    ]
    rows = compile_model(load(sources).model).rules
    assert [one.place.partition(":")[0] for one in rows] == ["new", "team", "shipped"]


def test_documents_are_handed_out() -> None:
    text = "service shop 'Shop' { hands out 'urls' = { shop: service.url }  hands out 'x' = [s.url for s in services] }"
    plan = program(text).services["shop"]
    assert [name for name, _ in plan.handouts] == ["urls", "x"]
    assert plan.handouts[0][1] == pl.Build((pl.Pair(pl.Const("shop"), pl.Get(pl.Root("service"), "url")),))
    assert plan.handout_size > pl.FIRST_LOCAL
    assert program("service none 'None' {}").services["none"].handouts == ()


def shown(sentence: str) -> dict[str, Any]:
    """A rule as people read it."""
    (rule,) = show(program(ENGINE + sentence))["rules"]
    return dict(rule)


def test_effects_can_be_read() -> None:
    rule = shown(
        "on show only 10% at random, from 09:00 during 1h\n"
        "then delay 1s..2s, first 0 of boxes only, set model = 'y', omit id, truncate body at 0%"
    )
    assert rule["often"] == {"share": [1, 10], "at_random": True, "during": 3600.0, "since": "09:00"}
    assert rule["effects"] == [
        {"delay": {"low": 1.0, "high": 2.0}},
        {"part": {"phase": "references", "count": 0, "kind": "desk.box"}},
        {"set": 'model: "y"'},
        {"omit": "id"},
        {"wire": {"how": "truncate", "share": 0.0}},
    ]
    assert shown("on create then cycle [respond 500 | pass]")["effects"] == [
        {
            "cycle": {
                "items": [
                    {"respond": {"phase": "references", "fault": "500 null @ 0.rules:17:23"}},
                    {"pass": {"phase": "references"}},
                ]
            }
        }
    ]


def test_what_is_wrong_compiles_all_the_same() -> None:
    loaded = load(
        [Source("a", f"{ENGINE}on create then first 2 of nothing only"), Source("b", "on any then first 1 of x only")]
    )
    kinds = [one.effects[0] for one in compile_model(loaded.model).rules]
    assert kinds == [pr.PartPlan("references", 2, "nothing"), pr.PartPlan("references", 1, "x")]


def test_a_rule_that_overrides_one_of_a_later_layer_stays_where_it_is() -> None:
    shop = 'service shop "Shop" { mount /shop }\nfor shop\nresource box in world { id sequence  size int }\n'
    shop += "operation create box POST /boxes { create box {}  answer 201 }\nfor shop.box\n"

    def rules(*names: str) -> str:
        return "".join(f"rule {name} on create when size == {at} then delay 1s\n" for at, name in enumerate(names))

    team = "for shop.box\n" + rules("a overrides last", "b", "c overrides b")
    ranked = program(team, shipped=[shop + rules("first", "last")]).rules
    assert [one.name for one in ranked] == ["a", "c", "b", "first", "last"]
