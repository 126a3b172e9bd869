# SPDX-License-Identifier: Apache-2.0
"""The steps of an operation as functions: checks, names for values, records found, changed and deleted.

On the way of a request: linked once; the pipeline runs them in the order written, within their phases.
"""

from collections.abc import Callable
from typing import Any, Final

from mimic_rules.compiler import program as pr
from mimic_rules.engine import records, removal, values
from mimic_rules.engine.context import Context
from mimic_rules.engine.creation import create, link_creation
from mimic_rules.engine.exchange import MISSING
from mimic_rules.engine.link import Frame, Linked, in_window, link
from mimic_rules.engine.refusal import Refused, link_fault_or_none

Run = Callable[[Context, Frame], None]


def link_step(plan: pr.Step) -> Run:
    """The function of a step, with its guards."""
    run = _LINKS[type(plan)](plan)
    window = in_window(plan.window)
    if window is None:
        return run

    def guarded(context: Context, frame: Frame) -> None:
        if window(frame):
            run(context, frame)

    return guarded


def _check(plan: pr.CheckStep) -> Run:
    condition, fault = link(plan.condition), link_fault_or_none(plan.fault)

    def check(context: Context, frame: Frame) -> None:
        if condition(frame) is not True:
            raise Refused(fault or records.situation(context, "forbidden"))

    return check


def _within(plan: pr.WithinStep) -> Run:
    value, whom = link(plan.value), plan.whom

    def within(context: Context, frame: Frame) -> None:
        name = values.to_text(value(frame))
        if whom == "user":
            context.user = name
            return
        context.within(name)

    return within


def _let(plan: pr.LetStep) -> Run:
    slot, value = plan.slot, link(plan.value)

    def let(context: Context, frame: Frame) -> None:
        frame[slot] = value(frame)

    return let


def _find(plan: pr.FindStep) -> Run:
    source, condition, item = link(plan.records), link(plan.condition), plan.item
    fill = None if plan.values is None else link(plan.values)
    create_when = None if plan.create_when is None else link(plan.create_when)
    fault = link_fault_or_none(plan.fault)
    slot, kind = plan.slot, plan.kind

    def find(context: Context, frame: Frame) -> None:
        for record in values.listed(source(frame)):
            frame[item] = record
            if condition(frame) is True:
                frame[slot] = record
                return
        frame[slot] = MISSING
        if fill is not None and create_when is not None and create_when(frame) is True:
            resource = context.program.resources[kind]
            record = records.make(context, resource, fill(frame), MISSING)
            records.check_references(context, resource, record)
            records.check_unique(context, resource, record)
            records.check_quota(context, resource, [record])
            frame[slot] = records.insert(context, resource, record)
        elif fault is not None:
            raise Refused(fault)

    return find


def _create(plan: pr.CreateStep) -> Run:
    creation = link_creation(plan)
    return lambda context, frame: create(creation, context, frame)


Target = tuple[int, str, str, list[Linked]]


def _target(plan: pr.TargetPlan) -> Target:
    return plan.slot, plan.kind, plan.field, [link(step) for step in plan.path]


def _put(value: Any, path: list[Any], new: Any) -> Any:
    """A value with another one at the end of a path; what is not there on the way is made."""
    if not path:
        return new
    key = path[0]
    if isinstance(value, list) and type(key) is int and -len(value) <= key < len(value):
        return [*value[:key], _put(value[key], path[1:], new), *value[key + 1 or len(value) :]]
    inner = value if isinstance(value, dict) else {}
    return {**inner, values.to_text(key): _put(inner.get(values.to_text(key)), path[1:], new)}


def _set(plan: pr.SetStep) -> Run:
    slot, kind, name, path = _target(plan.target)
    value, merge = link(plan.value), plan.merge

    def set_(context: Context, frame: Frame) -> None:
        record, new = frame[slot], value(frame)
        if type(record) is not dict or new is MISSING:
            return
        keys = [step(frame) for step in path]
        old = record.get(name)
        if merge:
            before = old
            for key in keys:
                before = values.item(before, key)
            if not isinstance(new, dict):
                return
            new = {**(before if isinstance(before, dict) else {}), **new}
        frame[slot] = records.change(context, context.program.resources[kind], record, {name: _put(old, keys, new)})

    return set_


def _unset(plan: pr.UnsetStep) -> Run:
    slot, kind, name, path = _target(plan.target)
    fault = link_fault_or_none(plan.fault)

    def unset(context: Context, frame: Frame) -> None:
        record = frame[slot]
        if type(record) is not dict:
            return
        keys = [step(frame) for step in path]
        resource = context.program.resources[kind]
        if not keys:
            if record.get(name) is None and fault is not None:
                raise Refused(fault)
            frame[slot] = records.change(context, resource, record, {name: None})
            return
        held = record.get(name)
        for key in keys[:-1]:
            held = values.item(held, key)
        left: Any = None
        if isinstance(held, list) and values.contains(keys[-1], held):
            left = [one for one in held if not values.equal(one, keys[-1])]
        elif isinstance(held, dict) and isinstance(keys[-1], str) and keys[-1] in held:
            left = {key: one for key, one in held.items() if key != keys[-1]}
        elif fault is not None:
            raise Refused(fault)
        else:
            return
        frame[slot] = records.change(context, resource, record, {name: _put(record.get(name), keys[:-1], left)})

    return unset


def _take(plan: pr.TakeStep) -> Run:
    slot, kind, names, source = plan.slot, plan.kind, plan.fields, link(plan.source)

    def take(context: Context, frame: Frame) -> None:
        given, record = source(frame), frame[slot]
        if type(record) is dict and isinstance(given, dict):
            found = {name: given[name] for name in names if name in given}
            if found:
                frame[slot] = records.change(context, context.program.resources[kind], record, found)

    return take


def _set_quota(plan: pr.SetQuotaStep) -> Run:
    name, value = plan.name, None if plan.value is None else link(plan.value)
    note = records.set_normal if plan.normal else records.set_quota

    def set_quota(context: Context, frame: Frame) -> None:
        service = context.service.plan.base if context.service else ""
        if name is None or value is None:
            records.unset_quota(context, service)
            return
        limit = value(frame)
        if type(limit) is int:
            note(context, service, {name: limit})

    return set_quota


def _delete(plan: pr.DeleteStep) -> Run:
    source, kind = link(plan.records), plan.kind

    def delete(context: Context, frame: Frame) -> None:
        found = source(frame)
        resource = context.program.resources[kind]
        for record in context.portion(kind, found if type(found) is list else [found]):
            # A record may have gone with another one already.
            if type(record) is dict and resource.key_of(record) in context.table(kind):
                removal.remove(context, resource, record)

    return delete


def _move(plan: pr.MoveStep) -> Run:
    source, state, kind, item = link(plan.records), link(plan.state), plan.kind, plan.item

    def move(context: Context, frame: Frame) -> None:
        found = source(frame)
        resource = context.program.resources[kind]
        (lifecycle,) = resource.lifecycles
        for record in found if type(found) is list else [found]:
            frame[item] = record
            target = state(frame)
            if type(record) is dict and type(target) is str and target in lifecycle.plan.states:
                # Who says a state means that it stays: no time takes the record out of it.
                moved = removal.move(context, resource, record, lifecycle, target, ways=())
                for slot in [slot for slot, held in enumerate(frame) if held is record]:
                    frame[slot] = moved

    return move


def _reconcile(plan: pr.ReconcileStep) -> Run:
    source, present, fill, item = link(plan.source), link(plan.records), link(plan.values), plan.item
    parent = None if plan.parent is None else link(plan.parent)

    def reconcile(context: Context, frame: Frame) -> None:
        resource = context.program.resources[plan.kind]
        left = {tuple(values.to_text(one.get(name)) for name in plan.by): one for one in present(frame)}
        todo: list[tuple[Any, Any]] = []
        for wanted in values.listed(source(frame)):
            frame[item] = wanted
            given = fill(frame)
            old = left.pop(tuple(values.to_text(given.get(name)) for name in plan.by), None)
            if old is None or any(not values.equal(old.get(name), value) for name, value in given.items()):
                todo.append((old, given))
        for old, given in context.portion(plan.kind, [*todo, *((old, None) for old in left.values())]):
            if given is None:
                removal.remove(context, resource, old)
            elif old is not None:
                records.change(context, resource, old, given)
            else:
                record = records.make(context, resource, given, MISSING if parent is None else parent(frame))
                records.check_references(context, resource, record)
                records.check_unique(context, resource, record)
                records.check_quota(context, resource, [record])
                records.insert(context, resource, record)

    return reconcile


_LINKS: Final[dict[type[pr.Step], Callable[[Any], Run]]] = {
    pr.CheckStep: _check,
    pr.WithinStep: _within,
    pr.LetStep: _let,
    pr.FindStep: _find,
    pr.CreateStep: _create,
    pr.SetStep: _set,
    pr.UnsetStep: _unset,
    pr.TakeStep: _take,
    pr.SetQuotaStep: _set_quota,
    pr.DeleteStep: _delete,
    pr.MoveStep: _move,
    pr.ReconcileStep: _reconcile,
}
