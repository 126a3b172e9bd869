# SPDX-License-Identifier: Apache-2.0
"""What becomes of worlds: reset, with their first rules, copied, and gone when nobody asks for them any more."""

from pathlib import Path

import pytest

from mimic_rules.web.mounts import SWEPT_EVERY, Mounts
from tests.web.worlds import BASE, SERVERS, Worlds, create, login, names, refusal, server


@pytest.fixture
def worlds(tmp_path: Path) -> Worlds:
    return Worlds(tmp_path)


# reset ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["", "/w/a"])
def test_a_reset_world_is_as_it_was_made(worlds: Worlds, prefix: str) -> None:
    world_id = "a" if prefix else "default"
    if prefix:
        worlds.make(id="a", seed=5, clock={"start": 1000, "mode": "frozen"}, config={"quotas": {"instances": 3}})
    before = worlds.told(world_id)
    first = create(worlds, prefix, login(worlds, prefix), "x")
    worlds.ask("POST", f"{prefix}/_mimic/clock", {"advance": "30d"})
    assert worlds.told(world_id) != before
    mount = worlds.mount(world_id)
    reset = worlds.ask("POST", f"{prefix}/_mimic/reset", {})
    assert reset.status_code == 200
    assert worlds.told(world_id) == before == {name: value for name, value in reset.json.items() if name != "idle"}
    assert worlds.mount(world_id).journal.entries() == ()
    # the clock stands, so that it was not the reset that made all the difference
    assert worlds.mount(world_id) is not mount
    assert create(worlds, prefix, login(worlds, prefix), "x") == first


def test_a_reset_clock_starts_where_it_did(worlds: Worlds) -> None:
    worlds.make(id="a", clock={"start": 1000, "mode": "running", "rate": 2, "poll": 4})
    worlds.ask("POST", "/w/a/_mimic/clock", {"freeze": True, "advance": 500})
    worlds.ask("POST", "/w/a/_mimic/reset")
    clock = worlds.mount("a").world.clock
    assert (clock.rate, clock.frozen, clock.poll) == (2.0, False, 4)
    assert 1000 <= clock.now() < 1400


def test_a_reset_takes_nothing_from_others(worlds: Worlds) -> None:
    worlds.make(id="a")
    token = login(worlds)
    create(worlds, "", token, "x")
    worlds.ask("POST", "/w/a/_mimic/reset")
    assert names(worlds, "", token) == ["x"]


# rules of run time ---------------------------------------------------------------------------------------------------

NO = "for compute.server\non create when name == 'no' then respond 503 computeFault 'not now'\n"
NEVER = NO.replace("'no'", "'never'")


def refused(worlds: Worlds, prefix: str, token: str, name: str = "no") -> bool:
    answer = worlds.ask("POST", f"{prefix}{SERVERS}", server(name), x_auth_token=token)
    assert answer.status_code in (202, 503), answer.text
    return answer.status_code == 503


def test_a_world_begins_with_rules(worlds: Worlds) -> None:
    made = worlds.make(id="a", rules=[NO, NEVER])
    assert [text["id"] for text in made["rules"]] == ["r1", "r2"]
    assert made["rules"][0]["rules"][0]["place"].startswith("r1:2:")
    assert made["warnings"] == []
    assert worlds.told("a")["rules"] == 2
    token = login(worlds, "/w/a")
    assert refused(worlds, "/w/a", token)
    assert refused(worlds, "/w/a", token, "never")
    assert not refused(worlds, "", login(worlds))


def test_a_wrong_text_makes_no_world(worlds: Worlds) -> None:
    told = refusal(worlds.ask("POST", "/_mimic/worlds", {"id": "a", "rules": [NO, "on crate server"]}), 400)
    assert {one["file"] for one in told["diagnostics"]} == {"r2"}
    assert told["diagnostics"][0]["line"] == 1
    assert worlds.cloud.mounts.get("a") is None
    worlds.make(id="a", rules=[NO])


def test_a_reset_world_has_the_rules_that_it_was_made_with(worlds: Worlds) -> None:
    worlds.make(id="a", rules=[NO])
    worlds.ask("POST", "/w/a/_mimic/rules", {"text": NEVER})
    worlds.ask("DELETE", "/w/a/_mimic/rules/r1")
    worlds.ask("POST", "/w/a/_mimic/reset")
    token = login(worlds, "/w/a")
    assert refused(worlds, "/w/a", token)
    assert not refused(worlds, "/w/a", token, "never")
    # the next text is called as the first one was that came after it was made
    assert worlds.ask("POST", "/w/a/_mimic/rules", {"text": NEVER}).json["id"] == "r2"


def test_a_fork_has_the_rules_of_its_source_and_its_own(worlds: Worlds) -> None:
    worlds.make(id="a", rules=[NO])
    token = login(worlds, "/w/a")
    worlds.make(id="b", fork="a", rules=[NEVER])
    worlds.ask("DELETE", "/w/a/_mimic/rules")
    assert not refused(worlds, "/w/a", token)
    for _ in range(2):
        assert refused(worlds, "/w/b", token)
        assert refused(worlds, "/w/b", token, "never")
        worlds.ask("DELETE", "/w/b/_mimic/rules")
        worlds.ask("POST", "/w/b/_mimic/reset")


# copies --------------------------------------------------------------------------------------------------------------


def test_a_fork_begins_as_its_source_is_and_goes_its_own_way(worlds: Worlds) -> None:
    worlds.make(id="a", config={"quotas": {"instances": 2}}, explain=True)
    token = login(worlds, "/w/a")
    create(worlds, "/w/a", token, "x")
    made = worlds.make(id="b", fork="a")
    assert made["services"]["compute"].startswith(f"{BASE}/w/b/")
    assert worlds.mount("b").explain
    assert names(worlds, "/w/b", token) == ["x"]
    create(worlds, "/w/b", token, "y")
    assert sorted(names(worlds, "/w/b", token)) == ["x", "y"]
    assert names(worlds, "/w/a", token) == ["x"]
    # a quota of two holds in both
    assert worlds.ask("POST", f"/w/b{SERVERS}", server("z"), x_auth_token=token).status_code == 403
    worlds.ask("DELETE", "/_mimic/worlds/a")
    assert sorted(names(worlds, "/w/b", token)) == ["x", "y"]


def test_a_fork_may_have_another_pace(worlds: Worlds) -> None:
    worlds.make(id="a", clock={"start": 1000, "mode": "frozen"})
    worlds.make(id="b", fork="a", clock={"rate": 4, "mode": "running"}, explain=True)
    worlds.make(id="c", fork="a", clock={"start": 500})
    assert (worlds.mount("b").world.clock.rate, worlds.mount("b").world.clock.frozen) == (4.0, False)
    assert worlds.told("c")["time"] == 500.0
    assert (worlds.mount("a").explain, worlds.mount("b").explain) == (False, True)
    assert refusal(worlds.ask("POST", "/_mimic/worlds", {"fork": "a", "clock": {"mode": "x"}}), 400)["place"] == (
        "clock.mode"
    )


def test_a_fork_is_reset_to_what_it_was_forked_as(worlds: Worlds) -> None:
    token = login(worlds)
    create(worlds, "", token, "x")
    worlds.make(id="b", fork="default")
    create(worlds, "", token, "later")
    create(worlds, "/w/b", token, "y")
    worlds.ask("POST", "/w/b/_mimic/clock", {"advance": 50})
    for _ in range(2):
        worlds.ask("POST", "/w/b/_mimic/reset")
        assert names(worlds, "/w/b", token) == ["x"]
        assert worlds.told("b")["time"] == worlds.told()["time"]
        create(worlds, "/w/b", token, "z")


def test_a_fork_of_nothing_is_404(worlds: Worlds) -> None:
    assert refusal(worlds.ask("POST", "/_mimic/worlds", {"fork": "nope"}), 404)["place"] == "fork"


# expiry --------------------------------------------------------------------------------------------------------------


def idle_for(worlds: Worlds, world: str, seconds: float) -> None:
    """As if nobody had asked a world anything for so long, and nobody had looked."""
    worlds.mount(world).used -= seconds
    worlds.cloud.mounts.sweep(-1e9, every=-2e9)


def test_a_world_that_nobody_asks_expires(tmp_path: Path) -> None:
    worlds = Worlds(tmp_path, **{"limits.idle": "60s"})
    worlds.make(id="a")
    worlds.make(id="b")
    idle_for(worlds, "a", 61)
    idle_for(worlds, "b", 59)
    idle_for(worlds, "default", 1000)
    told = refusal(worlds.ask("GET", "/w/a/identity/v3"), 404)
    assert "has expired" in told["message"]
    assert [one["id"] for one in worlds.ask("GET", "/_mimic/worlds").json["worlds"]] == ["default", "b"]


@pytest.mark.parametrize("path", ["/w/a/identity/v3", "/w/a/_mimic/clock"])
def test_whatever_is_asked_of_a_world_keeps_it(tmp_path: Path, path: str) -> None:
    worlds = Worlds(tmp_path, **{"limits.idle": "60s"})
    worlds.make(id="a")
    worlds.mount("a").used -= 40
    assert worlds.ask("GET", path).status_code == 200
    worlds.mount("a").used -= 40
    assert worlds.ask("GET", "/_mimic/worlds/a").status_code == 200


def test_with_no_limit_nothing_expires(tmp_path: Path) -> None:
    worlds = Worlds(tmp_path, **{"limits.idle": "0s"})
    worlds.make(id="a")
    idle_for(worlds, "a", 1e6)
    assert worlds.ask("GET", "/w/a/identity/v3").status_code == 200


def test_requests_look_for_idle_worlds_every_few_seconds_only(worlds: Worlds) -> None:
    mounts = Mounts(worlds.cloud.mounts.store, idle=60.0)
    worlds.make(id="a")
    mounts._mounts["a"] = mount = worlds.mount("a")
    mounts.sweep(mount.used + 10)
    mounts.sweep(mount.used + 10 + SWEPT_EVERY - 0.1)
    mount.used -= 1000
    mounts.sweep(mount.used + 1010 + SWEPT_EVERY - 0.1)
    assert mounts.get("a") is mount
    mounts.sweep(mount.used + 1010 + SWEPT_EVERY)
    assert mounts.get("a") is None


# what is counted -----------------------------------------------------------------------------------------------------


def test_a_request_is_counted_once_whatever_becomes_of_its_world(worlds: Worlds) -> None:
    def counted() -> int:
        totals = worlds.cloud.mounts.totals
        return sum(totals.counts(mount.world for mount in worlds.cloud.mounts.all()).asked.values())

    def logins(*prefixes: str) -> int:
        for prefix in prefixes:
            login(worlds, prefix)
        return counted()

    worlds.make(id="a")
    assert logins("", "/w/a", "/w/a") == 3
    worlds.make(id="b", fork="a")
    assert counted() == 3
    assert logins("/w/b", "/w/a") == 5
    worlds.ask("POST", "/w/b/_mimic/snapshots", {"name": "b"})
    worlds.make(id="c", snapshot="b")
    assert logins("/w/c") == 6
    for path, body in (("/w/b/_mimic/reset", {}), ("/w/a/_mimic/restore", {"name": "b"}), ("/_mimic/reset", {})):
        assert worlds.ask("POST", path, body).status_code == 200
        assert counted() == 6
    for name in "abc":
        worlds.ask("DELETE", f"/_mimic/worlds/{name}")
        assert counted() == 6
    assert logins("") == 7
