# SPDX-License-Identifier: Apache-2.0
"""The tables as plain data, for people to read: `mimic-rules compile` prints it as YAML.

At the end of the way of a rule: a `Program` comes in; maps, lists and scalars go out.
"""

import dataclasses
from collections.abc import Mapping
from typing import Any

from mimic_rules.compiler import program as pr


def show(program: pr.Program, service: str | None = None) -> dict[str, Any]:
    """The tables of a program, or of one of its services (KeyError for an unknown one)."""
    chosen = program.services if service is None else {service: program.services[service]}
    return {"services": {name: plain(plan) for name, plan in chosen.items()}}


def plain(value: Any) -> Any:
    """A value of the tables as maps, lists and scalars."""
    if dataclasses.is_dataclass(value):
        return {one.name: plain(getattr(value, one.name)) for one in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, tuple | frozenset):
        return [plain(one) for one in value]
    return value
