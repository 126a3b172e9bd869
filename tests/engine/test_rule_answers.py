# SPDX-License-Identifier: Apache-2.0
"""What a rule answers: in the service's dialect, literally, out of the request's own data; and how it limits rates."""

from typing import Any

import pytest

from mimic_rules.engine import MISSING
from tests.engine.garage import build, explained, garage, headers, shown, statuses


def test_an_answer_tells_when_to_come_again() -> None:
    made = garage('on create engine then respond 413 overLimit "slow down" retry after 30s')
    answer = build(made)
    assert (answer.status, answer.body) == (413, {"overLimit": {"code": 413, "message": "slow down"}})
    assert headers(answer)["retry-after"] == "30"


@pytest.mark.parametrize(("wait", "said"), [("'1.2'", "2"), ("-5", "0"), ("1000000000000", "315360000")])
def test_a_wait_is_whole_seconds_that_a_client_can_bear(wait: str, said: str) -> None:
    made = garage(f'on create engine then respond 413 "slow" retry after {wait} seconds')
    assert headers(build(made))["retry-after"] == said


def test_a_wait_that_is_no_number_is_not_told() -> None:
    made = garage('on create engine then respond 413 "slow" retry after metadata.wait seconds')
    assert "retry-after" not in headers(build(made))
    assert headers(build(made, metadata={"wait": "7"}))["retry-after"] == "7"


def test_a_literal_body_may_be_empty_or_of_another_kind() -> None:
    made = garage(
        """
        on show engine then respond 401 with body ""
        on list engine then respond 403 with body "<p>{request.method}</p>" header "Content-Type" = "text/html"
        on halt engine then respond 502 with body { oops: [1, model] }
        """
    )
    build(made)
    empty = made.request("GET", "/desk/engines/1")
    assert (empty.status, empty.text, empty.body) == (401, "", MISSING)
    assert headers(empty) == {"www-authenticate": "Desk"}
    page = made.request("GET", "/desk/engines")
    assert (page.status, page.text, headers(page)["content-type"]) == (403, "<p>GET</p>", "text/html")
    data = made.request("POST", "/desk/engines/1/halt", None)
    assert (data.status, data.text, data.body) == (502, None, {"oops": [1, "x"]})


def test_a_header_of_a_rule_is_instead_of_the_dialects_own() -> None:
    made = garage(
        'on create engine then respond 401 "who?" header "www-authenticate" = "Other" header "X-Gone" = body.gone'
    )
    assert build(made).headers == [("www-authenticate", "Other")]


def test_an_answer_can_come_out_of_the_request() -> None:
    made = garage("on create engine when has metadata.fail then respond from json(metadata.fail)")
    answer = build(made, metadata={"fail": '{"code": 413, "message": "full", "type": "overLimit", "retry_after": 3}'})
    assert (answer.status, answer.body) == (413, {"overLimit": {"code": 413, "message": "full"}})
    assert headers(answer)["retry-after"] == "3"
    plain = build(made, metadata={"fail": '{"code": "503"}'})
    assert (plain.status, plain.body) == (503, {"fault": "refused", "message": "unavailable"})
    literal = build(made, metadata={"fail": '{"code": 500, "body": "", "headers": {"X-A": 1, "X-B": null}}'})
    assert (literal.status, literal.text, headers(literal)["x-a"]) == (500, "", "1")
    assert "x-b" not in headers(literal)


@pytest.mark.parametrize(
    "said", ["", "{", "[]", "{}", '{"code": 99}', '{"code": 600}', '{"code": "many"}', '{"code": true}']
)
def test_what_says_no_status_answers_nothing(said: str) -> None:
    made = garage("on create engine only once then respond from json(metadata.fail)")
    assert build(made, metadata={"fail": said}).status == 201
    # Nor has it counted.
    assert build(made, metadata={"fail": '{"code": 500}'}).status == 500


def test_a_source_may_answer_after_commit() -> None:
    made = garage("on create engine then respond from { code: 504, message: 'gone' } after commit")
    assert build(made).status == 504
    assert shown(made)["id"] == 1


def test_a_limit_lets_so_many_through_in_any_such_time() -> None:
    made = garage('on create engine then limit 2 per 60s respond 413 overLimit "wait {wait}s"')
    assert statuses([build(made) for _ in range(3)]) == [201, 201, 413]
    made.advance(20)
    late = build(made)
    assert (late.body, headers(late)["retry-after"]) == ({"overLimit": {"code": 413, "message": "wait 40s"}}, "40")
    made.advance(40)
    assert statuses([build(made) for _ in range(3)]) == [201, 201, 413]


def test_a_limit_may_be_of_each_value_and_say_another_wait() -> None:
    made = garage('on create engine then limit 1 per 60s per model respond 429 "no" retry after 5s')
    assert statuses([build(made, model=one) for one in ("a", "b", "a")]) == [201, 201, 429]
    assert headers(build(made, model="b"))["retry-after"] == "5"


def test_a_limit_counts_only_at_its_time() -> None:
    made = garage('on create engine only during 10s then limit 1 per 60s respond 429 "no"')
    assert statuses([build(made), build(made)]) == [201, 429]
    made.advance(10)
    assert statuses([build(made), build(made)]) == [201, 201]


def test_a_limit_may_hold_only_so_often() -> None:
    made = garage('on create engine only once then limit 1 per 60s respond 429 "no"')
    assert statuses([build(made) for _ in range(4)]) == [201, 429, 201, 201]


def test_a_late_answer_keeps_later_rules_from_answering() -> None:
    made = garage(
        """
        on create engine when model == 'x' then respond 504 "late" after commit
        on create engine then respond 500 "at once" before quota
        """
    )
    assert build(made).status == 504
    assert shown(made)["id"] == 1


def test_texts_of_rules_may_hold_lists() -> None:
    made = garage("on create engine then respond 500 \"{join([m for m in ['a', model] if m != 'b'], '-')}\"")
    assert build(made, model="c").body["message"] == "a-c"


def test_an_explanation_says_that_a_limit_lets_through() -> None:
    made = garage('on create engine then limit 2 per 60s respond 413 overLimit "no"')
    answer = explained(made, "POST", "/desk/engines", {})
    assert answer.trace is not None
    (one,) = answer.trace.considered
    assert (one.stage, one.verdict, one.detail) == ("before references", "not this time", {"of": 2, "within": 60.0})


def test_a_source_without_a_status_is_explained() -> None:
    made = garage("on create engine then respond from json(metadata.fail)")
    answer: Any = explained(made, "POST", "/desk/engines", {})
    (one,) = answer.trace.considered
    assert (one.verdict, one.detail) == ("condition does not hold", {"condition": "what it responds from has a code"})
