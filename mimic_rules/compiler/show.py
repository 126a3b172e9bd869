# SPDX-License-Identifier: Apache-2.0
"""The tables as plain data, for people to read: `mimic-rules compile` prints it as YAML.

At the end of the way of a rule: a `Program` comes in; maps, lists and scalars go out. What says nothing is left out.
"""

import dataclasses
from collections.abc import Mapping
from typing import Any

from mimic_rules.compiler import expressions as pl
from mimic_rules.compiler import program as pr
from mimic_rules.compiler.wording import fault_words, window_words, worded
from mimic_rules.language.moments import write_moment


def show(program: pr.Program, service: str | None = None) -> dict[str, Any]:
    """The tables of a program, or of one of its services (KeyError for an unknown one).

    `routes` (method and path to the operation), `operations`, `resources`, and the match table of `rules`, by rank.
    """
    chosen = program.services if service is None else {service: program.services[service]}
    rules = [one for one in program.rules if service is None or one.service in (None, service)]
    return {
        "services": {name: _service(plan) for name, plan in chosen.items()},
        "rules": [plain(rule) for rule in rules],
        "settings": {name: plain(plan) for name, plan in program.settings.items()},
    }


def _service(plan: pr.ServicePlan) -> dict[str, Any]:
    routes: dict[str, Any] = {}
    for one in plan.operations:
        key = f"{one.method} {one.path}"
        action = f" ({one.action})" if one.action else ""
        routes[key] = f"{routes[key]}, {one.name}{action}" if key in routes else one.name + action
    shown = {"routes": routes}
    for part in dataclasses.fields(plan):
        value = plain(getattr(plan, part.name))
        if value not in (None, [], {}, ""):
            shown[part.name] = value
    return shown


def plain(value: Any) -> Any:
    """A value of the tables as maps, lists and scalars; expressions, windows, faults and types as text."""
    match value:
        case pl.Window():
            return window_words(value)
        case pl.Pair():
            return f"{worded(value.key)}: {worded(value.value)} {window_words(value.window)}".rstrip()
        case pl.Plan():
            return worded(value)
        case pl.FaultPlan():
            return f"{fault_words(value)} @ {value.place}" if value.place else fault_words(value)
        case pr.TypePlan():
            return type_words(value)
        case Mapping():
            return {_key(key): plain(one) for key, one in value.items()}
        case pr.MomentPlan():
            return write_moment(int(value.seconds), daily=value.daily)
        case pr.ShowPlan():
            return {"omit": value.key} if value.value is None else {"set": f"{value.key}: {worded(value.value)}"}
        case frozenset():
            return sorted((plain(one) for one in value), key=str)
        case tuple():
            return [plain(one) for one in value]
    if dataclasses.is_dataclass(value):
        shown = {one.name: plain(getattr(value, one.name)) for one in dataclasses.fields(value)}
        # Nothing is false and empty, but 0 is a number like any other.
        said = {key: one for key, one in shown.items() if one not in (None, [], {}, "") and one is not False}
        if isinstance(value, pr.Step | pr.EffectPlan):
            return {type(value).__name__.removesuffix("Step").removesuffix("Plan").lower(): said}
        return said
    return value


def _key(key: Any) -> str:
    return " ".join(key) if isinstance(key, tuple) else str(key)


def type_words(plan: pr.TypePlan) -> str:
    """A type as it is written."""
    match plan:
        case pr.PlainType(word, low, high, pattern):
            return word + _range(low, high) + (f" matching /{pattern}/" if pattern else "")
        case pr.ExactType(value):
            return repr(value)
        case pr.ListOfType(items, low, high):
            return f"list{_range(low, high)} of {type_words(items)}"
        case pr.MapOfType(values, low, high):
            return f"map{_range(low, high)} of {type_words(values)}"
        case pr.OneOfType(alternatives):
            return " | ".join(type_words(one) for one in alternatives)
    assert isinstance(plan, pr.ObjectTypePlan)
    return "{ " + ", ".join(_member(one) for one in plan.members) + " }" + _strictly(plan)


def _strictly(plan: pr.ObjectTypePlan) -> str:
    return f" strict {window_words(pl.Window(None, plan.since, plan.until))}".rstrip() if plan.strict else ""


def _member(one: pr.MemberPlan) -> str:
    window = window_words(pl.Window(None, one.since, one.until))
    return f"{one.key}{'?' if one.optional else ''}: {type_words(one.type)} {window}".rstrip()


def _range(low: float | int | None, high: float | int | None) -> str:
    return "" if low is None else f" {low}..{'' if high is None else high}"
