# SPDX-License-Identifier: Apache-2.0
"""Examples as tables: the steps in order, every expression lowered, and the words to say where one of them fails.

Between the language and the engine: part of a `Program`. No request consults them; who proves rules runs them. Their
spans are whole, since what fails is shown in the text of the file.
"""

from dataclasses import dataclass

from mimic_rules.compiler.expressions import Plan
from mimic_rules.diagnostics import Span


@dataclass(frozen=True, slots=True)
class BindPlan:
    """The name that a request gives: the slot that notes its record, the record's kind, and whether it is `made` by the
    request or named by its path.
    """

    slot: int
    kind: str
    made: bool


@dataclass(frozen=True, slots=True)
class AskPlan:
    """A request, and the answer that it gets. `operation` is its place among those of the service, which is the one of
    the example or its base; `records` are the slots whose records fill variables of the path, unless `at` does.
    """

    service: str
    operation: int
    records: tuple[tuple[str, int], ...]
    at: Plan | None
    query: Plan | None
    body: Plan | None
    status: int
    says: Plan | None
    binds: BindPlan | None
    span: Span


@dataclass(frozen=True, slots=True)
class AfterPlan:
    """The clock moves on."""

    seconds: float
    span: Span


@dataclass(frozen=True, slots=True)
class QuietPlan:
    """The clock moves on until nothing is pending."""

    span: Span


@dataclass(frozen=True, slots=True)
class PollPlan:
    """From here on, so many looks at a record that waits bring its next event forward."""

    looks: int
    span: Span


@dataclass(frozen=True, slots=True)
class AgePlan:
    """The record that a slot notes becomes older."""

    slot: int
    name: str
    seconds: float
    span: Span


@dataclass(frozen=True, slots=True)
class SidePlan:
    """A part of a condition whose value explains it, and how it is written."""

    said: str
    value: Plan


@dataclass(frozen=True, slots=True)
class ExpectedPlan:
    """A condition that must hold, how it is written, and what explains it where it does not."""

    condition: Plan
    said: str
    sides: tuple[SidePlan, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class ExpectPlan:
    """What must all be true, each told apart."""

    parts: tuple[ExpectedPlan, ...]


ExampleStepPlan = AskPlan | AfterPlan | QuietPlan | PollPlan | AgePlan | ExpectPlan


@dataclass(frozen=True, slots=True)
class ExamplePlan:
    """An example: the service that it asks, the rule that must decide in it (name and id), and who asks.

    `answer` is the slot of the last answer.
    """

    title: str
    service: str
    proves: tuple[str, str] | None
    caller: Plan | None
    steps: tuple[ExampleStepPlan, ...]
    answer: int
    size: int
    span: Span
