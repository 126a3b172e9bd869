# SPDX-License-Identifier: Apache-2.0
"""What was asked of a world and which rules had a say, in numbers: for lists of hits and for metrics.

The engine notes an answer and the rules that shaped it at the end of a request; the control API reads. Nothing is
decided by these numbers, and a rollback leaves them alone.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

Asked: TypeAlias = tuple[str, str, int]
"""Service, operation and status of an answer."""


class RuleHits(NamedTuple):
    """How often the conditions of a rule held, how often it decided, and the id of the request where it last did."""

    matched: int = 0
    decided: int = 0
    last: str | None = None


class Loaded(NamedTuple):
    """When a rule came into a world, in world time, and how often it would have been considered before."""

    at: float
    considered: int = 0


class Tallies:
    """Answers by service, operation and status, and hits by the id of a rule; at most `max_keys` of each.

    What is beyond that is not counted. PERF: there is no lock in here: to be exact, whoever notes or copies holds the
    lock of the world, as every transaction does.
    """

    __slots__ = ("_max_keys", "asked", "born", "consulted", "loaded", "rules")

    def __init__(self, max_keys: int, born: float = 0.0) -> None:
        self._max_keys = max_keys
        self.asked: dict[Asked, int] = {}
        self.rules: dict[str, RuleHits] = {}
        self.consulted: dict[str, int] = {}
        """How often rules were asked apart from requests: by what they were asked about."""
        self.born = born
        """World time when the world began, and with it the rules that it began with."""
        self.loaded: dict[str, Loaded] = {}
        """What came later, by the id of the rule."""

    @property
    def max_keys(self) -> int:
        """How many kinds of answers and how many rules there may be."""
        return self._max_keys

    def note(self, service: str, operation: str, status: int) -> None:
        """Count an answer."""
        self._add((service, operation, status), 1)

    def matched(self, rule_id: str) -> None:
        """Count that the conditions of a rule held."""
        hits = self.rules.get(rule_id)
        if hits is not None:
            self.rules[rule_id] = RuleHits(hits.matched + 1, hits.decided, hits.last)
        elif len(self.rules) < self._max_keys:
            self.rules[rule_id] = RuleHits(matched=1)

    def decided(self, rule_id: str, request_id: str | None) -> None:
        """Count that a rule decided something in a request, or None where it was an event that fell due."""
        hits = self.rules.get(rule_id)
        if hits is not None:
            self.rules[rule_id] = RuleHits(hits.matched, hits.decided + 1, request_id)
        elif len(self.rules) < self._max_keys:
            self.rules[rule_id] = RuleHits(decided=1, last=request_id)

    def consult(self, what: str) -> None:
        """Count that rules were asked about something apart from a request."""
        count = self.consulted.get(what)
        if count is not None or len(self.consulted) < self._max_keys:
            self.consulted[what] = (count or 0) + 1

    def load(self, rule_id: str, at: float, considered: int) -> None:
        """Note that a rule has come into the world."""
        if len(self.loaded) < self._max_keys:
            self.loaded[rule_id] = Loaded(at, considered)

    def loaded_at(self, rule_id: str) -> float:
        """When a rule came into the world, in world time."""
        loaded = self.loaded.get(rule_id)
        return self.born if loaded is None else loaded.at

    def hits(self, rule_id: str) -> RuleHits:
        """The hits of a rule; of none, where it never matched."""
        return self.rules.get(rule_id, RuleHits())

    def forget(self, rule_id: str) -> None:
        """Make room: for a rule that is gone."""
        self.rules.pop(rule_id, None)
        self.loaded.pop(rule_id, None)

    def merge(self, other: Tallies) -> None:
        """Add the answers of another world, so that totals include it when it is gone."""
        for asked, count in other.asked.items():
            self._add(asked, count)

    def copy(self) -> Tallies:
        """Equal tallies, from here on apart."""
        tallies = Tallies(self._max_keys, self.born)
        tallies.asked = self.asked.copy()
        tallies.rules = self.rules.copy()
        tallies.consulted = self.consulted.copy()
        tallies.loaded = self.loaded.copy()
        return tallies

    def _add(self, asked: Asked, count: int) -> None:
        before = self.asked.get(asked)
        if before is not None:
            self.asked[asked] = before + count
        elif len(self.asked) < self._max_keys:
            self.asked[asked] = count
