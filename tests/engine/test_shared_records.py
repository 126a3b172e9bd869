# SPDX-License-Identifier: Apache-2.0
"""A service that shares records of another: both ask for the same ones, each in its own words."""

from typing import Any

import pytest

from tests.driver import Cloud, cloud

TWO = """
service shop "Shop" { mount /shop  errors { shop: message }  shares desk.box }
service desk "Desk" { mount /desk  errors { desk: message } }
service shop_old "Shop of old" of shop { mount /old  errors { old: message }  on missing box 410 "no such box" }

for desk
quota boxes 3 counts box
resource box in world { id sequence  title text  status lifecycle  missing 404 "no box {value}" }
seed box for each b in ['second'] { title: b }
lifecycle of box.status { state NEW  state OLD  start NEW  NEW -> OLD after 5s  OLD -> NEW on renew }
view box.full { id  status }
operation show box GET /{id} { answer 200 self as full }

for shop
seed box for each b in ['first'] { title: b }
view box.card { title  url: "{service.url}/{id}" }
view box.brief { title }
resource slip in world { id sequence  box -> box else 422 "no box {value} for a slip" }
operation create box POST / body { title: text } { create box { title: body.title }  answer 201 box as card }
operation list box GET / { list box as card {} }
operation show box GET /{id} { answer 200 { ...(self as full), ...(self as card) } }
operation renew box POST /{id}/renew { answer 200 self as full }
operation create slip POST /slips body { box: int } { create slip { box: body.box }  answer 201 { of: slip.box.title } }

for shop_old
view box.brief { old: title }
operation show box GET /{id} { answer 200 { ...(self as card), ...(self as brief) } }

for desk.box
rule forever when title == 'forever' then status stays NEW
rule worn on renew when title == 'worn' then respond 409 "worn"
for desk
rule closed on any desk when has query.closed then respond 503 "closed"
"""


@pytest.fixture
def both() -> Cloud:
    return cloud(TWO)


def asked(both: Cloud, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    answer = both.request(method, path, body) if body is not None else both.request(method, path)
    return answer.status, answer.body


def test_each_shows_the_records_in_its_own_words(both: Cloud) -> None:
    assert asked(both, "POST", "/shop", {"title": "a"}) == (201, {"title": "a", "url": "http://cloud.test/shop/3"})
    assert asked(both, "GET", "/desk/3") == (200, {"id": 3, "status": "NEW"})
    assert asked(both, "GET", "/shop/3")[1] == {
        "id": 3,
        "status": "NEW",
        "title": "a",
        "url": "http://cloud.test/shop/3",
    }
    listed = asked(both, "GET", "/shop")[1]
    assert [one["title"] for one in listed["boxs"]] == ["first", "second", "a"]


def test_what_becomes_of_them_is_the_same(both: Cloud) -> None:
    assert asked(both, "POST", "/shop", {"title": "forever"})[0] == 201
    both.advance(5)
    assert [asked(both, "GET", f"/desk/{id}")[1]["status"] for id in (1, 2, 3)] == ["OLD", "OLD", "NEW"]
    assert asked(both, "POST", "/shop/1/renew") == (200, {"id": 1, "status": "NEW"})
    assert asked(both, "GET", "/desk/1")[1]["status"] == "NEW"


def test_a_dialect_of_who_shares_has_its_words_and_its_own(both: Cloud) -> None:
    assert asked(both, "GET", "/old/1")[1] == {"title": "first", "url": "http://cloud.test/old/1", "old": "first"}
    assert asked(both, "GET", "/old/9") == (410, {"old": "no such box"})


def test_what_is_refused_is_told_in_the_words_of_who_is_asked(both: Cloud) -> None:
    assert asked(both, "GET", "/shop/9") == (404, {"shop": "no box 9"})
    assert asked(both, "GET", "/desk/9") == (404, {"desk": "no box 9"})
    assert asked(both, "POST", "/shop/slips", {"box": 1}) == (201, {"of": "first"})
    assert asked(both, "POST", "/shop/slips", {"box": 9}) == (422, {"shop": "no box 9 for a slip"})


def test_a_rule_about_the_records_is_about_whoever_asks_for_them(both: Cloud) -> None:
    assert asked(both, "POST", "/shop", {"title": "worn"})[0] == 201
    both.advance(5)
    assert asked(both, "POST", "/shop/3/renew") == (409, {"shop": "worn"})


def test_a_rule_about_a_service_is_not_about_who_shares_its_records(both: Cloud) -> None:
    assert asked(both, "GET", "/desk/1?closed=1") == (503, {"desk": "closed"})
    assert asked(both, "GET", "/shop/1?closed=1")[0] == 200
