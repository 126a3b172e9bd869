# SPDX-License-Identifier: Apache-2.0
"""What is kept of the traces of answers: plain, short values, for as many requests as fit.

On the way of a request: after the engine has filled a trace, and only where one was asked for; explanations are read
from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from mimic_rules.engine.exchange import MISSING
from mimic_rules.engine.secrets import HIDDEN_VALUE, is_secret
from mimic_rules.engine.trace import Considered, Trace, Verdict
from mimic_rules.web.redaction import Secrets, redact_body

MOST_ROWS: Final = 20_000
"""Rules of all traces together."""
MOST_OF_ONE: Final = 1_000
"""Rules of one trace."""
LONGEST: Final = 200
"""Characters of a text that is shown."""
_WIDEST: Final = 20
_DEEPEST: Final = 4


@dataclass(frozen=True, slots=True)
class Candidate:
    """One rule that was considered, at one stage; the meaning of `detail` is that of the trace's.

    `place` is where the rule stands, `file:line`.
    """

    rule: str
    name: str
    doc: str
    place: str
    stage: str
    verdict: Verdict
    slots: tuple[str, ...]
    detail: Mapping[str, Any]
    overrides: str | None


@dataclass(frozen=True, slots=True)
class KeptTrace:
    """The candidates of one request, in the order in which they were considered, and how many more there were."""

    candidates: tuple[Candidate, ...]
    more: int = 0


class Traces:
    """The last traces of one world by the id of the request, as many as have `most` rows together.

    It is changed by whoever holds the lock of the journal it belongs to.
    """

    def __init__(self, most: int = MOST_ROWS) -> None:
        self._most = most
        self._rows = 0
        self._kept: dict[str, KeptTrace] = {}

    def keep(self, request_id: str, trace: KeptTrace) -> None:
        """Keep one; the oldest ones go where there are too many rows."""
        if request_id in self._kept:
            self._rows -= _weight(self._kept.pop(request_id))
        self._kept[request_id] = trace
        self._rows += _weight(trace)
        while self._rows > self._most:
            self._rows -= _weight(self._kept.pop(next(iter(self._kept))))

    def get(self, request_id: str) -> KeptTrace | None:
        """The trace of a request, if there is one."""
        return self._kept.get(request_id)

    def clear(self) -> None:
        """Forget all of them."""
        self._kept.clear()
        self._rows = 0


def kept_trace(trace: Trace, known: Secrets) -> KeptTrace:
    """What is kept of a trace: without what is secret, and without the records and plans that it holds on to."""
    rows = trace.considered[:MOST_OF_ONE]
    return KeptTrace(tuple(_candidate(one, known) for one in rows), len(trace.considered) - len(rows))


def short(value: Any) -> Any:
    """A value with nothing in it that is long, wide or deep; what is left out is `...`."""
    return _short(value, _DEEPEST)


def _weight(trace: KeptTrace) -> int:
    return 1 + len(trace.candidates)


def _candidate(one: Considered, known: Secrets) -> Candidate:
    rule = one.rule
    detail = {name: value for name, value in one.detail.items() if value is not MISSING}
    # A condition on a secret shows nothing of what it compares, whatever it is called in the request.
    hidden = is_secret(str(detail.get("condition", "")))
    shown = {
        name: HIDDEN_VALUE if hidden and name in ("left", "right") else short(redact_body(value, known))
        for name, value in detail.items()
    }
    return Candidate(
        rule.id,
        rule.name,
        rule.doc,
        rule.place.rpartition(":")[0],
        one.stage,
        one.verdict,
        one.slots,
        shown,
        rule.overrides,
    )


def _short(value: Any, left: int) -> Any:
    if isinstance(value, str):
        return value if len(value) <= LONGEST else value[: LONGEST - 3] + "..."
    if isinstance(value, dict):
        if not left:
            return "..."
        some = list(value.items())[:_WIDEST]
        cut = {_short(key, left): _short(one, left - 1) for key, one in some}
        return cut if len(some) == len(value) else {**cut, "...": "..."}
    if isinstance(value, list | tuple):
        if not left:
            return "..."
        return [_short(one, left - 1) for one in value[:_WIDEST]] + (["..."] if len(value) > _WIDEST else [])
    return value if value is None or isinstance(value, bool | int | float) else _short(str(value), left)
