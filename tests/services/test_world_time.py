# SPDX-License-Identifier: Apache-2.0
"""All time is the world's: whatever is answered in the lives of a server and a token, no moment is of another clock.

Time moves by every means that the control API has: advanced, to a moment, until quiet, on poll, and by age.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from tests.cloud import Answer, RunningCloud
from tests.services.callers import CIRROS, Caller, login
from tests.services.conftest import MORNING

BEGIN = datetime.fromisoformat(MORNING).timestamp()
DAY = 86400.0
MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?)?")
OF_THE_APIS = {"2013-07-23T11:33:21Z", "2025-07-04T12:00:00Z", "2020-04-07T00:00:00Z"}
"""When versions of the APIs were published, as their documents say."""


def moments(value: Any) -> Iterator[float]:
    """Every moment in an answer: ISO texts anywhere, and numbers that are seconds of this century."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from moments(key)
            yield from moments(one)
    elif isinstance(value, list):
        for one in value:
            yield from moments(one)
    elif isinstance(value, str):
        for found in MOMENT.findall(value):
            if found not in OF_THE_APIS:
                moment = datetime.fromisoformat(found)
                yield (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    elif isinstance(value, int | float) and not isinstance(value, bool) and value > 946_684_800:
        yield value


def of_headers(headers: dict[str, str]) -> Iterator[float]:
    """Every moment in headers. `Date` is no statement of the cloud but of the connection: gunicorn writes it."""
    for name, value in headers.items():
        if name in ("last-modified", "expires"):
            yield parsedate_to_datetime(value).timestamp()
        elif name != "date":
            yield from moments(value)


class Witness:
    """A cloud that notes what it answered, and when in its world that was."""

    def __init__(self, cloud: RunningCloud) -> None:
        self.cloud = cloud
        self.seen: list[tuple[str, float, float]] = []
        self.now = BEGIN

    def ask(self, method: str, path: str, *more: Any, **named: Any) -> Answer:
        answer = self.cloud.ask(method, path, *more, **named)
        told = [*moments(answer.json if answer.body else None), *of_headers(answer.headers)]
        self.seen += [(f"{method} {path} {answer.status}", self.now, at) for at in told]
        return answer

    def move(self, **wish: object) -> Any:
        answer = self.cloud.ask("POST", "/_mimic/clock", wish)
        assert answer.status == 200, answer.body
        self.now = answer.json["now"]
        self.seen += [("the clock", self.now, at) for at in moments(answer.json) if "pending" not in answer.json]
        return answer.json


def look_around(caller: Caller, server: str) -> None:
    """All that can be read, of this server and of the rest."""
    for version in (None, "2.1", "2.104"):
        for path in ("/servers/detail", f"/servers/{server}", f"/servers/{server}/ips", "/flavors/detail", "/limits"):
            caller.ask("GET", path, version=version)
    for path in ("", "/os-keypairs", "/os-keypairs/k", f"/images/{CIRROS}", "/images/detail", "/os-availability-zone"):
        caller.ask("GET", path)
    caller.ask("GET", "/servers/detail?changes-since=2030-01-01T00:00:00Z")
    caller.ask("GET", "/servers/detail?deleted=true&changes-since=2030-01-01T00:00:00Z")
    for path in (
        "/auth/tokens",
        "/auth/tokens?allow_expired=1",
        "/auth/catalog",
        "/users",
        "/projects",
        "/regions",
        "",
    ):
        caller.identity("GET", path, headers={"X-Subject-Token": caller.token})
    for path in ("/identity", "/compute", "/image", "/image/v2/images", "/network", "/network/v2.0", "/_mimic/health"):
        caller.cloud.ask("GET", path, headers={"X-Auth-Token": caller.token})


def test_no_answer_of_two_whole_lives_knows_another_time(frozen: RunningCloud) -> None:
    witness = Witness(frozen)
    caller = login(witness, "clockwork")
    token = caller.token
    assert caller.ask("POST", "/os-keypairs", {"keypair": {"name": "k"}}).status == 200
    server = caller.create("web")
    look_around(caller, server)

    assert witness.move(until="quiet")["fired"] == 1
    assert caller.show(server)["status"] == "ACTIVE"
    look_around(caller, server)

    # Each status that a client waits for comes with its third look.
    witness.move(poll=3)
    for action, before, after in (
        ("os-stop", "ACTIVE", "SHUTOFF"),
        ("os-start", "SHUTOFF", "ACTIVE"),
        ("suspend", "ACTIVE", "SUSPENDED"),
    ):
        assert caller.act(server, action).status == 202
        looks = [caller.show(server)["status"] for _ in range(2)]
        witness.now = frozen.ask("GET", "/_mimic/clock").json["now"] + DAY
        assert [*looks, caller.show(server)["status"]] == [before, before, after]
        witness.now = frozen.ask("GET", "/_mimic/clock").json["now"]
    witness.move(poll=None)
    look_around(caller, server)

    witness.move(until="2030-01-01T12:00:00Z")
    assert caller.ask("DELETE", f"/servers/{server}").status == 204
    witness.move(advance=60)
    look_around(caller, server)

    aged = witness.ask("POST", "/_mimic/age", {"kind": "identity.token", "key": token, "by": "23h"})
    assert (aged.status, aged.json["key"], aged.json["states"]) == (200, "***", {"status": "ISSUED"})
    assert token not in aged.body.decode()
    assert caller.identity("GET", "/users").status == 401
    look_around(caller, server)
    aged = witness.ask("POST", "/_mimic/age", {"kind": "identity.token", "key": token, "by": "2d"})
    assert (aged.json["gone"], aged.json["fired"]) == (True, 1)
    assert witness.ask("POST", "/_mimic/age", {"kind": "identity.token", "key": token, "by": 1}).status == 404

    again = login(witness, "clockwork")
    witness.move(advance="40d")
    assert again.identity("GET", "/users").status == 401

    assert len(witness.seen) > 150
    assert len({path for path, _, _ in witness.seen}) > 10
    # What has aged was a day or three before it is; a token outlives its day by another.
    strange = [(path, at - BEGIN) for path, now, at in witness.seen if not BEGIN - 3 * DAY <= at <= now + 2 * DAY]
    assert strange == []
    young = [at for path, _, at in witness.seen if "/_mimic/age" not in path and "tokens" not in path]
    assert min(young) >= BEGIN
    assert max(young) >= BEGIN + 40 * DAY


def test_every_moment_is_found_by_the_witness() -> None:
    """The walk itself: a real date anywhere would not pass unseen."""
    told = {"a": [{"created": "2024-05-06T07:08:09Z"}, 1_700_000_000.5], "2024-05-06": True, "n": 5, "u": "no 2-3-4"}
    assert sorted(moments(told)) == [1_700_000_000.5, 1714953600.0, 1714979289.0]
    assert list(of_headers({"date": "Tue, 15 Nov 1994 08:12:31 GMT"})) == []
    assert list(of_headers({"expires": "Tue, 15 Nov 1994 08:12:31 GMT", "x": "2024-05-06T07:08:09"})) == [
        784887151.0,
        1714979289.0,
    ]
