# SPDX-License-Identifier: Apache-2.0
"""The canonical text of rules.

Against the way of a rule: from the tree back to text, the last third of what `printer` puts together.
"""

from collections.abc import Callable
from typing import Any, Final

from mimic_rules.language import rules as ru
from mimic_rules.language.moments import ordinal, write_moment
from mimic_rules.language.print_behaviour import print_event, print_period
from mimic_rules.language.print_expressions import (
    POSTFIX,
    print_duration,
    print_expr,
    print_key,
    print_text,
)
from mimic_rules.language.print_items import (
    Lines,
    Printed,
    optional,
    print_fault,
    print_headers,
)
from mimic_rules.language.texts import quote

_ONE: Final = 1

# -- how often --------------------------------------------------------------------------------------------------------


def _only(only: ru.Only) -> str:
    parts = [] if only.counted is None else [_counted(only.counted)]
    parts += [] if only.window is None else [_window(only.window)]
    return ", ".join(parts)


def _counted(one: ru.Counted) -> str:
    if one.as_often is not None:
        text = f"as often as {print_expr(one.as_often, POSTFIX)}"
    elif one.times is not None:
        text = "once" if one.times == _ONE else f"{one.times} times"
    elif one.every is not None:
        text = f"every {ordinal(one.every)}"
    else:
        text = f"{one.share}% {'at random' if one.at_random else 'evenly'}"
    return text + ("" if one.per is None else f" per {print_expr(one.per, POSTFIX)}")


def _window(window: ru.TimeWindow) -> str:
    parts = [] if window.since is None else [f"from {_moment(window.since)}"]
    parts += [] if window.during is None else [f"during {print_duration(window.during)}"]
    parts += [] if window.until is None else [f"until {_moment(window.until)}"]
    return " ".join(parts)


def _moment(moment: ru.Moment) -> str:
    return write_moment(moment.seconds, daily=moment.daily)


# -- effects ----------------------------------------------------------------------------------------------------------


def _stays(effect: ru.Stays) -> str:
    period = "" if effect.period is None else f" for {print_period(effect.period)}"
    return f"{effect.field} stays {effect.state}{period}"


def _becomes(effect: ru.Becomes) -> str:
    steps = ", then ".join(map(_step, effect.steps))
    return f"{effect.field} becomes {steps if effect.source is None else 'from ' + print_expr(effect.source)}"


def _step(step: ru.ChainStep) -> str:
    text = step.state if step.period is None else f"{step.state} after {print_period(step.period)}"
    return text if step.fault is None else f"{text} with fault {print_fault(step.fault)}"


def _respond(effect: ru.Respond) -> str:
    if effect.source is None:
        text = f"respond {effect.status}{'' if effect.name is None else ' ' + effect.name}"
        text += "" if effect.message is None else f" {print_text(effect.message)}"
    else:
        text = f"respond from {print_expr(effect.source)}"
    text += "" if effect.body is None else f" with body {print_expr(effect.body)}"
    text += print_headers(effect.headers)
    text += "" if effect.retry_after is None else f" retry after {print_period(effect.retry_after)}"
    return text + (" after commit" if effect.after_commit else "") + optional("before", effect.phase)


def _limit(effect: ru.Limit) -> str:
    per = "" if effect.per is None else f" per {print_expr(effect.per, POSTFIX)}"
    return f"limit {effect.count} per {print_duration(effect.seconds)}{per} {_respond(effect.respond)}"


def _delay(effect: ru.Delay) -> str:
    low = print_duration(effect.low)
    return f"delay {low}" if effect.low == effect.high else f"delay {low}..{print_duration(effect.high)}"


def _wire(effect: ru.Wire) -> str:
    if effect.share is not None:
        return f"truncate body at {effect.share}%"
    return {"drop": "drop connection", "reset": "reset", "garble": "garble body"}[effect.how]


_EFFECTS: Final[dict[type[Any], Callable[[Any], str]]] = {
    ru.Stays: _stays,
    ru.Becomes: _becomes,
    ru.Respond: _respond,
    ru.Limit: _limit,
    ru.Pretend: lambda effect: "pretend" + optional("before", effect.phase),
    ru.Hide: lambda effect: f"hidden for {print_period(effect.period)}" + optional("before", effect.phase),
    ru.FirstOf: lambda effect: f"first {effect.count} of {effect.name} only" + optional("before", effect.phase),
    ru.Delay: _delay,
    ru.Wire: _wire,
    ru.SetShown: lambda effect: f"set {print_key(effect.key)} = {print_expr(effect.value)}",
    ru.Omit: lambda effect: f"omit {print_key(effect.key)}",
    ru.PassOn: lambda effect: "pass" + optional("before", effect.phase),
    ru.Cycle: lambda effect: f"cycle [{' | '.join(map(print_effect, effect.items))}]",
}


def print_effect(effect: ru.Effect) -> str:
    """The text of one effect."""
    return _EFFECTS[type(effect)](effect)


def print_clauses(item: ru.Rule) -> dict[str, str]:
    """The clauses of a rule in their order, each by its first word; those that it doesn't have are left out."""
    clauses = {"on": ", ".join(map(print_event, item.events))} if item.events else {}
    clauses |= {} if item.condition is None else {"when": print_expr(item.condition)}
    clauses |= {} if item.only is None else {"only": _only(item.only)}
    return clauses | {"then": ", ".join(map(print_effect, item.effects))}


def _rule(item: ru.Rule) -> Lines:
    clauses = [f"{word} {said}" for word, said in print_clauses(item).items()]
    if item.name is None:
        return [" ".join(clauses)]
    doc = f" {quote(item.doc)}" if item.doc else ""
    said = optional("overrides", item.overrides) + optional("per", item.per)
    return [f"rule {item.name}{doc}{said}", *("  " + one for one in clauses)]


RULES: Final[Printed] = {ru.Rule: _rule}
