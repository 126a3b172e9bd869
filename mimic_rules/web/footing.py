# SPDX-License-Identifier: Apache-2.0
"""What the rules of files come to, and what worlds stand on: their engine, their model, and their texts.

On the way of a rule: its end, for all rules that were there when the cloud was opened or its files were read again.
What is added to one world while it runs is `runtime`'s.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Final

from mimic_rules.compiler import compile_model
from mimic_rules.compiler.program import RulePlan
from mimic_rules.engine import Engine, link
from mimic_rules.language.additions import Surroundings, surroundings
from mimic_rules.language.model import Model, RuleModel

_ONE_OF_SEVERAL: Final = re.compile(r"~\d+$")


class Footing:
    """The rules of files, for any number of worlds: `engine` consults them and was made of `model`; `texts` are the
    files by the names that places have. Nothing in it changes.
    """

    def __init__(self, engine: Engine, model: Model, texts: Mapping[str, str]) -> None:
        self.engine = engine
        self.model = model
        self.texts = texts

    # PERF: most clouds are never given a text, and need not work these out.
    @cached_property
    def around(self) -> Surroundings:
        """What a text is held against that is added to a world."""
        return surroundings(self.model)

    @cached_property
    def rules(self) -> Mapping[str, RuleModel]:
        """The rules by their ids."""
        return by_id(self.model.rules, self.engine.linked.plan.rules)


def by_id(models: Iterable[RuleModel], plans: Iterable[RulePlan]) -> dict[str, RuleModel]:
    """What the plans were made of, by their ids, in the order of the plans.

    Names tell rules apart, and places those without a name. Of several at one place, which a loop has made, the plans
    are in the order of the models.
    """
    named: dict[str, RuleModel] = {}
    placed: dict[str, list[RuleModel]] = {}
    for model in models:
        if model.rule.name is not None:
            named[model.rule.name] = model
        else:
            placed.setdefault(model.rule.span.place(), []).append(model)
    return {
        plan.id: named[plan.name] if plan.name in named else placed[_ONE_OF_SEVERAL.sub("", plan.place)].pop(0)
        for plan in plans
    }


def nothing() -> Footing:
    """Where no file declares anything."""
    model = Model()
    return Footing(link(compile_model(model)), model, {})
