# SPDX-License-Identifier: Apache-2.0
"""Who asks, and in which version: headers in, the caller's record and a version out, or the service's refusal."""

import pytest

from tests.driver import AMY, ANN, BOB, DESK, TEAMS, cloud, told

VERSIONED = (
    DESK.replace(
        "mount /desk",
        """mount /desk
    version header "OpenStack-API-Version" as "desk {v}", header "X-Desk-Version" 2.1 .. 2.30 default 2.1
    on bad_version 400 "bad {value}"
    on unsupported_version 406 "{value} is not in {first}..{last}"
    on outside_version 404 "{value} is not in {version}"
    """,
    )
    + """
resource ticket in world { id sequence  title text }
seed ticket for each t in ['a'] { title: t }
view ticket.brief { early: 1 until 2.5  late: 2 since 2.6 }
view ticket.full { id  include brief  include brief since 2.8  middle: 3 since 2.3 until 2.4 }
operation show ticket GET /tickets/{id} { answer 200 { v: version, self: self as full, new: { a: 1 since 2.9 } } }
operation look ticket GET /late since 2.10 { answer 200 'new' }
operation look ticket GET /both until 2.9 { answer 200 'old' }
operation look ticket GET /both since 2.10 { answer 200 'new' }
operation make ticket POST /late { check false else 409 "never" since 2.3  answer 200 until 2.1
  answer 201 until 2.2  answer 202 }
gone 410 "over" since 2.20 /tickets/{id}
"""
)


@pytest.mark.parametrize(
    ("headers", "version"),
    [
        ({}, "2.1"),
        ({"OpenStack-API-Version": "desk 2.7"}, "2.7"),
        ({"OpenStack-API-Version": "desk 2.10"}, "2.10"),
        ({"OpenStack-API-Version": "other 1.2, desk 2.7 ,third 2.9"}, "2.7"),
        ({"OpenStack-API-Version": "other 1.2"}, "2.1"),
        ({"OpenStack-API-Version": "desk latest"}, "2.30"),
        ({"X-Desk-Version": "2.8"}, "2.8"),
        ({"X-Desk-Version": "latest"}, "2.30"),
        ({"OpenStack-API-Version": "desk 2.7", "X-Desk-Version": "2.8"}, "2.7"),
        ({"OpenStack-API-Version": "other 2.7", "X-Desk-Version": "2.8"}, "2.8"),
    ],
)
def test_the_version_that_is_asked_for(headers: dict[str, str], version: str) -> None:
    answer = cloud(VERSIONED.replace('gone 410 "over" since 2.20 /tickets/{id}', "")).request(
        "GET", "/desk/tickets/1", headers=headers
    )
    assert answer.body["v"] == version
    assert told(answer, "OpenStack-API-Version") == [f"desk {version}"]
    assert told(answer, "X-Desk-Version") == [version]
    assert told(answer, "Vary") == ["OpenStack-API-Version", "X-Desk-Version"]


@pytest.mark.parametrize(
    "asked", ["2", "2.x", "two", "", "2.1.1", "v2.1", "2.01", "0.1", "2.123456", "2.\u0663", "-2.1"]
)
def test_a_malformed_version(asked: str) -> None:
    answer = cloud(VERSIONED).request("GET", "/desk/tickets/1", headers={"X-Desk-Version": asked})
    assert (answer.status, answer.body["message"]) == (400, f"bad {asked}")
    assert told(answer, "X-Desk-Version") == []


def test_what_no_rule_models_carries_the_version_where_it_is_one() -> None:
    made = cloud(VERSIONED)
    for asked, carried in (("2.7", ["2.7"]), ("two", [])):
        answer = made.request("GET", "/desk/nothing", headers={"X-Desk-Version": asked})
        assert (answer.status, told(answer, "X-Desk-Version")) == (501, carried)


@pytest.mark.parametrize("asked", ["2.0", "2.31", "1.99", "3.0"])
def test_a_version_out_of_range(asked: str) -> None:
    answer = cloud(VERSIONED).request("GET", "/desk/tickets/1", headers={"X-Desk-Version": asked})
    assert (answer.status, answer.body["message"]) == (406, f"{asked} is not in 2.1..2.30")


def test_windows_of_entries_statements_and_answers() -> None:
    made = cloud(VERSIONED)

    def shown(version: str) -> object:
        return made.request("GET", "/desk/tickets/1", headers={"X-Desk-Version": version}).body

    assert shown("2.1") == {"v": "2.1", "self": {"id": 1, "early": 1}, "new": {}}
    assert shown("2.4") == {"v": "2.4", "self": {"id": 1, "early": 1, "middle": 3}, "new": {}}
    assert shown("2.9") == {"v": "2.9", "self": {"id": 1, "late": 2}, "new": {"a": 1}}
    statuses = [
        made.request("POST", "/desk/late", headers={"X-Desk-Version": version}).status
        for version in ("2.1", "2.2", "2.3")
    ]
    assert statuses == [200, 201, 409]


def test_an_operation_outside_its_window_is_not_there() -> None:
    made = cloud(VERSIONED)
    early = made.request("GET", "/desk/late", headers={"X-Desk-Version": "2.9"})
    assert (early.status, early.body["message"]) == (404, "/desk/late is not in 2.9")
    assert made.request("GET", "/desk/late", headers={"X-Desk-Version": "2.10"}).body == "new"
    assert made.request("GET", "/desk/both", headers={"X-Desk-Version": "2.9"}).body == "old"
    assert made.request("GET", "/desk/both", headers={"X-Desk-Version": "2.11"}).body == "new"
    assert made.request("HEAD", "/desk/both", headers={"X-Desk-Version": "2.11"}).status == 200


def test_methods_that_other_versions_have_are_not_offered() -> None:
    made = cloud(VERSIONED)
    early = made.request("PUT", "/desk/late", headers={"X-Desk-Version": "2.9"})
    late = made.request("PUT", "/desk/late", headers={"X-Desk-Version": "2.10"})
    assert (early.status, told(early, "Allow")) == (405, ["POST"])
    assert (late.status, told(late, "Allow")) == (405, ["GET, HEAD, POST"])


def test_a_path_of_other_versions_is_not_there_for_any_method() -> None:
    made = cloud(VERSIONED.replace("operation make ticket POST /late {", "operation make ticket POST /more {"))
    assert made.request("POST", "/desk/late", headers={"X-Desk-Version": "2.9"}).status == 404
    assert made.request("POST", "/desk/late", headers={"X-Desk-Version": "2.10"}).status == 405


def test_what_is_gone_is_gone_since_its_version_whatever_the_method() -> None:
    made = cloud(VERSIONED)
    assert made.request("GET", "/desk/tickets/1", headers={"X-Desk-Version": "2.19"}).status == 200
    for method in ("GET", "DELETE", "PATCH"):
        answer = made.request(method, "/desk/tickets/7", headers={"X-Desk-Version": "2.20"})
        assert (answer.status, answer.body["message"]) == (410, "over")


ASK = """
resource probe in world { id sequence }
operation ask probe GET /probe { answer 200 { who: caller.id, team: tenant.id } }
operation hear probe GET /hear public { answer 200 { who: caller.id, team: tenant.id } }
"""


def test_a_caller_is_the_record_that_its_header_names() -> None:
    made = cloud(TEAMS + ASK)
    assert made.request("GET", "/desk/probe", headers=ANN).body == {"who": "ann", "team": "red"}
    assert made.request("GET", "/desk/probe", headers=BOB).body == {"who": "bob", "team": "blue"}


@pytest.mark.parametrize("headers", [{}, {"X-Agent": ""}, {"X-Agent": "zoe"}, {"X-Agent": "eve"}])
def test_no_caller_or_no_good_one(headers: dict[str, str]) -> None:
    made = cloud(TEAMS + ASK)
    answer = made.request("GET", "/desk/probe", headers=headers)
    assert (answer.status, answer.body["message"]) == (401, "who are you?")
    assert made.request("GET", "/desk/hear", headers=headers).body == {"team": ""}


def test_a_public_operation_has_a_caller_when_a_good_one_asks() -> None:
    assert cloud(TEAMS + ASK).request("GET", "/desk/hear", headers=ANN).body == {"who": "ann", "team": "red"}


def test_a_caller_can_expire() -> None:
    rules = TEAMS.replace("when active", "when expires > now").replace(
        "team text ", "team text  expires time = now + 10 "
    )
    made = cloud(rules + ASK, headers=ANN)
    made.advance(9)
    assert made.request("GET", "/desk/probe").status == 200
    made.advance(1)
    assert made.request("GET", "/desk/probe").status == 401


def test_the_tenant_of_the_path_is_the_callers() -> None:
    made = cloud(TEAMS + ASK)
    assert made.request("GET", "/desk/red/probe", headers=ANN).status == 200
    assert made.request("GET", "/desk/blue/probe", headers=ANN).status == 403
    assert made.request("GET", "/desk/blue/hear").body == {"team": "blue"}
    assert made.request("GET", "/desk/blue/hear", headers=ANN).status == 403


def test_tokens_of_another_service() -> None:
    made = cloud(
        """
        service door "Door" { mount /door }
        for door
        resource badge in world { key number  number text  who { id: text } }
        seed badge for each b in ['1'] { number: b, who: { id: 'ann' } }
        """,
        """
        service desk "Desk" {
          mount /desk
          caller header "X-Badge" is door.badge when who.id != 'eve' tenant number else 401 "no badge"
        }
        for desk
        resource probe in world { id sequence }
        operation ask probe GET /probe { answer 200 { who: caller.who.id, team: tenant.id } }
        """,
    )
    assert made.request("GET", "/desk/probe", headers={"x-badge": "1"}).body == {"who": "ann", "team": "1"}
    assert made.request("GET", "/desk/probe", headers={"x-badge": "2"}).status == 401


def test_users_have_records_of_their_own() -> None:
    made = cloud(
        TEAMS
        + """
        resource pen in user { key name  name text }
        view pen.full { name }
        operation create pen POST /pens { create pen { name: body.name }  answer 201 }
        operation list pen GET /pens { list pen as full {} }
        operation delete pen DELETE /pens/{id} { delete self  answer 204 }
        """
    )
    assert made.request("POST", "/desk/pens", {"name": "p"}, ANN).status == 201
    assert made.request("POST", "/desk/pens", {"name": "p"}, ANN).status == 409
    assert made.request("POST", "/desk/pens", {"name": "p"}, AMY).status == 201
    assert made.request("DELETE", "/desk/pens/p", headers=ANN).status == 204
    assert made.request("GET", "/desk/pens", headers=ANN).body == {"pens": []}
    assert made.request("GET", "/desk/pens", headers=AMY).body == {"pens": [{"name": "p"}]}


def test_within_user_turns_to_another_user() -> None:
    made = cloud(
        TEAMS
        + """
        resource pen in user { key name  name text }
        operation create pen POST /pens { create pen { name: body.name }  answer 201 }
        operation count pen GET /agents/{whom}/pens { within user path.whom  answer 200 [p.name for p in pen] }
        """
    )
    made.request("POST", "/desk/pens", {"name": "p"}, ANN)
    assert made.request("GET", "/desk/agents/ann/pens", headers=BOB).body == ["p"]
    assert made.request("GET", "/desk/agents/bob/pens", headers=BOB).body == []
