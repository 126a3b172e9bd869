# SPDX-License-Identifier: Apache-2.0
"""The folder of snapshots: texts by name, each in a file of its own that is there whole or not at all.

On the way of a request: the last stop of a snapshot that is taken, and the first of one that is put back. A file has
three lines: what it is with the digest of the rest, what a list shows of it, and the snapshot.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

FORMAT: Final = 1
"""The number of the form of files that is written, and the only one that is read."""
ENDING: Final = ".snapshot"
MOST: Final = 1_000
"""How many snapshots there may be."""

_FIRST: Final = re.compile(rb"mimic-rules snapshot ([0-9]{1,9}) ([0-9a-f]{64})\n")
_LONGEST_HEAD: Final = 4096


class Damaged(Exception):
    """A file that is no snapshot, not as it was written, or of another format; the text says which."""


class NoRoom(Exception):
    """A snapshot can't be kept; the text says why."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A snapshot in the folder, without its contents; `head` is what was kept for lists, empty where it is damaged."""

    name: str
    size: int
    head: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shelf:
    """The snapshots in `folder`, which is made when the first one is taken; names are right, and never paths.

    No file of more than `most` bytes is read. Every method may be called from any thread.
    """

    folder: Path
    most: int
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    def keep(self, name: str, head: dict[str, Any], text: str, *, replace: bool) -> int | None:
        """Write a snapshot; gives its bytes, or None where there is one of that name and it isn't to be replaced.

        Raises NoRoom. Nobody but the one who runs the cloud may read it, for it holds what the world holds.
        """
        rest = f"{json.dumps(head)}\n{text}\n".encode()
        data = f"mimic-rules snapshot {FORMAT} {hashlib.sha256(rest).hexdigest()}\n".encode() + rest
        if len(data) > self.most:
            raise NoRoom(f"it would have {len(data)} bytes, and {self.most} can be read back: raise `limits.memory`")
        with self._lock, _told():
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            there = self._path(name).exists()
            if there and not replace:
                return None
            if not there and len(self._files()) >= MOST:
                raise NoRoom(f"there are {MOST} snapshots: remove some with `DELETE /_mimic/snapshots/NAME`")
            part = self.folder / f".{name}.part"
            # What a process left that was stopped in the middle is of no use.
            part.unlink(missing_ok=True)
            try:
                with open(part, "xb", opener=_private) as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                os.replace(part, self._path(name))
            finally:
                part.unlink(missing_ok=True)
        return len(data)

    def read(self, name: str) -> tuple[dict[str, Any], str] | None:
        """Head and text of a snapshot; None where there is none. Raises Damaged."""
        try:
            with open(self._path(name), "rb") as file:
                data = file.read(self.most + 1)
        except FileNotFoundError:
            return None
        except OSError as problem:
            raise Damaged(f"it can't be read: {_reason(problem)}") from None
        if len(data) > self.most:
            raise Damaged(f"it has more than the {self.most} bytes that `limits.memory` lets be read")
        first, line, rest = data.partition(b"\n")
        digest = _opened(first + line)
        if hashlib.sha256(rest).hexdigest() != digest:
            raise Damaged("it is damaged: its digest is that of something else")
        head, _, text = rest.decode().partition("\n")
        return json.loads(head), text.removesuffix("\n")

    def remove(self, name: str) -> bool:
        """Remove a snapshot; gives whether there was one. Raises NoRoom where the folder can't be written."""
        with self._lock, _told():
            try:
                self._path(name).unlink()
            except FileNotFoundError:
                return False
        return True

    def all(self) -> list[Kept]:
        """All snapshots by name."""
        return [kept for path in self._files() for kept in self._seen(path)]

    def _seen(self, path: Path) -> Iterator[Kept]:
        name = path.name.removesuffix(ENDING)
        try:
            with open(path, "rb") as file:
                size = os.fstat(file.fileno()).st_size
                _opened(file.readline(_LONGEST_HEAD))
                head = json.loads(file.readline(_LONGEST_HEAD))
                yield Kept(name, size, head if isinstance(head, dict) else {})
        except (Damaged, ValueError):
            yield Kept(name, size, {})
        except OSError:
            # It was removed in the meantime, or isn't ours to read.
            return

    def _files(self) -> list[Path]:
        return sorted(path for path in self.folder.glob(f"[!.]*{ENDING}") if path.is_file())

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}{ENDING}"


def _opened(first: bytes) -> str:
    """The digest that a file's first line says."""
    found = _FIRST.fullmatch(first)
    if found is None:
        raise Damaged("it is damaged, or no snapshot")
    if int(found[1]) != FORMAT:
        raise Damaged(f"it is of format {int(found[1])}, and only format {FORMAT} can be read")
    return found[2].decode()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        raise NoRoom(f"the folder of snapshots can't be written: {_reason(problem)}") from None


def _reason(problem: OSError) -> str:
    return (problem.strerror or "the system gives no reason").lower()
