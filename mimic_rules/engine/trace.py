# SPDX-License-Identifier: Apache-2.0
"""Why an answer is what it is: every rule that was considered for it, and what became of each.

On the way of a request: filled only where it is asked for; whoever explains an answer reads it. Plain values, so that
it can be kept and shown after the request.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from mimic_rules.compiler.rules import RulePlan


class Verdict(StrEnum):
    """What became of a rule at one stage."""

    DECIDED = "decided"
    CONDITION = "condition does not hold"
    TIME = "not at this time"
    COUNT = "not this time"
    TAKEN = "an earlier rule has its slots"


@dataclass(frozen=True, slots=True)
class Considered:
    """One rule at one stage of one request.

    `stage` is where: `before PHASE`, `deliver`, `shown`, `lifecycle FIELD`. `slots` are those that it filled.
    `detail` is why: of CONDITION `{condition, left, right}` (the first part that failed as text, and both values where
    it compares); of TIME `{begins_in}` or `{ended_ago}` in seconds of world time; of COUNT `{used, of}`, `{next_in}`
    matches or `{wait}` seconds; of TAKEN `{slots: {slot: place of the rule that has it}}`; of DECIDED `{did}`.
    """

    rule: RulePlan
    stage: str
    verdict: Verdict
    slots: tuple[str, ...] = ()
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Trace:
    """All rules that were considered for a request, in the order in which they were."""

    considered: list[Considered] = field(default_factory=list)
