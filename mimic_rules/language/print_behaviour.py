# SPDX-License-Identifier: Apache-2.0
"""The canonical text of lifecycles, locks and operations.

Against the way of a rule: from the tree back to text, the other half of `print_items`.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any, Final

from mimic_rules.language import declarations as de
from mimic_rules.language import expressions as ex
from mimic_rules.language import lifecycles as li
from mimic_rules.language import operations as op
from mimic_rules.language.lexer import WORD
from mimic_rules.language.print_expressions import (
    QUERIED,
    SUM,
    print_duration,
    print_expr,
    print_guards,
    print_key,
)
from mimic_rules.language.print_items import (
    Lines,
    Printed,
    block,
    optional,
    print_across,
    print_else,
    print_fault,
    print_headers,
    print_sort_key,
)
from mimic_rules.language.print_types import print_type
from mimic_rules.language.texts import quote

_FIRST_WORD: Final = re.compile(WORD)

# What could follow `answer 200`, so that a body which begins with such a word needs parentheses.
_FOLLOWING_ANSWER: Final = (
    "header since until check permit within let find create set unset merge take delete move reconcile list answer"
)
_AFTER_ANSWER: Final = frozenset(_FOLLOWING_ANSWER.split())


def print_period(period: li.Period) -> str:
    """`30s`, or `e seconds`."""
    if isinstance(period, ex.Duration):
        return print_duration(period.seconds)
    return f"{print_expr(period.value, SUM)} seconds"


def print_event(event: li.EventName) -> str:
    """`create thing`, `any`, `any SERVICE` and the like."""
    verb, of = ("any", event.service) if isinstance(event, li.AnyEvent) else (event.verb, event.resource)
    return verb if of is None else f"{verb} {of}"


# -- lifecycles and locks ---------------------------------------------------------------------------------------------


def _origin(origin: li.Origin) -> str:
    states = ", ".join(origin.states)
    if not origin.inverted:
        return states
    return f"any but {states}" if states else "any"


def _state(line: li.State) -> str:
    text = f"state {line.name}{optional('shows', line.shows)}{' gone' if line.gone else ''}"
    return text if line.values is None else f"{text} {print_expr(line.values)}"


def _way(line: li.Timed | li.Requested, how: str) -> str:
    text = f"{_origin(line.origin)} -> {line.target} {how}"
    text += "" if line.condition is None else f" when {print_expr(line.condition)}"
    sets = ", ".join(f"{one.field} = {print_expr(one.value)}" for one in line.sets)
    return text + (f" sets {sets}" if sets else "")


def _free(line: li.Free) -> str:
    events = ", ".join(map(print_event, line.events))
    return " ".join(part for part in ("free", ", ".join(line.states), f"on {events}" if events else "") if part)


def _refuse(line: li.Refuse) -> str:
    event = "" if line.event is None else f" {print_event(line.event)}"
    return f"refuse{event}{optional('in', line.state)} {print_fault(line.fault)}"


_LIFECYCLE: Final[dict[type[Any], Callable[[Any], str]]] = {
    li.State: _state,
    li.Start: lambda line: f"start {line.state}",
    li.Timed: lambda line: _way(line, f"after {print_period(line.period)}"),
    li.Requested: lambda line: _way(line, f"on {', '.join(line.verbs)}"),
    li.Allowed: lambda line: f"allow {', '.join(line.verbs)} in {_origin(line.origin)}",
    li.Refusal: lambda line: f"else {print_fault(line.fault)}",
}
_LOCK: Final[dict[type[Any], Callable[[Any], str]]] = {
    li.Covers: lambda line: f"covers {', '.join(line.resources)}",
    li.Free: _free,
    li.Takes: lambda line: f"takes {line.state} for {print_duration(line.seconds)}",
    li.Itself: lambda line: "itself " + ", ".join(f"{one.verb} {one.state}" for one in line.marks),
    li.Marks: lambda line: f"marks {line.resource} -> {print_expr(line.others)}",
    li.Refuse: _refuse,
}

# -- operations -------------------------------------------------------------------------------------------------------


def _find(statement: op.Find) -> Lines:
    text = f"find {statement.resource}{optional('as', statement.alias)} where {print_expr(statement.condition)}"
    if statement.values is not None and statement.create_when is not None:
        text += f" otherwise create {print_expr(statement.values)} when {print_expr(statement.create_when)}"
    return [text + print_else(statement.fault) + print_guards(statement.guards)]


def _create(statement: op.Create) -> Lines:
    text = f"create {statement.resource}{optional('as', statement.alias)}"
    if statement.each is not None and statement.source is not None:
        text += f" for each {statement.each} in {print_expr(statement.source)}"
    return [f"{text} {print_expr(statement.values)}{print_guards(statement.guards)}"]


def _reconcile(statement: op.Reconcile) -> Lines:
    by = f"by ({', '.join(statement.by)}) with {print_expr(statement.source)} {print_expr(statement.values)}"
    return [f"reconcile {statement.resource} {by}{print_guards(statement.guards)}"]


def _keys(keys: Iterable[str]) -> str:
    return ", ".join(map(print_key, keys))


def _list_line(line: op.ListLine) -> str:
    if isinstance(line, op.Sortable):
        return f"sort {_keys(line.fields)}"
    if isinstance(line, op.Ordered):
        return f"order {', '.join(map(print_sort_key, line.keys))}"
    if isinstance(line, de.Across):
        return print_across(line)
    if isinstance(line, op.FilterExact):
        text = _keys(line.fields)
    elif isinstance(line, op.FilterRegex):
        text = f"{print_key(line.parameter)} matches" + ("" if line.field is None else f" {line.field}")
    else:
        deleted = " with deleted" if line.with_deleted else ""
        text = f"{print_key(line.parameter)} by {print_expr(line.condition)}{deleted}"
    return f"filter {text}{print_guards(line.guards)}"


def _list(statement: op.ListRecords) -> Lines:
    condition = "" if statement.condition is None else f" where {print_expr(statement.condition)}"
    lines = block(f"list {statement.resource} as {statement.view}{condition}", map(_list_line, statement.lines))
    return [*lines[:-1], lines[-1] + print_guards(statement.guards)]


def _answer(statement: op.Answer) -> Lines:
    text = f"answer {statement.status}"
    if statement.body is not None:
        body = print_expr(statement.body)
        first = _FIRST_WORD.match(body)
        text += f" ({body})" if first and first[0] in _AFTER_ANSWER else f" {body}"
    return [text + print_headers(statement.headers) + print_guards(statement.guards)]


_STATEMENTS: Final[Printed] = {
    op.Check: lambda one: [f"check {print_expr(one.condition)}{print_else(one.fault)}{print_guards(one.guards)}"],
    op.Permit: lambda one: [f"permit {print_expr(one.condition)}{print_else(one.fault)}{print_guards(one.guards)}"],
    op.Within: lambda one: [f"within {one.whom} {print_expr(one.value)}"],
    op.Let: lambda one: [f"let {one.name} = {print_expr(one.value, QUERIED)}"],
    op.Find: _find,
    op.Create: _create,
    op.Set: lambda one: [f"set {print_expr(one.target)} = {print_expr(one.value)}{print_guards(one.guards)}"],
    op.Unset: lambda one: [f"unset {print_expr(one.target)}{print_else(one.fault)}{print_guards(one.guards)}"],
    op.Merge: lambda one: [f"merge {print_expr(one.target)} with {print_expr(one.value)}{print_guards(one.guards)}"],
    op.Take: lambda one: [f"take {_keys(one.fields)} from {print_expr(one.source)}"],
    op.Delete: lambda one: [f"delete {print_expr(one.records, QUERIED)}{print_guards(one.guards)}"],
    op.Move: lambda one: [
        f"move {print_expr(one.records, QUERIED)} to {print_expr(one.state)}{print_guards(one.guards)}"
    ],
    op.Reconcile: _reconcile,
    op.ListRecords: _list,
    op.Answer: _answer,
}
_CLAUSES: Final[dict[type[Any], Callable[[Any], str]]] = {
    op.BodyClause: lambda clause: f"body {print_type(clause.type)}",
    op.QueryClause: lambda clause: f"query {print_type(clause.type)}",
    op.ActionClause: lambda clause: f"action {quote(clause.key)} {print_type(clause.type)}",
    op.Flag: lambda clause: "at root" if clause.word == "root" else clause.word,
    de.Order: lambda clause: f"order {', '.join(clause.phases)}",
}


def _operation(item: op.Operation) -> Lines:
    clauses = "".join(" " + _CLAUSES[type(clause)](clause) for clause in item.clauses)
    header = f"operation {item.verb} {item.resource} {item.method} {item.path}{clauses}{print_guards(item.guards)}"
    return block(header, [line for one in item.statements for line in _STATEMENTS[type(one)](one)])


BEHAVIOUR: Final[Printed] = {
    li.Lifecycle: lambda item: block(
        f"lifecycle of {item.resource}.{item.field}", [_LIFECYCLE[type(line)](line) for line in item.lines]
    ),
    li.Lock: lambda item: block(
        f"lock of {item.resource}.{item.field}", [_LOCK[type(line)](line) for line in item.lines]
    ),
    op.Operation: _operation,
}
