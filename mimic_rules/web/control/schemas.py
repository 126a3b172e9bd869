# SPDX-License-Identifier: Apache-2.0
"""Whether the body of a call fits its JSON Schema; what doesn't is refused with its place, the reason and what to send.

On the way of a request: between the bytes and the call. PERF: the library is imported when the first body comes, for
starting the cloud must not wait for it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final

import falcon

from mimic_rules.config import Limits
from mimic_rules.diagnostics import did_you_mean
from mimic_rules.engine.exchange import MISSING, BadBody
from mimic_rules.web.body import read_json
from mimic_rules.web.control.endpoint import Refused, Schema

_BAD_BODIES: Final = {
    "malformed": (400, "the body isn't JSON in UTF-8 with each key once"),
    "too_large": (413, "the body is too large"),
    "too_deep": (400, "the body is nested too deeply"),
    "wrong_media": (415, "send the body as application/json"),
}
_KINDS: Final = {
    "object": "an object",
    "array": "a list",
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "null",
}

_BOUNDS: Final = {
    "minimum": "at least",
    "maximum": "at most",
    "exclusiveMinimum": "more than",
    "exclusiveMaximum": "less than",
}


def read(req: falcon.Request, limits: Limits) -> Any:
    """The decoded body, MISSING for none; raises Refused for one that can't be read."""
    try:
        return read_json(req.env, limits.body, limits.depth)
    except BadBody as bad:
        raise Refused(*_BAD_BODIES[bad.situation]) from None


def checked(body: Any, schema: Schema) -> Any:
    """The body; raises Refused (400, with `place`) where it doesn't fit. No body at all is an empty object."""
    given = {} if body is MISSING else body
    from jsonschema.exceptions import best_match

    problem = best_match(_validator(json.dumps(schema)).iter_errors(given))
    if problem is not None:
        place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in problem.absolute_path)
        place = place.removeprefix(".") or "the body"
        raise Refused(
            400, f"`{place}` {_reason(problem)}" if place != "the body" else f"the body {_reason(problem)}", place=place
        )
    return given


@lru_cache(maxsize=256)
def _validator(schema: str) -> Any:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(json.loads(schema))


def _reason(problem: Any) -> str:
    """What is wrong, in words that name no type of Python."""
    wanted = problem.validator_value
    match problem.validator:
        case "type":
            kinds = [wanted] if isinstance(wanted, str) else wanted
            return f"takes {' or '.join(_KINDS[kind] for kind in kinds)}, not {_shown(problem.instance)}"
        case "required":
            missing = next(name for name in wanted if name not in problem.instance)
            return f"lacks `{missing}`"
        case "additionalProperties":
            known = problem.schema.get("properties", {})
            extra = next(name for name in problem.instance if name not in known)
            near = did_you_mean(extra, known)
            return f"has no key `{extra[:60]}`: " + (
                f"did you mean `{near}`?" if near else f"the keys are {_named(known)}"
            )
        case "enum":
            return f"takes {_named(wanted)}, not {_shown(problem.instance)}"
        case "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum":
            return f"takes {_BOUNDS[problem.validator]} {wanted}, not {_shown(problem.instance)}"
        case "minItems" | "minLength" | "minProperties":
            return f"takes at least {wanted}, not {_shown(problem.instance)}"
        case "maxItems" | "maxLength" | "maxProperties":
            return f"takes at most {wanted}"
        case "pattern":
            return f"takes a text that matches `{wanted}`, not {_shown(problem.instance)}"
    return f"isn't right: {_shown(problem.instance)} doesn't fit"


def _named(names: Iterable[Any]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "none"


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return f"`{text if len(text) <= 60 else text[:57] + '...'}`"
