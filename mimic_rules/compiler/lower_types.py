# SPDX-License-Identifier: Apache-2.0
"""From the syntax tree of a type to its plan.

On the way of a rule: used for bodies, queries and settings; the engine links the plans to validators.
"""

from mimic_rules.compiler import program as pr
from mimic_rules.compiler.expressions import version_number
from mimic_rules.language import expressions as ex
from mimic_rules.language import types as ty


def lower_type(written: ty.Type) -> pr.TypePlan:
    """The plan of a type."""
    match written:
        case ty.Plain(word, within, pattern):
            low, high = (None, None) if within is None else (within.low, within.high)
            return pr.PlainType(word, low, high, pattern)
        case ty.ListType(items, within):
            return pr.ListOfType(lower_type(items), *_sizes(within))
        case ty.MapType(values, within):
            return pr.MapOfType(lower_type(values), *_sizes(within))
        case ty.Exactly(value):
            return pr.ExactType(value)
        case ty.OneOf(alternatives):
            return pr.OneOfType(tuple(lower_type(one) for one in alternatives))
        case ty.ObjectType():
            return lower_members(written)
        case _:
            # A reference in a body is the key it holds.
            return pr.PlainType("any")


def lower_members(written: ty.ObjectType) -> pr.ObjectTypePlan:
    """The plan of an object type."""
    members = tuple(
        pr.MemberPlan(
            member.key,
            lower_type(member.type),
            member.optional,
            *window_of(member.guards),
        )
        for member in written.members
    )
    return pr.ObjectTypePlan(members, written.strict, *window_of(written.guards))


def window_of(guards: ex.Guards) -> tuple[int | None, int | None]:
    """The first and the last version that guards let through."""
    since, until = guards.since, guards.until
    return None if since is None else version_number(since), None if until is None else version_number(until)


def _sizes(within: ty.Range | None) -> tuple[int | None, int | None]:
    if within is None:
        return None, None
    return int(within.low), None if within.high is None else int(within.high)
