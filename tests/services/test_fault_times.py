# SPDX-License-Identifier: Apache-2.0
"""Each form of fault, seen by a client over a socket: how answers travel, how often rules hold, what else
they depend on.

Each test has a world of its own, to which its rule is added while it runs; see test_fault_forms.py for the rest.
"""

import errno
import http.client
import json
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import pytest
import requests

from tests.cloud import RunningCloud, cloud
from tests.services.callers import CIRROS, COMPUTE, LOGIN, password, project, wanted
from tests.services.conftest import MORNING
from tests.services.failing import Failing, failing


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCloud]:
    config = {"clock": {"start": MORNING, "mode": "frozen"}, "regions": ["DFW", "ORD"]}
    with cloud(tmp_path_factory.mktemp("times"), config=config) as started:
        yield started


def bytes_of(world: Failing, method: str, path: str, body: object = None) -> tuple[bytes, int]:
    """All that comes over a connection of a request to compute, and the error that ends it: 0 for an end in order."""
    host, _, rest = world.url.removeprefix("http://").partition(":")
    port, _, prefix = rest.partition("/")
    sent = b"" if body is None else json.dumps(body).encode()
    head = f"{method} /{prefix}{COMPUTE}{path} HTTP/1.1\r\nHost: {host}:{port}\r\nX-Auth-Token: {world.token}\r\n"
    head += f"Content-Type: application/json\r\nContent-Length: {len(sent)}\r\nConnection: close\r\n\r\n"
    parts = []
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(head.encode() + sent)
        try:
            while part := connection.recv(65536):
                parts.append(part)
        except OSError as problem:
            return b"".join(parts), problem.errno or -1
    return b"".join(parts), 0


# how an answer travels -----------------------------------------------------------------------------------------------


def test_delay(running: RunningCloud) -> None:
    with failing(running, "on create when name == 'slow' then delay 2s") as world:
        done: list[tuple[int, float]] = []

        def slow() -> None:
            answer = requests.post(
                world.url + COMPUTE + "/servers", json=wanted("slow"), headers={"X-Auth-Token": world.token}, timeout=20
            )
            done.append((answer.status_code, time.monotonic() - began))

        began = time.monotonic()
        thread = threading.Thread(target=slow)
        thread.start()
        while world.names() != ["slow"]:
            assert time.monotonic() - began < 2
        # It has happened, the client waits, and everybody else is answered meanwhile.
        assert world.asked("quick").status_code == 202
        assert done == []
        thread.join()
        ((status, seconds),) = done
        assert status == 202
        assert seconds >= 2


def test_delay_range(running: RunningCloud) -> None:
    with failing(running, "on show image then delay 50ms..150ms, respond 503", "compute") as world:
        taken = []
        for _ in range(5):
            began = time.monotonic()
            assert world.images(1) == [503]
            taken.append(time.monotonic() - began)
        assert min(taken) >= 0.05
        assert len({round(one, 3) for one in taken}) > 1


def test_drop_connection(running: RunningCloud) -> None:
    with failing(running, "on create only once then drop connection") as world:
        with pytest.raises(requests.ConnectionError) as lost:
            world.asked("lost")
        assert "RemoteDisconnected" in str(lost.value)
        assert world.names() == ["lost"]
        world.create("found")
        world.rules("on list then drop connection")
        assert bytes_of(world, "GET", "/servers") == (b"", 0)


def test_drop_connection_of_what_is_refused(running: RunningCloud) -> None:
    with failing(running, "on create only once then respond 503, drop connection") as world:
        with pytest.raises(requests.ConnectionError):
            world.asked("never was")
        assert world.names() == []


def test_reset(running: RunningCloud) -> None:
    with failing(running, "on create then reset") as world:
        assert bytes_of(world, "POST", "/servers", wanted("lost")) == (b"", errno.ECONNRESET)
        with pytest.raises(requests.ConnectionError) as lost:
            world.asked("lost too")
        assert "Connection reset by peer" in str(lost.value)
        assert world.names() == ["lost", "lost too"]


def test_truncate_body(running: RunningCloud) -> None:
    with failing(running) as world:
        server = world.create()
        whole = world.compute("GET", f"/servers/{server}").content
        world.rules("on show then truncate body at 50%")
        told, error = bytes_of(world, "GET", f"/servers/{server}")
        head, _, body = told.partition(b"\r\n\r\n")
        assert error == 0
        assert head.startswith(b"HTTP/1.1 200 OK\r\n")
        assert b"\r\ncontent-length: %d" % len(whole) in head.lower()
        assert body == whole[: len(whole) // 2]
        with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
            world.show(server)


def test_garble_body(running: RunningCloud) -> None:
    with failing(running) as world:
        server = world.create()
        whole = world.compute("GET", f"/servers/{server}")
        connection = http.client.HTTPConnection(running.host, timeout=20)
        path = world.url.removeprefix(running.url) + f"{COMPUTE}/servers/{server}"
        world.rules("on show only once then garble body")
        connection.request("GET", path, headers={"X-Auth-Token": world.token})
        answer = connection.getresponse()
        garbled = answer.read()
        assert (answer.status, answer.getheader("Content-Type"), len(garbled)) == (
            200,
            "application/json",
            len(whole.content),
        )
        with pytest.raises(json.JSONDecodeError):
            json.loads(garbled)
        # The connection goes on as if nothing had been.
        connection.request("GET", path, headers={"X-Auth-Token": world.token})
        assert json.loads(connection.getresponse().read()) == whole.json()
        connection.close()


# how often -----------------------------------------------------------------------------------------------------------


def test_only_once(running: RunningCloud) -> None:
    with failing(running, "on delete only once then respond 500") as world:
        assert world.deletes(world.create(), 3) == [500, 204, 404]


def test_only_n_times_whoever_asks_at_once(running: RunningCloud) -> None:
    with failing(running, "on create only 3 times then respond 503") as world:

        def ask(number: int) -> int:
            sent = {"X-Auth-Token": world.token}
            path = world.url + COMPUTE + "/servers"
            return requests.post(path, json=wanted(f"n{number}"), headers=sent, timeout=20).status_code

        with ThreadPoolExecutor(8) as pool:
            seen = Counter(pool.map(ask, range(12)))
        assert seen == {503: 3, 202: 9}
        assert len(world.names()) == 9


def test_only_n_times_per_resource(running: RunningCloud) -> None:
    with failing(running, "on delete only 2 times per server then respond 500") as world:
        first, second = world.create("a"), world.create("b")
        assert [*world.deletes(first), *world.deletes(second, 3), *world.deletes(first, 2)] == [
            *[500, 500, 500, 204],
            *[500, 204],
        ]


def test_only_n_times_per_tenant(running: RunningCloud) -> None:
    with failing(running, "on create only 1 times per tenant then respond 500") as world:
        red, blue = world.login("red"), world.login("blue")
        seen = [world.asked("a", token).status_code for token in (red, red, blue, red, blue)]
        assert seen == [500, 202, 500, 202, 202]


def test_only_n_times_per_attribute(running: RunningCloud) -> None:
    with failing(running, "on create only once per metadata.role then respond 500") as world:
        seen = [world.asked(metadata={"role": role}).status_code for role in ("db", "web", "db", "web")]
        assert seen == [500, 500, 202, 202]


def test_only_every_nth(running: RunningCloud) -> None:
    with failing(running, "on show image only every 3rd then respond 500", "compute") as world:
        assert world.images(7) == [200, 200, 500, 200, 200, 500, 200]


def test_only_evenly(running: RunningCloud) -> None:
    with failing(running, "on show image only 20% evenly then respond 500", "compute") as world:
        seen = world.images(25)
        struck = [number for number, status in enumerate(seen) if status == 500]
        assert len(struck) == 5
        assert {after - before for before, after in pairwise(struck)} == {5}


def test_only_at_random(running: RunningCloud) -> None:
    seen = []
    for seed in (7, 7, 8):
        with failing(running, "on show image only 40% at random then respond 500", "compute", seed=seed) as world:
            seen.append(world.images(40))
    assert seen[0] == seen[1] != seen[2]
    assert all(6 <= one.count(500) <= 26 for one in seen)


def test_only_during(running: RunningCloud) -> None:
    with failing(running) as world:
        world.advance("1h")
        world.rules("on show image only during 10m then respond 503", "compute")
        seen = world.images(1)
        for seconds in (599, 1):
            world.advance(seconds)
            seen += world.images(1)
        assert seen == [503, 503, 200]


def test_only_from_until(running: RunningCloud) -> None:
    rules = """
    on show image only from 10:00 until 10:30 then respond 503
    on show image only from 2030-01-01T12:00:00Z during 5m then respond 500
    """
    with failing(running, rules, "compute") as world:
        seen = world.images(1)
        for minutes in (60, 29, 1, 90, 5):
            world.advance(60 * minutes)
            seen += world.images(1)
        assert seen == [200, 503, 503, 200, 500, 200]


def test_cycle(running: RunningCloud) -> None:
    rule = "on show image then cycle [respond 500 | respond 503 retry after 5s | pass]"
    with failing(running, rule, "compute") as world:
        assert world.images(7) == [500, 503, 200, 500, 503, 200, 500]


def test_pass(running: RunningCloud) -> None:
    rules = """
    on create when metadata.vip == 'yes' then pass
    on create then respond 503
    """
    with failing(running, rules) as world:
        assert [world.asked(metadata={"vip": vip}).status_code for vip in ("yes", "no")] == [202, 503]


# what else it depends on ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("flag", ["suspended", "closed"])
def test_a_tenant_is_barred(running: RunningCloud, flag: str) -> None:
    rule = (
        f'on any compute when tenant.{flag} then respond 403 forbidden "Project {{tenant.id}} owes us." before version'
    )
    with failing(running, rule, "compute", config={"tenants": [{"name": "late", flag: True}]}) as world:
        assert world.ask("POST", LOGIN, password(scope=project("late")), token="").status_code == 401
        admin, token = world.login("demo", "admin"), world.login("soon late")
        assert world.names(token) == []
        (soon,) = world.ask("GET", "/identity/v3/projects?name=soon late", token=admin).json()["projects"]

        def bar(value: bool) -> None:
            body = {"project": {flag: value}}
            assert world.ask("PATCH", f"/identity/v3/projects/{soon['id']}", body, admin).status_code == 200

        bar(True)
        barred = world.compute("GET", "/servers", token=token)
        assert barred.status_code == 403
        assert barred.json() == {"forbidden": {"code": 403, "message": f"Project {soon['id']} owes us."}}
        assert world.names() == []
        bar(False)
        assert world.names(token) == []


ANYTHING: list[tuple[str, str, Any, str | None, int]] = [
    ("GET", "/servers", None, None, 200),
    ("GET", "/servers/none", None, None, 404),
    ("POST", "/servers", {"server": 1}, None, 400),
    ("GET", "/servers", None, "", 401),
    ("GET", "/servers", None, "no-such-token", 401),
    ("PATCH", "/servers", {}, None, 405),
    ("PATCH", "/servers", {}, "", 405),
    ("GET", "/os-cells", None, None, 410),
]
"""Requests to compute: method, path, body, token, and how each is answered when all is well."""


def test_a_whole_service_is_down(running: RunningCloud) -> None:
    with failing(running) as world:

        def seen() -> list[int]:
            return [world.compute(*one[:4]).status_code for one in ANYTHING]

        well = [one[4] for one in ANYTHING]
        assert seen() == well
        rule = "on any compute only during 10m then respond 503 'Down for maintenance.' retry after 600s before caller"
        world.rules(rule, "compute")
        assert seen() == [503] * len(well)
        down = world.compute("PATCH", "/servers", {}, "")
        assert down.json() == {"serviceUnavailable": {"code": 503, "message": "Down for maintenance."}}
        assert down.headers["Retry-After"] == "600"
        assert "Allow" not in down.headers
        # What no rule models is no part of a service, and other services go on.
        assert world.compute("GET", "/os-nothing").status_code == 501
        assert world.ask("GET", "/image/v2/images").status_code == 200
        world.login("another")
        world.advance("10m")
        assert seen() == well


def test_a_whole_region_is_down(running: RunningCloud) -> None:
    with failing(running, "on any when region == 'ORD' then respond 503 before caller", "compute") as world:
        shown = world.ask("GET", "/identity/v3/auth/catalog").json()["catalog"]
        (compute,) = [one for one in shown if one["type"] == "compute"]
        urls = {one["region"]: one["url"] for one in compute["endpoints"] if one["interface"] == "public"}
        images = {region: f"{url.removeprefix(world.url)}/images/{CIRROS}" for region, url in urls.items()}
        seen = {region: world.ask("GET", path).status_code for region, path in images.items()}
        assert seen == {"DFW": 200, "ORD": 503}
        assert world.ask("GET", images["ORD"], token="").status_code == 503


def test_limit_per_tenant(running: RunningCloud) -> None:
    rule = 'on read then limit 10 per 60s per tenant respond 413 overLimit "Wait {wait} s."'
    with failing(running, rule, "compute") as world:
        other = world.login("other")
        assert world.images(5) == [200] * 5
        world.advance(20)
        assert world.images(7) == [200] * 5 + [413] * 2
        over = world.compute("GET", "/servers")
        assert (over.status_code, over.headers["Retry-After"]) == (413, "40")
        assert over.json() == {"overLimit": {"code": 413, "message": "Wait 40 s."}}
        assert world.images(1, other) == [200]
        assert world.asked().status_code == 202
        world.advance(40)
        assert world.images(6) == [200] * 5 + [413]


def test_count_of_others(running: RunningCloud) -> None:
    rules = """
    when name == 'bad' then status becomes ERROR after 1s
    on create when count(server where status == ERROR) > 2 then respond 500 "Too much is broken."
    """
    with failing(running, rules) as world:
        for _ in range(3):
            world.create("bad")
        assert world.asked().status_code == 202
        world.advance(1)
        assert world.asked().json() == {"computeFault": {"code": 500, "message": "Too much is broken."}}
        # It is what the tenant sees that counts.
        assert world.asked(token=world.login("other")).status_code == 202
        (first, *_) = [one for one in world.compute("GET", "/servers/detail").json()["servers"] if one["name"] == "bad"]
        assert world.deletes(first["id"]) == [204]
        assert world.asked().status_code == 202


def test_overrides(running: RunningCloud) -> None:
    rules = """
    rule broken on create then respond 500 "Broken."
    rule sold_out overrides broken on create when name == 'big' then respond 403 "Sold out."
    """
    with failing(running, rules) as world:
        seen = [world.asked(name) for name in ("big", "small")]
        assert [(one.status_code, one.headers["X-Mimic-Rule"]) for one in seen] == [(403, "r1:4"), (500, "r1:3")]
        world.rules("rule let_it_be overrides sold_out on create when metadata.let == 'be' then pass")
        assert world.asked("big", metadata={"let": "be"}).status_code == 202
        assert world.asked("big").status_code == 403
