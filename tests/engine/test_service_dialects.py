# SPDX-License-Identifier: Apache-2.0
"""A service that is a dialect of another: the same records, quotas, locks and lifecycles in other words."""

from typing import Any

import pytest

from mimic_rules.engine import MISSING
from mimic_rules.engine.handouts import hand_out
from tests.driver import BASE, Cloud, cloud

BOTH = """
service desk "Help desk" {
  type "desk" name "new"
  mount /desk
  fault 404 unknown
  fault 409 wrong
  fault else refused
  caller header "X-Pass" is pass when true tenant account else 401 "who?"
  errors { error: fault, message }
}
service desk_old "Help desk of old" of desk {
  type "desk" name "old"
  mount /old optional /{tenant}
  errors { old: { status, message } }
  caller header "X-Old-Pass" is pass when true tenant account else 401 "who, of old?"
  on missing ticket 404 "No ticket"
  on refused ticket 403 "Not {event}: {max([n for n in [1, 2]])} {title}"
  hands out "old" = { mounts: [s.url for s in services], dialects: [d.name for d in dialects] }
}

for desk
quota tickets 3 counts ticket
resource pass in world { id text  account text }
seed pass for each p in ['a', 'b'] { id: p, account: p }
resource ticket in tenant {
  id sequence  title text  maker -> pass ?  status lifecycle  busy lifecycle
  missing 404 "there is no ticket {value}"
}
lifecycle of ticket.status {
  state OPEN  state CLOSED  state SHUT
  start OPEN
  OPEN -> CLOSED on close
  OPEN, CLOSED -> SHUT on slam
  else 409 "cannot {event} ticket {id}"
}
lifecycle of ticket.busy { state NO  state YES  start NO  YES -> NO after 5s }
lock of ticket.busy { free NO  takes YES for 5s  refuse 409 "ticket {id} is busy" }
let titled = "{title}!"
let ours = 'new'
view pass.card { id }
view ticket.brief { id }
view ticket.full {
  include brief  titled  ours  status  url: service.url  maker: maker as card  quota: quota.tickets.used
}
operation create ticket POST /tickets body { title: text } {
  create ticket { title: body.title, maker: caller.id }
  answer 201 ticket as full
}
operation show ticket GET /tickets/{id} { answer 200 self as full }
operation close ticket POST /tickets/{id}/close { answer 200 self as full }
operation touch ticket POST /tickets/{id}/touch { set title = 'touched'  answer 200 self as full }
operation raise ticket PUT /limits { set quota.tickets = 4  answer 200 quota }

for desk_old
resource note in world { id sequence  ticket -> ticket ?  text text }
let ours = 'old'
view pass.card { key: id }
view ticket.brief { number: id }
view note.full { id  text }
operation create ticket POST /tickets/{title} { create ticket { title: path.title, maker: caller.id }
  answer 200 ticket as full }
operation show ticket GET /tickets/{id} { answer 200 self as full }
operation list ticket GET /tickets { list ticket as brief {} }
operation slam ticket DELETE /tickets/{id} { answer 200 self as full }
operation raise ticket PUT /limits { set quota.tickets = 1  answer 200 quota }
operation create note POST /notes { create note { text: 'x' }  answer 201 note as full }
view ticket.full {
  include brief  titled  ours  status  url: service.url  maker: maker as card  quota: quota.tickets.used
}
"""

RULES = """
for desk
on show ticket when title == 'both' then respond 503 "in both"
on any desk when headers['x-all'] == 'yes' then respond 500 "all"
for desk_old
on show ticket when title == 'old' then respond 503 "in the old one"
"""


def one() -> Cloud:
    return cloud(BOTH + RULES)


def ask(cloudy: Cloud, method: str, path: str, body: object = MISSING, **headers: str) -> tuple[int, Any]:
    given = {"X-Pass": "a", "X-Old-Pass": "a", **{name.replace("_", "-"): value for name, value in headers.items()}}
    answer = cloudy.request(method, path, body, given)
    return answer.status, answer.body


def test_both_speak_of_the_same_records_in_their_own_words() -> None:
    cloudy = one()
    new = ask(cloudy, "POST", "/desk/tickets", {"title": "t"})
    assert new == (
        201,
        {
            "id": 1,
            "titled": "t!",
            "ours": "new",
            "status": "OPEN",
            "url": "http://cloud.test/desk",
            "maker": {"id": "a"},
            "quota": 1,
        },
    )
    status, old = ask(cloudy, "GET", "/old/a/tickets/1")
    assert (status, old.pop("url")) == (200, "http://cloud.test/old/a")
    assert old == {"number": 1, "titled": "t!", "ours": "old", "status": "OPEN", "maker": {"key": "a"}, "quota": 1}
    assert ask(cloudy, "GET", "/old/tickets") == (200, {"tickets": [{"number": 1}]})
    assert ask(cloudy, "GET", "/old/b/tickets")[0] == 403
    assert ask(cloudy, "POST", "/old/tickets/u")[1]["number"] == 2
    assert ask(cloudy, "GET", "/desk/tickets/2")[1]["titled"] == "u!"


def test_each_refuses_in_its_own_words() -> None:
    cloudy = one()
    ask(cloudy, "POST", "/desk/tickets", {"title": "t"})
    assert ask(cloudy, "GET", "/desk/tickets/7") == (404, {"error": "unknown", "message": "there is no ticket 7"})
    assert ask(cloudy, "GET", "/old/tickets/7") == (404, {"old": {"status": 404, "message": "No ticket"}})
    assert cloudy.request("GET", "/old/tickets/7", headers={"X-Pass": "a"}).body["old"]["message"] == "who, of old?"
    assert ask(cloudy, "POST", "/desk/tickets/1/touch")[0] == 200
    busy = ask(cloudy, "POST", "/desk/tickets/1/close")
    assert busy == (409, {"error": "wrong", "message": "ticket 1 is busy"})
    assert ask(cloudy, "DELETE", "/old/tickets/1") == (409, {"old": {"status": 409, "message": "ticket 1 is busy"}})
    cloudy.advance(5)
    assert ask(cloudy, "DELETE", "/old/tickets/1")[1]["status"] == "SHUT"
    assert ask(cloudy, "POST", "/desk/tickets/1/close")[1]["message"] == "cannot close ticket 1"
    assert ask(cloudy, "DELETE", "/old/tickets/1") == (403, {"old": {"status": 403, "message": "Not slam: 2 touched"}})


def test_both_count_against_the_same_quotas() -> None:
    cloudy = one()
    for _ in range(3):
        assert ask(cloudy, "POST", "/old/tickets/t")[0] == 200
    assert ask(cloudy, "POST", "/desk/tickets", {"title": "t"})[0] == 403
    assert ask(cloudy, "PUT", "/desk/limits")[1]["tickets"]["limit"] == 4
    assert ask(cloudy, "POST", "/old/tickets/t")[0] == 200
    assert ask(cloudy, "PUT", "/old/limits")[1] == {"tickets": {"limit": 1, "used": 4, "normal": 3}}
    assert ask(cloudy, "POST", "/desk/tickets", {"title": "t"})[0] == 403


@pytest.mark.parametrize(
    ("path", "title", "header", "status"),
    [
        ("/desk", "both", "no", 503),
        ("/old", "both", "no", 503),
        ("/desk", "old", "no", 200),
        ("/old", "old", "no", 503),
        ("/desk", "x", "yes", 500),
        ("/old", "x", "yes", 500),
    ],
)
def test_rules_of_the_base_hold_for_its_dialects_and_not_the_other_way(
    path: str, title: str, header: str, status: int
) -> None:
    cloudy = one()
    ask(cloudy, "POST", "/desk/tickets", {"title": title})
    assert ask(cloudy, "GET", f"{path}/tickets/1", X_All=header)[0] == status


def test_a_dialect_can_have_resources_of_its_own_and_is_listed_apart() -> None:
    cloudy = one()
    assert ask(cloudy, "POST", "/old/notes") == (201, {"id": 1, "text": "x"})
    assert hand_out(cloudy.engine.linked, cloudy.world, BASE)["old"] == {
        "mounts": ["http://cloud.test/desk"],
        "dialects": ["old"],
    }
