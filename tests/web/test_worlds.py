# SPDX-License-Identifier: Apache-2.0
"""Worlds over the control API: made as somebody wants them, listed, removed, and refused with a reason.

In this process; what clients see over a socket is in test_worlds_serving.py.
"""

from pathlib import Path
from typing import Any

import pytest

from mimic_rules.web.weight import ENGINE
from tests.web.worlds import BASE, SERVERS, Worlds, create, login, refusal, server


@pytest.fixture
def worlds(tmp_path: Path) -> Worlds:
    return Worlds(tmp_path)


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Worlds:
    """A cloud for tests that change nothing."""
    return Worlds(tmp_path_factory.mktemp("still"))


# making --------------------------------------------------------------------------------------------------------------


def test_a_world_needs_no_wish(worlds: Worlds) -> None:
    made = worlds.make()
    assert made["id"] == "w1"
    assert made["url"] == f"{BASE}/w/w1"
    assert made["services"]["identity"] == f"{BASE}/w/w1/identity/v3"
    assert (made["rules"], made["warnings"]) == ([], [])
    assert worlds.ask("GET", "/w/w1/identity/v3").status_code == 200
    assert worlds.make()["id"] == "w2"


def test_where_a_new_world_is_told_is_in_the_answer(worlds: Worlds) -> None:
    made = worlds.ask("POST", "/_mimic/worlds", {"id": "mine"})
    assert made.headers["location"] == f"{BASE}/_mimic/worlds/mine"
    assert worlds.ask("GET", "/_mimic/worlds/mine").json["url"] == f"{BASE}/w/mine"


def test_ids_that_somebody_chose_are_not_drawn(worlds: Worlds) -> None:
    worlds.make(id="w1")
    assert worlds.make()["id"] == "w2"


def test_a_world_is_made_as_it_is_wanted(worlds: Worlds) -> None:
    made = worlds.make(
        id="own",
        services=["compute"],
        regions=["north", "south"],
        seed="pear",
        clock={"start": "2030-01-01T00:00:00Z", "mode": "frozen", "rate": 3, "poll": 2},
        config={
            "quotas": {"instances": 1},
            "durations": {"compute.server.BUILD": "7s"},
            "limits": {"records": 500},
            "token_lifetime": 60,
        },
        explain=True,
    )
    # What Compute needs comes with it: whose records it asks for, and whose records its callers are.
    assert set(made["services"]) == {"compute", "identity", "image", "network", "volume"}
    mount = worlds.mount("own")
    world = mount.world
    assert world.clock.state() == {"now": 1893456000.0, "rate": 3.0, "frozen": True, "poll": 2}
    assert (world.seed, world.max_records, mount.explain) == ("pear", 500, True)
    assert mount.recipe is not None
    linked = mount.recipe.chosen.engine.linked
    assert linked.regions == ("north", "south")
    assert linked.durations == {"compute.server.BUILD": 7.0}
    assert linked.settings["token_lifetime"] == 60
    token = login(worlds, "/w/own")
    create(worlds, "/w/own", token, "a")
    assert worlds.ask("POST", f"/w/own{SERVERS}", server("b"), x_auth_token=token).status_code == 403
    # the cloud's own world is as it was
    ours = login(worlds)
    for name in "ab":
        create(worlds, "", ours, name)
    assert worlds.cloud.engine.linked.regions == ("RegionOne",)


def test_a_start_may_be_seconds(worlds: Worlds) -> None:
    worlds.make(id="old", clock={"start": 86400.5})
    assert worlds.told("old")["time"] == 86400.5


def test_what_the_cloud_says_holds_where_a_world_says_nothing(tmp_path: Path) -> None:
    worlds = Worlds(tmp_path, seed="plum", clock_start="2031-01-01T00:00:00Z", quotas="{instances: 7, cores: 9}")
    worlds.make(id="own", config={"quotas": {"instances": 1}})
    mount = worlds.mount("own")
    assert mount.recipe is not None
    assert dict(mount.recipe.config.quotas) == {"instances": 1, "cores": 9}
    assert (mount.world.seed, mount.world.clock.now()) == ("plum", worlds.mount().world.clock.now())


def test_a_world_s_word_is_stronger_than_a_flag_or_a_variable(tmp_path: Path) -> None:
    worlds = Worlds(tmp_path, token_lifetime="30")
    worlds.make(id="own", config={"token_lifetime": 60})
    assert worlds.cloud.settings["token_lifetime"] == 30
    mount = worlds.mount("own")
    assert mount.recipe is not None
    assert mount.recipe.chosen.settings["token_lifetime"] == 60


def test_worlds_with_the_same_choice_share_an_engine(worlds: Worlds) -> None:
    for world_id, wish in (
        ("a", {}),
        ("b", {"seed": 7}),
        ("c", {"config": {"quotas": {"cores": 3}}}),
        ("d", {"seed": 8, "config": {"quotas": {"cores": 3}}}),
        ("e", {"config": {"quotas": {"cores": 4}}}),
    ):
        worlds.make(id=world_id, **wish)
    engines = {one: worlds.mount(one).engine for one in "abcde"}
    assert engines["a"] is engines["b"] is worlds.cloud.engine
    assert engines["c"] is engines["d"]
    assert len({id(one) for one in engines.values()}) == 3


def test_the_same_seed_gives_the_same_world(worlds: Worlds) -> None:
    ids = []
    for prefix in ("", "/w/twin", "/w/other"):
        if prefix:
            worlds.make(id=prefix[3:], **({"seed": 99} if prefix == "/w/other" else {}))
        ids.append(create(worlds, prefix, login(worlds, prefix), "a"))
    assert ids[0] == ids[1] != ids[2]


# what can't be made --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("world_id", ["", "a b", "a/b", "..", ".a", "-a", "a" * 65, "ab\n", "é"])
def test_an_id_is_a_name(still: Worlds, world_id: str) -> None:
    assert refusal(still.ask("POST", "/_mimic/worlds", {"id": world_id}), 400)["place"] == "id"
    assert len(still.cloud.mounts.all()) == 1


@pytest.mark.parametrize("world_id", ["default", "mine"])
def test_an_id_that_is_taken_is_409(worlds: Worlds, world_id: str) -> None:
    worlds.make(id="mine")
    told = refusal(worlds.ask("POST", "/_mimic/worlds", {"id": world_id}), 409)
    assert told["message"].startswith(f"there is a world `{world_id}` already: ")


@pytest.mark.parametrize(
    ("wish", "place", "reason"),
    [
        ({"servces": []}, "the body", "did you mean `services`?"),
        ({"id": 7}, "id", "takes a text"),
        ({"clock": {"stat": 1}}, "clock", "did you mean `start`?"),
        ({"clock": {"start": -1}}, "clock.start", "`-1` is not a world time"),
        ({"clock": {"start": 1e300}}, "clock.start", "is not a world time"),
        ({"clock": {"start": True}}, "clock.start", "takes `now` or a time"),
        ({"clock": {"start": "soon"}}, "clock.start", "takes `now` or a time"),
        ({"clock": {"mode": "frosen"}}, "clock.mode", "takes `running` or `frozen`"),
        ({"clock": {"rate": 0}}, "clock.rate", "takes a number above 0"),
        ({"clock": {"poll": 0}}, "clock.poll", "takes at least 1"),
        ({"services": ["compte"]}, "services", "there is no service `compte`"),
        ({"services": "compute"}, "services", "takes a list"),
        ({"regions": []}, "regions", "at least 1"),
        ({"seed": [1]}, "seed", "a whole number or text"),
        ({"rules": [7]}, "rules[0]", "takes a text"),
        ({"config": {"port": 1}}, "config.port", "belongs to the process and not to a world"),
        ({"config": {"limits": {"worlds": 1}}}, "config.limits.worlds", "belongs to the process"),
        ({"config": {"limits": {"recrds": 1}}}, "config.limits.recrds", "isn't a key of a world's `limits`"),
        ({"config": {"limits": 7}}, "config.limits", "takes a map"),
        ({"config": {"seed": 1}}, "config.seed", "isn't a key of `config`"),
        ({"config": {"prot": 1}}, "config.prot", "isn't a key of the configuration"),
        ({"config": {"quotas": {"cores": "many"}}}, "config.quotas.cores", "takes a whole number"),
        ({"config": {"durations": {"a.b": "1s"}}}, "config.durations.a.b", "isn't a key of `durations`"),
        ({"config": {"users": [{"name": 7}]}}, "config.users[0]", ""),
        ({"fork": "default", "seed": 1}, "seed", "contradict each other"),
        ({"fork": "default", "snapshot": "a"}, "snapshot", "contradict each other"),
        ({"snapshot": "a", "config": {}}, "config", "contradict each other"),
    ],
)
def test_a_wish_that_cant_be_is_400_with_its_place(
    still: Worlds, wish: dict[str, Any], place: str, reason: str
) -> None:
    told = refusal(still.ask("POST", "/_mimic/worlds", wish), 400)
    assert told["place"] == place
    assert reason in told["message"]
    assert len(still.cloud.mounts.all()) == 1


def test_all_problems_of_a_wish_come_together(worlds: Worlds) -> None:
    wish = {"services": ["compte"], "clock": {"start": "soon"}, "config": {"port": 1, "quotas": {"cores": "many"}}}
    told = refusal(worlds.ask("POST", "/_mimic/worlds", wish), 400)
    found = [(one["code"], one["place"]) for one in told["diagnostics"]]
    assert sorted(found) == [
        ("MR610", "config.port"),
        ("MR611", "config.quotas.cores"),
        ("MR612", "clock.start"),
        ("MR612", "services"),
    ]
    assert all(one["message"] and one["help"] for one in told["diagnostics"])


def test_a_seed_that_the_rules_refuse_makes_no_world(tmp_path: Path) -> None:
    rules = (
        'service desk "Desk" { mount /desk }\nfor desk\nsetting rooms list of text = [] "rooms"\n'
        'resource room in world { id text  floor -> floor ? else 400 "no floor {value}" }\n'
        "resource floor in world { id text }\n"
        "seed room for each r in setting.rooms { id: r, floor: r }\n"
    )
    worlds = Worlds(tmp_path, rules)
    told = refusal(worlds.ask("POST", "/_mimic/worlds", {"config": {"rooms": ["attic"]}}), 400)
    (one,) = told["diagnostics"]
    assert one["code"] == "MR616"
    assert one["place"].endswith("team.rules:6:1")
    assert len(worlds.cloud.mounts.all()) == 1


def test_a_world_too_many_is_507_and_says_what_to_do(tmp_path: Path) -> None:
    worlds = Worlds(tmp_path, **{"limits.worlds": 2})
    worlds.make(id="a")
    told = refusal(worlds.ask("POST", "/_mimic/worlds", {}), 507)
    assert "`limits.worlds`" in told["message"]
    assert "DELETE /_mimic/worlds/ID" in told["help"]
    worlds.ask("DELETE", "/_mimic/worlds/a")
    worlds.make(id="b")


def test_worlds_that_would_take_too_much_memory_are_507(tmp_path: Path) -> None:
    worlds = Worlds(tmp_path, **{"limits.memory": ENGINE + 2**22})
    # the default one, and those with the same engine
    made = [worlds.ask("POST", "/_mimic/worlds", {}) for _ in range(20)]
    first, *others = [one for one in made if one.status_code != 201]
    assert "`limits.memory`" in refusal(first, 507)["message"]
    assert {one.status_code for one in others} == {507}
    there = worlds.ask("GET", "/_mimic/worlds").json["worlds"]
    assert len(there) == 1 + 20 - len(others) - 1
    assert 2**22 * 0.7 < sum(one["bytes"] for one in there) <= 2**22
    assert refusal(worlds.ask("POST", "/_mimic/worlds", {"fork": "w1"}), 507)
    worlds.ask("DELETE", "/_mimic/worlds/w1")
    # there is room for another world, but not for another engine
    assert refusal(worlds.ask("POST", "/_mimic/worlds", {"config": {"quotas": {"cores": 1}}}), 507)
    worlds.make(id="b")


# lists and removal ---------------------------------------------------------------------------------------------------


def test_worlds_are_listed_as_they_are(worlds: Worlds) -> None:
    worlds.make(id="a")
    create(worlds, "/w/a", login(worlds, "/w/a"), "x")
    default, other = worlds.ask("GET", "/_mimic/worlds").json["worlds"]
    assert (default["id"], default["url"]) == ("default", BASE)
    assert (other["id"], other["url"]) == ("a", f"{BASE}/w/a")
    assert other["records"] > default["records"]
    assert other["pending"] > default["pending"] == 0
    assert other["bytes"] > default["bytes"] > 0
    assert (default["rules"], default["requests"], other["requests"]) == (0, 0, 2)
    assert 0 <= other["idle"] < 60
    assert other["iso"].endswith("Z")
    assert worlds.told("a") == {name: value for name, value in other.items() if name != "idle"}


def test_a_world_that_is_removed_is_gone(worlds: Worlds) -> None:
    worlds.make(id="a")
    gone = worlds.ask("DELETE", "/_mimic/worlds/a")
    assert (gone.status_code, gone.text) == (204, "")
    for method, path in (
        ("GET", "/w/a/identity/v3"),
        ("GET", "/w/a/_mimic/clock"),
        ("GET", "/_mimic/worlds/a"),
        ("DELETE", "/_mimic/worlds/a"),
        ("POST", "/w/a/_mimic/reset"),
    ):
        told = refusal(worlds.ask(method, path), 404)
        assert told["message"].startswith("there is no world `a`: ")
        assert "`POST /_mimic/worlds` makes one" in told["message"]
    worlds.make(id="a")


def test_the_default_world_stays(worlds: Worlds) -> None:
    refusal(worlds.ask("DELETE", "/_mimic/worlds/default"), 409)
    assert worlds.ask("GET", "/_mimic/worlds/default").status_code == 200


@pytest.mark.parametrize("path", ["/w/a/_mimic/worlds", "/w/a/_mimic/worlds/a"])
def test_what_is_of_all_worlds_is_below_none(worlds: Worlds, path: str) -> None:
    worlds.make(id="a")
    refusal(worlds.ask("GET", path), 404)
