# SPDX-License-Identifier: Apache-2.0
"""Identity v2.0: a token of the user whose groups these are, got by impersonation, and where that user's services are.

On the way of a group: asked before the first request, and again when a token is refused.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar
from urllib.parse import quote

from examples.autoscaler.http import Http, Refused

T = TypeVar("T")


class Access(Protocol):
    """What the services need to know of whoever asks."""

    def with_token(self, ask: Callable[[str], T]) -> T:
        """What `ask` gives with a token that is good."""
        ...

    def endpoint(self, kind: str, name: str) -> str:
        """Where a service is; raises LookupError where there is none."""
        ...


@dataclass(slots=True)
class Impersonation:
    """Access as `username`, for a program that logs in as `admin` at the identity service at `url`."""

    http: Http
    url: str
    admin: str
    password: str = field(repr=False)
    username: str
    region: str
    lifetime: int = 3600
    _token: str = field(default="", repr=False)
    _endpoints: list[dict[str, Any]] = field(default_factory=list, repr=False)

    def with_token(self, ask: Callable[[str], T]) -> T:
        """What `ask` gives with a token; a token that is refused is replaced once."""
        try:
            return ask(self._current())
        except Refused as refused:
            if refused.status != 401:
                raise
        self._token = ""
        return ask(self._current())

    def endpoint(self, kind: str, name: str) -> str:
        """The public URL of the service of that type and name in the region; raises LookupError where there is none."""
        self._current()
        for one in self._endpoints:
            if (one["type"], one["name"], one["region"]) == (kind, name, self.region):
                return str(one["publicURL"]).rstrip("/")
        raise LookupError(f"{self.username} has no {name} in {self.region}")

    def _current(self) -> str:
        if not self._token:
            self._login()
        return self._token

    def _login(self) -> None:
        credentials = {"username": self.admin, "password": self.password}
        own = self.http.ask("POST", f"{self.url}/tokens", {"auth": {"passwordCredentials": credentials}})
        token = own["access"]["token"]["id"]
        wish = {"user": {"username": self.username}, "expire-in-seconds": self.lifetime}
        path = f"{self.url}/RAX-AUTH/impersonation-tokens"
        made = self.http.ask("POST", path, {"RAX-AUTH:impersonation": wish}, token)["access"]["token"]["id"]
        known = self.http.ask("GET", f"{self.url}/tokens/{quote(made, safe='')}/endpoints", token=token)
        self._endpoints = known["endpoints"]
        self._token = made
