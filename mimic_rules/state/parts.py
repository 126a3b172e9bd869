# SPDX-License-Identifier: Apache-2.0
"""All that makes one world differ from another one with the same name and limits.

A world is taken apart into these when it is forked or written down, and put together of them when it is restored.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from mimic_rules.state.clock import WorldClock
from mimic_rules.state.contents import Contents
from mimic_rules.state.counters import Counters
from mimic_rules.state.tallies import Tallies


@dataclass(frozen=True, slots=True)
class Parts:
    """What a world holds, its clock, its seed and the source of its draws, what has been counted in it."""

    contents: Contents
    clock: WorldClock
    seed: int | str
    source: random.Random
    counters: Counters
    tallies: Tallies

    def copy(self) -> Parts:
        """Equal parts, from here on apart; the lock of the world they are of is held."""
        # PERF: any seed will do, and one that is given asks the machine for no randomness.
        source = random.Random(0)
        source.setstate(self.source.getstate())
        return Parts(
            self.contents.copy(), self.clock.copy(), self.seed, source, self.counters.copy(), self.tallies.copy()
        )
