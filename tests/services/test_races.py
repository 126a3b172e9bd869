# SPDX-License-Identifier: Apache-2.0
"""Many clients at once, over real sockets: what is counted is counted once, and no limit lets one too many through.

The process under test switches between its threads as often as Python can, so that what isn't atomic shows itself.
"""

import http.client
import json
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cloud import RunningCloud, cloud
from tests.services.callers import LOGIN, Caller, login, password, project, wanted

RULES = """\
for compute.server
on create when metadata.race == 'thrice' only 3 times then respond 503 "Not yet."
on create when metadata.race == 'each' only 2 times per tenant then respond 503 "Not yet."
on stop only 3 times per server then respond 503 "Not now."
"""

# gunicorn runs this in the worker, once it is up.
SWITCHING = """\
import pathlib
import sys


def post_worker_init(worker):
    sys.setswitchinterval(1e-6)
    pathlib.Path("interval.txt").write_text(str(sys.getswitchinterval()))
"""


@pytest.fixture(scope="module")
def hasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCloud]:
    """A cloud whose process changes threads a million times a second; time stands still in it."""
    folder = tmp_path_factory.mktemp("hasty")
    (folder / "switching.py").write_text(SWITCHING)
    with cloud(
        folder,
        rules_text=RULES,
        config={"clock": {"mode": "frozen"}},
        gunicorn=["--config", "switching.py", "--worker-class", "gthread", "--threads", "16"],
    ) as started:
        # answered by the worker, so it is up
        assert started.ask("GET", "/_mimic/health").status == 200
        assert float((folder / "interval.txt").read_text()) < 2e-6
        yield started
        started.stop(signal.SIGINT)


def at_once(clients: int, work: Callable[[int], object]) -> None:
    """Run `work(number)` in so many threads, which start together; fails if one of them does."""
    together = threading.Barrier(clients)
    problems: list[BaseException] = []

    def run(number: int) -> None:
        try:
            together.wait()
            work(number)
        except BaseException as problem:
            problems.append(problem)
            raise

    threads = [threading.Thread(target=run, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []


def hammer(caller: Caller, clients: int, times: int, method: str, path: str, body: object) -> Counter[int]:
    """How often each status came, when so many clients ask so many times each on a connection of their own."""
    statuses: Counter[int] = Counter()
    lock = threading.Lock()
    text = json.dumps(body)
    headers = {"X-Auth-Token": caller.token, "Content-Type": "application/json"}

    def client(number: int) -> None:
        connection = http.client.HTTPConnection(caller.cloud.host, timeout=60)
        came = []
        for _ in range(times):
            connection.request(method, caller.mount + path, text, headers)
            response = connection.getresponse()
            response.read()
            came.append(response.status)
        connection.close()
        with lock:
            statuses.update(came)

    at_once(clients, client)
    return statuses


def unlimited(running: RunningCloud, name: str) -> Caller:
    """A caller in a project that may have as many servers as it likes."""
    caller = login(running, name)
    sets = {"quota_set": {"instances": -1, "cores": -1, "ram": -1}}
    assert caller.ask("PUT", f"/os-quota-sets/{caller.project}", sets).status == 200
    return caller


def test_three_times_is_three_times(hasty: RunningCloud) -> None:
    caller = unlimited(hasty, "thrice")
    statuses = hammer(caller, 50, 3, "POST", "/servers", wanted(metadata={"race": "thrice"}))
    assert statuses == {503: 3, 202: 147}
    assert len(caller.ids()) == 147


def test_twice_for_each_tenant_is_twice_for_each(hasty: RunningCloud) -> None:
    callers = [unlimited(hasty, f"each-{number}") for number in range(5)]
    came: list[tuple[int, int]] = []

    def client(number: int) -> None:
        tenant = number % len(callers)
        answer = callers[tenant].ask("POST", "/servers", wanted(metadata={"race": "each"}))
        came.append((tenant, answer.status))

    at_once(30, client)
    assert Counter(came) == {(tenant, status): n for tenant in range(5) for status, n in ((503, 2), (202, 4))}


def test_one_of_many_orders_is_taken(hasty: RunningCloud) -> None:
    """A server stops once, however many tell it to; the first three of them meet the rule."""
    caller = unlimited(hasty, "orders")
    server = caller.create()
    hasty.advance(1)
    statuses = hammer(caller, 30, 1, "POST", f"/servers/{server}/action", {"os-stop": None})
    assert statuses == {503: 3, 202: 1, 409: 26}


def test_no_quota_admits_one_too_many(hasty: RunningCloud) -> None:
    caller = login(hasty, "quota")
    assert hammer(caller, 30, 2, "POST", "/servers", wanted()) == {202: 10, 403: 50}
    limits = caller.ask("GET", "/limits").json["limits"]["absolute"]
    assert (limits["totalInstancesUsed"], limits["totalCoresUsed"]) == (10, 10)
    assert len(caller.ids()) == 10


def test_what_is_deleted_makes_room_for_exactly_as_many(hasty: RunningCloud) -> None:
    """Each client makes a server and deletes it, over and over; at no time are there more than may be."""
    caller = login(hasty, "churn")
    most: list[int] = []

    def client(number: int) -> None:
        for _ in range(3):
            answer = caller.ask("POST", "/servers", wanted())
            if answer.status == 202:
                most.append(len(caller.ids()))
                assert caller.ask("DELETE", f"/servers/{answer.json['server']['id']}").status == 204
            else:
                assert answer.status == 403

    at_once(20, client)
    assert 1 <= max(most) <= 10
    assert caller.ids() == []
    assert caller.ask("GET", "/limits").json["limits"]["absolute"]["totalInstancesUsed"] == 0


def test_a_name_is_made_on_demand_once(hasty: RunningCloud) -> None:
    """Logging in for a project that isn't there yet makes one of it, not one for each client."""
    projects: list[str] = []

    def client(number: int) -> None:
        answer = hasty.ask("POST", LOGIN, password(scope=project("on-demand")))
        projects.append(answer.json["token"]["project"]["id"])

    at_once(20, client)
    assert len(projects) == 20
    assert len(set(projects)) == 1


def test_each_server_has_its_own_number(hasty: RunningCloud) -> None:
    caller = unlimited(hasty, "numbers")
    assert hammer(caller, 20, 2, "POST", "/servers", wanted()) == {202: 40}
    servers = caller.ask("GET", "/servers/detail").json["servers"]
    assert len({server["OS-EXT-SRV-ATTR:instance_name"] for server in servers}) == 40
    assert len({server["id"] for server in servers}) == 40


def test_several_processes_answer_nothing_but_why(tmp_path: Path) -> None:
    with cloud(tmp_path, gunicorn=["--workers", "2", "--threads", "2"]) as several:
        asked = [
            *(("GET", "/_mimic/health"), ("GET", "/identity/v3"), ("POST", LOGIN), ("POST", "/_mimic/clock")),
            *(("DELETE", "/compute/v2.1/servers/x"), ("GET", "/nowhere"), ("POST", "/mimic/v1.1/tick")),
        ]
        for method, path in asked * 2:
            answer = several.ask(method, path, password() if method == "POST" else None)
            assert (answer.status, set(answer.json)) == (503, {"error"})
            error = answer.json["error"]
            assert "each would keep a cloud of its own in its memory" in error["message"]
            assert "gunicorn --workers 1 --threads 8 mimic_rules.wsgi" in error["help"]
        several.stop(signal.SIGINT)
