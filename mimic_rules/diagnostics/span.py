# SPDX-License-Identifier: Apache-2.0
"""A place in a text: a file, and a range of lines and columns in it.

Every part that reads text makes spans, every part after it carries them along, and render draws them.
Lines and columns count from 1, in characters; the end is exclusive; only a line feed ends a line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Span:
    """The range from (`line`, `column`) up to, and without, (`end_line`, `end_column`) of `file`."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int

    def to(self, other: Span) -> Span:
        """The span from the start of this one to the end of `other`, in the file of this one."""
        return Span(self.file, self.line, self.column, other.end_line, other.end_column)

    def place(self) -> str:
        """`file:line:column`, the form that editors and terminals turn into a link; `nowhere` without a file."""
        return f"{self.file}:{self.line}:{self.column}" if self.file else "nowhere"


NOWHERE: Final = Span("", 1, 1, 1, 1)
"""The span of what no file says: built-in names, values made by the program."""
