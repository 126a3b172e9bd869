# SPDX-License-Identifier: Apache-2.0
"""Each form of fault, seen by a client over a socket: what becomes of records, what is answered, what is committed,
what is shown.

Each test has a world of its own, to which its rule is added while it runs. How answers travel and how often rules hold
is in test_fault_times.py.
"""

import json
from collections.abc import Iterator

import pytest

from tests.cloud import RunningCloud, cloud
from tests.services.callers import LOGIN, password, project
from tests.services.conftest import MORNING
from tests.services.failing import Failing, failing


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCloud]:
    config = {"clock": {"start": MORNING, "mode": "frozen"}}
    with cloud(tmp_path_factory.mktemp("forms"), config=config) as started:
        yield started


def refused(world: Failing, name: str = "web", **more: object) -> tuple[int, object]:
    """Status and body of the answer to who asks for a server."""
    answer = world.asked(name, **more)
    return answer.status_code, answer.json()


# what becomes of a record --------------------------------------------------------------------------------------------


def test_stays(running: RunningCloud) -> None:
    with failing(running, "when metadata.failure == 'build_forever' then status stays BUILD") as world:
        stuck, good = world.create(metadata={"failure": "build_forever"}), world.create("good")
        world.advance("23h")
        answer = world.compute("GET", f"/servers/{stuck}")
        shown = answer.json()["server"]
        assert (shown["status"], shown["OS-EXT-STS:task_state"], shown["progress"]) == ("BUILD", "spawning", 0)
        assert answer.headers["X-Mimic-Rule"] == "r1:2"
        assert world.status(good) == "ACTIVE"
        assert world.deletes(stuck) == [204]
        assert world.names() == ["good"]


def test_stays_for(running: RunningCloud) -> None:
    with failing(running, "when has metadata.building then status stays BUILD for metadata.building seconds") as world:
        slow, other = world.create(metadata={"building": "60"}), world.create(metadata={"building": "soon"})
        seen = []
        for seconds in (59, 1, 3600):
            world.advance(seconds)
            seen.append((world.status(slow), world.status(other)))
        assert seen == [("BUILD", "BUILD"), ("ACTIVE", "BUILD"), ("ACTIVE", "BUILD")]
        assert world.show(slow)["OS-SRV-USG:launched_at"] == "2030-01-01T09:01:00.000000"


def test_becomes(running: RunningCloud) -> None:
    with failing(running, "on reboot when name == 'web' then status becomes ERROR after 5s") as world:
        server = world.create()
        world.advance(1)
        assert world.compute("POST", f"/servers/{server}/action", {"reboot": {"type": "HARD"}}).status_code == 202
        world.advance(4)
        assert world.status(server) == "HARD_REBOOT"
        world.advance(1)
        assert world.status(server) == "ERROR"


def test_becomes_with_fault(running: RunningCloud) -> None:
    rule = "when name == 'lemon' then status becomes ERROR after 5s with fault 500 \"No valid host was found.\""
    with failing(running, rule) as world:
        server = world.create("lemon")
        world.advance(4)
        assert world.status(server) == "BUILD"
        assert "fault" not in world.show(server)
        world.advance(60)
        shown = world.show(server)
        assert (shown["status"], shown["OS-EXT-STS:vm_state"], shown["OS-EXT-STS:power_state"]) == ("ERROR", "error", 0)
        # As Nova has it: the time is that of the failure, and nobody but an administrator sees details of a 500.
        assert shown["fault"] == {"code": 500, "created": "2030-01-01T09:00:05Z", "message": "No valid host was found."}
        assert shown["updated"] == "2030-01-01T09:00:05Z"


def test_becomes_then(running: RunningCloud) -> None:
    rule = """when name == 'dud' then status becomes ACTIVE, then ERROR after 1h with fault 404 "No {name} lasts." """
    with failing(running, rule) as world:
        server = world.create("dud")
        seen = [world.status(server)]
        for seconds in (3599, 1):
            world.advance(seconds)
            seen.append(world.status(server))
        assert seen == ["ACTIVE", "ACTIVE", "ERROR"]
        message = "No dud lasts."
        fault = {"code": 404, "created": "2030-01-01T10:00:00Z", "message": message, "details": message}
        assert world.show(server)["fault"] == fault


# what is answered ----------------------------------------------------------------------------------------------------


def test_respond_in_dialect(running: RunningCloud) -> None:
    rules = """
    on create when name == 'full' then respond 403 forbidden "Quota exceeded for {name}"
    on create when name == 'bare' then respond 503
    """
    with failing(running, rules) as world:
        answer = world.asked("full")
        assert answer.status_code == 403
        assert answer.reason == "Forbidden"
        assert answer.json() == {"forbidden": {"code": 403, "message": "Quota exceeded for full"}}
        assert answer.headers["Content-Type"] == "application/json"
        assert answer.headers["X-Mimic-Rule"] == "r1:3"
        assert answer.headers["x-compute-request-id"] == answer.headers["X-Mimic-Request"]
        assert answer.headers["X-OpenStack-Nova-API-Version"] == "2.1"
        assert [one[0] for one in (refused(world, "bare"), refused(world, ""))] == [503, 400]
        assert list(world.asked("bare").json()) == ["serviceUnavailable"]
        assert world.names() == []


def test_respond_in_the_dialect_of_another_service(running: RunningCloud) -> None:
    with failing(running, 'on create token only once then respond 500 "An unexpected error."', "identity") as world:
        failed = world.ask("POST", LOGIN, password(scope=project("demo")), token="")
        assert failed.status_code == 500
        assert set(failed.json()["error"]) == {"code", "message", "title"}
        assert failed.json()["error"]["message"] == "An unexpected error."
        assert "X-Subject-Token" not in failed.headers
        assert world.ask("POST", LOGIN, password(scope=project("demo")), token="").status_code == 201


def test_respond_with_body_and_headers(running: RunningCloud) -> None:
    rules = """
    on show then respond 502 with body "<h1>Bad Gateway</h1>"
      header "Content-Type" = "text/html" header "Via" = "1.1 lb"
    on list then respond 200 with body { servers: [{ id: 7 }] }
    """
    with failing(running, rules) as world:
        page = world.compute("GET", f"/servers/{world.create()}")
        assert (page.status_code, page.text) == (502, "<h1>Bad Gateway</h1>")
        assert (page.headers["Content-Type"], page.headers["Via"]) == ("text/html", "1.1 lb")
        assert page.headers["Content-Length"] == "20"
        assert world.compute("GET", "/servers").json() == {"servers": [{"id": 7}]}


def test_respond_with_an_empty_body(running: RunningCloud) -> None:
    with failing(running, 'on list then respond 401 with body ""') as world:
        answer = world.compute("GET", "/servers")
        assert (answer.status_code, answer.content, answer.headers["Content-Length"]) == (401, b"", "0")
        assert answer.headers["WWW-Authenticate"] == f'Keystone uri="{world.url}/identity"'


def test_respond_retry_after(running: RunningCloud) -> None:
    with failing(
        running, 'on create then respond 413 overLimit "This request was rate-limited." retry after 30s'
    ) as one:
        answer = one.asked()
        assert (answer.status_code, answer.headers["Retry-After"]) == (413, "30")
        assert answer.json() == {"overLimit": {"code": 413, "message": "This request was rate-limited."}}


def test_respond_from(running: RunningCloud) -> None:
    rule = "on create when has metadata.answered_from then respond from json(metadata.answered_from)"
    with failing(running, rule) as world:

        def failure(told: object) -> tuple[int, object]:
            return refused(world, metadata={"answered_from": json.dumps(told)})

        full = {"code": 413, "message": "Sold out.", "type": "overLimit"}
        assert failure(full) == (413, {"overLimit": {"code": 413, "message": "Sold out."}})
        assert failure({"code": 500, "message": "Oh."}) == (500, {"computeFault": {"code": 500, "message": "Oh."}})
        assert world.names() == []
        assert failure("no failure at all")[0] == 202


# what is committed ---------------------------------------------------------------------------------------------------


def test_instead(running: RunningCloud) -> None:
    with failing(running, "on create only once then respond 500 instead", config={"quotas": {"instances": 1}}) as world:
        assert refused(world)[0] == 500
        assert world.names() == []
        limits = world.compute("GET", "/limits").json()["limits"]["absolute"]
        assert limits["totalInstancesUsed"] == 0
        assert [refused(world)[0] for _ in range(2)] == [202, 403]


def test_after_commit(running: RunningCloud) -> None:
    rules = """
    on create then respond 504 "The gateway gave up on {name}." after commit
    on delete then respond 500 after commit
    """
    with failing(running, rules) as world:
        assert refused(world) == (504, {"computeFault": {"code": 504, "message": "The gateway gave up on web."}})
        (server,) = world.compute("GET", "/servers").json()["servers"]
        world.advance(1)
        assert world.status(server["id"]) == "ACTIVE"
        assert world.deletes(server["id"], 2) == [500, 404]
        assert world.names() == []


def test_pretend(running: RunningCloud) -> None:
    with failing(running, "on create, delete when name == 'ghost' then pretend") as world:
        told = world.asked("ghost")
        assert told.status_code == 202
        assert world.compute("GET", f"/servers/{told.json()['server']['id']}").status_code == 404
        undead = world.create("undead")
        assert world.compute("PUT", f"/servers/{undead}", {"server": {"name": "ghost"}}).status_code == 200
        assert world.deletes(undead, 2) == [204, 204]
        assert world.status(undead) == "BUILD"
        assert world.names() == ["ghost"]


def test_hidden_for(running: RunningCloud) -> None:
    with failing(running, "on create when name == 'late' then hidden for 30s") as world:
        late = world.create("late")
        gone = world.compute("GET", f"/servers/{late}")
        message = f"Instance {late} could not be found."
        assert (gone.status_code, gone.json()) == (404, {"itemNotFound": {"code": 404, "message": message}})
        assert world.names() == []
        assert world.deletes(late) == [404]
        world.advance(30)
        assert (world.names(), world.status(late)) == (["late"], "ACTIVE")


def test_first_of_only(running: RunningCloud) -> None:
    with failing(running, "on create then first 2 of servers only") as world:
        assert world.asked("web", min_count=5, max_count=5).status_code == 202
        assert world.names() == ["web-1", "web-2"]
        assert world.compute("GET", "/limits").json()["limits"]["absolute"]["totalInstancesUsed"] == 2


# what is shown -------------------------------------------------------------------------------------------------------


def test_set(running: RunningCloud) -> None:
    rule = """when name == 'odd' then set status = 'UNKNOWN', set "OS-EXT-STS:task_state" = "odd {name}", set x = [1]"""
    with failing(running, rule) as world:
        odd, even = world.create("odd"), world.create("even")
        for shown in (world.show(odd), *world.compute("GET", "/servers/detail").json()["servers"]):
            seen = (shown["status"], shown["OS-EXT-STS:task_state"], shown.get("x"))
            assert seen == (("UNKNOWN", "odd odd", [1]) if shown["id"] == odd else ("BUILD", "spawning", None))
        assert world.compute("GET", "/servers/detail?status=BUILD&name=odd").json()["servers"][0]["id"] == odd
        assert world.status(even) == "BUILD"


def test_omit(running: RunningCloud) -> None:
    rules = """
    when name == 'lost' then omit addresses, omit "OS-EXT-STS:vm_state"
    on list_detail then omit metadata
    """
    with failing(running, rules) as world:
        shown = world.show(world.create("lost"))
        assert {"addresses", "OS-EXT-STS:vm_state"}.isdisjoint(shown)
        assert (shown["metadata"], shown["OS-EXT-STS:task_state"]) == ({}, "spawning")
        (listed,) = world.compute("GET", "/servers/detail").json()["servers"]
        assert {"addresses", "metadata"}.isdisjoint(listed)
