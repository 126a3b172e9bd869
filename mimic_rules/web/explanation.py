# SPDX-License-Identifier: Apache-2.0
"""Why an answer is what it is: every rule that was considered for it, and what kept the others from deciding.

On the way of a request: long after it. A request of the journal and its trace come in, data for programs goes out;
`explanation_text` makes of it what people read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final

from mimic_rules.compiler.rules import STRIKE, RulePlan
from mimic_rules.engine import Engine
from mimic_rules.engine.rulebook import covers
from mimic_rules.engine.trace import Verdict
from mimic_rules.web.entry import Entry
from mimic_rules.web.mounts import Answers
from mimic_rules.web.places import relative
from mimic_rules.web.reasons import near_miss, reason
from mimic_rules.web.traces import MOST_OF_ONE, Candidate, KeptTrace

HOW_TO_TRACE: Final = (
    "no rules were traced for this request, or its trace made room for later ones: send the header "
    '`X-Mimic-Explain: true` with a request, or `PUT /_mimic/explain` with {"on": true} for all that follow'
)


def unreached(engine: Answers, entry: Entry, trace: KeptTrace | None) -> tuple[RulePlan, ...]:
    """The rules about the operation of a request that were never asked, for it had ended before their turn.

    They are those that the engine consults now; at most MOST_OF_ONE are given.
    """
    if trace is None or not isinstance(engine, Engine):
        return ()
    program = engine.linked.plan
    service = program.services.get(entry.service)
    operations = [] if service is None else [one for one in service.operations if one.name == entry.operation]
    asked = {one.rule for one in trace.candidates if one.stage.startswith("before ")}
    found = (
        rule
        for rule in program.rules
        if rule.id not in asked
        and any(effect.stage == STRIKE for effect in rule.effects)
        and any(covers(rule.events, operation) for operation in operations)
    )
    return tuple(islice(found, MOST_OF_ONE))


def explanation(
    entry: Entry, trace: KeptTrace | None, rules: Sequence[RulePlan] = (), roots: Sequence[Path] = ()
) -> dict[str, Any]:
    """All that is known, as JSON data: `request`, `traced`, `candidates` in the order in which they were considered,
    `slots` with the rule that filled each, `not_reached` (`rules`, which were never asked), `more` (candidates that
    aren't kept), and `help` where there is no trace.
    """
    shown = entry.shown(roots)
    told: dict[str, Any] = {
        "request": {name: shown[name] for name in shown if name not in ("headers", "body", "body_not_kept")},
        "traced": trace is not None,
    }
    if trace is None:
        return {**told, "help": HOW_TO_TRACE}
    candidates = trace.candidates
    return {
        **told,
        "candidates": [_candidate(one, candidates, roots) for one in candidates],
        "slots": _slots(candidates, roots),
        "not_reached": [
            {"id": one.id, "name": one.name, "doc": one.doc, "place": relative(one.place.rpartition(":")[0], roots)}
            for one in rules
        ],
        "more": trace.more,
    }


def explanation_text(told: Mapping[str, Any]) -> str:
    """The same for people: the request, then stage by stage the rules, each with its reason below it."""
    return "\n".join(_lines(told)) + "\n"


def _candidate(one: Candidate, all_of_them: Sequence[Candidate], roots: Sequence[Path]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "rule": {"id": one.rule, "name": one.name, "doc": one.doc, "place": relative(one.place, roots)},
        "stage": one.stage,
        "verdict": one.verdict.value,
        "slots": list(one.slots),
        "detail": _detail(one, all_of_them, roots),
        "reason": reason(one),
        "near": near_miss(one),
    }
    if one.overrides is not None:
        told["overrides"] = one.overrides
    if one.verdict is Verdict.DECIDED:
        told["instead_of"] = _instead_of(one, all_of_them, roots)
    return told


def _detail(one: Candidate, all_of_them: Sequence[Candidate], roots: Sequence[Path]) -> dict[str, Any]:
    if one.verdict is not Verdict.TAKEN:
        return dict(one.detail)
    return {**one.detail, "slots": {slot: _named(by, all_of_them, roots) for slot, by in _takers(one).items()}}


def _takers(one: Candidate) -> Mapping[str, str]:
    """For each slot that it would have filled, the place of the rule that has it."""
    slots: Mapping[str, str] = one.detail.get("slots", {})
    return slots


def _named(place: str, all_of_them: Sequence[Candidate], roots: Sequence[Path]) -> dict[str, str]:
    for one in all_of_them:
        if _is_at(one, place):
            return {"name": one.name, "place": relative(one.place, roots)}
    return {"name": "", "place": relative(place, roots)}


def _is_at(one: Candidate, place: str) -> bool:
    return place in (one.place, one.rule)


def _instead_of(winner: Candidate, all_of_them: Sequence[Candidate], roots: Sequence[Path]) -> list[dict[str, Any]]:
    """The rules that would have filled a slot which this one has, each once."""
    found: dict[str, dict[str, Any]] = {}
    for one in all_of_them:
        slots = [slot for slot, place in _takers(one).items() if slot in winner.slots and _is_at(winner, place)]
        if one.verdict is Verdict.TAKEN and slots:
            found.setdefault(one.rule, {"name": one.name, "place": relative(one.place, roots), "slots": slots})
    return list(found.values())


def _slots(candidates: Sequence[Candidate], roots: Sequence[Path]) -> dict[str, dict[str, str]]:
    """Each slot that was filled, and the rule that did; the first one has it."""
    found: dict[str, dict[str, str]] = {}
    for one in candidates:
        if one.verdict is Verdict.DECIDED:
            for slot in one.slots:
                found.setdefault(slot, {"name": one.name, "place": relative(one.place, roots)})
    return found


def _lines(told: Mapping[str, Any]) -> Iterator[str]:
    request = told["request"]
    yield f"{request['method']} {request['path']} -> {request['status']}"
    what = f"{request['service']}: {request['operation']}" if request["operation"] else "no operation that is modelled"
    yield f"  {what}, at {request['iso']}, {request['id'] or 'without an id'}"
    fate = [f"held back for {request['delay']:g} s"] if request["delay"] else []
    fate += [f"on the wire: {request['wire']['how']}"] if request["wire"] else []
    if fate:
        yield f"  {', '.join(fate)}"
    if not told["traced"]:
        if request["rules"]:
            yield f"  shaped by {', '.join(request['rules'])}"
        yield ""
        yield told["help"]
        return
    candidates = told["candidates"]
    yield ""
    yield _summary(candidates, told["slots"])
    stage = None
    for one in candidates:
        if one["stage"] != stage:
            stage = one["stage"]
            yield ""
            yield stage
        yield from _of_one(one)
    if told["not_reached"]:
        yield ""
        yield "not asked, for the request had ended"
        yield from (f"  - {_title(one)}" for one in told["not_reached"])
    if told["more"]:
        yield ""
        yield f"and {told['more']} more rules, which are not kept"


def _summary(candidates: Sequence[Mapping[str, Any]], slots: Mapping[str, Mapping[str, str]]) -> str:
    if not candidates:
        return "No rule is about this request: the answer is what the service says by itself."
    many = len({one["rule"]["id"] for one in candidates})
    considered = "1 rule was considered" if many == 1 else f"{many} rules were considered"
    if not slots:
        return f"{considered}, and none decided: the answer is what the service says by itself."
    width = max(map(len, slots))
    filled = "\n".join(f"  {slot:{width}}  {_title(by)}" for slot, by in slots.items())
    return f"{considered}. What they filled:\n{filled}"


def _of_one(one: Mapping[str, Any]) -> Iterator[str]:
    mark = "+" if one["verdict"] == Verdict.DECIDED.value else "~" if one["near"] else "-"
    rule = one["rule"]
    yield f"  {mark} {_title(rule)}" + (f"  {rule['doc']}" if rule["doc"] else "")
    yield f"      {_taken(one) if one['verdict'] == Verdict.TAKEN.value else one['reason']}"
    for other in one.get("instead_of", ()):
        yield f"      instead of {_title(other)} ({', '.join(other['slots'])})"


def _taken(one: Mapping[str, Any]) -> str:
    slots = one["detail"]["slots"]
    if not slots:
        return str(one["reason"])
    return "; ".join(f"{slot} is filled by {_title(by)}" for slot, by in slots.items())


def _title(rule: Mapping[str, Any]) -> str:
    return f"{rule['name']}, {rule['place']}" if rule["name"] else str(rule["place"])
