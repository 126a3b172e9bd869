# SPDX-License-Identifier: Apache-2.0
"""Texts that are added to a checked model: what they may hold, what they are held against, where their mistakes are.

A text says what a file of the same words would, so that the checks of files are the oracle here.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mimic_rules.language.additions import Added, load_rules, surroundings
from mimic_rules.language.load import RUN_TIME, Source, load
from tests.language.checking import BOX, loaded, told, unmarked

RULES = """\
for shop.box
rule heavy "Heavy boxes stay." when size == 3 then status stays BUILD
rule light overrides heavy when size == 3 and heavy then status becomes ACTIVE after 5s
"""
FILES = loaded(BOX + RULES)
AROUND = surroundings(FILES.model)


def added(text: str, *before: str) -> Added:
    """What a text gives, beside others that were added before."""
    others = list(FILES.model.rules)
    for number, one in enumerate(before):
        others += load_rules(f"before{number}", one, AROUND, others).rules
    return load_rules("mine", text, AROUND, others)


def only(code: str, marked: str, *before: str) -> str:
    """The help of the one diagnostic, which is of that code and between the marks."""
    text, place = unmarked(marked)
    found = added(text, *before).diagnostics
    assert told(found) == [f"{code} {place}"], [one.message for one in found]
    assert found[0].span.file == "mine"
    return found[0].help


def test_the_files_are_right() -> None:
    assert FILES.diagnostics == ()


def test_rules_come_with_their_subjects_in_the_order_written() -> None:
    found = added(
        "for shop.box\nwhen size == 1 then status stays BUILD\n"
        "for shop { rule b on stop box then respond 500 }\n"
        "on any then respond 503"
    )
    assert found.diagnostics == ()
    assert [(one.service, one.resource, one.layer, one.rule.span.place()) for one in found.rules] == [
        ("shop", "box", RUN_TIME, "mine:2:1"),
        ("shop", None, RUN_TIME, "mine:3:12"),
        ("shop", "box", RUN_TIME, "mine:4:1"),
    ]


def test_loops_and_templates_of_the_text_itself() -> None:
    found = added(
        "for shop.box\ntemplate stuck($n) { rule stuck_$n when name == '$n' then status stays BUILD }\n"
        "use stuck(a)\nuse stuck(b)"
    )
    assert ([one.rule.name for one in found.rules], found.diagnostics) == (["stuck_a", "stuck_b"], ())
    found = added("for shop.box\nfor each $n in [a, b] { rule loop_$n when name == '$n' then status stays BUILD }")
    assert ([one.rule.name for one in found.rules], found.diagnostics) == (["loop_a", "loop_b"], ())


@pytest.mark.parametrize(
    "declared",
    [
        'service other "Other" { mount /other }',
        "resource cup in world { id uuid }",
        "quota cups 3",
        "setting size int = 3",
        "let big = size > 3",
        "view box.small { id }",
        "operation show box GET /boxes/{id} { answer 200 }",
        'gone 410 "gone" /x',
    ],
)
def test_what_a_file_declares_is_no_rule(declared: str) -> None:
    word, rest = declared.split(" ", 1)
    help = only("MR115", f"for shop\n«{word}» {rest}\nrule fine on stop box then respond 500")
    assert help == "declare it in a file"


def test_mistakes_have_their_places() -> None:
    assert only("MR201", "for shop.box\nwhen «siez» == 1 then status stays BUILD") == "did you mean `size`?"
    assert only("MR202", "for «shp».box\nwhen size == 1 then status stays BUILD") == "did you mean `shop`?"
    assert only("MR203", "for shop.box\non «stp» then respond 500") == "did you mean `stop`?"
    assert only("MR301", "for shop.box\nwhen «name == 1» then status stays BUILD")
    assert only("MR103", "language «9»\nfor shop.box\nwhen size == 1 then status stays BUILD")
    assert only("MR101", "for shop.box\nwhen size «=» 1 then status stays BUILD")


def test_names_are_looked_for_in_all_rules() -> None:
    mine = "for shop.box\nrule «NAME» when size == 9 then status stays BUILD"
    # what files call a rule is free for texts
    assert added(mine.replace("«NAME»", "heavy")).diagnostics == ()
    before = "for shop.box\nrule mine when size == 8 then status stays BUILD"
    assert only("MR206", mine.replace("NAME", "mine"), before) == "rename one of the two"
    # what was there before has not become wrong by it
    assert added(mine.replace("«NAME»", "other"), before).diagnostics == ()


def test_rules_of_every_layer_can_be_overridden() -> None:
    before = "for shop.box\nrule mine overrides light when size == 8 then status stays BUILD"
    text = "for shop.box\nrule newer overrides NAME when size == 9 then status stays BUILD"
    for name in ("heavy", "light", "mine"):
        assert added(text.replace("NAME", name), before).diagnostics == ()
    assert only("MR503", text.replace("NAME", "«miine»"), before) == "did you mean `mine`?"


def test_a_circle_of_overriding_is_reported() -> None:
    a = "for shop.box\nrule a overrides b when size == 8 then status stays BUILD"
    b = "\nrule b overrides a when size == 9 then status stays BUILD"
    text = a + b
    assert [one.code for one in added(text).diagnostics] == ["MR212"]


def test_a_rule_that_can_never_decide_is_looked_for_in_the_text_alone() -> None:
    text = "for shop.box\nwhen size == 3 then status stays BUILD"
    assert added(text).diagnostics == ()
    again = text + "\n«when size == 3 then status becomes ACTIVE»"
    only("MR501", again)


def test_the_model_stays_as_it_is() -> None:
    before = (list(FILES.model.rules), dict(FILES.model.services))
    added("for shop.box\nwhen size == 77 then status stays BUILD")
    assert (FILES.model.rules, FILES.model.services) == before


WORDS = """for shop.box|for shop|rule a|on stop|on make box|when|size == 3|siez > 'a'|then|{|}|respond 500
status stays BUILD|status stays GONE|resource x in world { id uuid }|overrides heavy
for each $n in [a, b] {|$n|name matches /(/|"a {b"
only 2 times|language 1|# aside"""
PIECES = st.sampled_from([*WORDS.replace("\n", "|").split("|"), "\n"])


@given(st.lists(PIECES, max_size=12).map(" ".join) | st.text(max_size=40))
def test_any_text_is_read_and_says_what_a_file_of_it_would(text: str) -> None:
    """The same diagnostics, but for declarations, which a file may have, and for names that are there twice."""
    found = added(text)
    of_file = load([Source("mine", text, RUN_TIME), Source("a.rules", BOX + RULES)])
    mine = [one for one in of_file.diagnostics if one.span.file == "mine" and one.code != "MR206"]
    if "resource" not in text:
        assert [one for one in found.diagnostics if one.code != "MR206"] == mine
        assert all(rule.rule == other.rule for rule, other in zip(found.rules, of_file.model.rules, strict=False))
    assert all(one.span.file == "mine" for one in found.diagnostics)
