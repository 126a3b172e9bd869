# SPDX-License-Identifier: Apache-2.0
"""Rules that come and go while a cloud runs, over a real socket: what takes effect, what is told, what is refused."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from tests.cloud import Answer, RunningCloud, cloud
from tests.web.conftest import TICKETS

RULE = 'for tickets.ticket\nrule busy "None today." on create when body.title == \'no\' then respond 503 "Not now."'
ANN = {"X-Agent": "ann"}


@pytest.fixture(scope="module")
def _running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCloud]:
    with cloud(tmp_path_factory.mktemp("rules"), rules_text=TICKETS, config={"limits": {"rules": 5}}) as running:
        yield running


@pytest.fixture
def running(_running: RunningCloud) -> Iterator[RunningCloud]:
    """A cloud without rules of texts."""
    yield _running
    assert _running.ask("DELETE", "/_mimic/rules").status == 204


def create(running: RunningCloud, title: str) -> Answer:
    return running.ask("POST", "/tickets/v1/tickets", {"title": title}, ANN)


def add(running: RunningCloud, text: str = RULE, **more: Any) -> Any:
    answer = running.ask("POST", "/_mimic/rules", {"text": text, **more})
    assert answer.status == 201, answer.body
    return answer.json


def listed(running: RunningCloud, query: str = "") -> list[Any]:
    answer = running.ask("GET", f"/_mimic/rules{query}")
    assert answer.status == 200
    rules: list[Any] = answer.json["rules"]
    return rules


def refusal(answer: Answer, status: int) -> Any:
    assert answer.status == status, answer.body
    assert answer.json["error"]["code"] == status
    return answer.json["error"]


def test_a_rule_takes_effect_with_the_next_request_and_so_does_its_removal(running: RunningCloud) -> None:
    assert create(running, "").status == 400
    told = add(running)
    answer = create(running, "no")
    assert (answer.status, answer.json["because"]) == (503, "Not now.")
    assert answer.headers["x-mimic-rule"] == f"{told['id']}:2"
    assert running.ask("DELETE", f"/_mimic/rules/{told['id']}").status == 204
    assert create(running, "no").status == 201


def test_what_was_added_is_told(running: RunningCloud) -> None:
    told = add(running, name="mine")
    assert told == {
        "id": "mine",
        "rules": [
            {
                "id": "mine:2:1",
                "name": "busy",
                "doc": "None today.",
                "layer": "run-time",
                "place": "mine:2:1",
                "enabled": True,
                "text": RULE.partition("\n")[2],
                "hits": {"considered": 0, "matched": 0, "decided": 0, "last": None},
            }
        ],
        "warnings": [],
    }
    assert listed(running)[0] == told["rules"][0]


def test_hits_say_how_often_a_rule_was_looked_at_held_and_decided(running: RunningCloud) -> None:
    add(running, RULE.replace(" on create", "\n  on create").replace("then", "only 1 times then"), name="mine")
    answers = [create(running, title) for title in ("no", "other", "no")]
    (rule,) = listed(running, "?layer=run-time")
    last = answers[0].headers["x-mimic-request"]
    assert rule["hits"] == {"considered": 3, "matched": 2, "decided": 1, "last": last}
    assert rule["text"].count("\n") == 1
    running.ask("PATCH", "/_mimic/rules/mine", {"enabled": False})
    assert listed(running, "?layer=run-time")[0]["hits"] == rule["hits"]
    # another rule of that name has none of it
    running.ask("DELETE", "/_mimic/rules/mine")
    assert add(running, name="mine")["rules"][0]["hits"]["matched"] == 0
    assert listed(running)[0]["hits"]["considered"] == 0


def test_rules_that_a_loop_makes_are_rules_of_their_own(running: RunningCloud) -> None:
    loop = "for tickets.ticket\nfor each $n in [a, b] { rule no_$n on create when body.title == '$n' then respond 503 }"
    told = add(running, loop)
    assert [one["name"] for one in told["rules"]] == ["no_a", "no_b"]
    assert len({one["id"] for one in told["rules"]}) == 2
    assert running.ask("DELETE", f"/_mimic/rules/{quote(told['rules'][1]['id'])}").status == 204
    assert [one["name"] for one in listed(running, "?layer=run-time")] == ["no_a"]
    assert [create(running, title).status for title in ("a", "b")] == [503, 201]
    add(running, RULE.replace("busy", "no_b"))


def test_rules_are_listed_in_order_and_by_layer(running: RunningCloud) -> None:
    add(running)
    add(running, RULE.replace("busy", "busier"))
    layers = [one["layer"] for one in listed(running)]
    assert layers == sorted(layers, key=["run-time", "team", "shipped"].index)
    assert [one["name"] for one in listed(running, "?layer=run-time")] == ["busier", "busy"]
    (team,) = listed(running, "?layer=team")
    assert team["text"].startswith("rule lost_comments")
    assert team["text"].endswith('respond 503 "Try again."')
    refused = refusal(running.ask("GET", "/_mimic/rules?layer=mine"), 400)
    assert refused["message"] == "`layer` takes `run-time`, `team`, `shipped`, not `mine`"


def test_a_rule_of_any_layer_is_disabled_in_this_world_alone(running: RunningCloud) -> None:
    (team,) = listed(running, "?layer=team")
    for name in ("lost_comments", team["id"], team["id"].rpartition(":")[0]):
        answer = running.ask("PATCH", f"/_mimic/rules/{quote(name, safe='')}", {"enabled": False})
        assert (answer.status, answer.json["rules"]) == (200, [{**team, "enabled": False}])
        assert listed(running, "?layer=team")[0]["enabled"] is False
        running.ask("PATCH", f"/_mimic/rules/{name}", {"enabled": True})
        assert listed(running, "?layer=team") == [team]
    shipped = listed(running, "?layer=shipped")[0]["id"]
    assert "/" in shipped
    assert running.ask("PATCH", f"/_mimic/rules/{shipped}", {"enabled": False}).json["rules"][0]["id"] == shipped
    add(running, name="mine")
    running.ask("PATCH", "/_mimic/rules/mine", {"enabled": False})
    assert create(running, "no").status in (201, 409)
    # all that was changed is taken back at once
    running.ask("DELETE", "/_mimic/rules")
    assert all(one["enabled"] for one in listed(running))


def test_a_rule_of_a_file_is_not_removed(running: RunningCloud) -> None:
    refused = refusal(running.ask("DELETE", "/_mimic/rules/lost_comments"), 409)
    assert refused["message"] == "`lost_comments` stands in a file, and other worlds have it too"
    assert "PATCH" in refused["help"]


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_an_unknown_rule_is_404_and_the_nearest_one_is_said(running: RunningCloud, method: str) -> None:
    body = {"enabled": False} if method == "PATCH" else None
    refused = refusal(running.ask(method, "/_mimic/rules/lost_coments", body), 404)
    assert refused["message"] == "this world has no rule or text `lost_coments`"
    assert refused["help"] == "did you mean `lost_comments`?"
    refused = refusal(running.ask(method, "/_mimic/rules/%2Fnone/of/these:1", body), 404)
    assert refused["help"] == "`GET /_mimic/rules` lists those that there are"


def test_a_wrong_text_is_refused_with_its_places_and_nothing_is_added(running: RunningCloud) -> None:
    before = listed(running)
    wrong = RULE + "\nfor tickets.tickt\nwhen title == 'a' then status stays OPEN\nresource pen in world { id uuid }"
    refused = refusal(running.ask("POST", "/_mimic/rules", {"text": wrong, "name": "mine"}), 400)
    found = refused["diagnostics"]
    assert [(one["code"], one["line"], one["column"], one["end_column"], one["help"]) for one in found] == [
        ("MR202", 3, 13, 18, "did you mean `ticket`?"),
        ("MR115", 5, 1, 9, "declare it in a file"),
    ]
    assert {(one["severity"], one["file"]) for one in found} == {("error", "mine")}
    assert refused["message"].startswith("nothing was added: mine:3:13: error MR202: ")
    assert refused["text"].count("\n  help: ") == 2
    assert refused["text"].endswith("\n2 errors\n")
    assert listed(running) == before


def test_several_texts_are_added_together_or_not_at_all(running: RunningCloud) -> None:
    other = RULE.replace("busy", "other").replace("'no'", "'never'")
    answer = running.ask("POST", "/_mimic/rules", {"texts": [{"text": RULE}, {"text": other, "name": "mine"}]})
    assert [one["id"] for one in answer.json["texts"]][1] == "mine"
    # the second has a name that the first one takes
    twice = {"texts": [{"text": RULE.replace("busy", "third")}, {"text": RULE.replace("busy", "third")}]}
    assert [one["code"] for one in refusal(running.ask("POST", "/_mimic/rules", twice), 400)["diagnostics"]] == [
        "MR206"
    ]
    assert [one["name"] for one in listed(running, "?layer=run-time")] == ["other", "busy"]
    assert running.ask("DELETE", "/_mimic/rules/other").status == 204
    assert [one["name"] for one in listed(running, "?layer=run-time")] == ["busy"]


def test_names_are_taken_once_and_there_is_an_end_to_rules(running: RunningCloud) -> None:
    add(running, name="mine")
    refused = refusal(running.ask("POST", "/_mimic/rules", {"text": RULE.replace("busy", "b"), "name": "mine"}), 409)
    assert "there are rules with the name `mine` already" in refused["message"]
    each = "rule many_$n on create when body.title == '$n' then respond 500"
    many = f"for tickets.ticket\nfor each $n in [a, b, c, d, e] {{ {each} }}"
    refused = refusal(running.ask("POST", "/_mimic/rules", {"text": many}), 409)
    assert "may hold 5 rules" in refused["message"]
    assert "limits.rules" in refused["message"]
    assert len(listed(running, "?layer=run-time")) == 1


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "send one text"),
        ({"text": RULE, "texts": [{"text": RULE}]}, "send one text"),
        ({"texts": [{"text": RULE}], "name": "a"}, "send one text"),
        ({"texts": []}, "`texts` takes at least 1"),
        ({"texts": [RULE]}, "`texts[0]` takes an object"),
        ({"texts": [{"name": "a"}]}, "`texts[0]` lacks `text`"),
        ({"text": 3}, "`text` takes a text"),
        ({"txt": RULE}, "did you mean `text`?"),
        ({"text": RULE, "name": "r7"}, "`name` takes a text that matches"),
        ({"text": RULE, "name": "a:b"}, "`name` takes a text that matches"),
        ({"text": RULE, "name": "team.rules"}, "`name` takes a text that matches"),
    ],
)
def test_a_malformed_call_is_refused_with_the_reason(running: RunningCloud, body: Any, said: str) -> None:
    assert said in refusal(running.ask("POST", "/_mimic/rules", body), 400)["message"]
    refused = refusal(running.ask("PATCH", "/_mimic/rules/lost_comments", {"enabled": "no"}), 400)
    assert refused["place"] == "enabled"
    assert listed(running, "?layer=run-time") == []


LIKE = """for tickets.agent
rule twin per agent on show ticket when agent.team == 'blue' then respond 503 "Cy looks." before find"""


def test_rules_of_records_are_listed_with_their_hits_and_go_with_them(running: RunningCloud) -> None:
    told = add(running, LIKE)
    answer = running.ask("GET", "/tickets/v1/tickets/99", headers=ANN)
    assert (answer.status, answer.headers["x-mimic-rule"]) == (503, f"{told['id']}:2#cy")
    found = [rule for rule in listed(running, "?layer=run-time") if rule["name"] == "twin"]
    assert [rule.get("record", {}).get("key") for rule in found] == [None, "ann", "bob", "cy"]
    (one,) = running.ask("GET", "/_mimic/rules/cy").json["rules"]
    assert one == found[3]
    assert (one["layer"], one["enabled"], one["text"]) == ("run-time", True, LIKE.partition("\n")[2])
    assert one["record"] == {"kind": "tickets.agent", "key": "cy", "tenant": "", "region": ""}
    assert [one["hits"][name] for name in ("considered", "matched", "decided")] == [1, 1, 1]
    assert found[1]["hits"]["matched"] == 0
    for method, body in (("DELETE", None), ("PATCH", {"enabled": False})):
        told = refusal(running.ask(method, "/_mimic/rules/cy", body), 409)
        assert told["message"] == "`cy` is a record, and its rule comes and goes with it"
    assert running.ask("PATCH", "/_mimic/rules/twin", {"enabled": False}).status == 200
    assert running.ask("GET", "/_mimic/rules/cy").json["rules"][0]["enabled"] is False
    assert running.ask("GET", "/tickets/v1/tickets/99", headers=ANN).status == 404
