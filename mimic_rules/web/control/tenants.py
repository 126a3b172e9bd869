# SPDX-License-Identifier: Apache-2.0
"""The tenants of a world and their flags: what rules about tenants read.

On the way of a request: calls of the control API.
"""

from __future__ import annotations

from typing import Any, Final

from mimic_rules.engine.tenants import NoTenant, Tenant, WrongFlag, set_flags
from mimic_rules.engine.tenants import tenants as known_tenants
from mimic_rules.web.control.endpoint import Asked, Endpoint, Refused, Schema, Told

_FLAGS: Final[Schema] = {
    "type": "object",
    "minProperties": 1,
    "additionalProperties": {"type": "boolean"},
}


def show(asked: Asked) -> Told:
    """200, the resource whose records the tenants are (null where there is none), and the first thousand of them."""
    linked = asked.mount.engine.linked
    found, count = known_tenants(linked, asked.mount.world)
    return Told(200, {"kind": linked.tenants, "tenants": [_shown(one) for one in found], "more": count - len(found)})


def change(asked: Asked) -> Told:
    """200 and the tenant with its flags as they are then."""
    try:
        tenant = set_flags(asked.mount.engine.linked, asked.mount.world, asked.path["tenant"], asked.body)
    except NoTenant as reason:
        raise Refused(404, str(reason)) from None
    except WrongFlag as reason:
        raise Refused(400, str(reason)) from None
    return Told(200, _shown(tenant))


def _shown(tenant: Tenant) -> dict[str, Any]:
    return {"key": tenant.key, "names": list(tenant.names), "flags": dict(tenant.flags)}


ENDPOINTS: Final = (
    Endpoint(
        "GET", "/_mimic/tenants", "The tenants that have a record", show, {200: "keys, names and flags of tenants"}
    ),
    Endpoint(
        "PATCH",
        "/_mimic/tenants/{tenant}",
        "Set flags of a tenant, by its key or its name",
        change,
        {200: "the tenant", 400: "no such flag, or several such tenants; nothing is done", 404: "no such tenant"},
        _FLAGS,
    ),
)
