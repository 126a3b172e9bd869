# SPDX-License-Identifier: Apache-2.0
"""`mimic-rules serve`: start the cloud, and say where it is.

Arguments come in and become flags of the configuration; the cloud is opened in this process, so that every problem is
shown before anything is started, and one gunicorn worker with several threads then answers until it is told to stop.
"""

from __future__ import annotations

import gc
import ipaddress
import logging
import os
import signal
import socket
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from typing import Any, Final

from gunicorn.app.base import BaseApplication

from mimic_rules.config import Config, LoadResult, LogFormat, LogLevel
from mimic_rules.diagnostics import DiagnosticError, render_text
from mimic_rules.state.draws import secret
from mimic_rules.tools.reading import load_for_start
from mimic_rules.web import logs
from mimic_rules.web.cloud import TOKEN_VARIABLE, Cloud, open_cloud
from mimic_rules.web.control.endpoint import Application

QUEUED: Final = 2048
"""How many connections may wait to be accepted."""
KEPT_ALIVE: Final = 75
"""Seconds that an idle connection stays open: longer than a client that waits for something pauses between looks."""
LONGEST_LINE: Final = 8190
"""Bytes of a request's first line: the most that gunicorn takes."""

FLAGS: Final = (
    ("host", "ADDRESS", "the address to bind; default: 127.0.0.1"),
    ("port", "PORT", "the port; 0 takes a free one; default: 8900"),
    ("threads", "N", "how many requests are answered at once; default: 8"),
    ("services", "A,B", "only these of the shipped services, and those that they need"),
    ("regions", "A,B", "the regions; default: RegionOne"),
    ("seed", "SEED", "what all that looks random is drawn from; default: 0"),
    ("clock-start", "TIME", "world time at the start, such as 2030-01-01T00:00:00Z; default: now"),
    ("clock-mode", "MODE", "running or frozen; default: running"),
    ("clock-rate", "RATE", "world seconds per real second; default: 1"),
    ("log", "LEVEL", "debug, info, warning or error; default: info"),
    ("log-format", "FORMAT", "text, or json: one object a line, and a line for each request; default: text"),
)


def add_arguments(parser: ArgumentParser) -> None:
    """Paths of rules, and the keys of the configuration that one start may want otherwise than another."""
    parser.description = (
        "Start the cloud and print its URL alone on a line, once it takes connections. One process with several\n"
        "threads answers, for the state is in its memory. Without a configuration the shipped services answer, with\n"
        "their defaults. A PATH adds rules, which are consulted before those of the configuration."
    )
    parser.epilog = (
        "Exit codes: 0 stopped by a signal, 1 the rules or the configuration are broken, 2 could not run.\n"
        "At SIGHUP, rules and configuration are read again; the clouds and all that is in them stay.\n"
        "Bound to another address than a loopback one, the control API asks for the token in MIMIC_ADMIN_TOKEN."
    )
    parser.add_argument("paths", metavar="PATH", nargs="*", help="a rules file, or a folder of them")
    parser.add_argument("--config", metavar="FILE", help="default: MIMIC_CONFIG, or mimic.yaml here or above")
    for name, value, help in FLAGS:
        parser.add_argument(f"--{name}", metavar=value, help=help)
    parser.add_argument("--reload", action="store_true", help="read rules and configuration again when they change")
    parser.add_argument(
        "--set", metavar="KEY=VALUE", action="append", default=[], help="any other key of the configuration; repeatable"
    )


def run(options: Namespace, *, fresh_token: Callable[[], str] = secret) -> int:
    """1 or 2 if nothing could be started; else it ends with SystemExit once the cloud has stopped.

    `fresh_token` draws a token for the control API where one is needed and none is set.
    """
    wrong = [pair for pair in options.set if "=" not in pair]
    if wrong:
        return _refuse(f"`--set` takes KEY=VALUE, not `{wrong[0]}`")
    texts: dict[str, str] = {}
    loaded = _load(options)
    token = os.environ.get(TOKEN_VARIABLE) or None
    drawn = token is None and not _is_loopback(loaded.draft.host)
    if drawn:
        token = fresh_token()
    try:
        cloud = open_cloud(loaded, texts=texts, admin_token=token, load=lambda: _load(options))
    except DiagnosticError as refused:
        print(render_text(refused.diagnostics, texts), end="", file=sys.stderr)
        return 1
    print(render_text(cloud.warnings, texts), end="", file=sys.stderr)
    # PERF: the tables live as long as the process; the collector need not go through them with every whole look.
    gc.freeze()
    config = cloud.config
    try:
        bound = bind(config.host, config.port)
    except OSError as problem:
        return _refuse(f"can't bind {config.host}, port {config.port}: {(problem.strerror or str(problem)).lower()}")
    if drawn:
        print(f"the control API's token for other machines: {token}", file=sys.stderr)
    _serve(cloud, bound, watch=options.reload)
    return 0


def _load(options: Namespace) -> LoadResult:
    """The configuration, with the rules of the paths before its own."""
    names = [name.replace("-", "_") for name, _, _ in FLAGS]
    flags: dict[str, object] = {name: getattr(options, name) for name in ("config", *names)}
    flags.update(pair.split("=", 1) for pair in options.set)
    return load_for_start(options.paths, flags)


def _refuse(reason: str) -> int:
    print(f"mimic-rules serve: {reason}", file=sys.stderr)
    return 2


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def bind(host: str, port: int) -> socket.socket:
    """A socket that takes connections; raises OSError. Bound here, so that a port in use is told at once."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    bound = socket.socket(family, kind, protocol)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        bound.listen(QUEUED)
    except OSError:
        bound.close()
        raise
    return bound


def url_of(bound: socket.socket) -> str:
    """Where clients on this machine find what answers at a socket."""
    host, port = bound.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _serve(cloud: Cloud, bound: socket.socket, *, watch: bool) -> None:
    url = url_of(bound)
    logs.start(cloud.config, logging.getLogger())

    def ready(master: Any) -> None:
        # A second worker would be a second cloud; and a job of a shell gets this signal for reading from its terminal.
        signal.signal(signal.SIGTTIN, signal.SIG_IGN)
        # gunicorn would start another worker at this signal, and all that the first one holds would be gone.
        master.handle_hup = lambda: master.kill_workers(signal.SIGHUP)
        print(url, flush=True)

    def started(worker: object) -> None:
        # In the process that answers: a thread does not outlive a fork.
        cloud.reload.start(watch=watch)
        signal.signal(signal.SIGHUP, lambda number, frame: cloud.reload.ask())

    _Process(cloud.app, _settings(cloud.config, bound.detach(), ready, started)).run()


def _settings(
    config: Config, descriptor: int, ready: Callable[[Any], None], started: Callable[[object], None]
) -> dict[str, Any]:
    """What gunicorn is told. One worker process: the state is in its memory."""
    settings: dict[str, Any] = {
        "bind": f"fd://{descriptor}",
        "workers": 1,
        "worker_class": "mimic_rules.web.worker.JsonWorker",
        "threads": config.threads,
        "preload_app": True,
        "keepalive": KEPT_ALIVE,
        "graceful_timeout": 5,
        "limit_request_line": LONGEST_LINE,
        # No process stands in front, so nobody's word about scheme or address is taken.
        "forwarded_allow_ips": "",
        "control_socket_disable": True,
        "loglevel": "info" if config.log is LogLevel.DEBUG else "warning",
        "when_ready": ready,
        "post_worker_init": started,
    }
    if config.log_format is LogFormat.JSON:
        settings["logger_class"] = logs.JsonLog
    return settings


class _Process(BaseApplication):
    """The application as gunicorn wants it: already loaded, with settings that are no files' and no command line's."""

    def __init__(self, app: Application, settings: dict[str, Any]) -> None:
        self._app = app
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        """Called by gunicorn; a setting that its version doesn't have yet is left out."""
        for name, value in self._settings.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        """Called by gunicorn."""
        return self._app
