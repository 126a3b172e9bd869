# SPDX-License-Identifier: Apache-2.0
"""Regular expressions that match in linear time and bounded memory, whatever the pattern and the text (RE2).

On the way of a request: conditions, types and filters use them.
"""

from functools import lru_cache
from typing import Any, Final

import re2

_MEMORY = 8 << 20
LONGEST: Final = 1_000
"""Characters of a pattern that is a value: who sends it is a client."""

Pattern = Any
BadPattern = re2.error


def compile_pattern(pattern: str) -> Pattern:
    """The pattern, ready to search; raises BadPattern for what RE2 does not read."""
    options = re2.Options()
    options.max_mem = _MEMORY
    options.log_errors = False
    # PERF: as bytes, for the binding looks at every character of a text to give back places that nobody asks for.
    return re2.compile(pattern.encode(), options)


def matches(pattern: Pattern, value: Any) -> bool:
    """Whether a pattern is found in a text; in anything else it is not."""
    if type(value) is not str:
        return False
    # A lone surrogate is text in JSON and none in UTF-8, which RE2 reads.
    return pattern.search(value.encode("utf-8", "replace")) is not None


# PERF: the few patterns that clients have registered are asked for at every request.
@lru_cache(maxsize=256)
def pattern_of(text: str) -> Pattern | None:
    """The pattern that a value is; None for what RE2 does not read, and for one that is too long."""
    if len(text) > LONGEST:
        return None
    try:
        return compile_pattern(text)
    except (BadPattern, UnicodeEncodeError):
        return None


def matches_text(text: Any, value: Any) -> bool:
    """Whether the pattern that a value is is found in a text; what is no pattern is found in nothing."""
    pattern = pattern_of(text) if type(text) is str else None
    return pattern is not None and matches(pattern, value)
