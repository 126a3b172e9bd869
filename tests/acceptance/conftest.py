# SPDX-License-Identifier: Apache-2.0
"""The field of a scenario, and what the page keeps of it: how much of its world's time it took, and what failed."""

from collections.abc import Callable, Iterator

import pytest

from mimic_rules.testing import World
from tests.acceptance.field import Field, enter
from tests.acceptance.measure import SECONDS, SUMMONED


@pytest.fixture
def field(mimic_world: World, record_property: Callable[[str, object], None]) -> Iterator[Field]:
    """An account with an autoscaler in a world of its own."""
    made = enter(mimic_world)
    begun = mimic_world.clock.now
    with made.http:
        yield made
        record_property(SECONDS, (mimic_world.clock.now - begun).total_seconds())
        record_property(SUMMONED, list(dict.fromkeys(made.summoned)))
