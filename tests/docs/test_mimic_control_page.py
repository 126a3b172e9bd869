# SPDX-License-Identifier: Apache-2.0
"""docs/mimic_control.md does what it says: its programs run one after the other against a cloud as it is shipped."""

from collections.abc import Callable

from tests.cloud import RunningCloud
from tests.conftest import ROOT
from tests.docs.examples import blocks

PAGE = (ROOT / "docs" / "mimic_control.md").read_text(encoding="utf-8")


def test_the_programs_of_the_page_run(running_cloud: Callable[..., RunningCloud]) -> None:
    programs = list(blocks(PAGE))
    assert {block.info for block in programs} == {("python",)}
    address = running_cloud().url
    names: dict[str, object] = {}
    for program in programs:
        # So many lines down that a failure shows the line of the page.
        text = "\n" * (program.line - 1) + program.text.replace("http://127.0.0.1:8900", address)
        exec(compile(text, "docs/mimic_control.md", "exec"), names)
