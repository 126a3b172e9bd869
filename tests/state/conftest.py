# SPDX-License-Identifier: Apache-2.0
"""What the tests of the state layer share."""

import sys
from collections.abc import Iterator

import pytest


@pytest.fixture
def nervous_threads() -> Iterator[None]:
    """Threads that are interrupted as often as can be, so that a gap between a look and a change is hit."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)
