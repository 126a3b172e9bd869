# SPDX-License-Identifier: Apache-2.0
"""docs/run-time-rules.md does what it says: its programs run one after the other against a cloud as it is shipped."""

from collections.abc import Callable

from tests.cloud import RunningCloud
from tests.conftest import ROOT
from tests.docs.examples import blocks

PAGE = (ROOT / "docs" / "run-time-rules.md").read_text(encoding="utf-8")


def test_the_programs_of_the_page_run(running_cloud: Callable[..., RunningCloud]) -> None:
    programs = [block.text for block in blocks(PAGE) if block.info == ("python",)]
    assert len(programs) == 5
    page = "\n".join(programs).replace("http://127.0.0.1:8900", running_cloud().url)
    exec(compile(page, "run-time-rules.md", "exec"), {})
