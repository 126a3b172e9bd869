# SPDX-License-Identifier: Apache-2.0
"""`python -m tests.load [SECONDS]`: 100 worlds, 16 clients, for a minute; exit code 1 if anything was wrong."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.load.judging import problems
from tests.load.run import run


def main(seconds: float) -> int:
    """Run, and say what came of it."""
    with TemporaryDirectory() as folder:
        told = run(Path(folder), seconds=seconds)
    print(told)
    found = problems(told)
    for one in found[:50]:
        print(one)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 60.0))
