# SPDX-License-Identifier: Apache-2.0
"""What a report of a failed test says of its world: the last requests, what no rule models, which rules never fired,
and why the last answer that was no success is what it is.

On the way of a test: after it has failed, while its world is still there.
"""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import indent
from typing import Final

from mimic_rules.testing.calls import ControlError
from mimic_rules.testing.values import Request, Rule
from mimic_rules.testing.world import World

TITLE: Final = "mimic world"
MOST: Final = 20
"""How many requests are shown, and how many lines of a log."""


def section(world: World) -> str:
    """The text of the section; where the world can't be asked any more, why that is."""
    lines: list[str] = []
    try:
        lines.extend(_lines(world))
    except ControlError as reason:
        lines.append(f"the world `{world.id}` can't be asked: {reason}")
    said = world.cloud.said().splitlines()
    if said:
        lines += ["the end of the cloud's log:", *(f"  {line}" for line in said[-MOST:])]
    return "\n".join(lines)


def _lines(world: World) -> Iterator[str]:
    yield f"world `{world.id}` at {world.url}, where it is {world.clock.now.isoformat()}"
    requests, dropped = world.journal.requests(), world.journal.dropped
    yield from _requests(f"the last of {len(requests) + dropped} requests" if requests else "no requests", requests)
    unmatched = [one for one in requests if not one.operation and one.status == 501]
    if unmatched:
        yield from _requests("requests that no rule models", unmatched)
    never = [rule for rule in world.rules.seen() if not rule.hits.decided]
    if never:
        yield "rules of this test that never fired:"
        yield from (f"  {titled(rule)}: {never_why(rule.hits.considered, rule.hits.matched)}" for rule in never)
    refused = next((one for one in reversed(requests) if not 200 <= one.status < 300), None)
    if refused is not None:
        yield f"why {refused.method} {refused.path} was answered with {refused.status}:"
        yield indent(world.explain(refused.id).rstrip(), "  ")


def _requests(title: str, requests: list[Request] | tuple[Request, ...]) -> Iterator[str]:
    yield f"{title}:" if requests else title
    yield from (f"  {one}" for one in requests[-MOST:])


def titled(rule: Rule) -> str:
    """A rule in a few words: its name, or how it begins."""
    first = " ".join(rule.text.split())
    told = f"rule {rule.name}" if rule.name else first if len(first) <= 80 else first[:77] + "..."
    return f"{rule.place} {told}"


def never_why(considered: int, matched: int) -> str:
    """Why a rule never fired, as far as counts tell."""
    if matched:
        return f"its conditions held {_often(matched)}, and other rules decided"
    if considered:
        return f"it was considered {_often(considered)}, and its conditions never held"
    return "no request was one that it is about"


def _often(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
