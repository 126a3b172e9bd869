# SPDX-License-Identifier: Apache-2.0
"""The field of a scenario, and how much of its world's time the scenario took."""

from collections.abc import Callable, Iterator

import pytest

from mimic_rules.testing import World
from tests.acceptance.field import Field, enter
from tests.acceptance.measure import PROPERTY


@pytest.fixture
def field(mimic_world: World, record_property: Callable[[str, object], None]) -> Iterator[Field]:
    """An account with an autoscaler in a world of its own."""
    made = enter(mimic_world)
    begun = mimic_world.clock.now
    with made.http:
        yield made
        record_property(PROPERTY, (mimic_world.clock.now - begun).total_seconds())
