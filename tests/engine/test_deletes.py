# SPDX-License-Identifier: Apache-2.0
"""What goes with a record, what keeps it, and what is left of it."""

import pytest

from tests.driver import ANN, BOB, DESK, TEAMS, cloud

TREE = (
    DESK
    + """
resource folder in world { id sequence }
resource page in folder { id sequence }
resource line in page { id sequence }
operation create folder POST /folders {
  create folder {} create page {} create line {} create line {} answer 201 folder.id
}
operation delete folder DELETE /folders/{id} { delete self  answer 204 }
operation delete page DELETE /folders/{folder}/pages/{id} { delete self  answer 204 }
operation count folder GET /count { answer 200 { folders: count(folder), pages: count(page), lines: count(line) } }
"""
)


def test_children_go_with_their_parents() -> None:
    made = cloud(TREE)
    assert [made.request("POST", "/desk/folders").body for _ in range(2)] == [1, 2]
    made.request("DELETE", "/desk/folders/1")
    assert made.request("GET", "/desk/count").body == {"folders": 1, "pages": 1, "lines": 2}
    made.request("DELETE", "/desk/folders/2/pages/2")
    assert made.request("GET", "/desk/count").body == {"folders": 1, "pages": 0, "lines": 0}


REFERRING = (
    TEAMS
    + """
resource shape in world { id sequence }
resource circle in tenant { id sequence  shape -> shape    on delete of shape cascade }
resource dot    in tenant { id sequence  circle -> circle  on delete of circle cascade }
resource link   in tenant { id sequence  shape -> shape ?  shapes list of -> shape = []  on delete of shape clear }
resource bill   in tenant { id sequence  shape -> shape    on delete of shape refuse 409 "bill for {id}" }
resource loose  in tenant { id sequence  shape -> shape }
resource own    in user   { id sequence  shape -> shape    on delete of shape cascade }
operation create shape POST /shapes { create shape {}  answer 201 shape.id }
operation create circle POST /circle { create circle { shape: body.of }  create dot { circle: circle.id }  answer 201 }
operation create link POST /link { create link { shape: body.of, shapes: [body.of, body.other, body.of] }  answer 201 }
operation create bill POST /bill { create bill { shape: body.of }  answer 201 }
operation create loose POST /loose { create loose { shape: body.of }  answer 201 }
operation create own POST /own { create own { shape: body.of }  answer 201 }
operation delete shape DELETE /shapes/{id} { delete self  answer 204 }
operation list shape GET /all { answer 200 {
  shapes: count(shape), circles: count(circle), dots: count(dot), bills: count(bill), loose: count(loose),
    own: count(own),
  links: [l.shape for l in link], lists: [l.shapes for l in link],
} }
"""
)


@pytest.mark.parametrize("other", [ANN, BOB])
def test_what_refers_to_a_record_goes_or_lets_go_or_keeps_it_whoevers_it_is(other: dict[str, str]) -> None:
    made = cloud(REFERRING, headers=ANN)
    for _ in range(3):
        made.request("POST", "/desk/shapes")
    for kind in ("circle", "link", "own", "loose"):
        for of, other_shape in ((1, 2), (2, 1)):
            assert made.request("POST", f"/desk/{kind}", {"of": of, "other": other_shape}, other).status == 201
    made.request("POST", "/desk/bill", {"of": 3}, other)
    assert made.request("DELETE", "/desk/shapes/1").status == 204
    assert made.request("GET", "/desk/all", headers=other).body == {
        "shapes": 2,
        "circles": 1,
        "dots": 1,
        "bills": 1,
        "loose": 2,
        "own": 1,
        "links": [None, 2],
        "lists": [[2], [2, 2]],
    }
    refused = made.request("DELETE", "/desk/shapes/3")
    assert (refused.status, refused.body["message"]) == (409, "bill for 3")
    assert made.request("GET", "/desk/all").body["shapes"] == 2


def test_a_refusal_without_words_is_the_situation() -> None:
    made = cloud(
        DESK.replace("mount /desk", 'mount /desk on conflict 409 "{id} is needed"')
        + """resource a in world { id sequence }
        resource b in world { id sequence  a -> a  also -> a ?  on delete of a refuse }
        operation create a POST /a { create a {}  create b { a: a.id, also: a.id }  answer 201 }
        operation delete a DELETE /a/{id} { delete self  answer 204 }"""
    )
    made.request("POST", "/desk/a")
    answer = made.request("DELETE", "/desk/a/1")
    assert (answer.status, answer.body["message"]) == (409, " is needed")


def test_records_of_one_tenant_leave_those_of_another_alone() -> None:
    made = cloud(
        TEAMS
        + """
        resource pen in tenant { key name  name text }
        resource cap in tenant { id sequence  pen -> pen  on delete of pen cascade }
        operation create pen POST /pens { create pen { name: 'same' }  create cap { pen: 'same' }  answer 201 }
        operation delete pen DELETE /pens/{id} { delete self  answer 204 }
        operation count pen GET /count { answer 200 [count(pen), count(cap)] }""",
        headers=ANN,
    )
    made.request("POST", "/desk/pens")
    made.request("POST", "/desk/pens", headers=BOB)
    assert made.request("DELETE", "/desk/pens/same").status == 204
    assert made.request("GET", "/desk/count").body == [0, 0]
    assert made.request("GET", "/desk/count", headers=BOB).body == [1, 1]


def test_records_that_refer_to_each_other_go_together() -> None:
    made = cloud(
        DESK
        + """
        resource a in world { id sequence  b -> b ?  on delete of b cascade }
        resource b in world { id sequence  a -> a ?  on delete of a cascade }
        operation create a POST /a { create a {}  create b { a: a.id }  set a.b = b.id  answer 201 }
        operation delete a DELETE /a/{id} { delete self  answer 204 }
        operation count a GET /count { answer 200 [count(a), count(b)] }"""
    )
    made.request("POST", "/desk/a")
    assert made.request("DELETE", "/desk/a/1").status == 204
    assert made.request("GET", "/desk/count").body == [0, 0]


def test_a_long_chain_goes_to_its_end() -> None:
    made = cloud(
        DESK
        + """resource link in world { id sequence  before -> link ?  on delete of link cascade }
        operation create link POST /links { create link { before: body.before }  answer 201 }
        operation delete link DELETE /links/{id} { delete self  answer 204 }
        operation count link GET /links { answer 200 count(link) }"""
    )
    for before in range(600):
        made.request("POST", "/desk/links", {"before": before or None})
    assert made.request("DELETE", "/desk/links/2").status == 204
    assert made.request("GET", "/desk/links").body == 1


TOMBS = (
    DESK
    + """
resource box in world { key name  name text  color text = 'red'  status lifecycle  kept 30d }
resource item in box { id sequence  kept 10d }
lifecycle of box.status {
  state OPEN { lid: 'up' }  state GONE shows DELETED gone { lid: 'off' }
  start OPEN
  OPEN -> GONE on discard sets color = "was {color}"
  OPEN -> GONE after 100d
}
view box.full { name  status  lid  color }
view item.full { id }
operation create box POST /boxes { create box { name: body.name }  create item {}  answer 201 box as full }
operation discard box POST /boxes/{id}/discard { answer 200 self as full }
operation delete box DELETE /boxes/{id} { delete self  answer 204 }
operation show box GET /boxes/{id} { answer 200 self as full }
operation list box GET /boxes { list box as full { filter all by value == 'yes' or name != '' with deleted } }
operation list item GET /items { list item as full { filter all by true with deleted } }
"""
)


def test_what_is_gone_is_kept_for_a_while_and_only_lists_that_ask_see_it() -> None:
    made = cloud(TOMBS)
    made.request("POST", "/desk/boxes", {"name": "a"})
    made.request("POST", "/desk/boxes", {"name": "b"})
    shown = {"name": "a", "status": "DELETED", "lid": "off", "color": "was red"}
    assert made.request("POST", "/desk/boxes/a/discard").body == shown
    assert made.request("POST", "/desk/boxes/a/discard").status == 404
    assert made.request("GET", "/desk/boxes/a").status == 404
    assert made.request("DELETE", "/desk/boxes/b").status == 204
    assert made.request("GET", "/desk/boxes").body == {"boxs": []}
    assert [one["name"] for one in made.request("GET", "/desk/boxes?all=yes").body["boxs"]] == ["a", "b"]
    assert len(made.request("GET", "/desk/items?all=yes").body["items"]) == 2
    made.advance(10 * 86400)
    assert made.request("GET", "/desk/items?all=yes").body["items"] == []
    made.advance(20 * 86400)
    assert made.request("GET", "/desk/boxes?all=yes").body == {"boxs": []}
    assert made.world.held == 0


def test_a_name_is_free_again_while_its_tomb_is_kept() -> None:
    made = cloud(TOMBS)
    for _ in range(2):
        assert made.request("POST", "/desk/boxes", {"name": "a"}).status == 201
        made.advance(86400)
        assert made.request("DELETE", "/desk/boxes/a").status == 204
    made.request("POST", "/desk/boxes", {"name": "a"})
    statuses = [one["status"] for one in made.request("GET", "/desk/boxes?all=yes").body["boxs"]]
    assert statuses == ["OPEN", "DELETED"]
    made.advance(29.5 * 86400)
    assert len(made.request("GET", "/desk/boxes?all=yes").body["boxs"]) == 2
    made.advance(86400)
    assert len(made.request("GET", "/desk/boxes?all=yes").body["boxs"]) == 1


def test_time_takes_a_record_away_and_its_children_too() -> None:
    made = cloud(TOMBS)
    made.request("POST", "/desk/boxes", {"name": "a"})
    made.advance(100 * 86400)
    assert made.request("GET", "/desk/boxes/a").status == 404
    assert made.request("GET", "/desk/items").body == {"items": []}
    assert made.request("GET", "/desk/boxes?all=yes").body["boxs"][0]["status"] == "DELETED"


def test_what_may_not_go_stays_when_its_time_has_come() -> None:
    made = cloud(
        DESK
        + """
        resource a in world { id sequence  status lifecycle }
        lifecycle of a.status { state ON  state OFF gone  start ON  ON -> OFF after 5s }
        resource b in world { id sequence  a -> a  on delete of a refuse 409 "no" }
        operation create a POST /a { create a {}  create b { a: a.id } when body.held  answer 201 }
        operation list a GET /a { answer 200 a.id }"""
    )
    made.request("POST", "/desk/a", {"held": True})
    made.request("POST", "/desk/a", {})
    made.advance(6)
    assert made.request("GET", "/desk/a").body == [1]
    made.advance(60)
    assert made.request("GET", "/desk/a").body == [1]


def test_a_lifecycle_without_a_state_that_is_gone_hinders_nothing() -> None:
    made = cloud(
        DESK
        + """resource a in world { id sequence  status lifecycle  power lifecycle }
        lifecycle of a.status { state ON  state OFF  start ON  ON -> OFF after 5s }
        lifecycle of a.power { state UP  state DOWN gone  start UP  UP -> DOWN on crash }
        resource b in world { id sequence  status lifecycle }
        lifecycle of b.status { state ON  state OFF  start ON  ON -> OFF after 5s }
        operation create a POST /a { create a {}  create b {}  answer 201 }
        operation delete a DELETE /a/{id} { delete self  delete b where id == self.id  answer 204 }
        operation crash a POST /a/{id}/crash { answer 202 }
        operation count a GET /a { answer 200 [count(a), count(b)] }"""
    )
    for _ in range(2):
        made.request("POST", "/desk/a")
    made.request("DELETE", "/desk/a/1")
    made.request("POST", "/desk/a/2/crash")
    made.advance(10)
    assert made.request("GET", "/desk/a").body == [0, 1]


def test_records_picked_out_of_another_kind_are_deleted() -> None:
    """A comprehension of records is a list of them, whatever resource the operation is of."""
    made = cloud(
        DESK
        + """
resource box in world { id sequence }
resource item in world { id sequence  size number }
seed item for each n in [1, 2, 3] { size: n }
operation clear box DELETE /boxes { delete [i for i in item if i.size > 1]  answer 204 }
operation count box GET /count { answer 200 [i.size for i in item] }
"""
    )
    assert made.request("DELETE", "/desk/boxes").status == 204
    assert made.request("GET", "/desk/count").body == [1]
