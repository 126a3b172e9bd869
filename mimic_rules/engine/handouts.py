# SPDX-License-Identifier: Apache-2.0
"""What services hand out to whoever makes a world: documents such as the configuration of a client.

Beside the way of a request: the web layer asks once for a world, under the URL that clients reach it by.
"""

from typing import Any

from mimic_rules.engine.context import Context
from mimic_rules.engine.exchange import MISSING
from mimic_rules.engine.link import link
from mimic_rules.engine.linked import LinkedProgram
from mimic_rules.state.world import World


def hand_out(program: LinkedProgram, world: World, base: str) -> dict[str, Any]:
    """The documents by name, with URLs that begin with `base`; a document that can't be worked out is left out.

    Maps that several services hand out under one name are merged, key by key; of two other values the first stays.
    """
    found: dict[str, Any] = {}
    with world.transaction() as transaction:
        for service in program.services.values():
            context = Context(program, transaction, world, service=service, region=next(iter(program.regions), ""))
            context.base = base
            for name, plan in service.plan.handouts:
                value = link(plan)(context.frame(service.plan.handout_size))
                if value is not MISSING:
                    found[name] = _merged(found[name], value) if name in found else value
    return found


def _merged(one: Any, other: Any) -> Any:
    if not (isinstance(one, dict) and isinstance(other, dict)):
        return one
    return {
        **other,
        **{name: _merged(value, other[name]) if name in other else value for name, value in one.items()},
    }
