# SPDX-License-Identifier: Apache-2.0
"""Explanations: why an answer is what it is, and whether all answers of a world can be explained.

On the way of a request: calls of the control API. Text is for people, JSON for programs.
"""

from __future__ import annotations

from typing import Final

from mimic_rules.web.control.endpoint import Asked, Endpoint, Refused, Schema, Told
from mimic_rules.web.control.journal import not_kept
from mimic_rules.web.explanation import explanation, explanation_text, unreached

FORMATS: Final = ("text", "json")
_WISH: Final[Schema] = {
    "type": "object",
    "properties": {"on": {"type": "boolean", "description": "whether rules are traced for every request"}},
    "required": ["on"],
    "additionalProperties": False,
}


def show(asked: Asked) -> Told:
    """200 and whether every request of the world is traced."""
    return Told(200, {"on": asked.mount.explain})


def change(asked: Asked) -> Told:
    """200 and whether every request of the world is traced from now on."""
    asked.mount.explain = asked.body["on"]
    return show(asked)


def explain(asked: Asked) -> Told:
    """200 and why a request was answered as it was; 404 if it is not kept."""
    format = asked.query.get("format", "json")
    if format not in FORMATS:
        raise Refused(400, "`format` takes text or json", place="format")
    entries, dropped = asked.mount.journal.read()
    wanted = asked.path["request"]
    entry = next((one for one in reversed(entries) if one.id == wanted), None)
    if entry is None:
        raise not_kept(wanted, len(entries), dropped)
    trace = asked.mount.journal.trace(entry.id)
    rules = unreached(asked.mount.engine, entry, trace)
    told = explanation(entry, trace, rules, asked.control.roots)
    if format == "json":
        return Told(200, told)
    return Told(200, text=explanation_text(told), media="text/plain; charset=utf-8")


_STATE: Final = {200: "whether every request is traced"}
ENDPOINTS: Final = (
    Endpoint("GET", "/_mimic/explain", "Whether every request of a world is traced", show, _STATE),
    Endpoint(
        "PUT",
        "/_mimic/explain",
        "Trace every request of a world, or none",
        change,
        {**_STATE, 400: "a wish that isn't right"},
        _WISH,
    ),
    Endpoint(
        "GET",
        "/_mimic/explain/{request}",
        "Why a request was answered as it was",
        explain,
        {200: "every rule that was considered, and what became of each", 400: "no such format", 404: "it isn't kept"},
        query={"format": "json (for programs, the default) or text (for people)"},
    ),
)
