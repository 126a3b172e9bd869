# SPDX-License-Identifier: Apache-2.0
"""The trees of rules: every form of an effect, every way to say how often, and what white space can't change."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mimic_rules.language import expressions as ex
from mimic_rules.language import lifecycles as li
from mimic_rules.language import rules as ru
from mimic_rules.language.faults import Fault, Header
from mimic_rules.language.moments import ordinal, read_moment, write_moment
from mimic_rules.language.print_rules import print_effect
from mimic_rules.language.syntax import read


def rule(text: str) -> ru.Rule:
    """The one rule of a text without mistakes."""
    file, diagnostics = read("a.rules", text)
    assert not diagnostics.items, [(one.span.place(), one.message) for one in diagnostics.items]
    (item,) = file.items
    assert isinstance(item, ru.Rule)
    return item


EFFECTS: list[tuple[str, ru.Effect]] = [
    ("status stays BUILD for 30s", ru.Stays("status", "BUILD", ex.Duration(30.0))),
    (
        'status becomes ACTIVE, then ERROR after 1h with fault 500 "No valid host was found."',
        ru.Becomes(
            "status",
            (
                ru.ChainStep("ACTIVE"),
                ru.ChainStep("ERROR", ex.Duration(3600.0), Fault(500, None, ex.Literal("No valid host was found."))),
            ),
        ),
    ),
    ("status becomes from a.b", ru.Becomes("status", (), ex.Attribute(ex.Name("a"), "b"))),
    (
        'respond 403 forbidden "Quota exceeded…"',
        ru.Respond(403, "forbidden", ex.Literal("Quota exceeded…")),
    ),
    ("respond 413 overLimit retry after 30s", ru.Respond(413, "overLimit", None, retry_after=ex.Duration(30.0))),
    ('respond 401 with body ""', ru.Respond(401, None, None, body=ex.Literal(""))),
    (
        'respond 403 with body "<html>" header "Content-Type" = "text/plain"',
        ru.Respond(
            403,
            None,
            None,
            body=ex.Literal("<html>"),
            headers=(Header("Content-Type", ex.Literal("text/plain")),),
        ),
    ),
    (
        "respond 503 with body { any: object }",
        ru.Respond(503, None, None, body=ex.ObjectOf((ex.Entry(ex.Literal("any"), ex.Name("object")),))),
    ),
    (
        "respond 500 before guard after commit retry after x seconds",
        ru.Respond(500, None, None, None, None, (), li.Seconds(ex.Name("x")), True, "guard"),
    ),
    (
        "respond from json(metadata.create_server_failure) instead",
        ru.Respond(
            None,
            None,
            None,
            ex.Call("json", (ex.Attribute(ex.Name("metadata"), "create_server_failure"),)),
        ),
    ),
    (
        "limit 10 per 60s per tenant respond 413 overLimit retry after 5s",
        ru.Limit(10, 60.0, ex.Name("tenant"), ru.Respond(413, "overLimit", None, retry_after=ex.Duration(5.0))),
    ),
    ("limit 1 per 1h respond 429", ru.Limit(1, 3600.0, None, ru.Respond(429, None, None))),
    ("pretend", ru.Pretend()),
    ("hidden for 30s", ru.Hide(ex.Duration(30.0))),
    ("first 2 of nodes only", ru.FirstOf(2, "nodes")),
    ("first 2 of nodes only before quota", ru.FirstOf(2, "nodes", "quota")),
    ("delay 2s", ru.Delay(2.0, 2.0)),
    ("delay 200ms..900ms", ru.Delay(0.2, 0.9)),
    ("drop connection", ru.Wire("drop")),
    ("reset", ru.Wire("reset")),
    ("reset connection", ru.Wire("reset")),
    ("truncate body at 50%", ru.Wire("truncate", "50")),
    ("garble body", ru.Wire("garble")),
    ("set fault = { code: 500 }", ru.SetShown("fault", ex.ObjectOf((ex.Entry(ex.Literal("code"), ex.Literal(500)),)))),
    ("omit addresses", ru.Omit("addresses")),
    ('omit "OS-EXT-STS:task_state"', ru.Omit("OS-EXT-STS:task_state")),
    ("pass", ru.PassOn()),
    (
        "cycle [respond 500 | respond 401 | pass]",
        ru.Cycle((ru.Respond(500, None, None), ru.Respond(401, None, None), ru.PassOn())),
    ),
]


@pytest.mark.parametrize(("text", "effect"), EFFECTS, ids=lambda value: value if isinstance(value, str) else "")
def test_effects(text: str, effect: ru.Effect) -> None:
    assert rule(f"then {text}").effects == (effect,)
    assert rule(f"then {print_effect(effect)}").effects == (effect,)


@given(st.lists(st.sampled_from(EFFECTS), min_size=1, max_size=4), st.sampled_from([" ", "\n", "\n  ", " # so\n"]))
def test_effects_stand_beside_each_other_and_before_any_rule(some: list[tuple[str, ru.Effect]], blank: str) -> None:
    text = f",{blank}".join(one for one, _ in some)
    file, diagnostics = read(
        "a.rules", f"then {text}{blank}\nwhen a then pass\nrule b then pass\nonly once then {text}"
    )
    assert not diagnostics.items
    first, *_others, last = file.items
    assert isinstance(first, ru.Rule)
    assert isinstance(last, ru.Rule)
    assert len(file.items) == 4
    assert first.effects == last.effects == tuple(effect for _, effect in some)


def test_a_chain_may_go_on_in_the_next_line() -> None:
    (effect,) = rule("then a becomes B,  # first\n  then C after 3s,\n  then D after 4s").effects
    assert isinstance(effect, ru.Becomes)
    assert [step.state for step in effect.steps] == ["B", "C", "D"]
    assert effect.steps[2].span.place() == "a.rules:3:8"


MORNING = ru.Moment(9 * 3600, daily=True)
ONLY = [
    ("once", ru.Only(ru.Counted(times=1))),
    ("3 times per server", ru.Only(ru.Counted(times=3, per=ex.Name("server")))),
    ("every 5th", ru.Only(ru.Counted(every=5))),
    ("as often as a", ru.Only(ru.Counted(as_often=ex.Name("a")))),
    (
        "as often as a.b per tenant, during 10m",
        ru.Only(ru.Counted(per=ex.Name("tenant"), as_often=ex.Attribute(ex.Name("a"), "b")), ru.TimeWindow(600.0)),
    ),
    ("every 21st per tenant", ru.Only(ru.Counted(every=21, per=ex.Name("tenant")))),
    ("10% evenly", ru.Only(ru.Counted(share="10"))),
    ("0.5% at random per a.b", ru.Only(ru.Counted(None, None, "0.5", True, ex.Attribute(ex.Name("a"), "b")))),
    ("during 30s", ru.Only(None, ru.TimeWindow(30.0))),
    ("from 09:00", ru.Only(None, ru.TimeWindow(None, MORNING))),
    ("from 09:00 until 17:00:30", ru.Only(None, ru.TimeWindow(None, MORNING, ru.Moment(61_230, daily=True)))),
    ("from 09:00 during 30m", ru.Only(None, ru.TimeWindow(1800.0, MORNING))),
    ("until 2030-01-01T00:00:00Z", ru.Only(None, ru.TimeWindow(None, None, ru.Moment(1_893_456_000, daily=False)))),
    ("3 times per server, during 10m", ru.Only(ru.Counted(times=3, per=ex.Name("server")), ru.TimeWindow(600.0))),
    ("during 10m, once", ru.Only(ru.Counted(times=1), ru.TimeWindow(600.0))),
]


@pytest.mark.parametrize(("text", "only"), ONLY, ids=lambda value: value if isinstance(value, str) else "")
def test_how_often(text: str, only: ru.Only) -> None:
    assert rule(f"only {text} then pass").only == only


@given(st.integers(0, 86_399))
def test_times_of_day_read_back(seconds: int) -> None:
    assert read_moment(write_moment(seconds, daily=True)) == (seconds, True)


@given(st.integers(0, 253_402_300_799))
def test_dates_read_back(seconds: int) -> None:
    assert read_moment(write_moment(seconds, daily=False)) == (seconds, False)


@pytest.mark.parametrize("text", ["", "9:00", "24:00", "09:60", "09:00:60", "2030-13-01T00:00Z", "2030-01-01T24:00Z"])
def test_what_is_no_time(text: str) -> None:
    assert read_moment(text) is None


def test_ordinals_are_as_they_are_spoken() -> None:
    spoken = {1: "1st", 2: "2nd", 3: "3rd", 4: "4th", 11: "11th", 12: "12th", 13: "13th", 21: "21st", 112: "112th"}
    assert {number: ordinal(number) for number in spoken} == spoken


SLIPS = [
    (
        "on stop then respond 500 after 30s",
        "30s",
        "write `retry after 30s` for what the client is told, `delay` to answer later",
    ),
    ("on stop then respond 500 retry 30s", "30s", "write `after` before it"),
    ("on stop only 3 per box then pass", "per", "write `times` before it"),
    ("on stop only every 5 then pass", "5", "write an ordinal such as 5th"),
    ("on stop only 10% then pass", "then", "write `evenly` before it"),
    ("on stop only 3 times during 30s then pass", "during", "write `,` before it"),
    ("on stop only from 9 then pass", "9", "write a time such as 09:00"),
    (
        "on stop only twice then pass",
        "twice",
        "write how often, such as `once`, `3 times`, `every 5th` or `during 30s`",
    ),
    ("on stop then delay 2", "2", "write a duration such as 30s"),
    ("on stop then limit 10 per 60 respond 413", "60", "write a duration such as 30s"),
    ("on stop then hidden 30s", "30s", "write `for` and how long before it"),
    ("on stop then cycle [respond 500, respond 401]", ",", "write `|`"),
    ("on stop then truncate at 50%", "at", "write `body` before it"),
    ("on stop then set a 'x'", "'x'", "write `=` before it"),
    ("on stop then first 2 nodes only", "nodes", "write `of` before it"),
]


@pytest.mark.parametrize(("text", "word", "help"), SLIPS)
def test_likely_slips_say_what_to_write(text: str, word: str, help: str) -> None:
    file, diagnostics = read("a.rules", f"let above = 1\n{text}\nlet below = 2\n")
    (one,) = diagnostics.items
    assert (one.code, one.help) == ("MR101", help)
    column = text.rindex(word) + 1
    assert (one.span.line, one.span.column, one.span.end_column) == (2, column, column + len(word))
    assert [item.span.line for item in file.items if not isinstance(item, ru.Rule)] == [1, 3]
