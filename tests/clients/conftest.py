# SPDX-License-Identifier: Apache-2.0
"""What the tests with real clients share: the rule that the product's first page shows, and clouds to run it in."""

import signal
from collections.abc import Iterator

import pytest

from tests.cloud import RunningCloud, cloud

BUILD_FOREVER = """\
for compute.server
when metadata.failure == 'build_forever' then status stays BUILD
"""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCloud]:
    """A cloud with the team's file, for the tests of one module; each works in a project of its own."""
    with cloud(tmp_path_factory.mktemp("cloud"), rules_text=BUILD_FOREVER) as started:
        yield started
        # sooner than SIGTERM, which waits for connections that a client keeps open
        started.stop(signal.SIGINT)


@pytest.fixture
def still(running: RunningCloud) -> Iterator[RunningCloud]:
    """The same, with its time standing still until the test lets it run: so that what passes quickly can be seen."""
    assert running.ask("POST", "/_mimic/clock", {"freeze": True}).status == 200
    yield running
    let_run(running)


def let_run(running: RunningCloud, rate: float = 1) -> None:
    """Let the world's time go on, `rate` seconds for each real one."""
    assert running.ask("POST", "/_mimic/clock", {"run": True, "rate": rate}).status == 200
