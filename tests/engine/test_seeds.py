# SPDX-License-Identifier: Apache-2.0
"""What worlds begin with: alike in all of them, it is held once, and each world changes its own."""

from typing import Any

from mimic_rules.state.world import World
from tests.driver import DESK, Cloud, cloud

PENS = (
    DESK
    + """
resource pen in world { id text  color text = 'blue'  tags list of text = [] }
resource cap in world { id text  worn time = now }
seed pen for each n in ['a', 'b'] { id: n }
seed cap for each n in ['a'] { id: n }
operation show pen GET /pens/{id} { answer 200 [color, tags] }
operation paint pen PUT /pens/{id} { set color = 'red'  set tags = tags + ['new']  answer 200 [color, tags] }
"""
)


def held(world: World) -> dict[tuple[str, str], Any]:
    """The records of a world, by kind and key."""
    found = {}
    for kind, _, table in world._contents.tables():
        found.update({(kind, key): record for key, record in table.items()})
    return found


def test_worlds_hold_what_they_begin_with_once_and_change_it_apart() -> None:
    made = cloud(PENS)
    made.advance(5)
    other = Cloud(made.engine, made.engine.new_world("other", clock=made.world.clock, seed=2))
    before, after = held(made.world), held(other.world)
    assert [before[key] is after[key] for key in sorted(before)] == [False, True, True]
    assert made.request("PUT", "/desk/pens/a").body == ["red", ["new"]]
    assert other.request("GET", "/desk/pens/a").body == ["blue", []]
    assert other.request("GET", "/desk/pens/b").body == made.request("GET", "/desk/pens/b").body == ["blue", []]
