# SPDX-License-Identifier: Apache-2.0
"""Finding and reading the configuration file, and the rule files that its `rules` stand for.

Loading asks here for texts and paths; whatever is missing or unreadable becomes a diagnostic where it was named.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from mimic_rules.config.located import Located
from mimic_rules.diagnostics import Diagnostics, Span

FILE_NAME: Final = "mimic.yaml"
BIGGEST_FILE: Final = 2**20
"""Bytes of a configuration file."""
RULE_ENDING: Final = ".rules"
MOST_ENTRIES: Final = 100_000
"""How many files and folders are looked at below one folder of rules."""


def find_file(start: Path) -> Path | None:
    """The nearest `mimic.yaml` in `start` or the folders above it."""
    folder = Path(os.path.abspath(start))
    for above in (folder, *folder.parents):
        if os.path.isfile(above / FILE_NAME):
            return above / FILE_NAME
    return None


def read_text(path: Path, name: str, named_at: Span, diagnostics: Diagnostics, sources: dict[str, str]) -> str | None:
    """The file's text, or None with the reason reported; `name` is what messages call the file."""
    try:
        with open(path, "rb") as file:
            data = file.read(BIGGEST_FILE + 1)
    except (OSError, ValueError) as problem:
        diagnostics.add("MR601", f"the configuration `{name}` can't be read: {_reason(problem)}", named_at)
        return None
    if len(data) > BIGGEST_FILE:
        message, help = f"the file is bigger than {BIGGEST_FILE} bytes", "give the name of a configuration file"
        diagnostics.add("MR602", message, Span(name, 1, 1, 1, 1), help=help)
        return None
    try:
        # A byte order mark is no character of the text: editors don't count it.
        text = data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as problem:
        before = data[: problem.start].decode("utf-8").removeprefix("\ufeff").split("\n")
        line, column = len(before), len(before[-1]) + 1
        sources[name] = data.decode("utf-8", "replace").removeprefix("\ufeff")
        help = "save the file as UTF-8"
        diagnostics.add("MR603", "this isn't UTF-8", Span(name, line, column, line, column + 1), help=help)
        return None
    sources[name] = text
    return text


def rule_files(named: Iterable[Located], folder: Path, diagnostics: Diagnostics) -> tuple[tuple[Path, ...], list[Path]]:
    """The paths as named, from `folder`, and every file that they stand for, each once.

    A folder stands for each file below it that ends in `.rules`, in the order of their paths.
    """
    paths: list[Path] = []
    files: dict[Path, None] = {}
    for one in named:
        path = folder / str(one.value)
        paths.append(path)
        try:
            # Raises for what isn't there, and for text that can't be a path.
            os.stat(path)
            found = sorted(_below(path)) if os.path.isdir(path) else [path]
        except (OSError, ValueError) as problem:
            diagnostics.add("MR601", f"the rules {one.shown()} can't be read: {_reason(problem)}", one.span)
            continue
        files.update(dict.fromkeys(found))
    return tuple(paths), list(files)


def _below(folder: Path) -> list[Path]:
    def stop(problem: OSError) -> None:
        raise problem

    looked_at = 0
    found: list[Path] = []
    for parent, folders, names in os.walk(folder, onerror=stop):
        looked_at += len(folders) + len(names)
        if looked_at > MOST_ENTRIES:
            raise OSError(errno.EFBIG, f"there are more than {MOST_ENTRIES} files and folders in it")
        found += [Path(parent, name) for name in names if name.endswith(RULE_ENDING)]
    return found


def _reason(problem: OSError | ValueError) -> str:
    if isinstance(problem, OSError):
        return (problem.strerror or "the system gives no reason").lower()
    # The system was not even asked: a null character, half a surrogate pair.
    return "this is no path"
