# SPDX-License-Identifier: Apache-2.0
"""The syntax tree of a service's declaration: where it is mounted, who may ask, how it speaks, whose records it shares.

On the way of a rule: the lines of a `Service`, built by `syntax`; `pages` holds how it pages its lists.
"""

from dataclasses import dataclass

from mimic_rules.language.expressions import Expr, Literal, ObjectOf, Piece, Text
from mimic_rules.language.faults import Fault, Header
from mimic_rules.language.pages import Page
from mimic_rules.language.types import ObjectType


@dataclass(frozen=True, slots=True)
class Qualified(Piece):
    """`service.resource`, or one word: a service after `for`, a resource of the same service elsewhere."""

    first: str
    second: str | None = None


@dataclass(frozen=True, slots=True)
class Label(Piece):
    """`type "…"` or `name "…"`: what the service is called where services are listed."""

    what: str
    text: str


@dataclass(frozen=True, slots=True)
class Mount(Piece):
    """Where the service's paths begin, with an optional segment after it."""

    path: str
    optional: str | None = None


@dataclass(frozen=True, slots=True)
class Caller(Piece):
    """Which record a request's header names as its caller, when it is good; its fields for tenant and user."""

    header: str
    token: Qualified
    condition: Expr
    tenant: str
    user: str | None
    fault: Fault


@dataclass(frozen=True, slots=True)
class Carrier(Piece):
    """A header that carries the version; form holds `{v}`, plain when None."""

    header: str
    form: str | None = None


@dataclass(frozen=True, slots=True)
class Versions(Piece):
    """The microversions a service knows, as written: `2.1 .. 2.104 default 2.1`."""

    carriers: tuple[Carrier, ...]
    first: str
    last: str
    default: str


@dataclass(frozen=True, slots=True)
class Envelope(Piece):
    """The body of the service's errors."""

    body: ObjectOf


@dataclass(frozen=True, slots=True)
class FaultName(Piece):
    """`fault 404 itemNotFound "…" as {…} header …`: the name of a status, its own text, body and headers."""

    status: int
    name: str
    message: Text | Literal | None = None
    body: ObjectOf | None = None
    headers: tuple[Header, ...] = ()


@dataclass(frozen=True, slots=True)
class FaultElse(Piece):
    """The name of every other status."""

    name: str


@dataclass(frozen=True, slots=True)
class Situation(Piece):
    """`on malformed 400 badRequest "…"`: what the service says where no construct does, of records of `resource`."""

    name: str
    fault: Fault
    resource: str | None = None


@dataclass(frozen=True, slots=True)
class Order(Piece):
    """The phases in the order the service runs them."""

    phases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Queries(Piece):
    """`query {…}`: the parameters that what is read takes where its operation names none."""

    type: ObjectType


@dataclass(frozen=True, slots=True)
class HandsOut(Piece):
    """`hands out "name" = e`: a document that whoever makes a world is handed."""

    name: str
    value: Expr


@dataclass(frozen=True, slots=True)
class Shares(Piece):
    """`shares archive.box`: records of another service that this one asks for and shows in its own words."""

    resources: tuple[Qualified, ...]


Wording = Envelope | FaultName | FaultElse | Situation | Page
ServiceLine = Label | Mount | Caller | Versions | Header | Order | Queries | HandsOut | Shares | Wording
