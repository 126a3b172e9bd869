# SPDX-License-Identifier: Apache-2.0
"""What happens with time, told: which record went from which state to which, and what still waits to.

On the way of a request: beside it. Who moves the clock asks what that did; a request never does.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from mimic_rules.engine.lifecycle import MOVE
from mimic_rules.engine.resources import HIDDEN, Record
from mimic_rules.engine.secrets import HIDDEN_VALUE
from mimic_rules.state.queue import Event
from mimic_rules.state.transaction import Transaction

if TYPE_CHECKING:
    from mimic_rules.engine.linked import LinkedProgram

MOST_TOLD: Final = 100
"""How many happenings are told of at once; the rest is a number."""

_FROM_SIGHT: Final = {"purge": ("deleted", "forgotten"), "reveal": ("hidden", "shown")}
"""What becomes of a whole record, and not of a field of it."""


@dataclass(frozen=True, slots=True)
class Happening:
    """An event: `at` is when it falls due, in seconds since the epoch, and whose it is.

    `field` is the one whose state goes from `source` to `target`; None where a whole record goes from hidden to shown,
    or from deleted to forgotten. A move that a constraint has forbidden ends where it began.
    """

    at: float
    kind: str
    key: str | int
    tenant: str
    region: str
    field: str | None
    source: str
    target: str


def about_to_happen(program: "LinkedProgram", transaction: Transaction, event: Event) -> Happening:
    """An event before it is applied."""
    kind, tenant, region, key, field = _whose(event)
    if field is None:
        source, target = _FROM_SIGHT[event.payload[0]]
    else:
        record = transaction.table(kind, tenant, region).whole(key)
        source, target = _state(record, field), event.payload[1]
    return Happening(event.due, kind, shown_key(program, kind, key), tenant, region, field, source, target)


def after_all(transaction: Transaction, event: Event, before: Happening) -> Happening:
    """The same event after it has been applied: its record has reached that state, or was kept from it."""
    kind, tenant, region, key, field = _whose(event)
    record = transaction.table(kind, tenant, region).whole(key)
    return before if record is None or field is None else replace(before, target=_state(record, field))


def still_waiting(program: "LinkedProgram", transaction: Transaction) -> tuple[list[Happening], int]:
    """The first events that are pending, in order, no more than are told at once; and how many there are in all."""
    events, count = transaction.waiting(MOST_TOLD)
    return [about_to_happen(program, transaction, event) for event in events], count


def are_secret(program: "LinkedProgram", kind: str) -> bool:
    """Whether the keys of a kind are what callers name themselves with."""
    return any(service.caller is not None and service.caller.kind == kind for service in program.services.values())


def shown_key(program: "LinkedProgram", kind: str, key: str | int) -> str | int:
    """A key as it may be shown."""
    return HIDDEN_VALUE if are_secret(program, kind) else key


def _whose(event: Event) -> tuple[str, str, str, str | int, str | None]:
    """Kind, tenant, region, key and field."""
    if event.payload[0] == MOVE:
        owner: Any = event.owner
        kind, tenant, region, key, field = owner
        return kind, tenant, region, key, field
    _, kind, tenant, region, key = event.payload
    return kind, tenant, region, key, None


def _state(record: Record | None, field: str) -> str:
    # INVARIANT: what a record waits for is cancelled when it goes.
    assert record is not None
    return str(record[HIDDEN][field][0])
