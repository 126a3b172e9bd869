# SPDX-License-Identifier: Apache-2.0
"""Which records a condition has to look at: where it names the key, the one that has it instead of all in sight.

On the way of a rule: `where`, `find` and `delete` are lowered with it, so that a request for one record costs no walk.
"""

import dataclasses

from mimic_rules.compiler import expressions as pl
from mimic_rules.language.model import ResourceModel


def narrowed(source: pl.Plan, item: int, condition: pl.Plan, resource: ResourceModel | None) -> pl.Plan:
    """The records to look through for a condition: where it names the key, the one that has it."""
    if resource is None or not isinstance(source, pl.Records) or resource.parent is not None or len(resource.key) > 1:
        return source
    key = pl.FieldOf(pl.Slot(item, "item"), resource.key[0])
    for operand in condition.operands if isinstance(condition, pl.AllOf) else (condition,):
        # The other side may be anything that does not look at the record itself.
        named = isinstance(operand, pl.Comparison) and operand.operator == "==" and operand.left == key
        if isinstance(operand, pl.Comparison) and named and not _mentions(operand.right, item):
            return pl.Lookup(source.kind, operand.right)
    return source


def _mentions(plan: object, slot: int) -> bool:
    """Whether a plan looks at a slot."""
    if isinstance(plan, pl.Slot):
        return plan.index == slot
    if dataclasses.is_dataclass(plan):
        return any(_mentions(getattr(plan, part.name), slot) for part in dataclasses.fields(plan))
    return isinstance(plan, tuple) and any(_mentions(part, slot) for part in plan)
