# SPDX-License-Identifier: Apache-2.0
"""Whatever is read can be checked: nothing raises, and every complaint is one of the table, at a place of the file."""

import re
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from mimic_rules.diagnostics import CODES, NOWHERE
from mimic_rules.language.check import check
from mimic_rules.language.declarations import File, Qualified, Subject
from mimic_rules.language.expand import expand
from mimic_rules.language.gather import gather
from mimic_rules.language.load import Source, load
from mimic_rules.language.report import Report
from mimic_rules.language.syntax import read
from tests.language.checking import BOX
from tests.strategies import files

DATA = Path(__file__).parents[1] / "data"
TEXTS = [BOX, *(path.read_text(encoding="utf-8") for path in sorted(DATA.glob("*/*.rules")))]
WORD = re.compile(r"[A-Za-z_]\w*|[0-9.]+|'[^'\n]*'|\"[^\"\n]*\"|->|[-+*=<>]=?")
SHOP = read("shop.rules", BOX)[0]


@given(files, st.sampled_from(["shop", "box", "lid", "maker"]))
@settings(max_examples=60, deadline=None)
def test_any_tree_can_be_checked(file: File, resource: str) -> None:
    # what the file says is about the shop, so that it meets resources, operations and lifecycles
    about = Qualified("shop", None if resource == "shop" else resource)
    placed = File("a.rules", None, (Subject(about), *file.items))
    report = Report()
    check(gather(expand([(SHOP, 1), (placed, 0)], report.diagnostics), report.diagnostics), report)
    assert {one.code for one in report.diagnostics.items} <= CODES.keys()


@st.composite
def slips(draw: st.DrawFn) -> str:
    """A text of rules in which some words are others of its words, so that all of it parses and little of it fits."""
    text = draw(st.sampled_from(TEXTS))
    words = list(WORD.finditer(text))
    places = draw(st.lists(st.sampled_from(words), min_size=1, max_size=12, unique_by=lambda one: one.start()))
    for place in sorted(places, key=lambda one: -one.start()):
        other = draw(st.sampled_from(words))[0]
        text = text[: place.start()] + other + text[place.end() :]
    return text


@given(slips())
@settings(max_examples=60, deadline=None)
def test_any_text_can_be_checked(text: str) -> None:
    found = load([Source("a.rules", text)])
    lines = text.split("\n")
    for one in found.diagnostics:
        assert one.code in CODES
        assert one.span != NOWHERE
        assert 1 <= one.span.line <= len(lines)
        assert 1 <= one.span.column <= len(lines[one.span.line - 1]) + 1
        assert one.message
        assert one.help


@given(slips())
@settings(max_examples=20, deadline=None)
def test_the_same_text_has_the_same_mistakes(text: str) -> None:
    assert load([Source("a.rules", text)]).diagnostics == load([Source("a.rules", text)]).diagnostics
