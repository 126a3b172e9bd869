# SPDX-License-Identifier: Apache-2.0
"""The rules files that the arguments of a command stand for.

Between the command line and `lint.reading`: names come in, files and a problem for each name that is none come out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from mimic_rules.config import LoadResult
from mimic_rules.config.files import rule_files
from mimic_rules.config.located import Located
from mimic_rules.diagnostics import Diagnostic, Diagnostics, Span


def named_files(paths: Iterable[str]) -> tuple[list[Path], tuple[Diagnostic, ...]]:
    """The files that arguments of a command stand for, and a problem for each that is not there."""
    diagnostics = Diagnostics()
    files = rule_files(_arguments(paths), Path(), diagnostics)[1]
    return files, diagnostics.items


def stops(one: Diagnostic, result: LoadResult) -> bool:
    """Whether it says that the configuration can't be read, or that rules named outside of it are not there."""
    return one.code == "MR601" and one.span.file not in {result.draft.file} & result.sources.keys()


def _arguments(paths: Iterable[str]) -> Iterator[Located]:
    for path in paths:
        yield Located(path, Span(f"argument {path}", 1, 1, 1, 1))
