# SPDX-License-Identifier: Apache-2.0
"""A diagnostic is a value: what is wrong, where, why, and what to write instead.

Each stage that reads text adds its diagnostics to a collector and goes on; whoever started the stages renders them.
Messages are lower case without a full stop, with the user's text in backticks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from mimic_rules.diagnostics.codes import CODES, Severity
from mimic_rules.diagnostics.span import Span

SHOWN_PER_FILE: Final = 100
"""How many diagnostics of one file are kept before one more says how many were left out."""


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that takes part in the problem, and what it has to do with it."""

    span: Span
    message: str


@dataclass(frozen=True, slots=True)
class Fix:
    """A change that mends the problem: put `replacement` in place of the text of `span`."""

    span: Span
    replacement: str
    title: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem: a code of CODES, a message, a place, and what helps (each may be empty)."""

    code: str
    message: str
    span: Span
    help: str = ""
    related: tuple[Related, ...] = ()
    fix: Fix | None = None

    @property
    def severity(self) -> Severity:
        """As the table of codes says; KeyError for a code that isn't in it."""
        return CODES[self.code].severity


class DiagnosticError(Exception):
    """Raised by a stage that can't go on; `diagnostics` says why."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics: Final = tuple(diagnostics)
        super().__init__("\n".join(f"{one.span.place()}: {one.code}: {one.message}" for one in self.diagnostics))


class Diagnostics:
    """Collects diagnostics; gives them back in order, each once, and at most a hundred per file."""

    __slots__ = ("_collected",)

    def __init__(self, diagnostics: Iterable[Diagnostic] = ()) -> None:
        # A dict is the set that remembers no more than it must and still keeps a stable order.
        self._collected: dict[Diagnostic, None] = dict.fromkeys(diagnostics)

    def add(
        self,
        code: str,
        message: str,
        span: Span,
        *,
        help: str = "",
        related: Iterable[Related] = (),
        fix: Fix | None = None,
    ) -> None:
        """Add one; an exact duplicate of an earlier one is dropped."""
        self._collected[Diagnostic(code, message, span, help, tuple(related), fix)] = None

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Add those of another stage."""
        self._collected.update(dict.fromkeys(diagnostics))

    @property
    def has_errors(self) -> bool:
        """Whether anything collected is an error."""
        return any(one.severity is Severity.ERROR for one in self._collected)

    @property
    def items(self) -> tuple[Diagnostic, ...]:
        """All, sorted by (file, line, column, code), capped for each file."""
        files: dict[str, list[Diagnostic]] = {}
        for one in sorted(self._collected, key=_order):
            files.setdefault(one.span.file, []).append(one)
        return tuple(one for of_file in files.values() for one in _cap(of_file))


def _order(one: Diagnostic) -> tuple[str, int, int, str, str]:
    return one.span.file, one.span.line, one.span.column, one.code, one.message


def _cap(of_file: list[Diagnostic]) -> list[Diagnostic]:
    if len(of_file) <= SHOWN_PER_FILE:
        return of_file
    # INVARIANT: errors are kept before warnings, so that what is shown holds an error whenever the file does.
    kept = sorted(of_file, key=lambda one: one.severity is not Severity.ERROR)[:SHOWN_PER_FILE]
    left = len(of_file) - SHOWN_PER_FILE
    more = Diagnostic(
        "MR199",
        f"{left} more {'problem' if left == 1 else 'problems'} in this file",
        of_file[-1].span,
        help="mend the problems above, then check again",
    )
    return sorted([*kept, more], key=_order)
