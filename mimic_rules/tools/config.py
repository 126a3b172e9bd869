# SPDX-License-Identifier: Apache-2.0
"""`mimic-rules config`: the effective configuration, with where each value comes from.

The configuration is loaded as it would be for a start, the settings that the rules declare are bound, and all of it
goes out as YAML; or, if something is wrong, every problem.
"""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from mimic_rules.config import describe, load_config
from mimic_rules.diagnostics import render_text
from mimic_rules.lint import in_order
from mimic_rules.lint.reading import has_errors, read_rules
from mimic_rules.tools.binding import bind


def add_arguments(parser: ArgumentParser) -> None:
    """The configuration's file."""
    parser.description = (
        "Print the effective configuration as YAML, with where each value comes from: a flag is stronger than the\n"
        "environment (MIMIC_*), that than the file, that than the default. Settings that rules declare come last."
    )
    parser.epilog = "Exit codes: 0 well, 1 something is wrong with the configuration or the rules, and is shown."
    parser.add_argument("--config", metavar="FILE", help="default: MIMIC_CONFIG, or mimic.yaml here or above")


def run(options: Namespace) -> int:
    """0, or 1 with diagnostics on stderr; warnings are shown there too."""
    result = load_config(start=Path(), environ=os.environ, flags={"config": options.config})
    rules = read_rules(result.draft.rule_files)
    settings, of_settings = bind(result, rules)
    problems = in_order((*result.diagnostics, *rules.diagnostics, *of_settings))
    print(render_text(problems, {**rules.texts, **result.sources}), end="", file=sys.stderr)
    if has_errors(problems):
        return 1
    print(describe(result.draft, settings), end="")
    return 0
