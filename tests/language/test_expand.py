# SPDX-License-Identifier: Apache-2.0
"""Templates and loops: what they stand for, and every way to get them wrong."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mimic_rules.diagnostics import Diagnostics
from mimic_rules.language import expand as module
from mimic_rules.language.declarations import File, Template
from mimic_rules.language.expand import expand
from mimic_rules.language.syntax import read
from tests.language.checking import BOX, SHOP, assert_fine, assert_only, loaded, told


def expanded(*texts: str) -> tuple[list[File], Sequence[str]]:
    """The files without templates, and the codes of what is wrong."""
    diagnostics = Diagnostics()
    files = [(read(f"{at}.rules", text)[0], at) for at, text in enumerate(texts)]
    plain = expand(files, diagnostics)
    assert [layer for _file, layer in plain] == list(range(len(texts)))
    return [file for file, _layer in plain], [one.code for one in diagnostics.items]


SAME = [
    # a whole name, a part of one, a path, a text, a header, a key, a whole expression
    ("template t($a) { resource $a in world { id uuid } } use t(box)", "resource box in world { id uuid }"),
    ("template t($a) { let list_$a = 1  let $a_of = 2 } use t(box)", "let list_box = 1  let box_of = 2"),
    (
        "template t($a, $p) { operation show_$a $a GET $p/{id}/$as { answer 200 } } use t(box, '/b')",
        "operation show_box box GET /b/{id}/boxs { answer 200 }",
    ),
    ("template t($a) { let x = 'a $a $b' } use t(box)", "let x = 'a box $b'"),
    ('template t($a) { let x = "a $a {$a} {$a.name}" } use t(box)', 'let x = "a box {box} {box.name}"'),
    (
        "template t($h) { operation a b GET /c { answer 200 header \"X-$h\" = $h } } use t('Y')",
        "operation a b GET /c { answer 200 header \"X-Y\" = 'Y' }",
    ),
    (
        "template t($a) { let x = { $a, b_$a: $a, '$a': 1, \"c{$a}\": 2 } } use t(d)",
        "let x = { d, b_d: d, 'd': 1, \"c{d}\": 2 }",
    ),
    ("template t($a) { let x = $a + 1 } use t(2 * b)", "let x = 2 * b + 1"),
    ("template t($a) { let x = y matches /^$a$/ } use t(b)", "let x = y matches /^b$/"),
    ("template t($a) { for $a.box { let x = 1 } } use t(shop)", "for shop.box { let x = 1 }"),
    ("template t($a) { for $a } use t(shop)", "for shop"),
    (
        "template t($a) { on $a box when $a == 1 then status becomes $a } use t(b)",
        "on b box when b == 1 then status becomes b",
    ),
    (
        "template t($a, $r) { example \"$a's price\" for $r as { $a } { $a = get $a at { id: $a } $a -> 200 '$a' "
        "age $a 1s } } use t(box, slow)",
        "example \"box's price\" for slow as { box } { box = get box at { id: box } box -> 200 'box' age box 1s }",
    ),
    # the longest parameter wins
    ("template t($a, $a_b) { let x = [$a_b, $a_c] } use t(d, e)", "let x = [e, d_c]"),
    # templates within templates, in any order, nested uses
    ("use t(box)  template t($a) { use u($a, '$a/x') }  template u($b, $c) { let $b = $c }", "let box = 'box/x'"),
    ("template t($a) { let $a = 1 } use t(b) use t(c)", "let b = 1 let c = 1"),
    ("template t() { let a = 1 } use t()", "let a = 1"),
    ("template t($a) { use $a(b) } template u($a) { let $a = 1 } use t(u)", "let b = 1"),
    # loops
    ("for each $a in [b, c] { let $a = 1 }", "let b = 1 let c = 1"),
    ("for each ($a, $b) in [(c, 1), (d, [2])] { let $a = $b }", "let c = 1 let d = [2]"),
    (
        "for each $a in [b, c], $d in [e, f] { let $a_$d = 1 }",
        "let b_e = 1 let b_f = 1 let c_e = 1 let c_f = 1",
    ),
    (
        "for each $a in [b, c] { for each $d in [$a, e] { let $a_$d = $a } }",
        "let b_b = b let b_e = b let c_c = c let c_e = c",
    ),
    ("template t($a) { for each $b in [$a, c] { let $b = $a } } use t(d)", "let d = d let c = d"),
    ("for each $a in [b, c] { use t($a) } template t($x) { let $x = 1 }", "let b = 1 let c = 1"),
    ("for each $a in [b] { for $a.c { let d = $a } }", "for b.c { let d = b }"),
    ("for shop { template t($a) { let $a = 1 } } use t(b)", "for shop { } let b = 1"),
    # what is no parameter stays
    (
        "let a = 'costs $five'  let b = \"{a} $b\"  let c = d matches /$b/",
        "let a = 'costs $five'  let b = \"{a} $b\"  let c = d matches /$b/",
    ),
]


@pytest.mark.parametrize(("short", "long"), SAME)
def test_a_short_text_stands_for_a_long_one(short: str, long: str) -> None:
    (file,), codes = expanded(short)
    assert not codes
    assert file.items == read("0.rules", long)[0].items


def test_templates_are_known_in_all_files() -> None:
    (first, second), codes = expanded("use t(b)", "template t($a) { let $a = 1 }")
    assert not codes
    assert (first.items, second.items) == (read("0.rules", "let b = 1")[0].items, ())


def test_what_has_no_parameter_is_the_same_object() -> None:
    file, _ = read("0.rules", "template t($a) { let x = 1  let $a = 2 } use t(b)")
    plain = expand([(file, 0)], Diagnostics())[0][0]
    template = file.items[0]
    assert isinstance(template, Template)
    assert plain.items[0] is template.items[0]
    assert plain.items[1] is not template.items[1]


WRONG = [
    ("MR201", "let a = «$b»"),
    ("MR201", "let «$b» = 1"),
    ("MR201", "operation a b GET /c/«$d» { answer 200 }"),
    ("MR201", "let a = { «$b»: 1 }"),
    ("MR201", 'let a = "{«$b»}"'),
    ("MR201", "for «$a».b { let c = 1 }"),
    ("MR201", "template t($a) { let b = «$c» }"),
    ("MR201", "template t($abc) { let b = «$abd» }"),
    ("MR201", "for each $a in [«$b»] { let $a = 1 }"),
    ("MR201", "for each $a in [b] { let c = «$d» }"),
    ("MR101", "template t(«a») { let b = 1 }"),
    ("MR101", "for each «a» in [b] { let c = 1 }"),
    ("MR101", "template t($a) { «template u($b) { let x = 1 }» }"),
    ("MR101", "for each $a in [b] { «template u($b) { let x = 1 }» }"),
    ("MR206", "template t(«$a», $a) { let b = 1 }"),
    ("MR206", "template t() { let a = 1 }\ntemplate «t»() { let b = 1 }"),
    ("MR209", "use «t»(a)"),
    ("MR209", "template tags() { let a = 1 }  use «tgas»()"),
    ("MR212", "template t($a) { use «t»($a) }  use t(b)"),
    ("MR212", "template t($a) { use u($a) }  template u($a) { use «t»($a) }  use t(b)"),
    ("MR305", "template t($a) { let $a = 1 }  «use t()»"),
    ("MR305", "template t() { let a = 1 }  «use t(a, b)»"),
    ("MR307", "template t($a) { let $a = 1 }  use t(«1»)"),
    ("MR307", "template t($a) { let $a_b = 1 }  use t(«b.c»)"),
    ("MR307", "template t($a) { let b = '$a' }  use t(«[1]»)"),
    ("MR307", "template t($a) { let $a = 1  let b_$a = $a }  use t(«2»)"),
]


@pytest.mark.parametrize(("code", "marked"), WRONG)
def test_a_mistake_is_found_where_it_is(code: str, marked: str) -> None:
    assert_only(code, marked, SHOP)


def test_help_says_what_to_do() -> None:
    assert assert_only("MR201", "template t($name) { let b = «$nmae» }", SHOP).help == "did you mean `$name`?"
    assert (
        assert_only("MR201", "template t($a, $b) { let c = «$zzz» }", SHOP).help == "the parameters here are `$a`, `$b`"
    )
    assert assert_only("MR101", "template t(«a») { let b = 1 }", SHOP).help == "write `$a`"
    assert assert_only("MR212", "template t() { use «t»() }  use t()", SHOP).help == "break the circle t -> t"
    assert assert_only("MR305", "template t() { let a = 1 }  «use t(a)»", SHOP).help == "leave the arguments out"
    found = assert_only("MR305", "template t($a) { let $a = 1 }  «use t()»", SHOP)
    assert (found.message, found.help) == ("template `t` takes 1 argument, not 0", "its parameters are $a")


def test_a_template_that_is_used_often_has_a_mistake_once() -> None:
    assert_only("MR201", "template t($a) { view $a.v { «nmae» } }  for each $a in [box, maker, lid] { use t($a) }", BOX)


def test_a_mistake_in_an_argument_is_where_the_argument_is() -> None:
    assert_only("MR201", "template t($a) { view box.v { x: $a } }  use t(«nmae»)", BOX)


@pytest.mark.parametrize(
    "text",
    [
        # a hundred times a hundred
        "for each $a in [{numbers}], $b in [{numbers}] {{ let $a_$b = 1 }}",
        # nothing but templates that use each other: two to the twentieth
        "{doubling}",
        # a hundred million times nothing
        "for each $a in [{numbers}], $b in [{numbers}], $c in [{numbers}], $d in [{numbers}] {{ }}",
    ],
)
def test_what_templates_make_is_bounded(text: str) -> None:
    numbers = ", ".join(f"n{number}" for number in range(100))
    doubling = " ".join(f"template t{at}() {{ use t{at + 1}() use t{at + 1}() }}" for at in range(20))
    doubling += " template t20() { }  use t0()"
    files, codes = expanded(text.format(numbers=numbers, doubling=doubling))
    assert codes == ["MR110"]
    assert sum(len(file.items) for file in files) <= module.MAX_ITEMS


def test_thousands_of_items_are_not_too_many() -> None:
    numbers = ", ".join(f"n{number}" for number in range(70))
    files, codes = expanded(f"for each $a in [{numbers}], $b in [{numbers}] {{ let $a_$b = 1 }}")
    assert not codes
    assert len(files[0].items) == 70 * 70


HARD_WORDS = frozenset(
    {"and", "or", "not", "if", "then", "else", "in", "is", "has", "when", "true", "null", "for", "as", "with"}
)
NAMES = st.from_regex(r"[a-z]{1,4}", fullmatch=True).filter(lambda name: name not in HARD_WORDS)


@given(st.lists(NAMES, min_size=1, max_size=5), st.lists(NAMES, min_size=1, max_size=5))
@settings(max_examples=40, deadline=None)
def test_a_loop_is_the_product_of_its_lists(first: list[str], second: list[str]) -> None:
    loop = f"for each $a in [{', '.join(first)}], $b in [{', '.join(second)}] {{ let $a_x_$b = [$a, '$b'] }}"
    long = "\n".join(f"let {one}_x_{two} = [{one}, '{two}']" for one in first for two in second)
    (file,), codes = expanded(loop)
    assert not codes
    assert file.items == read("0.rules", long)[0].items


def test_the_shop_with_templates_is_right() -> None:
    assert_fine(
        "template t($a) { resource $a in world { id uuid }  view $a.full { id } }  use t(crate)  use t(shelf)", SHOP
    )
    assert told(loaded(SHOP, "for shop use t(a)", "for shop template t($a) { let $a = 1 }").diagnostics) == []


def test_every_form_of_a_rule_takes_parameters() -> None:
    text = """
    template shaky($what, $verb, $state, $text, $key) {
      on $verb $what only 3 times per $what, during 1h
        then $key becomes $state, then OTHER_$state after $text seconds with fault 500 "$text {$what}",
        respond 413 $key "$text" header "X-$what" = $text with body { $key: $what },
        limit 1 per 1s per $what respond 413 $key,
        first 1 of $what only before $key, set $key = $text, omit "a-$key", cycle [pass | omit $key]
    }
    use shaky(box, stop, GONE, 'no', name)
    """
    plain = """
      on stop box only 3 times per box, during 1h
        then name becomes GONE, then OTHER_GONE after 'no' seconds with fault 500 "no {box}",
        respond 413 name "no" header "X-box" = 'no' with body { name: box },
        limit 1 per 1s per box respond 413 name,
        first 1 of box only before name, set name = 'no', omit "a-name", cycle [pass | omit name]
    """
    diagnostics = Diagnostics()
    ((made, _layer),) = expand([(read("a.rules", text)[0], 0)], diagnostics)
    assert not diagnostics.items
    assert made.items == read("a.rules", plain)[0].items
