# SPDX-License-Identifier: Apache-2.0
"""Every example of docs/language.md is read, and its exchanges are in their format."""

import pytest

from mimic_rules.diagnostics import render_text
from mimic_rules.language.syntax import read
from tests.conftest import ROOT
from tests.docs.examples import Example, examples
from tests.docs.exchanges import steps

PAGE = ROOT / "docs" / "language.md"
EXAMPLES = examples(PAGE.read_text(encoding="utf-8"))


def test_the_reference_has_examples() -> None:
    assert len(EXAMPLES) > 40
    assert sum(len(steps(block.text, block.line)) for example in EXAMPLES for block in example.exchanges) > 150


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"line {example.line}")
def test_an_example_is_read_without_a_diagnostic(example: Example) -> None:
    name = f"docs/language.md, line {example.line}"
    _, diagnostics = read(name, example.rules)
    assert render_text(diagnostics.items, {name: example.rules}) == ""
