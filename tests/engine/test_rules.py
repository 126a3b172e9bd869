# SPDX-License-Identifier: Apache-2.0
"""Rules that answer: which requests they strike, when, in which order, and how often."""

from collections.abc import Iterable
from typing import Any

import pytest

from mimic_rules.engine import Response
from tests.driver import ANN, BOB, DESK, TEAMS, Cloud, cloud

ENGINES = """
quota engines 5 counts engine
resource model in world { id text }
seed model for each m in ['x', 'y', 'z'] { id: m }
resource engine in tenant {
  id sequence  model -> model else 400 "no model"  owner text ?  metadata map of text = {}  size int = 1
  missing 404 "no engine"
}
resource part in engine { id sequence  name text  size int = 1 }
view engine.full { id  model }
operation create engine POST /engines body { model?: text, owner?: text, metadata?: map of text, size?: int } {
  let chosen = body.model default 'x'
  permit not (body.owner == 'nobody') else 403 "nobody"
  check not (body.owner == 'no one') else 400 "no one"
  create engine { ...body, model: chosen }
  answer 201 engine as full
}
operation show engine GET /engines/{id} { answer 200 self as full }
operation list engine GET /engines { list engine as full {} }
operation delete engine DELETE /engines/{id} { delete self  answer 204 }
operation create part POST /engines/{engine}/parts { create part { name: body.name }  answer 201 part.id }
operation show part GET /engines/{engine}/parts/{id} { answer 200 name }
"""


PLACE = f"0.rules:{(TEAMS + ENGINES).count(chr(10)) + 1}"
"""Where the first rule stands that a test adds."""


def made(*rules: str, **how: Any) -> Cloud:
    return cloud(TEAMS + ENGINES + "\n".join(rules), headers=ANN, **how)


def create(cloudy: Cloud, **body: object) -> Response:
    return cloudy.request("POST", "/desk/engines", body)


def statuses(answers: Iterable[Response]) -> list[int]:
    return [answer.status for answer in answers]


def test_a_rule_sees_the_fields_of_the_record_to_be_made() -> None:
    cloudy = made(
        """on create engine when model == 'x' and size == 1 and metadata.k == 'v' then respond 500 "no {model} {id}\""""
    )
    answer = create(cloudy, metadata={"k": "v"})
    assert (answer.status, answer.body["message"]) == (500, "no x 1")
    assert answer.rules == (PLACE,)
    assert statuses([create(cloudy, model="y", metadata={"k": "v"}), create(cloudy, size=2, metadata={"k": "v"})]) == [
        201,
        201,
    ]
    assert create(cloudy).body == {"id": 3, "model": "x"}
    assert create(cloudy).rules == ()


@pytest.mark.parametrize(
    ("event", "struck"),
    [
        ("create engine", {"create"}),
        ("show engine, delete engine", {"show", "delete"}),
        ("read engine", {"show", "list"}),
        ("read", {"show", "list", "show part"}),
        ("change engine", {"create", "delete"}),
        ("change", {"create", "delete", "create part"}),
        ("any", {"create", "show", "list", "delete", "create part", "show part"}),
        ("any desk", {"create", "show", "list", "delete", "create part", "show part"}),
    ],
)
def test_events(event: str, struck: set[str]) -> None:
    cloudy = cloud(TEAMS + ENGINES, headers=ANN)
    rules = f"on {event} when headers['x-on'] == 'yes' then respond 599"
    if event == "any":
        cloudy = cloud(
            rules.replace("headers['x-on'] == 'yes'", "'yes' == headers['x-on']"), TEAMS + ENGINES, headers=ANN
        )
    else:
        cloudy = cloud(TEAMS + ENGINES + rules, headers=ANN)
    create(cloudy)
    cloudy.request("POST", "/desk/engines/1/parts", {"name": "p"})
    asked = {
        "create": ("POST", "/desk/engines", {}),
        "show": ("GET", "/desk/engines/1", {}),
        "list": ("GET", "/desk/engines", {}),
        "create part": ("POST", "/desk/engines/1/parts", {"name": "q"}),
        "show part": ("GET", "/desk/engines/1/parts/1", {}),
        "delete": ("DELETE", "/desk/engines/1", {}),
    }
    got = {
        name
        for name, (method, path, body) in asked.items()
        if cloudy.request(method, path, body, {"X-On": "yes"}).status == 599
    }
    assert got == struck


def test_under_a_subject_events_and_fields_leave_it_out() -> None:
    cloudy = made(
        "for desk.engine { on show, delete when model == 'y' then respond 403 }",
        "on show part when name == 'p' and engine.model == 'x' then respond 410",
    )
    create(cloudy, model="y")
    create(cloudy)
    for number in (1, 2):
        cloudy.request("POST", f"/desk/engines/{number}/parts", {"name": "p"})
    assert statuses(cloudy.request("GET", f"/desk/engines/{number}") for number in (1, 2)) == [403, 200]
    assert cloudy.request("GET", "/desk/engines/1/parts/1").status == 200
    assert cloudy.request("GET", "/desk/engines/2/parts/2").status == 410


def test_a_bad_request_still_gets_its_own_answer() -> None:
    cloudy = made("on any desk when query.on == 'yes' then respond 599")
    create(cloudy)
    assert cloudy.request("POST", "/desk/engines?on=yes", {"size": "x"}).status == 400
    assert cloudy.request("POST", "/desk/engines?on=yes", {"owner": "nobody"}).status == 403
    assert cloudy.request("POST", "/desk/engines?on=yes", {"owner": "no one"}).status == 400
    assert cloudy.request("GET", "/desk/engines/7?on=yes").status == 404
    assert cloudy.request("GET", "/desk/engines?on=yes", headers={"X-Agent": "zoe"}).status == 401
    assert cloudy.request("POST", "/desk/engines?on=yes", {"model": "none"}).status == 599
    assert cloudy.request("POST", "/desk/engines", {"model": "none"}).status == 400


@pytest.mark.parametrize(
    ("before", "wins"),
    [
        ("caller", {"caller", "schema", "permit", "checks", "references", "fine"}),
        ("schema", {"schema", "permit", "checks", "references", "fine"}),
        ("permit", {"permit", "checks", "references", "fine"}),
        ("checks", {"checks", "references", "fine"}),
        ("references", {"references", "fine"}),
        ("quota", {"fine"}),
        ("effects", {"fine"}),
    ],
)
def test_a_rule_strikes_before_the_phase_it_names(before: str, wins: set[str]) -> None:
    cloudy = made(f"on create engine when query.on == 'yes' then respond 599 before {before}")
    bad = {
        "caller": ({}, {"X-Agent": "zoe"}),
        "schema": ({"size": "x"}, {}),
        "permit": ({"owner": "nobody"}, {}),
        "checks": ({"owner": "no one"}, {}),
        "references": ({"model": "none"}, {}),
        "fine": ({}, {}),
    }
    got = {
        name
        for name, (body, headers) in bad.items()
        if cloudy.request("POST", "/desk/engines?on=yes", body, headers).status == 599
    }
    assert got == wins


@pytest.mark.parametrize("before", ["schema", "find", "permit", "checks", "uniqueness"])
def test_looking_early_spoils_nothing(before: str) -> None:
    cloudy = made(f"on create engine when body.owner == 'zed' then respond 599 before {before}")
    assert create(cloudy, model="y", owner="bob").body == {"id": 1, "model": "y"}
    assert create(cloudy, owner="zed").status == 599
    assert create(cloudy).body == {"id": 2, "model": "x"}


def test_early_rules_see_what_is_known_of_the_record() -> None:
    cloudy = made("on create engine when owner == 'zed' then respond 599 before permit")
    assert statuses([create(cloudy, owner="zed"), create(cloudy, owner="nobody"), create(cloudy)]) == [599, 403, 201]


def test_instead_changes_nothing_and_after_commit_changes_all() -> None:
    cloudy = made(
        "on create engine when body.owner == 'a' then respond 504 after commit",
        "on create engine when body.owner == 'b' then respond 502 instead",
        "on show engine then respond 500 after commit",
    )
    lost = create(cloudy, owner="a")
    assert (lost.status, lost.rules) == (504, (PLACE,))
    assert create(cloudy, owner="b").status == 502
    assert [one["id"] for one in cloudy.request("GET", "/desk/engines").body["engines"]] == [1]
    assert cloudy.request("GET", "/desk/engines/1").status == 500
    # what is refused later is refused all the same
    assert create(cloudy, owner="a", model="none").status == 400


def test_the_first_that_matches_answers() -> None:
    cloudy = made(
        "on create engine when size > 10 then respond 501",
        "on create engine when size > 5 then respond 502 after commit",
        "on create engine when size > 3 then respond 503",
        "on create engine when size > 1 then respond 504 after commit",
    )
    assert statuses(create(cloudy, size=size) for size in (11, 6, 4, 2, 1)) == [501, 502, 503, 504, 201]
    assert len(cloudy.request("GET", "/desk/engines").body["engines"]) == 3


def test_files_and_layers_in_their_order() -> None:
    shipped = TEAMS + ENGINES + "on show engine when size > 0 then respond 503"
    first = "for desk\non show engine when size > 2 then respond 501"
    second = "for desk\non show engine when size > 1 then respond 502"
    for files, expected in (((first, second), [501, 502, 503]), ((second, first), [502, 502, 503])):
        cloudy = cloud(*files, shipped=[shipped], headers=ANN)
        for size in (3, 2, 1):
            create(cloudy, size=size)
        assert statuses(cloudy.request("GET", f"/desk/engines/{number}") for number in (1, 2, 3)) == expected


def test_overrides_goes_before_the_one_it_names() -> None:
    cloudy = made(
        "rule broken on show engine then respond 500",
        "rule secret overrides broken on show engine when model == 'y' then respond 404",
    )
    create(cloudy)
    create(cloudy, model="y")
    assert statuses(cloudy.request("GET", f"/desk/engines/{number}") for number in (1, 2)) == [500, 404]


def test_only_so_many_times() -> None:
    cloudy = made(
        "rule r on create engine when size > 1 only 2 times then respond 503",
        "on delete engine only once then respond 500",
    )
    assert statuses(create(cloudy, size=size) for size in (1, 2, 2, 2, 1)) == [201, 503, 503, 201, 201]
    assert statuses(cloudy.request("DELETE", "/desk/engines/1") for _ in range(3)) == [500, 204, 404]


def test_what_a_rule_is_refused_for_is_not_counted_before_it_decides() -> None:
    cloudy = made("on create engine only 2 times then respond 503")
    assert statuses([create(cloudy, owner="nobody"), create(cloudy, size="x")]) == [403, 400]
    assert statuses(create(cloudy) for _ in range(3)) == [503, 503, 201]


def test_counts_for_each_record_tenant_or_attribute() -> None:
    cloudy = made(
        "on delete engine only once per engine then respond 500",
        "on create engine only 1 times per tenant then respond 501",
        "on list engine only 1 times per query.q then respond 502",
        "on show engine only 1 times per metadata then respond 503",
    )
    assert statuses([create(cloudy), create(cloudy), create(cloudy)]) == [501, 201, 201]
    bob = cloudy.request("POST", "/desk/engines", {}, BOB)
    assert bob.status == 501
    deleted = [cloudy.request("DELETE", f"/desk/engines/{number}") for number in (1, 2, 1)]
    assert statuses(deleted) == [500, 500, 204]
    listed = [cloudy.request("GET", f"/desk/engines{query}") for query in ("?q=1", "?q=2", "?q=1", "", "")]
    assert statuses(listed) == [502, 502, 200, 502, 200]
    assert statuses(cloudy.request("GET", "/desk/engines/2") for _ in range(2)) == [503, 200]


def test_a_rule_on_everything_sees_the_tenant() -> None:
    cloudy = cloud(
        TEAMS
        + ENGINES
        + """resource team in world is tenant { id text  bad bool }
        seed team for each t in ['red', 'blue'] { id: t, bad: t == 'red' }""",
        'on any desk when tenant.bad == true then respond 403 "suspended" before find',
    )
    assert cloudy.request("GET", "/desk/engines", headers=ANN).body["message"] == "suspended"
    assert cloudy.request("GET", "/desk/engines", headers=BOB).status == 200


def test_a_rule_of_no_service_is_about_all_of_them() -> None:
    listing = "resource a in world { id sequence }\noperation list a GET /a { answer 200 }"
    cloudy = cloud(
        "on any when query.q == 'x' then respond 503",
        DESK + listing,
        'service other "Other" { mount /other }\nfor other\n' + listing,
    )
    assert statuses(cloudy.request("GET", f"/{one}/a?q=x") for one in ("desk", "other")) == [503, 503]
    assert statuses(cloudy.request("GET", f"/{one}/a") for one in ("desk", "other")) == [200, 200]


@pytest.mark.parametrize(
    ("condition", "matching"),
    [
        ("model == 'y'", {"a"}),
        ("'y' == model", {"a"}),
        ("model in ['y', 'z']", {"a", "b"}),
        ("model == 'y' or model == 'z'", {"a", "b"}),
        ("model == 'y' or owner == 'b'", {"a", "b"}),
        ("size == 1 and model == 'z'", {"b"}),
        ("size in [1, 2] and owner in ['a', 'c']", {"a", "c"}),
        ("model in [owner, 'y']", {"a"}),
        ("not (model == 'y')", {"b", "c"}),
        ("model != 'y'", {"b", "c"}),
        ("owner == null or size == 2", {"c"}),
        ("metadata.k == 'v'", {"c"}),
        ("metadata.k is number", {"b"}),
        ("metadata.k matches /^[0-9]/ or metadata.k starts with 'v'", {"b", "c"}),
        ("has metadata.k", {"b", "c"}),
        ("size > 1", {"c"}),
        ("size == 1.0", {"a", "b"}),
        ("true", {"a", "b", "c"}),
        ("query.nothing == 'x'", set()),
    ],
)
def test_conditions_by_which_rules_are_looked_up(condition: str, matching: set[str]) -> None:
    cloudy = made(f"on create engine when {condition} then respond 599")
    bodies: dict[str, dict[str, object]] = {
        "a": {"model": "y", "owner": "a"},
        "b": {"model": "z", "owner": "b", "metadata": {"k": "12"}},
        "c": {"owner": "c", "size": 2, "metadata": {"k": "v"}},
    }
    assert {name for name, body in bodies.items() if create(cloudy, **body).status == 599} == matching


def test_what_is_asked_before_the_caller_is_known_is_asked_again() -> None:
    cloudy = cloud(
        TEAMS
        + """resource probe in world { id sequence }
        operation ask probe GET /probe { within tenant 'blue'  answer 200 { team: tenant.id, url: service.url } }
        on ask probe when service.url == 'x' or services == [] then respond 500 before caller""",
        headers=ANN,
    )
    assert cloudy.request("GET", "/desk/red/probe").body == {"team": "blue", "url": "http://cloud.test/desk/red"}
