# SPDX-License-Identifier: Apache-2.0
"""A program with every expression linked: what the engine runs, shared by all worlds.

Between the tables and a request: `link_program` makes it once; nothing in it changes afterwards but what is looked up
again and again (views by version, rules by operation).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from mimic_rules.compiler import program as pr
from mimic_rules.compiler.operations import no_operation
from mimic_rules.compiler.routes import RouteTable, build_routes, placed
from mimic_rules.engine.context import Context
from mimic_rules.engine.delivery import altered
from mimic_rules.engine.link import Linked, link
from mimic_rules.engine.operations import Operation, link_operation
from mimic_rules.engine.refusal import Fault, link_fault, link_fault_or_none
from mimic_rules.engine.resources import Resource, link_resource
from mimic_rules.engine.rulebook import Rulebook, link_rules
from mimic_rules.engine.seeds import Seed, link_seed

Alter = Callable[[Context, list[Any], dict[str, Any], Any], Any]


@dataclass(frozen=True, slots=True)
class FaultName:
    """How a service speaks of one status under one name."""

    status: int
    name: str
    message: Linked | None
    body: Linked | None
    headers: tuple[tuple[str, Linked], ...]


@dataclass(frozen=True, slots=True)
class Caller:
    """How a request names its caller."""

    header: str
    kind: str
    condition: Linked
    tenant: str
    user: str | None
    fault: Fault
    size: int


@dataclass(frozen=True, slots=True)
class Page:
    """A linked list dialect."""

    plan: pr.PagePlan
    limit_fault: Fault | None
    marker_fault: Fault | None
    wrap: Linked


@dataclass(frozen=True, slots=True)
class Said:
    """What a service says of a resource's records, worked out in a frame of `size` slots."""

    fault: Fault
    size: int


@dataclass(frozen=True, slots=True)
class LinkedService:
    """A linked service."""

    plan: pr.ServicePlan
    caller: Caller | None
    headers: tuple[tuple[str, Linked], ...]
    envelope: Linked
    faults: tuple[FaultName, ...]
    situations: Mapping[str, Fault]
    said: Mapping[tuple[str, str], Said]
    page: Page
    quotas: Mapping[str, pr.QuotaPlan]
    version_headers: tuple[str, ...]
    seeds: tuple[Seed, ...]
    no_operation: Operation
    asked: dict[tuple[str | None, ...], int] = field(default_factory=dict)
    spoken: dict[int, list[tuple[str, str]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LinkedProgram:
    """A linked program, for the regions and settings of a cloud."""

    plan: pr.Program
    services: Mapping[str, LinkedService]
    resources: Mapping[str, Resource]
    operations: Mapping[int, Operation]
    gones: Mapping[int, Fault]
    routes: RouteTable
    rules: Rulebook
    alters: Mapping[str, Alter]
    settings: Mapping[str, Any]
    regions: tuple[str, ...]
    durations: Mapping[str, float]
    tenants: str | None

    def mount(self, service: LinkedService, region: str) -> str:
        """Where a service's paths begin in a region."""
        return self.placed(service.plan.mounts[0][0] if service.plan.mounts else "", region)

    def placed(self, path: str, region: str) -> str:
        """Where a mount, or a path at the root, is in a region."""
        return placed(path, region, first=not self.regions or region == self.regions[0])


def link_program(
    program: pr.Program,
    *,
    settings: Mapping[str, Any],
    regions: tuple[str, ...],
    durations: Mapping[str, float],
    quotas: Mapping[str, int],
) -> LinkedProgram:
    """The linked program; `durations` by `service.resource.STATE` in seconds, `quotas` by name, both instead of
    defaults.
    """
    services = {
        name: _service(plan, {**plan.quotas, **_given(plan.quotas, quotas)}) for name, plan in program.services.items()
    }
    resources = {
        resource.kind: link_resource(
            resource, {one.name: one.field for one in plan.quotas.values() if one.kind == resource.kind and one.field}
        )
        for plan in program.services.values()
        for resource in plan.resources.values()
    }
    rules = link_rules(program.rules)
    callers = frozenset(plan.caller.kind for plan in program.services.values() if plan.caller is not None)
    operations = {
        id(one): link_operation(one, callers) for plan in program.services.values() for one in plan.operations
    }
    return LinkedProgram(
        program,
        services,
        resources,
        operations,
        {id(gone): link_fault(gone.fault) for plan in program.services.values() for gone in plan.gones},
        build_routes(program, regions),
        rules,
        alters_of(rules),
        settings,
        regions,
        durations,
        program.tenants,
    )


def with_rules(linked: LinkedProgram, rules: tuple[pr.RulePlan, ...]) -> LinkedProgram:
    """The same program with other rules; those that it has are not linked again."""
    book = link_rules(rules, linked.rules.rows)
    return replace(linked, plan=replace(linked.plan, rules=rules), rules=book, alters=alters_of(book))


def alters_of(rules: Rulebook) -> dict[str, Alter]:
    """What changes what clients see of a record, by the kinds of which rules do so."""
    kinds = {row.plan.kind for row in rules.rows if row.plan.kind is not None}
    tables = {kind: rules.shown(kind) for kind in kinds}
    return {kind: partial(altered, table) for kind, table in tables.items() if table.rows}


def _given(declared: Mapping[str, pr.QuotaPlan], quotas: Mapping[str, int]) -> dict[str, pr.QuotaPlan]:
    return {
        name: pr.QuotaPlan(name, quotas[name], one.kind, one.field) for name, one in declared.items() if name in quotas
    }


def _service(plan: pr.ServicePlan, quotas: Mapping[str, pr.QuotaPlan]) -> LinkedService:
    page = plan.page
    caller = plan.caller
    return LinkedService(
        plan,
        None
        if caller is None
        else Caller(
            caller.header,
            caller.kind,
            link(caller.condition),
            caller.tenant,
            caller.user,
            link_fault(caller.fault),
            caller.size,
        ),
        _headers(plan.headers),
        link(plan.envelope),
        tuple(
            FaultName(
                one.status,
                one.name,
                None if one.message is None else link(one.message),
                None if one.body is None else link(one.body),
                _headers(one.headers),
            )
            for one in plan.faults
        ),
        {name: link_fault(fault) for name, fault in plan.situations.items()},
        {(one.situation, one.kind): Said(link_fault(one.fault), one.size) for one in plan.said},
        Page(page, link_fault_or_none(page.limit_fault), link_fault_or_none(page.marker_fault), link(page.wrap)),
        quotas,
        tuple(header.lower() for header, _ in plan.versions.carriers) if plan.versions else (),
        tuple(link_seed(seed) for seed in plan.seeds),
        link_operation(no_operation(plan.name, plan.base, plan.order), frozenset()),
    )


def _headers(headers: tuple[tuple[str, Any], ...]) -> tuple[tuple[str, Linked], ...]:
    return tuple((name, link(value)) for name, value in headers)
