# SPDX-License-Identifier: Apache-2.0
"""The cloud that is measured: the shipped rules in this process, asked through the WSGI callable, and a bare route.

Its clock stands still, so that what falls due is applied when a measurement says so and not in the middle of another.
"""

import io
import itertools
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import falcon
import orjson

from mimic_rules.config import load_config
from mimic_rules.state.world import World
from mimic_rules.web.cloud import Cloud, open_cloud
from mimic_rules.web.request import DEFAULT_WORLD
from tests.bench.timing import Lane

SERVERS = "/compute/v2.1/servers"
BUILT = 60.0
"""Seconds of world time after which a new server is ready."""

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

_LOGIN = {
    "auth": {
        "identity": {
            "methods": ["password"],
            "password": {"user": {"name": "bench", "domain": {"id": "default"}, "password": "x"}},
        },
        "scope": {"project": {"name": "bench", "domain": {"id": "default"}}},
    }
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What an application answered."""

    status: int
    headers: dict[str, str]
    body: bytes


def environ(method: str, path: str, body: bytes = b"", **headers: str) -> dict[str, Any]:
    """What gunicorn gives an application for a request of a usual client."""
    variables = {f"HTTP_{name.upper()}": value for name, value in headers.items()}
    return {
        "wsgi.errors": sys.stderr,
        "wsgi.version": (1, 0),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "wsgi.input_terminated": True,
        "wsgi.input": io.BytesIO(body),
        "wsgi.url_scheme": "http",
        "SERVER_SOFTWARE": "gunicorn",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8900",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REQUEST_METHOD": method,
        "QUERY_STRING": "",
        "RAW_URI": path,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "REMOTE_ADDR": "127.0.0.1",
        "REMOTE_PORT": "40000",
        "HTTP_HOST": "127.0.0.1:8900",
        "HTTP_USER_AGENT": "a usual client",
        "HTTP_ACCEPT_ENCODING": "gzip, deflate",
        "HTTP_ACCEPT": "application/json",
        "HTTP_CONNECTION": "keep-alive",
        **({"CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(len(body))} if body else {}),
        **variables,
    }


def ask(app: Application, asked: dict[str, Any]) -> Answer:
    """One request, and all that is answered."""
    told: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], error: object = None) -> None:
        told.extend((int(status[:3]), dict(headers)))

    body = b"".join(app(asked, start_response))
    return Answer(told[0], told[1], body)


def asking(app: Application, environs: Iterator[dict[str, Any]], status: int) -> Lane:
    """The lane of requests to an application, each of which must be answered with a status."""
    wanted = str(status)

    def prepare(calls: int) -> Callable[[], object]:
        batch = list(itertools.islice(environs, calls))

        def run() -> None:
            for one in batch:
                b"".join(app(one, check))

        return run

    def check(said: str, headers: list[tuple[str, str]], error: object = None) -> None:
        assert said.startswith(wanted), said

    return Lane(prepare)


class Measured:
    """A cloud with some servers of one tenant, all of them built and nothing pending."""

    def __init__(self, servers: int, version: str = "2.1", **more: object) -> None:
        many = 1_000_000
        flags = {"clock_mode": "frozen", "quotas": f"{{instances: {many}, cores: {many}, ram: {1024 * many}}}", **more}
        with tempfile.TemporaryDirectory() as empty:
            loaded = load_config(start=Path(empty), environ={}, flags=flags)
        self.cloud: Cloud = open_cloud(loaded, texts={})
        self.app: Application = self.cloud.app
        world = self.cloud.mounts.store.world(DEFAULT_WORLD)
        assert world is not None
        self.world: World = world
        token = ask(self.app, environ("POST", "/identity/v3/auth/tokens", orjson.dumps(_LOGIN)))
        assert token.status == 201, token.body
        headers = {name.lower(): value for name, value in token.headers.items()}
        self.headers = {"x_auth_token": headers["x-subject-token"], "openstack_api_version": f"compute {version}"}
        listed = ask(self.app, environ("GET", "/image/v2/images", **self.headers))
        image = orjson.loads(listed.body)["images"][0]["id"]
        server = {"name": "vm", "flavorRef": "1", "imageRef": image, "metadata": {"purpose": "test"}}
        if version != "2.1":
            server["networks"] = "none"
        self.body = orjson.dumps({"server": server})
        self.ids = [self.create() for _ in range(servers)]
        self.settle()

    def create(self) -> str:
        """A new server; gives its id."""
        made = ask(self.app, self.create_environ())
        assert made.status == 202, made.body
        return str(orjson.loads(made.body)["server"]["id"])

    def create_environ(self) -> dict[str, Any]:
        """The request that creates a server."""
        return environ("POST", SERVERS, self.body, **self.headers)

    def get_environ(self, id: str) -> dict[str, Any]:
        """The request that shows one."""
        return environ("GET", f"{SERVERS}/{id}", **self.headers)

    def settle(self) -> int:
        """Let everything be built; gives how many events that took."""
        self.world.clock.advance(BUILT)
        return self.cloud.engine.settle(self.world)

    def gets(self, most: int = 100) -> Lane:
        """Gets of one server after the other."""
        ids = itertools.cycle(self.ids[:most])
        return asking(self.app, (self.get_environ(id) for id in ids), 200)

    def creates(self) -> Lane:
        """Creates of one server after the other."""
        return asking(self.app, (self.create_environ() for _ in itertools.count()), 202)


class _Shown:
    """A bare route that shows what it has; with `headers`, it says those too."""

    def __init__(self, bodies: dict[str, Any], headers: list[tuple[str, str]]) -> None:
        self._bodies = bodies
        self._headers = headers

    def on_get(self, req: falcon.Request, resp: falcon.Response, id: str) -> None:
        """200 with a body that is there already."""
        for name, value in self._headers:
            resp.set_header(name, value)
        resp.data = orjson.dumps(self._bodies[id])


class _Made:
    """A bare route that parses a body and answers with one that is there already."""

    def __init__(self, body: Any, headers: list[tuple[str, str]]) -> None:
        self._body = body
        self._headers = headers

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """202, once the body is parsed."""
        orjson.loads(req.bounded_stream.read())
        resp.status = falcon.HTTP_202
        for name, value in self._headers:
            resp.set_header(name, value)
        resp.data = orjson.dumps(self._body)


def bare(of: Measured, *, headers: bool = False, most: int = 100) -> Application:
    """An application of bare routes that answer what the cloud answers; with `headers`, the same ones too."""
    shown = {id: ask(of.app, of.get_environ(id)) for id in of.ids[:most]}
    made = ask(of.app, of.create_environ())
    first = next(iter(shown.values()))
    app = falcon.App[falcon.Request, falcon.Response]()
    app.add_route(
        f"{SERVERS}/{{id}}",
        _Shown({id: orjson.loads(one.body) for id, one in shown.items()}, _own(first) if headers else []),
    )
    app.add_route(SERVERS, _Made(orjson.loads(made.body), _own(made) if headers else []))
    return app


def _own(answer: Answer) -> list[tuple[str, str]]:
    """The headers of an answer that a bare route doesn't set by itself."""
    return [(name, value) for name, value in answer.headers.items() if name not in ("content-type", "content-length")]
