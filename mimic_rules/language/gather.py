# SPDX-License-Identifier: Apache-2.0
"""Gathering what the files declare: every item where it belongs, and the records that services have of each other.

On the way of a rule: after `expand` has resolved templates. What is declared twice or belongs nowhere is reported; the
result is a `Model`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TypeVar

from mimic_rules.diagnostics import Diagnostics, Related
from mimic_rules.language import declarations as de
from mimic_rules.language import examples as sample
from mimic_rules.language import lifecycles as li
from mimic_rules.language import operations as op
from mimic_rules.language import rules as ru
from mimic_rules.language.expressions import Piece
from mimic_rules.language.model import ExampleModel, Model, ResourceModel, RuleModel, ServiceModel
from mimic_rules.language.places import Places
from mimic_rules.language.report import Report, suggest

T = TypeVar("T")


def gather(files: Iterable[tuple[de.File, int]], diagnostics: Diagnostics, places: Places | None = None) -> Model:
    """The model of files, each with its layer; files are in the order in which their rules are consulted.

    With `places` the diagnostics point at words, else at whole items.
    """
    model, report = Model(), Report(diagnostics, places or Places({}))
    placed = [entry for file, layer in files for entry in _placed(file.items, None, layer)]
    for item, _about, _layer in placed:
        if isinstance(item, de.Service):
            _declare(model.services, item.name, ServiceModel(item), "service", item, report, item.name)
    for wanted in (de.Resource, li.Lifecycle, object):
        if wanted is li.Lifecycle:
            _share_resources(model, report)
        for item, about, layer in placed:
            if wanted is object and not isinstance(item, de.Resource | li.Lifecycle | de.Service):
                _place(model, item, about, layer, report)
            elif wanted is de.Resource and isinstance(item, de.Resource):
                _place_resource(model, item, about, report)
            elif wanted is li.Lifecycle and isinstance(item, li.Lifecycle):
                _place_lifecycle(model, item, about, report)
    for service, base in _dialects(model):
        service.quotas = base.quotas
        service.definitions = {**base.definitions, **service.definitions}
    return model


def _dialects(model: Model) -> list[tuple[ServiceModel, ServiceModel]]:
    """The dialects, each with its base."""
    return [(one, model.services[one.base]) for one in model.services.values() if one.base != one.name]


def _share_resources(model: Model, report: Report) -> None:
    """Give every service the resources that it shares, and every dialect those of its base; a base that can't be one
    is reported and forgotten.
    """
    for service in model.services.values():
        for line in service.lines(de.Shares):
            for shared in line.resources:
                _share(service, shared, model, report)
    of_none: list[str] = []
    for service in model.services.values():
        declaration = service.declaration
        base = model.services.get(service.base)
        if declaration.base is None or (base is not None and base.declaration.base is None):
            continue
        if base is None:
            told = f"there is no service `{service.base}`"
            help = suggest(service.base, model.services, "declare it with `service`")
        else:
            told = f"`{base.name}` is a dialect itself" if base is not service else "a service is no dialect of itself"
            help = (
                f"name the service that has the records: `of {base.base}`" if base is not service else "leave `of` out"
            )
        report.add("MR202", told, declaration.base.span, word=service.base, help=help)
        of_none.append(service.name)
    for name in of_none:
        model.services[name].declaration = replace(model.services[name].declaration, base=None)
    for service, base in _dialects(model):
        for own in service.own():
            if own.name in base.resources:
                _declare(base.resources, own.name, own, "resource", own.declaration, report, own.name)
        service.resources = {**service.resources, **base.resources}


def _share(service: ServiceModel, name: de.Qualified, model: Model, report: Report) -> None:
    assert name.second is not None
    owner = model.services.get(name.first)
    if owner is None:
        help = suggest(name.first, model.services, "declare it with `service`")
        report.add("MR202", f"there is no service `{name.first}`", name.span, word=name.first, help=help)
        return
    resource = owner.resources.get(name.second)
    if resource is None or resource.service != owner.name:
        told = f"service `{owner.name}` has no resource `{name.second}` of its own"
        help = suggest(name.second, (one.name for one in owner.own()), "name the service that declares it")
        report.add("MR202", told, name.span, word=name.second, last=True, help=help)
    else:
        _declare(service.resources, name.second, resource, "resource", name, report, name.second)


def gather_rules(
    items: Iterable[de.Item], layer: int, model: Model, report: Report
) -> tuple[list[RuleModel], list[de.Item]]:
    """The rules among the items of a text that is added to a model, which stays as it is, and what else is declared.

    A subject that the model doesn't know is reported.
    """
    rules: list[RuleModel] = []
    others: list[de.Item] = []
    for item, about, _layer in _placed(items, None, layer):
        if isinstance(item, ru.Rule):
            rules.append(_rule(item, about, layer))
        elif isinstance(item, de.Subject):
            _check_subject(model, item, report)
        else:
            others.append(item)
    return rules, others


def _rule(item: ru.Rule, about: de.Qualified | None, layer: int) -> RuleModel:
    return RuleModel(item, about.first if about else None, about.second if about else None, layer)


Placed = tuple[de.Item, de.Qualified | None, int]


def _placed(items: Iterable[de.Item], about: de.Qualified | None, layer: int) -> Iterator[Placed]:
    for item in items:
        if isinstance(item, de.Subject):
            if item.items is None:
                about = item.about
                yield item, item.about, layer
            else:
                yield de.Subject(item.about, span=item.span), item.about, layer
                yield from _placed(item.items, item.about, layer)
        else:
            yield item, about, layer


def _declare(table: dict[str, T], name: str, value: T, what: str, item: Piece, report: Report, word: str) -> None:
    if name in table:
        before: object = table[name]
        first = before.declaration if isinstance(before, ServiceModel | ResourceModel) else before
        related = [Related(first.span, "declared here before")] if isinstance(first, Piece) else []
        told = f"{what} `{name}` is declared twice"
        report.add("MR206", told, item.span, word=word, help="rename one of the two, or leave it out", related=related)
    else:
        table[name] = value


def _service(model: Model, about: de.Qualified | None, item: Piece, report: Report) -> ServiceModel | None:
    if about is None:
        report.add("MR210", "nothing says which service this is about", item.span, help="write `for SERVICE` above")
        return None
    # An unknown service is reported once, at its `for`.
    return model.services.get(about.first)


def _place_resource(model: Model, item: de.Resource, about: de.Qualified | None, report: Report) -> None:
    service = _service(model, about, item, report)
    if service is None:
        return
    resource = ResourceModel(service.name, item)
    _declare(service.resources, item.name, resource, "resource", item, report, item.name)
    for line in resource.lines(de.Field):
        _declare(resource.fields, line.name, line, "field", line, report, line.name)


def _place_lifecycle(model: Model, item: li.Lifecycle, about: de.Qualified | None, report: Report) -> None:
    resource = _resource(model, item.resource, about, item, report)
    if resource is not None and about is not None and resource.service != about.first:
        _has_records(model.services[about.first], item, report, resource)
    elif resource is not None:
        _declare(resource.lifecycles, item.field, item, "lifecycle of field", item, report, item.field)


def _resource(model: Model, name: str, about: de.Qualified | None, item: Piece, report: Report) -> ResourceModel | None:
    service = _service(model, about, item, report)
    if service is None:
        return None
    resource = service.resources.get(name)
    if resource is None:
        help = suggest(name, service.resources, "declare it with `resource`")
        told = f"service `{service.name}` has no resource `{name}`"
        report.add("MR202", told, item.span, word=name, help=help)
    return resource


def _place(model: Model, item: de.Item, about: de.Qualified | None, layer: int, report: Report) -> None:
    match item:
        case de.Subject():
            _check_subject(model, item, report)
        case de.Setting():
            _declare(model.settings, item.name, item, "setting", item, report, item.name)
        case ru.Rule():
            model.rules.append(_rule(item, about, layer))
        case sample.Example():
            service = _service(model, about, item, report)
            if service is not None:
                model.examples.append(ExampleModel(item, service.name, layer))
        case de.View():
            resource = _resource(model, item.resource, about, item, report)
            if resource is not None and about is not None:
                views = resource.own_views(about.first)
                _declare(views, item.name, item, f"view of `{item.resource}`", item, report, item.name)
        case _:
            _place_in_service(model, item, about, report)


def _place_in_service(model: Model, item: de.Item, about: de.Qualified | None, report: Report) -> None:
    service = _service(model, about, item, report)
    if service is None:
        return
    match item:
        case op.Operation():
            if _resource(model, item.resource, about, item, report) is not None:
                service.operations.append(item)
        case de.Quota():
            counted = service.resources.get(item.resource or "")
            if _has_records(service, item, report, counted):
                _declare(service.quotas, item.name, item, "quota", item, report, item.name)
        case de.Definition():
            _declare(service.definitions, item.name, item, "definition", item, report, item.name)
        case li.Lock():
            locked = _resource(model, item.resource, about, item, report)
            if locked is not None and _has_records(service, item, report, locked):
                service.locks.append(item)
        case de.Gone():
            service.gones.append(item)
        case de.Seed() if _resource(model, item.resource, about, item, report) is not None:
            service.seeds.append(item)
        case _:
            pass


def _has_records(service: ServiceModel, item: de.Item, report: Report, resource: ResourceModel | None) -> bool:
    """Whether a service can say what becomes of records: that is left to the service that declares them."""
    owner = service.base if resource is None or resource.service == service.name else resource.service
    if owner == service.name:
        return True
    told = f"`{service.name}` is a dialect of `{owner}`" if owner == service.base else f"`{service.name}` shares them"
    told += ", whose records these are" if owner == service.base else f" with `{owner}`, whose records these are"
    report.add("MR210", told, item.span, help=f"say it under `for {owner}`: it holds for both")
    return False


def _check_subject(model: Model, item: de.Subject, report: Report) -> None:
    about = item.about
    service = model.services.get(about.first)
    if service is None:
        help = suggest(about.first, model.services, "declare it with `service`")
        report.add("MR202", f"there is no service `{about.first}`", about.span, word=about.first, help=help)
    elif about.second is not None and about.second not in service.resources:
        help = suggest(about.second, service.resources, "declare it with `resource`")
        told = f"service `{service.name}` has no resource `{about.second}`"
        report.add("MR202", told, about.span, word=about.second, last=True, help=help)
