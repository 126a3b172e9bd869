# SPDX-License-Identifier: Apache-2.0
"""Verification over HTTP: what fits a description, how the nearest request differs, and what can't be known."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mimic_rules.engine.exchange import Request, Response
from mimic_rules.web.entry import BODY_KEPT
from mimic_rules.web.journal import Journal
from mimic_rules.web.matching import matches_path
from tests.fake_cloud import FakeCloud, FakeEngine


def told_by_body(request: Request) -> Response:
    """Answers as the body of the request says."""
    body = request.read_json() or {}
    status = body.get("status", 200) if isinstance(body, dict) else 200
    operation = body.get("does", "open ticket") if isinstance(body, dict) else "open ticket"
    return Response(status, request_id=f"r-{request.path}", service="desk", operation=operation)


def cloud(most: int = 10) -> FakeCloud:
    made = FakeCloud(FakeEngine(told_by_body))
    mount = made.mounts.get("default")
    assert mount is not None
    mount.journal = Journal(most)
    return made


def verified(of: FakeCloud, **wish: Any) -> Any:
    answer = of.ask("POST", "/_mimic/verify", json=wish)
    assert answer.status_code == 200, answer.text
    return answer.json


def results(of: FakeCloud, **wish: Any) -> list[str]:
    return [check["result"] for check in verified(of, **wish)["checks"]]


def test_what_the_kept_requests_prove_stays_proved() -> None:
    of = cloud(most=2)
    for _ in range(5):
        of.ask("GET", "/a")
    assert results(
        of,
        requests=[
            {"path": "/a", "times": {"at_least": 2}},
            {"path": "/a", "times": {"at_least": 3}},
            {"path": "/a", "times": {"at_least": 6}},
            {"path": "/a", "times": {"at_most": 1}},
            {"path": "/a", "times": {"at_most": 4}},
            {"path": "/a", "times": {"at_most": 5}},
            {"path": "/b", "times": 0},
        ],
        never=[{"path": "/a"}, {"path": "/b"}],
    ) == ["passed", "unknown", "failed", "failed", "unknown", "passed", "unknown", "failed", "unknown"]


def test_a_truncated_journal_says_what_it_lacks() -> None:
    of = cloud(most=1)
    for path in ("/a", "/b"):
        of.ask("GET", path)
    told = verified(of, requests=[{"path": "/a"}], in_order=True, no_others=True)
    assert (told["result"], told["kept"], told["dropped"]) == ("failed", 1, 1)
    counted, order, others = told["checks"]
    assert counted["reason"] == (
        "found 0 times, expected at least once; 1 older request was dropped, so there may have been more"
    )
    assert order["result"] == "unknown"
    assert order["reason"] == (
        "request 1 of the list isn't found after those before it; 1 older request was dropped, "
        "so it may have been there"
    )
    assert (others["result"], others["reason"]) == ("failed", "1 other request was made")
    assert others["requests"] == [
        {
            "id": "r-/b",
            "method": "GET",
            "path": "/b",
            "service": "desk",
            "operation": "open ticket",
            "status": 200,
        }
    ]
    told = verified(of, requests=[{"path": "/b"}], no_others=True)
    assert told["checks"][1] == {
        "expected": {"no_others": True},
        "result": "unknown",
        "found": 0,
        "reason": "no other request was found; 1 older request was dropped, so there may have been more",
    }


def test_order() -> None:
    of = cloud()
    for path in ("/a", "/b", "/a", "/c"):
        of.ask("GET", path)
    expected = [{"path": "/a", "times": 2}, {"path": "/c"}, {"path": "/d", "times": 0}]
    assert results(of, requests=expected, in_order=True) == ["passed"] * 4
    told = verified(of, requests=[{"path": "/a"}, {"path": "/c"}, {"path": "/b"}], in_order=True)
    assert told["result"] == "failed"
    assert told["checks"][3]["reason"] == "request 3 of the list isn't found after those before it"
    assert told["checks"][3]["found"] == 2


# one request ---------------------------------------------------------------------------------------------------------


def asked_once() -> FakeCloud:
    of = cloud()
    of.ask(
        "POST",
        "/tickets/7",
        json={"status": 403, "does": "close ticket", "ticket": {"title": "a", "tags": ["x", 1], "none": None}},
        query_string="a=1&b=2&b=3",
        headers={"X-Who": "ann"},
    )
    return of


@pytest.mark.parametrize(
    ("expected", "differs"),
    [
        ({}, []),
        ({"method": "post"}, []),
        ({"method": "GET"}, [{"what": "method", "expected": "GET", "found": "POST"}]),
        ({"path": "/tickets/*"}, []),
        ({"path": "/tickets"}, [{"what": "path", "expected": "/tickets", "found": "/tickets/7"}]),
        ({"operation": "close ticket"}, []),
        ({"operation": "desk close ticket"}, []),
        ({"operation": "open ticket"}, [{"what": "operation", "expected": "open ticket", "found": "close ticket"}]),
        ({"status": 403}, []),
        ({"status": 201}, [{"what": "status", "expected": 201, "found": 403}]),
        ({"query": {"a": "1", "b": ["2", "3"]}}, []),
        ({"query": {"b": "3"}}, []),
        (
            {"query": {"a": "2", "b": ["3", "2"], "c": "1"}},
            [
                {"what": "query.a", "expected": "2", "found": "1"},
                {"what": "query.b", "expected": ["3", "2"], "found": ["2", "3"]},
                {"what": "query.c", "expected": "1"},
            ],
        ),
        ({"query": {"b": "4"}}, [{"what": "query.b", "expected": "4", "found": ["2", "3"]}]),
        ({"headers": {"x-WHO": "ann"}}, []),
        ({"headers": {"X-Who": "bob"}}, [{"what": "headers.x-who", "expected": "bob", "found": "ann"}]),
        ({"headers": {"X-No": "bob"}}, [{"what": "headers.x-no", "expected": "bob"}]),
        ({"body": {}}, []),
        ({"body": {"ticket": {"title": "a"}}}, []),
        ({"body": {"ticket": {"none": None, "tags": ["x", 1]}}}, []),
        ({"body": {"ticket": {"title": "b"}}}, [{"what": "body.ticket.title", "expected": "b", "found": "a"}]),
        ({"body": {"ticket": {"size": 1}}}, [{"what": "body.ticket.size", "expected": 1}]),
        (
            {"body": {"ticket": {"tags": ["x", True]}}},
            [{"what": "body.ticket.tags.1", "expected": True, "found": 1}],
        ),
        (
            {"body": {"ticket": {"tags": ["x"]}}},
            [{"what": "body.ticket.tags", "expected": ["x"], "found": ["x", 1]}],
        ),
        ({"body": []}, [{"what": "body", "expected": [], "found": {"status": 403, "does": "close ticket"}}]),
    ],
)
def test_what_fits_and_how_it_differs(expected: Any, differs: list[Any]) -> None:
    told = verified(asked_once(), requests=[expected])
    (check,) = told["checks"]
    assert check["expected"] == expected
    assert check["result"] == told["result"] == ("failed" if differs else "passed")
    if not differs:
        assert check["found"] == 1
        assert [one["id"] for one in check["requests"]] == ["r-/tickets/7"]
        assert "nearest" not in check
        return
    assert check["reason"] == "found 0 times, expected at least once"
    assert check["nearest"]["request"]["id"] == "r-/tickets/7"
    for one in check["nearest"]["differs"]:
        if one["what"] == "body":
            del one["found"]["ticket"]
    assert check["nearest"]["differs"] == differs


def test_the_nearest_is_the_last_of_those_that_differ_least() -> None:
    of = cloud()
    of.ask("POST", "/a", json={"n": 1})
    of.ask("POST", "/a", json={"n": 2, "status": 404})
    of.ask("PUT", "/b", json={"n": 3})
    (check,) = verified(of, requests=[{"method": "POST", "path": "/a", "status": 201, "body": {"n": 9}}])["checks"]
    assert check["nearest"]["request"]["status"] == 404
    assert [one["what"] for one in check["nearest"]["differs"]] == ["status", "body.n"]
    (check,) = verified(of, requests=[{"path": "/c"}])["checks"]
    assert check["nearest"]["request"]["path"] == "/b"
    (check,) = verified(cloud(), requests=[{"path": "/c"}])["checks"]
    assert "nearest" not in check


def test_what_is_not_kept_of_a_request_is_unknown() -> None:
    of = cloud()
    of.ask("POST", "/a", json={"n": 1, "long": "x" * BODY_KEPT})
    of.ask("POST", "/b", body=b"{", headers={"Content-Type": "application/json"})
    of.ask("POST", "/c", headers={"X-Long": "x" * 9000})
    of.ask("POST", "/d", headers={f"X-{number}": "x" * 200 for number in range(60)})
    assert results(
        of,
        requests=[
            {"path": "/a", "body": {"n": 1}},
            {"path": "/b", "body": {"n": 1}},
            {"path": "/c", "headers": {"x-long": "x"}},
            {"path": "/c", "headers": {"x-none": "x"}},
            {"path": "/d", "headers": {"x-59": "x"}},
            {"path": "/a", "body": {"n": 1}, "times": 0},
        ],
    ) == ["unknown", "failed", "unknown", "failed", "unknown", "unknown"]
    (check,) = verified(of, requests=[{"path": "/a", "body": {"n": 1}}])["checks"]
    assert check["reason"].endswith(
        "; not all of the requests' bodies and headers is kept, so there may have been more"
    )
    assert results(of, requests=[{"path": "*"}, {"path": "/a", "body": {"n": 1}}], no_others=True)[2] == "passed"
    assert results(of, requests=[{"path": "/a", "body": {"n": 1}}, {"path": "/[b-d]"}], no_others=True)[2] == "failed"


def test_a_request_that_may_be_one_of_the_list_is_no_other_for_sure() -> None:
    of = cloud()
    of.ask("POST", "/a", json={"n": 1, "long": "x" * BODY_KEPT})
    assert results(of, requests=[{"body": {"n": 1}}], no_others=True, in_order=True) == ["unknown"] * 3


@pytest.mark.parametrize(
    ("times", "words"),
    [
        (1, "exactly once"),
        (2, "exactly 2 times"),
        (0, "exactly 0 times"),
        ({"at_least": 3}, "at least 3 times"),
        ({"at_most": 2}, "at most 2 times"),
        ({"at_least": 1, "at_most": 2}, "1 to 2 times"),
    ],
)
def test_how_often_in_words(times: Any, words: str) -> None:
    (check,) = verified(cloud(), requests=[{"path": "/a", "times": times}])["checks"]
    assert check["reason"] == f"found 0 times, expected {words}"


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("/a", "/a", True),
        ("/a", "/ab", False),
        ("*", "", True),
        ("/a/*", "/a/b/c", True),
        ("/a/*", "/a", False),
        ("/a/*/c", "/a/b/c", True),
        ("/a*a", "/a", False),
        ("/*b*c", "/abbc", True),
        ("/*b*c", "/acb", False),
        ("*a*b*", "xaxbx", True),
        ("*a*b*", "xbxax", False),
        ("/a.c", "/abc", False),
        ("/**", "/x", True),
    ],
)
def test_stars(pattern: str, path: str, fits: bool) -> None:
    assert matches_path(pattern, path) is fits


@given(st.text("ab*", max_size=6), st.text("ab", max_size=6))
def test_stars_mean_anything(pattern: str, path: str) -> None:
    def slowly(pattern: str, path: str) -> bool:
        if not pattern:
            return not path
        if pattern[0] == "*":
            return any(slowly(pattern[1:], path[at:]) for at in range(len(path) + 1))
        return path[:1] == pattern[0] and slowly(pattern[1:], path[1:])

    assert matches_path(pattern, path) is slowly(pattern, path)


# what is wrong -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wish", "reason"),
    [
        ({}, "say what to expect"),
        ({"in_order": True}, "say what to expect"),
        ({"requests": []}, "say what to expect"),
        ({"requests": {}}, "`requests` takes a list"),
        ({"reqests": []}, "did you mean `requests`?"),
        ({"requests": [{"pth": "/a"}]}, "`requests[0]` has no key `pth`: did you mean `path`?"),
        ({"requests": [{"status": "200"}]}, "`requests[0].status` takes a whole number"),
        ({"requests": [{"times": -1}]}, "`requests[0].times` takes at least 0, not `-1`"),
        ({"requests": [{"times": {}}]}, "`requests[0].times` takes at least 1"),
        ({"requests": [{"times": {"at_least": 2, "at_most": 1}}]}, "`requests[0].times` takes `at_least` no larger"),
        ({"never": [{"times": 1}]}, "`never[0]` has no key `times`"),
        ({"requests": [{}] * 101}, "`requests` takes at most 100"),
        ({"requests": [{"headers": {"a": 1}}]}, "`requests[0].headers.a` takes a text"),
    ],
)
def test_wishes_that_are_wrong(wish: Any, reason: str) -> None:
    answer = cloud().ask("POST", "/_mimic/verify", json=wish)
    assert answer.status_code == 400, answer.json
    assert reason in answer.json["error"]["message"]
