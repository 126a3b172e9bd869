# SPDX-License-Identifier: Apache-2.0
"""Texts in quotes: what stands between the quotes, and which quotes and escapes a text needs.

On the way of a rule: the builders take texts apart here, the printer puts them together.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mimic_rules.language.lexer import RESERVED

_ESCAPE: Final = re.compile(r"\\(.)")
_MEANT: Final = {"n": "\n", "t": "\t", "r": "\r"}
_WRITTEN: Final = {"\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_BRACE: Final = re.compile(r"\{\{|\}\}|\{")
_IN_HOLE: Final = re.compile(
    r"\"(?:\\.|[^\"\\])*+(?:\"|$)|'(?:\\.|[^'\\])*+(?:'|$)|/(?:\\.|[^/\\\n])*+(?:/|$)|[{}]", re.DOTALL
)
_PATH: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*+(?:\.[A-Za-z_][A-Za-z0-9_]*+)*+")


@dataclass(frozen=True, slots=True)
class Hole:
    """A hole: its text, where each of its characters and the one after it stand in the text with its quotes, and its
    names where it is a plain path such as `caller.name`, else nothing.
    """

    text: str
    at: Sequence[int]
    path: tuple[str, ...]


def unquote(quoted: str) -> str:
    """What stands between the quotes, with its escapes resolved."""
    if "\\" not in quoted:
        return quoted[1:-1]
    return _ESCAPE.sub(lambda found: _MEANT.get(found[1], found[1]), quoted[1:-1])


def holes(quoted: str) -> list[str | Hole] | None:
    """The plain texts and holes of a text in double quotes, in turn; None where a hole is never closed."""
    text, offsets = _with_offsets(quoted)
    parts: list[str | Hole] = []
    plain, at = "", 0
    while (brace := _BRACE.search(text, at)) is not None:
        plain += text[at : brace.start()]
        if brace[0] != "{":
            plain, at = plain + brace[0][0], brace.end()
            continue
        end = _end_of_hole(text, brace.end())
        if end < 0:
            return None
        if plain:
            parts.append(plain)
        inside = text[brace.end() : end]
        parts.append(Hole(inside, offsets[brace.end() : end + 1], _path(inside)))
        plain, at = "", end + 1
    plain += text[at:]
    return [*parts, plain] if plain else parts


def _with_offsets(quoted: str) -> tuple[str, Sequence[int]]:
    """What stands between the quotes, and where each character of it and the closing quote do."""
    if "\\" not in quoted:
        return quoted[1:-1], range(1, len(quoted))
    characters: list[str] = []
    offsets: list[int] = []
    at = 1
    while at < len(quoted) - 1:
        offsets.append(at)
        if quoted[at] == "\\":
            at += 1
            characters.append(_MEANT.get(quoted[at], quoted[at]))
        else:
            characters.append(quoted[at])
        at += 1
    return "".join(characters), [*offsets, at]


def _end_of_hole(text: str, start: int) -> int:
    """Where the hole that begins at `start` closes; -1 when it never does. Braces in texts and patterns don't count."""
    depth = 1
    for found in _IN_HOLE.finditer(text, start):
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if depth == 0:
            return found.start()
    return -1


def _path(text: str) -> tuple[str, ...]:
    names = tuple(text.split(".")) if _PATH.fullmatch(text) else ()
    return () if RESERVED.intersection(names) else names


def quote(text: str) -> str:
    """A plain text in double quotes, for places where there are no holes."""
    return '"' + escape(text, '"') + '"'


def quote_literal(text: str, quotes: str = '"') -> str:
    """A text without holes where there could be some: in those quotes, or in single ones where that saves escapes."""
    if quotes == "'" or ("'" not in text and any(character in text for character in '{}"')):
        return "'" + escape(text, "'") + "'"
    return '"' + escape(braces(text), '"') + '"'


def escape(text: str, quotes: str) -> str:
    """The text with backslashes where it needs them within such quotes."""
    return "".join("\\" + letter if letter == quotes else _WRITTEN.get(letter, letter) for letter in text)


def braces(text: str) -> str:
    """The plain part of a text with holes, before it is escaped."""
    return text.replace("{", "{{").replace("}", "}}")
