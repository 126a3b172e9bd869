# SPDX-License-Identifier: Apache-2.0
"""The journal of a world: what was asked of it, and what it answered.

On the way of a test: a part of a world. Calls of the control API are in no journal.
"""

from __future__ import annotations

from dataclasses import dataclass

from mimic_rules.testing.calls import Calls
from mimic_rules.testing.values import Request


@dataclass(frozen=True, slots=True)
class Journal:
    """The last requests of one world."""

    calls: Calls

    def requests(
        self,
        *,
        operation: str | None = None,
        status: int | None = None,
        unmatched: bool | None = None,
        since: str | None = None,
        limit: int | None = None,
    ) -> tuple[Request, ...]:
        """Those that fit, the oldest first: `limit` takes the last ones, or with `since`, the id of a request, the
        first ones after it. `unmatched` are those that no rule models.
        """
        query = {"operation": operation, "since": since}
        query |= {"status": None if status is None else str(status), "limit": None if limit is None else str(limit)}
        query["unmatched"] = None if unmatched is None else str(unmatched).lower()
        told = self.calls.get("/journal", {name: value for name, value in query.items() if value is not None})
        return tuple(map(Request.read, told["requests"]))

    def unmatched(self) -> tuple[Request, ...]:
        """Requests that no rule models: answered with 501."""
        return self.requests(unmatched=True)

    @property
    def dropped(self) -> int:
        """How many requests are no longer kept: `limits.journal` says how many are."""
        dropped: int = self.calls.get("/journal", {"limit": "0"})["dropped"]
        return dropped

    def clear(self) -> None:
        """Forget all of them; what is forgotten so doesn't count as dropped."""
        self.calls.delete("/journal")
