# SPDX-License-Identifier: Apache-2.0
"""`mimic-rules lint`: every problem of a team's rules files and of the configuration, in three formats.

Paths come in; the files they stand for are read together with all others that they may speak of, and the problems of
those that were asked for go out.
"""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mimic_rules.config import LoadResult, load_config
from mimic_rules.diagnostics import Diagnostic, render_github, render_json, render_text
from mimic_rules.lint import in_order
from mimic_rules.lint.reading import has_errors, read_rules, shown
from mimic_rules.tools.binding import bind
from mimic_rules.tools.reading import named_files, stops

FORMATS: Final = ("text", "json", "github")


def add_arguments(parser: ArgumentParser) -> None:
    """Paths, a format and how strict to be."""
    parser.description = (
        "Check rules files and the configuration: syntax, names, types, states and rules that can't be reached.\n\n"
        "The files are read together with the shipped rules and those of the configuration, so that names resolve;\n"
        "only the problems of the files that are named are shown. Without a PATH these are the configuration that is\n"
        "found from here upward and its rules, or else all .rules files below this folder."
    )
    parser.epilog = "Exit codes: 0 no errors, 1 errors (with --strict also warnings), 2 could not run."
    parser.add_argument("paths", metavar="PATH", nargs="*", help="a rules file, or a folder of them")
    parser.add_argument("--format", choices=FORMATS, default="text", help="how problems are shown; default: text")
    parser.add_argument("--config", metavar="FILE", help="the configuration; it is checked too")
    parser.add_argument("--alone", action="store_true", help="leave out the shipped rules")
    parser.add_argument("--strict", action="store_true", help="exit with 1 for warnings too")


def run(options: Namespace) -> int:
    """0, 1 or 2, as the help says."""
    result = load_config(start=Path(), environ=os.environ, flags={"config": options.config})
    asked = _asked(options, result)
    if not isinstance(asked, _Asked):
        for reason in asked:
            print(f"mimic-rules lint: {reason}", file=sys.stderr)
        return 2
    configured = result.draft.rule_files
    # As for a start: what is only named as an argument comes before what the configuration names.
    extra = [path for path in asked.files if path not in configured]
    rules = read_rules([*extra, *configured], shipped=not options.alone)
    problems = in_order((*result.diagnostics, *rules.diagnostics, *bind(result, rules)[1]))
    found = [*_of(asked.names, problems)]
    _print(found, {**rules.texts, **result.sources}, options.format, len(asked.names))
    return 1 if has_errors(found) or (options.strict and found) else 0


@dataclass(frozen=True, slots=True)
class _Asked:
    """The rules files to check, and the names of all files to report of, the configuration's included."""

    files: list[Path]
    names: frozenset[str]


def _asked(options: Namespace, result: LoadResult) -> _Asked | list[str]:
    """What to check; or the reasons why that can't be done."""
    config = result.draft.file
    if refused := [one.message for one in result.diagnostics if stops(one, result)]:
        return refused
    if options.paths:
        if yaml := [path for path in options.paths if path.endswith((".yaml", ".yml"))]:
            return [f"`{yaml[0]}` is no rules file; to check a configuration, write `--config {yaml[0]}`"]
        files, missing = named_files(options.paths)
        if missing:
            return [one.message for one in missing]
        if not files:
            return ["there is no file below these folders that ends in .rules"]
        # The one that was merely found helps to resolve names; it wasn't asked for.
        config = config if options.config else None
    else:
        files = [*result.draft.rule_files] if result.draft.rules else named_files(["."])[0]
        if not files and config is None:
            return ["there is no mimic.yaml in this folder or above, and no file below it that ends in .rules"]
    names = {shown(path) for path in files} | ({config} if config else set())
    return _Asked(files, frozenset(names))


def _of(names: Collection[str], diagnostics: tuple[Diagnostic, ...]) -> Iterator[Diagnostic]:
    """Those of these files, and those of others in which one of these files takes part."""
    for one in diagnostics:
        if one.span.file in names or any(related.span.file in names for related in one.related):
            yield one


def _print(found: list[Diagnostic], texts: dict[str, str], format: str, files: int) -> None:
    match format:
        case "json":
            print(render_json(found), end="")
        case "github":
            print(render_github(found), end="")
        case _ if found:
            print(render_text(found, texts), end="")
        case _:
            print(f"no problems in {files} {'file' if files == 1 else 'files'}")
