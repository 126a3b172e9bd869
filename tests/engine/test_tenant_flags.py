# SPDX-License-Identifier: Apache-2.0
"""Tenants and the flags that rules read of them."""

from functools import cache
from typing import Any

import pytest

from mimic_rules.engine import Engine
from mimic_rules.engine.tenants import MOST_LISTED, NoTenant, Tenant, WrongFlag, set_flags, tenants
from tests.driver import ANN, BOB, START, TEAMS, Cloud, cloud, world_of

TEXT = (
    TEAMS
    + """
resource team in world is tenant {
  id text  name text  floor text ?  open bool = true  closed bool = false  updated time = now on change
  unique (lower(name), floor) where open else 409 "{name} is there already"
  unique (floor, name) where open else 409 "{name} is there already"
}
seed team for each t in [
  { id: 'red', name: 'Reds' }, { id: 'blue', name: 'Blues', floor: '1st' }, { id: 'aqua', name: 'Blues', floor: '2nd' },
] { ...t }
operation show agent GET /agents/{id} { answer 200 { open: tenant.open } }
operation create team POST /teams { create team { ...body }  answer 201 { id: team.id } }
for desk.agent
on show when tenant.closed then respond 503 "closed"
"""
)


@cache
def engine() -> Engine:
    return cloud(TEXT).engine


def desk() -> Cloud:
    return world_of(engine(), headers=ANN)


def listed(made: Cloud) -> list[Tenant]:
    return tenants(made.engine.linked, made.world)[0]


def put(made: Cloud, tenant: str, **flags: bool) -> Tenant:
    return set_flags(made.engine.linked, made.world, tenant, flags)


def test_tenants_have_a_key_names_and_flags() -> None:
    flags = {"open": True, "closed": False}
    assert tenants(engine().linked, desk().world) == (
        [
            Tenant("red", ("Reds",), flags),
            Tenant("blue", ("Blues", "1st"), flags),
            Tenant("aqua", ("Blues", "2nd"), flags),
        ],
        3,
    )


def test_a_flag_that_is_set_is_what_rules_read() -> None:
    made = desk()
    made.advance(5)
    assert put(made, "red", closed=True) == Tenant("red", ("Reds",), {"open": True, "closed": True})
    assert made.request("GET", "/desk/agents/ann").status == 503
    assert made.request("GET", "/desk/agents/bob", headers=BOB).body == {"open": True}
    assert put(made, "red", closed=False, open=False).flags == {"open": False, "closed": False}
    assert made.request("GET", "/desk/agents/ann").body == {"open": False}
    assert [one.flags["open"] for one in listed(made)] == [False, True, True]
    # It is a change like any other.
    assert made.world._contents.table("desk.team", ("", "")).get("red")["updated"] == START + 5


def test_a_tenant_can_be_named_where_it_is_the_only_one_of_that_name() -> None:
    made = desk()
    assert put(made, "Reds", closed=True).key == "red"
    assert put(made, "2nd", closed=True).key == "aqua"
    with pytest.raises(WrongFlag, match="2 tenants are called `Blues`: ask for one by its key"):
        put(made, "Blues", closed=True)


@pytest.mark.parametrize(
    ("tenant", "flags", "problem", "told"),
    [
        ("red", {"close": True}, WrongFlag, "`close` is no bool field of `desk.team`: did you mean `closed`?"),
        ("red", {"name": True}, WrongFlag, "`name` is no bool field of `desk.team`: there are `open`, `closed`"),
        ("redd", {"closed": True}, NoTenant, "no tenant `redd` has a record yet: did you mean `Reds`?"),
        ("violet", {"closed": True}, NoTenant, "no tenant `violet` has a record yet, it gets one when"),
    ],
)
def test_what_cant_be_set_is_refused(tenant: str, flags: Any, problem: type[Exception], told: str) -> None:
    made = desk()
    before = made.snapshot()
    with pytest.raises(problem) as raised:
        put(made, tenant, **flags)
    assert told in str(raised.value)
    assert made.snapshot() == before


def test_what_rules_refuse_is_not_done() -> None:
    made = desk()
    put(made, "blue", open=False)
    assert made.request("POST", "/desk/teams", {"id": "new", "name": "BLUES", "floor": "1st"}).status == 201
    before = made.snapshot()
    with pytest.raises(WrongFlag, match=r"the rules refuse it: see 0\.rules:\d+"):
        put(made, "blue", open=True)
    assert made.snapshot() == before


def test_tenants_may_have_no_records_at_all() -> None:
    made = cloud(TEAMS)
    assert tenants(made.engine.linked, made.world) == ([], 0)
    with pytest.raises(NoTenant, match="no resource of these rules `is tenant`"):
        put(made, "red", closed=True)


def test_tenants_may_be_numbered() -> None:
    made = cloud(
        TEAMS
        + """
        resource team in world is tenant { id sequence  closed bool = false }
        seed team for each t in [{}, {}] { ...t }
        """
    )
    assert put(made, "2", closed=True) == Tenant(2, (), {"closed": True})
    with pytest.raises(NoTenant):
        put(made, "two", closed=True)


def test_no_more_than_a_thousand_are_listed() -> None:
    made = cloud(
        TEAMS
        + """
        resource team in world is tenant { id sequence  name text }
        operation create team POST /teams { create team { name: 'a' }  answer 204 }
        """,
        headers=ANN,
    )
    for _ in range(MOST_LISTED + 2):
        made.request("POST", "/desk/teams")
    found, count = tenants(made.engine.linked, made.world)
    assert (len(found), count) == (MOST_LISTED, MOST_LISTED + 2)
