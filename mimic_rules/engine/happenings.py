# SPDX-License-Identifier: Apache-2.0
"""What happens with time, told: which record went from which state to which, and what still waits to.

On the way of a request: beside it. Who moves the clock asks what that did; a request never does.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from mimic_rules.engine.lifecycle import MOVE
from mimic_rules.engine.resources import HIDDEN, Record
from mimic_rules.state.queue import Event
from mimic_rules.state.transaction import Transaction

if TYPE_CHECKING:
    from mimic_rules.engine.linked import LinkedProgram

MOST_TOLD: Final = 100
"""How many happenings are told of at once; the rest is a number."""

SECRET: Final = "***"
"""What stands in the place of a key that is good for asking in its bearer's name."""


@dataclass(frozen=True, slots=True)
class Happening:
    """An event: `at` is when it falls due, in seconds since the epoch, and whose it is.

    `field` is the one whose state goes from `source` to `target`; the three are None for a record long gone that is
    forgotten for good. A move that a constraint has forbidden ends where it began.
    """

    at: float
    kind: str
    key: str | int
    tenant: str
    region: str
    field: str | None
    source: str | None
    target: str | None


def about_to_happen(program: "LinkedProgram", transaction: Transaction, event: Event) -> Happening:
    """An event before it is applied."""
    kind, tenant, region, key, field = _whose(event)
    record = transaction.table(kind, tenant, region).whole(key)
    source = _state(record, field)
    target = None if field is None else str(event.payload[1])
    return Happening(event.due, kind, shown_key(program, kind, key), tenant, region, field, source, target)


def after_all(transaction: Transaction, event: Event, before: Happening) -> Happening:
    """The same event after it has been applied: its record has reached that state, or was kept from it."""
    kind, tenant, region, key, field = _whose(event)
    record = transaction.table(kind, tenant, region).whole(key)
    return before if record is None else replace(before, target=_state(record, field))


def still_waiting(program: "LinkedProgram", transaction: Transaction) -> tuple[list[Happening], int]:
    """The first events that are pending, in order, no more than are told at once; and how many there are in all."""
    events, count = transaction.waiting(MOST_TOLD)
    return [about_to_happen(program, transaction, event) for event in events], count


def is_secret(program: "LinkedProgram", kind: str) -> bool:
    """Whether the keys of a kind are what callers name themselves with."""
    return any(service.caller is not None and service.caller.kind == kind for service in program.services.values())


def shown_key(program: "LinkedProgram", kind: str, key: str | int) -> str | int:
    """A key as it may be shown."""
    return SECRET if is_secret(program, kind) else key


def _whose(event: Event) -> tuple[str, str, str, str | int, str | None]:
    """Kind, tenant, region, key and field."""
    if event.payload[0] == MOVE:
        owner: Any = event.owner
        kind, tenant, region, key, field = owner
        return kind, tenant, region, key, field
    _, kind, tenant, region, key = event.payload
    return kind, tenant, region, key, None


def _state(record: Record | None, field: str | None) -> str | None:
    return None if record is None or field is None else str(record[HIDDEN][field][0])
