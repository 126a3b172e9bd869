# SPDX-License-Identifier: Apache-2.0
"""What the tests with real clients share: the rule that the product's first page shows, and clouds to run it in."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.cloud import RunningCloud, cloud

BUILD_FOREVER = """\
for compute.server
when metadata.failure == 'build_forever' then status stays BUILD
"""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCloud]:
    """A cloud with the team's file, for the tests of one module; each works in a project of its own."""
    with cloud(tmp_path_factory.mktemp("cloud"), rules_text=BUILD_FOREVER) as started:
        yield started
        # sooner than SIGTERM, which waits for connections that a client keeps open
        started.stop(signal.SIGINT)


@pytest.fixture
def still(running: RunningCloud) -> Iterator[RunningCloud]:
    """The same, with its time standing still until the test lets it run: so that what passes quickly can be seen."""
    assert running.ask("POST", "/_mimic/clock", {"freeze": True}).status == 200
    yield running
    let_run(running)


def let_run(running: RunningCloud, rate: float = 1) -> None:
    """Let the world's time go on, `rate` seconds for each real one."""
    assert running.ask("POST", "/_mimic/clock", {"run": True, "rate": rate}).status == 200


Shell = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def openstack(running: RunningCloud, tmp_path: Path) -> Shell:
    """`openstack("server", "list")` runs the command in `tmp_path`; `commands` are read from stdin, `more` are options
    such as `compute_api_version` that come as variables of its environment.
    """
    environ = {
        **os.environ,
        "HOME": str(tmp_path),
        "OS_AUTH_URL": f"{running.url}/identity/v3",
        "OS_USERNAME": "demo",
        "OS_PASSWORD": "password",
        "OS_PROJECT_NAME": "demo",
        "OS_USER_DOMAIN_ID": "default",
        "OS_PROJECT_DOMAIN_ID": "default",
        "OS_IDENTITY_API_VERSION": "3",
    }
    command = str(Path(sys.executable).parent / "openstack")

    def run(*arguments: str, commands: Sequence[str] = (), **more: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [command, *arguments],
            input="\n".join(commands),
            env=environ | {f"OS_{name.upper()}": value for name, value in more.items()},
            cwd=tmp_path,
            text=True,
            capture_output=True,
            timeout=60,
            check=False,
        )

    return run


def documents(done: "subprocess.CompletedProcess[str]") -> Iterator[Any]:
    """What a run without complaints printed, one after the other: JSON values, and lines that are none."""
    assert done.stderr == "", done.stdout
    text = done.stdout.strip()
    while text:
        if text[0] in "{[":
            value, end = json.JSONDecoder().raw_decode(text)
        else:
            value = text.partition("\n")[0]
            end = len(value)
        yield value
        text = text[end:].strip()


def becomes(asked: Callable[[], Any], wanted: Any) -> None:
    """Ask again as clients do until the answer is the wanted one."""
    for _ in range(200):
        if asked() == wanted:
            return
        time.sleep(0.02)
    assert asked() == wanted
