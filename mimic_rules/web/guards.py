# SPDX-License-Identifier: Apache-2.0
"""Who is kept out: every request where several processes would each have a cloud of their own, and whoever may not
steer the clouds.

On the way of a request: before it is routed, and before the control API sees it. Each guard is a middleware of its own.
"""

from __future__ import annotations

import hmac
import logging
from ipaddress import ip_address
from typing import Any, Final

import falcon

from mimic_rules.web.answer import error, put

log = logging.getLogger(__name__)

TOKEN_HEADER: Final = "X-Mimic-Token"

SEVERAL_PROCESSES: Final = (
    "several worker processes are running, and each would keep a cloud of its own in its memory: "
    "what one request changes, the next one would not see"
)
ONE_PROCESS: Final = (
    "run one worker process with several threads: `mimic-rules serve`, "
    "or `gunicorn --workers 1 --threads 8 mimic_rules.wsgi`"
)


class OneProcess:
    """Answers every request with 503 where other processes don't share the state; says so once in the log."""

    def __init__(self) -> None:
        self._told = False

    def process_request(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Called before routing."""
        if not req.env["wsgi.multiprocess"]:
            return
        if not self._told:
            self._told = True
            log.error("refusing all requests: %s; %s", SEVERAL_PROCESSES, ONE_PROCESS)
        put(resp, 503, error(503, SEVERAL_PROCESSES, help=ONE_PROCESS))
        resp.complete = True


class AdminToken:
    """Lets requests to the control API through if they come over a loopback address or carry the token.

    Without a token, nobody steers the clouds from elsewhere. What goes to the engine never passes here: it matches none
    of the application's own routes.
    """

    def __init__(self, token: str | None) -> None:
        self._token = None if not token else token.encode("utf-8", "surrogateescape")

    def process_resource(
        self, req: falcon.Request, resp: falcon.Response, resource: object, params: dict[str, Any]
    ) -> None:
        """Called once a route of the control API is found, whatever the method."""
        if _is_local(req) or self._is_right(req):
            return
        if self._token is None:
            help = "set MIMIC_ADMIN_TOKEN before the cloud starts, or bind it to 127.0.0.1"
            put(resp, 403, error(403, "the control API is closed to other machines without a token", help=help))
        else:
            help = f"send it in the header {TOKEN_HEADER}, or as `Authorization: Bearer TOKEN`"
            put(resp, 401, error(401, "the control API takes the token that this cloud was started with", help=help))
            resp.set_header("WWW-Authenticate", "Bearer")
        resp.complete = True

    def _is_right(self, req: falcon.Request) -> bool:
        given = req.get_header(TOKEN_HEADER)
        if given is None:
            scheme, _, rest = (req.get_header("Authorization") or "").partition(" ")
            given = rest.strip() if scheme.lower() == "bearer" else ""
        # WSGI hands over bytes as Latin-1 (PEP 3333).
        sent = given.encode("latin-1", "replace")
        return self._token is not None and hmac.compare_digest(sent, self._token)


def _is_local(req: falcon.Request) -> bool:
    """Whether the process is bound to a loopback address and the client came that way.

    Without a Host header, WSGI tells the host that the process is bound to. Behind a Unix socket that is made of the
    Host header too, but then there is no address of the client, and a token is asked for.
    """
    environ = {name: value for name, value in req.env.items() if name != "HTTP_HOST"}
    bound = falcon.Request(environ).host
    return _is_loopback(bound) and _is_loopback(req.env.get("REMOTE_ADDR", ""))


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
