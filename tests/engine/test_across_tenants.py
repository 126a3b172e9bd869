# SPDX-License-Identifier: Apache-2.0
"""Who may find the records of every tenant: by a path, and in lists."""

from typing import Any

import pytest

from tests.driver import Cloud, cloud
from tests.language.checking import loaded

DESK = """
service desk "Desk" {
  mount /desk
  caller header "X-Agent" is agent when true tenant team else 401 "who are you?"
  errors { error: message }
  page { limit limit 1..50  marker marker else 400 "no marker {value}"  sort sort default id asc
         wrap { "{plural}": items, next: next when more } }
}
for desk
resource agent in world { id text  team text }
seed agent for each a in [{ id: 'ann', team: 'red' }, { id: 'bob', team: 'blue' }, { id: 'root', team: 'staff' }] {
  id: a.id, team: a.team,
}
let chief = caller.id == 'root'
quota memos 2 counts memo

resource memo in tenant {
  id text  plain text = 'yes'  status lifecycle
  across tenants when chief
  kept 1d
  missing 404 "no memo {value}"
}
lifecycle of memo.status { state NEW  state GONE gone  start NEW  NEW -> GONE on delete }
resource page in memo { id sequence  word text  missing 404 "no page {value}" }

view memo.full { id  plain  team: tenant.id  left: quota.memos.limit - quota.memos.used  pages: count(pages) }
view page.full { id  word  team: tenant.id }

operation create memo POST /memos body { id: text } { create memo { id: body.id }  answer 201 memo as full }
operation show memo GET /memos/{id} { answer 200 self as full }
operation update memo PUT /memos/{id} body { plain: text } { take plain from body  answer 200 self as full }
operation delete memo DELETE /memos/{id} { answer 204 }
operation create page POST /memos/{memo}/pages body { word: text } {
  create page { word: body.word }
  answer 201 page as full
}
operation tell memo GET /everyones {
  answer 200 [{ id: m.id, team: m.tenant, gone: m.gone, keys: count(keys(m)) } for m in everyones(memo)]
}
operation show page GET /memos/{memo}/pages/{id} { answer 200 self as full }
operation list memo GET /memos {
  list memo as full where plain != 'hidden' {
    across tenants when chief and has query.all
    filter team by tenant.id == value
    filter deleted by status == GONE with deleted
    sort id
  }
}
"""


@pytest.fixture
def desk() -> Cloud:
    made = cloud(DESK)
    for agent, text in (("ann", "a"), ("bob", "b"), ("ann", "c"), ("bob", "d")):
        assert ask(made, agent, "POST", "/memos", {"id": text}).status == 201
    return made


def ask(desk: Cloud, agent: str, method: str, path: str, body: object = None) -> Any:
    return desk.request(method, f"/desk{path}", body, headers={"X-Agent": agent})


def listed(desk: Cloud, agent: str, query: str) -> list[str]:
    return [f"{one['team']} {one['id']}" for one in ask(desk, agent, "GET", f"/memos{query}").body["memos"]]


def test_a_path_finds_what_the_tenant_has_and_for_some_what_any_has(desk: Cloud) -> None:
    assert ask(desk, "ann", "GET", "/memos/b").body == {"error": "no memo b"}
    assert ask(desk, "root", "GET", "/memos/b").body == {
        "id": "b",
        "plain": "yes",
        "team": "blue",
        "left": 0,
        "pages": 0,
    }
    assert ask(desk, "root", "GET", "/memos/x").body == {"error": "no memo x"}


def test_what_is_done_is_done_among_the_records_of_that_tenant(desk: Cloud) -> None:
    assert ask(desk, "root", "PUT", "/memos/b", {"plain": "no"}).body["team"] == "blue"
    assert ask(desk, "root", "POST", "/memos/b/pages", {"word": "w"}).body == {"id": 1, "word": "w", "team": "blue"}
    assert ask(desk, "root", "GET", "/memos/b/pages/1").body["team"] == "blue"
    assert ask(desk, "root", "GET", "/memos/a/pages/1").body == {"error": "no page 1"}
    assert ask(desk, "bob", "GET", "/memos/b").body["plain"] == "no"
    assert ask(desk, "bob", "GET", "/memos/b").body["pages"] == 1
    assert ask(desk, "root", "DELETE", "/memos/b").status == 204
    assert ask(desk, "bob", "GET", "/memos/b").status == 404
    assert ask(desk, "bob", "GET", "/memos/d").body["left"] == 1


def test_the_caller_own_record_is_found_first(desk: Cloud) -> None:
    assert ask(desk, "root", "POST", "/memos", {"id": "a"}).status == 201
    assert ask(desk, "root", "GET", "/memos/a").body["team"] == "staff"


def test_a_list_is_of_all_where_it_says_so(desk: Cloud) -> None:
    assert listed(desk, "root", "") == []
    assert listed(desk, "ann", "?all=1") == ["red a", "red c"]
    assert sorted(listed(desk, "root", "?all=1")) == ["blue b", "blue d", "red a", "red c"]
    assert listed(desk, "root", "?all=1&sort=id") == ["blue d", "red c", "blue b", "red a"]
    assert listed(desk, "root", "?all=1&team=blue&sort=id") == ["blue d", "blue b"]


def test_pages_go_across_tenants(desk: Cloud) -> None:
    first = ask(desk, "root", "GET", "/memos?all=1&sort=id&limit=3").body
    assert [one["team"] for one in first["memos"]] == ["blue", "red", "blue"]
    assert listed(desk, "root", "?" + first["next"].partition("?")[2]) == ["red a"]


def test_tombstones_of_all_are_listed(desk: Cloud) -> None:
    for agent, text in (("ann", "a"), ("bob", "b")):
        assert ask(desk, agent, "DELETE", f"/memos/{text}").status == 204
    assert sorted(listed(desk, "root", "?all=1&deleted=1")) == ["blue b", "red a"]
    assert listed(desk, "ann", "?deleted=1") == ["red a"]


def test_what_comes_after_is_of_the_caller_again(desk: Cloud) -> None:
    """Records that are alike are each shown as their own tenant's."""
    assert ask(desk, "root", "POST", "/memos", {"id": "a"}).status == 201
    shown = ask(desk, "root", "GET", "/memos?all=1&sort=id").body["memos"]
    assert [(one["team"], one["left"]) for one in shown if one["id"] == "a"] in (
        [("staff", 1), ("red", 0)],
        [("red", 0), ("staff", 1)],
    )


def test_an_expression_reads_the_records_of_all_those_that_are_gone_too(desk: Cloud) -> None:
    ask(desk, "ann", "DELETE", "/memos/a")
    told = ask(desk, "bob", "GET", "/everyones").body
    assert [(one["team"], one["id"], one["gone"]) for one in told] == [
        ("red", "c", False),
        ("red", "a", True),
        ("blue", "b", False),
        ("blue", "d", False),
    ]
    # its three fields, whose it is, and whether it is gone: nothing that the engine notes for itself
    assert {one["keys"] for one in told} == {5}
    desk.advance(86_400)
    assert len(ask(desk, "bob", "GET", "/everyones").body) == 3


def test_of_other_regions_nothing_is_read() -> None:
    made = cloud(DESK, regions=("north", "south"))
    assert ask(made, "ann", "POST", "/memos", {"id": "a"}).status == 201
    assert len(ask(made, "ann", "GET", "/everyones").body) == 1
    assert made.request("GET", "/region/south/desk/everyones", headers={"X-Agent": "ann"}).body == []


def test_only_what_lives_in_a_tenant_can_be_found_across_tenants() -> None:
    assert _wrong(
        "resource agent in world { id text", "resource agent in world { across tenants when true  id text"
    ) == ["MR307 a `agent` doesn't live in a tenant"]


def test_it_is_said_once() -> None:
    assert _wrong("when chief\n", "when chief  across tenants when true\n") == [
        "MR104 this is said twice in resource `memo`"
    ]
    assert _wrong("has query.all\n", "has query.all  across tenants when true\n") == [
        "MR104 this is said twice in this list"
    ]


def test_its_condition_is_checked() -> None:
    assert [one.partition(" ")[0] for one in _wrong("when chief\n", "when chef\n")] == ["MR201"]


def _wrong(line: str, wrong: str) -> list[str]:
    assert line in DESK
    found = loaded("language 1\n" + DESK.replace(line, wrong, 1)).diagnostics
    return [f"{one.code} {one.message}" for one in found]
