# SPDX-License-Identifier: Apache-2.0
"""From the model of all files to the program: services with their tables, settings, and the rules by rank.

On the way of a rule: the last stage before the engine; a checked model comes in, immutable values go out.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from mimic_rules.compiler import expressions as pl
from mimic_rules.compiler import program as pr
from mimic_rules.compiler.lower_examples import lower_examples
from mimic_rules.compiler.lower_expressions import (
    Scope,
    lower,
    lower_fault,
    lower_object,
    lower_window,
)
from mimic_rules.compiler.lower_locks import lower_lock
from mimic_rules.compiler.lower_operations import lower_operation
from mimic_rules.compiler.lower_resources import lower_resource
from mimic_rules.compiler.lower_rules import lower_rules
from mimic_rules.compiler.lower_types import lower_type
from mimic_rules.language import declarations as de
from mimic_rules.language import expressions as ex
from mimic_rules.language.model import Model, ServiceModel
from mimic_rules.language.vocabulary import FAULT_ROOTS, PAGE_NAMES, SITUATIONS, complete


def compile_model(model: Model) -> pr.Program:
    """The tables of a checked model."""
    tenants = model.tenants()
    rules = lower_rules(model)
    return pr.Program(
        MappingProxyType({service.name: _service(service, model) for service in model.services.values()}),
        MappingProxyType(
            {
                one.name: pr.SettingPlan(
                    one.name, lower_type(one.type), lower(one.default, Scope(model, None)), one.doc
                )
                for one in model.settings.values()
            }
        ),
        rules,
        tenants.kind if tenants else None,
        lower_examples(model, rules),
    )


def _service(service: ServiceModel, model: Model) -> pr.ServicePlan:
    scope = Scope(model, service)
    declaration = service.declaration
    labels = {line.what: line.text for line in service.lines(de.Label)}
    names = service.lines(de.FaultName)
    others = service.lines(de.FaultElse)
    orders = service.lines(de.Order)
    handing = Scope(model, service)
    handouts = tuple((line.name, lower(line.value, handing)) for line in service.lines(de.HandsOut))
    base = model.services[service.base]
    locks = [lower_lock(lock, base, model) for lock in base.locks]
    return pr.ServicePlan(
        name=service.name,
        base=service.base,
        title=declaration.title,
        type=labels.get("type", service.name),
        label=labels.get("name", service.name),
        mounts=tuple((line.path, line.optional) for line in service.lines(de.Mount)),
        caller=next((_caller(line, service, model) for line in service.lines(de.Caller)), None),
        versions=next((_versions(line) for line in service.lines(de.Versions)), None),
        headers=tuple((line.name, lower(line.value, scope)) for line in service.lines(de.Header)),
        envelope=_envelope(service, scope),
        faults=tuple(_fault_name(name, scope) for name in names),
        other_fault=others[0].name if others else "error",
        situations=MappingProxyType(dict(_situations(service, scope))),
        said=tuple(_said(service, model)),
        order=complete(orders[0].phases if orders else ()),
        page=_page(service, model),
        resources=MappingProxyType({one.name: lower_resource(one, service, model) for one in service.own()}),
        quotas=MappingProxyType(
            {
                one.name: pr.QuotaPlan(
                    one.name, one.limit, f"{service.base}.{one.resource}" if one.resource else None, one.field
                )
                for one in service.quotas.values()
            }
        ),
        seeds=tuple(_seed(one, service, model) for one in service.seeds),
        operations=tuple(lower_operation(one, service, model, locks) for one in service.operations),
        gones=tuple(
            pr.GonePlan(one.paths, lower_fault(one.fault, scope), lower_window(one.guards, scope), service.name)
            for one in service.gones
        ),
        handouts=handouts,
        handout_size=handing.size[0],
    )


def _caller(line: de.Caller, service: ServiceModel, model: Model) -> pr.CallerPlan:
    if line.token.second is None:
        # A dialect's caller may be a record of its base.
        owner, name = service.resources[line.token.first].service, line.token.first
    else:
        owner, name = line.token.first, line.token.second
    scope = Scope(model, model.services.get(owner), model.resource(owner, name))
    return pr.CallerPlan(
        line.header.lower(),
        f"{owner}.{name}",
        lower(line.condition, scope),
        line.tenant,
        line.user,
        lower_fault(line.fault, Scope(model, service)),
        scope.size[0],
    )


def _versions(line: de.Versions) -> pr.VersionsPlan:
    return pr.VersionsPlan(
        tuple((carrier.header, carrier.form or "{v}") for carrier in line.carriers),
        pl.version_number(line.first),
        pl.version_number(line.last),
        pl.version_number(line.default),
    )


def _envelope(service: ServiceModel, scope: Scope) -> pl.Build:
    lines = service.lines(de.Envelope)
    if lines:
        return lower_object(lines[0].body, scope.knowing(FAULT_ROOTS))
    parts = {"error": pl.Build(tuple(pl.Pair(pl.Const(name), pl.Extra(name)) for name in ("status", "message")))}
    return pl.Build(tuple(pl.Pair(pl.Const(key), value) for key, value in parts.items()))


def _fault_name(line: de.FaultName, scope: Scope) -> pr.FaultNamePlan:
    seeing = scope.knowing(FAULT_ROOTS)
    return pr.FaultNamePlan(
        line.status,
        line.name,
        None if line.message is None else lower(line.message, seeing),
        None if line.body is None else lower_object(line.body, seeing),
        tuple((one.name, lower(one.value, seeing)) for one in line.headers),
    )


def _situations(service: ServiceModel, scope: Scope) -> Iterator[tuple[str, pl.FaultPlan]]:
    """What the service says in every situation that it can be in: its own words, or neutral ones."""
    said: Mapping[str, de.Fault] = {
        line.name: line.fault for line in service.lines(de.Situation) if line.resource is None
    }
    for name, situation in SITUATIONS.items():
        seeing = scope.knowing({*FAULT_ROOTS, *situation.sees})
        if name in said:
            yield name, lower_fault(said[name], seeing)
        elif situation.neutral:
            message = pl.Join(tuple(_template(situation.message)))
            yield name, pl.FaultPlan(situation.status, situation.name, message, "")


def _said(service: ServiceModel, model: Model) -> Iterator[pr.SaidPlan]:
    """What the service says of the records of resources."""
    for line in service.lines(de.Situation):
        if line.resource is not None:
            resource = service.resources[line.resource]
            scope = Scope(model, service, resource)
            fault = lower_fault(line.fault, scope)
            yield pr.SaidPlan(line.name, resource.kind, fault, scope.size[0])


def _template(text: str) -> Iterator[pl.Plan]:
    """The parts of a neutral message, whose holes are plain names."""
    for part in text.split("{"):
        name, brace, rest = part.partition("}")
        if brace:
            yield pl.Extra(name)
            yield pl.Const(rest)
        else:
            yield pl.Const(part)


def _page(service: ServiceModel, model: Model) -> pr.PagePlan:
    scope = Scope(model, service, extras=PAGE_NAMES | FAULT_ROOTS)
    lines = [line for page in service.lines(de.Page) for line in page.lines]
    limits = [line for line in lines if isinstance(line, de.PageLimit)]
    markers = [line for line in lines if isinstance(line, de.PageMarker)]
    offsets = [line for line in lines if isinstance(line, de.PageOffset)]
    sorts = [line for line in lines if isinstance(line, de.PageSort)]
    wraps = [line for line in lines if isinstance(line, de.PageWrap)]
    wrap = lower_object(wraps[0].body, scope) if wraps else lower_object(_plain_wrap(), scope)
    limit = None
    if limits:
        high = limits[0].range.high
        limit = (limits[0].parameter, int(limits[0].range.low), 1000 if high is None else int(high))
    return pr.PagePlan(
        limit,
        lower_fault(limits[0].fault, scope) if limits and limits[0].fault else None,
        markers[0].parameter if markers else None,
        lower_fault(markers[0].fault, scope) if markers else None,
        offsets[0].parameter if offsets else None,
        sorts[0].keys if sorts else None,
        sorts[0].directions if sorts else None,
        tuple((key.field, key.descending) for key in sorts[0].default) if sorts else (),
        wrap,
        scope.size[0],
    )


def _plain_wrap() -> ex.ObjectOf:
    """`{ "{plural}": items }`: what a list is where the service has no dialect."""
    return ex.ObjectOf((ex.Entry(ex.Text((ex.Name("plural"),)), ex.Name("items")),))


def _seed(seed: de.Seed, service: ServiceModel, model: Model) -> pr.SeedPlan:
    scope = Scope(model, service)
    source = lower(seed.source, scope)
    slot = scope.name(seed.name)
    values = lower_object(seed.values, scope)
    return pr.SeedPlan(service.resources[seed.resource].kind, slot, source, values, scope.size[0], seed.span.place())
