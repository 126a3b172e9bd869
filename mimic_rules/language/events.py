# SPDX-License-Identifier: Apache-2.0
"""What the events of a rule mean: operations of services, and the one resource or service that all of them are of.

Beside the way of a rule: the checks of rules ask it, and the compiler where a rule's names are looked up.
"""

from dataclasses import dataclass

from mimic_rules.language import lifecycles as li
from mimic_rules.language.model import Model, ResourceModel, RuleModel, ServiceModel


@dataclass(frozen=True, slots=True)
class Event:
    """The operations that an event means; what is None may be anything."""

    service: str | None
    resource: str | None
    verb: str | None

    def covers(self, other: "Event") -> bool:
        """Whether every operation of the other is one of this."""
        pairs = ((self.service, other.service), (self.resource, other.resource), (self.verb, other.verb))
        return all(mine is None or mine == others for mine, others in pairs)


def events_of(model: RuleModel) -> list[Event]:
    """The events of a rule, with what its subject leaves unsaid."""
    return [_event(event, model) for event in model.rule.events]


def _event(event: li.EventName, model: RuleModel) -> Event:
    if isinstance(event, li.AnyEvent):
        return Event(event.service, None, None)
    return Event(model.service, event.resource or model.resource, event.verb)


def targets(model: RuleModel) -> set[tuple[str | None, str | None]]:
    """(service, resource) of everything that a rule is about; None for any."""
    found = {(event.service, event.resource) for event in events_of(model)}
    return found or {(model.service, model.resource)}


def target(model: RuleModel, of: Model) -> ResourceModel | None:
    """The one resource whose records a rule is about, or None."""
    found = targets(model)
    service, resource = found.pop()
    return None if found or service is None or resource is None else of.resource(service, resource)


def service_of(model: RuleModel, of: Model) -> ServiceModel | None:
    """The one service that a rule is about; with several, that of its subject."""
    services = {event.service for event in events_of(model)} or {model.service}
    name = services.pop() if len(services) == 1 else None
    return of.services.get(name or model.service or "")
