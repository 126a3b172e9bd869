# SPDX-License-Identifier: Apache-2.0
"""Journals, verification and explanations over a socket, with the services that come with the program."""

import threading
from collections.abc import Callable
from typing import Any

from tests.cloud import RunningCloud

Start = Callable[..., RunningCloud]

RULES = """
for compute.server
rule no_room "There is no host for it."
  on create
  when name starts with 'web'
  only 2 times
  then respond 500 computeFault "No valid host was found."
"""
PASSWORD = "correct-horse-battery"


def login(cloud: RunningCloud) -> str:
    user = {"name": "you", "password": PASSWORD, "domain": {"name": "Default"}}
    scope = {"project": {"name": "demo", "domain": {"name": "Default"}}}
    body = {"auth": {"identity": {"methods": ["password"], "password": {"user": user}}, "scope": scope}}
    answer = cloud.ask("POST", "/identity/v3/auth/tokens", body)
    assert answer.status == 201
    return answer.headers["x-subject-token"]


def create(cloud: RunningCloud, token: str, name: str) -> Any:
    body = {"server": {"name": name, "flavorRef": "1", "imageRef": "70a599e0-31e7-49b7-b260-868f441e862b"}}
    return cloud.ask("POST", "/compute/v2.1/servers", body, {"X-Auth-Token": token, "X-Mimic-Explain": "true"})


def test_a_fault_is_explained_and_why_it_came_no_third_time(running_cloud: Start) -> None:
    cloud = running_cloud(RULES)
    token = login(cloud)
    statuses = []
    for _ in range(3):
        answer = create(cloud, token, "web-1")
        statuses.append(answer.status)
        told = cloud.ask("GET", f"/_mimic/explain/{answer.headers['x-mimic-request']}").json
        (one,) = [one for one in told["candidates"] if one["rule"]["name"] == "no_room"]
        assert one["rule"]["place"] == "team.rules:3"
        decided = answer.status == 500
        assert one["verdict"] == ("decided" if decided else "not this time")
        assert one["reason"] == ("fills answer, commit: respond 500" if decided else "used 2 of 2")
        assert ("answer" in told["slots"]) == decided
    assert statuses[:2] == [500, 500]
    assert statuses[2] != 500
    answer = create(cloud, token, "db-1")
    text = cloud.ask("GET", f"/_mimic/explain/{answer.headers['x-mimic-request']}?format=text").body.decode()
    assert "  - no_room, team.rules:3  There is no host for it.\n      `" in text
    assert 'does not hold: left is "db-1", right is "web"' in text
    wish = {"requests": [{"operation": "compute create server", "status": 500, "times": 2}]}
    assert cloud.ask("POST", "/_mimic/verify", wish).json["result"] == "passed"


def test_no_token_and_no_password_is_told(running_cloud: Start) -> None:
    cloud = running_cloud()
    cloud.ask("PUT", "/_mimic/explain", {"on": True})
    token = login(cloud)
    sent = {"X-Auth-Token": token, "X-Subject-Token": token}
    for method in ("GET", "HEAD", "DELETE"):
        cloud.ask(method, "/identity/v3/auth/tokens", None, sent)
    cloud.ask("GET", f"/identity/v2.0/tokens/{token}")
    # No rule models this one, and it is as secret.
    cloud.ask("GET", f"/identity/v9/tokens/{token}")
    cloud.ask("GET", f"/compute/v2.1/servers?note={token}", None, sent)
    journal = cloud.ask("GET", "/_mimic/journal")
    assert [one["method"] for one in journal.json["requests"]] == ["POST", "GET", "HEAD", "DELETE", "GET", "GET", "GET"]
    told = [journal.body.decode()]
    for one in journal.json["requests"]:
        told += [cloud.ask("GET", f"/_mimic/explain/{one['id']}").body.decode()]
        told += [cloud.ask("GET", f"/_mimic/explain/{one['id']}?format=text").body.decode()]
    wish = {"requests": [{"headers": {"X-Auth-Token": token}, "path": f"/tokens/{token}"}], "no_others": True}
    told += [cloud.ask("POST", "/_mimic/verify", wish).body.decode()]
    assert [text for text in told if token in text] == []
    assert [text for text in told if PASSWORD in text] == []


def test_the_journal_is_exact_under_its_bound_and_honest_over_it(running_cloud: Start) -> None:
    cloud = running_cloud(config={"limits": {"journal": 100}})
    seen: list[str] = []

    def ask() -> None:
        for _ in range(15):
            seen.append(cloud.ask("GET", "/identity/v3").headers["x-mimic-request"])

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads[:4]:
        thread.start()
    for thread in threads[:4]:
        thread.join()
    journal = cloud.ask("GET", "/_mimic/journal").json
    assert (journal["kept"], journal["dropped"]) == (60, 0)
    assert sorted(one["id"] for one in journal["requests"]) == sorted(seen)
    for thread in threads[4:]:
        thread.start()
    for thread in threads[4:]:
        thread.join()
    journal = cloud.ask("GET", "/_mimic/journal").json
    assert (journal["kept"], journal["dropped"]) == (100, 20)
    assert {one["id"] for one in journal["requests"]} <= set(seen)
    times = [one["at"] for one in journal["requests"]]
    assert times == sorted(times)
    verified = cloud.ask("POST", "/_mimic/verify", {"requests": [{"path": "/identity/v3", "times": 120}]}).json
    assert verified["result"] == "unknown"
