# SPDX-License-Identifier: Apache-2.0
"""The syntax tree of operations: what a client may ask, and the statements that answer it, in the order written.

On the way of a rule: items of a `File`; the compiler makes routes and step plans of them.
"""

from dataclasses import dataclass

from mimic_rules.language.declarations import Across, Fault, Header, Item, Order, SortKey
from mimic_rules.language.expressions import ALWAYS, Expr, Guards, ObjectOf, Piece
from mimic_rules.language.types import Type


@dataclass(frozen=True, slots=True)
class Statement(Piece):
    """One step of an operation."""


@dataclass(frozen=True, slots=True)
class Check(Statement):
    """`check condition else fault`."""

    condition: Expr
    fault: Fault
    guards: Guards = ALWAYS


@dataclass(frozen=True, slots=True)
class Permit(Statement):
    """`permit condition`: who may; the service's own 403 where no fault is said."""

    condition: Expr
    fault: Fault | None = None
    guards: Guards = ALWAYS


@dataclass(frozen=True, slots=True)
class Within(Statement):
    """`within tenant expression`: the tenant (or the user) that what follows is about, instead of the caller's."""

    whom: str
    value: Expr


@dataclass(frozen=True, slots=True)
class Let(Statement):
    """`let name = expression`; it never changes."""

    name: str
    value: Expr


@dataclass(frozen=True, slots=True)
class Find(Statement):
    """`find user where … otherwise create {…} when … else fault`; the record takes the resource's name, or `alias`."""

    resource: str
    alias: str | None
    condition: Expr
    values: ObjectOf | None = None
    create_when: Expr | None = None
    fault: Fault | None = None
    guards: Guards = ALWAYS


@dataclass(frozen=True, slots=True)
class Create(Statement):
    """`create thing {…}`, or one for each item of a list."""

    resource: str
    alias: str | None
    each: str | None
    source: Expr | None
    values: ObjectOf
    guards: Guards = ALWAYS


@dataclass(frozen=True, slots=True)
class Set(Statement):
    """`set name = expression`: a field of the record in hand, a member of it, or of another record in sight."""

    target: Expr
    value: Expr
    guards: Guards = ALWAYS


@dataclass(frozen=True, slots=True)
class Unset(Statement):
    """`unset metadata[path.key] else fault`: takes a member away; the fault where it was not there."""

    target: Expr
    fault: Fault | None = None
    guards: Guards = ALWAYS


@dataclass(frozen=True, slots=True)
class Merge(Statement):
    """`merge metadata with body.metadata`."""

    target: Expr
    value: Expr
    guards: Guards = ALWAYS


@dataclass(frozen=True, slots=True)
class Take(Statement):
    """`take name, description from body.thing`: each field that is there."""

    fields: tuple[str, ...]
    source: Expr


@dataclass(frozen=True, slots=True)
class Delete(Statement):
    """`delete records`: one record or a list of them."""

    records: Expr
    guards: Guards = ALWAYS


@dataclass(frozen=True, slots=True)
class Move(Statement):
    """`move records to state`: one record or a list of them, whatever their lifecycle says."""

    records: Expr
    state: Expr
    guards: Guards = ALWAYS


@dataclass(frozen=True, slots=True)
class Reconcile(Statement):
    """`reconcile member by (address, port) with body.members {…}`: creates, updates and deletes to equal them."""

    resource: str
    by: tuple[str, ...]
    source: Expr
    values: ObjectOf
    guards: Guards = ALWAYS


@dataclass(frozen=True, slots=True)
class FilterExact(Piece):
    """Query parameters that select by equality with the field of that name."""

    fields: tuple[str, ...]
    guards: Guards = ALWAYS


@dataclass(frozen=True, slots=True)
class FilterRegex(Piece):
    """A query parameter that is a regular expression on a field (of its own name unless said)."""

    parameter: str
    field: str | None
    guards: Guards = ALWAYS


@dataclass(frozen=True, slots=True)
class FilterBy(Piece):
    """A query parameter with a condition on the record and `value`; with deleted, tombstones too."""

    parameter: str
    condition: Expr
    with_deleted: bool = False
    guards: Guards = ALWAYS


@dataclass(frozen=True, slots=True)
class Sortable(Piece):
    """Fields that a client may sort by."""

    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ordered(Piece):
    """The order of this list where a client asks for none, instead of the service's."""

    keys: tuple[SortKey, ...]


ListLine = FilterExact | FilterRegex | FilterBy | Sortable | Ordered | Across


@dataclass(frozen=True, slots=True)
class ListRecords(Statement):
    """`list thing as basic where … {…}`: answers a page of records in the service's dialect."""

    resource: str
    view: str
    condition: Expr | None
    lines: tuple[ListLine, ...]
    guards: Guards = ALWAYS


@dataclass(frozen=True, slots=True)
class Answer(Statement):
    """`answer 202 {…} header …`."""

    status: int
    body: Expr | None
    headers: tuple[Header, ...] = ()
    guards: Guards = ALWAYS


@dataclass(frozen=True, slots=True)
class BodyClause(Piece):
    """The body a request must have."""

    type: Type


@dataclass(frozen=True, slots=True)
class QueryClause(Piece):
    """The query parameters a request may have."""

    type: Type


@dataclass(frozen=True, slots=True)
class ActionClause(Piece):
    """The single key of the body that picks this operation among those of the same path, and the type of its value."""

    key: str
    type: Type


@dataclass(frozen=True, slots=True)
class Flag(Piece):
    """`public` (needs no caller) or `root` (the path stands outside the service's mount)."""

    word: str


Clause = BodyClause | QueryClause | ActionClause | Flag | Order


@dataclass(frozen=True, slots=True)
class Operation(Item):
    """`operation verb resource METHOD /path clauses { statements }`."""

    verb: str
    resource: str
    method: str
    path: str
    clauses: tuple[Clause, ...]
    guards: Guards
    statements: tuple[Statement, ...]
