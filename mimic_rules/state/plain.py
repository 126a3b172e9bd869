# SPDX-License-Identifier: Apache-2.0
"""What the state is made of: plain data that can be written as JSON.

The engine hands records in and takes records out in these shapes, so that a world can be copied, saved, restored and
kept elsewhere without knowing who made it.
"""

from __future__ import annotations

from typing import Any, TypeAlias

JSON: TypeAlias = "bool | int | float | str | list[JSON] | dict[str, JSON] | None"

Key: TypeAlias = str | int

# INVARIANT: a record is never changed in place, at any depth; a change makes a new one. Whoever has got hold of one may
# therefore read it without a lock, and an undo is a matter of putting the old one back.
Record: TypeAlias = dict[str, Any]
