# SPDX-License-Identifier: Apache-2.0
"""`mimic-rules compile`: the tables that rules become, as YAML that a reviewer can read.

Paths come in as for a start; the compiled program goes out, whole or one service of it.
"""

from __future__ import annotations

import os
import re
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from mimic_rules.compiler import compile_model, show
from mimic_rules.config import load_config
from mimic_rules.diagnostics import did_you_mean, render_text
from mimic_rules.lint.reading import has_errors, read_rules
from mimic_rules.tools.reading import named_files


def add_arguments(parser: ArgumentParser) -> None:
    """A service and paths."""
    parser.description = (
        "Print the tables that the rules become: routes, matches, transitions, views and checks. The rules are those\n"
        "that a start would read: those of each PATH, those of the configuration, and the shipped ones."
    )
    parser.epilog = "Exit codes: 0 well, 1 the rules are broken, 2 could not run."
    parser.add_argument("paths", metavar="PATH", nargs="*", help="a rules file, or a folder of them")
    parser.add_argument("--service", metavar="NAME", help="only the tables of this service")
    parser.add_argument("--config", metavar="FILE", help="default: MIMIC_CONFIG, or mimic.yaml here or above")


def run(options: Namespace) -> int:
    """0, 1 or 2, as the help says."""
    files, missing = named_files(options.paths)
    if missing:
        return _refuse(*(one.message for one in missing))
    result = load_config(start=Path(), environ=os.environ, flags={"config": options.config})
    if has_errors(result.diagnostics):
        print(render_text(result.diagnostics, result.sources), end="", file=sys.stderr)
        return 1
    rules = read_rules([*files, *result.draft.rule_files])
    if rules.broken:
        print(render_text(rules.diagnostics, rules.texts), end="", file=sys.stderr)
        return 1
    program = compile_model(rules.model)
    service = options.service
    if service is not None and service not in program.services:
        near = did_you_mean(service, program.services)
        help = f"did you mean `{near}`?" if near else f"there are {', '.join(sorted(program.services))}"
        return _refuse(f"there is no service `{service}`; {help}")
    yaml = YAML()
    yaml.width = 120
    # In double quotes the writer breaks a long text between a backslash and what it belongs to.
    yaml.representer.add_representer(str, _quoted_once)
    # The same part may stand in two places of a program; whoever reads one of them wants to see it there.
    yaml.representer.ignore_aliases = lambda data: True
    yaml.dump(show(program, service), sys.stdout, transform=_without_trailing_spaces)
    return 0


def _quoted_once(representer: Any, text: str) -> Any:
    """A text with backslashes in single quotes, any other as the writer likes it."""
    style = "'" if "\\" in text and "\n" not in text else None
    return representer.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _without_trailing_spaces(text: str) -> str:
    """The writer leaves one wherever it folds a line; none of them means anything."""
    return re.sub(r" +$", "", text, flags=re.MULTILINE)


def _refuse(*reasons: str) -> int:
    for reason in reasons:
        print(f"mimic-rules compile: {reason}", file=sys.stderr)
    return 2
