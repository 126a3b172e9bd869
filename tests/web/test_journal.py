# SPDX-License-Identifier: Apache-2.0
"""The journal: what it keeps of a request, in which order, within which bounds, and how it is asked."""

import gc
import json
import threading
import time
import weakref
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mimic_rules.config import Limits
from mimic_rules.engine.exchange import MISSING, BadBody, Request, Response, Wire
from mimic_rules.web.entry import BODY_KEPT, HEADERS_KEPT, VALUE_KEPT
from mimic_rules.web.journal import Journal
from mimic_rules.web.request import Headers
from tests.fake_cloud import FakeCloud, FakeEngine


def journaled(response: Response, most: int = 10) -> FakeCloud:
    cloud = FakeCloud(FakeEngine(lambda _: response))
    keep(cloud, most)
    return cloud


def keep(cloud: FakeCloud, most: int) -> Journal:
    mount = cloud.mounts.get("default")
    assert mount is not None
    mount.journal = Journal(most)
    return mount.journal


def read(cloud: FakeCloud, query: str = "", prefix: str = "") -> Any:
    answer = cloud.ask("GET", f"{prefix}/_mimic/journal", query_string=query)
    assert answer.status_code == 200, answer.text
    return answer.json


def numbered() -> FakeCloud:
    """Answers `r1`, `r2` and so on, each with an operation of its own; every third isn't modelled."""
    count = 0

    def answer(request: Request) -> Response:
        nonlocal count
        count += 1
        if count % 3 == 0:
            return Response(501, request_id=f"r{count}")
        return Response(200 + count, request_id=f"r{count}", service="desk", operation=f"show thing{count}")

    return FakeCloud(FakeEngine(answer))


def ids(cloud: FakeCloud, query: str = "") -> list[str]:
    return [one["id"] for one in read(cloud, query)["requests"]]


# what is kept --------------------------------------------------------------------------------------------------------


def test_a_request_is_kept_with_all_that_became_of_it() -> None:
    response = Response(
        409,
        {"never": "kept"},
        rules=("team.rules:3",),
        operation="open ticket",
        request_id="r1",
        service="desk",
        delay=0.01,
        wire=Wire("truncate", 0.5),
        path="/desk/***",
    )
    cloud = journaled(response)
    with suppress(ConnectionError):
        cloud.ask("POST", "/desk/key-of-ann", json={"title": "a"}, query_string="a=1&a=2", headers={"X-Who": "ann"})
    told = read(cloud)
    (one,) = told.pop("requests")
    assert told == {"kept": 1, "dropped": 0, "limit": 10}
    assert one.pop("seconds") >= 0
    assert {"x-who": "ann", "content-type": "application/json"}.items() <= one.pop("headers").items()
    assert one == {
        "id": "r1",
        "method": "POST",
        "path": "/desk/***",
        "query": {"a": ["1", "2"]},
        "body": {"title": "a"},
        "status": 409,
        "service": "desk",
        "operation": "open ticket",
        "rules": ["team.rules:3"],
        "at": 1000.0,
        "iso": "1970-01-01T00:16:40.000000Z",
        "delay": 0.01,
        "wire": {"how": "truncate", "share": 0.5},
    }


def test_each_world_has_a_journal_and_control_calls_are_in_none() -> None:
    cloud = journaled(Response(200))
    cloud.ask("GET", "/a")
    cloud.ask("GET", "/w/green/b")
    cloud.ask("GET", "/w/blue/c")
    cloud.ask("GET", "/_mimic/health")
    assert [one["path"] for one in read(cloud)["requests"]] == ["/a"]
    assert [one["path"] for one in read(cloud, prefix="/w/green")["requests"]] == ["/b"]


def test_bodies_are_kept_within_bounds() -> None:
    cloud = journaled(Response(200))
    for size in (BODY_KEPT - 2, BODY_KEPT - 1):
        cloud.ask("POST", "/a", body=json.dumps("x" * size).encode(), headers={"Content-Type": "application/json"})
    cloud.ask("POST", "/a", body=b"{", headers={"Content-Type": "application/json"})
    cloud.ask("GET", "/a")
    fits, too_large, unread, none = read(cloud)["requests"]
    assert fits["body"] == "x" * (BODY_KEPT - 2)
    assert "body_not_kept" not in fits
    assert too_large["body"] is None
    assert too_large["body_not_kept"] == f"it is larger than {BODY_KEPT} bytes"
    assert (unread["body"], unread["body_not_kept"]) == (None, "it can't be read as JSON")
    assert none["body"] is None
    assert "body_not_kept" not in none


def test_the_engine_finds_the_body_that_was_read_before() -> None:
    seen = []

    def answer(request: Request) -> Response:
        for _ in range(2):
            try:
                seen.append(request.read_json())
            except BadBody as bad:
                seen.append(bad.situation)
        return Response(200)

    cloud = FakeCloud(FakeEngine(answer), limits=Limits(body=20, depth=4, records=1))
    cloud.ask("POST", "/a", json={"a": 1})
    cloud.ask("POST", "/a", json={"a": "x" * 20})
    cloud.ask("GET", "/a")
    assert seen == [{"a": 1}, {"a": 1}, "too_large", "too_large", MISSING, MISSING]


@pytest.mark.parametrize("names", [1, 60, 90])
def test_headers_are_kept_within_bounds(names: int) -> None:
    cloud = journaled(Response(200))
    sent = {f"X-H{number:03}": "v" * (HEADERS_KEPT // names + 1) for number in range(names)}
    sent["x-small"] = "s"
    cloud.ask("GET", "/a", headers=sent)
    (one,) = read(cloud)["requests"]
    assert len(json.dumps(one["headers"])) < 64 * (VALUE_KEPT + 20)
    assert "..." in (one["headers"].get("x-h000"), one["headers"].get("..."))


def test_headers_of_every_kind_are_copied() -> None:
    cloud = journaled(Response(200))
    cloud.ask("GET", "/a", headers={"X-A": "1"})
    cloud.ask("GET", "/a", headers={"X-A": "2"})
    cloud.ask("GET", "/a", headers={"X-" + "L" * 5000: "3"})
    first, second, third = ([*one["headers"].items()] for one in read(cloud)["requests"])
    assert ("x-a", "1") in first
    assert ("x-a", "2") in second
    assert ("x-" + "l" * 5000, "3") in third


def test_nothing_of_the_connection_is_held() -> None:
    class Socket:
        pass

    socket = Socket()
    gone = weakref.ref(socket)
    cloud = journaled(Response(200))
    cloud.engine.asked = Forgetful()
    cloud.ask("GET", "/a", environ={"gunicorn.socket": socket})
    del socket
    gc.collect()
    assert len(read(cloud)["requests"]) == 1
    assert gone() is None


class Forgetful(list[Any]):
    """Keeps nothing."""

    def append(self, _: Any) -> None:
        """Not kept."""


# the bound and the order ---------------------------------------------------------------------------------------------


@given(st.integers(0, 5), st.integers(0, 12))
def test_it_is_exact_under_its_bound_and_honest_over_it(most: int, asked: int) -> None:
    journal = Journal(most)
    for number in range(asked):
        request = Request("GET", f"/{number}", {}, {}, "", lambda: MISSING)
        journal.note(request, MISSING, Response(200, request_id=str(number)), 0.0, 0.0)
    kept, dropped = journal.read()
    assert [one.id for one in kept] == [str(number) for number in range(max(0, asked - most), asked)]
    assert len(kept) + dropped == asked
    assert len(journal) == len(kept)


def test_threads_are_kept_in_the_order_of_answering() -> None:
    given = 0

    def answer(request: Request) -> Response:
        nonlocal given
        given, mine = given + 1, given
        # Whoever is first takes longest: without the lock of the world, it would be the last one in the journal.
        time.sleep(0.004 if mine % 2 == 0 else 0)
        return Response(200, request_id=str(mine))

    cloud = FakeCloud(FakeEngine(answer))
    keep(cloud, 50)
    threads = [threading.Thread(target=lambda: [cloud.ask("GET", "/a") for _ in range(10)]) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told = read(cloud)
    assert [one["id"] for one in told["requests"]] == [str(number) for number in range(10, 60)]
    assert (told["kept"], told["dropped"], told["limit"]) == (50, 10, 50)


# questions -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["r1", "r2", "r3", "r4", "r5"]),
        ("limit=2", ["r4", "r5"]),
        ("limit=0", []),
        ("limit=99", ["r1", "r2", "r3", "r4", "r5"]),
        ("since=r2", ["r3", "r4", "r5"]),
        ("since=r5", []),
        ("since=r2&limit=2", ["r3", "r4"]),
        ("operation=show%20thing4", ["r4"]),
        ("operation=desk%20show%20thing4", ["r4"]),
        ("operation=", []),
        ("operation=other%20show%20thing4", []),
        ("status=501", ["r3"]),
        ("status=204", ["r4"]),
        ("unmatched=true", ["r3"]),
        ("unmatched=false", ["r1", "r2", "r4", "r5"]),
        ("unmatched=false&limit=1", ["r5"]),
    ],
)
def test_questions(query: str, found: list[str]) -> None:
    cloud = numbered()
    for _ in range(5):
        cloud.ask("GET", "/a")
    assert ids(cloud, query) == found


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("limit=-1", "`limit` takes how many requests to show, as a whole number"),
        ("limit=many", "`limit` takes how many requests to show, as a whole number"),
        ("status=ok", "`status` takes a status such as 404, as a whole number"),
        ("unmatched=1", "`unmatched` takes true or false"),
        ("unmached=true", "`unmached` isn't a parameter here"),
    ],
)
def test_questions_that_are_wrong(query: str, reason: str) -> None:
    answer = FakeCloud().ask("GET", "/_mimic/journal", query_string=query)
    assert answer.status_code == 400
    assert reason in answer.json["error"]["message"]


def test_what_is_not_kept_may_have_been_dropped() -> None:
    cloud = numbered()
    answer = cloud.ask("GET", "/_mimic/journal", query_string="since=r1")
    assert answer.status_code == 404
    assert answer.json["error"]["message"] == (
        "the journal has no request `r1`; none was dropped since the journal began, so it wasn't made in this world"
    )
    for _ in range(11):
        cloud.ask("GET", "/a")
    answer = cloud.ask("GET", "/_mimic/journal", query_string="since=r1")
    assert answer.status_code == 404
    assert answer.json["error"]["message"] == (
        "the journal has no request `r1`; 1 older request was dropped, and it may be among them: "
        "the journal keeps 10 (`limits.journal`)"
    )
    assert (answer.json["error"]["kept"], answer.json["error"]["dropped"]) == (10, 1)


def test_it_is_forgotten_when_asked() -> None:
    cloud = numbered()
    for _ in range(12):
        cloud.ask("GET", "/a")
    assert cloud.ask("DELETE", "/_mimic/journal").status_code == 204
    assert read(cloud) == {"requests": [], "kept": 0, "dropped": 0, "limit": 10}
    cloud.ask("GET", "/a")
    assert ids(cloud) == ["r13"]


@pytest.mark.parametrize(
    "sent", [{}, {"HTTP_A_B": "1"}, {"HTTP_A_B": "1", "CONTENT_TYPE": "x", "wsgi.input": object()}]
)
def test_headers_are_copied_whatever_their_number(sent: dict[str, Any]) -> None:
    headers = Headers({**sent, "REQUEST_METHOD": "GET"})
    assert dict(zip(*headers.copied(), strict=True)) == dict(headers)
