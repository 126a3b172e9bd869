# SPDX-License-Identifier: Apache-2.0
"""What a request can reach: the world at its time, its tenant and user, records in sight, quotas, settings.

On the way of a request: made when it begins, carried by every frame; linked expressions ask it for what is not in the
frame itself. An event that falls due has one too, without a request.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote, urlencode

from mimic_rules.compiler import expressions as pl
from mimic_rules.compiler.expressions import version_text
from mimic_rules.compiler.program import OperationPlan, RulePlan
from mimic_rules.engine.exchange import MISSING, Request
from mimic_rules.state.draws import Draws
from mimic_rules.state.table import Table
from mimic_rules.state.transaction import Transaction
from mimic_rules.state.world import World

if TYPE_CHECKING:
    from mimic_rules.engine.linked import LinkedProgram, LinkedService
    from mimic_rules.engine.trace import Trace, Verdict

Record = dict[str, Any]
Frame = list[Any]
QUOTA_KIND = "~quota"
NORMAL_KIND = "~normal"
T = TypeVar("T")


class Context:
    """One request (or one due event) in one world."""

    __slots__ = (
        "asked_tenant",
        "at_hand",
        "base",
        "decided",
        "matched",
        "operation",
        "parts",
        "program",
        "region",
        "request",
        "roots",
        "service",
        "taken",
        "tenant",
        "trace",
        "transaction",
        "turns",
        "user",
        "world",
    )

    def __init__(
        self,
        program: "LinkedProgram",
        transaction: Transaction,
        world: World,
        *,
        service: "LinkedService | None" = None,
        region: str = "",
        tenant: str = "",
        user: str = "",
        request: Request | None = None,
    ) -> None:
        self.program = program
        self.transaction = transaction
        self.world = world
        self.service = service
        self.region = region
        self.tenant = tenant
        self.user = user
        self.request = request
        self.base = request.base if request else ""
        self.asked_tenant = ""
        self.operation: OperationPlan | None = None
        self.decided: list[str] = []
        # What rules have been asked, and have done, in this request: each is counted once.
        self.matched: set[str] = set()
        self.taken: dict[tuple[str, Any], tuple[Verdict, dict[str, Any]] | None] = {}
        self.turns: dict[tuple[Any, ...], int] = {}
        self.parts: dict[str, int] = {}
        self.trace: Trace | None = None
        self.roots: dict[str, Any] = {}
        self.at_hand: Frame | None = None

    @property
    def draws(self) -> Draws:
        """Where functions draw from."""
        return self.transaction

    def frame(self, size: int = pl.FIRST_LOCAL) -> Frame:
        """A frame with no record in hand; it sees the request, once there is one at hand."""
        at_hand = self.at_hand
        if at_hand is not None:
            frame = at_hand[: pl.FIRST_LOCAL]
            frame[pl.SELF] = MISSING
            if size > pl.FIRST_LOCAL:
                frame += [MISSING] * (size - pl.FIRST_LOCAL)
        else:
            frame = [MISSING] * max(size, pl.FIRST_LOCAL)
            frame[pl.CONTEXT] = self
            frame[pl.VERSION] = 0
            frame[pl.NOW] = self.transaction.at
            frame[pl.EXTRA] = {}
        return frame

    def match(self, rule: RulePlan) -> None:
        """Count that a rule's condition holds."""
        if rule.id not in self.matched:
            self.matched.add(rule.id)
            self.world.tallies.matched(rule.id)

    def decide(self, rule: RulePlan) -> None:
        """Count that a rule decides, and note its place for the answer."""
        self.decided.append(rule.place)
        self.world.tallies.decided(rule.id, None if self.request is None else self.request.id)

    def portion(self, kind: str, records: list[T]) -> list[T]:
        """Those of the records that the request makes or takes away which a rule lets it: the first ones."""
        most = self.parts.get(kind)
        if most is None:
            return records
        self.parts[kind] = most - len(records[:most])
        return records[:most]

    # -- records ------------------------------------------------------------------------------------------------------

    def partition(self, kind: str) -> tuple[str, str]:
        """The tenant and region in whose table the records of a kind in sight are."""
        scope = self.program.resources[kind].plan.scope
        if scope == "tenant":
            return self.tenant, self.region
        return (self.user, "") if scope == "user" else ("", "")

    def table(self, kind: str) -> Table:
        """The table of the records of a kind in sight."""
        # PERF: the commonest call of all, so that `partition` is repeated here.
        scope = self.program.resources[kind].plan.scope
        if scope == "world":
            return self.transaction.table(kind, "", "")
        if scope == "tenant":
            return self.transaction.table(kind, self.tenant, self.region)
        return self.transaction.table(kind, self.user, "")

    def records(self, kind: str) -> list[Record]:
        """The records of a kind in sight, in order of creation."""
        return self.table(kind).records()

    def children(self, kind: str, parent: Any) -> list[Record]:
        """The records of a kind that belong to a parent."""
        resource = self.program.resources[kind]
        if type(parent) is not dict or resource.plan.parent_kind is None:
            return []
        return self.table(kind).group("parent", self.program.resources[resource.plan.parent_kind].key_of(parent))

    def follow(self, kind: str, key: Any) -> Any:
        """The record that a key names, or those of a list of keys; MISSING where there is none."""
        if type(key) is list:
            found = (self.follow(kind, one) for one in key)
            return [one for one in found if one is not MISSING]
        if type(key) is not str and type(key) is not int:
            return MISSING
        record = self.table(kind).get(key)
        return MISSING if record is None else record

    def lookup(self, kind: str, key: Any) -> list[Record]:
        """The record that a key names, as a list of one or none."""
        if self.program.resources[kind].numbered and type(key) is not int:
            return []
        found = self.follow(kind, key) if type(key) is not list else MISSING
        return [] if found is MISSING else [found]

    def generate(self, how: str, kind: str, field: str) -> Any:
        """A value that a field makes up: uuid, hex (32 digits), or the next number of a sequence."""
        if how == "uuid":
            return self.draws.uuid()
        if how == "hex":
            return self.draws.hex(32)
        number = self.transaction.sequence(kind)
        # A number that a record was given by hand is passed over.
        while self.program.resources[kind].key == (field,) and number in self.table(kind):
            number = self.transaction.sequence(kind)
        return number

    def show(self, kind: str, view: str, record: Any, frame: Frame) -> Any:
        """A record through a view."""
        shown = self.program.resources[kind].views.get(view)
        if shown is None or type(record) is not dict:
            return MISSING
        # PERF: most resources have no rule about what is shown of them, and pay for one look.
        alter = self.program.alters.get(kind)
        return shown.show(frame, record) if alter is None else alter(self, frame, record, shown.show(frame, record))

    # -- tenants ------------------------------------------------------------------------------------------------------

    def within(self, tenant: str) -> None:
        """Let what follows be about a tenant."""
        self.tenant = tenant
        # INVARIANT: what was worked out of the tenant before is of another one.
        self.roots.pop("tenant", None)
        self.roots.pop("quota", None)

    def others(self, kind: str) -> list[str]:
        """The tenants beside the one at hand who have records of a kind here, in the order in which they began."""
        here = self.region
        return [
            tenant for tenant, region in self.transaction.partitions(kind) if region == here and tenant != self.tenant
        ]

    def everyones(self, kind: str) -> list[Record]:
        """The records of a kind of all tenants here, buried ones after the others, as maps that say whose each is."""
        found: list[Record] = []
        for tenant, region in self.transaction.partitions(kind):
            if region == self.region:
                table = self.transaction.table(kind, tenant, region)
                found += [_told(record, tenant, gone=False) for record in table.records()]
                found += [_told(record, tenant, gone=True) for _, record in table.tombs()]
        return found

    # -- quotas -------------------------------------------------------------------------------------------------------

    def quota(self, service: str, name: str, part: str) -> Any:
        """A part of a quota of the tenant at hand: limit, used or normal (what it is unless set)."""
        quota = self.program.services[service].quotas.get(name) if service in self.program.services else None
        if quota is None:
            return MISSING
        if part == "used":
            return 0 if quota.kind is None else self.used(quota.kind, name if quota.field else None)
        if part == "limit":
            return self.own_limits(service).get(name, quota.limit)
        return self.normal_limits(service).get(name, quota.limit) if part == "normal" else MISSING

    def own_limits(self, service: str) -> Record:
        """The limits that the tenant at hand, or everyone, has been given, instead of those that the service begins
        with."""
        own = self.transaction.table(QUOTA_KIND, self.tenant, self.region).get(service) or {}
        normal = self.normal_limits(service)
        return {**normal, **own} if normal else own

    def normal_limits(self, service: str) -> Record:
        """The limits that everyone has been given."""
        return self.transaction.table(NORMAL_KIND, "", self.region).get(service) or {}

    def used(self, kind: str, total: str | None) -> float | int:
        """How many records of a kind are in sight, or the sum that a quota adds up over them."""
        table = self.table(kind)
        return len(table) if total is None else table.total(total)

    # -- roots --------------------------------------------------------------------------------------------------------

    def root(self, name: str) -> Any:
        """The value of a root that is not in the frame; worked out once for a request."""
        try:
            return self.roots[name]
        except KeyError:
            found = self.roots[name] = self._root(name)
            return found

    def _root(self, name: str) -> Any:
        # PERF: those that most answers show come first.
        match name:
            case "request":
                return self._request()
            case "service":
                return MISSING if self.service is None else self._service(self.service, self.region)
            case "base":
                return self.base
            case "tenant":
                return self._tenant()
            case "setting":
                return self.program.settings
            case "quota":
                return {} if self.service is None else self._quotas(self.service)
            case "headers":
                return dict(self.request.headers) if self.request else {}
            case "region":
                return self.region
            case "regions":
                return list(self.program.regions)
            case "version":
                return MISSING
            case _:
                return [
                    self._service(service, region)
                    for service in self.program.services.values()
                    if (service.plan.base == service.plan.name) == (name == "services")
                    for region in self.program.regions
                ]

    def _quotas(self, service: "LinkedService") -> Record:
        """All quotas of a service, by name, each with its parts."""
        name = service.plan.base
        return {
            quota: {part: self.quota(name, quota, part) for part in ("limit", "used", "normal")}
            for quota in service.quotas
        }

    def _tenant(self) -> Record:
        kind = self.program.tenants
        record = None if kind is None else self.transaction.table(kind, "", "").get(self.tenant)
        return record or {"id": self.tenant}

    def request_id(self) -> Any:
        """`request.id`."""
        return MISSING if self.request is None else self.request.id

    def _request(self) -> Record:
        if self.request is None:
            return {}
        return {
            "id": self.request.id,
            "method": self.request.method,
            "path": self.request.path,
            "url": asked_url(self.base, self.request),
        }

    def _service(self, service: "LinkedService", region: str) -> Record:
        plan = service.plan
        below = f"/{self.asked_tenant}" if self.asked_tenant else ""
        return {
            "service": plan.name,
            "type": plan.type,
            "name": plan.label,
            "title": plan.title,
            "region": region,
            "url": self.base + self.program.mount(service, region) + below,
        }

    def set_version(self, version: int) -> None:
        """Note the version that has been agreed on."""
        self.roots["version"] = version_text(version)


def _told(record: Record, tenant: str, *, gone: bool) -> Record:
    # What the engine notes in a record has a name that no field can have.
    fields = {name: value for name, value in record.items() if not name.startswith("~")}
    return {**fields, "tenant": tenant, "gone": gone}


def asked_url(base: str, request: Request, query: Mapping[str, list[str]] | None = None) -> str:
    """The URL of a request as it was asked, with its query or another one."""
    asked = request.query if query is None else query
    # A client can send half a character, which no URL can carry.
    url = base + quote(request.path, safe="/:@!$&'()*+,;=~", errors="replace")
    pairs = [(name, one) for name, values in asked.items() for one in values]
    return f"{url}?{urlencode(pairs, errors='replace')}" if pairs else url
