# SPDX-License-Identifier: Apache-2.0
"""A change of what a shipped rule answers is noticed by its examples: some of the changes are made here."""

import pytest

from mimic_rules.compiler.program import Program
from tests.driver import program
from tests.mutation.__main__ import main
from tests.mutation.mutants import mutants, survives

DESK = """
service desk "Desk" { mount /desk  errors { fault, message }  fault 503 away }
for desk.ticket
resource ticket in world { id sequence  title text }
operation create ticket POST /tickets body { title: text } { create ticket { title: body.title }  answer 201 }
rule busy on create when title == 'a' then respond 503 away "busy" retry after 30s
"""
CARELESS = "example 'status alone' for busy { create ticket { title: 'a' } -> 503 }"
CAREFUL = """
example 'all of it' for busy {
  create ticket { title: 'a' } -> 503
  expect answer.body == { fault: 'away', message: 'busy' } and answer.headers['retry-after'] == '30'
  expect count(ticket) == 0
}
"""


def surviving(program: Program) -> list[str]:
    return [one.change for one in mutants(program) if survives(one, program)]


def test_what_no_example_looks_at_survives() -> None:
    assert surviving(program(DESK + CARELESS)) == [
        "after commit: True",
        "no retry after",
        "name `away` with more behind it",
        "`busy` with more behind it",
        "31.0 for 30.0",
    ]


def test_what_an_example_looks_at_does_not() -> None:
    assert len(mutants(program(DESK + CAREFUL))) == 6
    assert surviving(program(DESK + CAREFUL)) == []


def test_without_an_example_everything_survives() -> None:
    assert len(surviving(program(DESK))) == 6


def test_shipped_rules_are_looked_at_by_their_examples(capsys: pytest.CaptureFixture[str]) -> None:
    """`python -m tests.mutation` makes all changes, these are some of them."""
    assert main(["--sample", "30"]) == 0, capsys.readouterr().out
    assert capsys.readouterr().out == "30 killed, 0 survived\n"
