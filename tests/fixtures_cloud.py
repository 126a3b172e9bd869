# SPDX-License-Identifier: Apache-2.0
"""Fixtures for tests that talk to a cloud over a real socket; conftest.py imports them for all tests."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cloud import RunningCloud, finish, start_cloud


@pytest.fixture
def running_cloud(tmp_path: Path) -> Iterator[Callable[..., RunningCloud]]:
    """`running_cloud(rules_text=None, config=None, **flags)` starts a cloud; all of them are stopped after the test.

    Arguments are those of `start_cloud`; a traceback on stderr or an exit code other than 0 fails the test.
    """
    started: list[RunningCloud] = []

    def start(rules_text: str | None = None, config: Any = None, **how: Any) -> RunningCloud:
        folder = tmp_path / f"cloud{len(started) + 1}"
        started.append(start_cloud(folder, rules_text=rules_text, config=config, **how))
        return started[-1]

    yield start
    for running in started:
        finish(running)
