# SPDX-License-Identifier: Apache-2.0
"""The faults that rules can summon: what each is called, what summons it, how it answers, and the examples of it.

A model comes in; a value for each of its rules goes out, which `faults` shows. What a rule says is in its own words, as
the printer writes them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mimic_rules.language.check_definitions import names_with_definitions
from mimic_rules.language.events import service_of
from mimic_rules.language.model import ExampleModel, Model, RuleModel
from mimic_rules.language.print_rules import print_clauses
from mimic_rules.language.printer import print_item


@dataclass(frozen=True, slots=True)
class Sample:
    """An example that proves a rule: its title, and the whole text of it."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Fault:
    """A rule as a tester meets it: `lets` are the definitions that it uses, `clauses` its text by their first words
    (`on`, `when`, `only`, `then`). `service` and `resource` are what it is about, None for any; `place` is `file:line`.
    """

    name: str
    title: str
    service: str | None
    resource: str | None
    lets: tuple[str, ...]
    clauses: dict[str, str]
    samples: tuple[Sample, ...]
    place: str

    @property
    def text(self) -> str:
        """What the rule says, a line for each part."""
        about = [f"for {'.'.join(filter(None, (self.service, self.resource)))}"] if self.service else []
        return "\n".join((*about, *self.lets, *(f"{word} {said}" for word, said in self.clauses.items())))


def faults_of(model: Model, service: str | None = None) -> list[Fault]:
    """Every rule of a model, service by service in the order in which rules are consulted; with `service`, those that
    hold there: its own, those of the service that it is a dialect of, and those of no service at all.
    """
    wanted = None if service is None else {None, service, model.services[service].base}
    rules = [one for one in sorted(model.rules, key=lambda one: one.layer) if wanted is None or one.service in wanted]
    order = [None, *model.services]
    samples = _samples(model)
    return [
        _fault(one, model, samples.get(id(one), [])) for one in sorted(rules, key=lambda one: order.index(one.service))
    ]


def _fault(rule: RuleModel, model: Model, examples: list[ExampleModel]) -> Fault:
    written = rule.rule
    place = written.span.place().rpartition(":")[0]
    return Fault(
        name=written.name or f"rule at {place}",
        title=written.doc,
        service=rule.service,
        resource=rule.resource,
        lets=tuple(_lets(rule, model)),
        clauses=print_clauses(written),
        samples=tuple(Sample(one.example.title, print_item(one.example)) for one in examples),
        place=place,
    )


def _lets(rule: RuleModel, model: Model) -> Iterator[str]:
    """The definitions that a rule uses, each before those that use it as it is written."""
    service = service_of(rule, model)
    if service is None:
        return
    used = names_with_definitions((rule.rule.condition, rule.rule.only, rule.rule.effects), service)
    for name, definition in service.definitions.items():
        if name in used:
            yield print_item(definition)


def _samples(model: Model) -> dict[int, list[ExampleModel]]:
    """The examples that prove each rule; by a name they mean a rule of their own layer before one of another."""
    found: dict[int, list[ExampleModel]] = {}
    for one in model.examples:
        named = [rule for rule in model.rules if rule.rule.name == one.example.proves is not None]
        if named:
            meant = min(named, key=lambda rule: rule.layer != one.layer)
            found.setdefault(id(meant), []).append(one)
    return found
