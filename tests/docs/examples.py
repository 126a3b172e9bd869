# SPDX-License-Identifier: Apache-2.0
"""The examples of a page of the manual: its fenced blocks of rules, and the exchanges that follow them.

The text of a page comes in; whole files of rules go out, each with the blocks it is built on put before it, and with
the exchanges that a cloud made of it has to pass. What the words after a fence mean is said in docs/language.md.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

FENCE = re.compile(r"^(?P<ticks>`{3,})(?P<info>[^`\n]*)\n(?P<text>.*?)^(?P=ticks)[ \t]*$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block: the words after its fence, its text, and the line of the page that its text begins on."""

    info: tuple[str, ...]
    text: str
    line: int

    @property
    def options(self) -> dict[str, str]:
        """What is said as `key=value` after the first word."""
        return dict(word.split("=", 1) for word in self.info[1:] if "=" in word)


@dataclass(slots=True)
class Example:
    """A complete file of rules; `line` is where it begins in the page, and each exchange block has a line of its
    own.
    """

    line: int
    rules: str
    exchanges: list[Block] = field(default_factory=list)


def blocks(page: str) -> Iterator[Block]:
    """The fenced blocks of a page, in order."""
    for found in FENCE.finditer(page):
        line = page.count("\n", 0, found.start("text")) + 1
        yield Block(tuple(found["info"].split()), found["text"], line)


def examples(page: str) -> list[Example]:
    """The examples of a page, in order.

    Raises ValueError where a block is built on one that does not come before it, where a name is given twice, or where
    exchanges follow no rules.
    """
    found: list[Example] = []
    named: dict[str, str] = {}
    for block in blocks(page):
        if block.info[:1] == ("rules",):
            base = block.options.get("with")
            if base is not None and base not in named:
                raise ValueError(f"line {block.line}: no block named `{base}` comes before this one")
            rules = (named[base] if base else "") + block.text
            name = block.options.get("name")
            if name in named:
                raise ValueError(f"line {block.line}: a block named `{name}` came before this one")
            if name:
                named[name] = rules
            found.append(Example(block.line, rules))
        elif block.info == ("text", "exchange"):
            if not found:
                raise ValueError(f"line {block.line}: no rules come before this exchange")
            found[-1].exchanges.append(block)
    return found
