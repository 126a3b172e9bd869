# SPDX-License-Identifier: Apache-2.0
"""A cloud that runs, wherever it does: its default world, and worlds made for the length of a block.

On the way of a test: between starting a cloud, or finding one, and driving a world of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from mimic_rules.testing.calls import Calls, ControlError, named, token_of_environment
from mimic_rules.testing.clock import Clock
from mimic_rules.testing.journal import Journal
from mimic_rules.testing.rules import Rules, Text, read
from mimic_rules.testing.world import World

DEFAULT: str = "default"

Look = Callable[[World], None]


@dataclass(frozen=True, slots=True)
class Cloud:
    """A cloud at `url`; `token` is what it asks for where it is bound to another address than a loopback one."""

    url: str
    token: str | None = field(default=None, repr=False)
    said: Callable[[], str] = field(default=str, repr=False, compare=False)
    """What it has logged so far, where it is a child of the tests; else nothing."""
    looks: list[Look] = field(default_factory=list, repr=False, compare=False)
    """What wants to see a world before it is removed."""

    @property
    def default(self) -> World:
        """The world that is there from the beginning, at the cloud's own URL."""
        return self._opened(DEFAULT, self.url, {}, {})

    def health(self) -> Mapping[str, Any]:
        """What the cloud tells of itself."""
        told: Mapping[str, Any] = self._calls.get("/health")
        return told

    @contextmanager
    def world(
        self,
        id: str | None = None,
        *,
        services: Sequence[str] | None = None,
        regions: Sequence[str] | None = None,
        seed: int | str | None = None,
        clock: Mapping[str, Any] | None = None,
        rules: Sequence[Text] = (),
        config: Mapping[str, Any] | None = None,
        fork: str | None = None,
        snapshot: str | None = None,
        explain: bool | None = None,
    ) -> Iterator[World]:
        """A world of its own for the length of a block; see the page about worlds.

        `clock` has `start`, `mode`, `rate` and `poll`; `config` keys of `mimic.yaml`; `fork` is the id of the world to
        begin as a copy of, `snapshot` the name of one to begin with; `explain` traces all requests. Raises ControlError
        with every problem of rules and wishes; nothing is made then.
        """
        wish = {
            "id": id,
            "services": services,
            "regions": regions,
            "seed": seed,
            "clock": clock,
            "rules": [read(text) for text in rules] or None,
            "config": config,
            "fork": fork,
            "snapshot": snapshot,
            "explain": explain,
        }
        made = self._calls.post("/worlds", {name: value for name, value in wish.items() if value is not None})
        world = self._opened(made["id"], made["url"], made["services"], made)
        world.rules.warned(made["warnings"])
        try:
            yield world
        finally:
            self._remove(world)

    @property
    def _calls(self) -> Calls:
        return Calls(self.url, self.token)

    def _remove(self, world: World) -> None:
        try:
            for look in self.looks:
                look(world)
        finally:
            try:
                self._calls.delete(f"/worlds/{named(world.id)}")
            except ControlError as refused:
                # A test may have removed it by itself.
                if refused.status != 404:
                    raise

    def _opened(self, id: str, url: str, services: Mapping[str, str], made: Mapping[str, Any]) -> World:
        calls = Calls(url, self.token)
        own = ("id", "url", "services", "rules", "warnings")
        handed_out = {name: value for name, value in made.items() if name not in own}
        return World(
            id, url, services, handed_out, Clock(calls), Rules(calls), Journal(calls), cloud=self, _calls=calls
        )


def connect(url: str, *, token: str | None = None) -> Cloud:
    """A cloud that runs already; `token` is by default what MIMIC_ADMIN_TOKEN says.

    Raises ControlError where none answers.
    """
    cloud = Cloud(url.rstrip("/"), token or token_of_environment())
    cloud.health()
    return cloud
