# SPDX-License-Identifier: Apache-2.0
"""The journal of a world: what was asked and what was answered, and which requests no rule models.

On the way of a request: calls of the control API, which are in no journal themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mimic_rules.web.control.endpoint import Asked, Endpoint, Refused, Told
from mimic_rules.web.entry import Entry
from mimic_rules.web.verification import older


def show(asked: Asked) -> Told:
    """200 and the requests that fit the query, the oldest first."""
    query = asked.query
    journal = asked.mount.journal
    kept, dropped = journal.read()
    found: Sequence[Entry] = kept
    if "since" in query:
        found = _after(query["since"], kept, dropped)
    if "operation" in query:
        found = [one for one in found if one.does(query["operation"])]
    if "status" in query:
        status = _whole("status", query["status"], "a status such as 404")
        found = [one for one in found if one.status == status]
    if "unmatched" in query:
        unmatched = _truth(query["unmatched"])
        found = [one for one in found if one.is_modelled is not unmatched]
    if "limit" in query:
        limit = _whole("limit", query["limit"], "how many requests to show")
        # Who reads on takes the next ones; who looks for the first time, the last ones.
        found = found[:limit] if "since" in query else found[max(0, len(found) - limit) :]
    return Told(
        200,
        {
            "requests": [one.shown(asked.control.roots) for one in found],
            "kept": len(kept),
            "dropped": dropped,
            "limit": journal.most,
        },
    )


def clear(asked: Asked) -> Told:
    """204; what is forgotten so doesn't count as dropped."""
    asked.mount.journal.clear()
    return Told(204)


def not_kept(request_id: str, kept: int, dropped: int) -> Refused:
    """What is said of a request that is not in the journal: 404, and whether it may have been there."""
    reason = (
        f"{older(dropped)}, and it may be among them: the journal keeps {kept} (`limits.journal`)"
        if dropped
        else "none was dropped since the journal began, so it wasn't made in this world"
    )
    return Refused(404, f"the journal has no request `{request_id[:60]}`; {reason}", kept=kept, dropped=dropped)


def _after(request_id: str, kept: Sequence[Entry], dropped: int) -> Sequence[Entry]:
    for at, one in enumerate(kept):
        if one.id == request_id:
            return kept[at + 1 :]
    raise not_kept(request_id, len(kept), dropped)


def _whole(name: str, text: str, what: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Refused(400, f"`{name}` takes {what}, as a whole number", place=name)
    return int(text)


def _truth(text: str) -> bool:
    if text not in ("true", "false"):
        raise Refused(400, "`unmatched` takes true or false", place="unmatched")
    return text == "true"


ENDPOINTS: Final = (
    Endpoint(
        "GET",
        "/_mimic/journal",
        "What was asked of a world, and what it answered",
        show,
        {200: "the requests, the oldest first", 400: "a parameter that isn't right", 404: "`since` isn't kept"},
        query={
            "limit": "how many at most: the last ones; with `since` the first ones after it",
            "operation": "only those of this operation, such as `show ticket` or `desk show ticket`",
            "status": "only those answered with this status",
            "unmatched": "true: only those that no rule models; false: only the others",
            "since": "only those after the request with this id",
        },
    ),
    Endpoint("DELETE", "/_mimic/journal", "Forget what was asked of a world", clear, {204: "it is forgotten"}),
)
