# SPDX-License-Identifier: Apache-2.0
"""Runs examples: each asks the engine in a world of its own, whose clock stands still until a step moves it.

Beside the way of a request: a plan of a program comes in; out comes what was not as it says, and which rules decided.
Nothing goes over a socket, nobody logs in, and no step waits.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from mimic_rules.compiler.examples import (
    AfterPlan,
    AgePlan,
    AskPlan,
    ExamplePlan,
    ExampleStepPlan,
    ExpectedPlan,
    ExpectPlan,
    PollPlan,
)
from mimic_rules.diagnostics import Diagnostic
from mimic_rules.engine.engine import Engine
from mimic_rules.engine.exchange import MISSING, Response
from mimic_rules.engine.resources import HIDDEN
from mimic_rules.engine.stage import Stage, Unfilled
from mimic_rules.engine.values import to_text

MOST_MOMENTS: Final = 10_000
"""How often something may fall due before a world counts as one that is never quiet."""

_LONGEST: Final = 160


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an example went: what failed first, if anything did, and the places (`file:line`) of rules that decided."""

    plan: ExamplePlan
    failure: Diagnostic | None
    decided: frozenset[str]


def run_example(engine: Engine, plan: ExamplePlan) -> Outcome:
    """Run one example, up to the first step that is not as it says; raises nothing."""
    stage = Stage(engine, plan)
    failure = next((found for step in plan.steps if (found := _step(stage, step)) is not None), None)
    if failure is None and plan.proves is not None and not stage.has_decided(plan.proves[1]):
        told = f"rule `{plan.proves[0]}` never decided in this example"
        help = "ask for what the rule is about, or name the rule that this example proves"
        failure = Diagnostic("MR816", told, plan.span, help)
    return Outcome(plan, failure, frozenset(stage.decided))


def _step(stage: Stage, step: ExampleStepPlan) -> Diagnostic | None:
    match step:
        case AskPlan():
            return _ask(stage, step)
        case ExpectPlan():
            return next((found for part in step.parts if (found := _expect(stage, part)) is not None), None)
        case AfterPlan():
            stage.move_on(step.seconds, MOST_MOMENTS)
            return None
        case PollPlan():
            stage.count_looks(step.looks)
            return None
        case AgePlan():
            if stage.age(step.slot, step.seconds):
                return None
            return Diagnostic("MR815", f"no record is called `{step.name}` now", step.span)
    if stage.settle_down(MOST_MOMENTS):
        return None
    told = f"still not quiet after {MOST_MOMENTS} events"
    return Diagnostic("MR814", told, step.span, "move the clock by some time, such as `after 1h`")


def _ask(stage: Stage, step: AskPlan) -> Diagnostic | None:
    try:
        response = stage.ask(step)
    except Unfilled as unfilled:
        told = f"there is no record for `{{{unfilled.variable}}}` in the path now"
        help = f"see that one is made before, or write `at {{ {unfilled.variable}: … }}`"
        return Diagnostic("MR815", told, step.span, help)
    if response.status != step.status:
        told = f"the answer is {response.status}, not {step.status}"
        return Diagnostic("MR811", told, step.span, _reason(response))
    if step.says is not None:
        wanted = to_text(stage.worth(step.says))
        if not any(wanted in text for text in _texts(response.content)):
            return Diagnostic("MR812", f"the answer doesn't say `{wanted}`", step.span, _reason(response))
    return None


def _expect(stage: Stage, part: ExpectedPlan) -> Diagnostic | None:
    if stage.worth(part.condition) is True:
        return None
    sides = "".join(f"; `{side.said}` is {_shown(stage.worth(side.value))}" for side in part.sides)
    return Diagnostic("MR813", f"expected `{part.said}`{sides}", part.span)


def _reason(response: Response) -> str:
    """What an answer says for itself, where it is a refusal: others may hold secrets."""
    if response.status < 400:
        return ""
    said = ", ".join(dict.fromkeys(_texts(response.content)))
    return f"it says: {_shortened(said)}" if said else "it says nothing"


def _texts(value: Any) -> Iterator[str]:
    """The texts in an answer's body, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts(one)


def _shown(value: Any) -> str:
    """A value as JSON; of a record without what clients don't see."""
    if value is MISSING:
        return "missing"
    if isinstance(value, dict):
        value = {name: one for name, one in value.items() if name != HIDDEN}
    return _shortened(json.dumps(value, ensure_ascii=False, default=str))


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
