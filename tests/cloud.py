# SPDX-License-Identifier: Apache-2.0
"""A cloud in a process of its own, to be asked over a real socket: started, found, stopped, and held to a clean end.

fixtures_cloud.py gives tests a factory of these; whoever needs another interpreter or gunicorn's command line says so
to `start_cloud`.
"""

import http.client
import json
import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent

LONGEST_START = 30.0
LONGEST_STOP = 15.0
"""Seconds of patience, not of work: several test processes share the machine."""

_AT = re.compile(r"Listening at: (https?://\S+)")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; header names are in lower case, and those of one name are joined."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class RunningCloud:
    """A child process that answers at `url`; `errors` is the file that its stderr goes to."""

    def __init__(self, process: "subprocess.Popen[str]", url: str, errors: Path) -> None:
        self.process = process
        self.url = url
        self.errors = errors

    @property
    def host(self) -> str:
        """`127.0.0.1:PORT`."""
        return urlsplit(self.url).netloc

    def ask(self, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None) -> Answer:
        """One request on a connection of its own; a `body` that isn't bytes is sent as JSON."""
        connection = http.client.HTTPConnection(self.host, timeout=20)
        sent = dict(headers or {})
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            sent.setdefault("Content-Type", "application/json")
        try:
            connection.request(method, path, body, sent)
            response = connection.getresponse()
            told: dict[str, str] = {}
            for name, value in response.getheaders():
                told[name.lower()] = f"{told[name.lower()]}, {value}" if name.lower() in told else value
            return Answer(response.status, told, response.read())
        finally:
            connection.close()

    def advance(self, seconds: float | str) -> Answer:
        """Move the default world's time forward."""
        answer = self.ask("POST", "/_mimic/clock", {"advance": seconds})
        assert answer.status == 200, answer.body
        return answer

    def said(self) -> str:
        """All that went to stderr so far."""
        return self.errors.read_text(encoding="utf-8", errors="replace")

    def stop(self, by: signal.Signals = signal.SIGTERM) -> int:
        """Ask the process to end, and wait; gives its exit code. One that doesn't end is killed, and that fails."""
        if self.process.poll() is None:
            self.process.send_signal(by)
        try:
            return self.process.wait(LONGEST_STOP)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"the cloud did not stop at {by.name}:\n{self.said()}") from None


def start_cloud(
    folder: Path,
    *,
    rules_text: str | None = None,
    config: str | Mapping[str, object] | None = None,
    python: Path | None = None,
    gunicorn: Sequence[str] | None = None,
    application: str = "mimic_rules.wsgi",
    environ: Mapping[str, str] | None = None,
    **flags: object,
) -> RunningCloud:
    """Start a cloud in `folder` and wait until it listens.

    `rules_text` becomes team.rules, `config` mimic.yaml (text, or a mapping). `python` is the interpreter of an
    installed wheel instead of this one with the tree. With `gunicorn`, its own command line is used with these
    arguments and the module `application`, else `mimic-rules serve` with `flags`. Raises AssertionError with the
    program's words if it ends first.
    """
    process, errors = launch(
        folder,
        rules_text=rules_text,
        config=config,
        python=python,
        gunicorn=gunicorn,
        application=application,
        environ=environ,
        **flags,
    )
    url = _where(process, errors, of_gunicorn=gunicorn is not None)
    if url is None:
        process.kill()
        process.communicate()
        raise AssertionError(f"the cloud did not start:\n{errors.read_text(encoding='utf-8', errors='replace')}")
    return RunningCloud(process, url, errors)


def launch(
    folder: Path,
    *,
    rules_text: str | None = None,
    config: str | Mapping[str, object] | None = None,
    python: Path | None = None,
    gunicorn: Sequence[str] | None = None,
    application: str = "mimic_rules.wsgi",
    environ: Mapping[str, str] | None = None,
    **flags: object,
) -> "tuple[subprocess.Popen[str], Path]":
    """Start the process that `start_cloud` waits for, and don't wait; gives it and the file of its stderr."""
    folder.mkdir(parents=True, exist_ok=True)
    variables = {name: value for name, value in os.environ.items() if not name.startswith(("MIMIC_", "OS_"))}
    if python is None:
        variables["PYTHONPATH"] = str(ROOT)
    paths = []
    if rules_text is not None:
        (folder / "team.rules").write_text(rules_text, encoding="utf-8")
        paths = ["team.rules"]
    if config is not None:
        # JSON is YAML.
        text = config if isinstance(config, str) else json.dumps(config)
        (folder / "mimic.yaml").write_text(text, encoding="utf-8")
    interpreter = sys.executable if python is None else str(python)
    if gunicorn is None:
        command = [interpreter, "-m", "mimic_rules.tools.main", "serve", *_arguments({"port": 0, **flags}), *paths]
    else:
        if paths:
            variables["MIMIC_RULES"] = paths[0]
        command = [interpreter, "-m", "gunicorn", "--bind", "127.0.0.1:0", *gunicorn, application]
    errors = folder / "stderr.txt"
    with errors.open("w") as stderr:
        process = subprocess.Popen(
            command, cwd=folder, env={**variables, **(environ or {})}, stdout=subprocess.PIPE, stderr=stderr, text=True
        )
    return process, errors


@contextmanager
def cloud(folder: Path, **how: Any) -> Iterator[RunningCloud]:
    """A cloud for the length of a block; see `start_cloud` and `finish`."""
    running = start_cloud(folder, **how)
    try:
        yield running
    finally:
        finish(running)


def finish(running: RunningCloud) -> None:
    """Stop a cloud, and fail if it ended otherwise than by being told to, or left a traceback."""
    code = running.stop()
    assert running.process.stdout is not None
    running.process.stdout.close()
    said = running.said()
    assert "Traceback" not in said, said
    assert code == 0, f"exit code {code}\n{said}"


def _arguments(flags: Mapping[str, object]) -> list[str]:
    found = []
    for name, value in flags.items():
        for one in value if isinstance(value, list | tuple) else [value]:
            found += [f"--{name.replace('_', '-')}", *([] if one is None else [str(one)])]
    return found


def _where(process: "subprocess.Popen[str]", errors: Path, *, of_gunicorn: bool) -> str | None:
    """The URL that the process says it listens at, or nothing if it ends first or takes too long."""
    assert process.stdout is not None
    end = time.monotonic() + LONGEST_START
    while time.monotonic() < end:
        # Looked at first, so that what it says with its last breath is still read.
        ended = process.poll() is not None
        if of_gunicorn:
            found = _AT.search(errors.read_text(encoding="utf-8", errors="replace"))
            if found:
                return found[1]
            time.sleep(0.02)
        elif select.select([process.stdout], [], [], 0.2)[0]:
            return process.stdout.readline().strip() or None
        if ended:
            return None
    return None
