# SPDX-License-Identifier: Apache-2.0
"""How long the shipped rules take from their files to tables that answer: in a fresh process, stage by stage.

`python -m tests.bench.loading` is that process; it prints the seconds of each stage as JSON. `rows` starts several.
"""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

from tests.bench.rows import Row

ROOT = Path(__file__).resolve().parent.parent.parent
STAGES = ("read", "parser", "parse", "expand", "gather", "check", "compile", "link")


def rows(runs: int) -> list[Row]:
    """The whole in wall-clock time, the median of several processes; and its stages."""
    found = [_in_a_process() for _ in range(runs)]
    middle = {stage: statistics.median(one[stage] for one in found) for stage in ("import", *STAGES)}
    whole = statistics.median(sum(one[stage] for stage in STAGES) for one in found)
    meanings = {
        "import": "not part of the sum above: importing language, compiler and engine, with lark and re2",
        "read": "the files' texts",
        "parser": "lark's tables, which are shipped as JSON",
        "parse": "texts to syntax trees",
        "expand": "templates",
        "gather": "what is declared, put in its place",
        "check": "names, types, lifecycles",
        "compile": "tables",
        "link": "tables for settings and regions; functions are made of expressions when they are first called",
    }
    return [
        Row("loading all shipped rules, cold", "in a process that has just imported", whole, "s", at_most=2.0),
        Row("… with the imports", "the first line below, too", whole + middle["import"], "s"),
        *(Row(f"… {stage}", meanings[stage], seconds * 1000, "ms") for stage, seconds in middle.items()),
    ]


def _in_a_process() -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.loading"], cwd=ROOT, text=True, capture_output=True, check=True
    )
    seconds: dict[str, float] = json.loads(done.stdout)
    return seconds


def staged() -> dict[str, float]:
    """The seconds that each stage takes in this process."""
    taken: dict[str, float] = {}

    def timed(stage: str, work: Callable[[], Any]) -> Any:
        start = time.perf_counter()
        made = work()
        taken[stage] = taken.get(stage, 0.0) + time.perf_counter() - start
        return made

    def imported() -> tuple[Any, ...]:
        # Imported here, for that is a stage of its own.
        from mimic_rules import compiler, diagnostics, engine
        from mimic_rules.language import check, expand, gather, load, places, report, syntax

        return compiler, diagnostics, engine, check, expand, gather, load, places, report, syntax

    compiler, diagnostics, engine, check, expand, gather, load, places, report, syntax = timed("import", imported)
    found = diagnostics.Diagnostics()
    with resources.as_file(resources.files("mimic_rules.rules")) as folder:
        sources, _ = timed("read", lambda: load.read_sources([folder], load.SHIPPED))
    timed("parser", lambda: syntax.read("nothing.rules", ""))
    files = [(timed("parse", lambda one=one: syntax.read(one.path, one.text))[0], one.layer) for one in sources]
    where = places.Places({one.path: one.text for one in sources})
    expanded = timed("expand", lambda: expand.expand(files, found, where))
    gathered = timed("gather", lambda: gather.gather(expanded, found, where))
    timed("check", lambda: check.check(gathered, report.Report(found, where)))
    assert not found.items, found.items
    program = timed("compile", lambda: compiler.compile_model(gathered))
    timed("link", lambda: engine.link(program))
    return taken


if __name__ == "__main__":
    print(json.dumps(staged()))
