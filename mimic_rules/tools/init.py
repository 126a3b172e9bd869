# SPDX-License-Identifier: Apache-2.0
"""`mimic-rules init`: a commented configuration and a first rules file, to begin with.

A folder comes in; two files are written there, or none. Their text lies among the shipped rules, since it speaks of
services; it is not one of them.
"""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Final

STARTERS: Final[Mapping[str, str]] = MappingProxyType({"mimic.yaml": "mimic.yaml", "team.rules": "team.rules.txt"})
"""What is written, and what it is called where it is shipped: a rules file there would be loaded."""


def add_arguments(parser: ArgumentParser) -> None:
    """A folder."""
    parser.description = (
        f"Write {' and '.join(STARTERS)} into a folder: a configuration that explains every key, and a first rule.\n"
        "Nothing is overwritten: if one of them is there already, none is written."
    )
    parser.add_argument(
        "folder", metavar="FOLDER", nargs="?", default=".", type=Path, help="made if it isn't there; default: this one"
    )


def run(options: Namespace) -> int:
    """0, or 2 if a file is there already or can't be written."""
    folder: Path = options.folder
    there = [folder / name for name in STARTERS if os.path.lexists(folder / name)]
    if there:
        what = " and ".join(f"`{path}`" for path in there)
        verb = "is" if len(there) == 1 else "are"
        print(f"mimic-rules init: {what} {verb} there already; nothing was written", file=sys.stderr)
        return 2
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in STARTERS:
            # Not even if the file has come into being since we looked.
            with open(folder / name, "x", encoding="utf-8", newline="\n") as file:
                file.write(starter(name))
            print(f"wrote {folder / name}")
    except OSError as problem:
        reason = (problem.strerror or "the system gives no reason").lower()
        print(f"mimic-rules init: `{problem.filename or folder}` can't be written: {reason}", file=sys.stderr)
        return 2
    return 0


def starter(name: str) -> str:
    """The text of one of STARTERS."""
    return (resources.files("mimic_rules.rules") / "starter" / STARTERS[name]).read_text(encoding="utf-8")
