# SPDX-License-Identifier: Apache-2.0
"""Diagnostics as text for a terminal, as JSON for programs, and as annotations for GitHub.

The last stop of every diagnostic: what comes in are sorted diagnostics, and for text the sources that they point into.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final

from mimic_rules.diagnostics.codes import Severity
from mimic_rules.diagnostics.diagnostic import Diagnostic
from mimic_rules.diagnostics.span import Span

WIDEST_LINE: Final = 160
"""How many characters of a source line are shown; of a longer one, those around the span."""


def render_text(diagnostics: Iterable[Diagnostic], sources: Mapping[str, str]) -> str:
    """For people: place and message, the line with carets, help and related places, and a last line that counts.

    `sources` maps a file's name, as the spans have it, to its text; without it there is no snippet.
    The text ends with a line feed; without diagnostics it is empty.
    """
    shown = tuple(diagnostics)
    return render_each(shown, sources) + _count(shown) + "\n" if shown else ""


def render_each(diagnostics: Iterable[Diagnostic], sources: Mapping[str, str]) -> str:
    """The same without the last line: for whoever counts otherwise."""
    lines: list[str] = []
    for one in diagnostics:
        lines.append(f"{_clean(one.span.place())}: {one.severity} {one.code}: {_clean(one.message)}")
        if one.span.file in sources:
            lines += _snippet(one.span, sources[one.span.file])
        if one.help:
            lines.append(f"  help: {_clean(one.help)}")
        lines += [f"  related: {_clean(related.span.place())}: {_clean(related.message)}" for related in one.related]
    return "".join(line + "\n" for line in lines)


def render_json(diagnostics: Iterable[Diagnostic]) -> str:
    """For programs: a list of objects, each with every key, in this order; all ASCII, ends with a line feed."""
    return json.dumps([_plain(one) for one in diagnostics], indent=2) + "\n"


def render_github(diagnostics: Iterable[Diagnostic]) -> str:
    """For GitHub Actions: one workflow command a line, which becomes an annotation of the changed file.

    Source: "Workflow commands for GitHub Actions"; escapes as in the toolkit's command.ts.
    """
    lines = []
    for one in diagnostics:
        properties = {"file": one.span.file, "line": str(one.span.line), "endLine": str(one.span.end_line)}
        # GitHub refuses columns on an annotation of several lines.
        if one.span.line == one.span.end_line:
            properties = {
                "file": one.span.file,
                "line": str(one.span.line),
                "col": str(one.span.column),
                "endColumn": str(one.span.end_column),
            }
        properties["title"] = one.code
        told = ",".join(f"{name}={_escape_property(value)}" for name, value in properties.items())
        message = f"{one.message}\nhelp: {one.help}" if one.help else one.message
        lines.append(f"::{one.severity} {told}::{_escape(message)}\n")
    return "".join(lines)


def _snippet(span: Span, source: str) -> list[str]:
    # A span may point past the last line: the end of the text, where something was missing.
    lines = source.split("\n")
    if span.line > len(lines):
        return []
    line = lines[span.line - 1].removesuffix("\r")
    start = min(span.column - 1, len(line))
    end = len(line) if span.end_line > span.line else min(span.end_column - 1, len(line))
    first = max(0, start - WIDEST_LINE // 2) if len(line) > WIDEST_LINE else 0
    line, start, end = line[first : first + WIDEST_LINE], start - first, min(end - first, WIDEST_LINE)
    number = str(span.line)
    # Tabs are copied, so that the carets stand below the text however wide the terminal makes them.
    margin = "".join("\t" if letter == "\t" else " " * _width(letter) for letter in line[:start])
    carets = "".join("^" * _width(letter) for letter in line[start:end]) or "^"
    return [f"  {number} | {_clean(line)}", f"  {' ' * len(number)} | {margin}{carets}"]


def _width(letter: str) -> int:
    """How many columns a terminal gives the letter (Unicode Standard Annex 11)."""
    if unicodedata.combining(letter):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def _clean(text: str) -> str:
    """Without what would steer the terminal: a source is somebody else's text."""
    return "".join(letter if letter == "\t" or unicodedata.category(letter)[0] != "C" else "\ufffd" for letter in text)


def _count(shown: tuple[Diagnostic, ...]) -> str:
    errors = sum(one.severity is Severity.ERROR for one in shown)
    counts = ((errors, "error"), (len(shown) - errors, "warning"))
    return ", ".join(f"{count} {word}{'' if count == 1 else 's'}" for count, word in counts if count)


def _plain(one: Diagnostic) -> dict[str, object]:
    fix = one.fix
    return {
        "code": one.code,
        "severity": str(one.severity),
        "message": one.message,
        **_plain_span(one.span),
        "help": one.help,
        "related": [{**_plain_span(related.span), "message": related.message} for related in one.related],
        "fix": fix and {**_plain_span(fix.span), "replacement": fix.replacement, "title": fix.title},
    }


def _plain_span(span: Span) -> dict[str, object]:
    return {
        "file": span.file,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
    }


def _escape(text: str) -> str:
    # An environment variable may hold half a surrogate pair, which no output takes.
    told = text.encode("utf-8", "replace").decode()
    return told.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape(text).replace(":", "%3A").replace(",", "%2C")
