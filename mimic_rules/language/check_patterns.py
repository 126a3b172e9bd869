# SPDX-License-Identifier: Apache-2.0
"""Checks that regular expressions are RE2's, which match in linear time whatever a client sends.

On the way of a rule: types and `matches` ask here; the compiler compiles the same patterns again, and can rely on them.
"""

from functools import lru_cache

import re2

from mimic_rules.diagnostics import Span
from mimic_rules.language.report import Report


def check_pattern(pattern: str, span: Span, report: Report) -> None:
    """Report a pattern that RE2 can't read."""
    reason = _reason(pattern)
    if reason:
        written = "/" + pattern.replace("/", "\\/") + "/"
        report.add(
            "MR306",
            f"`{written}` is no regular expression: {reason}",
            span,
            word=written,
            help="regular expressions are those of RE2: no back references, no look-around",
        )


# PERF: a template repeats its patterns, and a file is checked again at every reload.
@lru_cache(maxsize=1024)
def _reason(pattern: str) -> str:
    options = re2.Options()
    # Without this a broken pattern is also written to the standard error, outside of any log.
    options.log_errors = False
    try:
        re2.compile(pattern, options)
    except re2.error as error:
        told = error.args[0] if error.args else ""
        return told.decode("utf-8", "replace") if isinstance(told, bytes) else str(told)
    return ""
