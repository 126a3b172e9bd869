# SPDX-License-Identifier: Apache-2.0
"""docs/testing.md: its programs run, its tests run under pytest, and what that prints is what the page shows."""

import pytest

from tests.conftest import ROOT
from tests.docs.examples import Block, blocks
from tests.testing.runs import Run

pytest_plugins = ["pytester"]

PAGE = "docs/testing.md"


@pytest.fixture(scope="module")
def found() -> list[Block]:
    return list(blocks((ROOT / PAGE).read_text(encoding="utf-8")))


@pytest.fixture
def names(found: list[Block]) -> dict[str, object]:
    """What the programs of the page have made, one after the other."""
    made: dict[str, object] = {}
    programs = [block for block in found if block.info == ("python",)]
    assert len(programs) == 3
    for program in programs:
        # So many lines down that a failure shows the line of the page.
        exec(compile("\n" * (program.line - 1) + program.text, PAGE, "exec"), made)
    return made


def test_every_block_is_run(found: list[Block]) -> None:
    kinds = {("python",), ("text", "output")}
    assert all(block.info in kinds or "file" in block.options for block in found)


def test_tests_of_the_page_do_what_it_says(
    found: list[Block], names: dict[str, object], pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Run(pytester, monkeypatch)
    files = {block.options["file"]: block.text for block in found if "file" in block.options}
    assert sorted(files) == ["pytest.ini", "test_bakery.py"]
    (output,) = [block.text for block in found if block.info == ("text", "output")]
    told = run.files({**files, "bakery.rules": str(names["BAKERY"])})
    told.assert_outcomes(passed=2, failed=1)
    # What may be anything is `...` on the page.
    told.stdout.fnmatch_lines([line.replace("...", "*").replace("w1", "w*") for line in output.splitlines()])
