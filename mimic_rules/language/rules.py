# SPDX-License-Identifier: Apache-2.0
"""The syntax tree of rules: when a cloud misbehaves, how often, and how.

On the way of a rule: items of a `File`; the compiler makes match tables of them. Each effect is a piece of its own.
"""

from dataclasses import dataclass

from mimic_rules.language.declarations import Item
from mimic_rules.language.expressions import Expr, Literal, Piece, Text
from mimic_rules.language.faults import Fault, Header
from mimic_rules.language.lifecycles import EventName, Period

# -- how often --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Moment(Piece):
    """`09:00`, a time of day, as seconds since midnight; or a whole date, as seconds since the epoch."""

    seconds: int
    daily: bool


@dataclass(frozen=True, slots=True)
class Counted(Piece):
    """`3 times per thing`, `every 5th`, `10% evenly`, `as often as e`: at most one of `times`, `every`, `share` (in
    percent) and `as_often`; `per` is a resource's name, `tenant`, or an expression.
    """

    times: int | None = None
    every: int | None = None
    share: str | None = None
    at_random: bool = False
    per: Expr | None = None
    as_often: Expr | None = None


@dataclass(frozen=True, slots=True)
class TimeWindow(Piece):
    """`during 30s`, `from 09:00`, `until 17:00`: at least one of these, and never both of the last and the first."""

    during: float | None = None
    since: Moment | None = None
    until: Moment | None = None


@dataclass(frozen=True, slots=True)
class Only(Piece):
    """How often a rule decides, and when; one of the two is said."""

    counted: Counted | None = None
    window: TimeWindow | None = None

    @property
    def per(self) -> Expr | None:
        """What it counts apart."""
        return None if self.counted is None else self.counted.per


# -- effects ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stays(Piece):
    """`status stays BUILD for 30s`: the timed ways out of the state wait so long, or never open."""

    field: str
    state: str
    period: Period | None = None


@dataclass(frozen=True, slots=True)
class ChainStep(Piece):
    """`ERROR after 1h with fault 500 "…"`: a state of a chain, how long after the one before, what went wrong there."""

    state: str
    period: Period | None = None
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Becomes(Piece):
    """`status becomes ACTIVE, then ERROR after 5s`: instead of the timed ways out of the state it is in.

    With `source` (`status becomes from e`) there are no steps: they are worked out.
    """

    field: str
    steps: tuple[ChainStep, ...] = ()
    source: Expr | None = None


@dataclass(frozen=True, slots=True)
class Respond(Piece):
    """`respond 403 forbidden "…" after commit before guard`: the answer, and when the request is cut short.

    With `source` (`respond from e`) there is neither status nor name nor message: they are worked out.
    """

    status: int | None
    name: str | None
    message: Text | Literal | None
    source: Expr | None = None
    body: Expr | None = None
    headers: tuple[Header, ...] = ()
    retry_after: Period | None = None
    after_commit: bool = False
    phase: str | None = None


@dataclass(frozen=True, slots=True)
class Limit(Piece):
    """`limit 10 per 60s per tenant respond 413 …`: so many are let through in any such length of time."""

    count: int
    seconds: float
    per: Expr | None
    respond: Respond


@dataclass(frozen=True, slots=True)
class Pretend(Piece):
    """`pretend`: the answer of a success, and nothing done."""

    phase: str | None = None


@dataclass(frozen=True, slots=True)
class Hide(Piece):
    """`hidden for 30s`: the record is there, and not seen yet."""

    period: Period
    phase: str | None = None


@dataclass(frozen=True, slots=True)
class FirstOf(Piece):
    """`first 2 of things only`: of the records that the request is about only so many; a resource or its plural."""

    count: int
    name: str
    phase: str | None = None


@dataclass(frozen=True, slots=True)
class Delay(Piece):
    """`delay 200ms..900ms`: real seconds; both are the same where one is said."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Wire(Piece):
    """`drop connection`, `reset`, `garble body`; and `truncate body at 50%`, with `share` as written, in percent."""

    how: str
    share: str | None = None


@dataclass(frozen=True, slots=True)
class SetShown(Piece):
    """`set key = e`: an entry of what clients see of a record."""

    key: str
    value: Expr


@dataclass(frozen=True, slots=True)
class Omit(Piece):
    """`omit key`: an entry that clients don't see."""

    key: str


@dataclass(frozen=True, slots=True)
class PassOn(Piece):
    """`pass`: nothing happens, and later rules for the same slots don't decide."""

    phase: str | None = None


@dataclass(frozen=True, slots=True)
class Cycle(Piece):
    """`cycle [respond 500 | pass]`: each time the next of these."""

    items: "tuple[Effect, ...]"


Effect = Stays | Becomes | Respond | Limit | Pretend | Hide | FirstOf | Delay | Wire | SetShown | Omit | PassOn | Cycle


@dataclass(frozen=True, slots=True)
class Rule(Item):
    """A rule; without a name it is a sentence. Without events it is standing: it holds when a lifecycle would move, and
    when a record is shown. `per` is the resource for whose records it holds, each a rule of its own.
    """

    name: str | None
    doc: str
    overrides: str | None
    events: tuple[EventName, ...]
    condition: Expr | None
    only: Only | None
    effects: tuple[Effect, ...]
    per: str | None = None
