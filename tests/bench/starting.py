# SPDX-License-Identifier: Apache-2.0
"""How long the program takes from being started to its first answer, against a process that only imports falcon.

Both are processes of their own, so wall-clock time is what counts here, and the medians of several runs in turns: the
time from one end to the other has no lower bound that a quiet moment would show.
"""

import json
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from tests.bench.rows import Row
from tests.cloud import RunningCloud

ASKED = "/identity/v3"


def rows(runs: int, python: Path) -> list[Row]:
    """The ratio, and both times; `python` is the interpreter of the installation that is started."""
    starts: list[float] = []
    imports: list[float] = []
    with tempfile.TemporaryDirectory() as empty:
        for _ in range(runs + 1):
            imports.append(_importing(python, Path(empty)))
            starts.append(_starting(python, Path(empty)))
    # The first ones fill the caches of the disk.
    start, only = statistics.median(starts[1:]), statistics.median(imports[1:])
    return [
        Row(
            "start to first answer against `python -c 'import falcon'`",
            f"`mimic-rules serve --port 0`, {installation(python)}",
            start / only,
            at_most=6.0,
        ),
        Row("… the start", "wall-clock time", start * 1000, "ms"),
        Row("… the import", "wall-clock time", only * 1000, "ms"),
    ]


def installation(python: Path) -> str:
    """How the program is installed for an interpreter, in words."""
    told = subprocess.run(
        [
            python,
            "-c",
            "from importlib.metadata import distribution as d; print(d('mimic-rules').read_text('direct_url.json'))",
        ],
        cwd="/",
        text=True,
        capture_output=True,
        check=True,
    ).stdout.strip()
    editable = told != "None" and json.loads(told).get("dir_info", {}).get("editable")
    return "an editable install, which takes some 30 ms more" if editable else "an installed wheel"


def _importing(python: Path, folder: Path) -> float:
    begun = time.perf_counter()
    subprocess.run([python, "-c", "import falcon"], cwd=folder, check=True)
    return time.perf_counter() - begun


def _starting(python: Path, folder: Path) -> float:
    errors = folder / "stderr.txt"
    with errors.open("w") as stderr:
        begun = time.perf_counter()
        process = subprocess.Popen(
            [python.parent / "mimic-rules", "serve", "--port", "0"],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )
        assert process.stdout is not None
        cloud = RunningCloud(process, process.stdout.readline().strip(), errors)
    try:
        assert cloud.url, cloud.said()
        assert cloud.ask("GET", ASKED).status == 200
        taken = time.perf_counter() - begun
    finally:
        cloud.stop()
        process.stdout.close()
    return taken
