# SPDX-License-Identifier: Apache-2.0
"""About how many bytes worlds take: an estimate from what can be counted at once, on the safe side.

Before a world is made, and for whoever lists worlds. What Python really allocates nobody can say without looking at
every object; each of these numbers was measured with the shipped rules and rounded up, as tests/bench does.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from mimic_rules.state.world import World
from mimic_rules.web.mounts import Mount

WORLD: Final = 16 * 1024
"""Bytes of a world with nothing in it but what it begins with."""
RECORD: Final = 6 * 1024
"""Bytes of a record with what belongs to it: indexes, text, its share of smaller ones."""
EVENT: Final = 1024
"""Bytes of a pending event."""
ENTRY: Final = 4 * 1024
"""Bytes of a request in the journal."""
RULE: Final = 32 * 1024
"""Bytes of a rule that was added at run time."""
ENGINE: Final = 4 * 2**20
"""Bytes of an engine that only worlds with the same services, regions and configuration share."""


def requests(world: World) -> int:
    """How many requests a world has answered; those of the world that it is a copy of are among them."""
    with world.lock:
        return sum(world.tallies.asked.values())


def added(mount: Mount) -> int:
    """How many rules were added to a world at run time."""
    return sum(len(text.plans) for text in mount.rules.texts)


def weigh(mount: Mount) -> int:
    """Bytes of a world, without its engine.

    What a copy shares with the world that it was made of counts for both: either may outlive the other.
    """
    world, recipe = mount.world, mount.recipe
    records = world.held + (0 if recipe is None or recipe.origin is None else recipe.origin.held)
    entries = min(requests(world), mount.journal.most)
    return WORLD + RECORD * records + EVENT * world.waiting + ENTRY * entries + RULE * added(mount)


def weigh_all(mounts: Iterable[Mount]) -> int:
    """Bytes of worlds together, with their engines."""
    engines = set()
    total = 0
    for mount in mounts:
        total += weigh(mount)
        engines.add(id(mount.rules.footing))
    return total + ENGINE * len(engines)
