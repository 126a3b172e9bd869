# SPDX-License-Identifier: Apache-2.0
"""`mimic-rules faults`: every fault that rules can summon, with what summons it and how it answers, in three formats.

Paths come in as for a start; what `fault_list` finds in the rules goes out. The manual's page of shipped faults is the
third format: `mimic-rules faults --format markdown >docs/faults.md`.
"""

from __future__ import annotations

import json
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from mimic_rules.config import load_config
from mimic_rules.diagnostics import did_you_mean, render_text
from mimic_rules.language.model import Model
from mimic_rules.lint.reading import has_errors, read_rules
from mimic_rules.tools.fault_list import Fault, faults_of
from mimic_rules.tools.reading import named_files

FORMATS: Final = ("text", "json", "markdown")

_ANY: Final = "every service"

_INTRODUCTION: Final = """\
<!-- Written by `mimic-rules faults --format markdown >docs/faults.md` from the rules. -->

# Faults by name

What can go wrong on demand, service by service. Each fault is a rule: it happens where what follows `when` holds,
mostly because a client asks for it in a new record's metadata, and it does what follows `then`. `let` gives a name to a
part of what follows. The example below a rule is run by `mimic-rules test`; it shows a request that summons the fault,
and what comes of it. What a rule's words mean is told in [the manual of the language](language.md).

A fault of a service holds in its dialects too. A team's own rules are listed with these by `mimic-rules faults`.
"""


def add_arguments(parser: ArgumentParser) -> None:
    """A service, paths and a format."""
    parser.description = (
        "List the faults that rules can summon: what each is called, what summons it, and what it does. The rules are\n"
        "those that a start would read: those of each PATH, those of the configuration, and the shipped ones."
    )
    parser.epilog = "Exit codes: 0 well, 1 the rules are broken, 2 could not run."
    parser.add_argument("paths", metavar="PATH", nargs="*", help="a rules file, or a folder of them")
    parser.add_argument("--service", metavar="NAME", help="only the faults that this service can have")
    parser.add_argument("--format", choices=FORMATS, default="text", help="how they are shown; default: text")
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
    services = rules.model.services
    if options.service is not None and options.service not in services:
        near = did_you_mean(options.service, services)
        help = f"did you mean `{near}`?" if near else f"there are {', '.join(sorted(services))}"
        return _refuse(f"there is no service `{options.service}`; {help}")
    faults = faults_of(rules.model, options.service)
    match options.format:
        case "json":
            print(json.dumps([*map(_plain, faults)], indent=2, ensure_ascii=False))
        case "markdown":
            print("".join(_page(faults, rules.model)), end="")
        case _:
            print("".join(_lines(faults)), end="")
    return 0


def _plain(fault: Fault) -> dict[str, Any]:
    """The same keys for each; a clause that a rule doesn't have is null."""
    clauses = {word: fault.clauses.get(word) for word in ("on", "when", "only", "then")}
    return {
        "name": fault.name,
        "title": fault.title,
        "service": fault.service,
        "resource": fault.resource,
        "let": [one.removeprefix("let ") for one in fault.lets],
        **clauses,
        "examples": [{"title": one.title, "text": one.text} for one in fault.samples],
        "place": fault.place,
    }


def _lines(faults: list[Fault]) -> Iterator[str]:
    for service, group in groupby(faults, key=lambda one: one.service):
        yield f"{service or _ANY}\n"
        for one in group:
            yield f"  {one.name}{': ' if one.title else ''}{one.title}\n"
            yield from (f"    {line}\n" for line in one.text.splitlines())


def _page(faults: list[Fault], model: Model) -> Iterator[str]:
    yield _INTRODUCTION
    for service, group in groupby(faults, key=lambda one: one.service):
        title = _ANY.capitalize() if service is None else model.services[service].declaration.title
        yield f"\n## {title}{'' if service is None else f' (`{service}`)'}\n"
        for one in group:
            yield f"\n### {one.name}\n"
            yield f"\n{one.title}\n" if one.title else ""
            yield f"\n```text\n{one.text}\n```\n"
            yield from (f"\n```text\n{sample.text}\n```\n" for sample in one.samples)


def _refuse(*reasons: str) -> int:
    for reason in reasons:
        print(f"mimic-rules faults: {reason}", file=sys.stderr)
    return 2
