# SPDX-License-Identifier: Apache-2.0
"""Explanations of traces made by hand: each verdict in words and as data, and how traces are asked for."""

from contextlib import suppress
from typing import Any

import pytest

from mimic_rules.engine.exchange import MISSING, Request, Response, Wire
from mimic_rules.engine.trace import Trace, Verdict
from mimic_rules.web.journal import Journal
from mimic_rules.web.reasons import ordinal
from mimic_rules.web.redaction import NO_SECRETS
from mimic_rules.web.traces import MOST_OF_ONE, KeptTrace, Traces, kept_trace, short
from tests.fake_cloud import FakeCloud, FakeEngine
from tests.traced import rule, trace

FULL = rule("full", 3, doc="The desk is closed.")
SLOW = rule("slow", 7)
LATER = rule("later", 9)
EVER = rule("", 12)


def explained(given: Trace | None, **response: Any) -> FakeCloud:
    """A cloud that answers once with this trace; the request is `r1`."""
    told = {"status": 503, "request_id": "r1", "service": "desk", "operation": "open ticket", **response}

    def answer(request: Request) -> Response:
        return Response(**told, trace=given if request.explain else None)

    cloud = FakeCloud(FakeEngine(answer))
    # Some of these answers never reach their client.
    with suppress(ConnectionError):
        cloud.ask("POST", "/tickets", headers={"X-Mimic-Explain": "true"})
    return cloud


def text(cloud: FakeCloud) -> str:
    answer = cloud.ask("GET", "/_mimic/explain/r1", query_string="format=text")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    return str(answer.text)


def data(cloud: FakeCloud) -> Any:
    answer = cloud.ask("GET", "/_mimic/explain/r1")
    assert answer.status_code == 200
    return answer.json


# what people read ----------------------------------------------------------------------------------------------------

WHOLE = trace(
    (SLOW, "before checks", Verdict.CONDITION, (), {"condition": "title == 'slow'", "left": "quick", "right": "slow"}),
    (FULL, "before effects", Verdict.DECIDED, ("answer", "commit"), {"did": "503 closed"}),
    (LATER, "before effects", Verdict.TIME, (), {"begins_in": 2.0}),
    (EVER, "before effects", Verdict.TAKEN, (), {"slots": {"answer": "team.rules:3:1", "commit": "team.rules:3:1"}}),
    (SLOW, "deliver", Verdict.DECIDED, ("latency",), {}),
)


def test_text_for_people() -> None:
    assert (
        text(explained(WHOLE, delay=0.01, wire=Wire("reset")))
        == """\
POST /tickets -> 503
  desk: open ticket, at 1970-01-01T00:16:40.000000Z, r1
  held back for 0.01 s, on the wire: reset

4 rules were considered. What they filled:
  answer   full, team.rules:3
  commit   full, team.rules:3
  latency  slow, team.rules:7

before checks
  - slow, team.rules:7
      `title == 'slow'` does not hold: left is "quick", right is "slow"

before effects
  + full, team.rules:3  The desk is closed.
      fills answer, commit: 503 closed
      instead of team.rules:12 (answer, commit)
  ~ later, team.rules:9
      would match in 2.0 s
  - team.rules:12
      answer is filled by full, team.rules:3; commit is filled by full, team.rules:3

deliver
  + slow, team.rules:7
      fills latency
"""
    )


def test_data_for_programs() -> None:
    told = data(explained(WHOLE))
    assert told["traced"] is True
    assert told["more"] == 0
    assert told["request"]["id"] == "r1"
    assert "headers" not in told["request"]
    assert told["slots"] == {
        "answer": {"name": "full", "place": "team.rules:3"},
        "commit": {"name": "full", "place": "team.rules:3"},
        "latency": {"name": "slow", "place": "team.rules:7"},
    }
    assert [(one["rule"]["name"], one["verdict"], one["near"]) for one in told["candidates"]] == [
        ("slow", "condition does not hold", False),
        ("full", "decided", False),
        ("later", "not at this time", True),
        ("", "an earlier rule has its slots", False),
        ("slow", "decided", False),
    ]
    slow, full, _, ever, _ = told["candidates"]
    assert slow["detail"] == {"condition": "title == 'slow'", "left": "quick", "right": "slow"}
    assert full["instead_of"] == [{"name": "", "place": "team.rules:12", "slots": ["answer", "commit"]}]
    assert ever["rule"] == {"id": "team.rules:12:1", "name": "", "doc": "", "place": "team.rules:12"}
    assert ever["detail"]["slots"]["answer"] == {"name": "full", "place": "team.rules:3"}


@pytest.mark.parametrize(
    ("verdict", "detail", "reason", "near"),
    [
        (Verdict.DECIDED, {}, "decided", False),
        (Verdict.DECIDED, {"did": ["a", 1]}, 'decided: ["a", 1]', False),
        (Verdict.CONDITION, {}, "condition does not hold", False),
        (Verdict.CONDITION, {"condition": "has x"}, "`has x` does not hold", False),
        (
            Verdict.CONDITION,
            {"condition": "x > 3", "left": MISSING, "right": 3},
            "`x > 3` does not hold: left is not there, right is 3",
            False,
        ),
        (Verdict.CONDITION, {"condition": "x", "left": None}, "`x` does not hold: left is null", False),
        (Verdict.TIME, {}, "not at this time", False),
        (Verdict.TIME, {"begins_in": 2}, "would match in 2.0 s", True),
        (Verdict.TIME, {"begins_in": 172_800.0}, "would match in 172800.0 s (2.0 days)", True),
        (Verdict.TIME, {"ended_ago": 0.25}, "ended 0.2 s ago", False),
        (Verdict.COUNT, {}, "not this time", True),
        (Verdict.COUNT, {"used": 3, "of": 3}, "used 3 of 3", True),
        (Verdict.COUNT, {"every": 5, "next_in": 2}, "every 5th: 2 more", True),
        (Verdict.COUNT, {"share": 0.1, "next_in": 3}, "10% evenly: 3 more", True),
        (Verdict.COUNT, {"chance": 0.001}, "0.1% at random: not this one", True),
        (Verdict.COUNT, {"of": 10, "within": 60.0}, "lets 10 through in 60 s, and this was one of them", True),
        (Verdict.COUNT, {"wait": 1.5}, "would match in 1.5 s", True),
        (Verdict.TAKEN, {}, "an earlier rule has its slots", False),
        (Verdict.TAKEN, {"slots": {"answer": "x.rules:1"}}, "an earlier rule has its slots", False),
    ],
)
def test_every_verdict_has_a_reason(verdict: Verdict, detail: dict[str, Any], reason: str, near: bool) -> None:
    fifth = rule("fifth", 5, overrides="other")
    cloud = explained(trace((fifth, "deliver", verdict, (), detail)))
    (one,) = data(cloud)["candidates"]
    assert (one["reason"], one["near"], one["overrides"]) == (reason, near, "other")
    shown = reason if "slots" not in detail else "answer is filled by x.rules:1"
    assert text(cloud).splitlines()[-1] == f"      {shown}"


@pytest.mark.parametrize(
    ("number", "word"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (13, "13th"), (22, "22nd"), (112, "112th")],
)
def test_ordinals(number: int, word: str) -> None:
    assert ordinal(number) == word


def test_no_rule_at_all() -> None:
    assert text(explained(Trace())).splitlines()[-1] == (
        "No rule is about this request: the answer is what the service says by itself."
    )
    one = trace((SLOW, "deliver", Verdict.CONDITION, (), {}))
    assert text(explained(one)).splitlines()[3] == (
        "1 rule was considered, and none decided: the answer is what the service says by itself."
    )


# what is bounded -----------------------------------------------------------------------------------------------------


def test_a_trace_is_bounded() -> None:
    rows = [
        (rule(f"n{at}", at), "deliver", Verdict.CONDITION, (), {"left": "x" * 999}) for at in range(MOST_OF_ONE + 5)
    ]
    told = explained(trace(*rows))
    assert len(data(told)["candidates"]) == MOST_OF_ONE
    assert data(told)["more"] == 5
    assert text(told).endswith("\n\nand 5 more rules, which are not kept\n")
    assert data(told)["candidates"][0]["detail"]["left"] == "x" * 197 + "..."


def test_values_are_bounded() -> None:
    assert short({"a": ["x" * 201, 1, None, True, 1.5]}) == {"a": ["x" * 197 + "...", 1, None, True, 1.5]}
    assert short([*range(25)]) == [*range(20), "..."]
    assert short({str(at): at for at in range(25)}) == {**{str(at): at for at in range(20)}, "...": "..."}
    assert short([[[[["deep"]]]]]) == [[[["..."]]]]
    assert short([[[[{"deep": 1}]]]]) == [[[["..."]]]]
    assert short({"x": Wire("drop")}) == {"x": "Wire(how='drop', share=1.0)"}


def test_old_traces_make_room() -> None:
    traces = Traces(most=4)
    one = kept_trace(trace((SLOW, "deliver", Verdict.COUNT, (), {})), NO_SECRETS)
    for name in ("a", "b", "b", "c"):
        traces.keep(name, one)
    assert [traces.get(name) for name in ("a", "b", "c")] == [None, one, one]
    traces.keep("d", KeptTrace((*one.candidates * 9,)))
    assert [traces.get(name) for name in ("b", "c", "d")] == [None, None, None]
    traces.keep("a", one)
    traces.clear()
    assert traces.get("a") is None


# asking for it -------------------------------------------------------------------------------------------------------


def test_a_world_is_traced_when_it_is_asked_for() -> None:
    cloud = FakeCloud()

    def is_asked(path: str, **headers: str) -> bool:
        cloud.ask("GET", path, headers=headers)
        return cloud.engine.asked[-1][1].explain

    assert cloud.ask("GET", "/_mimic/explain").json == {"on": False}
    assert not is_asked("/a")
    assert is_asked("/a", **{"X-Mimic-Explain": "true"})
    assert not is_asked("/a", **{"X-Mimic-Explain": "yes"})
    assert cloud.ask("PUT", "/_mimic/explain", json={"on": True}).json == {"on": True}
    assert is_asked("/a")
    assert not is_asked("/w/green/a")
    assert cloud.ask("GET", "/w/green/_mimic/explain").json == {"on": False}
    assert cloud.ask("PUT", "/_mimic/explain", json={"on": False}).json == {"on": False}
    assert not is_asked("/a")


@pytest.mark.parametrize(
    ("body", "reason"),
    [({}, "lacks `on`"), ({"on": 1}, "`on` takes true or false"), ({"on": True, "of": 1}, "did you mean `on`?")],
)
def test_wishes_that_are_wrong(body: Any, reason: str) -> None:
    answer = FakeCloud().ask("PUT", "/_mimic/explain", json=body)
    assert answer.status_code == 400
    assert reason in answer.json["error"]["message"]


def test_without_a_trace_the_journal_says_what_it_knows() -> None:
    cloud = explained(None, rules=("team.rules:3",))
    told = data(cloud)
    assert (told["traced"], told["request"]["status"]) == (False, 503)
    assert "X-Mimic-Explain: true" in told["help"]
    assert text(cloud) == (
        "POST /tickets -> 503\n  desk: open ticket, at 1970-01-01T00:16:40.000000Z, r1\n"
        f"  shaped by team.rules:3\n\n{told['help']}\n"
    )
    unknown = explained(None, status=501, operation="")
    assert text(unknown).splitlines()[1].startswith("  no operation that is modelled, at")
    assert "shaped" not in text(unknown)


def test_a_request_that_is_not_kept() -> None:
    cloud = explained(None)
    answer = cloud.ask("GET", "/_mimic/explain/r2")
    assert answer.status_code == 404
    assert "none was dropped" in answer.json["error"]["message"]
    for _ in range(10):
        cloud.ask("GET", "/a")
    assert cloud.ask("GET", "/_mimic/explain/r2").json["error"]["dropped"] == 1
    answer = cloud.ask("GET", "/_mimic/explain/r1", query_string="format=xml")
    assert (answer.status_code, answer.json["error"]["message"]) == (400, "`format` takes text or json")


def test_what_is_forgotten_is_not_explained() -> None:
    cloud = explained(WHOLE)
    mount = cloud.mounts.get("default")
    assert mount is not None
    assert mount.journal.trace("r1") is not None
    cloud.ask("DELETE", "/_mimic/journal")
    assert mount.journal.trace("r1") is None
    assert cloud.ask("GET", "/_mimic/explain/r1").status_code == 404


def test_nothing_is_kept_of_a_trace_where_no_request_is() -> None:
    journal = Journal(0)
    request = Request("GET", "/a", {}, {}, "", lambda: MISSING)
    journal.note(request, MISSING, Response(200, request_id="r1", trace=WHOLE), 0.0, 0.0)
    assert journal.trace("r1") is None
