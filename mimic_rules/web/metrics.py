# SPDX-License-Identifier: Apache-2.0
"""What has been counted in all worlds together, those included that are gone.

On the way of a request: beside it. The engine counts in the tallies of each world, and nothing is added up until
somebody asks.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from mimic_rules.state.tallies import Asked
from mimic_rules.state.world import World

MOST_RULES: Final = 1_000
"""How many rules are counted each by itself, in the order in which they first did something."""
OTHER: Final = "other"
"""Under this name the rest is counted."""


@dataclass(slots=True)
class Counts:
    """Answers by service, operation and status; how often each rule matched, and how often it decided."""

    asked: Counter[Asked] = field(default_factory=Counter)
    matched: Counter[str] = field(default_factory=Counter)
    decided: Counter[str] = field(default_factory=Counter)


class Totals:
    """The counts of worlds that are gone, and which rules are counted by name. Every method may be called from any
    thread, but not inside a transaction.

    INVARIANT: a world is in the sum once, as long as it lives by its own tallies and then in here. Whoever removes one
    holds `lock` until it is forgotten and kept; so does the sum.
    """

    def __init__(self) -> None:
        self.lock: Final = threading.RLock()
        self._gone = Counts()
        self._named: dict[str, None] = {}

    def keep(self, world: World) -> None:
        """Add the counts of a world that goes."""
        with self.lock:
            self._add(self._gone, world)

    def discount(self, world: World) -> None:
        """Take off what a new world brings with it: it was counted in the world that it is a copy of."""
        with self.lock:
            self._add(self._gone, world, -1)

    def counts(self, worlds: Iterable[World]) -> Counts:
        """The counts of these worlds, and of all that are gone."""
        with self.lock:
            gone = self._gone
            told = Counts(gone.asked.copy(), gone.matched.copy(), gone.decided.copy())
            for world in worlds:
                self._add(told, world)
            return told

    def _add(self, counts: Counts, world: World, sign: int = 1) -> None:
        # The tallies are exact, and don't change while they are read, under the lock of their world.
        with world.lock:
            for asked, times in world.tallies.asked.items():
                counts.asked[asked] += sign * times
            for rule, hits in world.tallies.rules.items():
                name = self._name(rule)
                counts.matched[name] += sign * hits.matched
                counts.decided[name] += sign * hits.decided

    def _name(self, rule: str) -> str:
        """A rule's own name as long as there are not too many: once it has one, it keeps it, so that no count falls."""
        if rule not in self._named:
            if len(self._named) >= MOST_RULES:
                return OTHER
            self._named[rule] = None
        return rule
