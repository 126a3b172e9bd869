# SPDX-License-Identifier: Apache-2.0
"""What can't grow beyond all use, and what a client never sees: definitions of definitions, and bare records."""

import pytest

from mimic_rules.language.load import Source, load

SERVICE = 'service s "S" { mount /s }\nfor s\nresource a in world { id uuid  name text }\nview a.full { id }\n'


def found(text: str) -> list[tuple[str, int, str]]:
    return [(one.code, one.span.line, one.message) for one in load([Source("a.rules", SERVICE + text)]).diagnostics]


def test_definitions_that_double_are_refused_once() -> None:
    doubling = "".join(f"let d{n} = d{n + 1} + d{n + 1}\n" for n in range(40)) + "let d40 = 1\n"
    ((code, _, told),) = found(doubling)
    assert (code, told[:10]) == ("MR110", "definition")


def test_definitions_that_nest_are_refused() -> None:
    inner = "let a1 = " + "[" * 40 + "1" + "]" * 40 + "\n"
    outer = "let a2 = " + "[" * 40 + "a1" + "]" * 40 + "\n"
    assert found(inner) == []
    assert [code for code, _, _ in found(inner + outer)] == ["MR110"]


def test_definitions_of_common_size_are_taken() -> None:
    assert found("".join(f"let d{n} = [d{n + 1}, d{n + 1}]\n" for n in range(6)) + "let d6 = 1\n") == []


@pytest.mark.parametrize(
    "body",
    ["self", "{ a: self }", "{ all: [x for x in a] }", "[self]", "{ a: if true then self else self }", "{ b: a }"],
)
def test_a_bare_record_is_no_answer(body: str) -> None:
    text = f"operation show a GET /as/{{id}} {{ answer 200 {body} }}\n"
    assert found(text) == [("MR307", 5, "a `a` can't stand in an answer as it is")]


@pytest.mark.parametrize(
    "body", ["self as full", "{ a: self as full }", "{ ...self }", "{ id: self.id }", "{ ids: [x.id for x in a] }"]
)
def test_a_shown_record_is_one(body: str) -> None:
    assert found(f"operation show a GET /as/{{id}} {{ answer 200 {body} }}\n") == []
