# SPDX-License-Identifier: Apache-2.0
"""`mimic-rules version`: which program, which rule language, which Python.

Nothing comes in; three lines go out, to be pasted into a report of a problem.
"""

from __future__ import annotations

import platform
from argparse import ArgumentParser, Namespace

import mimic_rules
from mimic_rules.language.vocabulary import LANGUAGE_VERSIONS


def add_arguments(parser: ArgumentParser) -> None:
    """It takes none."""
    parser.description = "Print the versions of the program, of the rule language and of Python."


def run(options: Namespace) -> int:
    """Always 0."""
    print(f"mimic-rules {mimic_rules.__version__}")
    print(f"language {', '.join(sorted(LANGUAGE_VERSIONS, key=int))}")
    print(f"python {platform.python_version()}")
    return 0
