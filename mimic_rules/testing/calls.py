# SPDX-License-Identifier: Apache-2.0
"""Calls of the control API over HTTP, and what becomes of one that is refused.

On the way of a test: below everything else. JSON goes out and comes in; whatever isn't told with a status of success is
raised, with the words of the cloud.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

from mimic_rules.testing.values import Diagnostic

TOKEN_VARIABLE: Final = "MIMIC_ADMIN_TOKEN"
PATIENCE: Final = 60.0
"""Seconds for which an answer is waited for."""


class ControlError(Exception):
    """A call that a cloud has refused, or that reached none.

    `status` is that of HTTP, 0 where nothing has answered; `message` the reason in one line; `diagnostics` what is
    wrong with rules or a configuration, and `text` the same as `mimic-rules lint` shows it, where the cloud says so.
    """

    def __init__(
        self, status: int, message: str, *, diagnostics: tuple[Diagnostic, ...] = (), text: str = "", help: str = ""
    ) -> None:
        # A reason that comes with diagnostics repeats the first of them.
        head = message.removesuffix(text.partition("\n")[0]).rstrip()
        told = [head, text.rstrip()] if text else map(str, diagnostics) if diagnostics else [message, help]
        super().__init__("\n".join(filter(None, told)))
        self.status = status
        self.message = message
        self.diagnostics = diagnostics
        self.text = text
        self.help = help


@dataclass(frozen=True, slots=True)
class Calls:
    """Calls about one world: `url` is where the world begins. A call has a connection of its own, so any thread may
    make it.
    """

    url: str
    token: str | None = field(default=None, repr=False)

    def get(self, path: str, query: Mapping[str, str] | None = None) -> Any:
        """What `GET` tells; `path` begins below `/_mimic`."""
        __tracebackhide__ = True
        return self._ask("GET", path + (f"?{urlencode(query)}" if query else ""))

    def post(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """What `POST` tells."""
        __tracebackhide__ = True
        return self._ask("POST", path, body or {})

    def put(self, path: str, body: Mapping[str, Any]) -> Any:
        """What `PUT` tells."""
        __tracebackhide__ = True
        return self._ask("PUT", path, body)

    def patch(self, path: str, body: Mapping[str, Any]) -> Any:
        """What `PATCH` tells."""
        __tracebackhide__ = True
        return self._ask("PATCH", path, body)

    def delete(self, path: str) -> None:
        """What `DELETE` removes is gone."""
        __tracebackhide__ = True
        self._ask("DELETE", path)

    def _ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        # Whoever reads of a refused call wants to see where it was made.
        __tracebackhide__ = True
        # PERF: pytest loads this module in every run, and most runs make no call.
        import http.client

        to = urlsplit(self.url)
        kind = http.client.HTTPSConnection if to.scheme == "https" else http.client.HTTPConnection
        connection = kind(to.hostname or "", to.port, timeout=PATIENCE)
        headers = {"Accept": "*/*"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if self.token is not None:
            headers["X-Mimic-Token"] = self.token
        try:
            sent = None if body is None else json.dumps(body).encode()
            connection.request(method, f"{to.path}/_mimic{path}", sent, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        except (OSError, http.client.HTTPException) as problem:
            raise ControlError(0, f"no cloud answers at {self.url}: {problem or type(problem).__name__}") from None
        finally:
            connection.close()
        is_json = answer.headers.get_content_type() == "application/json"
        if not 200 <= answer.status < 300:
            raise _refusal(answer.status, text)
        if not text:
            return None
        return json.loads(text) if is_json else text


def named(name: str) -> str:
    """A name as one part of a path."""
    return quote(name, safe="")


def token_of_environment() -> str | None:
    """The token that a cloud bound elsewhere asks for, where one is set."""
    return os.environ.get(TOKEN_VARIABLE) or None


def _refusal(status: int, text: str) -> ControlError:
    try:
        told = json.loads(text)["error"]
        message = str(told["message"])
    except (ValueError, TypeError, KeyError):
        return ControlError(status, f"{status}: {text[:200]}")
    found = tuple(Diagnostic.read(one) for one in told.get("diagnostics", ()))
    return ControlError(status, message, diagnostics=found, text=told.get("text", ""), help=told.get("help", ""))
