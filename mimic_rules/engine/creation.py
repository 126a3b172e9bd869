# SPDX-License-Identifier: Apache-2.0
"""Making records, phase by phase: values, references, uniqueness, quota, and only then the tables.

On the way of a request: the main `create` of an operation is run by the pipeline one phase at a time, so that faults
can strike between; any other runs through at once.
"""

from dataclasses import dataclass
from typing import Any

from mimic_rules.compiler import program as pr
from mimic_rules.engine.context import Context
from mimic_rules.engine.exchange import MISSING
from mimic_rules.engine.link import Frame, Linked, in_window, link
from mimic_rules.engine.records import (
    check_quota,
    check_references,
    check_unique,
    insert,
    make,
)
from mimic_rules.engine.resources import Record, Resource
from mimic_rules.engine.values import listed

MOST_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Creation:
    """A linked `create`."""

    plan: pr.CreateStep
    window: Any
    source: Linked | None
    values: Linked
    parent: Linked | None

    def applies(self, frame: Frame) -> bool:
        """Whether its guards hold."""
        return self.window is None or bool(self.window(frame))

    def prepare(self, context: Context, frame: Frame) -> list[Record]:
        """The records as they will be, none of them in its table yet; the first is in hand from here on."""
        resource = self.resource(context)
        parent = MISSING if self.parent is None else self.parent(frame)
        if self.source is None or self.plan.each is None:
            records = [make(context, resource, self.values(frame), parent)]
        else:
            records = []
            for one in list(listed(self.source(frame)))[:MOST_AT_ONCE]:
                frame[self.plan.each] = one
                records.append(make(context, resource, self.values(frame), parent))
        frame[self.plan.slot] = records[0] if records else MISSING
        return records

    def resource(self, context: Context) -> Resource:
        """What it makes."""
        return context.program.resources[self.plan.kind]

    def references(self, context: Context, records: list[Record]) -> None:
        """Every record's references are there."""
        for record in records:
            check_references(context, self.resource(context), record)

    def uniqueness(self, context: Context, records: list[Record]) -> None:
        """No record is like another."""
        for number, record in enumerate(records):
            check_unique(context, self.resource(context), record, records[:number])

    def quota(self, context: Context, records: list[Record]) -> None:
        """There is room for all of them."""
        check_quota(context, self.resource(context), records)

    def insert(self, context: Context, frame: Frame, records: list[Record]) -> None:
        """They are in their table; the first is in hand."""
        resource = self.resource(context)
        made = [insert(context, resource, record) for record in context.portion(resource.kind, records)]
        frame[self.plan.slot] = made[0] if made else MISSING


def link_creation(plan: pr.CreateStep) -> Creation:
    """The linked `create` of a step."""
    return Creation(
        plan,
        in_window(plan.window),
        None if plan.source is None else link(plan.source),
        link(plan.values),
        None if plan.parent is None else link(plan.parent),
    )


def create(creation: Creation, context: Context, frame: Frame) -> None:
    """All phases at once."""
    records = creation.prepare(context, frame)
    creation.references(context, records)
    creation.uniqueness(context, records)
    creation.quota(context, records)
    creation.insert(context, frame, records)
