# SPDX-License-Identifier: Apache-2.0
"""The rules that a world consults: added, listed with their hits, disabled, removed.

On the way of a test: a part of a world. What is changed here takes effect between two requests.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from mimic_rules.testing.calls import Calls, ControlError, named
from mimic_rules.testing.values import Diagnostic, Rule

Text: TypeAlias = str | Path
"""A text of rules, or the file that has it."""

# In the class below, `list` is a method.
_Rules: TypeAlias = list[Rule]
_Diagnostics: TypeAlias = list[Diagnostic]


@dataclass(frozen=True, slots=True)
class Added:
    """A text that was added to a world: what it is removed by, its rules, and warnings.

    As the context of a block, it is removed at the end of the block.
    """

    id: str
    rules: tuple[Rule, ...]
    warnings: tuple[Diagnostic, ...]
    _of: Rules = field(repr=False, compare=False)

    def remove(self) -> None:
        """Take it out of the world; what was removed already stays so."""
        self._of.remove(self.id, missing_ok=True)

    def __enter__(self) -> Added:
        return self

    def __exit__(self, *raised: object) -> None:
        self.remove()


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one world."""

    calls: Calls
    _gone: _Rules = field(default_factory=list, repr=False, compare=False)
    """Rules that were removed, as they were then."""
    _warnings: _Diagnostics = field(default_factory=list, repr=False, compare=False)

    def add(self, text: Text, *, name: str | None = None) -> Added:
        """Add a text, which comes before all that the world consults already.

        `name` is what its places begin with and what it is removed by. Raises ControlError with every problem, and
        nothing is added.
        """
        told = self.calls.post("/rules", {"text": read(text), **({} if name is None else {"name": name})})
        return self._added(told)

    def add_all(self, *texts: Text) -> tuple[Added, ...]:
        """Add several texts, or none of them where one is wrong; the last one comes first."""
        if not texts:
            return ()
        told = self.calls.post("/rules", {"texts": [{"text": read(text)} for text in texts]})
        return tuple(map(self._added, told["texts"]))

    def list(self, layer: str | None = None) -> tuple[Rule, ...]:
        """All rules in the order in which they are consulted, or those of `run-time`, `team` or `shipped`."""
        told = self.calls.get("/rules", None if layer is None else {"layer": layer})
        return tuple(map(Rule.read, told["rules"]))

    def get(self, rule: str) -> tuple[Rule, ...]:
        """The rules of a text, or one rule, by its id, its name or its place."""
        return tuple(map(Rule.read, self.calls.get(f"/rules/{named(rule)}")["rules"]))

    def disable(self, rule: str) -> tuple[Rule, ...]:
        """Let the world no longer consult a rule of any layer, or those of a text."""
        return self._switch(rule, enabled=False)

    def enable(self, rule: str) -> tuple[Rule, ...]:
        """Let the world consult it again."""
        return self._switch(rule, enabled=True)

    @contextmanager
    def disabled(self, rule: str) -> Iterator[None]:
        """For the length of a block, the world doesn't consult a rule."""
        self.disable(rule)
        try:
            yield
        finally:
            self.enable(rule)

    def remove(self, rule: str, *, missing_ok: bool = False) -> None:
        """Remove a text that was added, or one of its rules."""
        try:
            self._keep(self.get(rule))
            self.calls.delete(f"/rules/{named(rule)}")
        except ControlError as refused:
            if refused.status != 404 or not missing_ok:
                raise

    def clear(self) -> None:
        """Remove all texts that were added, and enable all other rules."""
        self.keep_count()
        self.calls.delete("/rules")

    def keep_count(self) -> None:
        """Remember how often the rules that were added have decided, before they are gone."""
        self._keep(self.list("run-time"))

    def seen(self) -> tuple[Rule, ...]:
        """All that were ever added to this world, with their hits as they are, or were when they were removed."""
        return (*self._gone, *self.list("run-time"))

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        """What the checker said of the texts that were added."""
        return tuple(self._warnings)

    def warned(self, told: Any) -> None:
        """Remember what the checker said of texts that the world was made with."""
        self._warnings.extend(Diagnostic.read(one) for one in told)

    def _added(self, told: Any) -> Added:
        warnings = tuple(map(Diagnostic.read, told["warnings"]))
        self._warnings.extend(warnings)
        return Added(told["id"], tuple(map(Rule.read, told["rules"])), warnings, self)

    def _switch(self, rule: str, *, enabled: bool) -> tuple[Rule, ...]:
        return tuple(map(Rule.read, self.calls.patch(f"/rules/{named(rule)}", {"enabled": enabled})["rules"]))

    def _keep(self, rules: tuple[Rule, ...]) -> None:
        self._gone.extend(rule for rule in rules if rule.layer == "run-time")


def read(text: Text) -> str:
    """The text of rules; raises OSError for a file that can't be read."""
    return text.read_text(encoding="utf-8") if isinstance(text, Path) else text
