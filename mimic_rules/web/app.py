# SPDX-License-Identifier: Apache-2.0
"""The application: everything that is not its own goes to the engine, and comes back as JSON.

On the way of a request: falcon routes it to the control API or, by one sink, to the engine; whatever goes wrong on the
way, falcon's own errors included, is answered with JSON and never with a traceback.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import falcon

from mimic_rules.config import Limits
from mimic_rules.engine.exchange import Request, Response
from mimic_rules.state.store import Store
from mimic_rules.state.world import World
from mimic_rules.web.answer import encode, error, put, writer
from mimic_rules.web.control import About, add_control
from mimic_rules.web.guards import AdminToken, OneProcess
from mimic_rules.web.request import DEFAULT_WORLD, WORLD_PREFIX, request_of, split_path

log = logging.getLogger(__name__)

Application = falcon.App[falcon.Request, falcon.Response]


class Answers(Protocol):
    """What the application needs of an engine."""

    def handle(self, world: World, request: Request) -> Response:
        """Answer a request; raises for no fault of a client."""

    def settle(self, world: World) -> int:
        """Apply all that is due, and give how many events that were."""


def create_app(
    engine: Answers,
    store: Store,
    *,
    limits: Limits,
    about: About,
    admin_token: str | None = None,
    roots: Sequence[Path] = (),
) -> Application:
    """The WSGI application for the worlds of `store`.

    `limits` bounds bodies; `about` is what health tells; `admin_token` opens the control API to other machines;
    headers show the places of rules relative to the first of `roots` that they lie below.
    """
    app = Application()
    # INVARIANT: the guard of processes comes first: where it strikes, nothing may be read or changed.
    if not store.shared:
        app.add_middleware(OneProcess())
    app.add_middleware(AdminToken(admin_token))
    write = writer(roots)

    def answer(req: falcon.Request, resp: falcon.Response, **groups: str) -> None:
        world_id, prefix, path = DEFAULT_WORLD, "", req.path
        if path.startswith(WORLD_PREFIX):
            world_id, prefix, path = split_path(path)
        world = store.world(world_id)
        if world is None:
            put(resp, 404, error(404, f"there is no world `{world_id}`"))
            return
        write(resp, engine.handle(world, request_of(req, prefix, path, limits)))

    add_control(app, store, engine.settle, about, limits)
    app.add_sink(answer, "/")
    app.add_error_handler(Exception, _crash)
    app.set_error_serializer(_serialize)
    return app


def _crash(req: falcon.Request, resp: falcon.Response, problem: Exception, params: dict[str, Any]) -> None:
    """A mistake of ours: whoever runs the program gets the traceback, a client only the fact."""
    log.error("can't answer %s %s", req.method, ascii(req.path), exc_info=problem)
    put(resp, 500, error(500, "this cloud made a mistake in answering; its log has the details"))


def _serialize(req: falcon.Request, resp: falcon.Response, problem: falcon.HTTPError) -> None:
    """Falcon's own errors, in the form of ours; headers such as Allow are there already."""
    resp.data = encode(error(problem.status_code, problem.description or problem.title or "this can't be answered"))
