# SPDX-License-Identifier: Apache-2.0
"""One request, phase by phase, in the order that its service or operation states.

On the way of a request: after `routing` has found the operations of its path. Each phase lets it pass or refuses it;
before a phase, rules that name it may strike. Nothing here raises but `Refused` and `Struck`.
"""

from collections.abc import Callable
from typing import Any, Final

from mimic_rules.compiler import expressions as pl
from mimic_rules.engine import locks, polling
from mimic_rules.engine.context import Context, Frame
from mimic_rules.engine.events import settle
from mimic_rules.engine.exchange import MISSING
from mimic_rules.engine.lifecycle import requested_way, state_of
from mimic_rules.engine.negotiation import caller_of, tenant_of, user_of
from mimic_rules.engine.records import situation
from mimic_rules.engine.refusal import Fault, Refused
from mimic_rules.engine.removal import hide, move
from mimic_rules.engine.resources import Record, Resource
from mimic_rules.engine.run import Run
from mimic_rules.engine.strikes import strike


def run(of: Run) -> None:
    """Run all phases; raises Refused or Struck where the request ends early."""
    strikes, pending = of.strikes, of.pending
    for phase in of.operation.plan.order:
        # PERF: most requests have no rule that may strike, and nothing that will refuse them.
        if strikes and phase in strikes:
            strike(of, strikes[phase], phase, _record(of, phase))
        if pending and phase in pending:
            raise pending[phase]
        work = _PHASES.get(phase)
        if work is not None:
            work(of)


def _record(of: Run, phase: str) -> Any:
    """The record that rules see in hand before a phase: the target, or the one that is about to be made."""
    record = of.frame[pl.SELF]
    if record is MISSING and of.operation.created is not None:
        return _about_to_be_made(of, phase)
    return record


def _about_to_be_made(of: Run, phase: str) -> Any:
    """The record that the operation will create, as far as it is known before a phase."""
    order = of.operation.plan.order
    at = order.index(phase)
    if at > order.index("checks"):
        _prepare(of)
        return of.frame[pl.SELF]
    if at <= max(order.index("schema"), order.index("find")):
        return MISSING
    # What `checks` are going to name is not known yet: this record is looked at and thrown away.
    transaction = of.context.transaction
    mark = transaction.savepoint()
    _prepare(of)
    record, of.frame[pl.SELF], of.prepared = of.frame[pl.SELF], MISSING, None
    transaction.rollback_to(mark)
    return record


def _caller(of: Run) -> None:
    context, caller = of.context, of.service.caller
    if caller is not None:
        acting = of.request.acting
        record = caller_of(context, caller, of.request.headers) if acting is None else {**acting}
        if record is not None:
            of.frame[pl.CALLER] = record
            context.tenant = tenant_of(caller, record)
            context.user = user_of(caller, record)
        elif not of.operation.plan.public:
            raise Refused(caller.fault)
    asked = of.variables.get("tenant")
    if asked is not None:
        context.asked_tenant = asked
        if of.frame[pl.CALLER] is MISSING:
            context.tenant = asked
        elif asked != context.tenant:
            raise Refused(of.service.situations["wrong_tenant"], value=asked)
    # INVARIANT: what a rule made of these before the caller was known is of nobody.
    for name in ("tenant", "service", "services", "dialects"):
        context.roots.pop(name, None)


def _schema(of: Run) -> None:
    operation, frame = of.operation, of.frame
    version = frame[pl.VERSION]
    problem = None
    if operation.validate is not None:
        body = frame[pl.BODY]
        problem = operation.validate({} if body is MISSING else body, version)
    if operation.query is not None:
        frame[pl.QUERY], wrong = operation.query(of.request.query, version)
        problem = problem or wrong
    if problem is not None:
        path, value, reason = problem
        # What is wrong with the keys of an object is said of the object, as JSON Schema has it.
        if not path:
            raise Refused(of.service.situations["invalid_body"], value=value, reason=reason)
        raise Refused(of.service.situations["invalid"], field=str(path[-1]), value=value, reason=reason)


def _find(of: Run) -> None:
    _look_up(of)
    enough = of.context.world.clock.poll
    if enough is not None and of.request.method == "GET" and _look(of, enough):
        # What has just happened may have changed any of them, or taken it away.
        _look_up(of)


def _look(of: Run, enough: int) -> bool:
    """Count a look at the target; gives whether it was the one that brings its next event forward, which then has
    happened, with all that was due before it.
    """
    context, target = of.context, of.operation.plan.target
    if target is None:
        return False
    resource = context.program.resources[of.operation.plan.kind]
    due = polling.due_at_this_look(context, resource, of.frame[target], enough)
    if due is None:
        return False
    context.transaction.reach(context.world.clock.reach(due))
    settle(context.program, context.transaction, context.world)
    of.frame[pl.NOW] = context.transaction.now
    context.roots = {name: value for name, value in context.roots.items() if name == "version"}
    return True


def _look_up(of: Run) -> None:
    context, frame = of.context, of.frame
    for find in of.operation.plan.finds:
        resource = context.program.resources[find.kind]
        parent = None if find.parent is None else frame[find.parent]
        owner = None
        if parent is not None and resource.plan.parent_kind is not None:
            owner = context.program.resources[resource.plan.parent_kind].key_of(parent)
        given = of.variables[find.variable]
        key = resource.key_from(given, owner)
        record = None if key is None else context.table(find.kind).get(key)
        if record is None and key is not None and resource.across is not None and resource.across(frame) is True:
            record = _elsewhere(context, find.kind, key)
        if record is None or (owner is not None and record.get(resource.parent or "") != owner):
            raise _missing(of, resource, given)
        frame[find.slot] = record


def _elsewhere(context: Context, kind: str, key: Any) -> Record | None:
    """The record of another tenant; what is done from here on is done among that one's records."""
    for tenant in context.others(kind):
        record = context.transaction.table(kind, tenant, context.region).get(key)
        if record is not None:
            context.within(tenant)
            return record
    return None


def _missing(of: Run, resource: Resource, given: str) -> Refused:
    """What is said of a record that is not there: its fault sees the key as it was given."""
    frame = of.frame
    said = of.service.said.get(("missing", resource.plan.kind))
    fault = resource.missing if said is None else said.fault
    refused = Refused(
        fault or situation(of.context, "outside_version", resource), value=given, resource=resource.plan.name
    )
    size = resource.plan.size if said is None else said.size
    refused.frame = [*frame, *([MISSING] * max(0, size - len(frame)))]
    refused.frame[pl.SELF] = {resource.key[-1]: given, "id": given}
    return refused


def _permit(of: Run) -> None:
    for step in of.operation.permits:
        step(of.context, of.frame)


def _guard(of: Run) -> None:
    operation, context, frame = of.operation, of.context, of.frame
    for lock, root in operation.locks:
        record = root(frame)
        fault = locks.guard(context, lock, record, operation.plan)
        if fault is not None:
            raise _about(of, fault, record, context.program.resources[lock.plan.kind])
    if operation.plan.target is None:
        return
    resource = context.program.resources[operation.plan.kind]
    record = frame[operation.plan.target]
    for lifecycle in resource.lifecycles:
        if operation.plan.verb in lifecycle.plan.verbs:
            state = (state_of(record, lifecycle), operation.plan.verb)
            if state not in lifecycle.plan.allowed and not requested_way(
                context, lifecycle, record, operation.plan.verb, frame
            ):
                said = of.service.said.get(("refused", resource.plan.kind))
                if said is not None:
                    raise _about(of, said.fault, record, resource, said.size)
                raise _about(of, lifecycle.refusal or situation(context, "conflict"), record, resource)


def _about(of: Run, fault: Fault, record: Record, resource: Resource, size: int = 0) -> Refused:
    """A fault whose text sees a record and the event."""
    refused = Refused(fault, event=of.operation.plan.verb, value=record.get(resource.key[-1]))
    refused.frame = [*of.frame, *([MISSING] * max(0, (size or resource.plan.size) - len(of.frame)))]
    refused.frame[pl.SELF] = record
    return refused


def _checks(of: Run) -> None:
    for step in of.operation.checks:
        step(of.context, of.frame)


def _prepare(of: Run) -> list[Record]:
    created = of.operation.created
    if of.prepared is None:
        applies = created is not None and created.applies(of.frame)
        of.prepared = created.prepare(of.context, of.frame) if created is not None and applies else []
    return of.prepared


def _references(of: Run) -> None:
    if of.operation.created is not None:
        of.operation.created.references(of.context, _prepare(of))


def _uniqueness(of: Run) -> None:
    if of.operation.created is not None:
        of.operation.created.uniqueness(of.context, _prepare(of))


def _quota(of: Run) -> None:
    if of.operation.created is not None:
        of.operation.created.quota(of.context, _prepare(of))


def _effects(of: Run) -> None:
    operation, context, frame = of.operation, of.context, of.frame
    moved = operation.plan.target is not None and _move(of)
    for lock, root in operation.locks:
        if not (moved and operation.plan.kind == lock.plan.kind):
            held = root(frame)
            taken = locks.take(context, lock, held)
            _replace_in_hand(frame, held, taken)
    if operation.created is not None and of.prepared:
        operation.created.insert(context, frame, of.prepared)
    for step in operation.effects:
        step(context, frame)
    if operation.plan.changes:
        _timers(of)
    if of.hidden is not None and type(frame[pl.SELF]) is dict:
        hide(context, context.program.resources[operation.plan.kind], frame[pl.SELF], of.hidden)


def _timers(of: Run) -> None:
    """What takes no time has happened before the answer is worked out: the records in hand are as it has left them."""
    context, frame = of.context, of.frame
    due = context.transaction.next_due()
    if due is None or due > context.transaction.now:
        return
    settle(context.program, context.transaction, context.world)
    held = [(find.kind, find.slot) for find in of.operation.plan.finds]
    if of.operation.created is not None:
        held.append((of.operation.created.plan.kind, of.operation.created.plan.slot))
    for kind, slot in held:
        record = frame[slot]
        if type(record) is dict:
            key = context.program.resources[kind].key_of(record)
            frame[slot] = context.table(kind).get(key) or record


def _replace_in_hand(frame: Frame, old: Record, new: Record) -> None:
    for slot in range(len(frame)):
        if frame[slot] is old:
            frame[slot] = new


def _move(of: Run) -> bool:
    """Take the target to the states that the operation asks of its lifecycles."""
    operation, context, frame = of.operation.plan, of.context, of.frame
    assert operation.target is not None
    resource = context.program.resources[operation.kind]
    moved = False
    for lifecycle in resource.lifecycles:
        if operation.verb in lifecycle.plan.verbs:
            way = requested_way(context, lifecycle, frame[operation.target], operation.verb, frame)
            if way:
                sets = _bound(way.sets, frame)
                frame[operation.target] = move(context, resource, frame[operation.target], lifecycle, way.target, sets)
                moved = True
    return moved


def _bound(sets: Any, frame: Frame) -> Any:
    """The assignments of a way, worked out with the request at hand: what enters the state sees only the record."""
    return tuple((name, _constant(value(frame))) for name, value in sets)


def _constant(value: Any) -> Callable[[Frame], Any]:
    return lambda frame: value


_PHASES: Final[dict[str, Callable[[Run], None]]] = {
    "caller": _caller,
    "schema": _schema,
    "find": _find,
    "permit": _permit,
    "guard": _guard,
    "checks": _checks,
    "references": _references,
    "uniqueness": _uniqueness,
    "quota": _quota,
    "effects": _effects,
}
"""What each phase does; version and decode only refuse, for the operation is picked by what they know."""
