# SPDX-License-Identifier: Apache-2.0
"""Checks of operations: their paths, clauses and windows, and that each can be reached and answers.

On the way of a rule: `check` calls these for every service; the statements of an operation are looked at by
`check_statements`, in the scope that is made here.
"""

import re
from collections.abc import Mapping
from typing import Final

from mimic_rules.diagnostics import Related
from mimic_rules.language import declarations as de
from mimic_rules.language import operations as op
from mimic_rules.language.check_faults import check_once, check_phases
from mimic_rules.language.check_statements import Statements
from mimic_rules.language.check_types import check_type
from mimic_rules.language.check_windows import check_window, meet
from mimic_rules.language.infer import condition
from mimic_rules.language.kinds import TEXT, UNKNOWN, Kind, kind_of_type, record_of
from mimic_rules.language.model import ServiceModel
from mimic_rules.language.parameters import implied_parameters, query_type
from mimic_rules.language.scope import Context, Scope
from mimic_rules.language.vocabulary import complete

_VARIABLE: Final = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
_ONCE: Final = (op.BodyClause, op.QueryClause, op.ActionClause, de.Order)


def check_operations(service: ServiceModel, context: Context) -> None:
    """The operations of a service, each and beside each other."""
    for operation in service.operations:
        _check_operation(operation, service, context)
    _check_reached(service, context)


def _check_operation(operation: op.Operation, service: ServiceModel, context: Context) -> None:
    report = context.report
    scope = scope_of(operation, service, context)
    what = f"operation `{operation.verb} {operation.resource}`"
    check_window(operation.guards, service, report)
    condition(operation.guards.when, scope)
    check_once(operation.clauses, _ONCE, what, report)
    for clause in operation.clauses:
        match clause:
            case op.BodyClause() | op.QueryClause() | op.ActionClause():
                check_type(clause.type, scope)
            case de.Order():
                check_phases(clause, report)
            case _:
                pass
    orders = [one for one in (*operation.clauses, *service.lines(de.Order)) if isinstance(one, de.Order)]
    order = complete(orders[0].phases if orders else ())
    Statements(scope, service, order).check(operation.statements)
    if not any(isinstance(one, op.Answer | op.ListRecords) for one in operation.statements):
        told = f"{what} answers nothing"
        report.add("MR407", told, operation.span, word=operation.verb, help="end it with `answer` or `list`")


def scope_of(operation: op.Operation, service: ServiceModel, context: Context) -> Scope:
    """The scope in which an operation's statements begin."""
    scope = Scope(context, service, extra=request_names(operation, service, context))
    for variable in _VARIABLE.findall(operation.path):
        found = service.resources.get(operation.resource if variable == "id" else variable)
        if found is None:
            continue
        scope = scope.with_local(found.name, record_of(found))
        if found.name == operation.resource:
            scope = scope.of(found)
    return scope


def request_names(operation: op.Operation, service: ServiceModel, context: Context) -> Mapping[str, Kind]:
    """The kinds of `body`, `query` and `path` in a request for an operation."""
    body = UNKNOWN
    query = Kind("map", of=TEXT)
    members = {name: TEXT for name, _guards in implied_parameters(operation, service)}
    for clause in operation.clauses:
        match clause:
            case op.BodyClause():
                body = kind_of_type(context.model, service.name, clause.type, stored=False)
            case op.ActionClause():
                inner = kind_of_type(context.model, service.name, clause.type, stored=False)
                body = Kind("map", of=UNKNOWN, members={clause.key: inner})
            case _:
                pass
    asked = query_type(operation, service)
    if asked is not None:
        query = kind_of_type(context.model, service.name, asked, stored=False)
    query = Kind("map", of=TEXT, members={**members, **(query.members or {})}, closed=query.closed)
    paths = [
        operation.path,
        *(part for mount in service.lines(de.Mount) for part in (mount.path, mount.optional or "")),
    ]
    variables = dict.fromkeys((name for path in paths for name in _VARIABLE.findall(path)), TEXT)
    return {"body": body, "query": query, "path": Kind("map", members=variables, closed=True)}


def _check_reached(service: ServiceModel, context: Context) -> None:
    """No two operations answer the same requests."""
    seen: dict[tuple[str, str, bool, str], list[op.Operation]] = {}
    for operation in service.operations:
        at_root = any(isinstance(one, op.Flag) and one.word == "root" for one in operation.clauses)
        action = next((one.key for one in operation.clauses if isinstance(one, op.ActionClause)), "")
        same = seen.setdefault((operation.method, _VARIABLE.sub("{}", operation.path), at_root, action), [])
        before = next((one for one in same if meet(one.guards, operation.guards)), None)
        if before is not None:
            told = f"another operation answers {operation.method} {operation.path}"
            told += f" with action `{action}` already" if action else " already"
            context.report.add(
                "MR406",
                told,
                operation.span,
                word=operation.path,
                help="change the path, or part them by versions with `since` and `until`",
                related=[Related(before.span, f"`{before.verb} {before.resource}` answers it")],
            )
        same.append(operation)
