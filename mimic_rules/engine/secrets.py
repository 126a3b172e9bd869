# SPDX-License-Identifier: Apache-2.0
"""Which names stand for what must not be shown: in headers, bodies, paths and the values that conditions look at.

On the way of a request: asked by whoever shows what came in, or what a rule saw of it.
"""

import re
from typing import Final

_SECRET: Final = re.compile(
    r"pass(?:wd|word|phrase|code)|admin[-_]?pass|secret|token|credential|cookie|authorization"
    r"|(?:access|api|auth|private)[-_]?key",
    re.IGNORECASE,
)
HIDDEN_VALUE: Final = "***"


def is_secret(name: str) -> bool:
    """Whether what has this name must not be shown."""
    return _SECRET.search(name) is not None
