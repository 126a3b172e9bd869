# SPDX-License-Identifier: Apache-2.0
"""Pages of records: filtered, sorted, cut, and wrapped in the dialect of the service."""

from typing import Any

import pytest

from tests.driver import BASE, DESK, Cloud, cloud

PAGE = """
  page {
    limit limit 0..4 else 400 "{value} is no limit"
    marker after else 400 "no {value}"
    offset skip
    sort sort_by sort_dir default rank asc, id desc
    wrap { "{plural}": items, more, count, next: next when more, at: path.place }
  }
"""

TICKETS = """
resource ticket in world { id sequence  title text  rank number ?  open bool = true  code any ?  status lifecycle
  kept 30d }
lifecycle of ticket.status { state OPEN  state GONE gone  start OPEN  OPEN -> GONE on delete }
seed ticket for each t in [
  { title: 'fire', rank: 2, code: 7 }, { title: 'flood', rank: 1, open: false, code: '7' }, { title: 'noise', rank: 2 },
  { title: 'smell' }, { title: 'Fire (2)', rank: 1.5, code: true }, { title: 'gone', rank: 0 },
] { ...t }
view ticket.full { id }
operation list ticket GET /tickets {
  list ticket as full where title != 'noise' or query.noise == 'yes' {
    filter open, code
    filter title matches
    filter like matches title
    filter ranked matches rank
    filter least by rank >= number(value)
    filter deleted by (status == GONE) == bool(value) with deleted
    filter admin by false when query.me == 'admin'
    sort id, title, rank
  }
}
operation delete ticket DELETE /tickets/{id} { answer 204 }
"""


def made(page: str = PAGE, rules: str = TICKETS) -> Cloud:
    cloudy = cloud(DESK.replace("mount /desk", f"mount /desk {page}") + rules)
    cloudy.request("DELETE", "/desk/tickets/6")
    return cloudy


def ids(cloudy: Cloud, query: str = "") -> Any:
    answer = cloudy.request("GET", f"/desk/tickets?{query}")
    return [one["id"] for one in answer.body["tickets"]] if answer.status == 200 else answer.body["message"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [2, 5, 1, 4]),
        ("noise=yes&limit=3", [2, 5, 3]),
        # by equality, several values are alternatives
        ("open=false", [2]),
        ("open=False", [2]),
        ("open=true", [5, 1, 4]),
        ("open=1", []),
        ("code=7", [2, 1]),
        ("code=true", [5]),
        ("code=7&code=True", [2, 5, 1]),
        ("code=", []),
        # by a regular expression, or, where it is none, by what it says
        ("title=^f", [2, 1]),
        ("title=(?i)^F", [2, 5, 1]),
        ("title=(2", [5]),
        ("title=nothing", []),
        ("like=l%24", [4]),
        ("ranked=.", []),
        # by a condition, with what has been deleted and without
        ("least=2", [1]),
        ("least=x", []),
        ("deleted=true", [6]),
        ("deleted=false", [2, 5, 1, 4]),
        ("deleted=true&title=g", [6]),
        ("admin=x", [2, 5, 1, 4]),
        ("admin=x&me=admin", []),
        ("unknown=x", [2, 5, 1, 4]),
        # order: as asked, then as is usual; what has no value comes last when rising
        ("sort_by=id", [5, 4, 2, 1]),
        ("sort_by=id&sort_dir=asc", [1, 2, 4, 5]),
        ("sort_by=title&sort_dir=asc", [5, 1, 2, 4]),
        ("sort_by=rank&sort_dir=desc", [4, 1, 5, 2]),
        ("sort_by=open&sort_dir=asc", [2, 5, 1, 4]),
        ("sort_by=rank&sort_by=id&sort_dir=asc&sort_dir=asc&noise=yes", [2, 5, 1, 3]),
        ("sort_dir=desc", [2, 5, 1, 4]),
        # size
        ("limit=2", [2, 5]),
        ("limit=0&noise=yes", [2, 5, 3, 1]),
        ("limit=100&noise=yes", [2, 5, 3, 1]),
        ("limit=-1", "-1 is no limit"),
        ("limit=two", "two is no limit"),
        ("limit=", " is no limit"),
        ("limit=1.5", "1.5 is no limit"),
        ("limit=%D9%A2", "\u0662 is no limit"),
        ("limit=2&limit=3", [2, 5, 1]),
        # where to go on
        ("after=5", [1, 4]),
        ("after=4", []),
        ("after=9", "no 9"),
        ("after=6", "no 6"),
        ("after=", "no "),
        ("skip=1&limit=2", [5, 1]),
        ("skip=9", []),
        ("skip=x", [2, 5, 1, 4]),
        ("skip=-1", [2, 5, 1, 4]),
        ("after=2&skip=1", [1, 4]),
    ],
)
def test_a_page(query: str, expected: Any) -> None:
    assert ids(made(), query) == expected


def test_the_next_page_is_where_the_page_says() -> None:
    cloudy = made()
    pages = []
    url = "/desk/tickets?limit=1&skip=1&sort_by=id&sort_dir=asc&noise=yes&code=&title=."
    body = cloudy.request("GET", url.replace("&code=", "")).body
    while "next" in body:
        pages.append(body["tickets"][0]["id"])
        assert (body["more"], body["count"]) == (True, 1)
        body = cloudy.request("GET", body["next"].removeprefix(BASE)).body
    assert pages == [2, 3, 4, 5]
    assert body == {"tickets": [], "more": False, "count": 0}


def test_urls_of_pages_are_quoted() -> None:
    cloudy = cloud(
        DESK.replace("mount /desk", f"mount /desk {PAGE}").replace("rank asc, id desc", "id desc")
        + """resource box in world { key name  name text }
        resource item in box { id sequence }
        view item.full { id }
        seed box for each b in ['a b#?'] { name: b }
        operation create item POST /boxes/{box}/items { create item {}  answer 201 }
        operation list item GET /boxes/{box}/items { list item as full {} }"""
    )
    for _ in range(2):
        assert cloudy.request("POST", "/desk/boxes/a%20b%23%3F/items").status == 201
    body = cloudy.request("GET", "/desk/boxes/a%20b%23%3F/items?limit=1&x=%26%20&x=%C3%A9").body
    assert body["next"] == f"{BASE}/desk/boxes/a%20b%23%3F/items?after=2&limit=1&x=%26+&x=%C3%A9"
    assert cloudy.request("GET", body["next"].removeprefix(BASE)).body["items"] == [{"id": 1}]


def test_wrap_sees_what_the_request_has() -> None:
    rules = TICKETS.replace("GET /tickets {", "GET /tickets/at/{place} {")
    body = made(rules=rules).request("GET", "/desk/tickets/at/here").body
    assert (body["at"], body["count"], body["more"]) == ("here", 4, True)


def test_a_service_without_a_dialect_lists_plainly() -> None:
    cloudy = made("")
    assert cloudy.request("GET", "/desk/tickets?limit=1&after=2&skip=1&sort_by=id").body == {
        "tickets": [{"id": 1}, {"id": 2}, {"id": 4}, {"id": 5}]
    }


def test_what_is_no_limit_is_ignored_where_no_fault_is_said() -> None:
    cloudy = made('page { limit limit 0..3 wrap { "{plural}": items, next } }')
    assert ids(cloudy, "limit=x") == [1, 2, 4]
    assert cloudy.request("GET", "/desk/tickets?limit=2").body == {"tickets": [{"id": 1}, {"id": 2}]}


def test_sorting_without_directions_falls() -> None:
    cloudy = made("page { sort sort_by default id }")
    assert ids(cloudy, "") == [1, 2, 4, 5]
    assert ids(cloudy, "sort_by=rank") == [4, 1, 5, 2]


def test_what_is_alike_is_in_the_order_in_which_it_was_made_or_in_the_reverse() -> None:
    assert ids(made("page { sort sort_by default open asc }")) == [2, 1, 4, 5]
    assert ids(made("page { sort sort_by default open desc }")) == [5, 4, 1, 2]


def test_the_marker_of_a_nested_record_is_its_own_key() -> None:
    cloudy = cloud(
        DESK.replace("mount /desk", f"mount /desk {PAGE}").replace("rank asc, id desc", "name asc")
        + """resource box in world { id sequence }
        resource item in box { key name  name text }
        view item.full { name }
        seed box for each b in [1] { id: b }
        operation create item POST /boxes/{box}/items { create item for each n in body { name: n }  answer 201 }
        operation list item GET /boxes/{box}/items { list item as full {} }"""
    )
    cloudy.request("POST", "/desk/boxes/1/items", ["b", "a", "c"])
    body = cloudy.request("GET", "/desk/boxes/1/items?limit=2").body
    assert body["next"].endswith("?after=b&limit=2")
    assert cloudy.request("GET", "/desk/boxes/1/items?after=b").body["items"] == [{"name": "c"}]
