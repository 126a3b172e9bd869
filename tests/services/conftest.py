# SPDX-License-Identifier: Apache-2.0
"""What the tests of services share: one cloud for each module, whose time passes only when a test says so."""

import signal
from collections.abc import Iterator

import pytest

from tests.cloud import RunningCloud, cloud
from tests.fixtures_cloud import running_cloud
from tests.services.callers import Caller, login

__all__ = ["frozen", "running_cloud"]

MORNING = "2030-01-01T09:00:00Z"


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCloud]:
    """A cloud as it is shipped, in two regions; each test works in a project of its own."""
    config = {"clock": {"start": MORNING, "mode": "frozen"}, "regions": ["RegionOne", "North"]}
    with cloud(tmp_path_factory.mktemp("cloud"), config=config) as started:
        yield started
        started.stop(signal.SIGINT)


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCloud]:
    """A cloud whose users are those that it was told of, and who may only what the published policy lets them."""
    environ = {"MIMIC_IDENTITY": "strict"}
    with cloud(tmp_path_factory.mktemp("strict"), environ=environ, clock_mode="frozen") as started:
        yield started
        started.stop(signal.SIGINT)


@pytest.fixture
def caller(frozen: RunningCloud, request: pytest.FixtureRequest) -> Caller:
    """Somebody in the project of one test."""
    return login(frozen, request.node.name)


@pytest.fixture
def admin(strict: RunningCloud) -> Iterator[Caller]:
    """The administrator, whose servers are deleted after the test."""
    caller = login(strict, user="admin")
    yield caller
    for server in caller.ids():
        caller.ask("DELETE", f"/servers/{server}")
