# SPDX-License-Identifier: Apache-2.0
"""From a WSGI environment to the engine's `Request`, with as little work as possible.

On the way of a request: the first stage. Headers are looked up where they are and the body isn't touched; what nobody
asks for costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache, partial
from operator import itemgetter
from ssl import SSLSocket
from typing import Any, Final

import falcon

from mimic_rules.config import Limits
from mimic_rules.engine.exchange import BadBody, Request
from mimic_rules.web.body import read_json
from mimic_rules.web.entry import UNREADABLE

WORLD_PREFIX: Final = "/w/"
"""What stands before the id of a world in a path; without it a request is for the default world."""
DEFAULT_WORLD: Final = "default"

_BARE: Final = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}
_NO_QUERY: Final[Mapping[str, list[str]]] = {}


@lru_cache(maxsize=1024)
def _variable(name: str) -> str:
    return _BARE[name] if name in _BARE else "HTTP_" + name.upper().replace("-", "_")


class Headers(Mapping[str, str]):
    """The headers of a WSGI environment (PEP 3333) by lower-case name; values are as they came, in Latin-1.

    PERF: a view and not a dictionary: a request has a dozen headers, of which an operation reads two.
    """

    __slots__ = ("_environ",)

    def __init__(self, environ: Mapping[str, Any]) -> None:
        self._environ = environ

    def __getitem__(self, name: str) -> str:
        value: str = self._environ[_variable(name)]
        return value

    def get(self, name: str, default: Any = None) -> Any:
        """The value of a header, or `default`."""
        return self._environ.get(_variable(name), default)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and _variable(name) in self._environ

    def __iter__(self) -> Iterator[str]:
        for name, variable in _BARE.items():
            if variable in self._environ:
                yield name
        for variable in self._environ:
            if variable.startswith("HTTP_"):
                yield variable[5:].lower().replace("_", "-")

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def copied(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The names and the values, apart from the environment, which holds on to the connection.

        PERF: clients send the same headers again and again: which variables are headers is looked up by all of them.
        """
        environ = self._environ
        variables = tuple(environ)
        try:
            known = _known(variables)
        except _Unusual:
            known = _HeaderNames(variables)
        return known.names, known.values(environ)


class _Unusual(Exception):
    """So many or so long names that it isn't worth while to remember them."""


class _HeaderNames:
    """Which of the variables of an environment are headers, and what gives their values in the order of the names."""

    __slots__ = ("names", "values")

    def __init__(self, variables: tuple[str, ...]) -> None:
        bare = {variable: name for name, variable in _BARE.items()}
        found = {
            variable: bare.get(variable) or variable[5:].lower().replace("_", "-")
            for variable in variables
            if variable in bare or variable.startswith("HTTP_")
        }
        self.names = tuple(found.values())
        # Of a single name, or none, `itemgetter` makes no tuple.
        self.values: Callable[[Mapping[str, Any]], tuple[str, ...]] = (
            itemgetter(*found) if len(found) > 1 else lambda environ: tuple(environ[one] for one in found)
        )


@lru_cache(maxsize=256)
def _known(variables: tuple[str, ...]) -> _HeaderNames:
    # What is raised is not remembered.
    if len("".join(variables)) > 4096:
        raise _Unusual
    return _HeaderNames(variables)


def split_path(path: str) -> tuple[str, str, str]:
    """Of a path that begins with WORLD_PREFIX: the id of the world, the prefix of that world, the path inside of it."""
    world_id, slash, rest = path[len(WORLD_PREFIX) :].partition("/")
    return world_id, WORLD_PREFIX + world_id, slash + rest or "/"


def request_of(asked: falcon.Request, prefix: str, path: str, limits: Limits) -> Request:
    """The engine's request; `path` is the one inside of the world that `prefix` leads to."""
    environ = asked.env
    params = asked.params
    return Request(
        asked.method,
        path,
        # PERF: without a query there is nothing to copy.
        _query(params) if params else _NO_QUERY,
        Headers(environ),
        base_of(asked) + prefix,
        partial(read_json, environ, limits.body, limits.depth),
    )


def read_ahead(request: Request) -> Any:
    """Read the body now, so that the engine finds it read; gives it, or UNREADABLE."""
    try:
        body = request.read_json()
    except BadBody as bad:
        request.read_json = partial(_refuse, bad.situation)
        return UNREADABLE
    request.read_json = lambda: body
    return body


def base_of(asked: falcon.Request) -> str:
    """Scheme and host as the client sees them: what URLs begin with, before the prefix of a world."""
    environ = asked.env
    return f"{_scheme(environ)}://{environ.get('HTTP_HOST') or _bound(asked)}"


def _refuse(situation: str) -> Any:
    raise BadBody(situation)


def _query(params: Mapping[str, str | list[str]]) -> dict[str, list[str]]:
    return {name: value if isinstance(value, list) else [value] for name, value in params.items()}


def _scheme(environ: Mapping[str, Any]) -> Any:
    """`http` or `https`, as the connection itself is: an X-Forwarded-Proto, which gunicorn heeds, is ignored."""
    connection = environ.get("gunicorn.socket")
    if connection is None:
        return environ["wsgi.url_scheme"]
    return "https" if isinstance(connection, SSLSocket) else "http"


def _bound(asked: falcon.Request) -> str:
    """Where the process is bound to, for a client that names no host, as those of HTTP 1.0 may."""
    return falcon.Request({name: value for name, value in asked.env.items() if name != "HTTP_HOST"}).netloc
