# SPDX-License-Identifier: Apache-2.0
"""What the tests of the web layer share: clouds in processes of their own."""

from collections.abc import Iterator

import pytest

from tests.cloud import RunningCloud, cloud
from tests.conftest import ROOT

TICKETS = (ROOT / "tests" / "data" / "good" / "tickets.rules").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def tickets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCloud]:
    """A cloud with a service of a team, for tests that change nothing that another one looks at."""
    with cloud(tmp_path_factory.mktemp("tickets"), rules_text=TICKETS, clock_mode="frozen") as running:
        yield running
