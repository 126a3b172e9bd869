# SPDX-License-Identifier: Apache-2.0
"""What a bare name means at a place: the locals, the item and the record at hand, definitions, roots, resources.

On the way of a rule: the checks make a `Scope` for every place where an expression stands, and `infer` looks names up
in it. `Context` holds what is the same for all places: the model, the report, and what has been worked out already.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from mimic_rules.language import declarations as de
from mimic_rules.language import types as ty
from mimic_rules.language import vocabulary
from mimic_rules.language.kinds import (
    MAP,
    NUMBER,
    TEXT,
    TEXTS,
    TIME,
    UNKNOWN,
    Kind,
    kind_of_type,
    list_of,
    record_of,
    words,
)
from mimic_rules.language.lifecycles import State
from mimic_rules.language.model import Model, ResourceModel, ServiceModel
from mimic_rules.language.report import Report

_IN_CAPITALS: Final = re.compile(r"[A-Z][A-Z0-9_]*")


def shown(resource: ResourceModel, name: str) -> frozenset[str] | None:
    """What clients see in a lifecycle's field, and the names of its states; None where it has no lifecycle."""
    lifecycle = resource.lifecycles.get(name)
    if lifecycle is None:
        return None
    states = [line for line in lifecycle.lines if isinstance(line, State)]
    return frozenset(word for state in states for word in (state.name, state.shows) if word)


@dataclass(slots=True)
class Context:
    """The model and what is known of it; `definitions` and `carried` are filled before anything is checked."""

    model: Model
    report: Report
    definitions: dict[tuple[str, str], Kind] = field(default_factory=dict)
    carried: dict[tuple[str, str], Kind] = field(default_factory=dict)
    _fields: dict[str, Mapping[str, Kind]] = field(default_factory=dict)
    _roots: dict[str, Mapping[str, Kind]] = field(default_factory=dict)
    _names: dict[str, frozenset[str]] = field(default_factory=dict)

    def quietly(self) -> "Context":
        """The same, but what is reported is lost: for working out kinds where nothing is checked."""
        return replace(self, report=Report())

    def fields(self, resource: ResourceModel) -> Mapping[str, Kind]:
        """The names of a record's values and their kinds: declared, carried by states, parent and children."""
        if resource.kind not in self._fields:
            known = {name: self.field(resource, line) for name, line in resource.fields.items()}
            for name in resource.carried():
                known.setdefault(name, self.carried.get((resource.kind, name), UNKNOWN))
            parent = self.model.resource(resource.service, resource.parent or "")
            if parent is not None:
                known.setdefault(parent.name, Kind("reference", resource=parent))
            for child in self.model.services[resource.service].resources.values():
                if child.parent == resource.name:
                    known.setdefault(child.plural, list_of(record_of(child)))
            self._fields[resource.kind] = known
        return self._fields[resource.kind]

    def field(self, resource: ResourceModel, line: de.Field) -> Kind:
        """The kind of a declared field."""
        kind = kind_of_type(self.model, resource.service, line.type)
        if isinstance(line.type, ty.Plain) and line.type.word == "lifecycle":
            return Kind("state", resource=resource, words=shown(resource, line.name))
        if line.keyed is not None and kind.what == "list" and kind.of is not None:
            return replace(kind, keyed=(kind.of.members or {}).get(line.keyed[1], UNKNOWN))
        return kind

    def names(self, service: ServiceModel | None) -> frozenset[str]:
        """Every name that a record of a service (of any, when None) has a value for."""
        key = "" if service is None else service.name
        if key not in self._names:
            services = self.model.services.values() if service is None else [service]
            self._names[key] = frozenset(
                name for one in services for resource in one.resources.values() for name in self.fields(resource)
            )
        return self._names[key]

    def roots(self, service: ServiceModel | None) -> Mapping[str, Kind]:
        """The roots and their kinds in a service; what only an operation can tell is unknown."""
        key = "" if service is None else service.name
        if key not in self._roots:
            of_service = Kind("map", members=dict.fromkeys(vocabulary.SERVICE_PARTS, TEXT), closed=True)
            settings = {
                name: kind_of_type(self.model, "", setting.type, stored=False)
                for name, setting in self.model.settings.items()
            }
            self._roots[key] = {
                **dict.fromkeys(vocabulary.ROOTS, UNKNOWN),
                "headers": Kind("map", of=TEXT),
                "caller": self._caller(service),
                "tenant": self._tenant(),
                "setting": Kind("map", members=settings, closed=True),
                "quota": self._quota(service),
                "now": TIME,
                "region": TEXT,
                "regions": TEXTS,
                "version": TEXT,
                "request": Kind("map", members=dict.fromkeys(vocabulary.REQUEST_PARTS, TEXT), closed=True),
                "base": TEXT,
                "service": of_service,
                "services": list_of(of_service),
                "dialects": list_of(of_service),
            }
        return self._roots[key]

    def _caller(self, service: ServiceModel | None) -> Kind:
        callers = [] if service is None else service.lines(de.Caller)
        if service is None or not callers:
            return UNKNOWN
        token = callers[0].token
        resource = self.model.resource(*qualified(service, token))
        return UNKNOWN if resource is None else record_of(resource)

    def _tenant(self) -> Kind:
        resource = self.model.tenants()
        # `tenant.id` always works, whatever the records of the tenants are like.
        return Kind("map", of=UNKNOWN, members={"id": TEXT}) if resource is None else record_of(resource)

    def _quota(self, service: ServiceModel | None) -> Kind:
        if service is None:
            return MAP
        parts = Kind("map", members=dict.fromkeys(vocabulary.QUOTA_PARTS, NUMBER), closed=True)
        return Kind("map", of=parts, members=dict.fromkeys(service.quotas, parts), closed=True)


def qualified(service: ServiceModel, name: de.Qualified) -> tuple[str, str]:
    """(service, resource) that a qualified name means in a service."""
    return (name.first, name.second) if name.second else (service.name, name.first)


@dataclass(frozen=True, slots=True)
class Scope:
    """The names at a place.

    `items` are the items at hand, the innermost first; `loose` are names that something there may have, which can't be
    known now (the fields of whatever record a fault is about); `condition` says that nothing may be drawn at random.
    """

    context: Context
    service: ServiceModel | None = None
    record: Kind | None = None
    locals: Mapping[str, Kind] = field(default_factory=dict)
    items: tuple[Kind, ...] = ()
    extra: Mapping[str, Kind] = field(default_factory=dict)
    loose: frozenset[str] = frozenset()
    condition: bool = False

    def of(self, resource: ResourceModel) -> "Scope":
        """The scope in which a record of `resource` is at hand."""
        return replace(self, record=record_of(resource))

    def to_decide(self) -> "Scope":
        """The same for a condition."""
        return self if self.condition else replace(self, condition=True)

    def with_item(self, kind: Kind) -> "Scope":
        """The same with another item at hand."""
        return replace(self, items=(kind, *self.items))

    def with_local(self, name: str, kind: Kind) -> "Scope":
        """The same with another local."""
        return replace(self, locals={**self.locals, name: kind})

    def with_names(self, names: Iterable[str], kind: Kind = UNKNOWN) -> "Scope":
        """The same with more roots: what a fault or a page may use."""
        return replace(self, extra={**dict.fromkeys(names, kind), **self.extra})

    def in_fault(self, *names: str) -> "Scope":
        """The same in a fault, where nothing is decided; `names` are what its situation has to say."""
        return replace(self, condition=False).with_names((*vocabulary.FAULT_ROOTS, *names))

    def lookup(self, name: str) -> Kind | None:
        """What a bare name means; None where it means nothing."""
        if name in self.locals:
            return self.locals[name]
        vague = False
        for item in (*self.items, *([self.record] if self.record else ())):
            members = self.members(item)
            if members is not None and name in members:
                return members[name]
            vague = vague or members is None or (item.what == "map" and not item.closed)
        if self.service is not None and (self.service.name, name) in self.context.definitions:
            return self.context.definitions[self.service.name, name]
        if name in self.extra:
            return self.extra[name]
        if name == "self":
            # Where a record may be at hand that is not known now, `extra` has said so.
            return self.record
        roots = self.context.roots(self.service)
        if name in roots:
            return roots[name]
        if name in self.loose:
            return UNKNOWN
        found = self.resource(name)
        if found is not None:
            return list_of(record_of(found))
        if _IN_CAPITALS.fullmatch(name):
            return words(name)
        return UNKNOWN if vague else None

    def members(self, item: Kind) -> Mapping[str, Kind] | None:
        """The names that an item at hand has; None where that is not known."""
        if item.what == "record" and item.resource is not None:
            return self.context.fields(item.resource)
        return item.members or {} if item.what == "map" else None

    def resource(self, name: str) -> ResourceModel | None:
        """A resource of the service, or None."""
        return None if self.service is None else self.service.resources.get(name)

    def known(self) -> set[str]:
        """Every name that means something here, for did-you-mean."""
        found = {*self.locals, *self.extra, *self.loose, *self.context.roots(self.service)}
        for item in (*self.items, *([self.record] if self.record else ())):
            found.update(self.members(item) or ())
        if self.service is not None:
            found.update(self.service.definitions, self.service.resources)
        return found
