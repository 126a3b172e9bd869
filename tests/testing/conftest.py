# SPDX-License-Identifier: Apache-2.0
"""A cloud in the test process for the tests of one module, a world of it for each test, and runs of pytest.

Clouds and worlds are made by hand here, for the plugin's own fixtures are what is tested.
"""

from collections.abc import Iterator

import pytest

from mimic_rules.testing import Cloud, World, start
from tests.testing.desk import DESK
from tests.testing.runs import Run

START = "2030-01-01T00:00:00Z"


@pytest.fixture(scope="module")
def here() -> Iterator[Cloud]:
    with start([DESK], clock={"mode": "frozen", "start": START}) as cloud:
        yield cloud


@pytest.fixture
def world(here: Cloud) -> Iterator[World]:
    with here.world() as made:
        yield made


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Run:
    """For modules that have the plugin `pytester`."""
    return Run(pytester, monkeypatch)
