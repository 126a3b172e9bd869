# SPDX-License-Identifier: Apache-2.0
"""A request that ends with a fault: raised by any phase, answered in the service's own words.

On the way of a request: the pipeline catches it, takes back what the request changed, and lets the service's dialect
make the answer.
"""

from dataclasses import dataclass
from typing import Any, Final

from mimic_rules.compiler.expressions import FaultPlan
from mimic_rules.engine.link import Linked, link


@dataclass(frozen=True, slots=True)
class Fault:
    """A linked fault: its text is worked out in the frame where it strikes; `place` is where it was written."""

    status: int
    name: str | None
    message: Linked
    place: str


class Refused(Exception):
    """A fault that struck; `seen` is what its place knows beside the frame, such as `value`."""

    def __init__(self, fault: Fault, **seen: Any) -> None:
        super().__init__(fault.place)
        self.fault: Final = fault
        self.seen: Final = seen
        self.frame: list[Any] | None = None


def link_fault(plan: FaultPlan) -> Fault:
    """The fault of a plan."""
    return Fault(plan.status, plan.name, link(plan.message), plan.place)


def link_fault_or_none(plan: FaultPlan | None) -> Fault | None:
    """The fault of a plan that may not be there."""
    return None if plan is None else link_fault(plan)
