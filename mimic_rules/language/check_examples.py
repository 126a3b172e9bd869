# SPDX-License-Identifier: Apache-2.0
"""Checks of examples: the rule that each proves, the operations that it asks for, and the names of its records.

On the way of a rule: `check` calls `check_example` for every example, after all that examples speak of is checked. The
compiler asks here what a request of an example means, so that both mean the same.
"""

import re
from typing import Final

from mimic_rules.language import declarations as de
from mimic_rules.language import examples as sample
from mimic_rules.language import expressions as ex
from mimic_rules.language import operations as op
from mimic_rules.language.check_definitions import names_in
from mimic_rules.language.check_faults import check_field_name, find_resource
from mimic_rules.language.check_windows import meet
from mimic_rules.language.infer import condition, infer
from mimic_rules.language.kinds import NUMBER, TEXT, UNKNOWN, Kind, record_of
from mimic_rules.language.model import ExampleModel, Model, ResourceModel, ServiceModel
from mimic_rules.language.report import suggest
from mimic_rules.language.scope import Context, Scope, qualified

ANSWER: Final = "answer"
"""What the last answer is called in an example."""

VARIABLE: Final = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
_ANSWERED: Final = Kind(
    "map",
    of=UNKNOWN,
    members={"status": NUMBER, "body": UNKNOWN, "headers": Kind("map", of=TEXT), "delay": NUMBER, "wire": UNKNOWN},
    closed=True,
)
_OF_A_REQUEST: Final = frozenset({"body", "caller", "headers", "path", "query", "request", "self"})
"""Roots that mean nothing between requests."""


def asked_operation(service: ServiceModel, step: sample.Ask, of: Model) -> tuple[ServiceModel, op.Operation] | None:
    """The operation that a request of an example is for, and the service that is asked: in an example of a dialect, its
    base where the dialect has none.
    """
    for name in dict.fromkeys((service.name, service.base)):
        found = _operation(of.services[name], step)
        if found is not None:
            return of.services[name], found
    return None


def _operation(service: ServiceModel, step: sample.Ask) -> op.Operation | None:
    """Of several, it is one of the default version, and the one that the single key of the body picks, or else one that
    no key has to pick.
    """
    found = [one for one in service.operations if (one.verb, one.resource) == (step.verb, step.resource)]
    defaults = [ex.Guards(since=line.default, until=line.default) for line in service.lines(de.Versions)]
    at_default = [one for one in found if all(meet(one.guards, default) for default in defaults)]
    picked = [one for one in at_default if _action(one) == _only_key(step.body)]
    unpicked = [one for one in at_default if _action(one) is None]
    return next(iter((*picked, *unpicked, *at_default, *found)), None)


def _action(operation: op.Operation) -> str | None:
    return next((clause.key for clause in operation.clauses if isinstance(clause, op.ActionClause)), None)


def _only_key(body: ex.Expr | None) -> object:
    """The single key of an object that is written down, or None."""
    entries = body.entries if isinstance(body, ex.ObjectOf) else ()
    only = entries[0] if len(entries) == 1 else None
    return only.key.value if isinstance(only, ex.Entry) and isinstance(only.key, ex.Literal) else None


def variables(operation: op.Operation, service: ServiceModel) -> list[str]:
    """The variables of the path that an example takes to an operation: that of the first mount, without its option."""
    at_root = any(isinstance(one, op.Flag) and one.word == "root" for one in operation.clauses)
    mount = "" if at_root else "".join([line.path for line in service.lines(de.Mount)][:1])
    # The region is that in which the example runs.
    outer, inner = (operation.path, "") if at_root else (mount, operation.path)
    return [name for name in VARIABLE.findall(outer) if name != "region"] + VARIABLE.findall(inner)


def named_by(variable: str, operation: op.Operation, service: ServiceModel) -> ResourceModel | None:
    """The resource whose record a variable of an operation's path names, or None."""
    return service.resources.get(operation.resource if variable == "id" else variable)


def made_by(operation: op.Operation) -> str | None:
    """The resource of which an operation makes a record, or None; its own, where it makes several."""
    made = [one.resource for one in operation.statements if isinstance(one, op.Create)]
    return operation.resource if operation.resource in made else next(iter(made), None)


def bound_by(operation: op.Operation) -> str | None:
    """The resource whose record a request for an operation gives a name to: what it makes, else its target, or None."""
    has_target = not {"id", operation.resource}.isdisjoint(VARIABLE.findall(operation.path))
    return made_by(operation) or (operation.resource if has_target else None)


def check_example(model: ExampleModel, context: Context) -> None:
    """An example."""
    example, report = model.example, context.report
    service = context.model.services[model.service]
    rules = {one.rule.name for one in context.model.rules if one.rule.name is not None}
    if example.proves is not None and example.proves not in rules:
        told = f"there is no rule `{example.proves}`"
        help = suggest(example.proves, rules, "give the rule that it proves a name, or leave `for` out")
        report.add("MR503", told, example.span, word=example.proves, help=help)
    if len(example.steps) > sample.MAX_STEPS:
        told = f"this example has more than {sample.MAX_STEPS} steps"
        report.add("MR110", told, example.span, word="example", help="split it in several")
        return
    scope = Scope(context, service).with_local(ANSWER, _ANSWERED)
    for step in example.steps:
        scope = _check_step(step, service, scope)
    if example.caller is not None:
        # It is worked out anew for each request, so that it can use the names of all records.
        _check_caller(example.caller, service, scope)


def _check_caller(caller: ex.ObjectOf, service: ServiceModel, scope: Scope) -> None:
    context = scope.context
    _infer(caller, scope)
    lines = service.lines(de.Caller)
    if not lines:
        told = f"service `{service.name}` doesn't ask who its caller is"
        context.report.add("MR802", told, caller.span, help="leave `as` out")
        return
    resource = context.model.resource(*qualified(service, lines[0].token))
    if resource is not None:
        for entry in caller.entries:
            if isinstance(entry, ex.Entry) and isinstance(entry.key, ex.Literal):
                check_field_name(str(entry.key.value), resource, entry.key.span, scope)


def _check_step(step: sample.Step, service: ServiceModel, scope: Scope) -> Scope:
    """A step; gives the scope of the next one."""
    match step:
        case sample.Ask():
            return _check_ask(step, service, scope)
        case sample.Age(name=name):
            if name not in _records(scope):
                told = f"there is no record `{name}` here"
                help = suggest(name, _records(scope), f"name it before: `{name} = create …`")
                scope.context.report.add("MR201", told, step.span, word=name, help=help)
        case sample.Expect(condition=expected):
            _infer(expected, scope, decides=True)
        case _:
            pass
    return scope


def _records(scope: Scope) -> set[str]:
    return scope.locals.keys() - {ANSWER}


def _infer(expr: ex.Expr, scope: Scope, decides: bool = False) -> None:
    fields = scope.context.names(scope.service)
    for name in sorted(names_in(expr, fields) & _OF_A_REQUEST - scope.locals.keys()):
        told = f"there is no `{name}` in an example"
        help = f"write `{ANSWER}.{name}` for that of the last answer" if name in ("body", "headers") else ""
        scope.context.report.add("MR201", told, expr.span, word=name, help=help or "write the value itself")
    if decides:
        condition(expr, scope)
    else:
        infer(expr, scope)


def _check_ask(step: sample.Ask, service: ServiceModel, scope: Scope) -> Scope:
    report = scope.context.report
    for part in (step.at, step.query, step.body, step.says):
        if part is not None:
            _infer(part, scope)
    if find_resource(step.resource, service, step.span, report) is None:
        return _bound(step, None, service, scope)
    asked = asked_operation(service, step, scope.context.model)
    if asked is None:
        known = {one.verb for one in service.operations if one.resource == step.resource}
        told = f"no operation `{step.verb} {step.resource}` is declared"
        otherwise = "its operations are " + ", ".join(sorted(known)) if known else "declare it"
        report.add("MR203", told, step.span, word=step.verb, help=suggest(step.verb, known, otherwise))
        return _bound(step, None, service, scope)
    of, operation = asked
    _check_path(step, operation, of, scope)
    return _bound(step, operation, of, scope)


def _check_path(step: sample.Ask, operation: op.Operation, service: ServiceModel, scope: Scope) -> None:
    report = scope.context.report
    named = variables(operation, service)
    entries = () if step.at is None else step.at.entries
    given = [one.key for one in entries if isinstance(one, ex.Entry) and isinstance(one.key, ex.Literal)]
    for key in given:
        if key.value not in named:
            told = f"`{operation.path}` has no variable `{key.value}`"
            help = suggest(str(key.value), named, "it has " + ", ".join(named) if named else "leave `at` out")
            report.add("MR201", told, key.span, help=help)
    if len(given) < len(entries):
        # What other entries fill is known only when the example is run.
        return
    for variable in named:
        resource = named_by(variable, operation, service)
        if variable in [key.value for key in given]:
            continue
        if resource is None or resource.name not in _records(scope):
            told = f"nothing says what `{{{variable}}}` is in {operation.path}"
            help = f"write `at {{ {variable}: … }}`"
            help = help if resource is None else f"name one before, `{resource.name} = create …`, or {help}"
            report.add("MR801", told, step.span, word=step.verb, help=help)


def _bound(step: sample.Ask, operation: op.Operation | None, service: ServiceModel, scope: Scope) -> Scope:
    """The scope with the name that a step gives."""
    name, report = step.name, scope.context.report
    if name is None:
        return scope
    if name in scope.locals:
        told = "the last answer is called that" if name == ANSWER else f"a record is called `{name}` already"
        report.add("MR206", told, step.span, word=name, help="take another name")
        return scope
    named = None if operation is None else bound_by(operation)
    if operation is not None and named is None:
        told = f"`{step.verb} {step.resource}` makes no record and has none in its path"
        report.add("MR803", told, step.span, word=name, help=f"leave `{name} =` out, and look at `{ANSWER}`")
    resource = None if named is None else service.resources.get(named)
    return scope.with_local(name, UNKNOWN if resource is None else record_of(resource))
