# SPDX-License-Identifier: Apache-2.0
"""The first page does what it says: its rules are good, and its programs run against a cloud, in the order written."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cloud import RunningCloud
from tests.testing.runs import Run

pytest_plugins = ["pytester"]

FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
ADDRESS = "http://127.0.0.1:8900"


def blocks(root: Path, language: str) -> list[str]:
    found = [body for kind, body in FENCE.findall((root / "README.md").read_text()) if kind == language]
    assert found, language
    return found


def test_the_programs_run(root: Path, running_cloud: Callable[..., RunningCloud]) -> None:
    """The first against the cloud as it comes, the second against one with the page's rules, where they start at
    all.
    """
    (rules,) = blocks(root, "rules")
    first, second, _ = blocks(root, "python")
    exec(compile(first.replace(ADDRESS, running_cloud().url), "README.md", "exec"), {})
    # A reader goes on with the connection of the first program; here the cloud is another one.
    connect = first.split("server = ")[0]
    names: dict[str, object] = {}
    exec(compile((connect + second).replace(ADDRESS, running_cloud(rules).url), "README.md", "exec"), names)
    assert names["stuck"]


def test_the_test_runs(root: Path, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """The third, as a test that pytest runs; the libraries that it uses are imported above it."""
    *_, third = blocks(root, "python")
    imports = "import openstack\nimport pytest\n"
    # Warnings of the library are none of this page.
    told = Run(pytester, monkeypatch).files({"test_readme.py": imports + third}, "-W", "ignore")
    told.assert_outcomes(passed=1)


def test_every_page_named_is_there(root: Path) -> None:
    pages = re.findall(r"\]\(([^)#]+)", (root / "README.md").read_text())
    assert pages
    for page in pages:
        assert (root / page).is_file(), page


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_no_line_is_left_to_chance(root: Path, page: str) -> None:
    """Every shell line is one of the two that the house tests compare and CI runs, or names a tox environment."""
    for kind, body in FENCE.findall((root / page).read_text()):
        if kind == "sh":
            for line in body.strip().splitlines():
                assert line.startswith(("python3 -m venv .venv && ", "tox", ".venv/bin/", "#")), line
