# SPDX-License-Identifier: Apache-2.0
"""Statements that find and change records: find, create, set, unset, merge, take, delete, reconcile."""

from typing import Any

from tests.driver import ANN, DESK, TEAMS, Cloud, cloud

MEMO = (
    DESK
    + """
resource memo in world {
  id sequence  title text = 'untitled'  note text ?  data any ?  tags list of text = []
  updated time = now on change  loud text = upper(title) on change
}
view memo.full { id  title  note  data  tags  loud }
seed memo for each m in ['a', 'b'] { title: m }
"""
)


def memo(statements: str, body: Any = None, above: str = "") -> Any:
    """What memo 1 looks like after statements of an operation on it; of a refusal, its message."""
    made = cloud(f"{MEMO}{above}\noperation ask memo POST /memos/{{id}} {{ {statements} answer 200 self as full }}")
    answer = made.request("POST", "/desk/memos/1", {} if body is None else body)
    return answer.body if answer.status == 200 else (answer.status, answer.body["message"])


def test_set_a_field_and_members_below_it() -> None:
    assert memo("set title = 'x'")["loud"] == "X"
    assert memo("set title = body.nothing")["title"] == "a"
    assert memo("set note = null")["note"] is None
    assert memo("set self.note = 'x'  set self.data.a = 1  merge self.data with { b: 2 }")["data"] == {"a": 1, "b": 2}
    assert memo("set self.note = 'x'  unset self.note  set self.title = 'y'")["title"] == "y"
    assert memo("set data.a.b = 1")["data"] == {"a": {"b": 1}}
    assert memo("set data = { a: { b: 1, c: 2 } } set data.a['b'] = 3")["data"] == {"a": {"b": 3, "c": 2}}
    assert memo("set data[body.k] = 1", {"k": 7})["data"] == {"7": 1}
    assert memo("set data = [1, 2, 3] set data[1] = 9 set data[-1] = 8")["data"] == [1, 9, 8]
    assert memo("set data = [1] set data[5] = 9")["data"] == {"5": 9}
    assert memo("set data = [{ a: 1 }] set data[0].a = 2")["data"] == [{"a": 2}]
    assert memo("set title = 'x' when body.yes set note = 'y' when body.no", {"yes": True, "no": 1})["note"] is None


def test_set_a_field_of_another_record() -> None:
    statements = "find memo as other where title == 'b' set other.note = 'seen' set other.data.x = 1"
    made = cloud(f"{MEMO}\noperation ask memo POST /memos/{{id}} {{ {statements} answer 200 other as full }}")
    assert made.request("POST", "/desk/memos/1").body == {
        "id": 2,
        "title": "b",
        "note": "seen",
        "data": {"x": 1},
        "tags": [],
        "loud": "B",
    }


def test_set_what_is_not_there_changes_nothing() -> None:
    missed = "find memo as other where title == 'z' set other.note = 'x' unset other.note merge other.data with {}"
    assert memo(missed)["note"] is None


def test_merge_puts_entries_in() -> None:
    assert memo("merge data with body", {"a": 1})["data"] == {"a": 1}
    assert memo("set data = { a: 1, b: 1 } merge data with body", {"b": 2})["data"] == {"a": 1, "b": 2}
    assert memo("set data = { deep: { a: 1 } } merge data.deep with body", {"b": 2})["data"] == {
        "deep": {"a": 1, "b": 2}
    }
    assert memo("set data = [1] merge data with body", {"b": 2})["data"] == {"b": 2}
    assert memo("set data = 7 merge data with body.x", {"x": 1})["data"] == 7
    assert memo("set data = 7 merge data with body.x", {})["data"] == 7


def test_unset_takes_fields_entries_and_items_out() -> None:
    assert memo("set note = 'x' unset note")["note"] is None
    assert memo("set data = { a: { b: 1, c: 2 } } unset data.a.b")["data"] == {"a": {"c": 2}}
    assert memo("set tags = ['x', 'y', 'x'] unset tags[body.t]", {"t": "x"})["tags"] == ["y"]
    assert memo("set data = { a: 1 } unset data.z unset data[0] unset data.a.b")["data"] == {"a": 1}
    assert memo('unset note else 404 "no note"') == (404, "no note")
    assert memo('unset data.x else 404 "no {path.id}"') == (404, "no 1")
    assert memo("set tags = ['x'] unset tags[body.t] else 404 \"no {body.t}\"", {"t": "z"}) == (404, "no z")
    assert memo("set note = 'x' unset note else 404 \"no\"")["note"] is None


def test_take_takes_what_is_there() -> None:
    shown = memo("take title, note, tags from body", {"title": "t", "note": None, "data": 1})
    assert (shown["title"], shown["note"], shown["data"], shown["tags"]) == ("t", None, None, [])
    assert memo("take title from body.nothing")["title"] == "a"
    assert memo("take title from body.x", {"x": "text"})["title"] == "a"
    assert memo("take title from body", {"other": 1})["title"] == "a"


def test_what_is_worked_out_on_change_follows_every_change() -> None:
    made = cloud(
        MEMO
        + """
    operation ask memo POST /memos/{id} { take title, loud from body  answer 200 { loud, updated } }"""
    )
    made.advance(5)
    assert made.request("POST", "/desk/memos/1", {"title": "x"}).body == {"loud": "X", "updated": 1_700_000_005.0}
    assert made.request("POST", "/desk/memos/1", {"title": "y", "loud": "said"}).body["loud"] == "said"


def test_a_key_stays_what_it_is() -> None:
    made = cloud(
        DESK
        + """resource pen in world { key name  name text  color text = 'red' }
        seed pen for each p in ['a', 'b'] { name: p }
        operation update pen PUT /pens/{id} { take name, color from body  answer 200 { name, color } }"""
    )
    assert made.request("PUT", "/desk/pens/a", {"name": "a", "color": "blue"}).body == {"name": "a", "color": "blue"}
    assert made.request("PUT", "/desk/pens/a", {"name": "c"}).status == 409
    assert made.request("PUT", "/desk/pens/a", {"name": "b"}).status == 409
    assert made.request("PUT", "/desk/pens/a", {}).body == {"name": "a", "color": "blue"}


FIND = (
    TEAMS
    + """
quota queues 2 counts queue
resource queue in tenant {
  id sequence  title text  boss -> agent ? else 400 "no agent {value}"
  unique (title) where title != 'same' else 409 "twice"
}
operation ask queue POST /ask {
  find queue where title == body.to otherwise create { title: body.to, boss: body.boss } when body.new
  answer 200 { id: queue.id, count: count(queue) }
}
operation must queue POST /must {
  find queue as q where title == body.to otherwise create { title: body.to } when body.new else 404 "no {body.to}"
  answer 200 { id: q.id }
}
operation look queue POST /look { find queue as q where title == body.to when body.yes  answer 200 { id: q.id } }
"""
)


def test_find_takes_the_first_or_makes_one_or_refuses() -> None:
    made = cloud(FIND, headers=ANN)

    def ask(path: str, body: dict[str, object]) -> object:
        answer = made.request("POST", f"/desk/{path}", body)
        return answer.body if answer.status == 200 else (answer.status, answer.body["message"])

    assert ask("ask", {"to": "a"}) == {"count": 0}
    assert ask("must", {"to": "a"}) == (404, "no a")
    assert ask("ask", {"to": "a", "new": "yes"}) == {"count": 0}
    assert ask("ask", {"to": "a", "new": True, "boss": "zoe"}) == (400, "no agent zoe")
    assert ask("ask", {"to": "a", "new": True, "boss": "amy"}) == {"id": 1, "count": 1}
    assert ask("ask", {"to": "a", "new": True}) == {"id": 1, "count": 1}
    assert ask("must", {"to": "b", "new": True}) == {"id": 2}
    assert ask("must", {"to": "b"}) == {"id": 2}
    assert ask("must", {"to": "c", "new": True}) == (403, "quota exceeded for queues: requested 1, used 2 of 2")
    assert ask("look", {"to": "b", "yes": True}) == {"id": 2}
    assert ask("look", {"to": "b"}) == {}


def test_finds_of_one_name_may_be_parted_by_versions() -> None:
    text = """
    operation look memo GET /look {
      find memo as one where title == 'a' until 1.4
      find memo as one where title == 'b' since 1.5
      answer 200 one.title
    }
    operation again memo GET /again {
      find memo as one where title == 'a'
      find memo as one where title == 'z'
      answer 200 { one: one.title }
    }"""
    versions = 'mount /desk version header "V" 1.1 .. 1.9 default 1.1'
    made = cloud(MEMO.replace("mount /desk", versions) + text)
    assert [made.request("GET", "/desk/look", headers={"V": version}).body for version in ("1.4", "1.5")] == ["a", "b"]
    assert made.request("GET", "/desk/again").body == {}


def test_a_key_that_is_null_is_made() -> None:
    text = """
    resource note in world { id hex  other uuid ? }
    operation make note POST /notes {
      let nothing = json('null')
      create note { id: nothing, other: nothing }
      answer 200 [count(note.id), note.other]
    }"""
    made = cloud(DESK + text)
    assert [made.request("POST", "/desk/notes").body for _ in range(2)] == [[32, None]] * 2


MANY = (
    DESK
    + """
resource folder in world { id sequence  title text }
resource page in folder { id sequence  said text  number int = 0 }
operation create folder POST /folders {
  create folder { title: body.title } when has body.title
  create page for each p in body.pages { said: p, number: count(page) }
  create page as last { said: 'end' } when body.ended
  answer 201 { id: folder.id, first: page.said, last: last.id, all: folder.pages.said }
}
operation create page POST /folders/{folder}/pages {
  create page for each n in range(1, body.n) { said: "{n}" }
  answer 201 { id: page.id, said: folder.pages.said }
}
operation update folder PUT /folders/{id} { create page { said: 'mine' }  answer 200 self.pages.said }
operation count page GET /count { answer 200 count(page) }
"""
)


def test_create_one_or_one_for_each() -> None:
    made = cloud(MANY)
    assert made.request("POST", "/desk/folders", {"title": "a", "pages": ["x", "y"], "ended": True}).body == {
        "id": 1,
        "first": "x",
        "last": 3,
        "all": ["x", "y", "end"],
    }
    assert made.request("POST", "/desk/folders", {"title": "b", "pages": "none"}).body == {"id": 2, "all": []}
    assert made.request("POST", "/desk/folders/2/pages", {"n": 2}).body == {"id": 4, "said": ["1", "2"]}
    assert made.request("POST", "/desk/folders/2/pages", {"n": 0}).body == {"said": ["1", "2"]}
    assert made.request("PUT", "/desk/folders/2").body == ["1", "2", "mine"]


def test_create_for_each_stops_at_a_thousand() -> None:
    made = cloud(MANY.replace("range(1, body.n)", "(range(1, body.n) + range(1, body.n))"))
    made.request("POST", "/desk/folders", {"title": "a"})
    assert made.request("POST", "/desk/folders/1/pages", {"n": 900}).status == 201
    assert made.request("GET", "/desk/count").body == 1000


def test_a_created_record_keeps_what_it_was_given_and_only_its_own_notes() -> None:
    made = cloud(
        DESK
        + """resource memo in world { id uuid  code hex  small hex ?  n sequence  a int = 1  b int = a + 1  c text ? }
        view memo.full { id  code  small  n  a  b  c }
        operation create memo POST /memos { create memo { ...body }  answer 201 memo as full }"""
    )
    shown = made.request("POST", "/desk/memos", {"a": 5, "extra": True, "~": {"status": ["X", 0, ""]}, "~x": 1}).body
    assert (len(shown["id"]), len(shown["code"]), shown["small"], shown["n"]) == (36, 32, None, 1)
    assert (shown["a"], shown["b"], shown["c"]) == (5, 6, None)
    (key, record) = made.world._contents.table("desk.memo", ("", "")).items()[0]
    assert key == shown["id"]
    assert record["extra"] is True
    assert (record["~"], record["~x"]) == ({}, 1)


def test_a_sequence_passes_over_numbers_that_are_taken() -> None:
    made = cloud(
        DESK
        + """resource memo in world { id sequence }
        seed memo for each n in [1, 2, 4] { id: n }
        operation create memo POST /memos { create memo {}  answer 201 memo.id }"""
    )
    assert [made.request("POST", "/desk/memos").body for _ in range(3)] == [3, 5, 6]


RECONCILE = (
    DESK
    + """
quota notes 3 counts note
resource folder in tenant { id sequence }
resource note in folder {
  id sequence  said text  votes int = 0  by text ?
  unique (said) else 409 "{said} twice"
}
view note.full { id  said  votes }
operation create folder POST /folders { create folder {}  answer 201 }
operation replace note PUT /folders/{folder}/notes {
  reconcile note by (said) with body { said, votes, by: 'x' when votes == 9 }
  answer 200 [n as full for n in note]
}
"""
)


def test_reconcile_makes_updates_and_removes() -> None:
    made = cloud(RECONCILE)
    made.request("POST", "/desk/folders")

    def replace(*notes: dict[str, object]) -> object:
        answer = made.request("PUT", "/desk/folders/1/notes", list(notes))
        return [tuple(one.values()) for one in answer.body] if answer.status == 200 else answer.body["message"]

    assert replace({"said": "a"}, {"said": "b", "votes": 1}) == [(1, "a", 0), (2, "b", 1)]
    assert replace({"said": "b", "votes": 2}, {"said": "c"}) == [(2, "b", 2), (3, "c", 0)]
    before = made.snapshot()
    assert replace({"said": "c"}, {"said": "b", "votes": 2}) == [(2, "b", 2), (3, "c", 0)]
    assert made.snapshot() == before
    assert replace({"said": "d"}, {"said": "d"}) == "d twice"
    assert replace(*[{"said": str(n)} for n in range(4)]).startswith("quota exceeded")
    assert made.snapshot() == before
    assert replace() == []


def test_delete_records_lists_and_what_has_gone_already() -> None:
    def left(statements: str) -> Any:
        made: Cloud = cloud(
            f"{MEMO}\noperation ask memo POST /memos/{{id}} {{ {statements} answer 200 [m.id for m in memo] }}"
        )
        return made.request("POST", "/desk/memos/1").body

    assert left("delete self delete self") == [2]
    assert left("delete memo where id > 0 delete self") == []
    assert left("find memo as other where title == 'b' delete other") == [1]
    assert left("find memo as other where title == 'z' delete other") == [1, 2]
    assert left("delete self when false") == [1, 2]


def test_a_child_belongs_to_the_parent_made_above_it_whatever_its_name() -> None:
    made = cloud(
        MANY
        + """
    operation create_both folder POST /both { create folder as f {}  create page { said: 'in' }
      answer 201 f.pages.said }"""
    )
    assert made.request("POST", "/desk/both").body == ["in"]


def test_values_of_fields_may_be_worked_out_item_by_item() -> None:
    made = cloud(
        DESK
        + """resource memo in world { id sequence  a list of int = []  b list of int = [n * 2 for n in a]
          c int = count(b) on change }
        operation create memo POST /memos { create memo { a: body.a }  answer 201 { b: memo.b, c: memo.c } }
        operation update memo PUT /memos/{id} { take b from body  answer 200 { b, c } }"""
    )
    assert made.request("POST", "/desk/memos", {"a": [1, 2]}).body == {"b": [2, 4], "c": 2}
    assert made.request("PUT", "/desk/memos/1", {"b": [7]}).body == {"b": [7], "c": 1}
