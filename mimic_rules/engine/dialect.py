# SPDX-License-Identifier: Apache-2.0
"""How a service says no: the fault's name and text, its envelope, its headers.

On the way of a request: whatever phase refuses, the answer is made here, in the service's own words.
"""

from typing import Any

from mimic_rules.compiler import expressions as pl
from mimic_rules.engine.exchange import MISSING, Response
from mimic_rules.engine.link import Frame
from mimic_rules.engine.linked import FaultName, LinkedService
from mimic_rules.engine.refusal import Fault
from mimic_rules.engine.values import to_text

NEUTRAL = {
    400: "bad request",
    401: "unauthorized",
    403: "forbidden",
    404: "not found",
    405: "method not allowed",
    409: "conflict",
    413: "too large",
    415: "unsupported media type",
    429: "too many requests",
    500: "internal error",
    501: "not implemented",
    503: "unavailable",
}


def fault_response(service: LinkedService, fault: Fault, frame: Frame, seen: dict[str, Any] | None = None) -> Response:
    """The answer that a fault gives; `seen` is what the fault's place knows beside the frame."""
    inner = [*frame]
    named = _named(service, fault)
    called = fault.name or (named.name if named is not None else service.plan.other_fault)
    inner[pl.EXTRA] = {**frame[pl.EXTRA], **(seen or {}), "status": fault.status, "fault": called}
    message = fault.message(inner)
    if (message is None or message is MISSING) and named is not None and named.message is not None:
        message = named.message(inner)
    if message is None or message is MISSING:
        message = NEUTRAL.get(fault.status, "error")
    return _say(service, fault.status, named, called, to_text(message), inner)


def _say(
    service: LinkedService, status: int, named: FaultName | None, called: str, message: str, frame: Frame
) -> Response:
    """The answer of a status with a text."""
    inner = [*frame]
    # The envelope is the service's own: no record is in hand there.
    inner[pl.SELF] = MISSING
    inner[pl.EXTRA] = {**frame[pl.EXTRA], "status": status, "fault": called, "message": message}
    entries = service.envelope if named is None or named.body is None else named.body
    headers = [] if named is None else [(key, to_text(value(inner))) for key, value in named.headers]
    return Response(status, entries(inner), headers)


def _named(service: LinkedService, fault: Fault) -> FaultName | None:
    """The service's way to speak of a fault: by its name, else the first one of its status."""
    for one in service.faults:
        if one.name == fault.name and one.status == fault.status:
            return one
    by_name = next((one for one in service.faults if one.name == fault.name), None)
    return by_name or next((one for one in service.faults if fault.name is None and one.status == fault.status), None)


def answer_headers(service: LinkedService, frame: Frame, response: Response) -> None:
    """The headers that every answer of the service carries."""
    for name, value in service.headers:
        worth = value(frame)
        if worth is not MISSING and worth is not None:
            response.headers.append((name, to_text(worth)))
