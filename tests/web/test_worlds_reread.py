# SPDX-License-Identifier: Apache-2.0
"""Worlds of all kinds move to rules of files that are read again, or all of them stay where they are."""

from pathlib import Path
from typing import Any

from tests.web.worlds import Worlds

DESK = """service desk "Desk" { mount /desk }
for desk
setting rooms list of text = [] "rooms"
quota rooms 9 counts room
resource room in world { id sequence  name text }
seed room for each r in setting.rooms { name: r }
view room.full { id  name }
operation list room GET /rooms { list room as full {} }
"""


def reread(worlds: Worlds, rules: str) -> str:
    (worlds.folder / "team.rules").write_text(rules)
    worlds.cloud.reload.reread()
    return str(worlds.ask("GET", "/_mimic/health").json["status"])


def rooms(worlds: Worlds, prefix: str) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = worlds.ask("GET", f"{prefix}/desk/rooms").json["rooms"]
    return listed


def test_worlds_of_all_kinds_move_to_new_rules_and_keep_what_they_are(tmp_path: Path) -> None:
    worlds = Worlds(tmp_path, DESK)
    worlds.make(id="a", config={"rooms": ["attic"]}, regions=["north"])
    worlds.make(id="b", fork="a")
    shows = DESK.replace("{ id  name }", "{ id  name  loud: upper(name) }")
    assert reread(worlds, shows) == "ok"
    attic = [{"id": 1, "name": "attic", "loud": "ATTIC"}]
    for prefix in ("/w/a", "/w/b"):
        for _ in range(2):
            assert rooms(worlds, prefix) == attic
            assert worlds.mount(prefix[3:]).rules.footing.engine.linked.regions == ("north",)
            worlds.ask("POST", f"{prefix}/_mimic/reset")
    assert rooms(worlds, "") == []
    worlds.make(id="c", config={"rooms": ["attic"]})
    assert rooms(worlds, "/w/c") == attic


def test_the_origin_of_a_fork_moves_too(tmp_path: Path) -> None:
    worlds = Worlds(tmp_path, DESK)
    worlds.make(id="a", config={"rooms": ["attic"]})
    worlds.make(id="b", fork="a")
    indexed = DESK.replace("name text }", "name text  unique (name) else 409 'no' }")
    assert reread(worlds, indexed.replace("{ mount", "{ fault 409 conflict mount")) == "ok"
    worlds.ask("POST", "/w/b/_mimic/reset")
    assert [one["name"] for one in rooms(worlds, "/w/b")] == ["attic"]


def test_a_world_that_can_t_move_keeps_all_worlds_where_they_are(tmp_path: Path) -> None:
    worlds = Worlds(tmp_path, DESK)
    worlds.make(id="a", config={"rooms": ["attic"]})
    before = worlds.mount().rules.footing
    assert reread(worlds, DESK.replace("setting rooms list of text", "setting rooms list of text 1..3")) == "degraded"
    (problem,) = worlds.ask("GET", "/_mimic/health").json["problems"]
    assert "world `a` was made otherwise than can be now: config.rooms" in problem["message"]
    assert worlds.mount().rules.footing is before
    assert [one["name"] for one in rooms(worlds, "/w/a")] == ["attic"]
    worlds.ask("DELETE", "/_mimic/worlds/a")
    assert reread(worlds, DESK.replace("setting rooms list of text", "setting rooms list of text 1..3")) == "ok"
