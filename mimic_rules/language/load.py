# SPDX-License-Identifier: Apache-2.0
"""From the texts of rules files to a checked model and everything that is wrong in them.

The first stop of the way of a rule: sources come in, each with its layer; `syntax` reads them, `expand` resolves their
templates, `gather` puts what they declare in its place and `check` looks at how it fits. Nothing here raises.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mimic_rules.diagnostics import Diagnostic, Diagnostics, Span
from mimic_rules.language.check import check
from mimic_rules.language.declarations import File
from mimic_rules.language.expand import expand
from mimic_rules.language.gather import gather
from mimic_rules.language.model import Model
from mimic_rules.language.places import Places
from mimic_rules.language.report import Report
from mimic_rules.language.syntax import read
from mimic_rules.language.vocabulary import LANGUAGE_VERSIONS

MAX_FILES: Final = 1_000
RUN_TIME: Final = -1
TEAM: Final = 0
SHIPPED: Final = 1
_VERSION: Final = re.compile(r"^\s*language\s+([0-9.]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Source:
    """The text of a file; rules of layer RUN_TIME are consulted before those of TEAM, and those before SHIPPED."""

    path: str
    text: str
    layer: int = TEAM


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was declared and what is wrong in it; `sources` are the texts by their paths, for showing diagnostics."""

    model: Model
    diagnostics: tuple[Diagnostic, ...]
    sources: Mapping[str, str]


def load(sources: Sequence[Source]) -> Loaded:
    """Read, expand, gather and check. Files of one layer are consulted in the order given."""
    diagnostics = Diagnostics()
    texts = {source.path: source.text for source in sources}
    report = Report(diagnostics, Places(texts))
    files: list[tuple[File, int]] = []
    for source in sorted(sources, key=lambda one: one.layer):
        file, found = read(source.path, source.text)
        diagnostics.extend(found.items)
        check_version(file, source, report)
        files.append((file, source.layer))
    model = gather(expand(files, diagnostics, report.places), diagnostics, report.places)
    check(model, report)
    return Loaded(model, diagnostics.items, texts)


def check_version(file: File, source: Source, report: Report) -> None:
    """Report a version of the language that this program doesn't read."""
    if file.version is None or file.version in LANGUAGE_VERSIONS:
        return
    found = _VERSION.search(source.text)
    line = source.text.count("\n", 0, found.start(1)) + 1 if found else 1
    column = found.start(1) - (source.text.rfind("\n", 0, found.start(1)) + 1) + 1 if found else 1
    span = Span(source.path, line, column, line, column + len(file.version))
    known = ", ".join(sorted(LANGUAGE_VERSIONS))
    told = f"version {file.version} of the language is not known"
    report.add("MR103", told, span, help=f"this program reads version {known}; a newer program may read yours")


def read_sources(paths: Iterable[Path], layer: int = TEAM) -> tuple[list[Source], tuple[Diagnostic, ...]]:
    """The texts of files, and of all `.rules` files below directories, in the order of their paths.

    What can't be read is left out and said in the diagnostics.
    """
    diagnostics = Diagnostics()
    sources: list[Source] = []
    for path in _files(paths, diagnostics):
        whole = Span(str(path), 1, 1, 1, 1)
        if len(sources) == MAX_FILES:
            diagnostics.add("MR110", f"there are more than {MAX_FILES} files", whole, help="name fewer files")
            break
        try:
            sources.append(Source(str(path), path.read_text(encoding="utf-8"), layer))
        except UnicodeDecodeError as error:
            told = f"this file is not UTF-8: byte {error.start + 1} fits nothing"
            diagnostics.add("MR102", told, whole, help="save it as UTF-8")
        except OSError as error:
            told = f"this file can't be read: {(error.strerror or 'unknown reason').lower()}"
            diagnostics.add("MR102", told, whole, help="check its path and who may read it")
    return sources, diagnostics.items


def _files(paths: Iterable[Path], diagnostics: Diagnostics) -> list[Path]:
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            found = sorted(one for one in path.rglob("*.rules") if one.is_file())
            if not found:
                whole = Span(str(path), 1, 1, 1, 1)
                diagnostics.add("MR102", "there is no `.rules` file here", whole, help="check the path")
            files += found
        else:
            files.append(path)
    return list(dict.fromkeys(files))
