# SPDX-License-Identifier: Apache-2.0
"""What an expression is worth: each text is answered by a cloud of its own and compared with a JSON value."""

from typing import Any

import pytest

from tests.driver import DESK, cloud

GONE = object()
"""What a missing value leaves behind: no entry in the answer."""

BODY: dict[str, Any] = {
    "one": 1,
    "half": 0.5,
    "text": "printer",
    "digits": "12",
    "yes": True,
    "no": False,
    "nil": None,
    "list": [3, 1, 2],
    "mixed": [1, "1", True, None],
    "map": {"a": 1, "b": {"c": "deep"}, "d-e": "dashed"},
    "maps": [{"k": "x", "v": 1}, {"k": "y"}, 7, [{"k": "z"}]],
}

RECORDS = """
resource queue in world { id text  title text  boss -> agent ? }
resource agent in world { id text  team text }
resource note in queue { id sequence  said text  plural notes }
resource ticket in world {
  id sequence  title text  queue -> queue ?  also list of -> queue = []
  meta list of { key: text, value: any } = [] keyed key value
}
seed agent for each a in ['ann'] { id: a, team: 'red' }
seed queue for each q in [{ id: 'mail', boss: 'ann' }, { id: 'phone' }] { ...q, title: upper(q.id) }
seed ticket for each t in [
  { title: 'a', queue: 'mail', also: ['phone', 'mail'], meta: [{ key: 'color', value: 'red' }, { key: 'n' }] },
  { title: 'b', queue: 'phone' },
  { title: 'c' },
] { ...t }
view queue.brief { id  title }
view ticket.full { id  title  queue: queue as brief }
"""


def worth(expression: str, body: Any = BODY, rules: str = "", statements: str = "") -> Any:
    """The value of an expression in an answer, or GONE."""
    made = cloud(
        f"{DESK}{rules}\nresource probe in world {{ id sequence }}\n"
        f"operation ask probe POST /probe {{ {statements} answer 200 {{ v: {expression} }} }}"
    )
    answer = made.request("POST", "/desk/probe", body)
    assert answer.status == 200, answer
    return answer.body.get("v", GONE)


def same(got: Any, expected: Any) -> bool:
    """Equality of JSON values, in which true is not 1; GONE is only itself."""
    if expected is GONE or got is GONE:
        return got is expected
    if isinstance(expected, list):
        return isinstance(got, list) and len(got) == len(expected) and all(map(same, got, expected))
    if isinstance(expected, dict):
        return isinstance(got, dict) and list(got) == list(expected) and all(map(same, got.values(), expected.values()))
    return type(got) is type(expected) and bool(got == expected)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        # literals and texts
        ("1", 1),
        ("1.5", 1.5),
        ("5m", 300.0),
        ("250ms", 0.25),
        ("true", True),
        ("null", None),
        ("'no {hole}'", "no {hole}"),
        ('"a {body.one} b {body.nil}|{body.nothing}|{body.yes} {{x}}"', "a 1 b ||true {x}"),
        ('"{body.list}"', "3, 1, 2"),
        ('""', ""),
        ("CAPITALS_1", "CAPITALS_1"),
        # what is missing
        ("body.nothing", GONE),
        ("body.nothing.at.all", GONE),
        ("body.one.two", GONE),
        ("body.nil.x", GONE),
        ("body.nil", None),
        ("body.nothing == null", False),
        ("body.nothing != 1", False),
        ("body.nothing != body.nothing", False),
        ("body.nothing == body.nothing", False),
        ("body.nothing < 1", False),
        ("body.nothing in body.list", False),
        ("body.one in body.nothing", False),
        ("body.nothing is null", False),
        ("body.nothing is not null", True),
        ("not body.nothing", True),
        ("has body.nothing", False),
        ("has body.nil", False),
        ("has body.no", True),
        ("body.nothing default 'x'", "x"),
        ("body.nil default 'x'", "x"),
        ("body.no default 'x'", False),
        ("body.nothing default (body.nil default 'y')", "y"),
        ("body.nothing + 1", GONE),
        ("-body.nothing", GONE),
        ("[1, body.nothing, 2]", [1, 2]),
        ("{ a: body.nothing, b: 1 }", {"b": 1}),
        # comparisons
        ("body.one == 1", True),
        ("body.one == 1.0", True),
        ("body.yes == 1", False),
        ("body.one == true", False),
        ("body.yes == true", True),
        ("body.no != true", True),
        ("body.nil == null", True),
        ("body.digits == 12", False),
        ("body.digits != 12", True),
        ("body.digits < 13", False),
        ("body.one < body.text", False),
        ("body.yes < 2", False),
        ("body.nil <= body.nil", False),
        ("body.one <= 1", True),
        ("body.one >= 1.0", True),
        ("body.half > 0", True),
        ("body.text > 'print'", True),
        ("body.text <= 'a'", False),
        ("body.list == [3, 1, 2]", True),
        ("body.list == [1, 2, 3]", False),
        ("body.list == [3, 1]", False),
        ("[body.yes] == [1]", False),
        ("{ a: body.one } == { a: 1 }", True),
        ("{ a: body.one } == { a: true }", False),
        ("{ a: body.one } == { b: 1 }", False),
        ("body.map == body.list", False),
        ("body.mixed == body.mixed", True),
        # kinds
        ("body.one is number", True),
        ("body.digits is number", True),
        ("body.text is number", False),
        ("body.yes is number", False),
        ("body.half is int", False),
        ("body.digits is int", True),
        ("body.text is text", True),
        ("body.one is text", False),
        ("body.no is bool", True),
        ("body.one is bool", False),
        ("body.list is list", True),
        ("body.map is list", False),
        ("body.map is map", True),
        ("body.nil is null", True),
        ("body.one is not null", True),
        ("body.one is not number", False),
        # membership, beginnings, patterns
        ("1 in body.list", True),
        ("'1' in body.list", False),
        ("body.yes in [1]", False),
        ("body.yes in body.mixed", True),
        ("'a' in body.map", True),
        ("body.one in body.map", False),
        ("'rint' in body.text", True),
        ("body.one in body.text", False),
        ("body.text in ['printer', 'screen']", True),
        ("body.one in ['printer', 'screen']", False),
        ("body.text in [body.text]", True),
        ("body.text in []", False),
        ("body.text starts with 'print'", True),
        ("body.text starts with body.nothing", False),
        ("body.one starts with '1'", False),
        ("body.text matches /^p.*r$/", True),
        ("body.text matches /^rint/", False),
        ("body.text matches /int/", True),
        ("body.text matches '^p.*r$'", True),
        ("body.text matches '^rint'", False),
        ('body.text matches "{upper(body.text)}|pri"', True),
        ("body.text matches '('", False),
        ("body.text matches body.one", False),
        ("body.text matches body.nothing", False),
        ("body.one matches '1'", False),
        ("[x is pattern for x in ['a(', 'a', '(?=a)', 1, null]]", [False, True, False, False, False]),
        (f"['{'x' * 1000}' is pattern, '{'x' * 1001}' is pattern]", [True, False]),
        ("[mod(n, 3) for n in [0, 1, 5, -1, 4.5]]", [0, 1, 2, 2, 1.5]),
        ("mod(1, 0)", GONE),
        ("mod(body.digits, 2)", GONE),
        ("mod(1, body.text)", GONE),
        ("body.one matches /1/", False),
        # logic
        ("body.one and true", False),
        ("body.yes and not body.no", True),
        ("body.no or body.yes", True),
        ("body.one or body.text", False),
        ("not body.text", True),
        ("body.yes and (body.no or body.one == 1)", True),
        ("if body.one then 'yes' else 'no'", "no"),
        ("if body.yes then 'yes' else body.nothing", "yes"),
        ("if body.no then 'yes' else body.nothing", GONE),
        # arithmetic
        ("1 + 2 * 3 - 4", 3),
        ("(1 + 2) * 3", 9),
        ("-body.one + 0.5", -0.5),
        ("body.list + [4]", [3, 1, 2, 4]),
        ("body.text + body.text", GONE),
        ("body.digits + 1", GONE),
        ("body.yes + 1", GONE),
        ("body.list - body.list", GONE),
        # reaching into
        ("body.map.b.c", "deep"),
        ("body.map['d-e']", "dashed"),
        ("body['map'].a", 1),
        ("body.list[0]", 3),
        ("body.list[-1]", 2),
        ("body.list[3]", GONE),
        ("body.list[-4]", GONE),
        ("body.list['a']", GONE),
        ("body.map[body.one]", GONE),
        ("body.list[body.yes]", GONE),
        ("body.text[0]", GONE),
        ("body.maps.k", ["x", "y", ["z"]]),
        ("body.maps.v", [1, []]),
        ("body.maps.nothing", [[]]),
        ("{ a: { b: 'c' } }.a.b", "c"),
        # lists and objects
        ("[n * 2 for n in body.list if n > 1]", [6, 4]),
        ("[n.k for n in body.maps]", ["x", "y", ["z"]]),
        ("[n for n in body.text]", []),
        ("[n + m for n in [1, 2]]", [11, 12]),
        ("[[n for n in range(1, k)] for k in [1, 2]]", [[1], [1, 2]]),
        ("[k default 'none' for k in body.mixed]", [1, "1", True, "none"]),
        ("[k for k in (body.nothing default [5])]", [5]),
        ("{ a: 1, ...{ a: 2, b: 3 }, b: 4 }", {"a": 2, "b": 4}),
        ("{ ...body.nothing, ...body.one, a: 1 }", {"a": 1}),
        ('{ "k-{body.one}": 1, "{body.yes}": 2 }', {"k-1": 1, "true": 2}),
        ("{ a: 1 when body.no, b: 2 when body.yes }", {"b": 2}),
        ("{ m }", {"m": 10}),
        ("{}", {}),
        ("[]", []),
    ],
)
def test_a_value(expression: str, expected: Any) -> None:
    got = worth(expression, statements="let m = 10")
    assert same(got, expected), got


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("queue.id", ["mail", "phone"]),
        ("count(ticket)", 3),
        ("count(ticket where queue == 'mail')", 1),
        ("(ticket where id > 1 and title != 'c').title", ["b"]),
        ("(ticket where id == 2).title", ["b"]),
        ("(ticket where id == 2 and title == 'a').title", []),
        ("(ticket where id == body.nothing).title", []),
        ("(ticket where id == id).title", ["a", "b", "c"]),
        ("any(ticket where title == 'z')", False),
        # an agent has no title: it is that of the ticket around it
        ("(ticket where count(agent where id == 'ann' and title == 'b') == 1).title", ["b"]),
        ("first(ticket where title == 'b').id", 2),
        ("last(ticket).title", "c"),
        ("first(ticket where title == 'z').id", GONE),
        # references
        ("[t.queue for t in ticket]", ["mail", "phone", None]),
        ("[t.queue.title for t in ticket]", ["MAIL", "PHONE"]),
        ("[t.queue.boss.team for t in ticket]", ["red"]),
        ("last(ticket).queue.boss.team", GONE),
        ("first(ticket).also.title", ["PHONE", "MAIL"]),
        ("first(ticket).also[0].title", "PHONE"),
        ("count(first(ticket).also)", 2),
        ("(if body.yes then first(ticket) else last(ticket)).queue.title", "MAIL"),
        ("(first(ticket where id == 9) default last(ticket)).title", "c"),
        # lists of maps that act as maps
        ("first(ticket).meta.color", "red"),
        ("first(ticket).meta['color']", "red"),
        ("first(ticket).meta[body.text]", GONE),
        ("first(ticket).meta.n", GONE),
        ("last(ticket).meta.color", GONE),
        ("[m.key for m in first(ticket).meta]", ["color", "n"]),
        ("first(first(ticket).meta).value", "red"),
        # views
        ("queue as brief", [{"id": "mail", "title": "MAIL"}, {"id": "phone", "title": "PHONE"}]),
        ("first(ticket) as full", {"id": 1, "title": "a", "queue": {"id": "mail", "title": "MAIL"}}),
        ("last(ticket) as full", {"id": 3, "title": "c"}),
        ("[t.queue as brief for t in ticket if t.id == 2]", [{"id": "phone", "title": "PHONE"}]),
        ("first(ticket).also as brief", [{"id": "phone", "title": "PHONE"}, {"id": "mail", "title": "MAIL"}]),
    ],
)
def test_a_value_of_records(expression: str, expected: Any) -> None:
    got = worth(expression, rules=RECORDS)
    assert same(got, expected), got
