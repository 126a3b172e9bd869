# SPDX-License-Identifier: Apache-2.0
"""The language's own words: phases, situations, roots, functions and effect slots, as tables.

Beside the way of a rule: the checker asks them which names are known and what comes of them, the compiler which of them
it must lower. A word that is in no table here is declared by some file, or is a mistake.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from mimic_rules.language.expressions import KINDS

LANGUAGE_VERSIONS: Final = frozenset({"1"})
"""The versions of the language that this program reads."""

PHASES: Final[tuple[str, ...]] = (
    "caller",
    "version",
    "decode",
    "schema",
    "find",
    "permit",
    "guard",
    "checks",
    "references",
    "uniqueness",
    "quota",
    "effects",
)
"""The phases of a request whose order a service may state, in the default order; route comes before them all, timers,
view and deliver after."""


def complete(order: tuple[str, ...]) -> tuple[str, ...]:
    """The phases in an order: those that it leaves out come where they stand by default, after the one before them."""
    phases = list(dict.fromkeys(phase for phase in order if phase in PHASES))
    for number, phase in enumerate(PHASES):
        if phase not in phases:
            before = [one for one in PHASES[:number] if one in phases]
            phases.insert(max((phases.index(one) for one in before), default=-1) + 1, phase)
    return tuple(phases)


@dataclass(frozen=True, slots=True)
class Situation:
    """What a service says when a request can't be handed to an operation, unless an `on` line says otherwise.

    `name` None means the service's own name for the status; `sees` are the names that the fault's text may use beside
    the roots. Without `neutral`, the situation is none where the service doesn't speak of it.
    """

    status: int
    name: str | None
    message: str
    sees: tuple[str, ...] = ()
    neutral: bool = True


SITUATIONS: Final[Mapping[str, Situation]] = MappingProxyType(
    {
        "malformed": Situation(400, None, "the body is not valid JSON"),
        "invalid": Situation(400, None, "{field}: {reason}", ("field", "value", "reason")),
        "invalid_body": Situation(400, None, "{reason}", ("value", "reason")),
        "not_modelled": Situation(501, None, "{reason}", ("reason", "nearest")),
        "wrong_method": Situation(405, None, "the method is not allowed for this path"),
        "trailing_slash": Situation(404, None, "the resource could not be found", neutral=False),
        "wrong_media": Situation(415, None, "the media type of the body is not supported"),
        "too_large": Situation(413, None, "the body is too large"),
        "too_deep": Situation(400, None, "the body is nested too deeply"),
        "unknown_action": Situation(400, None, "there is no such action: {action}", ("action",)),
        "wrong_tenant": Situation(403, None, "the tenant of the path is not the caller's"),
        "bad_version": Situation(400, None, "{value} is not a version", ("value", "first", "last")),
        "unsupported_version": Situation(
            406, None, "version {value} is not supported: {first} to {last} are", ("value", "first", "last")
        ),
        "outside_version": Situation(404, None, "the resource could not be found"),
        "over_quota": Situation(
            403,
            None,
            "quota exceeded for {over}: requested {requested}, used {used} of {limit}",
            ("over", "requested", "used", "limit", "resource"),
        ),
        "forbidden": Situation(403, None, "this is not allowed"),
        "conflict": Situation(409, None, "this conflicts with the present state"),
        "busy": Situation(503, None, "the service is busy, try again later"),
    }
)
"""Every situation by its name."""

OF_RESOURCES: Final = ("missing", "refused")
"""The situations that are said of a resource: a record that is not there, and a lifecycle that forbids."""

ROOTS: Final = frozenset(
    {
        "base",
        "body",
        "caller",
        "dialects",
        "headers",
        "now",
        "path",
        "query",
        "quota",
        "region",
        "regions",
        "request",
        "self",
        "service",
        "services",
        "setting",
        "tenant",
        "version",
    }
)
"""The names that mean something wherever a request is at hand."""

HANDOUT_ROOTS: Final = frozenset({"base", "dialects", "region", "regions", "service", "services", "setting"})
"""Those that mean something before there is a request."""

FAULT_ROOTS: Final = frozenset({"status", "fault", "message", "value", "event"})
"""The names that mean something in faults, beside the roots."""

PAGE_NAMES: Final = frozenset({"items", "more", "next", "plural", "count"})
"""The names that mean something in the body of a page."""

REQUEST_PARTS: Final = frozenset({"id", "method", "path", "url"})
SERVICE_PARTS: Final = frozenset({"service", "type", "name", "title", "url", "region"})
QUOTA_PARTS: Final = frozenset({"limit", "used", "normal"})
EVENT_GROUPS: Final = frozenset({"read", "change"})
"""Verbs of events that stand for operations of many verbs: those that look, and those that change."""

SLOTS: Final = ("lifecycle", "answer")
"""What the effects of a rule fill; a lifecycle slot is one per field."""

SOURCES: Final = frozenset({"count", "any", "all", "first", "last", "sum", "min", "max"})
"""The functions whose sole argument may be a resource's name, for its records in sight."""

EVERYONES: Final = "everyones"
"""The function whose sole argument is a resource's name, for the records of all tenants, buried ones too."""


@dataclass(frozen=True, slots=True)
class Function:
    """How many arguments a function takes (`maximum` None: any number), the kind of its result, one of KINDS, `time` or
    `any`, and whether it draws from the world's randomness.

    `takes` says for each argument which kinds it may be, parted by blanks, or `resource`; the last one holds for those
    after it, and an empty one for every kind. Of other kinds the result is missing.
    """

    minimum: int
    maximum: int | None
    result: str
    takes: tuple[str, ...] = ("",)
    random: bool = False


FUNCTIONS: Final[Mapping[str, Function]] = MappingProxyType(
    {
        "count": Function(1, 1, "number", ("list text map",)),
        "any": Function(1, 1, "bool", ("list",)),
        "all": Function(1, 1, "bool", ("list",)),
        "first": Function(1, 1, "any", ("list",)),
        "last": Function(1, 1, "any", ("list",)),
        "sum": Function(1, 1, "number", ("list",)),
        "everyones": Function(1, 1, "list", ("resource",)),
        "min": Function(1, 1, "any", ("list",)),
        "max": Function(1, 1, "any", ("list",)),
        "join": Function(2, 2, "text", ("list", "text")),
        "split": Function(2, 2, "list", ("text",)),
        "keys": Function(1, 1, "list", ("map",)),
        "values": Function(1, 1, "list", ("map",)),
        "distinct": Function(1, 1, "list", ("list",)),
        "sorted": Function(1, 1, "list", ("list",)),
        "mod": Function(2, 2, "number", ("number",)),
        "flat": Function(1, 1, "list", ("list",)),
        "range": Function(2, 2, "list", ("number",)),
        "lower": Function(1, 1, "text", ("text",)),
        "upper": Function(1, 1, "text", ("text",)),
        "trim": Function(1, 1, "text", ("text",)),
        "replace": Function(3, 3, "text", ("text",)),
        "text": Function(1, 1, "text"),
        "number": Function(1, 1, "number"),
        "int": Function(1, 1, "number"),
        "bool": Function(1, 1, "bool"),
        "json": Function(1, 1, "any", ("text",)),
        "last_segment": Function(1, 1, "text", ("text number",)),
        "iso": Function(1, 1, "text", ("number",)),
        "iso_us": Function(1, 1, "text", ("number",)),
        "naive": Function(1, 1, "text", ("number",)),
        "naive_us": Function(1, 1, "text", ("number",)),
        "time": Function(1, 1, "time", ("text",)),
        "uuid": Function(0, 0, "text", random=True),
        "hex": Function(1, 1, "text", ("number",), random=True),
        "word": Function(1, 1, "text", ("number",), random=True),
        "number_between": Function(2, 2, "number", ("number",), random=True),
        "md5": Function(1, 1, "text", ("text",)),
        "sha224": Function(1, 1, "text", ("text",)),
        "sha256": Function(1, 1, "text", ("text",)),
        "base64": Function(1, 1, "text", ("text",)),
        "address": Function(1, 1, "text", ("text",)),
        "ip4": Function(1, 1, "text", ("number",)),
        "ip6": Function(1, 1, "text", ("number",)),
        "without": Function(2, None, "any", ("list map", "")),
        "only": Function(2, None, "any", ("list map", "")),
        "contains": Function(2, 2, "bool", ("list text map", "")),
        "key_pair": Function(1, 1, "map", ("text",), random=True),
        "fingerprint": Function(1, 1, "text", ("text",)),
    }
)
"""Every function by its name."""

__all__ = [
    "EVENT_GROUPS",
    "EVERYONES",
    "FAULT_ROOTS",
    "FUNCTIONS",
    "HANDOUT_ROOTS",
    "KINDS",
    "LANGUAGE_VERSIONS",
    "OF_RESOURCES",
    "PAGE_NAMES",
    "PHASES",
    "QUOTA_PARTS",
    "REQUEST_PARTS",
    "ROOTS",
    "SERVICE_PARTS",
    "SITUATIONS",
    "SLOTS",
    "SOURCES",
    "Function",
    "Situation",
]
