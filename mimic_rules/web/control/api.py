# SPDX-License-Identifier: Apache-2.0
"""The control API: what a test asks of a cloud apart from its services, as one table of calls.

On the way of a request: the application's own routes, before the engine's. `/_mimic/…` is about the default world,
`/w/ID/_mimic/…` about another; what is of all worlds is found below `/_mimic` alone.
"""

from __future__ import annotations

from typing import Any, Final

import falcon

from mimic_rules.diagnostics import did_you_mean
from mimic_rules.state.clock import elapsed
from mimic_rules.web.answer import error, put
from mimic_rules.web.control import (
    age,
    clock,
    explain,
    health,
    journal,
    metrics,
    openapi,
    rules,
    snapshots,
    tenants,
    verify,
    worlds,
)
from mimic_rules.web.control.endpoint import Application, Asked, Control, Endpoint, Refused, find_mount
from mimic_rules.web.control.schemas import checked, read
from mimic_rules.web.request import DEFAULT_WORLD, WORLD_PREFIX, base_of

ENDPOINTS: Final[tuple[Endpoint, ...]] = (
    *health.ENDPOINTS,
    *clock.ENDPOINTS,
    *rules.ENDPOINTS,
    *worlds.ENDPOINTS,
    *snapshots.ENDPOINTS,
    *journal.ENDPOINTS,
    *verify.ENDPOINTS,
    *explain.ENDPOINTS,
    *age.ENDPOINTS,
    *tenants.ENDPOINTS,
    *metrics.ENDPOINTS,
    openapi.endpoint(lambda: ENDPOINTS),
)
"""Every call, in the order in which the document has them."""

PATHS: Final = tuple(dict.fromkeys(one.path for one in ENDPOINTS))


def add_control(app: Application, control: Control) -> None:
    """Give the application the routes of the control API."""
    for path in PATHS:
        calls = [one for one in ENDPOINTS if one.path == path]
        for prefix in ("",) if calls[0].of_all_worlds else ("", WORLD_PREFIX + "{world_id}"):
            taken = path.replace("}", ":path}") if calls[0].slashes else path
            app.add_route(prefix + taken, _Route(calls, control))
    for prefix in ("", WORLD_PREFIX + "{world_id}"):
        app.add_route(prefix + "/_mimic", _Unknown())
        app.add_route(prefix + "/_mimic/{rest:path}", _Unknown())
    app.add_error_handler(Refused, _refuse)


class _Route:
    """The calls at one path, as falcon asks for them: a method `on_get`, `on_post` and so on for each."""

    def __init__(self, calls: list[Endpoint], control: Control) -> None:
        for call in calls:
            setattr(self, f"on_{call.method.lower()}", _responder(call, control))


def _responder(call: Endpoint, control: Control) -> Any:
    def respond(req: falcon.Request, resp: falcon.Response, world_id: str = DEFAULT_WORLD, **path: str) -> None:
        control.mounts.sweep(elapsed())
        mount = find_mount(control, world_id)
        mount.used = elapsed()
        body = None if call.body is None else checked(read(req, control.limits), call.body)
        query = {name: value[-1] if isinstance(value, list) else value for name, value in req.params.items()}
        for name in query:
            if name not in call.query:
                known = ", ".join(f"`{one}`" for one in call.query) or "none"
                raise Refused(400, f"`{name[:60]}` isn't a parameter here: there are {known}")
        root = base_of(req)
        prefix = "" if world_id == DEFAULT_WORLD else WORLD_PREFIX + world_id
        told = call.handle(Asked(control, mount, path, query, body, root + prefix, root))
        if told.text is None:
            put(resp, told.status, told.data)
        else:
            resp.status = told.status
            resp.content_type = told.media
            resp.text = told.text
        for name, value in told.headers.items():
            resp.set_header(name, value)

    return respond


class _Unknown:
    """Every other path below `/_mimic`: 404 with the known ones, whatever the method."""

    def on_get(self, req: falcon.Request, resp: falcon.Response, **path: str) -> None:
        """404."""
        near = did_you_mean(req.path, PATHS)
        help = f"did you mean `{near}`?" if near else f"the paths are {', '.join(f'`{known}`' for known in PATHS)}"
        put(resp, 404, error(404, f"the control API has no `{req.path}`", help=help, paths=PATHS))

    on_post = on_put = on_patch = on_delete = on_options = on_get


def _refuse(req: falcon.Request, resp: falcon.Response, refused: Refused, params: dict[str, Any]) -> None:
    put(resp, refused.status, error(refused.status, str(refused), **refused.more))
