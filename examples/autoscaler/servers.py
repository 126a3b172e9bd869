# SPDX-License-Identifier: Apache-2.0
"""Cloud Servers v2: the servers of a group, which carry its id in their metadata.

On the way of a group: looked at in each cycle, made and deleted as the plan has it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from examples.autoscaler.http import Http, Refused
from examples.autoscaler.identity import Access

GROUP_KEY = "rax:auto_scaling_group_id"
PAGE = 100


@dataclass(frozen=True, slots=True)
class Server:
    """A server as the cloud shows it; `address` is the one on the private network, empty until there is one."""

    id: str
    name: str
    status: str
    created: datetime
    address: str
    fault: str = ""

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> "Server":
        """Of the cloud's JSON."""
        private = [one["addr"] for one in told.get("addresses", {}).get("private", ()) if one["version"] == 4]
        return cls(
            id=told["id"],
            name=told["name"],
            status=told["status"],
            created=datetime.fromisoformat(told["created"]),
            address=private[0] if private else "",
            fault=told.get("fault", {}).get("message", ""),
        )


@dataclass(frozen=True, slots=True)
class Servers:
    """The servers of one account. Every method raises what Http raises."""

    http: Http
    access: Access
    page: int = PAGE

    def of_group(self, group: str) -> list[Server]:
        """All servers of a group, page by page, the oldest first."""
        found: list[Server] = []
        query: dict[str, str | int] = {"limit": self.page}
        while True:
            told = self._ask("GET", f"/servers/detail?{urlencode(query)}")
            page = told["servers"]
            found += [Server.read(one) for one in page if one["metadata"].get(GROUP_KEY) == group]
            if not page or not any(link["rel"] == "next" for link in told.get("servers_links", ())):
                return sorted(found, key=lambda server: (server.created, server.id))
            query["marker"] = page[-1]["id"]

    def create(self, group: str, name: str, arguments: Mapping[str, Any]) -> str:
        """Ask for one; gives its id."""
        metadata = {**arguments.get("metadata", {}), GROUP_KEY: group}
        wish = {**arguments, "name": name, "metadata": metadata}
        return str(self._ask("POST", "/servers", {"server": wish})["server"]["id"])

    def delete(self, server: str) -> None:
        """Ask for its end; one that isn't there any more is no error."""
        try:
            self._ask("DELETE", f"/servers/{server}")
        except Refused as refused:
            if refused.status != 404:
                raise

    def _ask(self, method: str, path: str, body: object = None) -> Any:
        url = self.access.endpoint("compute", "cloudServersOpenStack") + path
        return self.access.with_token(lambda token: self.http.ask(method, url, body, token))
