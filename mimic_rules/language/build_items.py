# SPDX-License-Identifier: Apache-2.0
"""From the parts of declarations and types, as the grammar names them, to their syntax trees.

On the way of a rule: `syntax` calls one method per production of `rules.lark`; `build_expressions` has those of
expressions, `build_behaviour` and `build_rules` those of all that moves.
"""

from dataclasses import replace
from typing import Any as Parts

from mimic_rules.diagnostics import Span, did_you_mean
from mimic_rules.language import declarations as de
from mimic_rules.language import expressions as ex
from mimic_rules.language import types as ty
from mimic_rules.language.build_expressions import ExpressionBuilder, Mark, gather
from mimic_rules.language.lexer import Word
from mimic_rules.language.texts import unquote


def texts(words: Parts) -> tuple[str, ...]:
    """The texts of words; what is not there is left out."""
    return tuple(word.text for word in words if word is not None)


def text_or_none(word: Word | None) -> str | None:
    """The text of a word that may not be there."""
    return None if word is None else word.text


class ItemBuilder(ExpressionBuilder):
    """One method per production that makes a type or a declaration."""

    def version_line(self, span: Span, version: Word) -> str:
        return version.text

    def qualified(self, span: Span, first: Word, second: Word | None) -> de.Qualified:
        return de.Qualified(first.text, text_or_none(second), span=span)

    def subject(self, span: Span, about: de.Qualified) -> de.Subject:
        return de.Subject(about, span=span)

    def subject_block(self, span: Span, about: de.Qualified, *items: Parts) -> de.Subject:
        return de.Subject(about, items, span=span)

    def fault(self, span: Span, status: Word, name: Word | None, message: Word) -> de.Fault:
        return de.Fault(self._status(status), text_or_none(name), self.quoted(message), span=span)

    def _status(self, word: Word) -> int:
        status = self.amount(word)
        if not isinstance(status, int) or not 100 <= status <= 599:
            self.diagnostics.add(
                "MR303", f"`{word.text}` is no HTTP status", self.at(word), help="a status is a number from 100 to 599"
            )
            return 500
        return status

    def header(self, span: Span, name: Word, value: ex.Expr) -> de.Header:
        return de.Header(unquote(name.text), value, span=span)

    # -- services -----------------------------------------------------------------------------------------------------

    def service(self, span: Span, name: Word, title: Word, base: Word | None, *lines: Parts) -> de.Service:
        of = None if base is None else de.Qualified(base.text, span=self.at(base))
        return de.Service(name.text, unquote(title.text), lines, of, span=span)

    def service_type(self, span: Span, word: Word) -> de.Label:
        return de.Label("type", unquote(word.text), span=span)

    def service_name(self, span: Span, word: Word) -> de.Label:
        return de.Label("name", unquote(word.text), span=span)

    def mount(self, span: Span, path: Word, optional: Word | None) -> de.Mount:
        return de.Mount(path.text, text_or_none(optional), span=span)

    def caller(
        self,
        span: Span,
        header: Word,
        token: de.Qualified,
        good: ex.Expr,
        tenant: Word,
        user: Word | None,
        fault: de.Fault,
    ) -> de.Caller:
        return de.Caller(unquote(header.text), token, good, tenant.text, text_or_none(user), fault, span=span)

    def carrier(self, span: Span, header: Word, form: Word | None) -> de.Carrier:
        return de.Carrier(unquote(header.text), None if form is None else unquote(form.text), span=span)

    def versions(self, span: Span, *parts: Parts) -> de.Versions:
        *carriers, first, last, default = parts
        return de.Versions(tuple(carriers), first.text, last.text, default.text, span=span)

    def service_header(self, span: Span, name: Word, value: ex.Expr) -> de.Header:
        return de.Header(unquote(name.text), value, span=span)

    def envelope(self, span: Span, body: ex.ObjectOf) -> de.Envelope:
        return de.Envelope(body, span=span)

    def fault_text(self, span: Span, word: Word) -> Mark:
        return Mark("message", self.quoted(word), span)

    def fault_body(self, span: Span, body: ex.ObjectOf) -> Mark:
        return Mark("body", body, span)

    def fault_name(self, span: Span, status: Word, name: Word, *marks: Parts) -> de.FaultName:
        headers = tuple(mark for mark in marks if isinstance(mark, de.Header))
        found = gather([mark for mark in marks if isinstance(mark, Mark)], self.diagnostics)
        return de.FaultName(
            self._status(status), name.text, found.get("message"), found.get("body"), headers, span=span
        )

    def fault_else(self, span: Span, name: Word) -> de.FaultElse:
        return de.FaultElse(name.text, span=span)

    def hands_out(self, span: Span, name: Word, value: ex.Expr) -> de.HandsOut:
        return de.HandsOut(unquote(name.text), value, span=span)

    def shares(self, span: Span, *resources: de.Qualified) -> de.Shares:
        return de.Shares(resources, span=span)

    def situation(self, span: Span, name: Word, resource: Word | None, fault: de.Fault) -> de.Situation:
        return de.Situation(name.text, fault, text_or_none(resource), span=span)

    def order(self, span: Span, *phases: Word) -> de.Order:
        return de.Order(texts(phases), span=span)

    def page(self, span: Span, *lines: Parts) -> de.Page:
        return de.Page(lines, span=span)

    def page_limit(self, span: Span, parameter: Word, within: ty.Range, fault: de.Fault | None) -> de.PageLimit:
        return de.PageLimit(parameter.text, within, fault, span=span)

    def page_marker(self, span: Span, parameter: Word, fault: de.Fault) -> de.PageMarker:
        return de.PageMarker(parameter.text, fault, span=span)

    def page_offset(self, span: Span, parameter: Word) -> de.PageOffset:
        return de.PageOffset(parameter.text, span=span)

    def page_sort(self, span: Span, keys: Word, directions: Word | None, *default: de.SortKey) -> de.PageSort:
        return de.PageSort(keys.text, text_or_none(directions), default, span=span)

    def sort_key(self, span: Span, field: Word, direction: Word | None) -> de.SortKey:
        return de.SortKey(field.text, direction is not None and direction.text == "desc", span=span)

    def page_wrap(self, span: Span, body: ex.ObjectOf) -> de.PageWrap:
        return de.PageWrap(body, span=span)

    # -- data ---------------------------------------------------------------------------------------------------------

    def setting(self, span: Span, name: Word, type_: ty.Type, default: ex.Expr, doc: Word | None) -> de.Setting:
        return de.Setting(name.text, type_, default, "" if doc is None else unquote(doc.text), span=span)

    def seed(self, span: Span, resource: Word, name: Word, source: ex.Expr, values: ex.ObjectOf) -> de.Seed:
        return de.Seed(resource.text, name.text, source, values, span=span)

    def number(self, span: Span, *parts: Word | None) -> Word:
        words = [part for part in parts if part is not None]
        return replace(words[-1], text="".join(texts(words)), column=words[0].column, start_pos=words[0].start_pos)

    def counts(self, span: Span, resource: Word) -> tuple[str, None]:
        return resource.text, None

    def sums_of(self, span: Span, resource: Word, field: Word) -> tuple[str, str]:
        return resource.text, field.text

    def quota(self, span: Span, name: Word, limit: Word, of: tuple[str, str | None] | None) -> de.Quota:
        resource, field = of or (None, None)
        return de.Quota(name.text, self.whole(limit), resource, field, span=span)

    def resource(self, span: Span, name: Word, scope: Word, role: Word | None, *lines: Parts) -> de.Resource:
        return de.Resource(name.text, scope.text, text_or_none(role), lines, span=span)

    def optional(self, span: Span, word: Word) -> Mark:
        return Mark("?", True, span)

    def initial(self, span: Span, value: ex.Expr) -> Mark:
        return Mark("=", value, span)

    def on_change(self, span: Span, word: Word) -> Mark:
        return Mark("on change", True, span)

    def otherwise_fault(self, span: Span, fault: de.Fault) -> Mark:
        return Mark("else", fault, span)

    def keyed(self, span: Span, key: Word, value: Word) -> Mark:
        return Mark("keyed", (key.text, value.text), span)

    def field(self, span: Span, key: ex.Text | ex.Literal, type_: ty.Type, *marks: Mark) -> de.Field:
        found = gather(marks, self.diagnostics)
        if not found and isinstance(type_, ty.Exactly) and did_you_mean(self.plain_key(key), ["missing"]):
            # `misssing 404 notFound "…"` would be a field that can only be 404, and another one.
            self.diagnostics.add("MR101", f"`{self.plain_key(key)}` can't stand here", key.span, help="write `missing`")
        return de.Field(
            self.plain_key(key),
            type_,
            found.get("?", False),
            found.get("="),
            found.get("on change", False),
            found.get("else"),
            found.get("keyed"),
            span=span,
        )

    def resource_key(self, span: Span, *fields: Word) -> de.Key:
        return de.Key(texts(fields), span=span)

    def resource_plural(self, span: Span, name: Word) -> de.Plural:
        return de.Plural(name.text, span=span)

    def unique(self, span: Span, *parts: Parts) -> de.Unique:
        *values, condition, fault = parts
        return de.Unique(tuple(values), condition, fault, span=span)

    def invariant(self, span: Span, condition: ex.Expr, fault: de.Fault) -> de.Invariant:
        return de.Invariant(condition, fault, span=span)

    def missing(self, span: Span, fault: de.Fault) -> de.Missing:
        return de.Missing(fault, span=span)

    def kept(self, span: Span, period: Word) -> de.Kept:
        return de.Kept(self.seconds(period), span=span)

    def across(self, span: Span, condition: ex.Expr) -> de.Across:
        return de.Across(condition, span=span)

    def on_delete(self, span: Span, resource: Word, policy: Word, fault: de.Fault | None) -> de.OnDelete:
        return de.OnDelete(resource.text, policy.text, fault, span=span)

    # -- types --------------------------------------------------------------------------------------------------------

    def type(self, span: Span, *alternatives: ty.Type) -> ty.Type:
        return alternatives[0] if len(alternatives) == 1 else ty.OneOf(alternatives, span=span)

    def range(self, span: Span, low: Word, high: Word | None) -> ty.Range:
        return ty.Range(self.amount(low), None if high is None else self.amount(high), span=span)

    def text_type(self, span: Span, within: ty.Range | None, pattern: Word | None) -> ty.Type:
        return ty.Plain("text", within, None if pattern is None else self.pattern(pattern), span=span)

    def int_type(self, span: Span, within: ty.Range | None) -> ty.Type:
        return ty.Plain("int", within, span=span)

    def number_type(self, span: Span, within: ty.Range | None) -> ty.Type:
        return ty.Plain("number", within, span=span)

    def bool_type(self, span: Span) -> ty.Type:
        return ty.Plain("bool", span=span)

    def uuid_type(self, span: Span) -> ty.Type:
        return ty.Plain("uuid", span=span)

    def hex_type(self, span: Span) -> ty.Type:
        return ty.Plain("hex", span=span)

    def sequence_type(self, span: Span) -> ty.Type:
        return ty.Plain("sequence", span=span)

    def time_type(self, span: Span) -> ty.Type:
        return ty.Plain("time", span=span)

    def fault_type(self, span: Span) -> ty.Type:
        return ty.Plain("fault", span=span)

    def any_type(self, span: Span) -> ty.Type:
        return ty.Plain("any", span=span)

    def lifecycle_type(self, span: Span) -> ty.Type:
        return ty.Plain("lifecycle", span=span)

    def null_type(self, span: Span) -> ty.Type:
        return ty.Plain("null", span=span)

    def map_type(self, span: Span, within: ty.Range | None, values: ty.Type) -> ty.Type:
        return ty.MapType(values, within, span=span)

    def list_type(self, span: Span, within: ty.Range | None, items: ty.Type) -> ty.Type:
        return ty.ListType(items, within, span=span)

    def reference_type(self, span: Span, to: de.Qualified) -> ty.Type:
        return ty.Reference(to.first, to.second, span=span) if to.second else ty.Reference("", to.first, span=span)

    def literal_type(self, span: Span, word: Word) -> ty.Type:
        return ty.Exactly(unquote(word.text), span=span)

    def literal_number(self, span: Span, word: Word) -> ty.Type:
        return ty.Exactly(self.amount(word), span=span)

    def object_type(self, span: Span, *parts: Parts) -> ty.ObjectType:
        *members, within, strict = parts
        guards = ex.ALWAYS if within is None or strict is not None else within
        return ty.ObjectType(tuple(members), strict is not None or within is not None, guards, span=span)

    def strictly(self, span: Span, *guards: Mark) -> ex.Guards:
        return self.guards(span, [guard for guard in guards if guard is not None])

    def queries(self, span: Span, *parts: Parts) -> de.Queries:
        return de.Queries(self.object_type(span, *parts), span=span)

    def member_type(
        self, span: Span, key: ex.Text | ex.Literal, optional: Word | None, type_: ty.Type, *guards: Mark
    ) -> ty.Member:
        marks = [guard for guard in guards if guard is not None]
        return ty.Member(self.plain_key(key), type_, optional is not None, self.guards(span, marks), span=span)

    # -- views and saying things once ---------------------------------------------------------------------------------

    def view(self, span: Span, resource: Word, name: Word, *entries: Parts) -> de.View:
        return de.View(resource.text, name.text, entries, span=span)

    def view_field(self, span: Span, key: ex.Text | ex.Literal, value: ex.Expr | None, *guards: Mark) -> ex.Entry:
        return self.entry(span, key, value, *guards)

    def include(self, span: Span, view: Word, *guards: Mark) -> de.Include:
        return de.Include(view.text, self.guards(span, guards), span=span)

    def gone(self, span: Span, fault: de.Fault, *rest: Parts) -> de.Gone:
        guards = self.guards(span, [part for part in rest if isinstance(part, Mark)])
        return de.Gone(fault, guards, texts([part for part in rest if isinstance(part, Word)]), span=span)

    def definition(self, span: Span, name: Word, value: ex.Expr) -> de.Definition:
        return de.Definition(name.text, value, span=span)

    def template(self, span: Span, name: Word, *rest: Parts) -> de.Template:
        parameters = texts([part for part in rest if isinstance(part, Word)])
        items = tuple(part for part in rest if isinstance(part, de.Item))
        return de.Template(name.text, parameters, items, span=span)

    def use(self, span: Span, name: Word, *arguments: ex.Expr | None) -> de.Use:
        return de.Use(name.text, tuple(one for one in arguments if one is not None), span=span)

    def for_each(self, span: Span, *parts: Parts) -> de.ForEach:
        bindings = tuple(part for part in parts if isinstance(part, de.Binding))
        return de.ForEach(bindings, tuple(part for part in parts if isinstance(part, de.Item)), span=span)

    def binding(self, span: Span, *parts: Parts) -> de.Binding:
        names = texts([part for part in parts if isinstance(part, Word)])
        cells = tuple(part for part in parts if isinstance(part, tuple))
        for cell in cells:
            if len(cell) != len(names):
                self.diagnostics.add(
                    "MR108",
                    f"this has {len(cell)} values for {len(names)} names",
                    cell[0].span,
                    help="give every name a value",
                )
        return de.Binding(names, tuple(cell for cell in cells if len(cell) == len(names)), span=span)

    def cell(self, span: Span, *values: ex.Expr) -> tuple[ex.Expr, ...]:
        return values
