# SPDX-License-Identifier: Apache-2.0
"""From the parts of lifecycles, locks and operations, as the grammar names them, to their syntax trees.

On the way of a rule: between `build_items`, whose methods it adds to, and `build_rules`, which adds the last ones.
"""

from typing import Any as Parts

from mimic_rules.diagnostics import Span
from mimic_rules.language import declarations as de
from mimic_rules.language import expressions as ex
from mimic_rules.language import lifecycles as li
from mimic_rules.language import operations as op
from mimic_rules.language import types as ty
from mimic_rules.language.build_examples import ExampleBuilder
from mimic_rules.language.build_expressions import Mark
from mimic_rules.language.build_items import text_or_none, texts
from mimic_rules.language.lexer import Word
from mimic_rules.language.texts import unquote


class BehaviourBuilder(ExampleBuilder):
    """One method per production that makes a lifecycle, a lock or an operation."""

    def lifecycle(self, span: Span, resource: Word, field: Word, *lines: Parts) -> li.Lifecycle:
        return li.Lifecycle(resource.text, field.text, lines, span=span)

    def state(
        self, span: Span, name: Word, shows: Word | None, gone: Word | None, values: ex.ObjectOf | None
    ) -> li.State:
        return li.State(name.text, text_or_none(shows), gone is not None, values, span=span)

    def start_state(self, span: Span, state: Word) -> li.Start:
        return li.Start(state.text, span=span)

    def these(self, span: Span, *states: Word) -> li.Origin:
        return li.Origin(texts(states), span=span)

    def any_state(self, span: Span, *but: Word | None) -> li.Origin:
        return li.Origin(texts(but), inverted=True, span=span)

    def timed(
        self, span: Span, origin: li.Origin, target: Word, after: li.Period, condition: ex.Expr | None, sets: Parts
    ) -> li.Timed:
        return li.Timed(origin, target.text, after, condition, sets or (), span=span)

    def requested(self, span: Span, origin: li.Origin, target: Word, *rest: Parts) -> li.Requested:
        *verbs, condition, sets = rest
        return li.Requested(origin, target.text, texts(verbs), condition, sets or (), span=span)

    def allowed(self, span: Span, *parts: Parts) -> li.Allowed:
        *verbs, origin = parts
        return li.Allowed(texts(verbs), origin, span=span)

    def refusal(self, span: Span, fault: de.Fault) -> li.Refusal:
        return li.Refusal(fault, span=span)

    def sets(self, span: Span, *assignments: li.Assignment) -> tuple[li.Assignment, ...]:
        return assignments

    def period(self, span: Span, value: ex.Expr) -> li.Seconds:
        return li.Seconds(value, span=span)

    def assignment(self, span: Span, field: Word, value: ex.Expr) -> li.Assignment:
        return li.Assignment(field.text, value, span=span)

    # -- locks --------------------------------------------------------------------------------------------------------

    def lock(self, span: Span, resource: Word, field: Word, *lines: Parts) -> li.Lock:
        return li.Lock(resource.text, field.text, lines, span=span)

    def covers(self, span: Span, *resources: Word) -> li.Covers:
        return li.Covers(texts(resources), span=span)

    def free(self, span: Span, *parts: Word | li.EventName | None) -> li.Free:
        events = tuple(part for part in parts if isinstance(part, li.AnyEvent | li.NamedEvent))
        return li.Free(texts(part for part in parts if isinstance(part, Word)), events, span=span)

    def takes(self, span: Span, state: Word, period: Word) -> li.Takes:
        return li.Takes(state.text, self.seconds(period), span=span)

    def itself(self, span: Span, *marks: li.Mark) -> li.Itself:
        return li.Itself(marks, span=span)

    def mark(self, span: Span, verb: Word, state: Word) -> li.Mark:
        return li.Mark(verb.text, state.text, span=span)

    def marks(self, span: Span, resource: Word, others: ex.Expr) -> li.Marks:
        return li.Marks(resource.text, others, span=span)

    def refuse(self, span: Span, event: li.EventName | None, state: Word | None, fault: de.Fault) -> li.Refuse:
        return li.Refuse(event, text_or_none(state), fault, span=span)

    def any_event(self, span: Span, service: Word | None) -> li.EventName:
        return li.AnyEvent(text_or_none(service), span=span)

    def named_event(self, span: Span, verb: Word, resource: Word | None) -> li.EventName:
        return li.NamedEvent(verb.text, text_or_none(resource), span=span)

    # -- operations ---------------------------------------------------------------------------------------------------

    def operation(self, span: Span, verb: Word, resource: Word, method: Word, path: Word, *rest: Parts) -> op.Operation:
        marks = [part for part in rest if isinstance(part, Mark)]
        statements = tuple(part for part in rest if isinstance(part, op.Statement))
        clauses = tuple(part for part in rest if not isinstance(part, Mark | op.Statement))
        return op.Operation(
            verb.text, resource.text, method.text, path.text, clauses, self.guards(span, marks), statements, span=span
        )

    def body(self, span: Span, type_: ty.Type) -> op.BodyClause:
        return op.BodyClause(type_, span=span)

    def query(self, span: Span, *parts: Parts) -> op.QueryClause:
        return op.QueryClause(self.object_type(span, *parts), span=span)

    def action(self, span: Span, key: Word, type_: ty.Type) -> op.ActionClause:
        return op.ActionClause(unquote(key.text), type_, span=span)

    def public(self, span: Span) -> op.Flag:
        return op.Flag("public", span=span)

    def at_root(self, span: Span) -> op.Flag:
        return op.Flag("root", span=span)

    def check(self, span: Span, condition: ex.Expr, fault: de.Fault, *guards: Mark) -> op.Statement:
        return op.Check(condition, fault, self.guards(span, guards), span=span)

    def permit(self, span: Span, condition: ex.Expr, fault: de.Fault | None, *guards: Mark) -> op.Statement:
        return op.Permit(condition, fault, self.guards(span, guards), span=span)

    def within(self, span: Span, whom: Word, value: ex.Expr) -> op.Statement:
        return op.Within(whom.text, value, span=span)

    def let(self, span: Span, name: Word, value: ex.Expr) -> op.Statement:
        return op.Let(name.text, value, span=span)

    def otherwise_create(self, span: Span, values: ex.ObjectOf, condition: ex.Expr) -> Parts:
        return values, condition

    def find(self, span: Span, resource: Word, alias: Word | None, *rest: Parts) -> op.Statement:
        condition, create, fault, *guards = rest
        values, create_when = create or (None, None)
        return op.Find(
            resource.text,
            text_or_none(alias),
            condition,
            values,
            create_when,
            fault,
            self.guards(span, guards),
            span=span,
        )

    def create(self, span: Span, resource: Word, alias: Word | None, *rest: Parts) -> op.Statement:
        each, source, values, *guards = rest
        return op.Create(
            resource.text,
            text_or_none(alias),
            text_or_none(each),
            source,
            values,
            self.guards(span, guards),
            span=span,
        )

    def target(self, span: Span, name: Word, *steps: Mark) -> ex.Expr:
        value: ex.Expr = ex.Name(name.text, span=self.at(name))
        for step in steps:
            where = self.at(name).to(step.span)
            if step.what == "name":
                value = ex.Attribute(value, step.value, span=where)
            else:
                value = ex.Index(value, step.value, span=where)
        return value

    def target_name(self, span: Span, name: Word) -> Mark:
        return Mark("name", name.text, span)

    def target_index(self, span: Span, key: ex.Expr) -> Mark:
        return Mark("index", key, span)

    def set(self, span: Span, target: ex.Expr, value: ex.Expr, *guards: Mark) -> op.Statement:
        return op.Set(target, value, self.guards(span, guards), span=span)

    def unset(self, span: Span, target: ex.Expr, fault: de.Fault | None, *guards: Mark) -> op.Statement:
        return op.Unset(target, fault, self.guards(span, guards), span=span)

    def merge(self, span: Span, target: ex.Expr, value: ex.Expr, *guards: Mark) -> op.Statement:
        return op.Merge(target, value, self.guards(span, guards), span=span)

    def take(self, span: Span, *parts: Parts) -> op.Statement:
        *keys, source = parts
        return op.Take(tuple(self.plain_key(key) for key in keys), source, span=span)

    def delete(self, span: Span, records: ex.Expr, *guards: Mark) -> op.Statement:
        return op.Delete(records, self.guards(span, guards), span=span)

    def move(self, span: Span, records: ex.Expr, state: ex.Expr, *guards: Mark) -> op.Statement:
        return op.Move(records, state, self.guards(span, guards), span=span)

    def reconcile(self, span: Span, resource: Word, *rest: Parts) -> op.Statement:
        by = texts([part for part in rest if isinstance(part, Word)])
        source, values, *guards = rest[len(by) :]
        return op.Reconcile(resource.text, by, source, values, self.guards(span, guards), span=span)

    def list(self, span: Span, resource: Word, view: Word, condition: ex.Expr | None, *rest: Parts) -> op.Statement:
        guards = [part for part in rest if isinstance(part, Mark)]
        lines = tuple(part for part in rest if not isinstance(part, Mark))
        return op.ListRecords(resource.text, view.text, condition, lines, self.guards(span, guards), span=span)

    def filter_exact(self, span: Span, *parts: Parts) -> op.FilterExact:
        keys = [part for part in parts if not isinstance(part, Mark)]
        guards = [part for part in parts if isinstance(part, Mark)]
        return op.FilterExact(tuple(self.plain_key(key) for key in keys), self.guards(span, guards), span=span)

    def filter_regex(self, span: Span, key: Parts, field: Word | None, *guards: Mark) -> op.FilterRegex:
        return op.FilterRegex(self.plain_key(key), text_or_none(field), self.guards(span, guards), span=span)

    def filter_by(self, span: Span, key: Parts, condition: ex.Expr, deleted: Word | None, *guards: Mark) -> op.FilterBy:
        return op.FilterBy(self.plain_key(key), condition, deleted is not None, self.guards(span, guards), span=span)

    def sortable(self, span: Span, *keys: Parts) -> op.Sortable:
        return op.Sortable(tuple(self.plain_key(key) for key in keys), span=span)

    def ordered(self, span: Span, *keys: de.SortKey) -> op.Ordered:
        return op.Ordered(keys, span=span)

    def answer(self, span: Span, status: Word, body: ex.Expr | None, *rest: Parts) -> op.Statement:
        headers = tuple(part for part in rest if isinstance(part, de.Header))
        guards = [part for part in rest if isinstance(part, Mark)]
        return op.Answer(self._status(status), body, headers, self.guards(span, guards), span=span)
