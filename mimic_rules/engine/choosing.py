# SPDX-License-Identifier: Apache-2.0
"""Rules that hold per record: which record is a rule's for a request, and the rule of its own that it then is.

On the way of a request: match tables ask it for the rules that say `per`. The first record in sight for which the
condition holds is the one, in the order in which they were made; the others are not asked. Whoever lists the rules of a
world asks for all of them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from mimic_rules.compiler import expressions as pl
from mimic_rules.compiler.rules import Chosen, RulePlan
from mimic_rules.engine.context import Context
from mimic_rules.engine.effects import Row
from mimic_rules.engine.link import Frame
from mimic_rules.state.world import World

if TYPE_CHECKING:
    from mimic_rules.engine.linked import LinkedProgram


def choose(row: Row, frame: Frame, record: Any) -> Row | None:
    """The rule as the one of a record in sight; None where its condition holds for none.

    How many requests chose the record before is counted, once a request.
    """
    context: Context = frame[pl.CONTEXT]
    kind = row.plan.per
    assert kind is not None
    inner = row.frame(frame, record)
    for one in context.records(kind):
        inner[pl.FIRST_LOCAL] = one
        if row.condition is None or row.condition(inner) is True:
            break
    else:
        return None
    tenant, region = context.partition(kind)
    chosen = Chosen(row.plan.id, kind, tenant, region, context.program.resources[kind].key_of(one))
    key = ("~turn", kind, tenant, region, chosen.key)
    if key not in context.turns:
        context.turns[key] = context.world.counters.tick(key)
    return replace(row, plan=chosen_plan(row.plan, chosen), chosen=(one, context.turns[key]))


def chosen_plan(plan: RulePlan, chosen: Chosen) -> RulePlan:
    """The rule that a rule per record is for one: its place ends with the key of the record."""
    line, _, column = plan.place.rpartition(":")
    return replace(plan, place=f"{line}#{quote(str(chosen.key), safe='')}:{column}", chosen=chosen)


def chosen_plans(program: "LinkedProgram", world: World, plans: Iterable[RulePlan]) -> Iterator[RulePlan]:
    """The rules, and after each that holds per record those that it is for records, of all tenants and regions."""
    for plan in plans:
        yield plan
        if plan.per is None:
            continue
        resource = program.resources[plan.per]
        with world.transaction() as transaction:
            for tenant, region in transaction.partitions(plan.per):
                for one in transaction.table(plan.per, tenant, region).records():
                    yield chosen_plan(plan, Chosen(plan.id, plan.per, tenant, region, resource.key_of(one)))
