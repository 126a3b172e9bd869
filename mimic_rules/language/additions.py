# SPDX-License-Identifier: Apache-2.0
"""A text of rules that is added to what was read before: a tester's fault, while the cloud runs.

On the way of a rule: beside `load`, which reads all files. Only the text is read and checked, against a model that was
checked already, so that it takes milliseconds and not the time of all files. Nothing here raises.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from mimic_rules.diagnostics import Diagnostic, Diagnostics, Span
from mimic_rules.language.check_definitions import prepare_definitions
from mimic_rules.language.check_lifecycles import Verbs, prepare_carried
from mimic_rules.language.check_meetings import check_meetings
from mimic_rules.language.check_rules import check_rule
from mimic_rules.language.declarations import Item
from mimic_rules.language.expand import expand
from mimic_rules.language.gather import gather_rules
from mimic_rules.language.load import RUN_TIME, Source, check_version
from mimic_rules.language.model import Model, RuleModel, operations_of
from mimic_rules.language.places import Places
from mimic_rules.language.report import Report
from mimic_rules.language.scope import Context
from mimic_rules.language.syntax import read

_NOT_A_WORD: Final = re.compile(r"\W")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A model that has no errors, with what the checks work out of it once: what a text is held against."""

    context: Context
    verbs: Verbs

    @property
    def model(self) -> Model:
        """The model."""
        return self.context.model


@dataclass(frozen=True, slots=True)
class Added:
    """The rules of a text, in the order written, and what is wrong in it; with an error none of them may be used."""

    rules: tuple[RuleModel, ...]
    diagnostics: tuple[Diagnostic, ...]


def surroundings(model: Model) -> Surroundings:
    """What texts are held against that are added to a model."""
    context = Context(model, Report())
    prepare_carried(context)
    prepare_definitions(context)
    return Surroundings(context, operations_of(model))


def load_rules(name: str, text: str, around: Surroundings, others: Sequence[RuleModel]) -> Added:
    """Read a text that is added to a model, and check it; `others` are the rules that it will stand beside.

    `name` is the text's in every place. The text may have `for`, rules, loops, and templates of its own; what else it
    declares is reported. Names are looked for in all rules, but whether a rule can decide only in those of the text.
    """
    diagnostics = Diagnostics()
    report = Report(diagnostics, Places({name: text}))
    file, found = read(name, text)
    diagnostics.extend(found.items)
    check_version(file, Source(name, text, RUN_TIME), report)
    (expanded, _layer), *_ = expand([(file, RUN_TIME)], diagnostics, report.places)
    rules, declared = gather_rules(expanded.items, RUN_TIME, around.model, report)
    for item in declared:
        _report_declared(item, text, report)
    context = replace(around.context, report=report)
    for rule in rules:
        check_rule(rule, around.verbs, context)
    # Those of the same layer come before, so that what is there twice is reported where it was added.
    beside = [*_concerned(rules, others), *rules]
    check_meetings(replace(context, model=replace(around.model, rules=beside)))
    return Added(tuple(rules), tuple(one for one in diagnostics.items if one.span.file == name))


def _report_declared(item: Item, text: str, report: Report) -> None:
    """A declaration, at the word that it begins with."""
    start = item.span
    word = _NOT_A_WORD.split(text.split("\n")[start.line - 1][start.column - 1 :], maxsplit=1)[0]
    where = Span(start.file, start.line, start.column, start.line, start.column + len(word))
    told = f"a text that is added at run time holds rules, and `{word}` declares something else"
    report.add("MR115", told, where, help="declare it in a file")


def _concerned(rules: Sequence[RuleModel], others: Sequence[RuleModel]) -> Iterable[RuleModel]:
    """Those of the others that have a name that `rules` have or override, and those that these override in turn.

    PERF: a world may have ten thousand rules, of which a new one meets hardly any. For a name that is not among them
    all are given, so that the nearest one can be suggested.
    """
    named: dict[str, dict[int, RuleModel]] = {}
    for other in others:
        if other.rule.name is not None:
            named.setdefault(other.rule.name, {}).setdefault(other.layer, other)
    own = {rule.rule.name for rule in rules}
    wanted = [name for rule in rules for name in (rule.rule.name, rule.rule.overrides) if name is not None]
    if any(name not in named and name not in own for name in wanted):
        return [one for layers in named.values() for one in layers.values()]
    met: dict[str, dict[int, RuleModel]] = {}
    while wanted:
        name = wanted.pop()
        if name in named and name not in met:
            met[name] = named[name]
            wanted += [one.rule.overrides for one in met[name].values() if one.rule.overrides is not None]
    return [one for layers in met.values() for one in layers.values()]
