# SPDX-License-Identifier: Apache-2.0
"""Cloud Load Balancers v1.0: the nodes of a balancer, and whether a balancer is gone or merely busy.

On the way of a group: looked at in each cycle; nodes are added, put right and taken away as the plan has it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from examples.autoscaler.http import Http, Refused
from examples.autoscaler.identity import Access

BATCH = 10
"""Nodes that the service deletes with one request."""

_GONE = re.compile(r"PENDING_DELETE|is deleted|marked as deleted|balancer not found", re.IGNORECASE)
_FULL = re.compile(r"nodes must not exceed \d+ per load balancer", re.IGNORECASE)
_DUPLICATE = re.compile(r"duplicate nodes detected", re.IGNORECASE)
_NOT_THERE = re.compile(r"not found for loadbalancer|are not a part of your loadbalancer", re.IGNORECASE)


class Gone(Exception):
    """The balancer is deleted, or is being deleted."""


class Full(Exception):
    """The balancer takes no more nodes."""


@dataclass(frozen=True, slots=True)
class Node:
    """A node of a balancer."""

    id: int
    address: str
    port: int
    condition: str
    weight: int
    type: str
    online: bool


@dataclass(frozen=True, slots=True)
class Balancer:
    """A balancer as the cloud shows it; `watched` is whether it asks its nodes how they are."""

    id: int
    nodes: tuple[Node, ...]
    watched: bool


@dataclass(frozen=True, slots=True)
class Balancers:
    """The balancers of one account. Every method raises Gone, and what Http raises."""

    http: Http
    access: Access

    def show(self, balancer: int) -> Balancer:
        """One with its nodes."""
        told = self._ask("GET", balancer)["loadBalancer"]
        if told["status"] in ("PENDING_DELETE", "DELETED", "SUSPENDED"):
            raise Gone(f"load balancer {balancer} is {told['status']}")
        nodes = tuple(
            Node(
                id=one["id"],
                address=one["address"],
                port=one["port"],
                condition=one["condition"],
                weight=one.get("weight", 1),
                type=one.get("type", "PRIMARY"),
                online=one["status"] == "ONLINE",
            )
            for one in told.get("nodes", ())
        )
        return Balancer(balancer, nodes, bool(told.get("healthMonitor")))

    def add(self, balancer: int, places: Sequence[tuple[str, int]], condition: str = "ENABLED") -> None:
        """Add nodes at addresses and ports. One that is there already is no error; raises Full for one too many."""
        nodes = [{"address": address, "port": port, "condition": condition} for address, port in places]
        try:
            self._ask("POST", balancer, "/nodes", {"nodes": nodes})
        except Refused as refused:
            if _FULL.search(refused.message):
                raise Full(f"load balancer {balancer}: {refused.message}") from None
            if not _DUPLICATE.search(refused.message):
                raise

    def change(self, balancer: int, node: int, condition: str) -> None:
        """Make a node what nodes of a group are, in that condition. One that isn't there any more is no error."""
        body = {"node": {"condition": condition, "weight": 1, "type": "PRIMARY"}}
        try:
            self._ask("PUT", balancer, f"/nodes/{node}", body)
        except Refused as refused:
            if not _NOT_THERE.search(refused.message):
                raise

    def remove(self, balancer: int, nodes: Sequence[int]) -> None:
        """Remove nodes, in batches. Those that aren't there any more are no error."""
        for first in range(0, len(nodes), BATCH):
            batch = nodes[first : first + BATCH]
            try:
                self._ask("DELETE", balancer, "/nodes?" + urlencode([("id", node) for node in batch]))
            except Refused as refused:
                if not _NOT_THERE.search(refused.message):
                    raise

    def _ask(self, method: str, balancer: int, path: str = "", body: object = None) -> Any:
        url = f"{self.access.endpoint('rax:load-balancer', 'cloudLoadBalancers')}/loadbalancers/{balancer}{path}"
        try:
            return self.access.with_token(lambda token: self.http.ask(method, url, body, token))
        except Refused as refused:
            if refused.status in (404, 410, 422) and _GONE.search(refused.message):
                raise Gone(f"load balancer {balancer}: {refused.message}") from None
            raise
