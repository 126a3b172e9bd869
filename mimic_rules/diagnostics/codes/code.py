# SPDX-License-Identifier: Apache-2.0
"""What a permanent code is: its severity, and the words of its page.

A code, once released, keeps its meaning for ever; one that falls out of use is never given to another mistake.
Each range of codes is a module beside this one, and the package puts them into one table.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """An error stops the program from starting or reloading; a warning doesn't."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Code:
    """One permanent code and its page: what (`title`), why, an example text that is wrong, and one that is right."""

    code: str
    severity: Severity
    title: str
    why: str
    wrong: str
    right: str
