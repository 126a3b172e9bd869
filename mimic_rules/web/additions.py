# SPDX-License-Identifier: Apache-2.0
"""What making a world asks of the rules that are added at run time.

Beside the way of a rule: `making` and the snapshots call these; what adds rules to a running world stands behind them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from mimic_rules.web.mounts import Mount


@dataclass(frozen=True, slots=True)
class Added:
    """The rules that texts held, and the warnings about them, as answers show both."""

    rules: tuple[Any, ...] = ()
    warnings: tuple[Any, ...] = ()


class CantAdd(Exception):
    """Texts that can't be added, or a state that can't be restored; `more` is what else helps whoever sent them."""

    def __init__(self, reason: str, **more: Any) -> None:
        super().__init__(reason)
        self.more = more


class Additions(Protocol):
    """The rules of run time of mounts."""

    def add(self, mount: Mount, texts: Sequence[str]) -> Added:
        """Add all texts or raise CantAdd, with nothing added."""

    def state(self, mount: Mount) -> Any:
        """What was added and what is disabled, as JSON data; None for neither."""

    def restore(self, mount: Mount, state: Any) -> None:
        """Let a mount have what a state says and nothing else; raises CantAdd where that can't be."""

    def count(self, mount: Mount) -> int:
        """How many rules of run time there are."""


class NoAdditions:
    """Where no rules can be added."""

    def add(self, mount: Mount, texts: Sequence[str]) -> Added:
        """Nothing can be added but nothing."""
        if texts:
            raise CantAdd("rules can't be added to this cloud at run time")
        return Added()

    def state(self, mount: Mount) -> Any:
        """There is none."""
        return None

    def restore(self, mount: Mount, state: Any) -> None:
        """Nothing can be restored but nothing."""
        if state is not None:
            raise CantAdd("rules can't be added to this cloud at run time")

    def count(self, mount: Mount) -> int:
        """There are none."""
        return 0
