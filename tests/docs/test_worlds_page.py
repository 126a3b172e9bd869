# SPDX-License-Identifier: Apache-2.0
"""docs/worlds.md: its programs run in the order written, and what it says in numbers is so."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from mimic_rules.web import weight
from tests.cloud import RunningCloud
from tests.conftest import ROOT
from tests.docs.examples import blocks

PAGE = "docs/worlds.md"
ADDRESS = "http://127.0.0.1:8900"
TEXT = (ROOT / PAGE).read_text(encoding="utf-8")

pytestmark = [
    pytest.mark.filterwarnings("ignore::PendingDeprecationWarning"),
    pytest.mark.filterwarnings("ignore::openstack.warnings.OpenStackDeprecationWarning"),
]


def test_every_program_does_what_the_page_says(
    running_cloud: Callable[..., RunningCloud], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = list(blocks(TEXT))
    # No other kind of block, for nothing would run it.
    assert {block.info for block in programs} == {("python",)}
    cloud = running_cloud()
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for program in programs:
        # So many lines down that a failure shows the line of the page.
        text = "\n" * (program.line - 1) + program.text.replace(ADDRESS, cloud.url)
        exec(compile(text, PAGE, "exec"), names)
    connection = names["cloud"]
    assert hasattr(connection, "close")
    connection.close()


def test_the_weights_are_those_that_are_used() -> None:
    told = re.findall(r"(\d+) (KiB|MiB) for (?:a|each) (\w+)", " ".join(TEXT.split()))
    bytes_of = {"KiB": 2**10, "MiB": 2**20}
    found = {what: int(number) * bytes_of[unit] for number, unit, what in told}
    assert found == {
        "world": weight.WORLD,
        "record": weight.RECORD,
        "pending": weight.EVENT,
        "request": weight.ENTRY,
        "rule": weight.RULE,
        "combination": weight.ENGINE,
    }
