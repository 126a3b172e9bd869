# SPDX-License-Identifier: Apache-2.0
"""Checks of the statements of an operation, in the order written; what one of them names, those after it may use.

On the way of a rule: `check_operations` makes the scope in which they begin.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any as Parts
from typing import Final

from mimic_rules.diagnostics import Span
from mimic_rules.language import declarations as de
from mimic_rules.language import expressions as ex
from mimic_rules.language import operations as op
from mimic_rules.language.check_definitions import names_in
from mimic_rules.language.check_faults import (
    check_across,
    check_fault,
    check_field_name,
    check_header,
    check_once,
    find_resource,
)
from mimic_rules.language.check_lifecycles import check_states
from mimic_rules.language.check_services import check_values
from mimic_rules.language.check_types import check_field_value
from mimic_rules.language.infer import condition, guards, infer, source
from mimic_rules.language.kinds import TEXT, UNKNOWN, Kind, record_of, said
from mimic_rules.language.model import ResourceModel, ServiceModel
from mimic_rules.language.report import suggest
from mimic_rules.language.scope import Scope
from mimic_rules.language.vocabulary import PHASES


@dataclass(slots=True)
class Statements:
    """Checks statements of an operation of `service`; `scope` grows with what they name.

    `order` is that of the operation's phases.
    """

    scope: Scope
    service: ServiceModel
    order: Sequence[str] = PHASES
    _lets: set[str] = field(default_factory=set)
    _named: set[str] = field(default_factory=set)

    def check(self, statements: Iterable[op.Statement]) -> None:
        """Check the statements, in their order."""
        for statement in statements:
            guarded = getattr(statement, "guards", None)
            if isinstance(guarded, ex.Guards):
                guards(guarded, self.scope)
            _CHECKS[type(statement)](self, statement)

    def _resource(self, name: str, span: Span) -> ResourceModel | None:
        return find_resource(name, self.service, span, self.scope.context.report)

    def _name(self, name: str, resource: ResourceModel | None) -> None:
        self._named.add(name)
        self.scope = self.scope.with_local(name, UNKNOWN if resource is None else record_of(resource))

    def _permit(self, statement: op.Permit) -> None:
        """A permission is looked at before what stands above it, unless the order of phases says otherwise."""
        self._check(statement)
        if self.order.index("permit") > self.order.index("checks"):
            return
        text = None if statement.fault is None else statement.fault.message
        too_soon = sorted(names_in((statement.condition, text)) & self._named)
        if too_soon:
            name = too_soon[0]
            told = f"`{name}` is not known yet when permissions are looked at: the phase `permit` comes before `checks`"
            help = "say what it stands for here, or in a `let` outside of the operation, or ask with `check`"
            self.scope.context.report.add("MR410", told, statement.span, word=name, last=True, help=help)

    def _check(self, statement: op.Check | op.Permit) -> None:
        condition(statement.condition, self.scope)
        check_fault(statement.fault, self.scope)

    def _within(self, statement: op.Within) -> None:
        infer(statement.value, self.scope)

    def _let(self, statement: op.Let) -> None:
        if statement.name in self._lets:
            told = f"`{statement.name}` has a value already, and it never changes"
            self.scope.context.report.add("MR206", told, statement.span, word=statement.name, help="take another name")
        self._lets.add(statement.name)
        self._named.add(statement.name)
        self.scope = self.scope.with_local(statement.name, infer(statement.value, self.scope))

    def _find(self, statement: op.Find) -> None:
        resource = self._resource(statement.resource, statement.span)
        item = UNKNOWN if resource is None else record_of(resource)
        condition(statement.condition, self.scope.with_item(item))
        if statement.values is not None:
            check_values(statement.values, self.service, statement.resource, self.scope)
        condition(statement.create_when, self.scope)
        check_fault(statement.fault, self.scope)
        self._name(statement.alias or statement.resource, resource)

    def _create(self, statement: op.Create) -> None:
        resource = self._resource(statement.resource, statement.span)
        inner = self.scope
        if statement.each is not None and statement.source is not None:
            inner = inner.with_local(statement.each, self._items(statement.source))
        check_values(statement.values, self.service, statement.resource, inner)
        self._name(statement.alias or statement.resource, resource)

    def _items(self, expr: ex.Expr) -> Kind:
        """The kind of the items of a list."""
        kind = source(expr, self.scope)
        if kind.what not in ("list", "unknown", "null"):
            quoted = self.scope.context.report.places.text(expr.span)
            told = f"{quoted} is {said(kind)}, not a list"
            self.scope.context.report.add("MR307", told, expr.span, help="go through a list")
        return kind.of if kind.what == "list" and kind.of is not None else UNKNOWN

    # -- changes

    def _set(self, statement: op.Set) -> None:
        resource, name = self._target(statement.target)
        if resource is not None:
            check_field_value(statement.value, resource, name, self.scope)
        else:
            infer(statement.value, self.scope)

    def _target(self, target: ex.Expr) -> tuple[ResourceModel | None, str]:
        """The resource and field that a target names; None where it is a part of a field, or wrong."""
        record = self.scope.record
        if isinstance(target, ex.Name):
            if record is None or record.resource is None:
                if not self._is_quota(target):
                    told = f"there is no record at hand here whose `{target.name}` this could be"
                    self._report("MR201", told, target.span, "name the record: `record.field`")
                return None, ""
            fields = self.scope.context.fields(record.resource)
            if target.name in fields:
                return record.resource, target.name
            if target.name in self.scope.locals:
                told = f"`{target.name}` is no field of `{record.resource.name}`, and nothing else can change"
                self._report("MR307", told, target.span, "change a field of the record, or of another one")
            elif not self._is_quota(target):
                check_field_name(target.name, record.resource, target.span, self.scope)
            return None, ""
        match target:
            case ex.Attribute(ex.Attribute(ex.Name("quota"), quota), part) if part != "normal":
                told = f"`{part}` of a quota can't be set"
                help = f"`set quota.{quota}` sets the tenant's limit, with `.normal` that of everyone"
                self.scope.context.report.add("MR307", told, target.span, word=part, last=True, help=help)
                return None, ""
        kind = infer(target.of, self.scope) if isinstance(target, ex.Attribute) else UNKNOWN
        if isinstance(target, ex.Attribute) and kind.what == "record" and kind.resource is not None:
            known = check_field_name(target.name, kind.resource, target.span, self.scope, last=True)
            return (kind.resource if known else None), target.name
        infer(target, self.scope)
        return None, ""

    def _is_quota(self, target: ex.Name) -> bool:
        return target.name == "quota"

    def _report(self, code: str, message: str, span: Span, help: str) -> None:
        self.scope.context.report.add(code, message, span, help=help)

    def _unset(self, statement: op.Unset) -> None:
        self._target(statement.target)
        check_fault(statement.fault, self.scope)

    def _merge(self, statement: op.Merge) -> None:
        self._target(statement.target)
        kind = infer(statement.value, self.scope)
        if kind.what not in ("map", "record", "list", "unknown", "null"):
            told = f"only an object can be merged, and this is {said(kind)}"
            self._report("MR307", told, statement.value.span, "merge it with an object")

    def _take(self, statement: op.Take) -> None:
        kind = infer(statement.source, self.scope)
        record = self.scope.record
        if record is None or record.resource is None:
            told = "there is no record at hand here that could take this"
            self._report("MR201", told, statement.span, "use `{id}` in the path, or `set record.field = …`")
            return
        for name in statement.fields:
            known = check_field_name(name, record.resource, statement.span, self.scope)
            if known and kind.what == "map" and kind.closed and name not in (kind.members or {}):
                quoted = self.scope.context.report.places.text(statement.source.span)
                help = suggest(name, kind.members or {}, "declare it in the body")
                self.scope.context.report.add(
                    "MR201", f"there is no `{name}` in {quoted}", statement.span, word=name, help=help
                )

    def _delete(self, statement: op.Delete) -> None:
        kind = infer(statement.records, self.scope)
        item = kind.of if kind.what == "list" and kind.of is not None else kind
        if item.what not in ("record", "unknown", "null"):
            told = f"only records can be deleted, and this is {said(item)}"
            self._report("MR307", told, statement.records.span, "name a record, or records with `where`")

    def _move(self, statement: op.Move) -> None:
        kind = infer(statement.records, self.scope)
        item = kind.of if kind.what == "list" and kind.of is not None else kind
        state = infer(statement.state, self.scope.with_item(item))
        if item.what != "record" or item.resource is None:
            told = f"only records can be moved to a state, and this is {said(item)}"
            self._report("MR307", told, statement.records.span, "name a record, or records with `where`")
        elif len(item.resource.lifecycles) != 1:
            told = f"resource `{item.resource.name}` has no lifecycle of its own, and so no state to move to"
            self._report("MR405", told, statement.records.span, "move records that have one lifecycle")
        elif state.words:
            (lifecycle,) = item.resource.lifecycles.values()
            check_states(tuple(sorted(state.words)), lifecycle, statement.state.span, self.scope.context)

    def _reconcile(self, statement: op.Reconcile) -> None:
        resource = self._resource(statement.resource, statement.span)
        if resource is not None:
            for name in statement.by:
                check_field_name(name, resource, statement.span, self.scope)
        inner = self.scope.with_item(self._items(statement.source))
        check_values(statement.values, self.service, statement.resource, inner)

    # -- answers

    def _list(self, statement: op.ListRecords) -> None:
        resource = self._resource(statement.resource, statement.span)
        if resource is None:
            return
        views = resource.seen(self.service)
        if statement.view not in views:
            told = f"resource `{resource.name}` has no view `{statement.view}`"
            help = suggest(statement.view, views, "declare it with `view`")
            report = self.scope.context.report
            report.add("MR204", told, statement.span, word=statement.view, help=help)
        inner = self.scope.with_item(record_of(resource))
        condition(statement.condition, inner)
        check_once(statement.lines, (de.Across,), "this list", self.scope.context.report)
        for line in statement.lines:
            self._line(line, resource, inner)

    def _line(self, line: op.ListLine, resource: ResourceModel, inner: Scope) -> None:
        if isinstance(line, de.Across):
            check_across(line, resource, self.scope)
            return
        if not isinstance(line, op.Sortable | op.Ordered):
            guards(line.guards, self.scope)
        match line:
            case op.FilterExact(fields=fields) | op.Sortable(fields=fields):
                for name in fields:
                    check_field_name(name, resource, line.span, self.scope)
            case op.Ordered(keys=keys):
                for key in keys:
                    check_field_name(key.field, resource, key.span, self.scope)
            case op.FilterRegex():
                check_field_name(line.field or line.parameter, resource, line.span, self.scope, last=True)
            case _:
                query = self.scope.extra.get("query", UNKNOWN)
                value = (query.members or {}).get(line.parameter, TEXT)
                condition(line.condition, inner.with_names(["value"], value))

    def _shown(self, kind: Kind, body: ex.Expr) -> None:
        """A client sees a record through a view: as it is, it has what the engine notes in it."""
        inside = [kind]
        while inside:
            one = inside.pop()
            if one.what == "record" and one.resource is not None:
                name = one.resource.name
                told = f"a `{name}` can't stand in an answer as it is"
                help = f"show it through a view: `{name} as VIEW`"
                self.scope.context.report.add("MR307", told, body.span, word=name, help=help)
                return
            inside += [part for part in (one.of, *(one.members or {}).values()) if part is not None]

    def _answer(self, statement: op.Answer) -> None:
        if statement.body is not None:
            self._shown(infer(statement.body, self.scope), statement.body)
        for header in statement.headers:
            check_header(header, self.scope)


_CHECKS: Final[Mapping[type[op.Statement], Callable[[Statements, Parts], None]]] = MappingProxyType(
    {
        op.Check: Statements._check,
        op.Permit: Statements._permit,
        op.Within: Statements._within,
        op.Let: Statements._let,
        op.Find: Statements._find,
        op.Create: Statements._create,
        op.Set: Statements._set,
        op.Unset: Statements._unset,
        op.Merge: Statements._merge,
        op.Take: Statements._take,
        op.Delete: Statements._delete,
        op.Move: Statements._move,
        op.Reconcile: Statements._reconcile,
        op.ListRecords: Statements._list,
        op.Answer: Statements._answer,
    }
)
