# SPDX-License-Identifier: Apache-2.0
"""What a cloud tells of its worlds, as values: rules and their hits, requests, events, times, checks.

On the way of a test: made of the JSON of the control API. Nothing here asks for anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeAlias, TypedDict

Json: TypeAlias = Any
"""What JSON may hold."""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """What the checker says: `line` and `column` count from 1; `help` is what to do instead, or empty."""

    code: str
    severity: str
    message: str
    help: str
    place: str
    line: int
    column: int

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Diagnostic:
        """Of a problem of rules, which has a file, or of a wish, which has a place."""
        place = str(told.get("file") or told.get("place") or "")
        return cls(
            code=told.get("code") or "",
            severity=told.get("severity") or "error",
            message=told.get("message") or "",
            help=told.get("help") or "",
            place=place,
            line=told.get("line") or 0,
            column=told.get("column") or 0,
        )

    def __str__(self) -> str:
        where = f"{self.place}:{self.line}:{self.column}: " if self.line else f"{self.place}: " if self.place else ""
        return f"{where}{self.severity} {self.code}: {self.message}" + (f" ({self.help})" if self.help else "")


@dataclass(frozen=True, slots=True)
class Hits:
    """How often a rule was considered, its conditions held, and it had a part in an answer; `last` is the request in
    which it had, or empty.
    """

    considered: int
    matched: int
    decided: int
    last: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that a world consults. `layer` is `run-time`, `team` or `shipped`; `place` the text or file, the line and
    the column.
    """

    id: str
    name: str
    doc: str
    layer: str
    place: str
    enabled: bool
    text: str
    hits: Hits

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Rule:
        """Of a rule as the control API lists it."""
        hits = told["hits"]
        return cls(
            id=told["id"],
            name=told["name"] or "",
            doc=told["doc"] or "",
            layer=told["layer"],
            place=told["place"],
            enabled=told["enabled"],
            text=told["text"],
            hits=Hits(hits["considered"], hits["matched"], hits["decided"], hits["last"] or ""),
        )


@dataclass(frozen=True, slots=True)
class Fired:
    """An event that has happened, or is about to: a field of a record goes from one state to another. Where `field` is
    None it is about the whole record. `at` is world time, in seconds since 1970.
    """

    at: float
    kind: str
    key: str | int
    tenant: str
    region: str
    field: str | None
    source: str | None
    target: str | None

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Fired:
        """Of an event as the control API tells it."""
        return cls(
            told["at"],
            told["kind"],
            told["key"],
            told["tenant"],
            told["region"],
            told["field"],
            told["from"],
            told["to"],
        )


@dataclass(frozen=True, slots=True)
class Moment:
    """A world's clock, and what has happened since it was last asked: `fired` is how many events, `events` the first of
    them in order.

    `poll` is after how many looks a record that waits moves on, None where looks move nothing. Of a wish for quiet:
    `quiet` is whether it is, else `why` says why not, and `pending` is what is due next.
    """

    now: datetime
    frozen: bool
    rate: float
    poll: int | None
    fired: int
    events: tuple[Fired, ...]
    quiet: bool = True
    why: str = ""
    pending: tuple[Fired, ...] = ()

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Moment:
        """Of the state of a clock as the control API tells it."""
        return cls(
            now=datetime.fromtimestamp(told["now"], UTC),
            frozen=told["frozen"],
            rate=told["rate"],
            poll=told["poll"],
            fired=told["fired"],
            events=tuple(map(Fired.read, told["events"])),
            quiet=told.get("quiet", True),
            why=told.get("why", ""),
            pending=tuple(map(Fired.read, told.get("pending", ()))),
        )


@dataclass(frozen=True, slots=True)
class Request:
    """A request that a world has answered, as its journal keeps it: without what is secret.

    `path` is the one inside of the world. `body` is what JSON it carried; `body_not_kept` says why that is None where
    there was one. `operation` is empty where no rule models the request; `rules` are the places of those that shaped
    the answer. `at` is world time, `seconds` and `delay` are real ones; `wire` is what happened to the answer on the
    way.
    """

    id: str
    method: str
    path: str
    query: Mapping[str, Sequence[str]]
    headers: Mapping[str, str]
    body: Json
    body_not_kept: str
    status: int
    service: str
    operation: str
    rules: tuple[str, ...]
    at: float
    seconds: float
    delay: float
    wire: Json

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Request:
        """Of a request as the journal shows it."""
        return cls(
            id=told["id"] or "",
            method=told["method"],
            path=told["path"],
            query=told["query"],
            headers=told["headers"],
            body=told["body"],
            body_not_kept=told.get("body_not_kept") or "",
            status=told["status"],
            service=told["service"],
            operation=told["operation"],
            rules=tuple(told["rules"]),
            at=told["at"],
            seconds=told["seconds"],
            delay=told["delay"],
            wire=told["wire"],
        )

    def __str__(self) -> str:
        how = "".join(
            [f", {self.operation}" if self.operation else "", f", {', '.join(self.rules)}" if self.rules else ""]
        )
        return f"{self.method} {self.path} -> {self.status}{how}"


class Times(TypedDict, total=False):
    """Bounds of how often; either may be left out."""

    at_least: int
    at_most: int


class Described(TypedDict, total=False):
    """A request as verification describes it; what isn't said may be anything."""

    operation: str
    method: str
    path: str
    status: int
    query: Mapping[str, str | Sequence[str]]
    headers: Mapping[str, str]
    body: Json


class Expected(Described, total=False):
    """A request, and how often it is expected: a number, or bounds; at least once where that isn't said."""

    times: int | Times


@dataclass(frozen=True, slots=True)
class Check:
    """What became of one expectation: `passed`, `failed`, or `unknown` where the journal has dropped too much to say.
    `found` is how often the request was there, `nearest` the one that came closest, and how it differs.
    """

    expected: Mapping[str, Any]
    result: str
    found: int
    reason: str
    nearest: Mapping[str, Any] | None

    def __str__(self) -> str:
        told = f"{self.result}: {self.reason}: {dict(self.expected)}"
        if self.nearest is None:
            return told
        differs = ", ".join(
            f"{one['what']} is {one['found']!r}" if "found" in one else f"{one['what']} isn't there"
            for one in self.nearest["differs"]
        )
        near = self.nearest["request"]
        return f"{told}\n  nearest: {near['method']} {near['path']} -> {near['status']}, where {differs}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of all expectations together; a `result` of `unknown` proves nothing."""

    result: str
    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        """Whether all of it is proved."""
        return self.result == "passed"

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Verdict:
        """Of an answer of verification."""
        checks = (
            Check(one["expected"], one["result"], one["found"], one["reason"], one.get("nearest"))
            for one in told["checks"]
        )
        return cls(told["result"], tuple(checks))

    def __str__(self) -> str:
        return "\n".join([self.result, *(str(one) for one in self.checks if one.result != "passed")])


@dataclass(frozen=True, slots=True)
class Aged:
    """A record that was made older: its times and states as they are then; `gone` where it no longer is."""

    kind: str
    key: str | int
    tenant: str
    region: str
    times: Mapping[str, str]
    states: Mapping[str, str]
    gone: bool
    fired: int
    events: tuple[Fired, ...]

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Aged:
        """Of what the control API tells of the record."""
        return cls(
            kind=told["kind"],
            key=told["key"],
            tenant=told["tenant"],
            region=told["region"],
            times=told["times"],
            states=told["states"],
            gone=told["gone"],
            fired=told["fired"],
            events=tuple(map(Fired.read, told["events"])),
        )


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A world in a file of the cloud: its name, and the file's size."""

    name: str
    bytes: int
