# SPDX-License-Identifier: Apache-2.0
"""Traces made by hand, for the tests of what is made of them; what the engine fills in is tested with the engine."""

from typing import Any

from mimic_rules.compiler.rules import ALWAYS_OFTEN, RulePlan
from mimic_rules.engine.trace import Considered, Trace, Verdict


def rule(name: str, line: int, *, doc: str = "", overrides: str | None = None) -> Any:
    """A rule of `team.rules`, without a condition and effects: only what explanations show."""
    return RulePlan(
        number=line,
        name=name,
        doc=doc,
        kind=None,
        service="desk",
        events=(),
        condition=None,
        keys=None,
        often=ALWAYS_OFTEN,
        effects=(),
        reads=frozenset(),
        size=0,
        place=f"team.rules:{line}:1",
        overrides=overrides,
    )


def trace(*rows: tuple[Any, str, Verdict, tuple[str, ...], dict[str, Any]]) -> Trace:
    """A trace of rows: rule, stage, verdict, slots, detail."""
    return Trace([Considered(*row) for row in rows])
