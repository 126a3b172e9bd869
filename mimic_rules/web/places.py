# SPDX-License-Identifier: Apache-2.0
"""Places of rules as people read them: relative to a folder that they know.

On the way of a request: for headers, journals and explanations.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


def relative(place: str, roots: Sequence[Path]) -> str:
    """A `file:line` with the file relative to the first root that it lies below; as it is, where there is none."""
    file, colon, line = place.rpartition(":")
    for root in roots:
        if Path(file).is_relative_to(root):
            return f"{Path(file).relative_to(root).as_posix()}{colon}{line}"
    return place
