# SPDX-License-Identifier: Apache-2.0
"""A service as small as it may be, for tests of the testing package, and requests of it as a client makes them."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from mimic_rules.testing import World

DESK = """\
service desk "Help desk" {
  mount /desk
  errors { fault, message }
  fault 503 closed
  fault 404 unknown
  fault else refused
}
for desk

resource ticket in world { id sequence  title text  status lifecycle }
lifecycle of ticket.status {
  state NEW
  state DONE
  start NEW
  NEW -> DONE after 1h
}
view ticket.full { id  title  status }
operation open ticket POST /tickets body { title: text } {
  create ticket { title: body.title }
  answer 201 ticket as full
}
operation show ticket GET /tickets/{id} { answer 200 self as full }
"""

LATE = """\
for desk
rule late
  on open ticket
  when body.title == 'late'
  then respond 503 "come back tomorrow"
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a client of the desk got."""

    status: int
    headers: dict[str, str]
    body: Any

    @property
    def request(self) -> str:
        """The id of the request that it answers."""
        return self.headers["x-mimic-request"]


def ask(url: str, method: str, path: str, body: object = None) -> Answer:
    """One request on a connection of its own."""
    data = None if body is None else json.dumps(body).encode()
    request = Request(url + path, data, {"Content-Type": "application/json"}, method=method)
    try:
        with urlopen(request, timeout=20) as answer:
            return _read(answer.status, answer.headers, answer.read())
    except HTTPError as refused:
        with refused:
            return _read(refused.code, refused.headers, refused.read())


def open_ticket(world: World, title: str = "printer") -> Answer:
    return ask(world.url, "POST", "/desk/tickets", {"title": title})


def show_ticket(world: World, number: int = 1) -> Answer:
    return ask(world.url, "GET", f"/desk/tickets/{number}")


def _read(status: int, headers: Any, body: bytes) -> Answer:
    return Answer(status, {name.lower(): value for name, value in headers.items()}, json.loads(body) if body else None)
