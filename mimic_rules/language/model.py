# SPDX-License-Identifier: Apache-2.0
"""All that the files declare, gathered: services with their resources, operations, views and lifecycles, and the rules.

On the way of a rule: `gather` fills it once `expand` has resolved templates; `check` then looks at how the parts fit,
and the compiler lowers them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeVar

from mimic_rules.language import declarations as de
from mimic_rules.language import examples as sample
from mimic_rules.language import lifecycles as li
from mimic_rules.language import operations as op
from mimic_rules.language import rules as ru
from mimic_rules.language import types as ty
from mimic_rules.language.expressions import Entry, Literal

T = TypeVar("T")

SCOPES: Final = frozenset({"world", "tenant", "user"})


@dataclass(slots=True)
class ResourceModel:
    """A resource and what is said of it elsewhere in its service."""

    service: str
    declaration: de.Resource
    fields: dict[str, de.Field] = field(default_factory=dict)
    lifecycles: dict[str, li.Lifecycle] = field(default_factory=dict)
    views: dict[str, de.View] = field(default_factory=dict)
    dialects: dict[str, dict[str, de.View]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.declaration.name

    @property
    def kind(self) -> str:
        """`service.resource`: the name of its records in the state."""
        return f"{self.service}.{self.declaration.name}"

    @property
    def parent(self) -> str | None:
        """The resource whose records own these, of the same service."""
        return None if self.declaration.scope in SCOPES else self.declaration.scope

    def lines(self, kind: type[T]) -> list[T]:
        """The lines of one kind, in the order written."""
        return [line for line in self.declaration.lines if isinstance(line, kind)]

    @property
    def key(self) -> tuple[str, ...]:
        """The fields that name a record."""
        keys = self.lines(de.Key)
        return keys[0].fields if keys else ("id",)

    @property
    def plural(self) -> str:
        """As lists and views call several."""
        plurals = self.lines(de.Plural)
        return plurals[0].name if plurals else self.name + "s"

    def seen(self, service: "ServiceModel") -> dict[str, de.View]:
        """The views by name as a service knows them: its own come before those of its base, and those before the ones
        of the service whose records these are.
        """
        return {**self.views, **self.dialects.get(service.base, {}), **self.dialects.get(service.name, {})}

    def own_views(self, service: str) -> dict[str, de.View]:
        """The views that a service declares itself."""
        return self.views if service == self.service else self.dialects.setdefault(service, {})

    def view_key(self, service: "ServiceModel", name: str) -> str:
        """What a view is called in the tables, where those of all services are together."""
        owners = (one for one in (service.name, service.base) if name in self.dialects.get(one, {}))
        owner = next(owners, None)
        return name if owner is None else f"{owner}.{name}"

    def carried(self) -> Iterator[str]:
        """The fields that states carry, beside those declared."""
        for lifecycle in self.lifecycles.values():
            for line in lifecycle.lines:
                if isinstance(line, li.State) and line.values is not None:
                    for entry in line.values.entries:
                        if isinstance(entry, Entry) and isinstance(entry.key, Literal):
                            yield str(entry.key.value)
                elif isinstance(line, li.Timed | li.Requested):
                    yield from (assignment.field for assignment in line.sets)


@dataclass(slots=True)
class ServiceModel:
    """A service and all that belongs to it; a dialect has the resources, quotas and definitions of its base, too."""

    declaration: de.Service
    resources: dict[str, ResourceModel] = field(default_factory=dict)
    operations: list[op.Operation] = field(default_factory=list)
    quotas: dict[str, de.Quota] = field(default_factory=dict)
    definitions: dict[str, de.Definition] = field(default_factory=dict)
    locks: list[li.Lock] = field(default_factory=list)
    gones: list[de.Gone] = field(default_factory=list)
    seeds: list[de.Seed] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.declaration.name

    @property
    def base(self) -> str:
        """The service whose records, quotas and locks these are: itself, but for a dialect."""
        return self.name if self.declaration.base is None else self.declaration.base.first

    def own(self) -> list[ResourceModel]:
        """The resources that the service declares itself."""
        return [one for one in self.resources.values() if one.service == self.name]

    def lines(self, kind: type[T]) -> list[T]:
        """The lines of one kind of the service's declaration."""
        return [line for line in self.declaration.lines if isinstance(line, kind)]


@dataclass(frozen=True, slots=True)
class RuleModel:
    """A rule, what it is about, and where it stands among the others; layers are consulted from the lowest on."""

    rule: ru.Rule
    service: str | None
    resource: str | None
    layer: int


@dataclass(frozen=True, slots=True)
class ExampleModel:
    """An example and the service that it asks."""

    example: sample.Example
    service: str
    layer: int = 0


@dataclass(slots=True)
class Model:
    """Everything declared."""

    services: dict[str, ServiceModel] = field(default_factory=dict)
    settings: dict[str, de.Setting] = field(default_factory=dict)
    rules: list[RuleModel] = field(default_factory=list)
    examples: list[ExampleModel] = field(default_factory=list)

    def resource(self, service: str, name: str) -> ResourceModel | None:
        """A resource, or None."""
        found = self.services.get(service)
        return None if found is None else found.resources.get(name)

    def referred(self, service: str, reference: ty.Reference) -> ResourceModel | None:
        """The resource that a reference in `service` means, or None."""
        return self.resource(reference.service or service, reference.resource)

    def tenants(self) -> ResourceModel | None:
        """The resource whose records are the tenants, or None."""
        for service in self.services.values():
            for resource in service.resources.values():
                if resource.declaration.role == "tenant":
                    return resource
        return None


def operations_of(model: Model) -> Mapping[tuple[str, str], frozenset[str]]:
    """The verbs of every (service, resource)."""
    verbs: dict[tuple[str, str], set[str]] = {}
    for service in model.services.values():
        for operation in service.operations:
            for name in (service.name, service.base, service.resources[operation.resource].service):
                verbs.setdefault((name, operation.resource), set()).add(operation.verb)
    return {key: frozenset(value) for key, value in verbs.items()}
