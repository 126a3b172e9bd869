# SPDX-License-Identifier: Apache-2.0
"""Rules as rows of match tables: when a rule holds, how often, and what it fills of an answer or a lifecycle.

Between the language and the engine: part of a `Program`. Every effect says which slots it fills and at which stage of a
request it does so; the first rule that matches and fills a slot has it.
"""

from dataclasses import dataclass, field
from typing import ClassVar

from mimic_rules.compiler.expressions import FaultPlan, Plan
from mimic_rules.compiler.operations import EventPlan

ANSWER = "answer"
COMMIT = "commit"
PART = "part"
HIDING = "hiding"
LATENCY = "latency"
WIRE = "wire"
STRIKE = "strike"
DELIVER = "deliver"
SHOWN = "shown"
STATE = "state"


@dataclass(frozen=True, slots=True)
class MomentPlan:
    """A time: `seconds` since the epoch, or, if `daily`, since midnight (UTC): the next such time of day is meant."""

    seconds: float
    daily: bool = False


@dataclass(frozen=True, slots=True)
class OftenPlan:
    """How often a rule decides: at most one of `times`, `every`, `share` and `as_often`, which is worked out each time,
    counted apart for each value of `per`; and when: from `since` (else from when the rule was loaded), for `during`
    seconds, up to `until`.

    `share` is a part of all (numerator, denominator), spread evenly or at random.
    """

    times: int | None = None
    every: int | None = None
    share: tuple[int, int] | None = None
    at_random: bool = False
    per: Plan | None = None
    during: float | None = None
    since: MomentPlan | None = None
    until: MomentPlan | None = None
    as_often: Plan | None = None

    @property
    def counts(self) -> bool:
        """Whether it counts at all."""
        return any(one is not None for one in (self.times, self.every, self.share, self.as_often))

    @property
    def timed(self) -> bool:
        """Whether it looks at the clock."""
        return self.during is not None or self.since is not None or self.until is not None


ALWAYS_OFTEN = OftenPlan()


@dataclass(frozen=True, slots=True)
class EffectPlan:
    """What a rule does; `slots` is what it fills. `stage` is when: STRIKE before a phase, DELIVER once the answer is
    known, SHOWN when a record is shown, STATE when a state is entered.
    """

    stage: ClassVar[str] = STRIKE
    fills: ClassVar[tuple[str, ...]] = ()

    @property
    def slots(self) -> tuple[str, ...]:
        """The slots that it fills; `fills` where they are always the same."""
        return self.fills


@dataclass(frozen=True, slots=True)
class LifecycleEffectPlan(EffectPlan):
    """What time does to a lifecycle's field."""

    stage: ClassVar[str] = STATE
    field: str

    @property
    def slots(self) -> tuple[str, ...]:
        """That of the field."""
        return (f"lifecycle {self.field}",)


@dataclass(frozen=True, slots=True)
class StaysPlan(LifecycleEffectPlan):
    """`status stays BUILD [for 30s]`."""

    state: str
    seconds: Plan | None = None


@dataclass(frozen=True, slots=True)
class StepPlan:
    """A step of a chain: the state, how long after the one before, and the fault that the record is given there."""

    state: str
    seconds: Plan | None = None
    fault: FaultPlan | None = None


@dataclass(frozen=True, slots=True)
class BecomesPlan(LifecycleEffectPlan):
    """`status becomes ACTIVE, then ERROR after 1h with fault 500 "…"`.

    `fault_field` is the field of type `fault` that a step with a fault fills. With `source`, the steps are what it
    works out.
    """

    steps: tuple[StepPlan, ...]
    fault_field: str | None = None
    source: Plan | None = None


@dataclass(frozen=True, slots=True)
class RespondPlan(EffectPlan):
    """`respond 503 …`: `fault` in the service's own dialect, or what `source` works out; `body` is literal where it is
    there. Where `after_commit`, everything happens and the client sees this answer all the same.
    """

    fills: ClassVar[tuple[str, ...]] = (ANSWER, COMMIT)
    phase: str
    fault: FaultPlan | None = None
    source: Plan | None = None
    body: Plan | None = None
    headers: tuple[tuple[str, Plan], ...] = ()
    retry_after: Plan | None = None
    after_commit: bool = False


@dataclass(frozen=True, slots=True)
class LimitPlan(EffectPlan):
    """`limit 10 per 60s [per tenant] respond 413 …`: lets so many through in any such length of time."""

    phase: str
    count: int
    seconds: float
    respond: RespondPlan
    per: Plan | None = None

    @property
    def slots(self) -> tuple[str, ...]:
        """Those of its answer."""
        return self.respond.slots


@dataclass(frozen=True, slots=True)
class PretendPlan(EffectPlan):
    """`pretend`: the answer of a success, and nothing done."""

    fills: ClassVar[tuple[str, ...]] = (COMMIT,)
    phase: str


@dataclass(frozen=True, slots=True)
class HidePlan(EffectPlan):
    """`hidden for 30s`: the record (made by the request, or its target) is not seen by others for so long."""

    fills: ClassVar[tuple[str, ...]] = (HIDING,)
    phase: str
    seconds: Plan


@dataclass(frozen=True, slots=True)
class PartPlan(EffectPlan):
    """`first 2 of NAME only`: of the records of `kind` that the request makes, changes or deletes, only so many."""

    phase: str
    count: int
    kind: str

    @property
    def slots(self) -> tuple[str, ...]:
        """That of the kind."""
        return (f"{PART} {self.kind}",)


@dataclass(frozen=True, slots=True)
class DelayPlan(EffectPlan):
    """`delay 200ms..900ms`: real seconds before the answer leaves; `low` and `high` are the same where one is said."""

    stage: ClassVar[str] = DELIVER
    fills: ClassVar[tuple[str, ...]] = (LATENCY,)
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class WirePlan(EffectPlan):
    """What happens to the answer on the wire: `drop`, `reset`, `truncate` (after `share` of the body) or `garble`."""

    stage: ClassVar[str] = DELIVER
    fills: ClassVar[tuple[str, ...]] = (WIRE,)
    how: str
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class ShowPlan(EffectPlan):
    """`set key = e` and `omit key` (then `value` is None): an entry of what clients see of a record."""

    stage: ClassVar[str] = SHOWN
    key: str
    value: Plan | None

    @property
    def slots(self) -> tuple[str, ...]:
        """That of the key."""
        return (f"{SHOWN} {self.key}",)


@dataclass(frozen=True, slots=True)
class PassPlan(EffectPlan):
    """`pass`: fills the answer, what becomes of the changes, latency and wire with what would be anyway; a standing
    rule does so with all lifecycles and shown entries of its resource.
    """

    fills: ClassVar[tuple[str, ...]] = (ANSWER, COMMIT, HIDING, LATENCY, WIRE)
    phase: str


@dataclass(frozen=True, slots=True)
class CyclePlan(EffectPlan):
    """`cycle [respond 500 | respond 401 | pass]`: each time that the rule decides, the next of these.

    All of them are of one stage and, where that is STRIKE, of one phase.
    """

    items: tuple[EffectPlan, ...]

    @property
    def slots(self) -> tuple[str, ...]:
        """Those of its items."""
        return tuple(dict.fromkeys(slot for item in self.items for slot in item.slots))


@dataclass(frozen=True, slots=True)
class Chosen:
    """The record that a rule of its own was made for, of one that holds per record: `rule` is the id of that one,
    `tenant` and `region` say whose the record is.
    """

    rule: str
    kind: str
    tenant: str
    region: str
    key: str | int


@dataclass(frozen=True, slots=True)
class RulePlan:
    """A rule; `number` is its rank: of two that match, the lower fills a slot. `keys` are equalities to look it up
    by. `id` names it in its world: what counters and journals know it by. `per` is the kind for whose records it
    holds; `chosen` is the one, in the rule that the engine makes for it.
    """

    number: int
    name: str
    doc: str
    kind: str | None
    service: str | None
    events: tuple[EventPlan, ...]
    condition: Plan | None
    keys: tuple[Plan, tuple[str | int | float | bool, ...]] | None
    often: OftenPlan
    effects: tuple[EffectPlan, ...]
    reads: frozenset[str]
    size: int
    place: str
    overrides: str | None = field(default=None)
    per: str | None = None
    chosen: Chosen | None = None

    @property
    def id(self) -> str:
        """Its place: a name may be missing, a place never is. Records of two tenants may have one key."""
        chosen = self.chosen
        return self.place if chosen is None else " ".join(filter(None, (self.place, chosen.tenant, chosen.region)))
