# SPDX-License-Identifier: Apache-2.0
"""What is known of a value before there is one: a small lattice of kinds, with `UNKNOWN` at its top.

On the way of a rule: `infer` gives every expression a kind, and the checks compare kinds. What is not known is never
complained of, so that one mistake gives one diagnostic and a value that only a request can tell is left to the request.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from mimic_rules.language import expressions as ex
from mimic_rules.language import types as ty
from mimic_rules.language.model import Model, ResourceModel


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """A kind of value.

    `what` is one of unknown, text, number, bool, null, time, list, map, record, reference, state. A list or a map has
    the kind `of` its items; a map may have `members`, and no others when it is `closed`. Records and references have a
    `resource`; a text may be one of so many `words` only, as a state is one of those that its lifecycle has. A list
    with `keyed` is read by attribute, as a map of that kind.
    """

    what: str
    of: "Kind | None" = None
    members: "Mapping[str, Kind] | None" = None
    closed: bool = False
    resource: ResourceModel | None = None
    words: frozenset[str] | None = None
    keyed: "Kind | None" = None


UNKNOWN: Final = Kind("unknown")
TEXT: Final = Kind("text")
NUMBER: Final = Kind("number")
BOOL: Final = Kind("bool")
NULL: Final = Kind("null")
TIME: Final = Kind("time")
MAP: Final = Kind("map", of=UNKNOWN)
TEXTS: Final = Kind("list", of=TEXT)
FAULT: Final = Kind("map", members={"code": NUMBER, "message": TEXT}, closed=True)
"""What went wrong with a record."""

SCALARS: Final = frozenset({"text", "number", "bool", "time", "state"})
_SAID: Final = {
    "text": "a text",
    "number": "a number",
    "bool": "a truth value",
    "null": "null",
    "time": "a time",
    "list": "a list",
    "map": "a map",
    "record": "a record",
    "reference": "a key",
    "state": "a status",
}
_GROUPS: Final = {"state": "text", "time": "number", "record": "map"}


def said(kind: Kind) -> str:
    """The kind in words, for a message."""
    return _SAID.get(kind.what, "a value")


def words(*texts: str) -> Kind:
    """A text that is one of these."""
    return Kind("text", words=frozenset(texts))


def list_of(kind: Kind) -> Kind:
    """A list of such values."""
    return Kind("list", of=kind)


def record_of(resource: ResourceModel) -> Kind:
    """A record of a resource."""
    return Kind("record", resource=resource)


def of_key(kind: Kind, model: Model) -> Kind:
    """The kind of the key that a reference holds."""
    resource = kind.resource
    if resource is None or len(resource.key) != 1 or resource.key[0] not in resource.fields:
        return UNKNOWN
    key = kind_of_type(model, resource.service, resource.fields[resource.key[0]].type)
    # A key may itself refer to another record.
    return UNKNOWN if key.what == "reference" else key


def group(kind: Kind, model: Model) -> str:
    """The kinds of one group can be equal, and have an order where they are texts or numbers."""
    if kind.what == "reference":
        kind = of_key(kind, model)
    return _GROUPS.get(kind.what, kind.what)


def join(kinds: Iterable[Kind]) -> Kind:
    """The kind of a value that is of one of these kinds; null adds nothing to the others."""
    known = [kind for kind in kinds if kind.what != "null"]
    if not known:
        return NULL
    first = known[0]
    if all(kind is first for kind in known):
        return first
    if any(kind.what != first.what for kind in known):
        return UNKNOWN
    match first.what:
        case "text":
            told = [kind.words for kind in known]
            return Kind("text", words=frozenset().union(*(one for one in told if one))) if all(told) else TEXT
        case "list":
            return list_of(join(kind.of or UNKNOWN for kind in known))
        case "map":
            return _join_maps(known)
        case _:
            same = all(kind.resource is first.resource and kind.words == first.words for kind in known)
            return first if same else UNKNOWN


def _join_maps(maps: list[Kind]) -> Kind:
    members: dict[str, list[Kind]] = {}
    for one in maps:
        for name, kind in (one.members or {}).items():
            members.setdefault(name, []).append(kind)
    return Kind(
        "map",
        of=join(one.of or UNKNOWN for one in maps),
        members={name: join(kinds) for name, kinds in members.items()},
        closed=all(one.closed for one in maps),
    )


def kind_of_type(model: Model, service: str, type_: ty.Type, *, stored: bool = True) -> Kind:
    """The kind of the values of a type in a service; `stored` in a record, where a time is seconds, or as a client sent
    it."""
    match type_:
        case ty.Plain(word=word):
            return _plain(word, stored)
        case ty.ListType(items=items):
            return list_of(kind_of_type(model, service, items, stored=stored))
        case ty.MapType(values=values):
            return Kind("map", of=kind_of_type(model, service, values, stored=stored))
        case ty.Reference():
            resource = model.referred(service, type_)
            return UNKNOWN if resource is None else Kind("reference", resource=resource)
        case ty.Exactly(value=value):
            return words(value) if isinstance(value, str) else NUMBER
        case ty.OneOf(alternatives=alternatives):
            return join(kind_of_type(model, service, one, stored=stored) for one in alternatives)
        case ty.ObjectType(members=members, strict=strict, guards=guards):
            by_name: dict[str, list[Kind]] = {}
            for member in members:
                by_name.setdefault(member.key, []).append(kind_of_type(model, service, member.type, stored=stored))
            known = {name: join(kinds) for name, kinds in by_name.items()}
            return Kind("map", of=UNKNOWN, members=known, closed=strict and guards == ex.ALWAYS)
    return UNKNOWN


def _plain(word: str, stored: bool) -> Kind:
    match word:
        case "text" | "uuid" | "hex":
            return TEXT
        case "int" | "number" | "sequence":
            return NUMBER
        case "bool":
            return BOOL
        case "null":
            return NULL
        case "time" if stored:
            return TIME
        case "fault":
            return FAULT
        case _:
            return UNKNOWN
