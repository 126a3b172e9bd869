# SPDX-License-Identifier: Apache-2.0
"""`python -m tests.acceptance [--write]`: run the acceptance suite in two processes against one server.

It says how long that took, here and in the worlds of the scenarios; with --write, docs/autoscale.md keeps it.
"""

import argparse
import sys
import time
from pathlib import Path

import pytest

from tests.acceptance.measure import PAGE, Measured, page, written

PROCESSES = 2


def main() -> int:
    """Run, and print what came of it; the exit code is that of pytest, where a rule that never fired fails too."""
    parser = argparse.ArgumentParser(prog="python -m tests.acceptance", description="run the acceptance suite")
    parser.add_argument("--write", action="store_true", help="keep what is measured in docs/autoscale.md")
    options = parser.parse_args()
    measured = Measured()
    folder = str(Path(__file__).resolve().parent)
    begun = time.perf_counter()
    code = pytest.main(["-q", "--mimic-strict", "--numprocesses", str(PROCESSES), folder], plugins=[measured])
    wall = time.perf_counter() - begun
    text = page(measured, wall, PROCESSES)
    print(f"\n{text.partition('### ')[0].strip()}")
    if options.write and code == pytest.ExitCode.OK:
        PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), text), encoding="utf-8")
    return int(code)


if __name__ == "__main__":
    sys.exit(main())
