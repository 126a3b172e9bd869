# SPDX-License-Identifier: Apache-2.0
"""The rules that a world consults: to be listed with their hits, added to, disabled and removed while it runs.

On the way of a request: calls of the control API. What they change, `runtime` changes; it takes effect between two
requests.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from mimic_rules.compiler.program import RulePlan
from mimic_rules.diagnostics import Diagnostic, Span, did_you_mean, render_json, render_text
from mimic_rules.engine.choosing import chosen_plans
from mimic_rules.engine.hits import considered
from mimic_rules.language.load import RUN_TIME, SHIPPED, TEAM
from mimic_rules.web import runtime
from mimic_rules.web.control.endpoint import Asked, Endpoint, Refused, Schema, Told
from mimic_rules.web.mounts import Mount
from mimic_rules.web.runtime import CantAdd, Given, Text, WrongText

LAYERS: Final = {"run-time": RUN_TIME, "team": TEAM, "shipped": SHIPPED}
MOST_TEXTS: Final = 1_000
"""How many texts one call adds."""

_ONE: Final[dict[str, Schema]] = {
    "text": {"type": "string", "description": "rules, as in a file"},
    "name": {
        "type": "string",
        "pattern": "^(?!r[0-9]+$)[A-Za-z][A-Za-z0-9_-]{0,63}$",
        "description": "what places in the text begin with, and what it is removed by; default: r1, r2 and so on",
    },
}
_TEXTS: Final[Schema] = {
    "type": "object",
    "properties": {
        **_ONE,
        "texts": {
            "type": "array",
            "minItems": 1,
            "maxItems": MOST_TEXTS,
            "items": {"type": "object", "properties": _ONE, "required": ["text"], "additionalProperties": False},
            "description": "several texts: all of them are added, or none",
        },
    },
    "additionalProperties": False,
}
_SWITCH: Final[Schema] = {
    "type": "object",
    "properties": {"enabled": {"type": "boolean", "description": "whether the world consults it"}},
    "required": ["enabled"],
    "additionalProperties": False,
}


def add(asked: Asked) -> Told:
    """201, what was added, and warnings; with an error in a text nothing is added."""
    body = asked.body
    if ("text" in body) == ("texts" in body) or ("name" in body and "texts" in body):
        raise Refused(400, 'send one text, {"text": "…"}, or several, {"texts": [{"text": "…"}, …]}')
    given = [Given(one["text"], one.get("name")) for one in body.get("texts", [body])]
    told = add_texts(asked.mount, given, asked.control.limits.rules)
    return Told(201, told[0] if "text" in body else {"texts": told})


def add_texts(mount: Mount, given: Sequence[Given], most: int) -> list[dict[str, Any]]:
    """Add texts, and give what is told of each; raises Refused for an error in one of them: then none is added."""
    try:
        texts = runtime.add(mount, given, most)
    except WrongText as wrong:
        found = wrong.diagnostics
        message = f"nothing was added: {_first_line(found, wrong.sources)}"
        raise Refused(400, message, diagnostics=_plain(found), text=render_text(found, wrong.sources)) from None
    except CantAdd as problem:
        raise Refused(409, f"nothing was added: {problem}") from None
    show = _shown(mount, [plan for one in texts for plan in one.plans])
    return [_text(one, show) for one in texts]


def show_all(asked: Asked) -> Told:
    """200 and all rules in the order in which they are consulted."""
    layer = asked.query.get("layer")
    if layer is not None and layer not in LAYERS:
        raise Refused(400, f"`layer` takes {', '.join(f'`{one}`' for one in LAYERS)}, not `{layer[:60]}`")
    plans = _all(asked.mount)
    told = [*map(_shown(asked.mount, plans), plans)]
    return Told(200, {"rules": [one for one in told if layer in (None, one["layer"])]})


def show_some(asked: Asked) -> Told:
    """200 and a rule, the rules of a text, or those that a record is."""
    found = _find(asked.mount, asked.path["rule"])
    return Told(200, {"rules": [*map(_shown(asked.mount, found), found)]})


def switch(asked: Asked) -> Told:
    """200 and the rules that this world consults from now on, or doesn't."""
    with asked.mount.lock:
        found = _written(_find(asked.mount, asked.path["rule"]))
        runtime.switch(asked.mount, [plan.id for plan in found], asked.body["enabled"])
    return show_some(asked)


def remove(asked: Asked) -> Told:
    """204; a rule of a file can't be removed from one world, only disabled."""
    name = asked.path["rule"]
    with asked.mount.lock:
        rules = asked.mount.rules
        ids = [plan.id for plan in _written(_find(asked.mount, name))]
        if not set(ids) <= {plan.id for text in rules.texts for plan in text.plans}:
            help = '`PATCH` it with {"enabled": false}, and this world no longer consults it'
            raise Refused(409, f"`{name[:60]}` stands in a file, and other worlds have it too", help=help)
        runtime.remove(asked.mount, ids)
    return Told(204)


def clear(asked: Asked) -> Told:
    """204; the world consults the rules of the files again, and no others."""
    runtime.clear(asked.mount)
    return Told(204)


def _all(mount: Mount) -> Sequence[RulePlan]:
    """All rules in order, those of records among them."""
    return [*chosen_plans(mount.rules.footing.engine.linked, mount.world, mount.rules.plans())]


def _written(found: Sequence[RulePlan]) -> Sequence[RulePlan]:
    """Those that stand in a text or a file; refused with 409 where there are none, for a record's comes with it."""
    written = [plan for plan in found if plan.chosen is None]
    if not written:
        key = str(found[0].chosen.key if found[0].chosen else "")[:60]
        help = f"remove the record `{key}` where it was made, or disable the rule `{found[0].name}`"
        raise Refused(409, f"`{key}` is a record, and its rule comes and goes with it", help=help)
    return written


def _find(mount: Mount, name: str) -> Sequence[RulePlan]:
    """The rules that a name stands for: that of a text, of a rule, a place, or the key of a record; refused with 404
    where there is none.
    """
    rules = mount.rules
    for text in rules.texts:
        if text.id == name:
            return text.plans
    plans = _all(mount)
    for stands_for in (_by_id, _by_name, _by_line, _by_key):
        found = [plan for plan in plans if stands_for(plan) == name]
        if found:
            return found
    near = did_you_mean(name, {known for plan in plans for known in (plan.id, plan.name)} | {t.id for t in rules.texts})
    help = f"did you mean `{near}`?" if near else "`GET /_mimic/rules` lists those that there are"
    raise Refused(404, f"this world has no rule or text `{name[:60]}`", help=help)


def _by_id(plan: RulePlan) -> str:
    return plan.id


def _by_name(plan: RulePlan) -> str:
    return plan.name


def _by_line(plan: RulePlan) -> str:
    """As the header X-Mimic-Rule names it."""
    return plan.place.rpartition(":")[0]


def _by_key(plan: RulePlan) -> str | None:
    """As the service that it was registered with names it."""
    return None if plan.chosen is None else str(plan.chosen.key)


def _text(text: Text, show: Callable[[RulePlan], dict[str, Any]]) -> dict[str, Any]:
    return {"id": text.id, "rules": [show(plan) for plan in text.plans], "warnings": _plain(text.warnings)}


def _shown(mount: Mount, plans: Iterable[RulePlan]) -> Callable[[RulePlan], dict[str, Any]]:
    """What makes one of the rules into what clients are told of it."""
    rules = mount.rules
    models, sources = rules.models(), rules.sources()
    layers = {number: name for name, number in LAYERS.items()}
    # PERF: only these are worked out, and all at once; rules that are disabled are among them.
    program = replace(rules.footing.engine.linked.plan, rules=tuple(plans))
    with mount.world.lock:
        counted = considered(program, mount.world.tallies)

    def show(plan: RulePlan) -> dict[str, Any]:
        chosen = plan.chosen
        model = models[plan.id if chosen is None else chosen.rule]
        hits = mount.world.tallies.hits(plan.id)
        told = {
            "id": plan.id,
            "name": None if model.rule.name is None else plan.name,
            "doc": plan.doc,
            "layer": layers[model.layer if chosen is None else RUN_TIME],
            "place": plan.place,
            "enabled": (plan.id if chosen is None else chosen.rule) not in rules.disabled,
            "text": _cut(model.rule.span, sources[model.rule.span.file]),
            "hits": {
                "considered": counted[plan.id],
                "matched": hits.matched,
                "decided": hits.decided,
                "last": hits.last,
            },
        }
        if chosen is not None:
            told["record"] = {"kind": chosen.kind, "key": chosen.key, "tenant": chosen.tenant, "region": chosen.region}
        return told

    return show


def _cut(span: Span, text: str) -> str:
    """What is written at a span of a text."""
    start = 0
    for _ in range(span.line - 1):
        start = text.index("\n", start) + 1
    lines = text[start:].split("\n", span.end_line - span.line + 1)[: span.end_line - span.line + 1]
    lines[-1] = lines[-1][: span.end_column - 1]
    lines[0] = lines[0][span.column - 1 :]
    return "\n".join(lines)


def _plain(diagnostics: Iterable[Diagnostic]) -> Any:
    return json.loads(render_json(diagnostics))


def _first_line(diagnostics: Iterable[Diagnostic], sources: Mapping[str, str]) -> str:
    """The first of the problems that are there, as one line."""
    return render_text(diagnostics, sources).partition("\n")[0]


_NO_RULE: Final = "no such rule or text; the nearest one is said"
ENDPOINTS: Final = (
    Endpoint(
        "GET",
        "/_mimic/rules",
        "The rules that a world consults, in order, with their hits",
        show_all,
        {200: "the rules", 400: "no such layer"},
        query={"layer": "only the rules of `run-time`, `team` or `shipped`"},
    ),
    Endpoint(
        "POST",
        "/_mimic/rules",
        "Add a text of rules to a world, or several",
        add,
        {
            201: "what was added, with warnings",
            400: "a text has errors: `diagnostics` has them for programs, `text` for people",
            409: "a name is taken, or there is no room for more rules",
        },
        _TEXTS,
    ),
    Endpoint(
        "DELETE",
        "/_mimic/rules",
        "Remove all texts that were added to a world, and enable all other rules",
        clear,
        {204: "it is done"},
    ),
    Endpoint(
        "GET",
        "/_mimic/rules/{rule}",
        "A rule, by its id, its name or its place, or the rules of a text",
        show_some,
        {200: "the rules", 404: _NO_RULE},
        slashes=True,
    ),
    Endpoint(
        "PATCH",
        "/_mimic/rules/{rule}",
        "Disable a rule of any layer in this world, or enable it again",
        switch,
        {200: "the rules as they are now", 400: "no `enabled`", 404: _NO_RULE, 409: "the rule is a record's"},
        _SWITCH,
        slashes=True,
    ),
    Endpoint(
        "DELETE",
        "/_mimic/rules/{rule}",
        "Remove a text that was added, or one of its rules",
        remove,
        {204: "it is gone", 404: _NO_RULE, 409: "the rule stands in a file, or is a record's"},
        slashes=True,
    ),
)
