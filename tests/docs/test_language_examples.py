# SPDX-License-Identifier: Apache-2.0
"""Every example of docs/language.md is read, checked and run."""

import pytest

from mimic_rules.diagnostics import render_text
from mimic_rules.language.syntax import read
from tests.conftest import ROOT
from tests.docs.cloud import problems, run
from tests.docs.examples import Block, Example, examples
from tests.docs.exchanges import steps

PAGE = ROOT / "docs" / "language.md"
EXAMPLES = examples(PAGE.read_text(encoding="utf-8"))
RUNS = [(example, block) for example in EXAMPLES for block in example.exchanges]


def line(of: Example | Block) -> str:
    """What a failing test is called: the line of the page to look at."""
    return f"line {of.line}"


def test_the_reference_has_examples() -> None:
    assert len(EXAMPLES) > 40
    assert sum(len(steps(block.text, block.line)) for _, block in RUNS) > 150


@pytest.mark.parametrize("example", EXAMPLES, ids=line)
def test_an_example_is_read_without_a_diagnostic(example: Example) -> None:
    name = f"{PAGE.name}:{example.line}"
    _, diagnostics = read(name, example.rules)
    assert render_text(diagnostics.items, {name: example.rules}) == ""


@pytest.mark.parametrize("example", EXAMPLES, ids=line)
def test_an_example_is_checked_without_a_diagnostic(example: Example) -> None:
    assert problems(f"{PAGE.name}:{example.line}", example.rules) == ""


@pytest.mark.parametrize(("example", "block"), RUNS, ids=[line(block) for _, block in RUNS])
def test_an_example_behaves_as_the_page_says(example: Example, block: Block) -> None:
    assert run(example.rules, steps(block.text, block.line)) == []
