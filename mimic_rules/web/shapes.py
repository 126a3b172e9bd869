# SPDX-License-Identifier: Apache-2.0
"""What the rules take for granted of records and their pending events: whether those of other rules can be kept.

Where records outlive the rules that they were made by: files that are read again, and snapshots.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from mimic_rules.compiler import Program
from mimic_rules.compiler.program import ResourcePlan


def shape(resource: ResourcePlan) -> list[Any]:
    """What records of a kind and their pending events are like, as JSON data."""
    lifecycles = [
        [
            one.field,
            sorted(one.states),
            sorted(one.carried),
            sorted([state, *(way.target for way in ways)] for state, ways in one.timed.items()),
        ]
        for one in resource.lifecycles
    ]
    fields = [[field.name, field.optional, field.whole] for field in resource.fields]
    return [resource.scope, [*resource.key], resource.parent_kind, fields, lifecycles]


def fingerprints(program: Program) -> dict[str, str]:
    """The shapes of all kinds, each in sixteen digits."""
    return {
        one.kind: hashlib.sha256(json.dumps(shape(one)).encode()).hexdigest()[:16]
        for service in program.services.values()
        for one in service.resources.values()
    }
