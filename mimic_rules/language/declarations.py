# SPDX-License-Identifier: Apache-2.0
"""The syntax tree of what a file declares: services, resources, views, settings, templates.

On the way of a rule: the items of a `File`, built by `syntax`. `lifecycles` and `operations` hold the two families that
have bodies of their own.
"""

from dataclasses import dataclass

from mimic_rules.language.expressions import Entry, Expr, Guards, ObjectOf, Piece
from mimic_rules.language.faults import Fault, Header
from mimic_rules.language.pages import (
    Page,
    PageLimit,
    PageLine,
    PageMarker,
    PageOffset,
    PageSort,
    PageWrap,
    SortKey,
)
from mimic_rules.language.service_lines import (
    Caller,
    Carrier,
    Envelope,
    FaultElse,
    FaultName,
    HandsOut,
    Label,
    Mount,
    Order,
    Qualified,
    Queries,
    ServiceLine,
    Shares,
    Situation,
    Versions,
)
from mimic_rules.language.types import Type

__all__ = [
    "Across",
    "Binding",
    "Caller",
    "Carrier",
    "Definition",
    "Envelope",
    "Fault",
    "FaultElse",
    "FaultName",
    "Field",
    "File",
    "ForEach",
    "Gone",
    "HandsOut",
    "Header",
    "Include",
    "Invariant",
    "Item",
    "Kept",
    "Key",
    "Label",
    "Missing",
    "Mount",
    "OnDelete",
    "Order",
    "Page",
    "PageLimit",
    "PageLine",
    "PageMarker",
    "PageOffset",
    "PageSort",
    "PageWrap",
    "Plural",
    "Qualified",
    "Queries",
    "Quota",
    "Resource",
    "ResourceLine",
    "Seed",
    "Service",
    "ServiceLine",
    "Setting",
    "Shares",
    "Situation",
    "SortKey",
    "Subject",
    "Template",
    "Unique",
    "Use",
    "Versions",
    "View",
]


@dataclass(frozen=True, slots=True)
class Item(Piece):
    """What stands at the top of a file."""


# -- a service --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Service(Item):
    """A service: where it is mounted, how it speaks; `base` is the one whose records it has, where it is a dialect."""

    name: str
    title: str
    lines: tuple[ServiceLine, ...]
    base: Qualified | None = None


# -- data -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Setting(Item):
    """A key of the configuration file that rules read as `setting.name`."""

    name: str
    type: Type
    default: Expr
    doc: str = ""


@dataclass(frozen=True, slots=True)
class Seed(Item):
    """Records that a new world begins with, one for each item of a list."""

    resource: str
    name: str
    source: Expr
    values: ObjectOf


@dataclass(frozen=True, slots=True)
class Quota(Item):
    """A limit of a tenant: on the count of a resource's records, on the sum of a field, or a mere number."""

    name: str
    limit: int
    resource: str | None = None
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Field(Piece):
    """`name type ? = initial on change else fault keyed key value`."""

    name: str
    type: Type
    optional: bool = False
    initial: Expr | None = None
    on_change: bool = False
    fault: Fault | None = None
    keyed: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Key(Piece):
    """The fields whose values name a record; `id` where nothing is said."""

    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plural(Piece):
    """The plural of the resource's name, where it is not name + s."""

    name: str


@dataclass(frozen=True, slots=True)
class Unique(Piece):
    """No two records of a tenant (or of a parent) have the same values of these expressions."""

    values: tuple[Expr, ...]
    condition: Expr | None
    fault: Fault


@dataclass(frozen=True, slots=True)
class Invariant(Piece):
    """What must hold of a record when it is made, after its references are known."""

    condition: Expr
    fault: Fault


@dataclass(frozen=True, slots=True)
class Missing(Piece):
    """What the service says of a record that is not there."""

    fault: Fault


@dataclass(frozen=True, slots=True)
class Kept(Piece):
    """How long a deleted record can still be listed."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Across(Piece):
    """When a path, or a list, finds the records of every tenant instead of the caller's alone."""

    condition: Expr


@dataclass(frozen=True, slots=True)
class OnDelete(Piece):
    """What the deletion of a record of `resource` does to those that refer to it: cascade, clear or refuse."""

    resource: str
    policy: str
    fault: Fault | None = None


ResourceLine = Field | Key | Plural | Unique | Invariant | Missing | Kept | Across | OnDelete


@dataclass(frozen=True, slots=True)
class Resource(Item):
    """A kind of record: what it lives in (world, tenant, user or another resource), its fields and constraints.

    `role` is `tenant` for the resource whose records are the tenants, else None.
    """

    name: str
    scope: str
    role: str | None
    lines: tuple[ResourceLine, ...]


@dataclass(frozen=True, slots=True)
class Include(Piece):
    """`include basic`: the fields of another view of the same resource."""

    view: str
    guards: Guards


@dataclass(frozen=True, slots=True)
class View(Item):
    """What a client sees of a record."""

    resource: str
    name: str
    entries: tuple[Entry | Include, ...]


@dataclass(frozen=True, slots=True)
class Subject(Item):
    """`for service.resource`: what the rest of the file (or the block) is about."""

    about: Qualified
    items: tuple[Item, ...] | None = None


@dataclass(frozen=True, slots=True)
class Gone(Item):
    """Paths that the service answers with one fault, whatever the method."""

    fault: Fault
    guards: Guards
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Definition(Item):
    """A named expression of a service; it can't refer to itself."""

    name: str
    value: Expr


@dataclass(frozen=True, slots=True)
class Template(Item):
    """Items with parameters, to be used by name."""

    name: str
    parameters: tuple[str, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Use(Item):
    """A template with its arguments."""

    name: str
    arguments: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Binding(Piece):
    """`$a in [x, y]`, or `($a, $b) in [(x, y), …]`: every cell has as many values as there are names."""

    names: tuple[str, ...]
    cells: tuple[tuple[Expr, ...], ...]


@dataclass(frozen=True, slots=True)
class ForEach(Item):
    """Items said once for every combination of the bindings."""

    bindings: tuple[Binding, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class File(Piece):
    """One rules file."""

    path: str
    version: str | None
    items: tuple[Item, ...]
