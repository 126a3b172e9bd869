# SPDX-License-Identifier: Apache-2.0
"""Regular expressions that match in linear time and bounded memory, whatever the pattern and the text (RE2).

On the way of a request: conditions, types and filters use them.
"""

from typing import Any

import re2

_MEMORY = 8 << 20

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
