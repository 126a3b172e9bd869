# SPDX-License-Identifier: Apache-2.0
"""Which services a cloud has, where its configuration names only some of those that are shipped.

On the way of a rule: between reading and compiling. The model of everything comes in; one goes out with the services
that were chosen, those of the team, and all that these speak of.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace

from mimic_rules.config import Config, OriginKind
from mimic_rules.config.outside import place_of
from mimic_rules.diagnostics import Diagnostic, Diagnostics, Span, did_you_mean
from mimic_rules.language.declarations import Qualified
from mimic_rules.language.load import TEAM
from mimic_rules.language.model import Model
from mimic_rules.language.types import Reference


def select_services(model: Model, chosen: Collection[str], shipped: Collection[str]) -> Model:
    """The model with the services in `chosen`, and without the other ones whose files are in `shipped`.

    A service stays too if one that stays refers to it (the one whose records name the callers, for example), or if a
    rule of the team is about it. Names that belong to no service are passed over.
    """
    kept = {name for name, one in model.services.items() if one.declaration.span.file not in shipped}
    wanted = [*kept, *chosen, *_of_the_team(model)]
    kept = set()
    while wanted:
        name = wanted.pop()
        if name in model.services and name not in kept:
            kept.add(name)
            wanted += [model.services[name].base, *_spoken_of(model.services[name])]
    rules = [rule for rule in model.rules if rule.service is None or rule.service in kept]
    proved = {None, *(rule.rule.name for rule in rules)}
    return replace(
        model,
        services={name: one for name, one in model.services.items() if name in kept},
        rules=rules,
        examples=[one for one in model.examples if one.service in kept and one.example.proves in proved],
    )


def unknown_services(config: Config, model: Model, sources: Mapping[str, str]) -> tuple[Diagnostic, ...]:
    """A problem for each name in `services` that no file declares, where it is written."""
    diagnostics = Diagnostics()
    for name in config.services or ():
        if name not in model.services:
            near = did_you_mean(name, model.services)
            known = ", ".join(f"`{one}`" for one in sorted(model.services))
            help = f"did you mean `{near}`?" if near else f"the services are {known}"
            diagnostics.add("MR612", f"there is no service `{name}`", _place(name, config, sources), help=help)
    return diagnostics.items


def _place(name: str, config: Config, sources: Mapping[str, str]) -> Span:
    """Where the configuration says `name`; the line that gave the value, if the name can't be found below it."""
    origin = config.origins["services"]
    file = origin.name if origin.kind is OriginKind.FILE else place_of(origin)
    first = max(origin.line, 1)
    for line, text in enumerate(sources.get(file, "").split("\n")[first - 1 :], first):
        found = re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text)
        if found:
            return Span(file, line, found.start() + 1, line, found.end() + 1)
    return Span(file, first, 1, first, 1)


def _of_the_team(model: Model) -> Iterator[str]:
    for rule in model.rules:
        if rule.layer == TEAM:
            if rule.service is not None:
                yield rule.service
            yield from _spoken_of(rule)


def _spoken_of(part: object) -> Iterator[str]:
    """The services that a tree, or any part of the model, names in front of a resource."""
    pending = [part]
    while pending:
        one = pending.pop()
        if isinstance(one, Qualified) and one.second is not None:
            yield one.first
        elif isinstance(one, Reference) and one.service:
            yield one.service
        elif is_dataclass(one) and not isinstance(one, Span):
            pending += [getattr(one, field.name) for field in fields(one)]
        elif isinstance(one, Mapping):
            pending += one.values()
        elif isinstance(one, list | tuple):
            pending += one
