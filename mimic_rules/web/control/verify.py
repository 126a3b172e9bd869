# SPDX-License-Identifier: Apache-2.0
"""Verification: which requests were made of a world, how often, in which order, and which never.

On the way of a request: a call of the control API. Expectations come in, what became of each goes out, without what is
secret in either.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from mimic_rules.engine.exchange import MISSING
from mimic_rules.engine.secrets import HIDDEN_VALUE, is_secret
from mimic_rules.web.control.endpoint import Asked, Endpoint, Refused, Schema, Told
from mimic_rules.web.matching import Difference, Seen, differences, seen
from mimic_rules.web.redaction import Secrets, redact_body, redact_path, secrets, secrets_in
from mimic_rules.web.traces import short
from mimic_rules.web.verification import Check, History, expected_times, verify

MOST: Final = 100
"""Expectations of one call."""
_COUNT: Final[Schema] = {"type": "integer", "minimum": 0, "maximum": 1_000_000}
_TEXT: Final[Schema] = {"type": "string", "minLength": 1}
_REQUEST: Final[Schema] = {
    "operation": {**_TEXT, "description": "such as `show ticket` or `desk show ticket`"},
    "method": {**_TEXT, "description": "in any case"},
    "path": {**_TEXT, "description": "decoded, inside of the world; `*` stands for anything"},
    "status": {"type": "integer", "minimum": 100, "maximum": 999},
    "query": {
        "type": "object",
        "additionalProperties": {"type": ["string", "array"], "items": {"type": "string"}},
        "description": "a value that the parameter has, or all of them as a list",
    },
    "headers": {"type": "object", "additionalProperties": {"type": "string"}},
    "body": {"description": "JSON: of an object the keys that are given count"},
}
_EXPECTED: Final[Schema] = {
    "type": "object",
    "properties": {
        **_REQUEST,
        "times": {
            "type": ["integer", "object"],
            "minimum": 0,
            "maximum": 1_000_000,
            "properties": {"at_least": _COUNT, "at_most": _COUNT},
            "minProperties": 1,
            "additionalProperties": False,
            "description": "exactly so often, or bounds; without it at least once",
        },
    },
    "additionalProperties": False,
}
_WISH: Final[Schema] = {
    "type": "object",
    "properties": {
        "requests": {"type": "array", "maxItems": MOST, "items": _EXPECTED},
        "never": {
            "type": "array",
            "maxItems": MOST,
            "items": {"type": "object", "properties": _REQUEST, "additionalProperties": False},
        },
        "in_order": {"type": "boolean", "description": "`requests` came in the order of the list"},
        "no_others": {"type": "boolean", "description": "there was nothing but `requests`"},
    },
    "additionalProperties": False,
}


def check(asked: Asked) -> Told:
    """200 and what became of each expectation: `passed`, `failed`, or `unknown` where the journal has dropped too much
    to say.
    """
    wish = asked.body
    if not any(wish.get(name) for name in ("requests", "never", "no_others")):
        raise Refused(400, 'say what to expect: {"requests": [{"operation": "show ticket", "times": 2}]}')
    for at, one in enumerate(wish.get("requests", ())):
        bounds = expected_times(one)
        if bounds.at_most is not None and bounds.at_least > bounds.at_most:
            place = f"requests[{at}].times"
            raise Refused(400, f"`{place}` takes `at_least` no larger than `at_most`", place=place)
    entries, dropped = asked.mount.journal.read()
    history = History([seen(one) for one in entries], dropped)
    result, checks = verify(wish, history)
    known = secrets({text for one in entries for text in one.secrets().texts} | set(secrets_in(wish)))
    return Told(
        200,
        {
            "result": result,
            "checks": [_shown(one, known) for one in checks],
            "kept": len(entries),
            "dropped": dropped,
        },
    )


def _shown(check: Check, known: Secrets) -> dict[str, Any]:
    told: dict[str, Any] = {
        "expected": _expected(check.expected, known),
        "result": check.result,
        "found": check.found,
        "reason": check.reason,
    }
    if check.requests:
        told["requests"] = [one.entry.brief(known) for one in check.requests]
    if check.nearest is not None and check.described is not None:
        told["nearest"] = {
            "request": check.nearest.entry.brief(known),
            "differs": [_difference(one, check.nearest, known) for one in differences(check.described, check.nearest)],
        }
    return told


def _expected(expected: Mapping[str, Any], known: Secrets) -> Any:
    told = redact_body(expected, known)
    for one in (told, told.get("never")):
        if isinstance(one, dict) and isinstance(one.get("path"), str):
            one["path"] = redact_path(one["path"], known)
    return told


def _difference(one: Difference, of: Seen, known: Secrets) -> dict[str, Any]:
    told: dict[str, Any] = {"what": ".".join(map(known.hide, one.where))}
    if any(map(is_secret, one.where)):
        return {**told, "expected": HIDDEN_VALUE, "found": HIDDEN_VALUE}
    if one.where == ("path",):
        return {**told, "expected": redact_path(one.expected, known), "found": of.entry.shown_path(known)}
    told["expected"] = short(redact_body(one.expected, known))
    # What is not there has no `found`: null would be a value.
    if one.found is not MISSING:
        told["found"] = short(redact_body(one.found, known))
    return told


ENDPOINTS: Final = (
    Endpoint(
        "POST",
        "/_mimic/verify",
        "Which requests were made, how often, in which order, and which never",
        check,
        {200: "what became of each expectation", 400: "expectations that aren't right"},
        _WISH,
    ),
)
