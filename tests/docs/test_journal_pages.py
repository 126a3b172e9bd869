# SPDX-License-Identifier: Apache-2.0
"""docs/journal.md and docs/explain.md: their rules are good, their programs run in the order written and print what the
page says.
"""

import io
import re
from collections.abc import Callable
from contextlib import redirect_stdout

import pytest

from tests.cloud import RunningCloud
from tests.conftest import ROOT
from tests.docs.examples import blocks

ADDRESS = "http://127.0.0.1:8900"
FROZEN = {"clock": {"start": "2030-01-01T00:00:00Z", "mode": "frozen"}}


@pytest.mark.parametrize("page", ["docs/journal.md", "docs/explain.md"])
def test_every_program_does_what_the_page_says(page: str, running_cloud: Callable[..., RunningCloud]) -> None:
    rules, *found = blocks((ROOT / page).read_text(encoding="utf-8"))
    assert rules.info == ("rules",)
    # No other kind of block, for nothing would run it.
    assert {block.info for block in found} <= {("python",), ("text",)}
    cloud = running_cloud(rules.text, FROZEN)
    names: dict[str, object] = {}
    printed = ""
    for block in found:
        if block.info == ("text",):
            assert re.fullmatch(meant(block.text), printed.strip() + "\n"), printed
            continue
        # So many lines down that a failure shows the line of the page.
        text = "\n" * (block.line - 1) + block.text.replace(ADDRESS, cloud.url)
        with redirect_stdout(io.StringIO()) as out:
            exec(compile(text, page, "exec"), names)
        printed = out.getvalue()


def meant(text: str) -> str:
    """A regular expression for a text in which `...` is anything: on a line of its own, any lines."""
    lines = text.splitlines(keepends=True)
    return "".join("(?s:.*)" if line == "...\n" else re.escape(line).replace(r"\.\.\.", ".*") for line in lines)


def test_what_the_dots_mean() -> None:
    assert re.fullmatch(meant("a ...\n...\nb\n"), "a 1\nc\nd\nb\n")
    assert not re.fullmatch(meant("a\n...\nb\n"), "a\nc\n")
    assert not re.fullmatch(meant("a ... b\n"), "a\nb\n")
