# SPDX-License-Identifier: Apache-2.0
"""YAML text to a located value, with every problem of the text reported at its line and column.

The text of `mimic.yaml`, or of an environment variable, comes in; the keys of the configuration are read from what
goes out. The tree is built here from the parser's events rather than by its own loader, because that one stops at the
first problem, follows aliases without bound, and calls itself once for each level of nesting.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from mimic_rules.config.located import Located, shortened
from mimic_rules.config.positions import Positions
from mimic_rules.config.scalars import resolve
from mimic_rules.config.yaml_problem import report_problem
from mimic_rules.diagnostics import Diagnostics, Related, Span

DEEPEST: Final = 64
"""How many lists and maps may lie inside one another."""
MOST_VALUES: Final = 50_000
"""How many values a text may hold, those that aliases stand for included: what takes a second or two to read."""

# What the parser is known, or may be feared, to raise for texts that it wasn't tested with.
_PARSER_ERRORS: Final = (
    YAMLError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)
_MOST_TABS: Final = 20


def read_yaml(text: str, file: str, diagnostics: Diagnostics) -> Located | None:
    """The value of the text's one document; None if it has none, or if not even its beginning can be read.

    Problems go to `diagnostics`. After one that stops the reading, the entries before it are still given.
    """
    for _ in range(_MOST_TABS):
        builder = _Builder(Positions(text, file), diagnostics)
        tab = builder.build()
        if tab is None:
            break
        # Spaces in the tabs' place keep all positions, and let the rest of the text be checked too.
        rest = text[tab:].lstrip("\t")
        text = text[:tab].ljust(len(text) - len(rest)) + rest
    return builder.root


@dataclass(frozen=True, slots=True)
class _Part:
    """A finished value: how many values it holds, itself included, and how many levels."""

    located: Located
    size: int = 1
    height: int = 0


@dataclass(frozen=True, slots=True)
class _KeyText:
    """What a scalar says if it turns out to be a key."""

    name: str
    quoted: bool


@dataclass(slots=True)
class _Open:
    """A list or map whose end isn't read yet."""

    start: int
    end: int
    is_map: bool
    anchor: str | None
    refused: bool
    items: list[Located] = field(default_factory=list)
    entries: dict[str, Located] = field(default_factory=dict)
    # Whether a value comes next in a map, and the key it belongs to, which is None if that was refused.
    awaits_value: bool = False
    key: tuple[str, Span] | None = None
    size: int = 1
    height: int = 0


class _Builder:
    """Turns events into a tree with a stack of its own, so that no nesting can exhaust the interpreter's."""

    def __init__(self, positions: Positions, diagnostics: Diagnostics) -> None:
        self.root: Located | None = None
        self._positions = positions
        self._diagnostics = diagnostics
        self._stack: list[_Open] = []
        # An anchor whose value was refused is known, with nothing behind it: one mistake gives one diagnostic.
        self._anchors: dict[str, _Part | None] = {}
        self._values = 0
        self._documents = 0
        self._read_to = 0

    def build(self) -> int | None:
        """Read the whole text; the index of a tab that stopped the reading, if one did."""
        tab = None
        try:
            # PERF: events are made as they are asked for, so a text too big or too deep costs only its beginning.
            for event in YAML(typ="safe", pure=True).parse(self._positions.text):
                self._read_to = max(self._read_to, event.end_mark.index)
                if not self._take(event):
                    break
        except _PARSER_ERRORS as problem:
            tab = report_problem(problem, self._read_to, self._positions, self._diagnostics)
        if self._stack and self._stack[0].is_map:
            # After a problem, the entries that are whole are given; those still open are not.
            del self._stack[1:]
            self._close(self._stack[0].end)
        return tab

    def _take(self, event: Any) -> bool:
        """Take in one event; False if the rest of the text isn't to be read."""
        match event:
            case DocumentStartEvent():
                return self._start_document(event)
            case ScalarEvent() | AliasEvent() | SequenceStartEvent() | MappingStartEvent():
                return self._start_value(event)
            case SequenceEndEvent() | MappingEndEvent():
                # The end of a block has no text of its own: it ends where its last part does.
                written = event.end_mark.index > event.start_mark.index
                self._close(event.end_mark.index if written else self._stack[-1].end)
        return True

    def _start_document(self, event: Any) -> bool:
        self._documents += 1
        if self._documents > 1:
            self._report("MR609", "a second document begins here", self._span(event), "write one document to a file")
            return False
        return True

    def _start_value(self, event: Any) -> bool:
        span = self._span(event)
        self._values += 1
        if self._values > MOST_VALUES:
            self._report("MR602", f"there are more than {MOST_VALUES} values here", span, "take out what isn't needed")
            return False
        if isinstance(event, AliasEvent):
            self._place(self._follow(event.anchor, span), span, self._end(event))
            return True
        refused = event.ctag is not None
        if refused:
            self._report("MR609", "tags aren't read here", span, "write the value without a tag, text in quotes")
        if isinstance(event, ScalarEvent):
            # The style is empty for a scalar without quotes.
            text = _KeyText(event.value, bool(event.style))
            self._place(None if refused else self._scalar(text, span), span, self._end(event), event.anchor, text)
            return True
        if len(self._stack) == DEEPEST:
            self._report("MR608", f"more than {DEEPEST} lists and maps lie inside one another here", span)
            return False
        is_map = isinstance(event, MappingStartEvent)
        self._stack.append(_Open(event.start_mark.index, self._end(event), is_map, event.anchor, refused))
        return True

    def _scalar(self, text: _KeyText, span: Span) -> _Part | None:
        if any("\ud800" <= letter <= "\udfff" for letter in text.name):
            self._report("MR604", "an escape here stands for no character", span, "write the character itself")
            return None
        return _Part(Located(text.name if text.quoted else resolve(text.name), span))

    def _follow(self, name: str, span: Span) -> _Part | None:
        """The part that an alias stands for, or None with the reason reported."""
        shown = shortened(name)
        if any(open_.anchor == name for open_ in self._stack):
            self._report("MR607", f"`*{shown}` stands for a value that it is part of", span, "write the value itself")
            return None
        if name not in self._anchors:
            help = f"write `&{shown}` before the value that is meant, above this line"
            self._report("MR604", f"there is no anchor `&{shown}` above this alias", span, help)
            return None
        part = self._anchors[name]
        if part is None:
            return None
        if self._values + part.size > MOST_VALUES:
            self._report("MR607", f"with this alias there are more than {MOST_VALUES} values", span)
            return None
        if len(self._stack) + part.height > DEEPEST:
            self._report("MR608", f"with this alias more than {DEEPEST} lists and maps lie inside one another", span)
            return None
        self._values += part.size
        return replace(part, located=replace(part.located, span=span, key=None))

    def _place(
        self, part: _Part | None, span: Span, end: int, anchor: str | None = None, text: _KeyText | None = None
    ) -> None:
        """Put a finished value where it belongs: to an open list, to an open map as key or value, or as the root."""
        if anchor is not None:
            self._anchors[anchor] = part
        if not self._stack:
            self.root = part.located if part else None
            return
        top = self._stack[-1]
        top.end = max(top.end, end)
        if top.is_map and not top.awaits_value:
            top.awaits_value = True
            # INVARIANT: what was refused has been reported.
            top.key = self._key(top, span, text) if part else None
            return
        top.awaits_value = False
        if part is None:
            return
        top.size += part.size
        top.height = max(top.height, part.height)
        if not top.is_map:
            top.items.append(part.located)
        elif top.key is not None:
            name, place = top.key
            top.entries[name] = replace(part.located, key=place)

    def _key(self, top: _Open, span: Span, text: _KeyText | None) -> tuple[str, Span] | None:
        """The key, or None with the reason reported."""
        if text is None:
            self._report("MR609", "a key is text, not a list, a map or an alias", span, "write the key itself")
            return None
        if text.name == "" and not text.quoted:
            self._report("MR609", "a key is missing before this `:`", span, "write `key: value`")
            return None
        if text.name == "<<" and not text.quoted:
            self._report("MR609", "merge keys aren't read here", span, "write the keys themselves")
            return None
        if text.name in top.entries:
            self._diagnostics.add(
                "MR606",
                f"the key `{shortened(text.name)}` is written twice in this map",
                span,
                help="keep one of the two",
                related=(Related(top.entries[text.name].at(()), "it is written here first"),),
            )
            return None
        return text.name, span

    def _close(self, end: int) -> None:
        closed = self._stack.pop()
        span = self._positions.span(closed.start, end)
        value = closed.entries if closed.is_map else tuple(closed.items)
        part = _Part(Located(value, span), closed.size, closed.height + 1)
        self._place(None if closed.refused else part, span, end, closed.anchor)

    def _span(self, event: Any) -> Span:
        return self._positions.span(event.start_mark.index, self._end(event))

    def _end(self, event: Any) -> int:
        """Where the event's text ends, without the line ends that the parser counts to a block of text."""
        start: int = event.start_mark.index
        return start + len(self._positions.text[start : event.end_mark.index].rstrip())

    def _report(self, code: str, message: str, span: Span, help: str = "") -> None:
        self._diagnostics.add(code, message, span, help=help)
