# SPDX-License-Identifier: Apache-2.0
"""The tables as text, and the page that keeps them: docs/performance.md, between two markers."""

import os
import platform
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.bench.rows import Row

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "performance.md"
FIRST = "<!-- measured: written by `python -m tests.bench --write` -->"
LAST = "<!-- end of what is measured -->"


def machine() -> str:
    """What it was measured on, in general words."""
    cores = os.cpu_count() or 1
    return (
        f"Measured on a machine with {cores} core{'s' if cores > 1 else ''}, shared with other work, "
        f"by {platform.python_implementation()} {platform.python_version()}."
    )


def table(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table."""
    lines = [
        "| measure | target | measured | by medians | met | what it is |",
        "|---|---:|---:|---:|---|---|",
    ]
    for row in rows:
        target = "" if row.at_most is None else f"≤ {_number(row.at_most)}{_unit(row)}"
        median = "" if row.median is None else f"{_number(row.median)}{_unit(row)}"
        met = {None: "", True: "yes", False: "**no**"}[row.met]
        lines.append(
            f"| {row.what} | {target} | {_number(row.measured)}{_unit(row)} | {median} | {met} | {row.meaning} |"
        )
    return "\n".join(lines)


def shares(of: Mapping[str, Mapping[str, float]]) -> str:
    """Microseconds by stage for each kind of request, as a Markdown table."""
    kinds = list(of)
    stages = sorted(
        {stage for one in of.values() for stage in one},
        key=lambda stage: -max(one.get(stage, 0) for one in of.values()),
    )
    lines = [
        "| stage | " + " | ".join(f"{kind}: µs | share" for kind in kinds) + " |",
        "|---|" + "---:|---:|" * len(kinds),
    ]
    sums = {kind: sum(of[kind].values()) for kind in kinds}
    for stage in stages:
        cells = [f"{of[kind].get(stage, 0):.1f} | {of[kind].get(stage, 0) / sums[kind]:.0%}" for kind in kinds]
        lines.append(f"| {stage} | " + " | ".join(cells) + " |")
    lines.append("| whole | " + " | ".join(f"{sums[kind]:.1f} | 100%" for kind in kinds) + " |")
    return "\n".join(lines)


def written(page: str, measured: str) -> str:
    """The page with other measurements between its markers; raises ValueError where a marker isn't there."""
    before, first, rest = page.partition(FIRST)
    _, last, after = rest.partition(LAST)
    if not (first and last):
        raise ValueError(f"`{FIRST}` and `{LAST}` must stand in the page")
    return f"{before}{first}\n\n{measured.strip()}\n\n{last}{after}"


def _number(value: float) -> str:
    return (
        f"{value:.0f}"
        if value >= 100
        else f"{value:.1f}"
        if value >= 10
        else f"{value:.2f}".removesuffix("0").removesuffix(".0")
    )


def _unit(row: Row) -> str:
    return " x" if row.unit == "times" else f" {row.unit}"
