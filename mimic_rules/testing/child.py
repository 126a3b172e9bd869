# SPDX-License-Identifier: Apache-2.0
"""A cloud in a process of its own: started, found by what it says, stopped.

On the way of a test: beneath a cloud that is a child. The process belongs to nobody in particular, for under
pytest-xdist one test process starts it, all use it, and another one stops it.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from mimic_rules.testing.calls import TOKEN_VARIABLE
from mimic_rules.testing.folder import StartError

LONGEST_START: Final = 60.0
LONGEST_STOP: Final = 15.0
"""Seconds of patience, not of work."""
LOOK_EVERY: Final = 0.02

_SAID = "stdout.txt"
_ERRORS = "stderr.txt"
_ALIVE = "alive"
_WRITTEN = "child.json"


@dataclass(frozen=True, slots=True)
class Child:
    """A process that answers at `url`. Its output is in files of `folder`, and as long as it lives it holds a lock
    there.
    """

    pid: int
    url: str
    folder: str

    def said(self) -> str:
        """What it wrote to stderr so far."""
        return _text(Path(self.folder), _ERRORS)

    def stop(self) -> None:
        """Have it end, and wait until it has; one that doesn't is killed."""
        for kill, by in ((os.kill, signal.SIGTERM), (os.killpg, signal.SIGKILL)):
            # INVARIANT: while the lock is held the process is there, so its id is no other one's.
            if not self._is_there():
                break
            with suppress(ProcessLookupError):
                kill(self.pid, by)
            if _waited(lambda: not self._is_there(), LONGEST_STOP):
                break
        # Where this process has started it, nobody else asks how it ended.
        with suppress(ChildProcessError):
            os.waitpid(self.pid, os.WNOHANG)

    def _is_there(self) -> bool:
        return _is_held(Path(self.folder) / _ALIVE)


def launch(folder: Path, config: Path) -> Child:
    """Start a process and wait until it answers; raises StartError with its words if it ends first.

    It ends with whoever owns the folder; see `keeper.own`. It is written down there as soon as it runs, so that it is
    found, and stopped, whatever becomes of who has started it.
    """
    # It finds what this process finds, and is told nothing but its configuration and the token.
    environ = {
        name: value for name, value in os.environ.items() if name == TOKEN_VARIABLE or not name.startswith("MIMIC_")
    }
    environ["PYTHONPATH"] = os.pathsep.join(path or os.getcwd() for path in sys.path)
    keeper = [sys.executable, "-m", "mimic_rules.testing.keeper", str(folder)]
    command = [*keeper, sys.executable, "-m", "mimic_rules.tools.main", "serve", "--config", str(config)]
    with (folder / _ALIVE).open("w") as alive:
        # INVARIANT: locks of this kind belong to an open file; the process inherits it and keeps it until it ends.
        fcntl.flock(alive, fcntl.LOCK_EX)
        os.set_inheritable(alive.fileno(), True)
        streams = [
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, str(folder / _SAID), os.O_WRONLY | os.O_CREAT, 0o600),
            (os.POSIX_SPAWN_OPEN, 2, str(folder / _ERRORS), os.O_WRONLY | os.O_CREAT, 0o600),
        ]
        # In a session of its own: an interrupt at the keyboard is for the tests, which stop it in order.
        pid = os.posix_spawn(sys.executable, command, environ, file_actions=streams, setsid=True)
    child = _written(Child(pid, "", str(folder)))
    there = _waited(lambda: "\n" in _text(folder, _SAID) or _has_ended(pid), LONGEST_START)
    url = _text(folder, _SAID).strip()
    if url:
        return _written(Child(pid, url, str(folder)))
    child.stop()
    raise StartError(child.said() or ("the cloud has ended" if there else f"no word of it in {LONGEST_START:.0f} s"))


@contextmanager
def together(folder: Path) -> Iterator[Path]:
    """For the length of a block, no other process is in such a block of this folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


def kept(folder: Path) -> Child | None:
    """The process that was started in a folder, or nothing; it has no URL where nobody has waited for it."""
    try:
        told = json.loads((folder / _WRITTEN).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return Child(told["pid"], told["url"], told["folder"])


def _written(child: Child) -> Child:
    (Path(child.folder) / _WRITTEN).write_text(json.dumps(asdict(child)), encoding="utf-8")
    return child


def _text(folder: Path, name: str) -> str:
    try:
        return (folder / name).read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return ""


def _has_ended(pid: int) -> bool:
    """Whether a process that this one has started has ended."""
    try:
        return os.waitpid(pid, os.WNOHANG)[0] != 0
    except ChildProcessError:
        return True


def _is_held(path: Path) -> bool:
    """Whether another process holds the lock of a file."""
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


def _waited(done: Callable[[], bool], patience: float) -> bool:
    """Look again and again, for about so many seconds; gives whether it is done."""
    pause = threading.Event()
    for _ in range(int(patience / LOOK_EVERY)):
        if done():
            return True
        pause.wait(LOOK_EVERY)
    return done()
