# SPDX-License-Identifier: Apache-2.0
"""The route table: from a path to what lies at it."""

import pytest

from mimic_rules.compiler.routes import RouteTable, build_routes
from tests.driver import DESK, program

RULES = (
    DESK.replace(
        "mount /desk",
        "mount /desk/v1 optional /{tenant} mount /old mount /in/{region}/old optional /{tenant} "
        "mount /of-{year}/{region}",
    )
    + """
resource a in world { id sequence }
operation list a GET /a { answer 200 }
operation create a POST /a { answer 200 }
operation show a GET /a/{id} { answer 200 }
operation detail a GET /a/detail { answer 200 }
operation deep a GET /a/{id}/b/{other}/c { answer 200 }
operation feed a GET /a/{id}.atom { answer 200 }
operation inside a GET /a/{id}.atom/b { answer 200 }
operation file a GET /a/f-{id}.txt { answer 200 }
operation fixed a GET /a/x/b/{other}/d { answer 200 }
operation top a GET /top at root { answer 200 }
operation side a GET /at/{region}/side/{id} at root { answer 200 }
gone 410 "over" /gone/{x}
"""
)


@pytest.fixture
def table() -> RouteTable:
    return build_routes(program(RULES), ("north", "south"))


@pytest.mark.parametrize(
    ("path", "pattern", "values", "region"),
    [
        ("/desk/v1/a", "/desk/v1/a", (), "north"),
        ("/desk/v1/a/", "/desk/v1/a", (), "north"),
        ("desk/v1/a", "/desk/v1/a", (), "north"),
        ("/desk/v1/t/a", "/desk/v1/{tenant}/a", ("t",), "north"),
        ("/old/a/7", "/old/a/{id}", ("7",), "north"),
        ("/desk/v1/a/detail", "/desk/v1/a/detail", (), "north"),
        ("/desk/v1/a/x", "/desk/v1/a/{id}", ("x",), "north"),
        ("/desk/v1/a/x.atom", "/desk/v1/a/{id}.atom", ("x",), "north"),
        ("/desk/v1/a/.atom", "/desk/v1/a/{id}", (".atom",), "north"),
        ("/desk/v1/a/x.atom/b", "/desk/v1/a/{id}.atom/b", ("x",), "north"),
        ("/desk/v1/a/x.atom/b/1/c", "/desk/v1/a/{id}/b/{other}/c", ("x.atom", "1"), "north"),
        ("/desk/v1/a/f-1.txt", "/desk/v1/a/f-{id}.txt", ("1",), "north"),
        ("/desk/v1/a/f-.txt", "/desk/v1/a/{id}", ("f-.txt",), "north"),
        ("/desk/v1/a/f-1", "/desk/v1/a/{id}", ("f-1",), "north"),
        ("/of-1970/south/a/x", "/of-{year}/south/a/{id}", ("1970", "x"), "south"),
        # where the fixed segment leads nowhere, the variable is tried
        ("/desk/v1/a/x/b/1/c", "/desk/v1/a/{id}/b/{other}/c", ("x", "1"), "north"),
        ("/desk/v1/a/x/b/1/d", "/desk/v1/a/x/b/{other}/d", ("1",), "north"),
        ("/region/south/desk/v1/a", "/region/south/desk/v1/a", (), "south"),
        ("/region/south/top", "/region/south/top", (), "south"),
        ("/top", "/top", (), "north"),
        # a region that a path names is in its own place
        ("/in/north/old/a", "/in/north/old/a", (), "north"),
        ("/in/south/old/t/a/7", "/in/south/old/{tenant}/a/{id}", ("t", "7"), "south"),
        ("/at/north/side/7", "/at/north/side/{id}", ("7",), "north"),
        ("/at/south/side/7", "/at/south/side/{id}", ("7",), "south"),
        ("/old/gone/1", "/old/gone/{x}", ("1",), "north"),
    ],
)
def test_a_path_that_leads_somewhere(
    table: RouteTable, path: str, pattern: str, values: tuple[str, ...], region: str
) -> None:
    found = table.find(path)
    assert found.route is not None
    assert (found.route.pattern, found.values, found.region, found.service) == (pattern, values, region, "desk")


@pytest.mark.parametrize(
    ("path", "service", "region"),
    [
        ("/", None, ""),
        ("", None, ""),
        ("/nothing", None, ""),
        ("/desk", None, ""),
        ("/desk/v1", "desk", "north"),
        ("/desk/v1//a", "desk", "north"),
        ("/desk/v1/a/1/b", "desk", "north"),
        ("/region/south/old/none", "desk", "south"),
        ("/region/west/old/a", None, ""),
        ("/of-1970/south/none", "desk", "south"),
        ("/of-1970/west/a", None, ""),
        ("/of-/south/a", None, ""),
    ],
)
def test_a_path_that_leads_nowhere_is_still_some_services(
    table: RouteTable, path: str, service: str | None, region: str
) -> None:
    found = table.find(path)
    assert (found.route, found.values, found.service, found.region) == (None, (), service, region)


def test_operations_of_one_path_stand_by_their_methods(table: RouteTable) -> None:
    route = table.find("/desk/v1/a").route
    assert route is not None
    assert {method: [plan.verb for plan, _ in plans] for method, plans in route.operations.items()} == {
        "GET": ["list"],
        "POST": ["create"],
    }
    gone = table.find("/old/gone/1").route
    assert gone is not None
    assert gone.operations == {}
    assert [names for _, names in gone.gones] == [("x",)]


@pytest.mark.parametrize(
    ("path", "nearest"),
    [
        ("/desk/v1/aa", "/desk/v1/a"),
        ("/desk/v2/a/detail", "/desk/v1/a/detail"),
        ("/tip", "/top"),
        ("/" + "z" * 5000, None),
        ("/q/w/e/r/t/y", None),
    ],
)
def test_the_nearest_route(table: RouteTable, path: str, nearest: str | None) -> None:
    assert table.nearest(path) == nearest


def test_without_operations_nothing_is_near() -> None:
    assert build_routes(program(DESK), ("north",)).nearest("/desk") is None
