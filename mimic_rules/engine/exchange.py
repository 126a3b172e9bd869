# SPDX-License-Identifier: Apache-2.0
"""What passes between the web layer and the engine: a request, and the response to it.

On the way of a request: `web` makes a `Request` of what came over the socket, without reading its body yet; the engine
reads the body in its decode phase, through `read_json`, and gives back a `Response` whose body is still plain data.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from mimic_rules.engine.trace import Trace


class Missing(Enum):
    """What is not there; no JSON value is it."""

    MISSING = "missing"

    def __bool__(self) -> bool:
        return False

    def get(self, key: object, default: Any = None) -> "Missing":
        """What is not there has no fields either; asked so that a record in hand needs no test."""
        return Missing.MISSING

    def __repr__(self) -> str:
        return "missing"


MISSING: Final = Missing.MISSING


class BadBody(Exception):
    """A body that can't be read; `situation` is malformed, too_large, too_deep or wrong_media."""

    def __init__(self, situation: str) -> None:
        super().__init__(situation)
        self.situation = situation


@dataclass(slots=True)
class Request:
    """One request of a client, to one world.

    `path` is decoded and without the world's prefix; `query` has every value of every parameter; names of `headers` are
    lower case; `base` is scheme://host[:port] and the world's prefix; `read_json` gives the decoded body (MISSING when
    there is none) or raises BadBody. With `explain`, the response carries a trace of what rules made of it. `acting` is
    who asks, as the record that the service takes for a caller: only ever set within the process, and then nobody logs
    in.
    """

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    base: str
    read_json: Callable[[], Any]
    id: str = ""
    explain: bool = False
    acting: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Wire:
    """What happens to an answer on its way: `drop` (the connection ends without one), `reset` (it breaks off),
    `truncate` (it ends after `share` of the body) or `garble` (as many bytes, but not those).
    """

    how: str
    share: float = 1.0


@dataclass(slots=True)
class Response:
    """The answer: `body` is JSON data, or MISSING for none; `rules` are the places (`file:line`) of the rules in it.

    `text` is the body as it stands, where a rule gives one; `delay` is for how many real seconds it is held back;
    `service` and `operation` are what was asked (`operation` is empty where no rule models it); `asked` is the
    decoded body of the request; `path` is the path without what is secret in it; `at` is world
    time when it was answered.
    """

    status: int
    body: Any = MISSING
    headers: list[tuple[str, str]] = field(default_factory=list)
    rules: tuple[str, ...] = ()
    operation: str = ""
    request_id: str = ""
    text: str | None = None
    delay: float = 0.0
    wire: Wire | None = None
    service: str = ""
    path: str = ""
    asked: Any = MISSING
    trace: "Trace | None" = None
    at: float = 0.0

    @property
    def content(self) -> Any:
        """What a client reads of the body: `text` where there is one, else the data; MISSING for none."""
        return self.body if self.text is None else self.text
