# SPDX-License-Identifier: Apache-2.0
"""Where a path leads: operations, records named by it, methods, actions, regions, and what leads nowhere."""

import pytest

from mimic_rules.engine import MISSING
from tests.driver import ANN, BASE, BOB, DESK, TEAMS, Unreadable, cloud, told

TREE = (
    DESK
    + """
resource folder in world { key title  title text  missing 404 "no folder {value}" }
resource page in folder { key name  name text  said text = ''  missing 404 "no page {value} in {path.folder}" }
resource line in page { id sequence  said text = '' }
seed folder for each f in ['a', 'b'] { title: f }
operation create page POST /folders/{folder}/pages { create page { name: body.name }  answer 201 page.folder }
operation show page GET /folders/{folder}/pages/{id} { answer 200 { name, of: folder.title } }
operation create line POST /folders/{folder}/pages/{page}/lines { create line {}  answer 201 line.id }
operation show line GET /folders/{folder}/pages/{page}/lines/{id} { answer 200 { id, page: page.name } }
operation show_any line GET /lines/{line} { answer 200 line.id }
operation delete line DELETE /folders/{folder}/pages/{page}/lines/{id} { delete self  answer 204 }
operation wild folder GET /folders/{folder}/{other} { answer 200 { other: path.other, folder: path.folder } }
operation root folder GET /health at root { answer 200 'well' }
"""
)


def test_records_are_found_below_their_parents() -> None:
    made = cloud(TREE)
    assert made.request("POST", "/desk/folders/a/pages", {"name": "p"}).body == "a"
    assert made.request("POST", "/desk/folders/b/pages", {"name": "p"}).body == "b"
    assert made.request("GET", "/desk/folders/b/pages/p").body == {"name": "p", "of": "b"}
    assert made.request("POST", "/desk/folders/a/pages/p/lines").body == 1
    assert made.request("GET", "/desk/folders/a/pages/p/lines/1").body["id"] == 1
    assert made.request("GET", "/desk/lines/1").body == 1


def test_the_parent_is_missed_before_the_child() -> None:
    made = cloud(TREE)
    made.request("POST", "/desk/folders/a/pages", {"name": "p"})
    made.request("POST", "/desk/folders/b/pages", {"name": "q"})
    made.request("POST", "/desk/folders/a/pages/p/lines")

    def said(path: str) -> object:
        answer = made.request("GET", path)
        assert answer.status == 404
        return answer.body["message"]

    assert said("/desk/folders/z/pages/p/lines/1") == "no folder z"
    assert said("/desk/folders/a/pages/z/lines/1") == "no page z in a"
    assert said("/desk/folders/b/pages/q/lines/1") == "the resource could not be found"
    assert said("/desk/folders/a/pages/p/lines/x") == "the resource could not be found"
    assert said("/desk/folders/a/pages/p/lines/99999999999999999999") == "the resource could not be found"


def test_a_fixed_segment_goes_before_a_variable_and_a_trailing_slash_is_nothing() -> None:
    made = cloud(TREE)
    made.request("POST", "/desk/folders/a/pages", {"name": "p"})
    assert made.request("GET", "/desk/folders/a/else").body == {"other": "else", "folder": "a"}
    assert made.request("GET", "/desk/folders/a/pages").status == 405
    assert made.request("GET", "/desk/folders/a/pages/p/").status == 200
    assert made.request("GET", "/desk/folders//pages/p").status == 501
    assert made.request("GET", "/health").body == "well"
    assert made.request("GET", "/desk/health").status == 501


def test_a_service_may_say_that_a_path_with_a_slash_at_its_end_is_none() -> None:
    made = cloud(
        DESK.replace("fault 409 conflict", 'fault 409 conflict  on trailing_slash 404 "{value} is no path"')
        + """resource ticket in world { id sequence }
        seed ticket for each n in [7] { id: n }
        gone 410 "it was removed" /letters
        operation about ticket GET / { answer 200 'about' }
        operation health ticket GET /desk/health at root { answer 200 'well' }
        operation show ticket GET /tickets/{id} { answer 200 id }"""
    )
    assert [made.request("GET", f"/desk{path}").status for path in ("/tickets/7", "/", "", "/health/")] == [200] * 4
    assert made.request("GET", "/desk/letters").status == 410
    for method, path in (("GET", "/desk/tickets/7/"), ("GET", "/desk/tickets/7//"), ("PUT", "/desk/tickets/7/")):
        answer = made.request(method, path)
        assert (answer.status, answer.body["message"]) == (404, f"{path} is no path")
    assert made.request("GET", "/desk/letters/").status == 404
    # What is asked for is not even looked up, and what isn't modelled stays so.
    assert made.request("GET", "/desk/tickets/8/").body["message"] == "/desk/tickets/8/ is no path"
    assert made.request("GET", "/desk/tickets/").status == 501
    assert made.request("GET", "/desk/tickets/7").body == 7


def test_whole_numbers_are_keys() -> None:
    made = cloud(
        DESK
        + """resource ticket in world { id int }
        seed ticket for each n in [7] { id: n }
        operation show ticket GET /tickets/{id} { answer 200 id }"""
    )
    assert made.request("GET", "/desk/tickets/7").body == 7
    assert [made.request("GET", f"/desk/tickets/{key}").status for key in ("8", "x", "-7", "%D9%A7")] == [404] * 4


def test_another_tenants_record_is_not_there() -> None:
    made = cloud(
        TEAMS
        + """resource ticket in tenant { id sequence }
        operation create ticket POST /tickets { create ticket {}  answer 201 ticket.id }
        operation show ticket GET /tickets/{id} { answer 200 id }"""
    )
    made.request("POST", "/desk/tickets", headers=ANN)
    assert made.request("POST", "/desk/tickets", headers=BOB).body == 2
    assert made.request("GET", "/desk/tickets/1", headers=ANN).body == 1
    assert made.request("GET", "/desk/tickets/1", headers=BOB).status == 404


def test_another_method_is_answered_405_with_those_there_are() -> None:
    made = cloud(TREE)
    answer = made.request("PATCH", "/desk/folders/a/pages/p/lines/1")
    assert (answer.status, told(answer, "Allow")) == (405, ["DELETE, GET, HEAD"])
    assert told(made.request("DELETE", "/desk/folders/a/pages"), "Allow") == ["POST"]


def test_head_is_answered_wherever_get_is() -> None:
    made = cloud(
        TREE + "operation peek folder HEAD /peek { answer 204 }\noperation look folder GET /peek { answer 200 'x' }"
    )
    assert made.request("HEAD", "/health").status == 200
    assert made.request("HEAD", "/desk/folders/a/pages").status == 405
    assert made.request("HEAD", "/desk/peek").status == 204
    assert made.request("GET", "/desk/peek").status == 200


@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("/desk/folder/a/pages/p/lines", "/desk/folders/{folder}/pages/{page}/lines"),
        ("/desk/folders/a/pages/p/line", "/desk/folders/{folder}/pages/{page}/lines"),
        ("/helth", "/health"),
    ],
)
def test_what_no_rule_models_is_answered_501_naming_the_nearest(path: str, near: str) -> None:
    answer = cloud(TREE).request("GET", path)
    message = answer.body["message"] if path.startswith("/desk") else answer.body["error"]["message"]
    assert (answer.status, message) == (501, f"no rule says what GET {path} answers: the nearest is {near}")


def test_what_is_like_nothing_names_nothing() -> None:
    answer = cloud(TREE).request("PUT", "/zzz/" + "x/" * 5000)
    assert answer.status == 501
    assert answer.body["error"]["message"].endswith(" answers")


def test_a_service_words_its_own_501() -> None:
    rules = DESK.replace(
        "mount /desk", 'mount /desk on not_modelled 501 "not {value}, perhaps {nearest}" answers header "X" = "y"'
    )
    answer = cloud(rules + "resource a in world { id sequence }\noperation list a GET /alpha { answer 200 }").request(
        "GET", "/desk/alfa"
    )
    assert (answer.body["message"], told(answer, "X")) == ("not /desk/alfa, perhaps /desk/alpha", ["y"])


ACTIONS = (
    DESK
    + """
resource ticket in world { id sequence  note text = '' }
seed ticket for each n in [1] { id: n }
operation close ticket POST /tickets/{id}/action action "close" null { answer 202 'closed' }
operation move ticket POST /tickets/{id}/action action "move" { to: text } strict { answer 202 body.move.to }
"""
)


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({"close": None}, 202, "closed"),
        ({"move": {"to": "b"}}, 202, "b"),
        ({"move": {"to": 1}}, 400, "to: 1 is not of type 'string'"),
        ({"close": 1}, 400, "close: 1 is not of type 'null'"),
        ({"burn": None}, 400, "there is no such action: burn"),
        ({"close": None, "move": None}, 400, "the body is not valid JSON"),
        ({}, 400, "the body is not valid JSON"),
        (MISSING, 400, "the body is not valid JSON"),
        (["close"], 400, "the body is not valid JSON"),
        (Unreadable("malformed"), 400, "the body is not valid JSON"),
        (Unreadable("too_large"), 413, "the body is too large"),
        (Unreadable("too_deep"), 400, "the body is nested too deeply"),
        (Unreadable("wrong_media"), 415, "the media type of the body is not supported"),
    ],
)
def test_the_single_key_of_the_body_picks_the_operation(body: object, status: int, said: str) -> None:
    answer = cloud(ACTIONS).request("POST", "/desk/tickets/1/action", body)
    assert (answer.status, answer.body if status == 202 else answer.body["message"]) == (status, said)


def test_regions_are_mounts_of_their_own_with_records_of_their_own() -> None:
    made = cloud(
        TEAMS
        + """resource ticket in tenant { id sequence }
        resource queue in world { id sequence }
        operation create ticket POST /tickets { create ticket {}  create queue {}
          answer 201 { region, url: service.url } }
        operation list ticket GET /tickets { answer 200 { tickets: count(ticket), queues: count(queue) } }""",
        regions=("north", "south"),
        headers=ANN,
    )
    assert made.request("POST", "/desk/tickets").body == {"region": "north", "url": f"{BASE}/desk"}
    south = {"region": "south", "url": f"{BASE}/region/south/desk/red"}
    assert made.request("POST", "/region/south/desk/red/tickets").body == south
    assert made.request("POST", "/region/south/desk/tickets").status == 201
    assert made.request("GET", "/desk/tickets").body == {"tickets": 1, "queues": 3}
    assert made.request("GET", "/region/south/desk/tickets").body == {"tickets": 2, "queues": 3}
    assert made.request("GET", "/region/north/desk/tickets").status == 501
    nowhere = made.request("GET", "/region/south/desk/nothing")
    assert (nowhere.status, list(nowhere.body)) == (501, ["fault", "message"])


def test_several_mounts_and_a_mount_at_the_root() -> None:
    made = cloud(
        DESK.replace("mount /desk", "mount /v2 mount /v3 optional /{tenant}")
        + "resource a in world { id sequence }\noperation list a GET /a { answer 200 { url: service.url } }",
        """service bare "Bare" {}
        for bare
        resource b in world { id sequence }
        operation list b GET /b { answer 200 'b' }""",
    )
    assert made.request("GET", "/v3/a").body == made.request("GET", "/v2/a").body == {"url": f"{BASE}/v2"}
    assert made.request("GET", "/v3/t/a").body == {"url": f"{BASE}/v2/t"}
    assert made.request("GET", "/b").body == "b"
    assert made.request("GET", "/").body["error"]["message"].startswith("no rule says what GET / answers")


def test_a_record_below_another_may_be_named_by_a_number_that_it_was_given() -> None:
    made = cloud(
        DESK
        + """
        resource ticket in world { id sequence }
        seed ticket for each n in [1, 2] { id: n }
        resource note in ticket { key number  number int  said text }
        operation create note POST /tickets/{ticket}/notes body { number: int, said: text } {
          create note { ...body }
          answer 201
        }
        operation show note GET /tickets/{ticket}/notes/{id} { answer 200 said }
        """
    )
    for ticket, said in ((1, "a"), (2, "b")):
        assert made.request("POST", f"/desk/tickets/{ticket}/notes", {"number": 5, "said": said}).status == 201
    assert [made.request("GET", f"/desk/tickets/{ticket}/notes/5").body for ticket in (1, 2)] == ["a", "b"]
    assert made.request("GET", "/desk/tickets/1/notes/6").status == 404
    assert made.request("GET", "/desk/tickets/1/notes/x").status == 404
