# SPDX-License-Identifier: Apache-2.0
"""Settings and seeds: what a configuration may say, and the records that a world begins with."""

from typing import Any

import pytest

from mimic_rules.engine import setting_checks
from tests.driver import DESK, TEAMS, cloud, program, world_of

RULES = (
    DESK
    + """
setting shelves list of { name: text 1..5, size?: int } = [{ name: 'top' }] "where things lie"
setting mode "open" | "strict" = "open" "how strict it is"
setting nothing any = null
resource shelf in world { id sequence  name text  size int }
resource mirror in world { key name  name text  of int }
seed shelf for each s in setting.shelves { name: s.name, size: s.size default 7 }
seed mirror for each s in shelf { name: s.name, of: s.id }
seed mirror for each s in [{ name: 'top' }, { name: 'own' }] { name: s.name, of: 0 }
operation list shelf GET /shelves {
  answer 200 { shelves: [[s.id, s.name, s.size] for s in shelf], mirrors: [[m.name, m.of] for m in mirror],
    mode: setting.mode }
}
"""
)


@pytest.mark.parametrize(
    ("settings", "shelves", "mirrors", "mode"),
    [
        ({}, [[1, "top", 7]], [["top", 1], ["own", 0]], "open"),
        ({"mode": "strict", "shelves": []}, [], [["top", 0], ["own", 0]], "strict"),
        (
            {"shelves": [{"name": "a", "size": 1}, {"name": "b"}]},
            [[1, "a", 1], [2, "b", 7]],
            [["a", 1], ["b", 2], ["top", 0], ["own", 0]],
            "open",
        ),
    ],
)
def test_a_world_begins_with_what_its_settings_say(
    settings: dict[str, Any], shelves: Any, mirrors: Any, mode: str
) -> None:
    made = cloud(RULES, settings=settings)
    expected = {"shelves": shelves, "mirrors": mirrors, "mode": mode}
    assert made.request("GET", "/desk/shelves").body == expected
    assert world_of(made.engine).request("GET", "/desk/shelves").body == expected


def test_settings_are_checked_as_their_types_say() -> None:
    checks = setting_checks(program(RULES))
    assert {name: one.default for name, one in checks.items()} == {
        "shelves": [{"name": "top"}],
        "mode": "open",
        "nothing": None,
    }
    assert list(checks["shelves"].check([{"name": "a"}])) == []
    assert list(checks["shelves"].check([{"name": "a"}, {"name": "toolong"}])) == [
        ((1, "name"), "'toolong' is too long")
    ]
    assert list(checks["shelves"].check(7)) == [((), "7 is not of type 'array'")]
    assert list(checks["mode"].check("weak")) == [((), "'weak' is not one of ['open', 'strict']")]
    assert list(checks["nothing"].check({"a": 1})) == []


def test_what_tenants_without_a_name_share_is_in_every_region() -> None:
    made = cloud(
        DESK
        + """resource ticket in tenant { id sequence  place text }
        seed ticket for each t in ['a', 'b'] { place: "{t} in {region}" }
        resource board in world { id sequence  at text }
        seed board for each b in [1] { at: "{region} {service.url}" }
        operation show board GET /boards/{id} { answer 200 at }
        operation list ticket GET /tickets { answer 200 [t.place for t in ticket] }""",
        regions=("north", "south"),
    )
    assert made.request("GET", "/desk/tickets").body == ["a in north", "b in north"]
    assert made.request("GET", "/region/south/desk/tickets").body == ["a in south", "b in south"]
    assert made.request("GET", "/region/south/desk/boards/1").body == "north /desk"


def test_seeded_records_live_as_others_do() -> None:
    made = cloud(
        TEAMS
        + """resource lamp in world { id text  status lifecycle }
        lifecycle of lamp.status { state OFF  state ON  start OFF  OFF -> ON after 5s }
        seed lamp for each l in ['a'] { id: l }
        operation show lamp GET /lamps/{id} public { answer 200 status }"""
    )
    assert made.request("GET", "/desk/lamps/a").body == "OFF"
    made.advance(5)
    assert made.request("GET", "/desk/lamps/a").body == "ON"
