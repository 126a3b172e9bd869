# SPDX-License-Identifier: Apache-2.0
"""The command line, `mimic-rules`: what it can do, and which module does it.

Here an author's way begins: the arguments come in, the command's module is loaded and run, and the exit code goes out.
0 is well, 1 says that something was found, 2 that the command could not run.
"""

from __future__ import annotations

import argparse
import gc
import io
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, Protocol

from mimic_rules.diagnostics.suggest import did_you_mean

PROGRAM: Final = "mimic-rules"
COULD_NOT_RUN: Final = 2
INTERRUPTED: Final = 130
"""What a shell says of a program that ended at an interrupt."""

COMMANDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "serve": "start the cloud",
        "lint": "check rules files, and the configuration",
        "test": "run the examples in rules files",
        "faults": "list the faults that rules can summon",
        "explain": "say what a request would be answered, and why",
        "compile": "print the tables that rules become, as YAML",
        "init": "write a configuration and a first rules file",
        "config": "print the effective configuration, and where each value comes from",
        "version": "print the versions of the program, the rule language and Python",
    }
)
"""What each command does, in the order of the help."""


class Command(Protocol):
    """What a command's module has."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Describe the command and its options."""

    def run(self, options: Namespace) -> int:
        """Do it; the exit code."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; `argv` is without the program's name, None takes the process's own. Gives the exit code."""
    arguments = sys.argv[1:] if argv is None else list(argv)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that lacks a letter of a rules file still shows the rest.
            stream.reconfigure(errors="backslashreplace")
    try:
        code = _run(arguments)
        sys.stdout.flush()
    except SystemExit as stop:
        # argparse has said what it has to say.
        return stop.code if isinstance(stop.code, int) else COULD_NOT_RUN
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever was reading has read enough. Python would try to write what is left once more when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return COULD_NOT_RUN
    return code


def _run(arguments: list[str]) -> int:
    if not arguments or arguments[0] not in COMMANDS:
        return _refuse(arguments)
    name = arguments[0]
    parser = ArgumentParser(prog=f"{PROGRAM} {name}", formatter_class=argparse.RawDescriptionHelpFormatter)
    command = load(name)
    command.add_arguments(parser)
    return command.run(parser.parse_args(arguments[1:]))


def load(name: str) -> Command:
    """The module of one of COMMANDS.

    PERF: each is imported when it is called: starting the cloud must not wait for what only linting needs.
    """
    match name:
        case "serve":
            # PERF: nothing of what is imported is garbage, and looking for some takes a tenth of the time.
            gc.disable()
            from mimic_rules.tools import serve

            gc.enable()
            return serve
        case "lint":
            from mimic_rules.tools import lint

            return lint
        case "test":
            from mimic_rules.tools import test

            return test
        case "faults":
            from mimic_rules.tools import faults

            return faults
        case "explain":
            from mimic_rules.tools import explain

            return explain
        case "compile":
            from mimic_rules.tools import compile

            return compile
        case "init":
            from mimic_rules.tools import init

            return init
        case "config":
            from mimic_rules.tools import config

            return config
        case _:
            from mimic_rules.tools import version

            return version


def _refuse(arguments: list[str]) -> int:
    """Show the help if it was asked for; else say what is wrong with the arguments."""
    width = max(map(len, COMMANDS))
    parser = ArgumentParser(
        prog=PROGRAM,
        usage=f"{PROGRAM} COMMAND [OPTION ...]",
        description="Clouds to test against: services and their misbehaviour are rules in text, and this runs them.\n\n"
        + "commands:\n"
        + "\n".join(f"  {name:{width}}  {summary}" for name, summary in COMMANDS.items()),
        epilog=f"`{PROGRAM} COMMAND --help` says more of one. Exit codes: 0 well, 1 found something, 2 could not run.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", metavar="COMMAND", nargs="?", help=argparse.SUPPRESS)
    named = parser.parse_known_args(arguments)[0].command
    if named is None:
        parser.error(f"name a command: {', '.join(COMMANDS)}")
    if named in COMMANDS:
        parser.error(f"options come after the command: `{PROGRAM} {named} {arguments[0]}`")
    near = did_you_mean(named, COMMANDS)
    parser.error(
        f"there is no command `{named}`; " + (f"did you mean `{near}`?" if near else f"there are {', '.join(COMMANDS)}")
    )


if __name__ == "__main__":
    sys.exit(main())
