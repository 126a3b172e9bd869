# SPDX-License-Identifier: Apache-2.0
"""The records that a world begins with, as the rules make them of the settings.

Before any request: `Engine.new_world` plants them.
"""

from dataclasses import dataclass, field
from typing import Any

from mimic_rules.compiler import expressions as pl
from mimic_rules.compiler.program import SeedPlan
from mimic_rules.engine.context import Context
from mimic_rules.engine.exchange import MISSING
from mimic_rules.engine.link import Linked, link
from mimic_rules.engine.records import check_references, check_unique, insert, make
from mimic_rules.engine.refusal import Refused
from mimic_rules.engine.resources import HIDDEN, Record
from mimic_rules.engine.values import listed, to_text
from mimic_rules.state.transaction import WorldFull


@dataclass(frozen=True, slots=True)
class Seed:
    """A linked seed; `made` are the first records that it made, by key: what is alike in other worlds is the same."""

    plan: SeedPlan
    source: Linked
    values: Linked
    made: dict[Any, Record] = field(default_factory=dict, repr=False, compare=False)


def link_seed(plan: SeedPlan) -> Seed:
    """The linked seed of a plan."""
    return Seed(plan, link(plan.source), link(plan.values))


class SeedRefused(Exception):
    """A record that a world should begin with breaks what the rules say of it, or has no room there.

    `place` is that of its seed, `help` what its user can do.
    """

    def __init__(self, told: str, place: str, help: str) -> None:
        super().__init__(told)
        self.place = place
        self.help = help


def plant(context: Context) -> None:
    """Make the seeds of all services, in the order written."""
    for service in context.program.services.values():
        context.service = service
        for seed in service.seeds:
            # What tenants without a name share is in every region; all else speaks as the first region does.
            of_tenants = context.program.resources[seed.plan.kind].plan.scope == "tenant"
            for region in context.program.regions if of_tenants else context.program.regions[:1]:
                context.region = region
                context.roots.clear()
                try:
                    _plant(context, seed)
                except WorldFull as full:
                    told = f"the world is full before it begins, at the records of `{seed.plan.kind}`: {full}"
                    raise SeedRefused(told, seed.plan.place, "raise `limits.records`") from None


def _plant(context: Context, seed: Seed) -> None:
    plan = seed.plan
    resource = context.program.resources[plan.kind]
    frame = context.frame(plan.size)
    for one in listed(seed.source(frame)):
        frame[plan.slot] = one
        record = make(context, resource, seed.values(frame), MISSING)
        # A record that is there already (two services may name one tenant) is left as it is.
        if resource.key_of(record) in context.table(plan.kind):
            continue
        try:
            check_references(context, resource, record)
            check_unique(context, resource, record)
        except Refused as refused:
            key = resource.key_of(record)
            seeing = [*(refused.frame or frame)]
            seeing[pl.EXTRA] = {**seeing[pl.EXTRA], **refused.seen}
            said = to_text(refused.fault.message(seeing))
            told = f"the {resource.plan.name} `{key}` can't be made: {said}"
            raise SeedRefused(told, plan.place, "change the setting that this seed takes its values from") from None
        # PERF: nothing changes a record in place, so that a thousand worlds hold what is alike in all of them once.
        if not resource.lifecycles:
            record.setdefault(HIDDEN, {})
            known = seed.made.setdefault(resource.key_of(record), record)
            record = known if known == record else record
        insert(context, resource, record)
