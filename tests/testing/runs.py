# SPDX-License-Identifier: Apache-2.0
"""Runs of pytest within tests: a file of tests is written, run in a process of its own, and its output looked at."""

from collections.abc import Mapping
from textwrap import dedent

import pytest

from mimic_rules.testing import ControlError, connect
from tests.conftest import ROOT
from tests.testing.desk import DESK

IMPORTS = """\
import pytest
from tests.testing.desk import LATE, ask, open_ticket, show_ticket

"""


OPTIONS = ("-p", "no:cacheprovider", "--strict-markers", "-W", "error")


class Run:
    """What runs tests that have the desk; `folder` is where."""

    def __init__(self, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
        self._pytester = pytester
        self.folder = pytester.path
        # Of the outer run nothing is left over: neither its own options nor its way of measuring.
        for name in ("PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT", "PYTEST_XDIST_TESTRUNUID"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("PYTHONPATH", str(ROOT))

    def __call__(
        self, tests: str, *options: str, files: Mapping[str, str] | None = None, imports: bool = True, ini: bool = True
    ) -> pytest.RunResult:
        """Run a file of tests."""
        self.write(tests, files=files, imports=imports, ini=ini)
        return self._pytester.runpytest_subprocess(*OPTIONS, *options)

    def files(self, files: Mapping[str, str], *options: str) -> pytest.RunResult:
        """Run tests that are whole files already."""
        for name, content in files.items():
            (self.folder / name).write_text(content)
        return self._pytester.runpytest_subprocess(*OPTIONS, *options)

    def write(
        self, tests: str, *, files: Mapping[str, str] | None = None, imports: bool = True, ini: bool = True
    ) -> None:
        """Write a file of tests, and the rules of its run."""
        (self.folder / "test_it.py").write_text((IMPORTS if imports else "") + dedent(tests))
        for name, content in {"desk.rules": DESK, **(files or {})}.items():
            (self.folder / name).write_text(content)
        (self.folder / "pytest.ini").write_text("[pytest]\n" + ("mimic_rules_files = desk.rules\n" if ini else ""))


def answers(url: str) -> bool:
    """Whether a cloud answers there."""
    try:
        connect(url)
    except ControlError:
        return False
    return True
