# SPDX-License-Identifier: Apache-2.0
"""What became of a rule, in a sentence: what did not hold and with which values, or how near it came.

On the way of a request: long after it, when its explanation is read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from mimic_rules.engine.trace import Verdict
from mimic_rules.web.traces import Candidate

_DAY: Final = 86_400.0


def reason(one: Candidate) -> str:
    """Why the rule decided, or did not."""
    detail = one.detail
    match one.verdict:
        case Verdict.DECIDED:
            slots = f"fills {', '.join(one.slots)}" if one.slots else "decided"
            return f"{slots}: {_text(detail['did'])}" if detail.get("did") else slots
        case Verdict.CONDITION:
            return _condition(detail)
        case Verdict.TIME:
            if "begins_in" in detail:
                return f"would match in {seconds(detail['begins_in'])}"
            if "ended_ago" in detail:
                return f"ended {seconds(detail['ended_ago'])} ago"
        case Verdict.COUNT:
            return _count(detail)
    return one.verdict.value


def near_miss(one: Candidate) -> bool:
    """Whether it is only a matter of time or number that the rule decides."""
    return one.verdict is Verdict.COUNT or (one.verdict is Verdict.TIME and "begins_in" in one.detail)


def seconds(value: Any) -> str:
    """A length of world time: `2.0 s`, and from a day on the days too."""
    text = f"{value:.1f} s"
    return f"{text} ({value / _DAY:.1f} days)" if value >= _DAY else text


def _condition(detail: Mapping[str, Any]) -> str:
    condition = detail.get("condition")
    text = f"`{condition}` does not hold" if condition else Verdict.CONDITION.value
    sides = [f"{side} is {_value(detail[side])}" for side in ("left", "right") if side in detail]
    if "right" in detail and "left" not in detail:
        # Only a comparison has a right side, and what is nothing is left out.
        sides.insert(0, "left is not there")
    return f"{text}: {', '.join(sides)}" if sides else text


def _count(detail: Mapping[str, Any]) -> str:
    match detail:
        case {"used": used, "of": of}:
            return f"used {used} of {of}"
        case {"every": every, "next_in": more}:
            return f"every {ordinal(every)}: {more} more"
        case {"share": share, "next_in": more}:
            return f"{_percent(share)} evenly: {more} more"
        case {"chance": chance}:
            return f"{_percent(chance)} at random: not this one"
        case {"of": most, "within": length}:
            return f"lets {most} through in {length:g} s, and this was one of them"
        case {"wait": wait}:
            return f"would match in {seconds(wait)}"
    return Verdict.COUNT.value


def _percent(share: float) -> str:
    return f"{share * 100:g}%"


def ordinal(number: int) -> str:
    """`1st`, `2nd`, `3rd`, `11th`."""
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if number % 100 in (11, 12, 13) else ending}"


def _value(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else _value(value)
