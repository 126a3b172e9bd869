# SPDX-License-Identifier: Apache-2.0
"""What a run of the scenarios measures, and the page that keeps it: docs/autoscale.md, between two markers."""

import os
import re
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "autoscale.md"
FIRST = "<!-- measured: written by `python -m tests.acceptance --write` -->"
LAST = "<!-- end of what is measured -->"

SECONDS = "world_seconds"
SUMMONED = "summoned"

TITLES = {
    "negative_servers": "Negative tests: servers",
    "negative_accounts": "Negative tests: accounts and services",
    "negative_balancers": "Negative tests: balancers",
    "integration": "Integration: servers, accounts, pauses",
    "integration_balancers": "Integration: balancers",
    "faithful": "Faithful: servers",
    "faithful_balancers": "Faithful: balancers",
}
"""The files of scenarios, in the order of the page."""


@dataclass(slots=True)
class Scenario:
    """One test with all its parameters: how long each took in its world, and what made the cloud fail."""

    seconds: list[float] = field(default_factory=list)
    summoned: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Measured:
    """The scenarios by file and name; a plugin of pytest that fills them from the reports of all processes."""

    files: dict[str, dict[str, Scenario]] = field(default_factory=dict)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Called with each report; the last one of a test has what it recorded."""
        told = dict(report.user_properties)
        found = re.search(r"test_(\w+)\.py::(\w+)", report.nodeid)
        if report.when != "teardown" or SECONDS not in told or found is None:
            return
        scenario = self.files.setdefault(found[1], {}).setdefault(found[2], Scenario())
        seconds, summoned = told[SECONDS], told[SUMMONED]
        assert isinstance(seconds, float)
        assert isinstance(summoned, list)
        scenario.seconds.append(seconds)
        scenario.summoned += [one for one in summoned if one not in scenario.summoned]

    @property
    def runs(self) -> list[float]:
        """The world's time of each run of a scenario, in seconds."""
        return [seconds for file in self.files.values() for one in file.values() for seconds in one.seconds]


def page(measured: Measured, wall: float, processes: int) -> str:
    """What was measured, as Markdown; `wall` is how many real seconds the run took."""
    runs = measured.runs
    names = sum(len(file) for file in measured.files.values())
    parts = [
        f"{names} scenarios in {len(runs)} runs passed **{spell(sum(runs))}** of their worlds' time, which is what "
        f"they would take in a real cloud, one after the other. Here they took **{wall:.0f} s**, with {processes} "
        f"processes against one server on {os.cpu_count()} cores: {sum(runs) / wall:.0f} times as fast."
    ]
    for file, title in TITLES.items():
        rows = [row(name, one) for name, one in sorted(measured.files.get(file, {}).items())]
        parts.append(
            "\n".join([f"### {title}", "", "| scenario | what the cloud does | time |", "|---|---|---:|", *rows])
        )
    return "\n\n".join(parts)


def row(name: str, scenario: Scenario) -> str:
    """A line of the table; several runs of a scenario are told apart by how long they took."""
    summoned = "<br>".join(scenario.summoned).replace("|", "\\|") or "nothing but what it is asked"
    times = sorted({spell(seconds): seconds for seconds in scenario.seconds}.items(), key=lambda item: item[1])
    shown = times[0][0] if len(times) == 1 else f"{times[0][0]} to {times[-1][0]}"
    return f"| `{name}` | {summoned} | {shown} |"


def spell(seconds: float) -> str:
    """A length of time as hours, minutes and seconds: `1:02:03`."""
    return str(timedelta(seconds=round(seconds)))


def written(text: str, measured: str) -> str:
    """The text of the page with what was measured between its markers; raises ValueError where they aren't."""
    before, first, rest = text.partition(FIRST)
    _, last, after = rest.partition(LAST)
    if not (first and last):
        raise ValueError("the page has no place for what is measured")
    return f"{before}{first}\n\n{measured}\n\n{last}{after}"
