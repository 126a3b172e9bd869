# SPDX-License-Identifier: Apache-2.0
"""One request as a journal keeps it, and as it is shown: without what is secret.

On the way of a request: after the answer. What is kept are the request's own values and nothing of the connection; the
rest is worked out when somebody reads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from mimic_rules.engine.exchange import MISSING, Wire
from mimic_rules.engine.secrets import HIDDEN_VALUE
from mimic_rules.web.answer import encode
from mimic_rules.web.places import relative
from mimic_rules.web.redaction import (
    Secrets,
    redact_body,
    redact_headers,
    redact_path,
    redact_query,
    secrets,
    secrets_of,
)
from mimic_rules.web.times import iso

BODY_KEPT: Final = 16 * 1024
"""Bytes of a body that is kept."""
HEADERS_KEPT: Final = 8 * 1024
"""Characters of headers that are kept as they are."""
VALUE_KEPT: Final = 1024
"""Characters that a header's value may have where there are more in all."""
NAME_KEPT: Final = 128
MOST_HEADERS: Final = 48
NOT_KEPT: Final = "..."
UNREADABLE: Final = object()
"""Stands for a body that is there and can't be read."""
NO_BODY: Final = (b"", "")
NOT_READ: Final = "it can't be read as JSON"
TOO_LARGE: Final = f"it is larger than {BODY_KEPT} bytes"


@dataclass(frozen=True, slots=True)
class Entry:
    """One request and what became of it.

    `path` is the one inside of the world; `told` the same without what is secret, where the engine knows. `names` and
    `values` are those of the headers. `body` is the JSON text, empty for none and None where it isn't kept, for the
    reason `why`. `at` is world time when it was answered, `seconds` the real time that took.
    """

    id: str
    method: str
    path: str
    told: str
    query: Mapping[str, Sequence[str]]
    names: tuple[str, ...]
    values: tuple[str, ...]
    body: bytes | None
    why: str
    status: int
    service: str
    operation: str
    rules: tuple[str, ...]
    at: float
    seconds: float
    delay: float
    wire: Wire | None

    @property
    def is_modelled(self) -> bool:
        """Whether a rule says what such a request answers."""
        return self.operation != "" or self.status != 501

    def does(self, name: str) -> bool:
        """Whether it asked for the operation of this name: `show ticket`, or `desk show ticket` with the service."""
        return self.operation != "" and name in (self.operation, f"{self.service} {self.operation}")

    @property
    def headers(self) -> dict[str, str]:
        """The headers by lower-case name; a value that isn't kept is NOT_KEPT."""
        return dict(zip(self.names, self.values, strict=True))

    def data(self) -> Any:
        """The decoded body; MISSING for none, and where it isn't kept."""
        return orjson.loads(self.body) if self.body else MISSING

    def secrets(self) -> Secrets:
        """What is hidden wherever it stands: what the request itself says is secret."""
        found = [*secrets_of(self.headers, self.query, self.data())]
        given, told = self.path.split("/"), self.told.split("/")
        if len(given) == len(told):
            found += [one for one, shown in zip(given, told, strict=True) if shown == HIDDEN_VALUE]
        return secrets(found)

    def shown_path(self, known: Secrets) -> str:
        """The path without what is secret in it."""
        return known.hide(self.told) if self.told and self.operation else redact_path(self.path, known)

    def brief(self, known: Secrets) -> dict[str, Any]:
        """Which one it is: id, method, path, status, and the operation where one is modelled."""
        more = {"service": self.service, "operation": self.operation} if self.operation else {}
        return {
            "id": self.id,
            "method": self.method,
            "path": self.shown_path(known),
            **more,
            "status": self.status,
        }

    def shown(self, roots: Sequence[Path] = ()) -> dict[str, Any]:
        """All of it as JSON data, without what is secret; places of rules are relative to the first root above."""
        known, data = self.secrets(), self.data()
        return {
            "id": self.id,
            "method": self.method,
            "path": self.shown_path(known),
            "query": redact_query(self.query, known),
            "headers": redact_headers(self.headers, known),
            "body": None if data is MISSING else redact_body(data, known),
            **({"body_not_kept": self.why} if self.body is None else {}),
            "status": self.status,
            "service": self.service,
            "operation": self.operation,
            "rules": [relative(place, roots) for place in self.rules],
            "at": self.at,
            "iso": iso(self.at),
            "seconds": round(self.seconds, 6),
            "delay": self.delay,
            "wire": None if self.wire is None else {"how": self.wire.how, "share": self.wire.share},
        }


def kept_headers(names: tuple[str, ...], values: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Headers within bounds: where they are too large together, the largest of them and those after MOST_HEADERS are
    left out, and NOT_KEPT stands for them.

    No value is cut, for half of a secret couldn't be told from other texts.
    """
    # PERF: adding up the lengths one by one takes longer.
    if len("".join(values)) + len("".join(names)) <= HEADERS_KEPT:
        return names, values
    small = [one for one in zip(names, values, strict=True) if len(one[0]) <= NAME_KEPT][:MOST_HEADERS]
    kept = [(name, value if len(value) <= VALUE_KEPT else NOT_KEPT) for name, value in small]
    if len(kept) < len(names):
        kept.append((NOT_KEPT, NOT_KEPT))
    return tuple(name for name, _ in kept), tuple(value for _, value in kept)


def kept_body(body: Any, declared: str | None) -> tuple[bytes | None, str]:
    """What is kept of a decoded body, as JSON text: nothing where it is too large, and then why.

    `declared` is the Content-Length; UNREADABLE is a body that couldn't be read.
    """
    if body is UNREADABLE:
        return None, NOT_READ
    # PERF: what says that it is larger isn't even encoded.
    if declared and declared.isdigit() and len(declared) < 10 and int(declared) > BODY_KEPT:
        return None, TOO_LARGE
    text = encode(body)
    return (text, "") if len(text) <= BODY_KEPT else (None, TOO_LARGE)
