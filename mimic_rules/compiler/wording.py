# SPDX-License-Identifier: Apache-2.0
"""Plans of expressions as a line of text, close to how they were written, for people who read the tables.

At the end of the way of a rule: `show` asks for them; nothing reads them back.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from mimic_rules.compiler import expressions as pl


def worded(plan: pl.Plan) -> str:
    """The text of a plan."""
    return _WORDS[type(plan)](plan)


def window_words(window: pl.Window) -> str:
    """`since 2.9 until 2.46 when …`, or nothing."""
    parts = [] if window.since is None else [f"since {pl.version_text(window.since)}"]
    parts += [] if window.until is None else [f"until {pl.version_text(window.until)}"]
    parts += [] if window.when is None else [f"when {worded(window.when)}"]
    return " ".join(parts)


def fault_words(fault: pl.FaultPlan) -> str:
    """`404 itemNotFound "…"`."""
    return " ".join(part for part in (str(fault.status), fault.name or "", worded(fault.message)) if part)


def _inside(plan: pl.Plan) -> str:
    """A text that can stand within an operator."""
    text = worded(plan)
    wide = (pl.AllOf, pl.AnyOf, pl.Comparison, pl.Calculation, pl.Choice, pl.Fallback, pl.Select, pl.Show)
    return f"({text})" if isinstance(plan, wide) else text


def _listed(plans: tuple[pl.Plan, ...]) -> str:
    return ", ".join(worded(plan) for plan in plans)


def _join(plan: pl.Join) -> str:
    parts = (str(part.value) if isinstance(part, pl.Const) else "{" + worded(part) + "}" for part in plan.parts)
    return json.dumps("".join(parts), ensure_ascii=False)


def _collect(plan: pl.Collect) -> str:
    condition = "" if plan.condition is None else f" if {worded(plan.condition)}"
    return f"[{worded(plan.item)} for #{plan.slot} in {worded(plan.source)}{condition}]"


def _build(plan: pl.Build) -> str:
    entries = []
    for entry in plan.entries:
        if isinstance(entry, pl.Unpack):
            entries.append(f"...{worded(entry.value)}")
        else:
            entries.append(f"{worded(entry.key)}: {worded(entry.value)} {window_words(entry.window)}".rstrip())
    return "{" + ", ".join(entries) + "}"


_WORDS: Final[Mapping[type[pl.Plan], Callable[[Any], str]]] = {
    pl.Const: lambda plan: json.dumps(plan.value, ensure_ascii=False),
    pl.Slot: lambda plan: f"#{plan.index}" if plan.name == "item" else plan.name,
    pl.Root: lambda plan: plan.name,
    pl.Extra: lambda plan: plan.name,
    pl.FieldOf: lambda plan: f"{_inside(plan.record)}.{plan.name}",
    pl.Get: lambda plan: f"{_inside(plan.of)}.{plan.name}",
    pl.At: lambda plan: f"{_inside(plan.of)}[{worded(plan.key)}]",
    pl.Keyed: lambda plan: f"{_inside(plan.of)}[{plan.key_field} {worded(plan.key)}].{plan.value_field}",
    pl.Follow: lambda plan: f"{plan.kind}[{worded(plan.key)}]",
    pl.Records: lambda plan: plan.kind if plan.parent is None else f"{plan.kind} of {worded(plan.parent)}",
    pl.Everyones: lambda plan: f"everyones({plan.kind})",
    pl.Lookup: lambda plan: f"{plan.kind}[{worded(plan.key)}]",
    pl.QuotaOf: lambda plan: f"quota.{plan.name}.{plan.part}",
    pl.Invoke: lambda plan: f"{plan.function}({_listed(plan.arguments)})",
    pl.Join: _join,
    pl.Negation: lambda plan: f"not {_inside(plan.operand)}",
    pl.Minus: lambda plan: f"-{_inside(plan.operand)}",
    pl.AllOf: lambda plan: " and ".join(_inside(one) for one in plan.operands),
    pl.AnyOf: lambda plan: " or ".join(_inside(one) for one in plan.operands),
    pl.Comparison: lambda plan: f"{_inside(plan.left)} {plan.operator} {_inside(plan.right)}",
    pl.KindOf: lambda plan: f"{_inside(plan.operand)} is {plan.kind}",
    pl.Match: lambda plan: (
        f"{_inside(plan.operand)} matches "
        + (f"/{plan.pattern}/" if isinstance(plan.pattern, str) else _inside(plan.pattern))
    ),
    pl.Presence: lambda plan: f"has {_inside(plan.operand)}",
    pl.Calculation: lambda plan: f"{_inside(plan.left)} {plan.operator} {_inside(plan.right)}",
    pl.Fallback: lambda plan: f"{_inside(plan.operand)} default {_inside(plan.fallback)}",
    pl.Choice: lambda plan: f"if {worded(plan.condition)} then {worded(plan.yes)} else {worded(plan.no)}",
    pl.Select: lambda plan: f"{_inside(plan.source)} where {worded(plan.condition)}",
    pl.Collect: _collect,
    pl.Items: lambda plan: f"[{_listed(plan.items)}]",
    pl.Build: _build,
    pl.Show: lambda plan: f"{_inside(plan.operand)} as {plan.view}",
}
