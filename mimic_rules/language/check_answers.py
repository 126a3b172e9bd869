# SPDX-License-Identifier: Apache-2.0
"""Checks of the answers that rules give, and of the phases before which rules strike.

On the way of a rule: `check_effects` asks it for every effect that a request meets.
"""

from typing import Final

from mimic_rules.language import declarations as de
from mimic_rules.language import expressions as ex
from mimic_rules.language import rules as ru
from mimic_rules.language import vocabulary
from mimic_rules.language.check_definitions import names_in
from mimic_rules.language.check_faults import check_fault_name, check_header, check_phase
from mimic_rules.language.check_types import check_period
from mimic_rules.language.infer import condition, infer
from mimic_rules.language.kinds import NUMBER, said
from mimic_rules.language.model import ResourceModel, RuleModel, ServiceModel
from mimic_rules.language.report import suggest
from mimic_rules.language.scope import Scope
from mimic_rules.language.slots import said_phase

_KNOWN_FROM: Final = {"body": "decode", "caller": "caller", "tenant": "caller", "quota": "caller", "version": "version"}
"""The phase in which a root comes to be known."""

_SOURCE: Final = ("code", "message", "type", "body", "headers", "retry_after", "after_commit")
"""The entries of a map that an answer is worked out of; the first two must be there."""

_STATUSES: Final = range(100, 600)


def check_respond(effect: ru.Respond, scope: Scope, *sees: str) -> None:
    """An answer; `sees` are more names that its text may use, which are numbers."""
    check_fault_name(effect.name, effect.span, scope.service, scope.context.report)
    if effect.message is not None:
        infer(effect.message, scope.with_names(sees, NUMBER).in_fault())
    if effect.source is not None:
        _check_source(effect.source, scope)
    if effect.body is not None:
        infer(effect.body, scope)
    for header in effect.headers:
        check_header(header, scope)
    check_period(effect.retry_after, scope)


def check_limit(effect: ru.Limit, scope: Scope) -> None:
    """A limit and what it answers; its text may say how long to `wait`."""
    condition(effect.per, scope)
    check_respond(effect.respond, scope, "wait")


def _check_source(source: ex.Expr, scope: Scope) -> None:
    """What an answer is worked out of is a map; one that is written out has what an answer needs."""
    report = scope.context.report
    kind = infer(source, scope)
    if kind.what not in ("map", "record", "unknown"):
        told = f"{report.places.text(source.span)} is {said(kind)}, and an answer is worked out of a map"
        report.add("MR307", told, source.span, help="write `{ code: 500, message: '…' }`, or read one with json()")
    if not isinstance(source, ex.ObjectOf) or not all(isinstance(one, ex.Entry) for one in source.entries):
        return
    entries = [one for one in source.entries if isinstance(one, ex.Entry)]
    given = {str(one.key.value): one for one in entries if isinstance(one.key, ex.Literal)}
    for name, entry in given.items():
        if name not in _SOURCE:
            told = f"an answer has no `{name}`"
            report.add("MR201", told, entry.key.span, help=suggest(name, _SOURCE, "it has " + ", ".join(_SOURCE)))
            return
    for name in _SOURCE[:2]:
        if name not in given and len(given) == len(entries):
            report.add("MR307", f"this answer has no `{name}`", source.span, help=f"write `{name}` too")
            return
    code = given["code"].value if "code" in given else None
    if isinstance(code, ex.Literal) and code.value not in _STATUSES:
        told = f"{report.places.text(code.span)} is no HTTP status"
        report.add("MR303", told, code.span, help="a status is a number from 100 to 599")


# -- phases -----------------------------------------------------------------------------------------------------------


def check_phases_of(effect: ru.Effect, model: RuleModel, resource: ResourceModel | None, scope: Scope) -> None:
    """The phase that an effect names, if it does: there is such a one, and what is read is known by then."""
    phase = said_phase(effect)
    if phase is None:
        return
    report = scope.context.report
    check_phase(phase, effect.span, report)
    answer = effect.respond if isinstance(effect, ru.Limit) else effect
    if isinstance(answer, ru.Respond) and answer.after_commit:
        told = "an answer after commit can't come before a phase"
        report.add("MR504", told, effect.span, word="before", help="leave out one of the two")
    elif phase in vocabulary.PHASES:
        _check_early(effect, phase, model, resource, scope)


def _check_early(effect: ru.Effect, phase: str, model: RuleModel, resource: ResourceModel | None, scope: Scope) -> None:
    """Nothing is read before the phase in which it comes to be known."""
    order = order_of(scope.service)
    only = model.rule.only
    per = (only.per if only else None, effect.per if isinstance(effect, ru.Limit) else None)
    found = {"self"} if resource is None else {"self", *scope.context.fields(resource)}
    if resource is not None and ex.Name(resource.name) in per:
        found.add(resource.name)
    known_from = dict(_KNOWN_FROM)
    chosen = None if model.rule.per is None or scope.service is None else scope.service.resources[model.rule.per]
    if chosen is not None and chosen.declaration.scope != "world":
        # Which records are in sight follows from who asks.
        known_from[chosen.name] = "caller"
    names = names_in((model.rule.condition, per, effect, None if chosen is None else ex.Name(chosen.name)))
    for name in sorted(names):
        needed = "find" if name in found and name not in known_from else known_from.get(name)
        if needed is not None and order.index(needed) >= order.index(phase):
            told = f"`{name}` is not known before phase `{phase}`"
            following = order[order.index(needed) + 1 :]
            help = f"strike before `{following[0]}` or later" if following else "leave `before` out"
            scope.context.report.add("MR504", told, effect.span, word=phase, last=True, help=help)
            return


def order_of(service: ServiceModel | None) -> list[str]:
    """The phases in the order of a service; those that it leaves out come after the one before them by default."""
    told = [] if service is None else [phase for line in service.lines(de.Order) for phase in line.phases]
    order = [phase for phase in dict.fromkeys(told) if phase in vocabulary.PHASES]
    for number, phase in enumerate(vocabulary.PHASES):
        if phase not in order:
            before = [one for one in vocabulary.PHASES[:number] if one in order]
            order.insert(max((order.index(one) for one in before), default=-1) + 1, phase)
    return order
