# SPDX-License-Identifier: Apache-2.0
"""Worlds over a real socket: what clients of one see of it, and never of another."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.cloud import RunningCloud, cloud

CIRROS = "70a599e0-31e7-49b7-b260-868f441e862b"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with cloud(tmp_path_factory.mktemp("worlds"), clock_mode="frozen") as started:
        yield started


def make(running: RunningCloud, **wish: Any) -> dict[str, Any]:
    made = requests.post(f"{running.url}/_mimic/worlds", json=wish, timeout=20)
    assert made.status_code == 201, made.text
    told: dict[str, Any] = made.json()
    return told


def login(url: str, tenant: str = "demo") -> tuple[requests.Session, dict[str, Any]]:
    """A session with a token of a world, and the token's body."""
    user = {"name": tenant, "domain": {"id": "default"}, "password": "x"}
    scope = {"project": {"name": tenant, "domain": {"id": "default"}}}
    auth = {"identity": {"methods": ["password"], "password": {"user": user}}, "scope": scope}
    answer = requests.post(f"{url}/identity/v3/auth/tokens", json={"auth": auth}, timeout=20)
    assert answer.status_code == 201, answer.text
    session = requests.Session()
    session.headers["X-Auth-Token"] = answer.headers["X-Subject-Token"]
    return session, answer.json()["token"]


def names(session: requests.Session, url: str) -> list[str]:
    listed = session.get(f"{url}/compute/v2.1/servers", timeout=20)
    assert listed.status_code == 200, listed.text
    return [one["name"] for one in listed.json()["servers"]]


def create(session: requests.Session, url: str, name: str) -> requests.Response:
    body = {"server": {"name": name, "flavorRef": "1", "imageRef": CIRROS}}
    return session.post(f"{url}/compute/v2.1/servers", json=body, timeout=20)


def urls_in(data: Any) -> list[str]:
    """Every text in a body that begins as a URL does."""
    if isinstance(data, dict):
        return [url for value in data.values() for url in urls_in(value)]
    if isinstance(data, list):
        return [url for value in data for url in urls_in(value)]
    return [data] if isinstance(data, str) and data.startswith("http") else []


def test_two_worlds_with_the_same_tenant_don_t_see_each_other(running: RunningCloud) -> None:
    first, second = make(running), make(running)
    one, _ = login(first["url"])
    other, _ = login(second["url"])
    assert create(one, first["url"], "mine").status_code == 202
    assert names(one, first["url"]) == ["mine"]
    assert names(other, second["url"]) == []
    ours, _ = login(running.url)
    assert names(ours, running.url) == []


def test_a_token_of_one_world_is_none_of_another(running: RunningCloud) -> None:
    first, second = make(running, seed=1), make(running, seed=2)
    one, _ = login(first["url"])
    assert one.get(f"{first['url']}/compute/v2.1/servers", timeout=20).status_code == 200
    assert one.get(f"{second['url']}/compute/v2.1/servers", timeout=20).status_code == 401
    assert one.get(f"{running.url}/compute/v2.1/servers", timeout=20).status_code == 401


def test_catalog_and_links_stay_in_their_world(running: RunningCloud) -> None:
    world = make(running, regions=["north", "south"])
    inside = world["url"] + "/"
    session, token = login(world["url"])
    catalog = urls_in(token["catalog"])
    assert len(catalog) > 12
    assert any("/region/south/" in url for url in catalog)
    made = create(session, world["url"], "x")
    shown = [token, made.json()]
    assert made.headers["Location"].startswith(inside)
    for path in ("", "/", "/identity", "/compute", "/compute/v2.1", "/compute/v2.1/servers/detail?limit=1", "/image"):
        shown.append(session.get(f"{world['url']}{path}", timeout=20).json())
    found = [url for body in shown for url in urls_in(body) if "openstack.org" not in url]
    assert len(found) > 20
    assert [url for url in found if not url.startswith(inside)] == []


def test_the_world_that_is_told_is_the_one_that_answers(running: RunningCloud) -> None:
    world = make(running, id="told")
    assert world["url"] == f"{running.url}/w/told"
    for url in world["services"].values():
        assert url.startswith(f"{running.url}/w/told/")
        # 501: a path that the world has no rules for; another world has no such path at all.
        assert requests.get(url, timeout=20).status_code in (200, 300, 401, 501)


def test_clocks_are_apart(running: RunningCloud) -> None:
    slow = make(running, clock={"start": 1000, "mode": "frozen"})
    fast = make(running, clock={"start": 1000, "mode": "frozen"})
    session, _ = login(fast["url"])
    assert requests.post(f"{fast['url']}/_mimic/clock", json={"advance": "2d"}, timeout=20).status_code == 200
    assert session.get(f"{fast['url']}/compute/v2.1/servers", timeout=20).status_code == 401
    assert requests.get(f"{slow['url']}/_mimic/clock", timeout=20).json()["now"] == 1000


def test_a_removed_world_answers_with_how_to_make_one(running: RunningCloud) -> None:
    world = make(running)
    gone = requests.delete(f"{running.url}/_mimic/worlds/{world['id']}", timeout=20)
    assert (gone.status_code, gone.content) == (204, b"")
    for path in ("/identity/v3", "/_mimic/clock"):
        answer = requests.get(world["url"] + path, timeout=20)
        assert answer.status_code == 404
        assert f"`{world['id']}`" in answer.json()["error"]["message"]
        assert "`POST /_mimic/worlds` makes one" in answer.json()["error"]["message"]


def test_many_clients_make_worlds_at_once(running: RunningCloud) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda number: make(running, seed=number), range(40)))
    assert len({one["id"] for one in made}) == 40

    def one_name(number: int) -> str:
        answer = requests.post(f"{running.url}/_mimic/worlds", json={"id": "contested"}, timeout=20)
        return str(answer.status_code)

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(one_name, range(16))) == ["201"] + ["409"] * 15
    for one in made:
        requests.delete(f"{running.url}/_mimic/worlds/{one['id']}", timeout=20)


def test_a_reset_while_clients_ask_leaves_nobody_without_an_answer(running: RunningCloud) -> None:
    world = make(running)
    done = []

    def client(number: int) -> None:
        for _ in range(15):
            if number == 0:
                answer = requests.post(f"{world['url']}/_mimic/reset", timeout=20)
                done.append(answer.status_code)
                continue
            session, _ = login(world["url"], f"t{number}")
            done.append(create(session, world["url"], "x").status_code)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(client, range(4)))
    # a token is gone with the world that gave it
    assert set(done) <= {200, 202, 401}
    assert {200, 202} <= set(done)


def test_a_world_outlives_the_process_in_a_snapshot(running_cloud: Callable[..., RunningCloud], tmp_path: Path) -> None:
    kept = str(tmp_path / "kept")
    config = {"snapshots": kept, "clock": {"mode": "frozen"}}
    first = running_cloud(config=config)
    world = make(first, id="a")
    session, _ = login(world["url"])
    create(session, world["url"], "x")
    taken = requests.post(f"{world['url']}/_mimic/snapshots", json={"name": "night"}, timeout=20)
    assert taken.status_code == 201, taken.text
    assert first.stop() == 0
    second = running_cloud(config=config)
    again = make(second, snapshot="night")
    assert names(session, again["url"]) == ["x"]
    restored = requests.post(f"{second.url}/_mimic/restore", json={"name": "night"}, timeout=20)
    assert restored.status_code == 200, restored.text
    assert names(session, second.url) == ["x"]


def test_idle_worlds_go(running_cloud: Callable[..., RunningCloud]) -> None:
    brief = running_cloud(config={"limits": {"idle": "200ms"}})
    world = make(brief)
    listed = requests.get(f"{brief.url}/_mimic/worlds", timeout=20).json()["worlds"]
    assert [one["id"] for one in listed] == ["default", world["id"]]
    idle = listed[1]["idle"]
    assert idle < 20
    while idle:
        listed = requests.get(f"{brief.url}/_mimic/worlds", timeout=20).json()["worlds"]
        idle = listed[1]["idle"] if len(listed) > 1 else 0
        assert idle < 20
    answer = requests.get(f"{world['url']}/identity/v3", timeout=20)
    assert answer.status_code == 404
    assert "has expired" in answer.json()["error"]["message"]
    assert json.dumps(listed).count("default") == 1
