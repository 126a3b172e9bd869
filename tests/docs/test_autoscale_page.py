# SPDX-License-Identifier: Apache-2.0
"""docs/autoscale.md: its program runs, and the tables are of the scenarios that there are."""

import ast

from tests.acceptance.measure import FIRST, LAST, PAGE, TITLES, Measured, Scenario, page, spell, written
from tests.conftest import ROOT
from tests.docs.examples import blocks

TEXT = PAGE.read_text(encoding="utf-8")


def test_the_program_of_the_page_runs() -> None:
    (program,) = [block for block in blocks(TEXT) if block.info == ("python",)]
    exec(compile("\n" * (program.line - 1) + program.text, "docs/autoscale.md", "exec"), {})


def test_the_page_has_every_scenario_and_no_other() -> None:
    there = set()
    for file in TITLES:
        tree = ast.parse((ROOT / "tests" / "acceptance" / f"test_{file}.py").read_text(encoding="utf-8"))
        there |= {one.name for one in tree.body if isinstance(one, ast.FunctionDef) and one.name.startswith("test_")}
    kept = TEXT.partition(FIRST)[2].partition(LAST)[0]
    assert {line.split("`")[1] for line in kept.splitlines() if line.startswith("| `")} == there


def test_what_is_measured_is_written_between_the_markers() -> None:
    scenarios = {
        "test_a": Scenario([61.0, 5.0], ["`on create then cycle [pass | respond 500]`"]),
        "test_b": Scenario([7]),
    }
    text = page(Measured({"faithful": scenarios}), wall=2, processes=2)
    assert "2 scenarios in 3 runs passed **0:01:13**" in text
    assert "| `test_a` | `on create then cycle [pass \\| respond 500]` | 0:00:05 to 0:01:01 |" in text
    assert "| `test_b` | nothing but what it is asked | 0:00:07 |" in text
    assert written(f"a {FIRST} old {LAST} z", "new") == f"a {FIRST}\n\nnew\n\n{LAST} z"
    assert spell(90061) == "1 day, 1:01:01"
