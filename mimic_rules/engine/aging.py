# SPDX-License-Identifier: Apache-2.0
"""A record made older: as if it, and all that it waits for, had begun so much earlier.

On the way of a request: beside it; whoever drives a world asks for it. What is due then happens at once, each event at
its own time.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mimic_rules.diagnostics import did_you_mean
from mimic_rules.engine.events import settle
from mimic_rules.engine.happenings import Happening, are_secret, shown_key
from mimic_rules.engine.removal import REVEAL
from mimic_rules.engine.resources import HIDDEN, Record, Resource
from mimic_rules.state.table import Conflict
from mimic_rules.state.transaction import Transaction
from mimic_rules.state.world import World

if TYPE_CHECKING:
    from mimic_rules.engine.linked import LinkedProgram

MOST_NAMED = 10
"""How many places or keys a refusal names."""

_LONGEST_SEARCH = 1000


class NotThere(Exception):
    """There is no such kind or record; the text says what there is."""


class Unclear(Exception):
    """Several records have that key, each in a place of its own; the text says where."""


class Unfit(Exception):
    """A constraint of the rules forbids the record to be so old."""


@dataclass(frozen=True, slots=True)
class Aged:
    """The record afterwards: the times and states of its fields, in seconds since the epoch; none where it is gone.

    `key` is as it may be shown; `fired` is how many events there were.
    """

    kind: str
    key: str | int
    tenant: str
    region: str
    times: Mapping[str, float]
    states: Mapping[str, str]
    gone: bool
    fired: int


def age(
    program: "LinkedProgram",
    world: World,
    kind: str,
    key: str | int,
    seconds: float,
    *,
    tenant: str | None = None,
    region: str | None = None,
    told: list[Happening] | None = None,
) -> Aged:
    """Make a record older by `seconds`, which are zero or more: its fields of type `time`, when it entered its states,
    and when its events fall due. No time goes below 0.

    `tenant` (for records of callers: the caller's) and `region` say which one, where a key isn't enough. Events are
    added to `told`. Raises NotThere, Unclear or Unfit, and nothing has changed then.
    """
    resource = program.resources.get(kind)
    if resource is None:
        near = did_you_mean(kind, program.resources)
        raise NotThere(
            f"there is no kind `{kind[:60]}`: "
            + (f"did you mean `{near}`?" if near else f"there are {_named(list(program.resources))}")
        )
    with world.transaction() as transaction:
        fired = settle(program, transaction, world, told)
        where, name, record = _found(program, transaction, resource, key, tenant, region)
        try:
            transaction.replace(kind, *where, name, _older(resource, record, seconds))
        except Conflict:
            raise Unfit(f"this record would share with another one what is unique among those of `{kind}`") from None
        for lifecycle in resource.lifecycles:
            transaction.retime((kind, *where, name, lifecycle.field), seconds)
        transaction.retime((REVEAL, kind, *where, name), seconds)
        fired += settle(program, transaction, world, told)
        after = transaction.table(kind, *where).whole(name)
        return Aged(
            kind,
            shown_key(program, kind, name),
            *where,
            {} if after is None else dict(_times(resource, after)),
            {} if after is None else {field: str(noted[0]) for field, noted in after[HIDDEN].items()},
            after is None,
            fired,
        )


def _found(
    program: "LinkedProgram",
    transaction: Transaction,
    resource: Resource,
    given: str | int,
    tenant: str | None,
    region: str | None,
) -> tuple[tuple[str, str], str | int, Record]:
    """The one record that is meant: where it is, its key, and itself."""
    kind = resource.kind
    key = resource.key_from(given, None) if resource.numbered else str(given)
    places = [
        place for place in transaction.partitions(kind) if tenant in (None, place[0]) and region in (None, place[1])
    ]
    found = [
        (place, key, record)
        for place in places
        if key is not None and (record := transaction.table(kind, *place).whole(key)) is not None
    ]
    if len(found) > 1:
        told = [f"tenant {tenant or 'none'} in region {region or 'none'}" for (tenant, region), _, _ in found]
        raise Unclear(f"several records of `{kind}` have this key: say `tenant` or `region` too, of {_named(told)}")
    if not found:
        raise NotThere(_none_such(program, transaction, resource, str(given), places))
    return found[0]


def _none_such(
    program: "LinkedProgram", transaction: Transaction, resource: Resource, given: str, places: list[tuple[str, str]]
) -> str:
    kind = resource.kind
    if are_secret(program, kind):
        return f"there is no `{kind}` with that key: its keys are secret, and none is named here"
    known: list[str] = []
    for place in places:
        known += [str(key) for key, _ in transaction.table(kind, *place).items()]
    near = did_you_mean(given, known[:_LONGEST_SEARCH])
    there = (
        f"did you mean `{near}`?" if near else f"there are {_named(known)}" if known else "there are no others either"
    )
    return f"there is no `{kind}` with the key `{given[:60]}` there: {there}"


def _older(resource: Resource, record: Record, seconds: float) -> Record:
    earlier = {name: max(at - seconds, 0.0) for name, at in _times(resource, record)}
    noted = {field: [state, max(at - seconds, 0.0), *rest] for field, (state, at, *rest) in record[HIDDEN].items()}
    return {**record, **earlier, HIDDEN: noted}


def _times(resource: Resource, record: Record) -> Iterator[tuple[str, float]]:
    for field in resource.plan.fields:
        value = record.get(field.name)
        if field.plain == "time" and isinstance(value, int | float) and not isinstance(value, bool):
            yield field.name, value


def _named(names: list[str]) -> str:
    shown = ", ".join(f"`{name[:60]}`" for name in names[:MOST_NAMED])
    return shown if len(names) <= MOST_NAMED else f"{shown} and {len(names) - MOST_NAMED} more"
