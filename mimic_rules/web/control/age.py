# SPDX-License-Identifier: Apache-2.0
"""A record made older than it is, so that what takes days has taken them.

On the way of a request: a call of the control API.
"""

from __future__ import annotations

from typing import Final

from mimic_rules.engine.aging import NotThere, Unclear, Unfit
from mimic_rules.engine.aging import age as make_older
from mimic_rules.engine.happenings import Happening
from mimic_rules.web.control.clock import happened, read_length
from mimic_rules.web.control.endpoint import Asked, Endpoint, Refused, Schema, Told
from mimic_rules.web.times import iso

_WISH: Final[Schema] = {
    "type": "object",
    "properties": {
        "kind": {"type": "string", "description": "service.resource"},
        "key": {"type": ["string", "integer"], "description": "what paths name the record by"},
        "by": {"type": ["string", "number"], "description": "seconds, or text such as 30d"},
        "tenant": {"type": "string", "description": "whose record, where others have one of the same key"},
        "region": {"type": "string", "description": "where the record is, where there is one elsewhere"},
    },
    "required": ["kind", "key", "by"],
    "additionalProperties": False,
}


def age(asked: Asked) -> Told:
    """200 and the record's times and states as they are then; secret keys are not shown."""
    wish, world, told = asked.body, asked.mount.world, list[Happening]()
    seconds = read_length("by", wish["by"])
    try:
        aged = make_older(
            asked.mount.engine.linked,
            world,
            wish["kind"],
            wish["key"],
            seconds,
            tenant=wish.get("tenant"),
            region=wish.get("region"),
            told=told,
        )
    except NotThere as reason:
        raise Refused(404, str(reason)) from None
    except Unclear as reason:
        raise Refused(400, str(reason)) from None
    except Unfit as reason:
        raise Refused(409, str(reason)) from None
    return Told(
        200,
        {
            "kind": aged.kind,
            "key": aged.key,
            "tenant": aged.tenant,
            "region": aged.region,
            "times": {name: iso(at) for name, at in aged.times.items()},
            "states": dict(aged.states),
            "gone": aged.gone,
            **happened(aged.fired, told),
        },
    )


ENDPOINTS: Final = (
    Endpoint(
        "POST",
        "/_mimic/age",
        "Make a record older",
        age,
        {
            200: "the record's times and states, and what has happened",
            400: "a wish that can't be done, or several records; nothing is done",
            404: "no such kind or record",
            409: "a constraint of the rules forbids it; nothing is done",
        },
        _WISH,
    ),
)
