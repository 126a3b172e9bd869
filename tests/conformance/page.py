# SPDX-License-Identifier: Apache-2.0
"""The page that keeps what came of a run: docs/conformance.md, a part between two markers for each list.

Outcomes come in, Markdown goes out. Every test that did not pass is named with its reason.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from tests.conformance.results import Outcome, closing

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "conformance.md"
LONGEST = 300
"""Characters of a reason; some repeat whole bodies."""

# What differs from run to run would make each page differ from the last.
_CHANGING = [
    (re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b|\b[0-9a-f]{32}\b"), "ID"),
    (re.compile(r"\b(tempest-[A-Za-z]\w*(?:-[A-Za-z_]\w*)*)-\d+"), r"\1-N"),
    (re.compile(r"127\.0\.0\.1:\d+"), "HOST"),
]


def section(outcomes: Mapping[str, Outcome], versions: str) -> str:
    """The counts, the versions, and a table of what did not pass."""
    lines = [f"{closing(outcomes.values())}, by {versions}."]
    rows = [(test, outcome) for test, outcome in sorted(outcomes.items()) if outcome.word != "passed"]
    if rows:
        lines += ["", "| test | | why |", "|---|---|---|"]
        lines += [f"| {test.removeprefix('tempest.api.')} | {one.word} | {_cell(one.reason)} |" for test, one in rows]
    return "\n".join(lines)


def written(page: str, name: str, text: str) -> str:
    """The page with another text between the markers of list `name`; raises ValueError where they aren't there."""
    first, last = f"<!-- {name}: written by `tox -e tempest` with --write -->", f"<!-- end of {name} -->"
    before, found, rest = page.partition(first)
    _, ended, after = rest.partition(last)
    if not (found and ended):
        raise ValueError(f"`{first}` and `{last}` must stand in the page")
    return f"{before}{first}\n\n{text.strip()}\n\n{last}{after}"


def _cell(reason: str) -> str:
    for pattern, instead in _CHANGING:
        reason = pattern.sub(instead, reason)
    short = reason if len(reason) <= LONGEST else f"{reason[:LONGEST]}…"
    return "`` " + short.replace("|", "\\|").replace("`", "'") + " ``" if short else ""
