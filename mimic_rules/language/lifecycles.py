# SPDX-License-Identifier: Apache-2.0
"""The syntax tree of lifecycles and lock groups: how state changes.

On the way of a rule: items of a `File`; the compiler makes transition tables of lifecycles. `rules` says how they go
wrong.
"""

from dataclasses import dataclass

from mimic_rules.language.declarations import Fault, Item
from mimic_rules.language.expressions import (
    Duration,
    Expr,
    ObjectOf,
    Piece,
)


@dataclass(frozen=True, slots=True)
class Assignment(Piece):
    """`field = expression`, applied when a state is entered."""

    field: str
    value: Expr


@dataclass(frozen=True, slots=True)
class State(Piece):
    """A state, the status that clients see in it, and the values it carries; `gone` ends the record's visible life."""

    name: str
    shows: str | None = None
    gone: bool = False
    values: ObjectOf | None = None


@dataclass(frozen=True, slots=True)
class Start(Piece):
    """The first state."""

    state: str


@dataclass(frozen=True, slots=True)
class Origin(Piece):
    """`A, B`, or `any but A, B`."""

    states: tuple[str, ...]
    inverted: bool = False


@dataclass(frozen=True, slots=True)
class Timed(Piece):
    """`A -> B after 5s`, or `after setting.wait seconds`."""

    origin: Origin
    target: str
    period: "Period"
    condition: Expr | None = None
    sets: tuple[Assignment, ...] = ()


@dataclass(frozen=True, slots=True)
class Requested(Piece):
    """`A -> B on reboot when …`."""

    origin: Origin
    target: str
    verbs: tuple[str, ...]
    condition: Expr | None = None
    sets: tuple[Assignment, ...] = ()


@dataclass(frozen=True, slots=True)
class Allowed(Piece):
    """`allow snapshot in A, B`: operations that are legal there and change no state."""

    verbs: tuple[str, ...]
    origin: Origin


@dataclass(frozen=True, slots=True)
class Refusal(Piece):
    """What the service says to an operation that the state does not allow."""

    fault: Fault


LifecycleLine = State | Start | Timed | Requested | Allowed | Refusal


@dataclass(frozen=True, slots=True)
class Lifecycle(Item):
    """The states of one field of a resource and the ways between them."""

    resource: str
    field: str
    lines: tuple[LifecycleLine, ...]


@dataclass(frozen=True, slots=True)
class Seconds(Piece):
    """`metadata.k seconds`: a number, or a numeric text, worked out when it is needed."""

    value: Expr


Period = Duration | Seconds


# -- lock groups ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AnyEvent(Piece):
    """`any`, or `any SERVICE`."""

    service: str | None = None


@dataclass(frozen=True, slots=True)
class NamedEvent(Piece):
    """`create thing`; `read` and `change` as verbs are the operations that look and that change."""

    verb: str
    resource: str | None = None


EventName = AnyEvent | NamedEvent


@dataclass(frozen=True, slots=True)
class Covers(Piece):
    """The resources whose changes take the lock."""

    resources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Free(Piece):
    """The states of the root in which the lock can be taken; with events, only by these. Events without states are
    those that the lock never meets.
    """

    states: tuple[str, ...]
    events: tuple[EventName, ...] = ()


@dataclass(frozen=True, slots=True)
class Takes(Piece):
    """The state of the root while the lock is held, and for how long."""

    state: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Mark(Piece):
    """`create PENDING_CREATE`: the state of the changed record itself meanwhile."""

    verb: str
    state: str


@dataclass(frozen=True, slots=True)
class Itself(Piece):
    """The states of the changed record while the lock is held."""

    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Marks(Piece):
    """`marks member -> pool`: records that a change of `resource` takes along."""

    resource: str
    others: Expr


@dataclass(frozen=True, slots=True)
class Refuse(Piece):
    """What the service says when the lock is held, by event and by the root's state."""

    event: EventName | None
    state: str | None
    fault: Fault


LockLine = Covers | Free | Takes | Itself | Marks | Refuse


@dataclass(frozen=True, slots=True)
class Lock(Item):
    """A tree of resources that changes as one: a change anywhere makes the root immutable for a while."""

    resource: str
    field: str
    lines: tuple[LockLine, ...]
