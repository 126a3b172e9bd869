# SPDX-License-Identifier: Apache-2.0
"""What became of the rules that tests add: which never decided in any test, and what the checker said of them.

On the way of a test: at the end of each test with a world, as plain data that travels in its report from process to
process; at the end of the run, as a summary.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from mimic_rules.testing.section import never_why
from mimic_rules.testing.world import World

MOST_TESTS: Final = 3
"""How many tests are named for each rule."""


@dataclass(slots=True)
class Count:
    """A rule in all tests that added it."""

    place: str
    considered: int = 0
    matched: int = 0
    decided: int = 0
    tests: dict[str, None] = field(default_factory=dict)


def found(test: str, world: World) -> dict[str, Any]:
    """What became of the rules of one world, as JSON data."""
    rules = [
        {
            "text": rule.text,
            "place": rule.place,
            "considered": rule.hits.considered,
            "matched": rule.hits.matched,
            "decided": rule.hits.decided,
        }
        for rule in world.rules.seen()
    ]
    return {"test": test, "rules": rules, "warnings": [str(one) for one in world.rules.warnings]}


class Findings:
    """All that was found in a run. The same text in several tests is one rule: it is enough that it decides in one."""

    def __init__(self) -> None:
        self._rules: dict[str, Count] = {}
        self._warnings: dict[str, dict[str, None]] = {}

    def add(self, finding: Mapping[str, Any]) -> None:
        """What was found of one world."""
        test = finding["test"]
        for rule in finding["rules"]:
            count = self._rules.setdefault(rule["text"], Count(rule["place"]))
            count.considered += rule["considered"]
            count.matched += rule["matched"]
            count.decided += rule["decided"]
            count.tests[test] = None
        for warning in finding["warnings"]:
            self._warnings.setdefault(warning, {})[test] = None

    @property
    def is_clean(self) -> bool:
        """Whether there is nothing to say."""
        return not self._warnings and all(count.decided for count in self._rules.values())

    def lines(self) -> Iterator[str]:
        """The summary."""
        never = {text: count for text, count in self._rules.items() if not count.decided}
        if never:
            yield "rules that never fired in any test:"
        for text, count in never.items():
            yield f"  {' '.join(text.split())}"
            yield f"      {never_why(count.considered, count.matched)}"
            yield f"      {_named(count.tests)}"
        if self._warnings:
            yield "warnings about rules:"
        for warning, tests in self._warnings.items():
            yield f"  {warning}"
            yield f"      {_named(tests)}"


def _named(tests: Mapping[str, None]) -> str:
    first = ", ".join(list(tests)[:MOST_TESTS])
    rest = len(tests) - MOST_TESTS
    return f"added by {first}" + (f" and {rest} more" if rest > 0 else "")
