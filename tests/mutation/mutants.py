# SPDX-License-Identifier: Apache-2.0
"""Rules with one thing changed, and whether an example fails because of it.

The table of rules is changed, not their text: no file is read again, so that a mutant takes a tenth of a second.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mimic_rules.compiler import expressions as pl
from mimic_rules.compiler.program import Program, RespondPlan, RulePlan, ServicePlan
from mimic_rules.compiler.wording import worded
from mimic_rules.engine import link
from mimic_rules.engine.examples import run_example


@dataclass(frozen=True, slots=True, repr=False)
class Mutant:
    """A rule as it would be with one `change`, which says what was there and what is."""

    rule: RulePlan
    change: str

    def __str__(self) -> str:
        return f"{self.rule.place} {self.rule.name}: {self.change}"


def mutants(program: Program) -> list[Mutant]:
    """Every change of every rule, one at a time, in the order of the rules."""
    return [
        Mutant(dataclasses.replace(rule, effects=effects), change)
        for rule in program.rules
        for change, effects in _changes(rule.effects)
        if _can_be_seen(change, rule, program)
    ]


def _can_be_seen(change: str, rule: RulePlan, program: Program) -> bool:
    """Whether a client could: a fault has no name where bodies say none, and nothing to keep where one only asks."""
    if "name `" in change:
        return rule.service is None or _says_names(program.services[rule.service])
    return not (change.startswith("after commit") and {one.verb for one in rule.events} == {"read"})


def _says_names(service: ServicePlan) -> bool:
    """Whether clients can see the name of a fault: where they can't, another one is no change."""
    return re.search(r"\bfault\b", worded(service.envelope)) is not None


def survives(mutant: Mutant, program: Program) -> bool:
    """Whether every example that proves the rule still passes."""
    rules = tuple(mutant.rule if one.number == mutant.rule.number else one for one in program.rules)
    engine = link(dataclasses.replace(program, rules=rules))
    proving = [one for one in program.examples if one.proves is not None and one.proves[1] == mutant.rule.id]
    return all(run_example(engine, one).failure is None for one in proving)


def _changes(value: Any) -> Iterator[tuple[str, Any]]:
    """Values that differ from this one in a single leaf, each with what is different."""
    match value:
        case pl.Const(str() as text):
            yield f"`{text}` with more behind it", dataclasses.replace(value, value=f"{text}~")
        case pl.Const(int() | float() as number) if not isinstance(number, bool):
            yield f"{number + 1} for {number}", dataclasses.replace(value, value=number + 1)
        case pl.Const():
            return
        case tuple():
            for at, part in enumerate(value):
                for change, other in _changes(part):
                    yield change, (*value[:at], other, *value[at + 1 :])
        case _ if dataclasses.is_dataclass(value) and not isinstance(value, type):
            yield from _own_changes(value)
            for field in dataclasses.fields(value):
                for change, other in _changes(getattr(value, field.name)):
                    yield change, dataclasses.replace(value, **{field.name: other})


def _own_changes(value: Any) -> Iterator[tuple[str, Any]]:
    """What is said of a fault or an answer outside of expressions."""
    if isinstance(value, pl.FaultPlan):
        yield f"status {value.status + 1} for {value.status}", dataclasses.replace(value, status=value.status + 1)
        if value.name is not None:
            yield f"name `{value.name}` with more behind it", dataclasses.replace(value, name=f"{value.name}X")
    elif isinstance(value, RespondPlan):
        flipped = not value.after_commit
        yield f"after commit: {flipped}", dataclasses.replace(value, after_commit=flipped)
        if value.retry_after is not None:
            yield "no retry after", dataclasses.replace(value, retry_after=None)
