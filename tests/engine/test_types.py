# SPDX-License-Identifier: Apache-2.0
"""The schema phase: what a body or a query may be, and what is said of one that is not."""

from typing import Any

import pytest

from mimic_rules.engine import MISSING
from tests.driver import DESK, cloud

VERSIONED = DESK.replace("mount /desk", 'mount /desk version header "V" 2.1 .. 2.9 default 2.1')
SAYS = DESK.replace(
    "mount /desk",
    'mount /desk on invalid 400 "{field}|{value}|{reason}" on invalid_body 400 "body|{value}|{reason}"',
)


def said(type_: str, body: Any, rules: str = SAYS, headers: dict[str, str] | None = None) -> str | None:
    """What is said of a body; None where it fits."""
    made = cloud(
        f"{rules}\nresource probe in world {{ id sequence }}\n"
        f"operation ask probe POST /probe body {type_} {{ answer 204 }}"
    )
    answer = made.request("POST", "/desk/probe", body, headers)
    assert answer.status in (204, 400), answer
    return None if answer.status == 204 else answer.body["message"]


@pytest.mark.parametrize(
    ("type_", "fits", "not_"),
    [
        ("text", ["", "a"], [1, None, True, ["a"]]),
        ("text 2..3", ["ab", "\U0001f600bc"], ["a", "abcd"]),
        ("text 1..", ["a" * 1000], [""]),
        ("text matching /^[a-z]+$/", ["abc"], ["", "Abc", "a\n"]),
        ("int", [1, -1, 2.0, 10**18], [1.5, "1", True, None]),
        ("int 1..3", [1, 3], [0, 4, 3.5]),
        ("int -1..", [-1, 7], [-2]),
        ("number", [1, 1.5], ["1", False]),
        ("number 0..1", [0, 0.5, 1], [-0.1, 1.1]),
        ("bool", [True, False], [1, "true", None]),
        ("null", [None], [0, ""]),
        ("any", [None, 1, [1], {"a": 1}], []),
        (
            "uuid",
            ["6ba7b810-9dad-11d1-80b4-00c04fd430c8", "6ba7b8109dad11d180b400c04fd430c8"],
            ["6ba7b810", "z" * 32, "-" * 36, 7, ""],
        ),
        ("hex", ["0aF"], ["", "0g", 10]),
        ("time", ["2013-09-23T13:53:12Z", 5], ["now", None]),
        ('"a" | "b"', ["a", "b"], ["c", 1]),
        ("1 | 2.5", [1, 2.5], [True, "1", 2]),
        ("int | text", [1, "a"], [None, 1.5]),
        ("text | null", ["a", None], [1]),
        ("list of int", [[], [1, 2]], [[1, "a"], {"0": 1}, "12"]),
        ("list 1..2 of any", [[1], [1, None]], [[], [1, 2, 3]]),
        ("map of int", [{}, {"a": 1}], [{"a": "b"}, [1]]),
        ("map 1..1 of any", [{"a": 1}], [{}, {"a": 1, "b": 2}]),
        ("{ a: int, b?: text }", [{"a": 1}, {"a": 1, "b": "x", "c": None}], [{}, {"a": 1, "b": None}, [], None]),
        ("{ a: int } strict", [{"a": 1}], [{"a": 1, "b": 2}]),
        ("{ a: list of { b: int } strict }", [{"a": [{"b": 1}]}], [{"a": [{"b": 1}, {"b": 1, "c": 1}]}, {"a": [{}]}]),
        ("{ id: -> probe }", [{"id": 1}, {"id": "x"}], [{}]),
        ("(int | text) | null", [1, "a", None], [False]),
    ],
)
def test_what_fits_a_type(type_: str, fits: list[Any], not_: list[Any]) -> None:
    assert [one for one in fits if said(type_, one) is not None] == []
    assert [one for one in not_ if said(type_, one) is None] == []


@pytest.mark.parametrize(
    ("type_", "body", "expected"),
    [
        ("text", 1, "body|1|1 is not of type 'string'"),
        ("text 2..3", "a", "body|a|'a' is too short"),
        ("text 2..3", "abcd", "body|abcd|'abcd' is too long"),
        ("text matching /^a$/", "b", "body|b|'b' does not match '^a$'"),
        ("int", 1.5, "body|1.5|1.5 is not of type 'integer'"),
        ("number", "x", "body|x|'x' is not of type 'number'"),
        ("int 2..3", 1, "body|1|1 is less than the minimum of 2"),
        ("int 2..3", 4, "body|4|4 is greater than the maximum of 3"),
        ("bool", 1, "body|1|1 is not of type 'boolean'"),
        ("uuid", "x", "body|x|'x' is not a 'uuid'"),
        ('"a" | "b"', "c", "body|c|'c' is not one of ['a', 'b']"),
        ('"a"', "c", "body|c|'c' is not one of ['a']"),
        ("list of int", 1, "body|1|1 is not of type 'array'"),
        ("list 1.. of any", [], "body||[] is too short"),
        ("map 0..1 of any", {"a": 1, "b": 2}, "body|{'a': 1, 'b': 2}|{'a': 1, 'b': 2} is too long"),
        ("map of any", 1, "body|1|1 is not of type 'object'"),
        ("{ a: any }", 1, "body|1|1 is not of type 'object'"),
        ("{ a: any }", {}, "body|{}|'a' is a required property"),
        ("{ a?: any } strict", {"z": 1}, "body|{'z': 1}|Additional properties are not allowed ('z' was unexpected)"),
        ("{ a: { b: list of int } }", {"a": {"b": [1, "x"]}}, "1|x|'x' is not of type 'integer'"),
        ("{ a: map of int }", {"a": {"k": "x"}}, "k|x|'x' is not of type 'integer'"),
        # of several alternatives, the one that went deepest speaks
        ("{ a: int } | text", {"a": "x"}, "a|x|'x' is not of type 'integer'"),
        ("int | bool", "x", "body|x|'x' is not of type 'integer'"),
        ("text", ["x" * 300], f"body|{'x' * 300}|['{'x' * 195}... is not of type 'string'"),
    ],
)
def test_what_is_said_of_what_does_not_fit(type_: str, body: Any, expected: str) -> None:
    assert said(type_, body) == expected


def test_no_body_is_an_empty_object() -> None:
    assert said("{ a?: int }", MISSING) is None
    assert said("{ a: int }", MISSING) == "body|{}|'a' is a required property"


def test_members_are_of_versions() -> None:
    type_ = "{ a: int until 2.3, a: text since 2.4, b?: int since 2.5 } strict"
    for version, fits, not_ in (("2.1", {"a": 1}, {"a": "x"}), ("2.4", {"a": "x"}, {"a": "x", "b": 1})):
        assert said(type_, fits, VERSIONED, {"V": version}) is None
        assert said(type_, not_, VERSIONED, {"V": version}) is not None
    assert said(type_, {"a": "x", "b": 1}, VERSIONED, {"V": "2.5"}) is None
    assert said(type_, {"b": 1}, VERSIONED, {"V": "2.5"}) is not None


def query(members: str, asked: str, rules: str = SAYS, headers: dict[str, str] | None = None) -> Any:
    """What the query is read as, or what is said of it."""
    made = cloud(
        f"{rules}\nresource probe in world {{ id sequence }}\n"
        f"operation ask probe GET /probe query {members} {{ answer 200 query }}"
    )
    answer = made.request("GET", f"/desk/probe?{asked}", headers=headers)
    return answer.body if answer.status == 200 else answer.body["message"]


@pytest.mark.parametrize(
    ("members", "asked", "expected"),
    [
        ("{ n?: int }", "n=12", {"n": 12}),
        ("{ n?: int }", "n=%2B1", {"n": 1}),
        ("{ n?: int }", "", {}),
        ("{ n?: int }", "n=1.5", "n|1.5|'1.5' is not of type 'integer'"),
        ("{ n?: int }", "n=1_0", "n|1_0|'1_0' is not of type 'integer'"),
        ("{ n?: int }", "n=", "n||'' is not of type 'integer'"),
        (
            "{ n?: int }",
            "n=99999999999999999999",
            "n|99999999999999999999|'99999999999999999999' is not of type 'integer'",
        ),
        ("{ n?: int 1..5 }", "n=9", "n|9|9 is greater than the maximum of 5"),
        ("{ n?: number }", "n=1.5", {"n": 1.5}),
        ("{ n?: number }", "n=nan", "n|nan|'nan' is not of type 'number'"),
        ("{ n?: 1 | 2 }", "n=2", {"n": 2}),
        ("{ n?: 1 | 2 }", "n=3", "n|3|'3' is not one of [1, 2]"),
        ("{ n?: 'a' | int }", "n=a", {"n": "a"}),
        ("{ n?: 'a' | int }", "n=7", {"n": 7}),
        ("{ b?: bool }", "b=True", {"b": True}),
        ("{ b?: bool }", "b=0", {"b": False}),
        ("{ b?: bool }", "b=yes", "b|yes|'yes' is not of type 'boolean'"),
        ("{ t?: text }", "t=1&t=2", {"t": "2"}),
        ("{ t?: list of int }", "t=1&t=2", {"t": [1, 2]}),
        ("{ t?: list of int }", "t=1&t=x", "1|x|'x' is not of type 'integer'"),
        ("{ t?: time }", "t=2013-09-23T13:53:12Z", {"t": "2013-09-23T13:53:12Z"}),
        ("{ t: int }", "", "body||'t' is a required property"),
        ("{ t?: int }", "other=1&other=2", {"other": "2"}),
        ("{ t?: int } strict", "other=1", "body|1|Additional properties are not allowed ('other' was unexpected)"),
    ],
)
def test_a_query_is_read_as_its_types_say(members: str, asked: str, expected: Any) -> None:
    assert query(members, asked) == expected


def test_parameters_are_of_versions() -> None:
    members = "{ a: int until 2.3, b: int until 2.3, b: text since 2.4 } strict"
    assert query(members, "a=1&b=2", VERSIONED) == {"a": 1, "b": 2}
    assert query(members, "b=2", VERSIONED, {"V": "2.4"}) == {"b": "2"}
    assert query(members, "a=1&b=2", VERSIONED, {"V": "2.4"}).startswith("Additional properties")
    assert query(members, "a=1", VERSIONED) == "'b' is a required property"


def test_objects_may_be_strict_in_some_versions() -> None:
    body = "{ a?: int, inner?: { else refused since 2.3 until 2.4 }, else refused since 2.5 }"
    for version, top, inner in (("2.2", True, True), ("2.3", True, False), ("2.4", True, False), ("2.5", False, True)):
        assert (said(body, {"z": 1}, VERSIONED, {"V": version}) is None) == top
        assert (said(body, {"inner": {"z": 1}}, VERSIONED, {"V": version}) is None) == inner
    assert said("{ a?: int, else refused, }", {"z": 1}) is not None
    assert query("{ a?: int, else refused since 2.5 }", "z=1", VERSIONED, {"V": "2.4"}) == {"z": "1"}
    unexpected = "Additional properties are not allowed ('z' was unexpected)"
    assert query("{ a?: int, else refused since 2.5 }", "z=1", VERSIONED, {"V": "2.5"}) == unexpected


def test_what_is_read_takes_the_query_of_its_service() -> None:
    made = cloud(
        VERSIONED.replace("mount /desk", "query { a?: int, else refused since 2.5 }  mount /desk", 1)
        + """
        resource probe in world { id sequence  name text = 'x' }
        view probe.full { id }
        operation ask probe GET /ask { answer 200 query }
        operation own probe GET /own query { b?: int } { answer 200 query }
        operation list probe GET /list { list probe as full { filter name  filter later by value == 'y' since 2.7 } }
        operation write probe POST /write { answer 200 query }"""
    )

    def status(path: str, version: str) -> int:
        return made.request("GET", f"/desk{path}", headers={"V": version}).status

    assert made.request("GET", "/desk/ask?a=1", headers={"V": "2.5"}).body == {"a": 1}
    assert [status("/ask?a=x", version) for version in ("2.4", "2.5")] == [400, 400]
    assert [status("/ask?z=1", version) for version in ("2.4", "2.5")] == [200, 400]
    assert [status("/own?z=1", version) for version in ("2.4", "2.5")] == [200, 200]
    assert [status("/list?name=x", version) for version in ("2.4", "2.5")] == [200, 200]
    assert [status("/list?later=y", version) for version in ("2.4", "2.6", "2.7")] == [200, 400, 200]
    assert made.request("POST", "/desk/write?z=1", headers={"V": "2.5"}).status == 200
