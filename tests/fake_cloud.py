# SPDX-License-Identifier: Apache-2.0
"""An application with an engine that answers what a test tells it to, and keeps what it was asked.

For the tests of the web layer alone: what rules make of requests is tested with the real engine, elsewhere.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from falcon.testing import Result, TestClient

from mimic_rules.compiler import compile_model
from mimic_rules.config import Limits
from mimic_rules.engine import link
from mimic_rules.engine.exchange import Request, Response
from mimic_rules.engine.happenings import Happening
from mimic_rules.language.load import load
from mimic_rules.state.clock import WorldClock
from mimic_rules.state.store import DictStore
from mimic_rules.state.world import World
from mimic_rules.web.app import create_app
from mimic_rules.web.control.endpoint import About
from mimic_rules.web.journal import Journal
from mimic_rules.web.mounts import Mount, Mounts

Answer = Callable[[Request], Response]

ABOUT = About(language=1, services=("desk", "phone"), rules={"team": 2, "shipped": 5})

NOTHING = link(compile_model(load([]).model)).linked
"""The program of no rules at all."""


def tell(request: Request) -> Response:
    """Answers with all that the engine is given, the body included."""
    return Response(
        200,
        {
            "method": request.method,
            "path": request.path,
            "query": dict(request.query),
            "headers": dict(request.headers),
            "base": request.base,
        },
    )


class FakeEngine:
    """Answers by `answer`; `fired` is how many events each settling finds."""

    def __init__(self, answer: Answer = tell, fired: int = 0) -> None:
        self.answer = answer
        self.fired = fired
        self.asked: list[tuple[str, Request]] = []
        self.settled: list[tuple[str, float]] = []
        self.linked = NOTHING

    def handle(self, world: World, request: Request) -> Response:
        self.asked.append((world.id, request))
        response = self.answer(request)
        response.at = world.clock.now()
        return response

    def settle(self, world: World, told: list[Happening] | None = None) -> int:
        self.settled.append((world.id, world.clock.now()))
        return self.fired


class SharedStore(DictStore):
    """Says that other processes see the same worlds."""

    @property
    def shared(self) -> bool:
        return True


class FakeCloud:
    """The application with a fake engine, and the worlds `default` and `green`, both frozen at 1000 seconds."""

    def __init__(
        self,
        engine: FakeEngine | None = None,
        *,
        store: DictStore | None = None,
        limits: Limits | None = None,
        admin_token: str | None = None,
        roots: tuple[Path, ...] = (),
        log_requests: int | None = None,
    ) -> None:
        self.engine = engine or FakeEngine()
        self.mounts = Mounts(store or DictStore())
        for name in ("default", "green"):
            clock = WorldClock(1000.0, frozen=True)
            self.mounts.add(Mount(World(name, clock=clock, seed=0, specs={}), self.engine, Journal(10)))
        self.app = create_app(
            self.mounts,
            limits=limits or Limits(body=2**20, depth=64, records=100),
            about=lambda: ABOUT,
            admin_token=admin_token,
            roots=roots,
            log_requests=log_requests,
        )
        self._client = TestClient(self.app)

    def clock(self, world_id: str = "default") -> WorldClock:
        mount = self.mounts.get(world_id)
        assert mount is not None
        return mount.world.clock

    def ask(self, method: str, path: str, *, environ: dict[str, Any] | None = None, **more: Any) -> Result:
        """Ask as a client on the same machine does, of one process bound to 127.0.0.1; `environ` overrides."""
        extras = {"wsgi.multiprocess": False, "SERVER_NAME": "127.0.0.1", **(environ or {})}
        return self._client.simulate_request(method, path, extras=extras, remote_addr="127.0.0.1", **more)
