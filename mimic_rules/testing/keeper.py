# SPDX-License-Identifier: Apache-2.0
"""What stands between a run of tests and its cloud: a process that ends the cloud when the run is gone, anyhow.

On the way of a test: beneath a child. Whoever owns a folder holds a lock there as long as it lives, and no end is so
sudden that the lock would stay.
"""

from __future__ import annotations

import fcntl
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from threading import Event, Thread
from typing import IO, Final

OWNER: Final = "owner"


def own(folder: Path) -> IO[str]:
    """Hold the folder: what is started in it ends when what comes back is closed, at the latest with this process."""
    lock = (folder / OWNER).open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def main(folder: Path, command: Sequence[str]) -> int:
    """Run a command until it ends, or is told to, or nobody owns the folder any more; gives its exit code."""
    told = Event()
    # Before there is anything to end, so that no word to do so is lost.
    signal.signal(signal.SIGTERM, lambda number, frame: told.set())
    process = subprocess.Popen(command)
    gone: list[Path] = []

    def wait() -> None:
        with (folder / OWNER).open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH)
        gone.append(folder)
        told.set()

    def end() -> None:
        told.wait()
        process.terminate()

    for job in (wait, end):
        Thread(target=job, daemon=True).start()
    code = process.wait()
    for left in gone:
        # Who would have removed it can't.
        shutil.rmtree(left, ignore_errors=True)
    return code


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
