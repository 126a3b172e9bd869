# SPDX-License-Identifier: Apache-2.0
"""What the log looks like: lines for people, or one JSON object a line; and a line for each request.

On the way of a request: beside it. A request is logged once it is answered, before the answer leaves; where requests
aren't logged, nothing of this is called.
"""

from __future__ import annotations

import logging
import sys
from typing import Any, Final

import falcon
from gunicorn.glogging import Logger

from mimic_rules.config import Config, LogFormat, LogLevel
from mimic_rules.engine.exchange import Response
from mimic_rules.state.clock import elapsed
from mimic_rules.web.answer import MOST_PLACES, encode
from mimic_rules.web.request import DEFAULT_WORLD, WORLD_PREFIX, split_path
from mimic_rules.web.times import iso
from mimic_rules.web.wire import ANSWERED

UNSHOWN: Final = "***"
"""Stands for a path of which it isn't known what in it is secret."""

_STARTED: Final = "mimic_rules.started"
_LONGEST_NAME: Final = 60

requests = logging.getLogger("mimic_rules.requests")


class JsonLines(logging.Formatter):
    """One JSON object for each record: `time` (UTC), `level`, `logger`, `message`, what its `fields` are, and the
    traceback of an `exception`.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line, without an end."""
        line = {
            "time": iso(record.created),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return encode(line).decode()


class JsonLog(Logger):
    """gunicorn's own log, for its setting `logger_class`, as JSON."""

    def setup(self, cfg: Any) -> None:
        """Called by gunicorn when it starts and when it has read its settings again."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(JsonLines())


class EachRequest:
    """Logs each request at `level`, without its query, its headers and its body."""

    def __init__(self, level: int) -> None:
        self._level = level

    def process_request(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Called before routing."""
        req.env[_STARTED] = elapsed()

    def process_response(self, req: falcon.Request, resp: falcon.Response, resource: object, succeeded: bool) -> None:
        """Called when the answer is there."""
        response = req.env.get(ANSWERED)
        if response is None:
            response = Response(resp.status_code)
        # The control API's own paths have no secrets in them, and the engine says what has. Of others nothing is known.
        path = response.path if response.operation else req.path if resource else UNSHOWN
        fields = {
            "method": req.method,
            "path": path,
            "status": resp.status_code,
            "service": response.service,
            "operation": response.operation,
            "world": _world(req.path),
            "request": response.request_id,
            "rules": response.rules[:MOST_PLACES],
            "seconds": round(elapsed() - req.env[_STARTED], 6),
            "delay": response.delay,
            "wire": response.wire.how if response.wire else None,
        }
        shown = req.method, ascii(path)[1:-1], resp.status_code
        requests.log(self._level, "%s %s %d", *shown, extra={"fields": fields})


def level_of_requests(config: Config) -> int | None:
    """At which level requests are logged; None where a line of that level would not be shown."""
    if config.log_format is LogFormat.JSON:
        return logging.INFO if config.log in (LogLevel.DEBUG, LogLevel.INFO) else None
    return logging.DEBUG if config.log is LogLevel.DEBUG else None


def start(config: Config, logger: logging.Logger) -> None:
    """Let a logger, and those below it, write to stderr as the configuration says, unless somebody has seen to it."""
    if logger.hasHandlers():
        return
    handler = logging.StreamHandler(sys.stderr)
    text = logging.Formatter("%(levelname)s %(name)s: %(message)s")
    handler.setFormatter(JsonLines() if config.log_format is LogFormat.JSON else text)
    logger.addHandler(handler)
    logger.setLevel(str(config.log).upper())


def _world(path: str) -> str:
    return split_path(path)[0][:_LONGEST_NAME] if path.startswith(WORLD_PREFIX) else DEFAULT_WORLD
