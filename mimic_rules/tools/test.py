# SPDX-License-Identifier: Apache-2.0
"""`mimic-rules test`: runs the examples that stand beside rules, and says which of these no example proves.

Paths come in, as for `lint`; the files they stand for are read together with all others, and each of their examples is
run in a world of its own, in this process and without a socket. What was not as an example says goes out.
"""

from __future__ import annotations

import json
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mimic_rules.compiler import Program, compile_model
from mimic_rules.config import LoadResult, load_config
from mimic_rules.diagnostics import Diagnostic, Span, render_each, render_json, render_text
from mimic_rules.engine import Engine, link
from mimic_rules.engine.examples import Outcome, run_example
from mimic_rules.engine.seeds import SeedRefused
from mimic_rules.lint import in_order
from mimic_rules.lint.reading import has_errors, read_rules, shipped_files, shown
from mimic_rules.tools.binding import bind
from mimic_rules.tools.reading import named_files, stops

FORMATS: Final = ("text", "json")


def add_arguments(parser: ArgumentParser) -> None:
    """Paths, which examples, a format and how strict to be."""
    parser.description = (
        "Run the examples in rules files: each in a world of its own, in virtual time, without a socket. The files\n"
        "are read together with the shipped rules and those of the configuration. Without a PATH the examples are\n"
        "those of the configuration's rules, or else of all .rules files below this folder."
    )
    parser.epilog = (
        "Exit codes: 0 all examples passed, 1 one failed or the rules are broken (with --strict also where a rule is\n"
        "proved by no example), 2 could not run."
    )
    parser.add_argument("paths", metavar="PATH", nargs="*", help="a rules file, or a folder of them")
    parser.add_argument("--shipped", action="store_true", help="also run the examples of the shipped rules")
    parser.add_argument("--config", metavar="FILE", help="default: MIMIC_CONFIG, or mimic.yaml here or above")
    parser.add_argument("-k", metavar="TEXT", dest="title", help="only examples whose title contains this")
    parser.add_argument("--format", choices=FORMATS, default="text", help="how the result is shown; default: text")
    parser.add_argument("--strict", action="store_true", help="exit with 1 for a rule that no example proves")


def run(options: Namespace) -> int:
    """0, 1 or 2, as the help says."""
    result = load_config(start=Path(), environ=os.environ, flags={"config": options.config})
    files = _files(options, result)
    if not isinstance(files, list):
        return _refuse(files)
    configured = result.draft.rule_files
    rules = read_rules([*(path for path in files if path not in configured), *configured])
    settings, problems = bind(result, rules)
    found = in_order((*result.diagnostics, *rules.diagnostics, *problems))
    texts = {**rules.texts, **result.sources}
    if has_errors(found):
        print(render_text(found, texts), end="", file=sys.stderr)
        return 1
    program = compile_model(rules.model)
    draft = result.draft
    engine = link(program, settings=settings, regions=draft.regions, durations=draft.durations, quotas=draft.quotas)
    names = frozenset(map(shown, files))
    try:
        tested = _test(engine, program, names, options.title)
    except SeedRefused as refused:
        return _refuse(f"{refused.place}: {refused}")
    if options.title is not None and not tested.outcomes:
        return _refuse(f"no example's title contains `{options.title}`")
    _print(tested, texts, options.format)
    return 1 if tested.failures or (options.strict and tested.unproved) else 0


@dataclass(frozen=True, slots=True)
class _Tested:
    """What came of it all: every example, those that failed, and the rules that none of them proves."""

    outcomes: list[Outcome]
    failures: list[Diagnostic]
    unproved: list[Diagnostic]


def _files(options: Namespace, result: LoadResult) -> list[Path] | str:
    """The files whose examples are run; or the reason why that can't be done."""
    for one in result.diagnostics:
        if stops(one, result):
            return one.message
    ours = shipped_files() if options.shipped else []
    if options.paths:
        files, missing = named_files(options.paths)
        if missing:
            return missing[0].message
    elif result.draft.rules or options.shipped:
        files = [*result.draft.rule_files]
    else:
        files = named_files(["."])[0]
    if not files and not ours:
        return "there is no file here that ends in .rules; name one, or write `--shipped`"
    return [*files, *ours]


def _test(engine: Engine, program: Program, names: frozenset[str], title: str | None) -> _Tested:
    chosen = [one for one in program.examples if one.span.file in names]
    if title is not None:
        chosen = [one for one in chosen if title.casefold() in one.title.casefold()]
    outcomes = [run_example(engine, one) for one in chosen]
    failures = [one.failure for one in outcomes if one.failure is not None]
    # Some of the examples prove some of the rules.
    unproved = [] if title is not None else [*_unproved(program, names, outcomes)]
    return _Tested(outcomes, failures, unproved)


def _unproved(program: Program, names: frozenset[str], outcomes: Iterable[Outcome]) -> Iterable[Diagnostic]:
    decided = {place for one in outcomes for place in one.decided}
    for rule in program.rules:
        # Several that stand in one place, as `for each` makes them, are told apart by a number behind it.
        file, line, column = rule.place.partition("~")[0].rsplit(":", 2)
        if file in names and f"{file}:{line}" not in decided:
            span = Span(file, int(line), int(column), int(line), int(column) + 1)
            told = f"no example proves `{rule.name}`"
            yield Diagnostic("MR817", told, span, "write an example in which it decides")


def _print(tested: _Tested, texts: Mapping[str, str], format: str) -> None:
    count, failed = len(tested.outcomes), len(tested.failures)
    if format == "json":
        whole = {
            "examples": count,
            "failed": failed,
            "failures": json.loads(render_json(tested.failures)),
            "unproved": json.loads(render_json(tested.unproved)),
        }
        print(json.dumps(whole, indent=2))
        return
    print(render_each(tested.failures, texts), end="")
    for one in tested.unproved:
        print(f"{one.span.place()}: {one.message}")
    print(f"{count} {'example' if count == 1 else 'examples'}, {failed} failed")


def _refuse(reason: str) -> int:
    print(f"mimic-rules test: {reason}", file=sys.stderr)
    return 2
