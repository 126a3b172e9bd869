# SPDX-License-Identifier: Apache-2.0
"""A scaling group: what it should be, and what was last seen of it.

On the way of a group: made by its user, changed by policies, brought about by convergence.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any


class Status(Enum):
    """How a group does: ERROR is for what no retry helps against, until a user acts."""

    ACTIVE = "ACTIVE"
    ERROR = "ERROR"
    PAUSED = "PAUSED"
    DELETING = "DELETING"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A balancer that the servers of a group are nodes of, and their port there."""

    balancer: int
    port: int = 80


@dataclass(frozen=True, slots=True)
class Launch:
    """How servers of a group are made: what the cloud takes of a server, but for its name, and where it is attached."""

    server: Mapping[str, Any]
    attachments: tuple[Attachment, ...] = ()


@dataclass(slots=True)
class Group:
    """A group, and what was last seen of it. `settled` is whether nothing was left to do when it was last looked at."""

    id: str
    name: str
    launch: Launch
    minimum: int
    maximum: int
    desired: int
    draining: float = 0.0
    status: Status = Status.ACTIVE
    reasons: tuple[str, ...] = ()
    """Why the group is in ERROR or was not brought further in the last cycle."""
    active: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()
    settled: bool = False
    addresses: dict[str, str] = field(default_factory=dict)
    """Where its servers were seen, so that the nodes of those that are gone are known."""
    placed: set[tuple[int, str]] = field(default_factory=set)
    """Balancers, and servers that have been nodes of them."""
    drained: dict[str, datetime] = field(default_factory=dict)
    """Servers that are to go, and since when nothing new is sent to them."""
    made: int = 0
    """How many servers have been asked for, which their names are counted by."""
