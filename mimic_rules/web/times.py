# SPDX-License-Identifier: Apache-2.0
"""World time as people read it.

On the way of a request: wherever an answer of the control API, the journal or the log names a moment.
"""

from __future__ import annotations

from datetime import UTC, datetime


def iso(now: float) -> str:
    """World time as UTC with microseconds, such as `1970-01-01T00:00:01.500000Z`."""
    return datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
