# SPDX-License-Identifier: Apache-2.0
"""Starting a cloud: in this process or as a child, the same is on the wire; it ends with its block; what is wrong with
rules or configuration is told.
"""

import errno
import gc
import http.client
import logging
import os
import random
import signal
import socket
import threading
import time
from pathlib import Path
from urllib.error import URLError

import pytest

from mimic_rules.testing import ControlError, StartError, connect, start
from mimic_rules.testing import child as children
from mimic_rules.testing.folder import furnish
from mimic_rules.testing.inside import WorkerCalls
from mimic_rules.testing.keeper import own
from tests.testing.desk import DESK, LATE, ask, open_ticket

BROKEN = """\
for desk
on open ticket when body.title == 'drop' then drop connection
on open ticket when body.title == 'reset' then reset connection
on open ticket when body.title == 'half' then truncate body at 50%
on open ticket when body.title == 'slow' then delay 300ms
"""

both = pytest.mark.parametrize("child", [False, True], ids=["in this process", "child"])


def test_a_cloud_has_what_it_was_started_with(tmp_path: Path) -> None:
    file = tmp_path / "desk.rules"
    file.write_text(DESK)
    with start([file, LATE], services=["image"], regions=["North"], limits={"journal": 7}) as cloud:
        assert cloud.url.startswith("http://127.0.0.1:")
        assert cloud.health()["rules"]["team"] == 1
        assert "compute" not in cloud.health()["services"]
        assert open_ticket(cloud.default, "late").status == 503
        assert connect(cloud.url + "/").url == cloud.url


@both
def test_a_cloud_ends_with_its_block(child: bool) -> None:
    with start([DESK], child=child) as cloud:
        assert open_ticket(cloud.default).status == 201
    with pytest.raises(URLError):
        ask(cloud.url, "GET", "/desk/tickets/1")
    with pytest.raises(ControlError, match="no cloud answers at") as gone:
        connect(cloud.url)
    assert gone.value.status == 0


@both
def test_a_broken_text_is_told_as_lint_tells_it(child: bool) -> None:
    with pytest.raises(StartError) as wrong, start([DESK, LATE.replace("title", "titel")], child=child):
        pass
    told = str(wrong.value)
    assert "rules2.rules:4:13: error MR201:" in told
    assert "  4 |   when body.titel == 'late'" in told
    assert "did you mean `title`?" in told


@both
def test_a_wrong_key_is_told_with_its_place(child: bool) -> None:
    with pytest.raises(StartError, match=r"mimic\.yaml:\d+:\d+: error MR610: .*`treads`"), start(child=child, treads=2):
        pass


def test_a_file_is_named_by_a_path() -> None:
    with pytest.raises(StartError, match=r"for the file say Path\('team\.rules'\)"), start(["team.rules"]):
        pass


@both
def test_answers_get_lost_on_a_real_socket(child: bool) -> None:
    with start([DESK, BROKEN], child=child) as cloud:
        host = cloud.url.removeprefix("http://")

        def ending(title: str) -> BaseException:
            connection = http.client.HTTPConnection(host, timeout=20)
            try:
                connection.request(
                    "POST", "/desk/tickets", f'{{"title": "{title}"}}', {"Content-Type": "application/json"}
                )
                connection.getresponse().read()
            except (http.client.HTTPException, OSError) as ended:
                return ended
            finally:
                connection.close()
            raise AssertionError("the answer came whole")

        assert isinstance(ending("drop"), http.client.RemoteDisconnected)
        reset = ending("reset")
        assert isinstance(reset, ConnectionResetError)
        assert reset.errno == errno.ECONNRESET
        half = ending("half")
        assert isinstance(half, http.client.IncompleteRead)
        assert 0 < len(half.partial) < half.expected + len(half.partial)


def test_answers_that_wait_hold_up_nobody_here() -> None:
    with start([DESK, BROKEN], threads=2) as cloud:
        slow = [threading.Thread(target=open_ticket, args=(cloud.default, "slow")) for _ in range(8)]
        for thread in slow:
            thread.start()
        for _ in range(5):
            assert open_ticket(cloud.default).status == 201
        assert any(thread.is_alive() for thread in slow)
        for thread in slow:
            thread.join()


def test_no_connection_keeps_a_block_from_ending() -> None:
    with start([DESK]) as cloud:
        host, _, port = cloud.url.removeprefix("http://").partition(":")
        silent = socket.create_connection((host, int(port)), timeout=20)
        used = http.client.HTTPConnection(host, int(port), timeout=20)
        used.request("GET", "/desk/tickets/1")
        used.getresponse().read()
        begun = time.monotonic()
    assert time.monotonic() - begun < 2
    assert silent.recv(1) == b""
    assert used.sock.recv(1) == b""
    silent.close()
    used.close()
    # A connection that is left open would be told of when it is collected.
    for thread in threading.enumerate():
        if thread.name == "answers":
            thread.join(5)
    gc.collect()


def test_a_thread_that_ends_late_writes_to_no_file_of_others() -> None:
    """gunicorn's threads wake the worker by a pipe. Once that is closed, its descriptor is soon another file's."""
    calls = WorkerCalls()
    calls.init()
    calls.close()
    pipes = [os.pipe() for _ in range(5)]
    calls.defer(print, "late")
    for reading, writing in pipes:
        os.set_blocking(reading, False)
        with pytest.raises(BlockingIOError):
            os.read(reading, 1)
        os.close(reading)
        os.close(writing)


def test_the_process_stays_as_it_was() -> None:
    """A worker of gunicorn that has a process for itself sets signals and the seed of randomness, and logs."""
    before = {one: signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD)}
    handlers = [*logging.getLogger().handlers], [*logging.getLogger("gunicorn.error").handlers]
    random.seed(7)
    expected = random.Random(7).random()
    threads = {*threading.enumerate()}
    with start([DESK]) as cloud:
        open_ticket(cloud.default)
    assert random.random() == expected
    assert {one: signal.getsignal(one) for one in before} == before
    assert ([*logging.getLogger().handlers], [*logging.getLogger("gunicorn.error").handlers]) == handlers
    for thread in {*threading.enumerate()} - threads:
        thread.join(5)
    assert {*threading.enumerate()} <= threads


def test_neither_is_told_anything_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIMIC_SEED", "none of your business")
    monkeypatch.setenv("MIMIC_PORT", "x")
    for child in (False, True):
        with start([DESK], child=child) as cloud:
            assert cloud.health()["status"] == "ok"


@both
def test_a_cloud_for_other_machines_asks_for_the_token(child: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIMIC_ADMIN_TOKEN", "sesame")
    with start([DESK], child=child, host="0.0.0.0") as cloud:
        with cloud.world() as world:
            assert open_ticket(world).status == 201
            assert "sesame" not in repr(world.journal)
        assert connect(cloud.url).health()["status"] == "ok"
        with pytest.raises(ControlError) as refused:
            connect(cloud.url, token="please")
        assert refused.value.status == 401


def test_a_child_that_hangs_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with own(tmp_path):
        process = children.launch(tmp_path, furnish(tmp_path, [DESK], {}))
        monkeypatch.setattr(children, "LONGEST_STOP", 0.5)
        os.killpg(process.pid, signal.SIGSTOP)
        process.stop()
    with pytest.raises(ControlError):
        connect(process.url)
    # It is gone, so this does nothing.
    process.stop()
