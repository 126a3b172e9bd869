# SPDX-License-Identifier: Apache-2.0
"""The rules files that the arguments of a command stand for, and the configuration that a start has with them.

Between the command line and `lint.reading`: names come in, files and a problem for each name that is none come out.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from mimic_rules.config import LoadResult, load_config
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


def load_for_start(paths: Sequence[str], flags: Mapping[str, object]) -> LoadResult:
    """The configuration as a start has it, with the rules of these paths before its own."""
    loaded = load_config(start=Path(), environ=os.environ, flags=flags)
    files, missing = named_files(paths)
    draft = loaded.draft
    draft = replace(
        draft,
        rules=(*map(Path, paths), *draft.rules),
        rule_files=tuple(dict.fromkeys((*files, *draft.rule_files))),
    )
    return replace(
        loaded,
        config=None if missing else loaded.config and draft,
        diagnostics=(*loaded.diagnostics, *missing),
        draft=draft,
    )


def _arguments(paths: Iterable[str]) -> Iterator[Located]:
    for path in paths:
        yield Located(path, Span(f"argument {path}", 1, 1, 1, 1))
