# SPDX-License-Identifier: Apache-2.0
"""docs/time.md: its rules are good, and its programs run against a cloud with them, in the order written."""

from collections.abc import Callable

from tests.cloud import RunningCloud
from tests.conftest import ROOT
from tests.docs.examples import blocks

PAGE = "docs/time.md"
ADDRESS = "http://127.0.0.1:8900"


def test_every_program_does_what_the_page_says(running_cloud: Callable[..., RunningCloud]) -> None:
    found = list(blocks((ROOT / PAGE).read_text(encoding="utf-8")))
    (rules,) = [block.text for block in found if block.info == ("rules",)]
    programs = [block for block in found if block.info == ("python",)]
    # No other kind of block, for nothing would run it.
    assert len(programs) + 1 == len(found) > 6
    cloud = running_cloud(rules, {"clock": {"start": "2030-01-01T00:00:00Z", "mode": "frozen"}})
    names: dict[str, object] = {}
    for program in programs:
        # So many lines down that a failure shows the line of the page.
        text = "\n" * (program.line - 1) + program.text.replace(ADDRESS, cloud.url)
        exec(compile(text, PAGE, "exec"), names)
