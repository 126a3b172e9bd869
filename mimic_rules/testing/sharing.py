# SPDX-License-Identifier: Apache-2.0
"""One cloud for all processes of a run of tests: the first that needs it starts it, whoever began the run stops it.

On the way of a test: between the plugin and a child. Processes of pytest-xdist find each other by a folder, which the
first process hands to the others.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from tempfile import mkdtemp
from typing import IO, Final

from mimic_rules.testing.child import Child, kept, launch, together
from mimic_rules.testing.folder import StartError, furnish
from mimic_rules.testing.keeper import own

HANDED: Final = "PYTEST_MIMIC_RULES_FOLDER"
"""The variable of the environment by which the folder is handed on."""

_FAILED: Final = "failed.txt"


class Sharing:
    """What one process of a run knows: the folder, which it owns unless another process has handed it on."""

    def __init__(self, *, is_worker: bool) -> None:
        handed = os.environ.get(HANDED) if is_worker else None
        self._folder = None if handed is None else Path(handed)
        self._owned: IO[str] | None = None

    @property
    def folder(self) -> Path:
        """Where processes of the run find each other."""
        if self._folder is None:
            self._folder = Path(mkdtemp(prefix="mimic-rules-"))
            self._owned = own(self._folder)
        return self._folder

    def hand_on(self) -> None:
        """Let the processes that this one starts find the folder."""
        os.environ[HANDED] = str(self.folder)

    def cloud(self, files: Sequence[Path]) -> Child:
        """The cloud of the run, started with these files of rules if nobody has yet; raises StartError."""
        with together(self.folder) as folder:
            failed = folder / _FAILED
            if failed.exists():
                # Once is enough, for it would say the same to each process.
                raise StartError(failed.read_text(encoding="utf-8"))
            child = kept(folder)
            if child is not None and child.url:
                return child
            if child is not None:
                # Who has started it ended before it was there.
                child.stop()
            try:
                return launch(folder, furnish(folder, files, {}))
            except StartError as reason:
                failed.write_text(str(reason), encoding="utf-8")
                raise

    def end(self) -> None:
        """Stop the cloud, where this process is the one to do so; called more than once it does nothing."""
        folder, self._folder = self._folder, None
        owned, self._owned = self._owned, None
        if folder is None or owned is None:
            return
        os.environ.pop(HANDED, None)
        with together(folder):
            child = kept(folder)
            if child is not None:
                child.stop()
        owned.close()
        shutil.rmtree(folder, ignore_errors=True)
