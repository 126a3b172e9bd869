# SPDX-License-Identifier: Apache-2.0
"""The rules that a world consults, as values and in a world in its place: order, names, counts, what goes with them."""

import gc
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mimic_rules.compiler import compile_model
from mimic_rules.engine import Request, Response, link
from mimic_rules.engine.exchange import MISSING
from mimic_rules.language.load import Source, load
from mimic_rules.state.clock import WorldClock, elapsed
from mimic_rules.web.footing import Footing
from mimic_rules.web.journal import Journal
from mimic_rules.web.mounts import Mount
from mimic_rules.web.runtime import (
    CantAdd,
    Given,
    WrongText,
    add,
    clear,
    moved,
    remove,
    restored,
    standing_on,
    state,
    switch,
    with_texts,
)
from tests.driver import DESK

SHELVES = (
    DESK
    + """
resource note in world { id sequence  title text  colour text = 'white'  status lifecycle }
lifecycle of note.status { state NEW  state READ  start NEW  NEW -> READ after 5s }
view note.full { id  title  status }
operation create note POST /notes body { title: text } { create note { title: body.title }  answer 201 note as full }
operation list note GET /notes { list note as full { filter status } }
for desk.note
"""
)
TEAM = (
    SHELVES
    + """
rule teams "One of the team's." on create when body.title == 'team' then respond 409 conflict "team"
on create when body.title == 'nameless' then respond 409 conflict "nameless"
"""
)


def footing(text: str = TEAM) -> Footing:
    loaded = load([Source("team.rules", text)])
    assert not loaded.diagnostics, [one.message for one in loaded.diagnostics]
    return Footing(link(compile_model(loaded.model)), loaded.model, loaded.sources)


FOOTING = footing()


def mounted() -> Mount:
    world = FOOTING.engine.new_world("w", clock=WorldClock(1000.0, frozen=True), seed=1)
    return Mount(world, FOOTING.engine, Journal(10), rules=standing_on(FOOTING))


def ask(mount: Mount, method: str, title: str = "") -> Response:
    body: Any = {"title": title} if title else MISSING
    return mount.engine.handle(mount.world, Request(method, "/desk/notes", {}, {}, "http://desk.test", lambda: body))


def said(mount: Mount, title: str) -> str:
    """The words of the fault that a creation meets, or nothing."""
    answer = ask(mount, "POST", title)
    return "" if answer.status == 201 else answer.body["message"]


def refusing(title: str, words: str, name: str = "", more: str = "") -> Given:
    rule = f"rule {name} {more} " if name else ""
    return Given(f"for desk.note\n{rule}on create when body.title == '{title}' then respond 409 conflict \"{words}\"")


def test_a_text_takes_effect_at_once_and_before_all_that_was_there() -> None:
    mount = mounted()
    assert (said(mount, "team"), said(mount, "x")) == ("team", "")
    add(mount, [refusing("team", "first"), refusing("x", "x")])
    assert (said(mount, "team"), said(mount, "x")) == ("first", "x")
    add(mount, [refusing("team", "second")])
    assert said(mount, "team") == "second"
    # within a text, the order written
    add(
        mount,
        [Given(refusing("x", "1").text + "\n" + refusing("team", "3").text.replace("for desk.note\n", ""), "both")],
    )
    add(
        mount,
        [
            Given(
                "for desk.note\non create when body.title == 'x' then respond 409 conflict \"a\"\n"
                "on create when body.title starts with 'x' then respond 409 conflict \"b\""
            )
        ],
    )
    assert (said(mount, "x"), said(mount, "team")) == ("a", "3")


def test_overriding_goes_across_texts() -> None:
    mount = mounted()
    add(mount, [refusing("x", "old", "one")])
    add(mount, [refusing("x", "over", "two", "overrides one")])
    remove(mount, ["r1:2:1"])
    add(mount, [refusing("x", "new", "one")])
    # of all texts the last comes first, but for one that overrides it
    assert said(mount, "x") == "over"
    assert [plan.id for plan in mount.rules.plans()][:2] == ["r2:2:1", "r3:2:1"]


def test_texts_have_names_that_none_had_before() -> None:
    mount = mounted()
    assert [one.id for one in add(mount, [refusing("a", "a"), refusing("b", "b")])] == ["r1", "r2"]
    remove(mount, ["r2:2:1"])
    clear(mount)
    assert [one.id for one in add(mount, [refusing("a", "a"), Given(refusing("b", "b").text, "mine")])] == [
        "r3",
        "mine",
    ]
    for name in ("mine", "r3", "team.rules"):
        with pytest.raises(CantAdd, match=f"there are rules with the name `{name}` already"):
            add(mount, [Given(refusing("c", "c").text, name)])
    assert answer_header(mount, "b") == ("mine:2",)


def answer_header(mount: Mount, title: str) -> tuple[str, ...]:
    return ask(mount, "POST", title).rules


def test_what_is_counted_of_a_rule_goes_with_it() -> None:
    mount = mounted()
    once = 'for desk.note\non create only 1 times then respond 409 conflict "once"'
    add(mount, [Given(once, "once")])
    assert [said(mount, "a"), said(mount, "a")] == ["once", ""]
    mount.world.tallies.decided("once:2:1", "req-1")
    remove(mount, ["once:2:1"])
    assert mount.world.tallies.hits("once:2:1").decided == 0
    add(mount, [Given(once, "once")])
    assert [said(mount, "a"), said(mount, "a")] == ["once", ""]
    clear(mount)
    add(mount, [Given(once, "once")])
    assert said(mount, "a") == "once"


def test_a_rule_that_holds_for_a_while_holds_from_when_it_was_added() -> None:
    mount = mounted()
    mount.world.clock.advance(100)
    add(mount, [Given('for desk.note\non create only during 30s then respond 409 conflict "now"', "once")])
    mount.world.clock.advance(29)
    assert said(mount, "a") == "now"
    mount.world.clock.advance(2)
    assert said(mount, "a") == ""
    # to disable it and enable it again does not make it new, to add it again does
    switch(mount, ["once:2:1"], enabled=False)
    switch(mount, ["once:2:1"], enabled=True)
    assert said(mount, "a") == ""
    (text,) = mount.rules.texts
    clear(mount)
    add(mount, [Given(text.text, "once")])
    assert said(mount, "a") == "now"


def test_rules_of_every_layer_are_disabled_and_enabled() -> None:
    mount = mounted()
    add(mount, [refusing("x", "x")])
    (team,) = [plan.id for plan in mount.rules.plans() if plan.name == "teams"]
    switch(mount, [team, "r1:2:1"], enabled=False)
    assert (said(mount, "team"), said(mount, "x"), said(mount, "nameless")) == ("", "", "nameless")
    switch(mount, ["r1:2:1"], enabled=True)
    assert (said(mount, "team"), said(mount, "x")) == ("", "x")
    clear(mount)
    assert (said(mount, "team"), said(mount, "x")) == ("team", "")
    # with nothing of its own the world has the engine of the files again
    assert mount.engine is FOOTING.engine


def test_one_rule_of_a_text_goes_and_the_others_stay() -> None:
    mount = mounted()
    add(mount, [Given(refusing("a", "a").text + "\non create when body.title == 'b' then respond 409 conflict \"b\"")])
    remove(mount, ["r1:2:1"])
    assert (said(mount, "a"), said(mount, "b")) == ("", "b")
    remove(mount, ["r1:3:1"])
    assert (mount.rules.texts, said(mount, "b")) == ((), "")


def test_of_several_texts_all_are_added_or_none() -> None:
    mount = mounted()
    before = mount.rules
    with pytest.raises(WrongText) as caught:
        add(mount, [refusing("a", "a"), Given("for desk.note\non crate then respond 500"), Given("for dsk", "mine")])
    assert [one.span.place() for one in caught.value.diagnostics] == ["r2:2:4", "mine:1:5"]
    assert set(caught.value.sources) == {"r1", "r2", "mine"}
    with pytest.raises(CantAdd, match="may hold 1 rules"):
        add(mount, [refusing("a", "a"), refusing("b", "b")], most=1)
    assert mount.rules is before
    assert mount.engine is FOOTING.engine
    assert said(mount, "a") == ""


def test_what_is_waved_through_with_a_reason_is_added_and_warnings_come_along() -> None:
    same = "on create when body.title == 'a' then respond 409 conflict \"a\"\n"
    mount = mounted()
    with pytest.raises(WrongText) as caught:
        add(mount, [Given("for desk.note\n" + same + same)])
    assert [one.code for one in caught.value.diagnostics] == ["MR501"]
    (text,) = add(mount, [Given(f"for desk.note\n{same}# lint: ignore MR501 because it is a test\n{same}")])
    assert text.warnings == ()
    (text,) = add(mount, [Given("for desk.note\n# lint: ignore MR501 because it might be\n" + same)])
    assert [one.code for one in text.warnings] == ["MR702"]


def test_every_rule_has_a_number_of_its_own_and_later_texts_lower_ones() -> None:
    rules = standing_on(FOOTING)
    for at in range(4):
        rules = with_texts(rules, [Given(refusing(f"a{at}", "a").text + "\n" + "on create then respond 500")])
    numbers = [plan.number for plan in rules.plans()]
    assert numbers == sorted(set(numbers))


def test_a_thousand_texts_take_longer_by_no_more_than_their_number() -> None:
    """The fastest of ten each: other processes share the machine, and other tests the memory that is collected."""
    mount = mounted()
    took: list[float] = []
    gc.collect()
    gc.freeze()
    for at in range(1000):
        started = elapsed()
        add(mount, [refusing(f"a{at}", "a", f"a{at}")])
        took.append(elapsed() - started)
    gc.unfreeze()
    # twice as many take about twice as long, where work on every pair of them would take four times as long
    assert min(took[-10:]) < 3 * min(took[490:500])
    assert said(mount, "a500") == "a"


# -- what snapshots and forks need, and files that are read again


def test_a_fork_has_the_value_and_goes_its_own_way() -> None:
    mount = mounted()
    add(mount, [refusing("x", "x")])
    fork = Mount(mount.world.fork("fork"), mount.engine, Journal(1), rules=mount.rules)
    clear(mount)
    assert (said(mount, "x"), said(fork, "x")) == ("", "x")


def test_state_is_read_back_whole() -> None:
    mount = mounted()
    add(
        mount,
        [refusing("a", "a"), Given(refusing("b", "b").text + "\non create when body.title == 'c' then respond 500")],
    )
    add(mount, [Given(refusing("d", "d").text, "mine")])
    remove(mount, ["r1:2:1", "r2:2:1"])
    switch(
        mount, ["mine:2:1", "team.rules:" + FOOTING.model.rules[0].rule.span.place().split(":", 1)[1]], enabled=False
    )
    again = restored(FOOTING, state(mount.rules))
    assert state(again) == state(mount.rules)
    assert [plan.id for plan in again.engine.linked.plan.rules] == [
        plan.id for plan in mount.rules.engine.linked.plan.rules
    ]
    assert [text.id for text in with_texts(again, [refusing("z", "z")]).texts] == ["r2", "mine", "r3"]


@pytest.mark.parametrize(
    "data",
    [
        None,
        {},
        {"made": "x", "texts": [], "disabled": []},
        {"made": 1, "texts": [{}], "disabled": []},
        {
            "made": 1,
            "texts": [{"id": "a", "text": "", "rules": []}, {"id": "a", "text": "", "rules": []}],
            "disabled": [],
        },
    ],
)
def test_what_is_no_state_is_refused(data: Any) -> None:
    with pytest.raises(ValueError, match=r"this doesn't say|already"):
        restored(FOOTING, data)


def test_a_state_whose_texts_dont_fit_is_refused() -> None:
    rules = with_texts(standing_on(FOOTING), [refusing("x", "x")])
    other = footing(DESK + "resource cup in world { id uuid }\n")
    with pytest.raises(WrongText):
        restored(other, state(rules))


def test_texts_move_to_other_files_and_what_does_not_fit_stays_behind() -> None:
    rules = with_texts(
        standing_on(FOOTING),
        [
            refusing("x", "x", "mine"),
            Given("for desk.note\nwhen colour == 'red' then status stays NEW"),
            refusing("y", "y"),
        ],
    )
    fresh = footing(TEAM.replace("colour text = 'white'", "size int = 1").replace("teams", "mine"))
    after, wrong = moved(rules, fresh)
    assert [text.id for text in after.texts] == ["r1", "r3"]
    assert [(one.code, one.span.place()) for one in wrong] == [("MR201", "r2:2:6")]
    assert [text.id for text in with_texts(after, [refusing("z", "z")]).texts] == ["r1", "r3", "r4"]


def test_rules_stay_disabled_when_files_are_read_again() -> None:
    mount = mounted()
    add(mount, [refusing("x", "x")])
    switch(mount, [plan.id for plan in mount.rules.plans()], enabled=False)
    assert len(mount.rules.disabled) == 3
    # one line further down, and with another condition: a name is a name
    fresh = footing(TEAM.replace("rule teams", "\nrule teams").replace("== 'team'", "== 'TEAM'"))
    after, _ = moved(mount.rules, fresh)
    assert after.disabled == {"r1:2:1", *fresh.rules}
    # a rule without a name is another one where it says something else
    after, _ = moved(mount.rules, footing(TEAM.replace("== 'nameless'", "== 'other'")))
    assert len(after.disabled) == 2


TITLES = ["a", "b", "team", "nameless"]
TEXTS = st.builds(
    lambda rules: "for desk.note\n" + "\n".join(rules),
    st.lists(
        st.builds(
            "on create when {} {} then respond {}".format,
            st.sampled_from([*(f"body.title == '{title}'" for title in TITLES), "body.title starts with 'n'"]),
            st.sampled_from(["", "only 1 times", "only 2 times per title"]),
            st.sampled_from(['409 conflict "1"', "404", "500"]),
        ),
        min_size=1,
        max_size=3,
    ),
)
ASKED = st.lists(st.sampled_from(TITLES), max_size=5)


@given(st.lists(TEXTS, max_size=3), ASKED, ASKED)
def test_adding_and_removing_leaves_answers_as_before(
    texts: Sequence[str], between: list[str], after: list[str]
) -> None:
    one, other = mounted(), mounted()
    try:
        add(one, [Given(text) for text in texts])
    except WrongText:
        assert state(one.rules) == state(other.rules)
    else:
        # the other world is not touched by any of it
        assert {said(other, title) for title in between if title in ("a", "b")} <= {""}
        for text in one.rules.texts:
            remove(one, [plan.id for plan in text.plans])
        one.world.become(other.world.fork("w").parts())
    answers = [[ask(world, "POST", title).body for title in after] for world in (one, other)]
    assert answers[0] == answers[1]
    assert ask(one, "GET").body == ask(other, "GET").body
    assert len(one.world.counters) == 0
