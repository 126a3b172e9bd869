# SPDX-License-Identifier: Apache-2.0
"""The tenants of a world, and the flags that rules read of them.

On the way of a request: beside it. Which resource has the tenants the language says (`is tenant`); what their flags are
called, the rules that declare it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from mimic_rules.compiler import expressions as pl
from mimic_rules.diagnostics import did_you_mean
from mimic_rules.engine.context import Context
from mimic_rules.engine.events import settle
from mimic_rules.engine.records import change
from mimic_rules.engine.refusal import Refused
from mimic_rules.engine.resources import Record, Resource
from mimic_rules.state.transaction import Transaction
from mimic_rules.state.world import World

if TYPE_CHECKING:
    from mimic_rules.engine.linked import LinkedProgram

MOST_LISTED: Final = 1000


class NoTenant(Exception):
    """There is no such tenant, or none has a record; the text says what there is."""


class WrongFlag(Exception):
    """A flag that is not declared, or that the rules refuse; or a name that several tenants have."""


@dataclass(frozen=True, slots=True)
class Tenant:
    """A tenant: its key, its names (texts that are unique or part of that), and its flags (fields of type `bool`)."""

    key: str | int
    names: tuple[str, ...]
    flags: Mapping[str, bool]


def tenants(program: "LinkedProgram", world: World) -> tuple[list[Tenant], int]:
    """The first thousand tenants that have a record, in order of creation; and how many have one in all."""
    resource = _resource(program)
    if resource is None:
        return [], 0
    with world.transaction() as transaction:
        settle(program, transaction, world)
        records = transaction.table(resource.kind, "", "").records()
        return [_tenant(resource, record) for record in records[:MOST_LISTED]], len(records)


def set_flags(program: "LinkedProgram", world: World, given: str, flags: Mapping[str, bool]) -> Tenant:
    """Set flags of the tenant with the given key, or name where it is the only one of that name.

    Raises NoTenant or WrongFlag, and nothing has changed then.
    """
    resource = _resource(program)
    if resource is None:
        raise NoTenant("tenants have no records here: no resource of these rules `is tenant`")
    known = [field.name for field in resource.plan.fields if field.plain == "bool"]
    for name in flags:
        if name not in known:
            near = did_you_mean(name, known)
            there = (
                f"did you mean `{near}`?" if near else f"there are {', '.join(f'`{one}`' for one in known) or 'none'}"
            )
            raise WrongFlag(f"`{name[:60]}` is no bool field of `{resource.kind}`: {there}")
    with world.transaction() as transaction:
        settle(program, transaction, world)
        record = _found(resource, transaction, given)
        service = program.services[resource.plan.service]
        context = Context(program, transaction, world, service=service, region=program.regions[0])
        try:
            return _tenant(resource, change(context, resource, record, flags))
        except Refused as refused:
            raise WrongFlag(f"the rules refuse it: see {refused.fault.place}") from None


def _resource(program: "LinkedProgram") -> Resource | None:
    return None if program.tenants is None else program.resources[program.tenants]


def _found(resource: Resource, transaction: Transaction, given: str) -> Record:
    table = transaction.table(resource.kind, "", "")
    key = resource.key_from(given, None) if resource.numbered else given
    record = None if key is None else table.get(key)
    if record is not None:
        return record
    named = [one for one in table.records() if given in _names(resource, one)]
    if len(named) > 1:
        raise WrongFlag(f"{len(named)} tenants are called `{given[:60]}`: ask for one by its key")
    if not named:
        known = [name for one in table.records()[:MOST_LISTED] for name in _names(resource, one)]
        near = did_you_mean(given, known)
        there = f": did you mean `{near}`?" if near else ", it gets one when it is first asked for or declared"
        raise NoTenant(f"no tenant `{given[:60]}` has a record yet{there}")
    return named[0]


def _tenant(resource: Resource, record: Record) -> Tenant:
    flags = {field.name: record.get(field.name) is True for field in resource.plan.fields if field.plain == "bool"}
    return Tenant(resource.key_of(record), tuple(_names(resource, record)), flags)


def _names(resource: Resource, record: Record) -> Iterator[str]:
    """The texts of a record that tell it from others."""
    unique = {value.name for one in resource.plan.unique for value in one.values if isinstance(value, pl.FieldOf)}
    for field in resource.plan.fields:
        value = record.get(field.name)
        if field.plain == "text" and field.name in unique and isinstance(value, str):
            yield value
