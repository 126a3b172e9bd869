# SPDX-License-Identifier: Apache-2.0
"""A service of engines, of which tests of rules make what they need: states, metadata, parts, a list and bulk calls."""

from collections.abc import Mapping, Sequence
from typing import Any

from mimic_rules.engine import Request, Response
from tests.driver import DESK, Cloud, cloud

GARAGE = (
    DESK.replace(
        "fault 409 conflict",
        "fault 409 conflict  fault 413 overLimit as { overLimit: { code: status, message } }"
        'fault 401 unauthorized header "WWW-Authenticate" = "Desk"',
    )
    + """
resource engine in world {
  id       sequence
  model    text = 'x'
  color    text = 'grey'
  metadata map of text = {}
  fault    fault ?
  status   lifecycle
  missing 404 "there is no engine {value}"
}
resource part in engine { id sequence  name text }
lifecycle of engine.status {
  state BUILD
  state ACTIVE { light: 'green' }
  state ERROR
  state HALTED
  start BUILD
  BUILD -> ACTIVE after 5s sets color = 'painted'
  any -> HALTED on halt
  any -> ERROR on break
}
view engine.full { id  model  color  status  fault  light }
view part.full { id  name }
operation create engine POST /engines body { model?: text, metadata?: map of text } {
  create engine { ...body }
  answer 201 engine as full
}
operation list engine GET /engines { list engine as full {} }
operation show engine GET /engines/{id} { answer 200 self as full }
operation delete engine DELETE /engines/{id} { delete self  answer 204 }
operation halt engine POST /engines/{id}/halt { answer 202 }
operation break engine POST /engines/{id}/break { answer 202 }
operation paint engine PUT /engines/{id} body { color: text } { set color = body.color  answer 200 self as full }
operation create part POST /engines/{engine}/parts body { names: list of text } {
  create part for each n in body.names { name: n }
  answer 201 { made: count(body.names) }
}
operation list part GET /engines/{engine}/parts { answer 200 part.name }
operation clear part DELETE /engines/{engine}/parts {
  delete part
  answer 204
}
operation replace part PUT /engines/{engine}/parts body { names: list of text } {
  reconcile part by (name) with [{ name: n } for n in body.names] { name }
  answer 202
}
"""
)


def garage(rules: str, **more: Any) -> Cloud:
    """A cloud of engines with rules about them; the clock stands still."""
    return cloud(GARAGE + rules, **more)


def build(made: Cloud, **body: Any) -> Response:
    """Ask for an engine."""
    return made.request("POST", "/desk/engines", body)


def shown(made: Cloud, number: int = 1) -> Any:
    """What a client sees of an engine."""
    return made.request("GET", f"/desk/engines/{number}").body


def statuses(responses: Sequence[Response]) -> list[int]:
    """The statuses of answers."""
    return [one.status for one in responses]


def explained(made: Cloud, method: str, path: str, body: Any = None) -> Response:
    """Ask, and ask why."""
    request = Request(method, path, {}, {}, "http://cloud.test", lambda: body, explain=True)
    return made.engine.handle(made.world, request)


def headers(response: Response) -> Mapping[str, str]:
    """The headers of an answer by their names in lower case."""
    return {name.lower(): value for name, value in response.headers}
