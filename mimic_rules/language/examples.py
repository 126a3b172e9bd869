# SPDX-License-Identifier: Apache-2.0
"""The syntax tree of examples: what somebody asks of a service, what time does meanwhile, and what is seen of it.

On the way of a rule: an item of a `File`, built by `syntax`. Examples change nothing of a cloud; they are compiled
beside its rules, and run by whoever wants the rules proved.
"""

from dataclasses import dataclass
from typing import Final

from mimic_rules.language.declarations import Item
from mimic_rules.language.expressions import Expr, Literal, ObjectOf, Piece, Text

MAX_STEPS: Final = 1_000
"""Steps of an example: more prove nothing that fewer don't."""


@dataclass(frozen=True, slots=True)
class Step(Piece):
    """One step of an example."""


@dataclass(frozen=True, slots=True)
class Ask(Step):
    """`name = create thing at {…} query {…} body -> 201 "…"`: a request, and the answer that it gets.

    `name` is given to the record that the operation makes, else to its target.
    """

    name: str | None
    verb: str
    resource: str
    at: ObjectOf | None
    query: ObjectOf | None
    body: Expr | None
    status: int
    says: Text | Literal | None


@dataclass(frozen=True, slots=True)
class After(Step):
    """`after 30d`: the clock moves on, and what is due happens."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Quiet(Step):
    """`until quiet`: the clock moves on until nothing is pending."""


@dataclass(frozen=True, slots=True)
class Poll(Step):
    """`on every 3rd poll`: from here on, so many looks at a record that waits bring its next event forward."""

    looks: int


@dataclass(frozen=True, slots=True)
class Age(Step):
    """`age name 2h`: the record becomes older."""

    name: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Expect(Step):
    """`expect e`: it is true now."""

    condition: Expr


@dataclass(frozen=True, slots=True)
class Example(Item):
    """An example, the rule that it proves, and who asks (in fields of the record that a service takes for a caller)."""

    title: str
    proves: str | None
    caller: ObjectOf | None
    steps: tuple[Step, ...]
