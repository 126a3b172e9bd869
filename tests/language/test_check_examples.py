# SPDX-License-Identifier: Apache-2.0
"""What examples may ask for, and what is said of those that ask for what isn't there."""

import pytest

from mimic_rules.diagnostics import CODES, Code
from mimic_rules.language.examples import MAX_STEPS
from mimic_rules.language.load import Source, load
from tests.language.checking import BOX, assert_fine, assert_only, loaded, told

MORE = (
    BOX
    + """\
operation show box GET /boxes/{id} { answer 200 self as full }
operation paint lid PUT /boxes/{box}/lids/{id} body { colour: text } { answer 204 }
operation add lid POST /boxes/{box}/lids { create lid { colour: 'red' }  answer 201 }
operation pack box POST /packed { create maker { name: 'x' }  create box { name: 'y' }  answer 201 }
operation count box GET /count { answer 200 count(box) }
operation find box GET /a/{kind} until 2.2 { answer 200 }
operation find box GET /b until 2.4 since 2.3 { answer 200 }
operation turn box POST /boxes/{id}/action action 'turn' any { answer 202 }
operation turn box PUT /turned { answer 202 }
for shop.box
rule slow when name == 'slow' then status stays BUILD
"""
)
"""Operations with a target, a parent, something made, a version, an action, and none of these."""


def example(*steps: str, head: str = "") -> str:
    return f"for shop.box\nexample 'works' {head} {{\n" + "\n".join(steps) + "\n}\n"


@pytest.mark.parametrize(
    "steps",
    [
        ["box = make box { name: 'a' } -> 201", "show box -> 200", "expect box.status == BUILD"],
        ["box = make box { name: 'a' } -> 201", "lid = add lid -> 201", "paint lid { colour: 'blue' } -> 204"],
        ["x = make box { name: 'a' } -> 201", "show box at { id: x.id } -> 200", "y = show box at { id: x.id } -> 200"],
        ["box = pack box -> 201", "expect count(box) == 1 and first(box).name == 'y'"],
        ["count box -> 200 'no text'", "expect answer.body == 0 and answer.headers['x-a'] != 'b'"],
        ["find box at { kind: 'a' } -> 200"],
        ["find box at { ...{} } -> 200", 'find box at { "kin{1}": 2 } -> 200'],
        ["turn box -> 202", "turn box { turn: 1, other: 2 } -> 202", "turn box { ...{} } -> 202"],
        ["box = make box { name: 'a' } -> 201", "turn box { turn: null } -> 202"],
        ["box = make box { name: 'a' } -> 201", "age box 2h", "after 1s", "until quiet", "expect not has box.made"],
        ["expect count(box where made > now) == 0", "expect 3 in [path for path in [3]]"],
    ],
    ids=lambda steps: steps[-1],
)
def test_what_examples_may_say(steps: list[str]) -> None:
    assert_fine(example(*steps, head="for slow as { good: true, account: box.name default 'a' }"), MORE)


@pytest.mark.parametrize(
    ("code", "steps", "help"),
    [
        ("MR202", ["show «bax» -> 200"], "did you mean `box`?"),
        ("MR202", ["x = show «bax» -> 200", "expect x.anything"], "did you mean `box`?"),
        ("MR203", ["«shw» box -> 200"], "did you mean `show`?"),
        ("MR203", ["x = «zip» pass -> 200", "expect x.anything"], "declare it"),
        ("MR203", ["«zip» lid -> 200"], "its operations are add, paint"),
        ("MR801", ["«show» box -> 200"], "name one before, `box = create …`, or write `at { id: … }`"),
        ("MR801", ["«find» box -> 200"], "write `at { kind: … }`"),
        ("MR801", ["lid = «add» lid -> 200"], "name one before, `box = create …`, or write `at { box: … }`"),
        ("MR201", ["find box at { kind: 1, «kid»: 'a' } -> 200"], "did you mean `kind`?"),
        ("MR201", ["find box at { kind: 1, «colour»: 'a' } -> 200"], "it has kind"),
        ("MR201", ["count box at { «kind»: 'a' } -> 200"], "leave `at` out"),
        ("MR206", ["b = pack box -> 201", "«b» = pack box -> 201"], "take another name"),
        ("MR206", ["«answer» = pack box -> 201"], "take another name"),
        ("MR803", ["«n» = count box -> 200"], "leave `n =` out, and look at `answer`"),
        ("MR201", ["box = pack box -> 201", "expect box.«stat» == BUILD"], "did you mean `status`?"),
        ("MR201", ["b = pack box -> 201", "age «a» 2h", "expect b.size == 1"], "name it before: `a = create …`"),
        ("MR201", ["expect «body».size == 1"], "write `answer.body` for that of the last answer"),
        ("MR201", ["make box { name: «self».x } -> 201"], "write the value itself"),
        ("MR201", ["expect answer.«stats» == 200"], "did you mean `status`?"),
        ("MR301", ["expect «answer.status == 'ok'»"], None),
        ("MR307", ["expect «hex»(1) == 'a'"], None),
    ],
    ids=lambda value: str(value),
)
def test_what_is_wrong_with_a_step(code: str, steps: list[str], help: str | None) -> None:
    found = assert_only(code, example(*steps), MORE)
    assert help is None or found.help == help


def test_an_unknown_rule() -> None:
    found = assert_only("MR503", example("count box -> 200", head="for «slo»"), MORE)
    assert (found.message, found.help) == ("there is no rule `slo`", "did you mean `slow`?")


def test_who_asks_has_fields_of_the_caller() -> None:
    found = assert_only("MR201", example("count box -> 200", head="as { «acount»: 'a', ...{} }"), MORE)
    assert found.help == "did you mean `account`?"


def test_a_caller_of_an_unknown_resource_is_no_second_mistake() -> None:
    text = MORE.replace("is pass when", "is pas when")
    found = loaded(text + example("count box -> 200", head="as { account: 'a' }")).diagnostics
    assert [one.code for one in found] == ["MR202"]


def test_an_example_is_of_a_service() -> None:
    (one,) = loaded("example 'a' {}").diagnostics
    assert (one.code, one.help) == ("MR210", "write `for SERVICE` above")
    # The service that isn't there is told of at its `for`.
    assert told(loaded("for shp\nexample 'a' { show box -> 200 }").diagnostics) == ["MR202 1:5-8"]


def test_nobody_asks_a_service_without_callers() -> None:
    text = "service desk 'Desk' {}\nfor desk\nexample 'a' as «{ name: 'b' }» {}"
    assert assert_only("MR802", text).help == "leave `as` out"


def test_too_many_steps() -> None:
    steps = ["after 1s"] * MAX_STEPS
    assert_fine(example(*steps), MORE)
    found = loaded(MORE + example(*steps, "show bax -> 200")).diagnostics
    assert [(one.code, one.help) for one in found] == [("MR110", "split it in several")]


def test_a_name_of_a_resource_that_a_mistake_left_out_is_no_second_mistake() -> None:
    text = MORE + "operation ship box POST /ship { create crate {}  answer 202 }\n"
    found = loaded(text + example("x = ship box -> 202", "expect x.size == 1")).diagnostics
    assert [one.code for one in found] == ["MR202"]


CHECKED = [code for code in CODES.values() if "MR801" <= code.code <= "MR810"]


@pytest.mark.parametrize("page", CHECKED, ids=lambda code: code.code)
def test_the_pages_of_the_codes(page: Code) -> None:
    assert [one.code for one in load([Source("a.rules", page.wrong)]).diagnostics] == [page.code]
    assert load([Source("a.rules", page.right)]).diagnostics == ()
