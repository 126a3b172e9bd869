# SPDX-License-Identifier: Apache-2.0
"""What falls due: applied in the order of (due, sequence), each at its own time, before anything else sees the world.

On the way of a request: the first thing that happens in its transaction.
"""

from typing import TYPE_CHECKING, Any

from mimic_rules.engine.context import Context
from mimic_rules.engine.happenings import MOST_TOLD, Happening, about_to_happen, after_all
from mimic_rules.engine.lifecycle import MOVE, Onward
from mimic_rules.engine.refusal import Refused
from mimic_rules.engine.removal import PURGE, REVEAL, move
from mimic_rules.state.transaction import Transaction, WorldFull
from mimic_rules.state.world import World

if TYPE_CHECKING:
    from mimic_rules.engine.linked import LinkedProgram

MOST_AT_ONCE = 1_000_000
"""How many events one request applies; what is left falls to the next one."""

MOST_WITHOUT_WAITING = 100
"""How often one record moves at one moment: a circle of states that takes no time would never be done."""


def settle(
    program: "LinkedProgram", transaction: Transaction, world: World, told: list[Happening] | None = None
) -> int:
    """Apply all that is due at the transaction's time; gives how many events that were.

    Each is added to `told`, up to as many as are told at once.
    """
    applied = 0
    moves: dict[Any, int] = {}
    while applied < MOST_AT_ONCE:
        event = transaction.pop_due(transaction.now)
        if event is None:
            break
        if event.due != transaction.at:
            moves.clear()
        transaction.at = event.due
        moves[event.owner] = moves.get(event.owner, 0) + 1
        if moves[event.owner] > MOST_WITHOUT_WAITING:
            continue
        if told is None or len(told) >= MOST_TOLD:
            _apply(program, transaction, world, event.owner, event.payload)
        else:
            before = about_to_happen(program, transaction, event)
            _apply(program, transaction, world, event.owner, event.payload)
            told.append(after_all(transaction, event, before))
        applied += 1
    transaction.at = transaction.now
    return applied


def _apply(
    program: "LinkedProgram", transaction: Transaction, world: World, owner: Any, payload: tuple[Any, ...]
) -> None:
    if payload[0] in (PURGE, REVEAL):
        what, kind, tenant, region, key = payload
        (transaction.purge if what == PURGE else transaction.reveal)(kind, tenant, region, key)
        return
    assert payload[0] == MOVE
    kind, tenant, region, key, name = owner
    resource = program.resources[kind]
    scope = resource.plan.scope
    context = Context(
        program,
        transaction,
        world,
        service=program.services[resource.plan.service],
        # What is of the whole world belongs to no region, and speaks as the first one does.
        region=region or program.regions[0],
        tenant=tenant if scope == "tenant" else "",
        user=tenant if scope == "user" else "",
    )
    record = transaction.table(kind, tenant, region).whole(key)
    # INVARIANT: what a record waits for is cancelled when it goes.
    assert record is not None
    lifecycle = next(one for one in resource.lifecycles if one.field == name)
    _, target, way, said = payload
    sets = lifecycle.timed[way[0]][way[1]].sets if way else ()
    onward = Onward(*said) if said else None
    mark = transaction.savepoint()
    try:
        move(context, resource, record, lifecycle, target, sets, onward=onward)
    except (Refused, WorldFull):
        # There is nobody to tell: what a constraint forbids does not happen, and the record stays in its state.
        transaction.rollback_to(mark)
