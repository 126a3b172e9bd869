# SPDX-License-Identifier: Apache-2.0
"""`python -m tests.bench [--write] [--only NAME…] [--python PATH]`: measure, and show or keep what comes out."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.bench import (
    encoding,
    loading,
    matching,
    memory,
    page,
    phases,
    requests,
    starting,
    versions,
    watching,
    worlds,
)
from tests.bench.timing import WHOLE, Effort

RUNS = 9
"""Processes started for each of the times that only a new process shows."""


def sections(effort: Effort, runs: int, python: Path) -> dict[str, Callable[[], str]]:
    """What can be measured, by name: a heading with a table."""
    return {
        "rules": lambda: _section("Rules that match", page.table(matching.rows(effort))),
        "requests": lambda: _section("Requests", page.table(requests.against_bare(effort)[0])),
        "versions": lambda: _section("Microversions and lists", page.table(versions.rows(effort))),
        "many": lambda: _section("Many records", page.table([*requests.with_many(effort), *memory.rows(effort)])),
        "worlds": lambda: _section("Worlds", page.table(worlds.rows(effort))),
        "watching": lambda: _section("Ready for anything", page.table(watching.rows(effort))),
        "start": lambda: _section("Start", page.table([*starting.rows(runs, python), *loading.rows(runs)])),
        "json": lambda: _section("JSON", page.table(encoding.rows(effort))),
        "phases": lambda: _section("What a request spends its time on", page.shares(phases.breakdown(effort))),
    }


def main(arguments: Sequence[str] | None = None, effort: Effort = WHOLE, runs: int = RUNS) -> int:
    """Measure and print; with --write, into the page too."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="measure what the program costs")
    names = list(sections(effort, runs, Path(sys.executable)))
    parser.add_argument("--write", action="store_true", help="keep it in docs/performance.md; takes all of it")
    parser.add_argument("--only", nargs="+", choices=names, default=names, help="measure only these")
    parser.add_argument(
        "--python", type=Path, default=Path(sys.executable), help="the interpreter of an environment with the wheel"
    )
    options = parser.parse_args(arguments)
    if options.write and options.only != names:
        parser.error("--write takes no --only: a page is of one run")
    made = sections(effort, runs, options.python)
    texts = [page.machine()]
    print(texts[0], flush=True)
    for name in options.only:
        texts.append(made[name]())
        print(f"\n{texts[-1]}", flush=True)
    if options.write:
        page.PAGE.write_text(page.written(page.PAGE.read_text(encoding="utf-8"), "\n\n".join(texts)), encoding="utf-8")
    return 0


def _section(heading: str, table: str) -> str:
    return f"### {heading}\n\n{table}"


if __name__ == "__main__":
    raise SystemExit(main())
