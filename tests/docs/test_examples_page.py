# SPDX-License-Identifier: Apache-2.0
"""docs/examples.md: every block is read and checked, every example in it is run, and what fails is told as shown.

A block fenced with `rules … fails` has one example that fails; the block of text below it is what is said of that.
"""

import pytest

from mimic_rules.compiler import compile_model
from mimic_rules.diagnostics import Diagnostic, render_each
from mimic_rules.engine import link
from mimic_rules.engine.examples import run_example
from mimic_rules.language.load import Source, load
from tests.conftest import ROOT
from tests.docs.examples import Block, Example, blocks, examples

PAGE = (ROOT / "docs" / "examples.md").read_text(encoding="utf-8")
BLOCKS = {block.line: block for block in blocks(PAGE)}
EXAMPLES = examples(PAGE)


def line(of: Example) -> str:
    return f"line {of.line}"


def failures(rules: str) -> tuple[int, list[Diagnostic]]:
    """How many examples there are in a file, and what failed."""
    loaded = load([Source("desk.rules", rules)])
    assert loaded.diagnostics == ()
    program = compile_model(loaded.model)
    engine = link(program)
    outcomes = [run_example(engine, one) for one in program.examples]
    return len(outcomes), [one.failure for one in outcomes if one.failure is not None]


def shown_below(block: Block) -> str:
    """The block of text that comes next."""
    return next(one.text for one in BLOCKS.values() if one.line > block.line and one.info == ("text",))


@pytest.mark.parametrize("example", EXAMPLES, ids=line)
def test_the_examples_of_the_page_are_as_it_says(example: Example) -> None:
    count, failed = failures(example.rules)
    assert count > 0
    block = BLOCKS[example.line]
    text = render_each(failed, {"desk.rules": example.rules})
    assert text == (shown_below(block) if "fails" in block.info else "")


def test_the_page_shows_a_failure() -> None:
    assert len(EXAMPLES) > 5
    assert [block for block in BLOCKS.values() if "fails" in block.info]
