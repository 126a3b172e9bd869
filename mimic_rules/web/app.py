# SPDX-License-Identifier: Apache-2.0
"""The application: everything that is not its own goes to the engine, and comes back as JSON.

On the way of a request: falcon routes it to the control API or, by one sink, to the engine; whatever goes wrong on the
way, falcon's own errors included, is answered with JSON and never with a traceback.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import falcon

from mimic_rules.config import Limits
from mimic_rules.state.clock import elapsed
from mimic_rules.web.answer import encode, error, put, writer
from mimic_rules.web.control.api import add_control
from mimic_rules.web.control.endpoint import About, Application, Control, no_world
from mimic_rules.web.guards import AdminToken, OneProcess
from mimic_rules.web.logs import EachRequest
from mimic_rules.web.mounts import Mounts
from mimic_rules.web.request import DEFAULT_WORLD, WORLD_PREFIX, read_ahead, request_of, split_path
from mimic_rules.web.shelf import Shelf
from mimic_rules.web.wire import ANSWERED, WiredApplication

log = logging.getLogger(__name__)

EXPLAIN: Final = "HTTP_X_MIMIC_EXPLAIN"
"""The header X-Mimic-Explain, by which one request asks for a trace."""


def create_app(
    mounts: Mounts,
    *,
    limits: Limits,
    about: Callable[[], About],
    admin_token: str | None = None,
    roots: Sequence[Path] = (),
    snapshots: Path = Path("mimic-snapshots"),
    log_requests: int | None = None,
) -> Application:
    """The WSGI application for the worlds of `mounts`.

    `limits` bounds bodies; `about` is what health tells; `admin_token` opens the control API to other machines;
    headers show the places of rules relative to the first of `roots` that they lie below; `snapshots` is a folder,
    made when it is needed. Each request is logged at the level `log_requests`, where there is one.
    """
    app = WiredApplication()
    if log_requests is not None:
        app.add_middleware(EachRequest(log_requests))
    # INVARIANT: the guard of processes comes before all that works: where it strikes, nothing may be read or changed.
    if not mounts.store.shared:
        app.add_middleware(OneProcess())
    app.add_middleware(AdminToken(admin_token))
    write = writer(roots)

    def answer(req: falcon.Request, resp: falcon.Response, **groups: str) -> None:
        world_id, prefix, path = DEFAULT_WORLD, "", req.path
        if path.startswith(WORLD_PREFIX):
            world_id, prefix, path = split_path(path)
        started = elapsed()
        mounts.sweep(started)
        mount = mounts.get(world_id)
        if mount is None:
            put(resp, 404, error(404, *no_world(world_id)))
            return
        request = request_of(req, prefix, path, limits)
        request.explain = mount.explain or req.env.get(EXPLAIN) == "true"
        body = read_ahead(request)
        # INVARIANT: the order of the journal is that of answering, so both are done under the lock of the world. The
        # engine is looked up under it too: who holds it may put another one there and change what the world's tables
        # keep, and no request sees the one without the other.
        world = mount.world
        with world.lock:
            response = mount.engine.handle(world, request)
            mount.used = ended = elapsed()
            mount.journal.note(request, body, response, response.at, ended - started)
        write(resp, response)
        # Last, for no answer of ours gets lost.
        req.env[ANSWERED] = response

    add_control(app, Control(mounts, about, limits, Shelf(snapshots, limits.memory), roots))
    app.add_sink(answer, "/")
    app.add_error_handler(Exception, _crash)
    app.set_error_serializer(_serialize)
    return app


def _crash(req: falcon.Request, resp: falcon.Response, problem: Exception, params: dict[str, Any]) -> None:
    """A mistake of ours: whoever runs the program gets the traceback, a client only the fact."""
    # Without the path, for something in that may be secret.
    log.error("can't answer a request (%s)", req.method, exc_info=problem)
    put(resp, 500, error(500, "this cloud made a mistake in answering; its log has the details"))


def _serialize(req: falcon.Request, resp: falcon.Response, problem: falcon.HTTPError) -> None:
    """Falcon's own errors, in the form of ours; headers such as Allow are there already."""
    resp.data = encode(error(problem.status_code, problem.description or problem.title or "this can't be answered"))
