# SPDX-License-Identifier: Apache-2.0
"""The engine: a request and a world go in, a response comes out, and the world has changed or not at all.

On the way of a request: `web` calls `handle`; it finds the route, opens one transaction, applies what is due, runs the
phases, and lets the service's dialect speak where a phase refused.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from mimic_rules.compiler import expressions as pl
from mimic_rules.compiler.program import OperationPlan, Program, RulePlan
from mimic_rules.compiler.routes import Found, Route
from mimic_rules.engine.context import NORMAL_KIND, QUOTA_KIND, Context
from mimic_rules.engine.delivery import deliver
from mimic_rules.engine.dialect import answer_headers, fault_response
from mimic_rules.engine.events import settle
from mimic_rules.engine.exchange import MISSING, BadBody, Request, Response
from mimic_rules.engine.happenings import Happening
from mimic_rules.engine.hits import adopt, considered
from mimic_rules.engine.lifecycle import governing
from mimic_rules.engine.linked import LinkedProgram, LinkedService, link_program, with_rules
from mimic_rules.engine.negotiation import asked_version, version_headers
from mimic_rules.engine.operations import Operation
from mimic_rules.engine.pipeline import run
from mimic_rules.engine.refusal import Refused
from mimic_rules.engine.responding import respond
from mimic_rules.engine.run import Run, Struck
from mimic_rules.engine.secrets import HIDDEN_VALUE
from mimic_rules.engine.seeds import plant
from mimic_rules.engine.settings import defaults
from mimic_rules.engine.trace import Considered, Trace, Verdict
from mimic_rules.state.clock import WorldClock
from mimic_rules.state.table import TableSpec
from mimic_rules.state.transaction import Transaction, WorldFull
from mimic_rules.state.world import World


@dataclass(frozen=True, slots=True)
class Choice:
    """The operations of a route for one method that a version opens; all of that method, where it opens none."""

    candidates: list[tuple[OperationPlan, tuple[str, ...]]]
    is_open: bool


class Engine:
    """Runs a linked program; holds no state of any world, so that any number of threads and worlds share it."""

    def __init__(self, linked: LinkedProgram) -> None:
        self.linked = linked
        # INVARIANT: all worlds of this engine share these, so they never change.
        self.specs: Mapping[str, TableSpec] = {
            **{kind: resource.spec for kind, resource in linked.resources.items()},
            QUOTA_KIND: TableSpec(QUOTA_KIND),
            NORMAL_KIND: TableSpec(NORMAL_KIND),
        }
        # PERF: what a request may mean depends on its route, method and version alone.
        self._choices: dict[tuple[int, str, int], Choice] = {}

    def new_world(self, world_id: str, *, clock: WorldClock, seed: int | str, max_records: int = 1_000_000) -> World:
        """A world with the records that it begins with; of their changes, those that take no time have happened."""
        world = World(world_id, clock=clock, seed=seed, specs=self.specs, max_records=max_records)
        with world.transaction() as transaction:
            plant(Context(self.linked, transaction, world))
            settle(self.linked, transaction, world)
        return world

    def with_rules(self, rules: tuple[RulePlan, ...]) -> "Engine":
        """An engine of the same program that consults these rules, in this order; what is linked already stays so."""
        return Engine(with_rules(self.linked, rules))

    def adopt(self, world: World, earlier: "Engine") -> None:
        """Take a world over from another engine: from now on, the rules that are new to it are in the world."""
        with world.transaction() as transaction:
            adopt(self.linked.plan, earlier.linked.plan, world.tallies, transaction.now)

    def considered(self, world: World) -> dict[str, int]:
        """How often each rule has been considered in a world, by its id: as often as what it is about was asked."""
        with world.lock:
            return considered(self.linked.plan, world.tallies)

    def settle(self, world: World, told: list[Happening] | None = None) -> int:
        """Apply all that is due; gives how many changes that were. The first of them are added to `told`."""
        with world.transaction() as transaction:
            return settle(self.linked, transaction, world, told)

    def handle(self, world: World, request: Request) -> Response:
        """The response to a request; whatever a client sends, nothing is raised."""
        found = self.linked.routes.find(request.path)
        service = None if found.service is None else self.linked.services[found.service]
        body, unread = _read(request)
        with world.transaction() as transaction:
            settle(self.linked, transaction, world)
            request.id = f"req-{transaction.uuid()}"
            context = Context(self.linked, transaction, world, service=service, region=found.region, request=request)
            if request.explain:
                context.trace = Trace()
            response = self._respond(context, service, found, request, body, unread, transaction)
            # PERF: frame and context hold each other; let go, they need no collector.
            context.at_hand = None
            plan = context.operation
            response.request_id = request.id
            response.trace = context.trace
            response.at = transaction.now
            response.asked = body
            response.path = response.path or request.path
            if service is not None:
                response.service = service.plan.name
            if plan is not None:
                response.operation = plan.name
            if context.decided:
                response.rules = tuple(dict.fromkeys(place.rpartition(":")[0] for place in context.decided))
            world.tallies.note(response.service, response.operation, response.status)
            return response

    def _respond(
        self,
        context: Context,
        service: LinkedService | None,
        found: Found,
        request: Request,
        body: Any,
        unread: str | None,
        transaction: Transaction,
    ) -> Response:
        frame = context.frame()
        if service is None or found.route is None:
            return self._not_modelled(context, service, request)
        version = asked_version(service, request.headers)
        frame[pl.VERSION] = (
            service.plan.versions.default if isinstance(version, Refused) and service.plan.versions else version
        )
        if service.plan.versions is not None:
            context.set_version(frame[pl.VERSION])
        mark = transaction.savepoint()
        of = _begin(self._choices, context, service, found, found.route, request, body, unread, version, frame)
        frame = of.frame
        try:
            run(of)
            response = _answer(of)
            _note_governing(context, frame[pl.SELF])
            if of.pretended:
                transaction.rollback_to(mark)
        except Refused as refused:
            transaction.rollback_to(mark)
            response = fault_response(service, refused.fault, refused.frame or frame, refused.seen)
            if "allow" in refused.seen:
                response.headers.append(("Allow", refused.seen["allow"]))
        except Struck as struck:
            transaction.rollback_to(mark)
            response = struck.response
        except WorldFull as full:
            transaction.rollback_to(mark)
            response = fault_response(service, service.situations["busy"], frame, {"value": str(full)})
        table = self.linked.rules.deliveries(of.operation.plan)
        if table.rows:
            deliver(context, table, frame, response)
        if of.operation.secrets:
            response.path = _without_secrets(of)
        if not isinstance(version, Refused):
            response.headers += version_headers(service, version)
        answer_headers(service, frame, response)
        return response

    def _not_modelled(self, context: Context, service: LinkedService | None, request: Request) -> Response:
        """501, with the nearest route that there is: 404 would be an answer of the service's own."""
        near = self.linked.routes.nearest(request.path)
        hint = f": the nearest is {near}" if near else ""
        text = f"no rule says what {request.method} {request.path} answers{hint}"
        frame = context.frame()
        if service is None:
            return Response(501, {"error": {"status": 501, "message": text}})
        fault = service.situations["not_modelled"]
        response = fault_response(service, fault, frame, {"value": request.path, "reason": text, "nearest": near})
        version = asked_version(service, request.headers)
        if not isinstance(version, Refused):
            response.headers += version_headers(service, version)
        answer_headers(service, frame, response)
        return response


def _read(request: Request) -> tuple[Any, str | None]:
    """The body, read before any lock is taken: a client that sends slowly holds up nobody."""
    try:
        return request.read_json(), None
    except BadBody as bad:
        return MISSING, bad.situation


def _begin(
    choices: dict[tuple[int, str, int], Choice],
    context: Context,
    service: LinkedService,
    found: Found,
    route: Route,
    request: Request,
    body: Any,
    unread: str | None,
    version: int | Refused,
    frame: list[Any],
) -> Run:
    """Pick the operation that a request means, and note what will refuse it, at the phase where it is looked at."""
    slashed = request.path.endswith("/") and route.below and "trailing_slash" in service.situations
    chosen = None if slashed else choices.get((id(route), request.method, frame[pl.VERSION]))
    if chosen is None:
        try:
            if slashed:
                raise Refused(service.situations["trailing_slash"], value=request.path)
            chosen = _choice(context, service, route, request, frame[pl.VERSION])
        except Refused as refused:
            # Rules about all that a service is asked see such a request too, until it would be known who asks.
            (_, names), *_ = chain(*route.operations.values(), route.gones)
            pending = {"caller": refused}
            return _of(service.no_operation, context, service, found, names, request, body, pending, frame)
        # INVARIANT: a method that a route doesn't have and a version that the service doesn't have never get here, so
        # that this table is small.
        choices[id(route), request.method, frame[pl.VERSION]] = chosen
    pending = {}
    if isinstance(version, Refused):
        pending["version"] = version
    if unread is not None:
        pending["decode"] = Refused(service.situations[unread])
    if not chosen.is_open:
        pending.setdefault("version", Refused(service.situations["outside_version"], value=request.path))
    plan, names = chosen.candidates[0]
    if chosen.is_open and plan.action is not None:
        plan, names = _by_action(chosen.candidates, body, service, pending)
    context.operation = plan
    operation = context.program.operations[id(plan)]
    return _of(operation, context, service, found, names, request, body, pending, frame)


def _of(
    operation: Operation,
    context: Context,
    service: LinkedService,
    found: Found,
    names: tuple[str, ...],
    request: Request,
    body: Any,
    pending: dict[str, Refused],
    frame: list[Any],
) -> Run:
    """A request that is about to go through the phases of an operation."""
    plan = operation.plan
    variables = dict(zip(names, found.values, strict=True))
    whole = [*frame, *([MISSING] * (plan.size - len(frame)))]
    whole[pl.BODY] = body
    whole[pl.PATH] = variables
    whole[pl.EXTRA] = {"event": plan.verb}
    whole[pl.QUERY] = {name: values[-1] for name, values in request.query.items()} if request.query else {}
    context.at_hand = whole
    return Run(
        context,
        service,
        operation,
        request,
        whole,
        variables,
        pending,
        context.program.rules.strikes(plan),
    )


def _choice(context: Context, service: LinkedService, route: Route, request: Request, version: int) -> Choice:
    """The operations of a route for a method at a version; raises Refused where there are none."""
    for gone, _ in route.gones:
        if (gone.window.since or 0) <= version <= (gone.window.until or 1 << 60):
            raise Refused(context.program.gones[id(gone)])
    method = "GET" if request.method == "HEAD" and "HEAD" not in route.operations else request.method
    candidates = route.operations.get(method)
    if not candidates:
        known = {name for name, there in route.operations.items() if any(_open(one[0], version) for one in there)}
        if not known:
            raise Refused(service.situations["outside_version"], value=request.path)
        allowed = sorted({*known, *(["HEAD"] if "GET" in known else [])})
        raise Refused(service.situations["wrong_method"], allow=", ".join(allowed))
    open_now = [one for one in candidates if _open(one[0], version)]
    return Choice(open_now or candidates, bool(open_now))


def _open(plan: OperationPlan, version: int) -> bool:
    return (plan.since or 0) <= version <= (plan.until or 1 << 60)


def _by_action(
    candidates: list[tuple[OperationPlan, tuple[str, ...]]],
    body: Any,
    service: LinkedService,
    pending: dict[str, Refused],
) -> tuple[OperationPlan, tuple[str, ...]]:
    """The operation that the single key of a body picks."""
    if isinstance(body, dict) and len(body) == 1:
        key = next(iter(body))
        for candidate in candidates:
            if candidate[0].action == key:
                return candidate
        pending["schema"] = Refused(service.situations["unknown_action"], action=key, value=key)
    elif "decode" not in pending:
        pending["schema"] = Refused(service.situations["malformed"], value=body)
    return candidates[0]


def _answer(of: Run) -> Response:
    """The view phase: the first answer whose guards hold, unless a rule gives another one after all."""
    if of.late is not None:
        late = of.late
        record = late.record if of.frame[pl.SELF] is MISSING else of.frame[pl.SELF]
        return respond(of.service, late.respond, late.row.frame(of.frame, record), late.seen)
    for answer in of.operation.answers:
        if answer.window is None or answer.window(of.frame):
            status, body, headers = answer.give(of.context, of.frame)
            return Response(status, body, headers)
    return Response(204)


def _note_governing(context: Context, record: Any) -> None:
    """Name the rules that govern the states of the record in hand: they shaped what is seen of it."""
    places = governing(record)
    context.decided += places
    if context.trace is not None:
        rows = {row.plan.place: row.plan for row in context.program.rules.rows}
        for place in places:
            # What holds per record is found by the place of the rule that it is one of.
            line, sharp, _ = place.rpartition("#")
            plan = rows.get(place) or rows.get(f"{line}:{place.rpartition(':')[2]}" if sharp else "")
            if plan is not None:
                said = {"did": "governs the state since it was entered"}
                found = plan if plan.place == place else replace(plan, place=place)
                context.trace.considered.append(Considered(found, "lifecycle", Verdict.DECIDED, (), said))


def _without_secrets(of: Run) -> str:
    """The path of a request without the keys of records that name callers."""
    path = of.request.path
    for name in of.operation.secrets:
        given = of.variables[name]
        path = "/".join(HIDDEN_VALUE if part == given else part for part in path.split("/"))
    return path


def link(
    program: Program,
    *,
    settings: Mapping[str, Any] | None = None,
    regions: Sequence[str] = ("RegionOne",),
    durations: Mapping[str, float] | None = None,
    quotas: Mapping[str, int] | None = None,
) -> Engine:
    """The engine of a program, for the settings, regions, durations and quotas of a cloud."""
    return Engine(
        link_program(
            program,
            settings={**defaults(program), **(settings or {})},
            regions=tuple(regions),
            durations=durations or {},
            quotas=quotas or {},
        )
    )
