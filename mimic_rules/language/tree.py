# SPDX-License-Identifier: Apache-2.0
"""What the parser hands over: a production of the grammar, its parts, and its first and last word.

On the way of a rule: lark makes branches as it parses, and the builders make syntax trees of them.
"""

from __future__ import annotations

from dataclasses import dataclass

from mimic_rules.language.lexer import Word

Part = "Branch | Word | None"


@dataclass(slots=True, eq=False)
class Branch:
    """A production; parts that are not there are None. First and last are None where nothing at all is written.

    PERF: not frozen, since lark makes one for nearly every word, and its place is known only after it.
    """

    data: str
    children: list[Branch | Word | None]
    first: Word | None = None
    last: Word | None = None
