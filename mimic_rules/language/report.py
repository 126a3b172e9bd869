# SPDX-License-Identifier: Apache-2.0
"""What the checks report through: it points at words, suggests names, and says one thing about one place once.

Beside the way of a rule: `load` makes one for all files; `expand`, `gather` and the checks add to it. A template
that is used twenty times has a mistake once.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from mimic_rules.diagnostics import Diagnostics, Related, Span, did_you_mean
from mimic_rules.language.places import Places


def suggest(name: str, known: Iterable[str], otherwise: str) -> str:
    """Help for an unknown name: the known one that is nearest to it, or else what to do."""
    near = did_you_mean(name, known)
    return f"did you mean `{near}`?" if near else otherwise


@dataclass(slots=True)
class Report:
    """Adds to `diagnostics`, at most one of each code for each place."""

    diagnostics: Diagnostics = field(default_factory=Diagnostics)
    places: Places = field(default_factory=lambda: Places({}))
    _said: set[tuple[str, Span]] = field(default_factory=set)

    def add(
        self,
        code: str,
        message: str,
        span: Span,
        *,
        word: str = "",
        last: bool = False,
        help: str = "",
        related: Iterable[Related] = (),
    ) -> None:
        """Report at `word` (its first place, or its last) within `span`, or at the whole span."""
        where = self.places.word(span, word, last=last)
        if (code, where) not in self._said:
            self._said.add((code, where))
            self.diagnostics.add(code, message, where, help=help, related=related)
