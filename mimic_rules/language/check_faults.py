# SPDX-License-Identifier: Apache-2.0
"""Checks of faults, headers, orders of phases and things that may be said once: what many declarations have.

On the way of a rule: the checks of services, resources, operations and rules ask here for what they share.
"""

import re
from collections.abc import Iterable
from typing import Any as Parts
from typing import Final

from mimic_rules.diagnostics import Span
from mimic_rules.language import declarations as de
from mimic_rules.language import vocabulary
from mimic_rules.language.infer import condition, infer
from mimic_rules.language.model import ResourceModel, ServiceModel
from mimic_rules.language.report import Report, suggest
from mimic_rules.language.scope import Scope

# RFC 9110, section 5.6.2: what a header's name is made of.
_HEADER: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")


def check_fault(fault: de.Fault | None, scope: Scope, *sees: str) -> None:
    """A fault, if there is one: its name is its service's, and its text uses what the place has to say."""
    if fault is not None:
        check_fault_name(fault.name, fault.span, scope.service, scope.context.report)
        infer(fault.message, scope.in_fault(*sees))


def check_fault_name(name: str | None, span: Span, service: ServiceModel | None, report: Report) -> None:
    """The name of a fault, if it has one."""
    if name is None or service is None:
        return
    known = {line.name for line in service.lines(de.FaultName)} | {line.name for line in service.lines(de.FaultElse)}
    if name not in known:
        told = f"service `{service.name}` has no fault `{name}`"
        report.add("MR207", told, span, word=name, help=suggest(name, known, "declare it with `fault STATUS NAME`"))


def check_header(header: de.Header, scope: Scope) -> None:
    """A header that an answer carries."""
    check_header_name(header.name, header.span, scope.context.report)
    infer(header.value, scope)


def check_header_name(name: str, span: Span, report: Report) -> None:
    """The name of a header is one word."""
    if not _HEADER.fullmatch(name):
        told = f"`{name}` can't be the name of a header"
        report.add("MR307", told, span, word=name, help="write letters, digits and hyphens only")


def check_phases(order: de.Order, report: Report) -> None:
    """An order of phases."""
    for phase in order.phases:
        check_phase(phase, order.span, report)
    for at, phase in enumerate(order.phases):
        if phase in order.phases[:at]:
            told = f"phase `{phase}` is said twice"
            report.add("MR104", told, order.span, word=phase, last=True, help="keep one of the two")


def check_phase(phase: str, span: Span, report: Report) -> None:
    """The name of a phase."""
    if phase not in vocabulary.PHASES:
        help = suggest(phase, vocabulary.PHASES, "the phases are " + ", ".join(vocabulary.PHASES))
        report.add("MR208", f"there is no phase `{phase}`", span, word=phase, last=True, help=help)


def check_once(lines: Iterable[Parts], kinds: Iterable[type[Parts]], what: str, report: Report) -> None:
    """Lines of these kinds are said at most once in `what`."""
    wanted = tuple(kinds)
    seen: set[type[Parts]] = set()
    for line in lines:
        if isinstance(line, wanted):
            if type(line) in seen:
                report.add("MR104", f"this is said twice in {what}", line.span, help="keep one of the two")
            seen.add(type(line))


def check_across(line: de.Across, resource: ResourceModel, scope: Scope) -> None:
    """Records that every tenant sees, or that have a user or an owner, aren't each tenant's own."""
    condition(line.condition, scope)
    if resource.declaration.scope != "tenant":
        told = f"a `{resource.name}` doesn't live in a tenant"
        help = "take this line away, or let what it lives in say it"
        scope.context.report.add("MR307", told, line.span, word="across", help=help)


def check_field_name(name: str, resource: ResourceModel, span: Span, scope: Scope, *, last: bool = False) -> bool:
    """Whether a resource has a field; reported when not."""
    fields = scope.context.fields(resource)
    if name in fields:
        return True
    told = f"resource `{resource.name}` has no field `{name}`"
    help = suggest(name, fields, "it has " + ", ".join(sorted(fields)) if fields else "declare it in the resource")
    scope.context.report.add("MR201", told, span, word=name, last=last, help=help)
    return False


def find_resource(name: str, service: ServiceModel, span: Span, report: Report) -> ResourceModel | None:
    """A resource of the service; reported when there is none."""
    resource = service.resources.get(name)
    if resource is None:
        told = f"service `{service.name}` has no resource `{name}`"
        report.add("MR202", told, span, word=name, help=suggest(name, service.resources, "declare it with `resource`"))
    return resource
