# SPDX-License-Identifier: Apache-2.0
"""How a service says no: names of faults, texts, envelopes, headers."""

from typing import Any

import pytest

from tests.driver import Cloud, cloud, told

SPEAKS = """
service desk "Help desk" {
  mount /desk
  answers header "X-Request" = request.id
  answers header "X-Tag" = query.tag
  errors { "{fault}": { code: status, message, of: query.who, value } }
  fault 404 unknown "nothing there"
  fault 409 conflict "usual conflict of {fault}"
  fault 409 too_late as { late: true, why: message, status, fault }
    header "Retry-After" = 3600 header "X-Why" = "{message} at {now}"
  fault 410 over as { over: event }
  fault else failure
  on wrong_method 409 too_late "no such method"
}
for desk
resource ticket in world { id sequence  title text  missing 404 "no ticket {value}, {title}" }
seed ticket for each t in ['a'] { title: t }
operation show ticket GET /tickets/{id} { answer 200 title }
operation say ticket GET /say/{what} {
  check path.what != 'plain' else 409 "{path.what} it is"
  check path.what != 'named' else 409 too_late "too late for {path.what}"
  check path.what != 'other' else 418 "teapot"
  check path.what != 'borrowed' else 400 too_late "now 400"
  check path.what != 'over' else 410 over "x"
  answer 204 header "X-Own" = 7 header "X-Flag" = true header "X-Gone" = null
}
on show ticket when query.rule == 'plain' then respond 409
on show ticket when query.rule == 'bare' then respond 500
on show ticket when query.rule == 'odd' then respond 599
on show ticket when query.rule == 'worded' then respond 404 "{title} {id} {path.id} {event} {status}"
on show ticket when query.rule == 'named' then respond 409 too_late "named"
"""


def body_of(cloudy: Cloud, path: str, status: int) -> Any:
    answer = cloudy.request("GET", f"/desk/{path}")
    assert answer.status == status, answer
    return answer.body


@pytest.mark.parametrize(
    ("path", "status", "body"),
    [
        ("say/plain", 409, {"conflict": {"code": 409, "message": "plain it is"}}),
        ("say/named", 409, {"late": True, "why": "too late for named", "status": 409, "fault": "too_late"}),
        ("say/other", 418, {"failure": {"code": 418, "message": "teapot"}}),
        ("say/borrowed", 400, {"late": True, "why": "now 400", "status": 400, "fault": "too_late"}),
        ("say/over", 410, {"over": "say"}),
        ("say/other?who=me", 418, {"failure": {"code": 418, "message": "teapot", "of": "me"}}),
        ("tickets/7", 404, {"unknown": {"code": 404, "message": "no ticket 7, ", "value": "7"}}),
        ("tickets/1?rule=plain", 409, {"conflict": {"code": 409, "message": "usual conflict of conflict"}}),
        ("tickets/1?rule=bare", 500, {"failure": {"code": 500, "message": "internal error"}}),
        ("tickets/1?rule=odd", 599, {"failure": {"code": 599, "message": "error"}}),
        ("tickets/1?rule=worded", 404, {"unknown": {"code": 404, "message": "a 1 1 show 404"}}),
        ("tickets/1?rule=named", 409, {"late": True, "why": "named", "status": 409, "fault": "too_late"}),
    ],
)
def test_a_fault_in_the_services_words(path: str, status: int, body: object) -> None:
    assert body_of(cloud(SPEAKS), path, status) == body


def test_headers_of_faults_and_of_all_answers() -> None:
    cloudy = cloud(SPEAKS)
    late = cloudy.request("GET", "/desk/say/named?tag=t")
    assert told(late, "Retry-After") == ["3600"]
    assert told(late, "X-Why") == ["too late for named at 1700000000.0"]
    assert (told(late, "X-Request"), told(late, "X-Tag")) == ([late.request_id], ["t"])
    good = cloudy.request("GET", "/desk/say/well")
    assert (told(good, "X-Own"), told(good, "X-Flag"), told(good, "X-Gone")) == (["7"], ["true"], [])
    assert (told(good, "X-Request"), told(good, "X-Tag")) == ([good.request_id], [])
    method = cloudy.request("PUT", "/desk/say/well")
    assert (method.status, told(method, "Retry-After"), told(method, "Allow")) == (409, ["3600"], ["GET, HEAD"])
    nowhere = cloudy.request("GET", "/desk/nowhere")
    assert (nowhere.status, told(nowhere, "X-Request")) == (501, [nowhere.request_id])


def test_a_service_that_says_nothing_is_neutral() -> None:
    cloudy = cloud(
        """service desk "Help desk" {}
        for desk
        resource ticket in world { id sequence }
        operation show ticket GET /tickets/{id} { answer 200 }"""
    )
    answer = cloudy.request("GET", "/tickets/1")
    assert (answer.status, answer.body) == (
        404,
        {"error": {"status": 404, "message": "the resource could not be found"}},
    )


def test_request_ids_are_drawn_from_the_seed() -> None:
    asked = [cloud(SPEAKS, seed=3).request("GET", "/desk/say/x").request_id for _ in range(2)]
    assert asked[0] == asked[1]
    assert asked[0].startswith("req-")
    assert len(asked[0]) == 40
