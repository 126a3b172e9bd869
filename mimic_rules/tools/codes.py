# SPDX-License-Identifier: Apache-2.0
"""The page of every diagnostic code, as the manual has them: `python -m mimic_rules.tools.codes >docs/diagnostics.md`.

The table of codes comes in, Markdown goes out; a test compares it with the file in the manual.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from mimic_rules.diagnostics import CODES, Code, Severity
from mimic_rules.lint import IGNORABLE

RANGES: Final = {
    "1": "Reading and syntax",
    "2": "Names",
    "3": "Types and values",
    "4": "Lifecycles and reachability",
    "5": "Rules that meet",
    "6": "Configuration",
    "7": "Ignored problems",
    "8": "Examples",
}

_INTRODUCTION: Final = """\
<!-- Written by `python -m mimic_rules.tools.codes >docs/diagnostics.md` from mimic_rules/diagnostics/codes/. -->

# Diagnostics

Every problem that is found has a permanent code: one that was released keeps its meaning, and is never given to another
problem. An *error* stops the cloud from starting; a *warning* is shown, and no more. Those from MR811 on stop no start:
`mimic-rules test` finds them when it runs examples.

Where this page says that a problem can be ignored, a comment with a reason does it, at the end of the line that is
reported or alone above it:

```text
state LOST  # lint: ignore MR402 because operators put records into it by hand
```
"""


def page() -> str:
    """The whole page."""
    parts = [_INTRODUCTION]
    for digit, title in RANGES.items():
        parts.append(f"\n## {title}\n")
        parts += ["".join(_section(code)) for code in CODES.values() if code.code[2] == digit]
    return "".join(parts)


def _section(code: Code) -> Iterator[str]:
    yield f"\n### {code.code}: {code.title}\n\n"
    severity = "An error" if code.severity is Severity.ERROR else "A warning"
    yield f"{severity}{', which can be ignored with a reason' if code.code in IGNORABLE else ''}.\n\n"
    yield f"Why: {_prose(code.why)}.\n\n"
    yield f"Wrong:\n\n```text\n{code.wrong}\n```\n\n"
    yield f"Right:\n\n```text\n{code.right}\n```\n"


def _prose(text: str) -> str:
    """Without what Markdown would take for its own, outside of backticks."""
    parts = text.split("`")
    parts[::2] = [re.sub(r"([\\*_<>\[\]])", r"\\\1", part) for part in parts[::2]]
    return "`".join(parts)


if __name__ == "__main__":
    print(page(), end="")
