# SPDX-License-Identifier: Apache-2.0
"""The canonical text of a syntax tree: two blanks of indent, one statement a line.

Against the way of a rule: a tree comes in, a text goes out, and `syntax` reads the same tree from it (places apart). It
serves tools that show or move rules, and tests. Comments are no part of a tree; who formats files puts them back.
"""

from collections.abc import Iterable
from typing import Final

from mimic_rules.language import declarations as de
from mimic_rules.language.print_behaviour import BEHAVIOUR
from mimic_rules.language.print_examples import EXAMPLES
from mimic_rules.language.print_expressions import print_expr
from mimic_rules.language.print_items import (
    ITEMS,
    Printed,
    binding_header,
    block,
    print_qualified,
)
from mimic_rules.language.print_rules import RULES

__all__ = ["print_expr", "print_file", "print_item"]

_ITEMS: Final[Printed] = {
    **ITEMS,
    **BEHAVIOUR,
    **RULES,
    **EXAMPLES,
    de.Subject: lambda item: _subject(item),
    de.Template: lambda item: block(f"template {item.name}({', '.join(item.parameters)})", _items(item.items)),
    de.ForEach: lambda item: block(binding_header(item), _items(item.items)),
}


def print_file(file: de.File) -> str:
    """The text of a file, with a line feed at its end; empty for an empty file."""
    lines = _items(file.items)
    if file.version is not None:
        lines = [f"language {file.version}", *([""] if lines else []), *lines]
    return "".join(line + "\n" for line in lines)


def print_item(item: de.Item) -> str:
    """The text of one item, without a line feed at its end."""
    return "\n".join(_ITEMS[type(item)](item))


def _items(items: Iterable[de.Item]) -> list[str]:
    """The lines of several items, with an empty line around each that has several lines."""
    lines: list[str] = []
    several = False
    for item in items:
        own = _ITEMS[type(item)](item)
        if lines and (several or len(own) > 1):
            lines.append("")
        lines += own
        several = len(own) > 1
    return lines


def _subject(item: de.Subject) -> list[str]:
    header = f"for {print_qualified(item.about)}"
    return [header] if item.items is None else block(header, _items(item.items))
