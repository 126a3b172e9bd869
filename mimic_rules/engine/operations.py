# SPDX-License-Identifier: Apache-2.0
"""Operations as the engine runs them: their plans with bodies and queries made validators, and steps made functions.

Between the tables and a request: linked once for a program; the pipeline runs the phases with these.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from mimic_rules.compiler import program as pr
from mimic_rules.engine.answers import Answer, link_answer
from mimic_rules.engine.creation import Creation, link_creation
from mimic_rules.engine.link import Linked, link
from mimic_rules.engine.locks import Lock, link_lock, meets
from mimic_rules.engine.secrets import is_secret
from mimic_rules.engine.steps import link_step
from mimic_rules.engine.validation import Check, QueryReader, link_query, link_type

Run = Callable[[Any, list[Any]], None]


@dataclass(frozen=True, slots=True)
class Operation:
    """A linked operation."""

    plan: pr.OperationPlan
    name: str
    validate: Check | None
    query: QueryReader | None
    permits: tuple[Run, ...]
    checks: tuple[Run, ...]
    created: Creation | None
    effects: tuple[Run, ...]
    answers: tuple[Answer, ...]
    locks: tuple[tuple[Lock, Linked], ...]
    secrets: frozenset[str]
    """The variables of its path that name records of callers, since whoever knows such a key can act as one; and those
    whose own names say that they are secret.
    """


_VARIABLE: Final = re.compile(r"\{(\w+)\}")


def link_operation(plan: pr.OperationPlan, callers: frozenset[str]) -> Operation:
    """The linked operation of a plan; `callers` are the kinds of records that name a request's caller."""
    effects = list(plan.effects)
    created = None
    if plan.created is not None and effects and effects[0] is plan.created:
        # Its references, uniqueness and quota are phases of their own, in the order that the service states.
        created = link_creation(plan.created)
        effects = effects[1:]
    return Operation(
        plan,
        plan.name,
        None if plan.body is None else link_type(plan.body),
        None if plan.query is None else link_query(plan.query),
        tuple(link_step(step) for step in plan.permits),
        tuple(link_step(step) for step in plan.checks),
        created,
        tuple(link_step(step) for step in effects),
        tuple(link_answer(step) for step in plan.answers),
        tuple((link_lock(lock), link(root)) for lock, root in plan.locks if meets(lock, plan)),
        frozenset(find.variable for find in plan.finds if find.kind in callers)
        | frozenset(name for name in _VARIABLE.findall(plan.path) if is_secret(name)),
    )
