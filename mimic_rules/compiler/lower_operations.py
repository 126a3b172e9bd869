# SPDX-License-Identifier: Apache-2.0
"""From operations to their plans: records named by the path, steps by phase, answers.

On the way of a rule: `compile` calls it for each operation of a service.
"""

import re
from dataclasses import replace
from typing import Final

from mimic_rules.compiler import expressions as pl
from mimic_rules.compiler import program as pr
from mimic_rules.compiler.lower_expressions import (
    Scope,
    Shape,
    in_sight,
    lower,
    lower_fault,
    lower_object,
    lower_shaped,
    lower_window,
)
from mimic_rules.compiler.lower_locks import Locks, locks_of
from mimic_rules.compiler.lower_types import lower_members, lower_type, window_of
from mimic_rules.compiler.narrowing import narrowed
from mimic_rules.language import declarations as de
from mimic_rules.language import expressions as ex
from mimic_rules.language import lifecycles as li
from mimic_rules.language import operations as op
from mimic_rules.language import types as ty
from mimic_rules.language.model import Model, ResourceModel, ServiceModel
from mimic_rules.language.parameters import implied_parameters, query_type
from mimic_rules.language.vocabulary import complete

VARIABLE: Final = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")


def lower_operation(operation: op.Operation, service: ServiceModel, model: Model, locks: Locks) -> pr.OperationPlan:
    """The plan of an operation."""
    resource = service.resources[operation.resource]
    scope = Scope(model, service)
    finds = _path_finds(operation, resource, scope)
    target = next((one.slot for one in finds if one.variable == "id" or one.kind == resource.kind), None)
    if target is not None:
        scope.record = resource
    clauses = operation.clauses
    bodies = [clause.type for clause in clauses if isinstance(clause, op.BodyClause)]
    actions = [clause for clause in clauses if isinstance(clause, op.ActionClause)]
    flags = {clause.word for clause in clauses if isinstance(clause, op.Flag)}
    orders = [clause.phases for clause in clauses if isinstance(clause, de.Order)] or [
        line.phases for line in service.lines(de.Order)
    ]
    body = lower_type(bodies[0]) if bodies else None
    if actions:
        member = pr.MemberPlan(actions[0].key, lower_type(actions[0].type), False, None, None)
        body = pr.ObjectTypePlan((member,), strict=False)
    steps = _Steps(scope, resource)
    for statement in operation.statements:
        steps.add(statement)
    moves = any(operation.verb in _verbs(one) for one in resource.lifecycles.values()) and target is not None
    changes = moves or any(not isinstance(one, pr.LetStep | pr.CheckStep | pr.FindStep) for one in steps.effects)
    window = lower_window(operation.guards, scope)
    query = query_type(operation, service)
    return pr.OperationPlan(
        service=service.name,
        base=service.base,
        verb=operation.verb,
        resource=operation.resource,
        kind=resource.kind,
        method=operation.method,
        path=operation.path,
        at_root="root" in flags,
        since=window.since,
        until=window.until,
        action=actions[0].key if actions else None,
        public="public" in flags or not service.lines(de.Caller),
        body=body,
        query=lower_query(query, operation, service) if isinstance(query, ty.ObjectType) else None,
        order=complete(orders[0] if orders else ()),
        finds=tuple(finds),
        permits=tuple(steps.permits),
        checks=tuple(steps.checks),
        effects=tuple(steps.effects),
        answers=tuple(steps.answers),
        target=target,
        created=steps.created,
        changes=changes,
        locks=tuple(locks_of(resource, finds, target, locks)) if changes else (),
        size=scope.size[0],
        place=operation.span.place(),
    )


def lower_query(query: ty.ObjectType, operation: op.Operation, service: ServiceModel) -> pr.ObjectTypePlan:
    """The plan of a query, in which the parameters of a list are known too; what the query says of one comes first."""
    plan = lower_members(query)
    implied = [
        pr.MemberPlan(name, pr.PlainType("any"), True, *window_of(guards))
        for name, guards in implied_parameters(operation, service)
    ]
    return replace(plan, members=(*implied, *plan.members)) if plan.strict else plan


def _verbs(lifecycle: li.Lifecycle) -> set[str]:
    return {verb for line in lifecycle.lines if isinstance(line, li.Requested) for verb in line.verbs}


def _path_finds(operation: op.Operation, resource: ResourceModel, scope: Scope) -> list[pr.PathFind]:
    """The records that the path names, outermost first."""
    finds: list[pr.PathFind] = []
    assert scope.service is not None
    for variable in VARIABLE.findall(operation.path):
        found = resource if variable == "id" else scope.service.resources.get(variable)
        if found is None:
            continue
        parent = next(
            (one.slot for one in finds if found.parent and one.kind == f"{found.service}.{found.parent}"), None
        )
        slot = pl.SELF if variable == "id" or found is resource else scope.name(variable, Shape(found))
        if slot == pl.SELF:
            scope.locals[resource.name] = (pl.SELF, Shape(resource))
        finds.append(pr.PathFind(variable, found.kind, slot, parent))
    return finds


class _Steps:
    """The steps of an operation, by phase, gathered in the order written."""

    def __init__(self, scope: Scope, resource: ResourceModel) -> None:
        self.scope = scope
        self.resource = resource
        self.permits: list[pr.Step] = []
        self.checks: list[pr.Step] = []
        self.effects: list[pr.Step] = []
        self.answers: list[pr.Step] = []
        self.created: pr.CreateStep | None = None
        self.found: set[int] = set()

    def add(self, statement: op.Statement) -> None:
        """Add the step of a statement where it belongs."""
        match statement:
            case op.Permit():
                self.permits.append(self._check(statement.condition, statement.fault, statement.guards))
            case op.Answer() | op.ListRecords():
                self.answers.append(self._answer(statement))
            case op.Check() | op.Let() | op.Within() | op.Find():
                # What stands after the first change sees what was changed.
                (self.effects if self.effects else self.checks).append(self._look(statement))
            case _:
                self.effects.append(self._change(statement))

    def _check(self, condition: ex.Expr, fault: de.Fault | None, guards: ex.Guards) -> pr.CheckStep:
        return pr.CheckStep(
            lower_window(guards, self.scope),
            condition=lower(condition, self.scope),
            fault=None if fault is None else lower_fault(fault, self.scope),
        )

    def _look(self, statement: op.Statement) -> pr.Step:
        match statement:
            case op.Check():
                return self._check(statement.condition, statement.fault, statement.guards)
            case op.Within():
                return pr.WithinStep(whom=statement.whom, value=lower(statement.value, self.scope))
            case op.Let():
                value, shape = lower_shaped(statement.value, self.scope)
                return pr.LetStep(slot=self.scope.name(statement.name, shape), value=value)
            case _:
                assert isinstance(statement, op.Find)
                return self._find(statement)

    def _find(self, statement: op.Find) -> pr.Step:
        resource = self._resource(statement.resource)
        records, _ = in_sight(resource, self.scope)
        item = self.scope.new_slot()
        condition = lower(statement.condition, self.scope.with_item(item, resource))
        window = lower_window(statement.guards, self.scope)
        values = None if statement.values is None else lower_object(statement.values, self.scope)
        create_when = None if statement.create_when is None else lower(statement.create_when, self.scope)
        fault = None if statement.fault is None else lower_fault(statement.fault, self.scope)
        # Finds of one name, each in versions of its own, fill one slot.
        name = statement.alias or statement.resource
        slot, shape = self.scope.locals.get(name, (None, None))
        if slot not in self.found or shape != Shape(resource):
            slot = self.scope.name(name, Shape(resource))
            self.found.add(slot)
        return pr.FindStep(
            window,
            slot=slot,
            kind=resource.kind,
            records=narrowed(records, item, condition, resource),
            condition=condition,
            item=item,
            values=values,
            create_when=create_when,
            fault=fault,
        )

    def _resource(self, name: str) -> ResourceModel:
        assert self.scope.service is not None
        return self.scope.service.resources[name]

    def _change(self, statement: op.Statement) -> pr.Step:
        match statement:
            case op.Create():
                return self._create(statement)
            case op.Set(ex.Attribute(ex.Attribute(ex.Name("quota"), name), "normal"), value, guards):
                window = lower_window(guards, self.scope)
                return pr.SetQuotaStep(window, name=name, value=lower(value, self.scope), normal=True)
            case op.Set(ex.Attribute(ex.Name("quota"), name), value, guards):
                window = lower_window(guards, self.scope)
                return pr.SetQuotaStep(window, name=name, value=lower(value, self.scope))
            case op.Unset(ex.Name("quota"), _, guards):
                return pr.SetQuotaStep(lower_window(guards, self.scope), name=None, value=None)
            case op.Set(target, value, guards):
                window = lower_window(guards, self.scope)
                return pr.SetStep(window, target=self._target(target), value=lower(value, self.scope), merge=False)
            case op.Merge(target, value, guards):
                window = lower_window(guards, self.scope)
                return pr.SetStep(window, target=self._target(target), value=lower(value, self.scope), merge=True)
            case op.Unset(target, fault, guards):
                said = None if fault is None else lower_fault(fault, self.scope)
                return pr.UnsetStep(lower_window(guards, self.scope), target=self._target(target), fault=said)
            case op.Take(fields, source):
                return pr.TakeStep(
                    slot=pl.SELF, kind=self.resource.kind, fields=fields, source=lower(source, self.scope)
                )
            case op.Delete(records, guards):
                plan, shape = lower_shaped(records, self.scope)
                resource = shape.resource or self.resource
                return pr.DeleteStep(lower_window(guards, self.scope), records=plan, kind=resource.kind)
            case op.Move(records, state, guards):
                plan, shape = lower_shaped(records, self.scope)
                resource, item = shape.resource or self.resource, self.scope.new_slot()
                to, window = lower(state, self.scope.with_item(item, resource)), lower_window(guards, self.scope)
                return pr.MoveStep(window, records=plan, kind=resource.kind, item=item, state=to)
        assert isinstance(statement, op.Reconcile)
        return self._reconcile(statement)

    def _reconcile(self, statement: op.Reconcile) -> pr.Step:
        resource = self._resource(statement.resource)
        item = self.scope.new_slot()
        return pr.ReconcileStep(
            lower_window(statement.guards, self.scope),
            kind=resource.kind,
            by=statement.by,
            source=lower(statement.source, self.scope),
            records=in_sight(resource, self.scope)[0],
            item=item,
            values=lower_object(statement.values, self.scope.with_item(item, None)),
            parent=self._parent(resource),
        )

    def _parent(self, resource: ResourceModel) -> pl.Plan | None:
        """The owner at hand of records to be made."""
        if resource.parent is None:
            return None
        if resource.parent in self.scope.locals:
            return pl.Slot(self.scope.locals[resource.parent][0], resource.parent)
        return pl.Slot(pl.SELF, "self") if self.resource.name == resource.parent else None

    def _create(self, statement: op.Create) -> pr.CreateStep:
        resource = self._resource(statement.resource)
        inner = self.scope.inner()
        each = source = None
        if statement.each is not None and statement.source is not None:
            source, shape = lower_shaped(statement.source, self.scope)
            each = inner.name(statement.each, shape)
        parent = self._parent(resource)
        values = lower_object(statement.values, inner)
        window = lower_window(statement.guards, self.scope)
        name = statement.alias or statement.resource
        # INVARIANT: the record that the operation is about is in hand for rules and answers, as `self` too.
        own = resource is self.resource and self.created is None and pl.SELF not in _slots(self.scope)
        if own:
            slot = pl.SELF
            self.scope.locals[name] = self.scope.locals["self"] = (slot, Shape(resource))
        else:
            slot = self.scope.name(name, Shape(resource))
        step = pr.CreateStep(
            window, slot=slot, kind=resource.kind, each=each, source=source, values=values, parent=parent
        )
        if own:
            self.created = step
        return step

    def _target(self, target: ex.Expr) -> pr.TargetPlan:
        """What a change is made to: from `metadata[k].x` the record's slot, the field, and the way below it."""
        path: list[pl.Plan] = []
        while not isinstance(target, ex.Name):
            if isinstance(target, ex.Attribute):
                path.append(pl.Const(target.name))
                target = target.of
            else:
                assert isinstance(target, ex.Index)
                path.append(lower(target.key, self.scope))
                target = target.of
        path.reverse()
        local = self.scope.locals.get(target.name)
        if local is not None and local[1].resource is not None and path and isinstance(path[0], pl.Const):
            return pr.TargetPlan(local[0], local[1].resource.kind, str(path[0].value), tuple(path[1:]))
        if target.name == "self" and path and isinstance(path[0], pl.Const):
            return pr.TargetPlan(pl.SELF, self.resource.kind, str(path[0].value), tuple(path[1:]))
        return pr.TargetPlan(pl.SELF, self.resource.kind, target.name, tuple(path))

    def _answer(self, statement: op.Answer | op.ListRecords) -> pr.Step:
        window = lower_window(statement.guards, self.scope)
        if isinstance(statement, op.Answer):
            return pr.AnswerStep(
                window,
                status=statement.status,
                body=None if statement.body is None else lower(statement.body, self.scope),
                headers=tuple((one.name, lower(one.value, self.scope)) for one in statement.headers),
            )
        assert self.scope.service is not None
        resource = self._resource(statement.resource)
        records, _ = in_sight(resource, self.scope)
        item = self.scope.new_slot()
        inner = self.scope.with_item(item, resource).knowing({"value"})
        return pr.ListStep(
            window,
            kind=resource.kind,
            plural=resource.plural,
            view=resource.view_key(self.scope.service, statement.view),
            records=records,
            item=item,
            condition=None if statement.condition is None else lower(statement.condition, inner),
            filters=tuple(one for line in statement.lines for one in _filters(line, inner)),
            sortable=tuple(name for line in statement.lines if isinstance(line, op.Sortable) for name in line.fields),
            order=tuple(
                (key.field, key.descending)
                for line in statement.lines
                if isinstance(line, op.Ordered)
                for key in line.keys
            ),
            across=next(
                (lower(one.condition, self.scope) for one in statement.lines if isinstance(one, de.Across)), None
            ),
        )


def _slots(scope: Scope) -> set[int]:
    return {slot for slot, _ in scope.locals.values()}


def _filters(line: op.ListLine, scope: Scope) -> list[pr.FilterPlan]:
    match line:
        case op.FilterExact(fields, guards):
            window = lower_window(guards, scope)
            return [pr.FilterPlan(name, "exact", name, None, False, window) for name in fields]
        case op.FilterRegex(parameter, field, guards):
            return [pr.FilterPlan(parameter, "regex", field or parameter, None, False, lower_window(guards, scope))]
        case op.FilterBy(parameter, condition, deleted, guards):
            plan = lower(condition, scope)
            return [pr.FilterPlan(parameter, "by", None, plan, deleted, lower_window(guards, scope))]
        case _:
            return []


__all__ = ["complete", "lower_operation"]
