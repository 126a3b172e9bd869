# SPDX-License-Identifier: Apache-2.0
"""The threads that answer: how many work at once, what waits beside them, and delayed answers over a real socket."""

import http.client
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, wait
from pathlib import Path

import pytest

from mimic_rules.web.threads import Threads
from tests.cloud import RunningCloud, cloud

OURS = ["--worker-class", "mimic_rules.web.worker.JsonWorker", "--threads", "2"]


@pytest.fixture
def two() -> Iterator[Threads]:
    made = Threads(2)
    yield made
    made.shutdown()


def settled(most: int) -> None:
    """Wait until no more than `most` threads of ours are left."""
    end = time.monotonic() + 10
    while alive() > most and time.monotonic() < end:
        time.sleep(0.005)
    assert alive() <= most


def alive() -> int:
    return sum(thread.name == "answers" for thread in threading.enumerate())


# how many work -------------------------------------------------------------------------------------------------------


def test_threads_are_made_when_they_are_needed(two: Threads) -> None:
    before = alive()
    for _ in range(5):
        assert two.submit(threading.current_thread).result(10).name == "answers"
    # the first thread may not have been idle again when the next call came
    assert 1 <= alive() - before <= 2


def test_no_more_work_at_once_than_may(two: Threads) -> None:
    working, most, lock, go = 0, 0, threading.Lock(), threading.Event()

    def work() -> None:
        nonlocal working, most
        with lock:
            working += 1
            most = max(most, working)
        go.wait(0.01)
        with lock:
            working -= 1

    wait([two.submit(work) for _ in range(20)], 20)
    assert most == 2


def test_who_pauses_gives_their_place_up(two: Threads) -> None:
    before = time.monotonic()
    pausing = [two.submit(two.pause, 0.5) for _ in range(20)]
    assert two.submit(lambda: "done").result(10) == "done"
    assert time.monotonic() - before < 0.45
    done, _ = wait(pausing, 10)
    assert len(done) == 20
    assert 0.5 <= time.monotonic() - before < 5
    settled(2)
    # and those that are left still work
    assert two.submit(lambda: 1).result(10) == 1


def test_a_call_that_fails_harms_nobody_else(two: Threads) -> None:
    def fail() -> None:
        raise SystemExit(3)

    futures: list[Future[None]] = [two.submit(fail) for _ in range(5)]
    assert all(isinstance(future.exception(10), SystemExit) for future in futures)
    assert two.submit(lambda: 1).result(10) == 1


def test_a_machine_without_more_threads(monkeypatch: pytest.MonkeyPatch, two: Threads) -> None:
    go = threading.Event()
    busy = two.submit(go.wait, 10)

    def no_more(self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", no_more)
    late = two.submit(lambda: "late")
    go.set()
    assert (busy.result(10), late.result(10)) == (True, "late")


# the end -------------------------------------------------------------------------------------------------------------


def test_after_the_shutdown_calls_are_finished_and_no_more_taken(two: Threads) -> None:
    go = threading.Event()
    busy = [two.submit(go.wait, 10) for _ in range(2)]
    late = two.submit(lambda: "late")
    two.shutdown(wait=False)
    with pytest.raises(RuntimeError, match="after the shutdown"):
        two.submit(go.wait)
    go.set()
    assert [future.result(10) for future in busy] == [True, True]
    assert late.result(10) == "late"
    settled(0)


def test_calls_that_havent_begun_can_be_cancelled(two: Threads) -> None:
    go, begun = threading.Event(), threading.Barrier(3)

    def work() -> bool:
        begun.wait(10)
        return go.wait(10)

    busy = [two.submit(work) for _ in range(2)]
    begun.wait(10)
    late, given_up = two.submit(lambda: "late"), two.submit(lambda: "given up")
    given_up.cancel()
    two.shutdown(cancel_futures=True)
    go.set()
    assert late.cancelled()
    assert [future.result(10) for future in busy] == [True, True]


def test_a_call_that_was_given_up_is_not_made(two: Threads) -> None:
    go, made = threading.Event(), threading.Event()
    busy = [two.submit(go.wait, 10) for _ in range(2)]
    late = two.submit(made.set)
    assert late.cancel()
    go.set()
    wait(busy, 10)
    assert two.submit(lambda: 1).result(10) == 1
    assert not made.is_set()


def test_pauses_end_when_told(two: Threads) -> None:
    pausing = [two.submit(two.pause, 60) for _ in range(5)]
    two.hurry()
    done, _ = wait(pausing, 10)
    assert len(done) == 5


# over a socket -------------------------------------------------------------------------------------------------------


CUPS = """
service cups "Cups" { mount /cups }
for cups
resource cup in world { id sequence  name text }
view cup.full { id  name }
operation create cup POST /cups body { name: text } { create cup { name: body.name }  answer 201 cup as full }
operation list cup GET /cups { list cup as full {} }
for cups.cup
on create when name == 'slow' then delay 1s
"""


def delayed(running: RunningCloud, path: str, told: list[tuple[int, float]], body: object = None) -> threading.Thread:
    """A client in a thread of its own, which tells the status and for how long it waited."""

    def ask() -> None:
        before = time.monotonic()
        answer = running.ask("GET" if body is None else "POST", path, body)
        told.append((answer.status, time.monotonic() - before))

    thread = threading.Thread(target=ask)
    thread.start()
    return thread


@pytest.mark.parametrize("how", ["serve", "gunicorn"])
def test_delayed_answers_hold_up_nobody(tmp_path: Path, how: str) -> None:
    """Two threads, twenty answers that are delayed by a second at once: none waits for another, nor do others.

    Each of the twenty has done its work in the one world already, and so does who asks that world meanwhile.
    """
    started = (
        cloud(tmp_path, rules_text=CUPS, threads=2)
        if how == "serve"
        else cloud(tmp_path, rules_text=CUPS, gunicorn=OURS)
    )
    with started as running:
        # gunicorn listens before it has loaded the application
        assert running.ask("POST", "/cups/cups", {"name": "first"}).status == 201
        told: list[tuple[int, float]] = []
        before = time.monotonic()
        clients = [delayed(running, "/cups/cups", told, {"name": "slow"}) for _ in range(20)]
        others = []
        seen = 1
        while time.monotonic() - before < 0.9:
            asked = time.monotonic()
            seen = len(running.ask("GET", "/cups/cups").json["cups"])
            others.append(time.monotonic() - asked)
        for client in clients:
            client.join(20)
        whole = time.monotonic() - before
        assert [status for status, _ in told] == [201] * 20
        assert all(seconds >= 1 for _, seconds in told)
        # in a row, or two at a time, it would be twenty seconds or ten
        assert whole < 5
        assert len(others) > 3
        assert sorted(others)[len(others) // 2] < 0.2
        assert seen > 3
        # the main one, two that answer, and under `serve` one that waits to be told to read the files again
        assert _threads(running) <= 3 + (how == "serve")


def _threads(running: RunningCloud) -> int:
    """How many threads the worker process has once all is answered, the one that accepts connections included."""
    pid = running.process.pid
    (worker,) = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    time.sleep(0.2)
    return len(list(Path(f"/proc/{worker}/task").iterdir()))


def test_a_delay_keeps_the_connection_in_order(tmp_path_factory: pytest.TempPathFactory) -> None:
    with cloud(tmp_path_factory.mktemp("kept"), gunicorn=OURS, application="tests.web.leaving") as running:
        connection = http.client.HTTPConnection(running.host, timeout=20)
        for path, least in (("/?delay=0.3", 0.3), ("/count", 0.0), ("/?delay=0.3&how=garble", 0.3)):
            before = time.monotonic()
            connection.request("GET", path)
            response = connection.getresponse()
            response.read()
            assert response.status == 200
            assert time.monotonic() - before >= least
        connection.close()
        before = time.monotonic()
        with pytest.raises(http.client.RemoteDisconnected):
            running.ask("GET", "/?delay=0.3&how=drop")
        assert time.monotonic() - before >= 0.3


def test_what_is_held_back_leaves_when_the_process_ends(tmp_path_factory: pytest.TempPathFactory) -> None:
    with cloud(tmp_path_factory.mktemp("ended"), gunicorn=OURS, application="tests.web.leaving") as running:
        told: list[tuple[int, float]] = []
        client = delayed(running, "/?delay=60", told)
        while running.ask("GET", "/count").json < 1:
            time.sleep(0.01)
        before = time.monotonic()
        assert running.stop(signal.SIGTERM) == 0
        assert time.monotonic() - before < 10
        client.join(20)
        assert [status for status, _ in told] == [200]


def test_gunicorns_own_threads_are_held(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What the manual says of it: the delay is there, but it takes a thread."""
    gunicorn = ["--threads", "2"]
    with cloud(tmp_path_factory.mktemp("theirs"), gunicorn=gunicorn, application="tests.web.leaving") as running:
        told: list[tuple[int, float]] = []
        clients = [delayed(running, "/?delay=0.5", told) for _ in range(4)]
        for client in clients:
            client.join(20)
        assert [status for status, _ in told] == [200] * 4
        assert max(seconds for _, seconds in told) >= 1
