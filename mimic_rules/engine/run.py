# SPDX-License-Identifier: Apache-2.0
"""A request on its way through the phases, and how it ends early.

On the way of a request: made when its operation is known; the phases, the rules that strike and the answer work on it.
"""

from dataclasses import dataclass, field
from typing import Any, Final

from mimic_rules.engine.context import Context, Frame
from mimic_rules.engine.effects import Respond, Row
from mimic_rules.engine.exchange import Request, Response
from mimic_rules.engine.linked import LinkedService
from mimic_rules.engine.operations import Operation
from mimic_rules.engine.refusal import Refused
from mimic_rules.engine.resources import Record
from mimic_rules.engine.rulebook import MatchTable


class Struck(Exception):
    """A rule answered instead of the operation."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response: Final = response


@dataclass(frozen=True, slots=True)
class Late:
    """The answer that a rule gives once everything has happened; `seen` is what only its place knows."""

    row: Row
    respond: Respond
    record: Any
    seen: dict[str, Any]


@dataclass(slots=True)
class Run:
    """A request on its way: what is known of it, what will refuse it at which phase, and what rules have filled.

    `filled` is the place of the rule that has each slot; `pretended` says that nothing of it is to stay, `hidden` for
    how many seconds the record in hand is not to be seen.
    """

    context: Context
    service: LinkedService
    operation: Operation
    request: Request
    frame: Frame
    variables: dict[str, str]
    pending: dict[str, Refused]
    strikes: dict[str, MatchTable]
    late: Late | None = None
    prepared: list[Record] | None = None
    filled: dict[str, str] = field(default_factory=dict)
    pretended: bool = False
    hidden: float | None = None
