# SPDX-License-Identifier: Apache-2.0
"""The answer that a rule gives: a fault in the service's words, what it works out of the request, or a literal body.

On the way of a request: where a rule strikes, or, after commit, in the place of the operation's answer.
"""

import math
from collections.abc import Mapping
from typing import Any, Final

from mimic_rules.compiler import expressions as pl
from mimic_rules.engine import values
from mimic_rules.engine.dialect import fault_response
from mimic_rules.engine.effects import Respond
from mimic_rules.engine.exchange import MISSING, Response
from mimic_rules.engine.link import Frame
from mimic_rules.engine.linked import LinkedService
from mimic_rules.engine.refusal import Fault

LONGEST_WAIT: Final = 315_360_000
"""Seconds in a Retry-After: ten years; no client waits longer."""
STATUSES: Final = range(100, 600)


def status_in(source: Any) -> int | None:
    """The status that a value says in its `code`; None where it says none that an answer can have."""
    if not isinstance(source, dict):
        return None
    number = values.as_number(source.get("code", MISSING))
    return int(number) if number is not MISSING and int(number) in STATUSES else None


def respond(service: LinkedService, of: Respond, frame: Frame, seen: Mapping[str, Any]) -> Response:
    """The answer in a frame; `seen` is what the rule's place knows beside it.

    Where it is worked out of a value, that value has a status: `status_in` was asked.
    """
    inner = [*frame]
    inner[pl.EXTRA] = {**frame[pl.EXTRA], **seen}
    said: Mapping[str, Any] = {}
    fault = of.fault
    if of.source is not None:
        said = of.source(inner)
        fault = _fault_of(said)
    assert fault is not None
    response = fault_response(service, fault, inner)
    body = said.get("body", MISSING) if of.body is None else of.body(inner)
    if isinstance(body, str):
        response.body, response.text = MISSING, body
    elif body is not MISSING:
        response.body = body
    headers = said.get("headers")
    given = [(str(name), value) for name, value in headers.items()] if isinstance(headers, dict) else []
    for name, value in (*given, *((name, value(inner)) for name, value in of.headers)):
        if value is not MISSING and value is not None:
            _set(response, name, values.to_text(value))
    wait = said.get("retry_after", seen.get("wait", MISSING)) if of.retry_after is None else of.retry_after(inner)
    seconds = values.as_number(wait)
    if seconds is not MISSING:
        _set(response, "Retry-After", str(math.ceil(min(max(seconds, 0), LONGEST_WAIT))))
    return response


def _fault_of(said: Mapping[str, Any]) -> Fault:
    """The fault that a value describes: `code`, and perhaps `type` and `message`."""
    status, kind, message = status_in(said), said.get("type"), said.get("message", MISSING)
    assert status is not None
    return Fault(status, kind if isinstance(kind, str) else None, lambda frame: message, "")


def _set(response: Response, name: str, value: str) -> None:
    """Give the answer a header, instead of one of that name."""
    response.headers = [one for one in response.headers if one[0].lower() != name.lower()]
    response.headers.append((name, value))
