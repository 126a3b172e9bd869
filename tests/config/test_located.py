# SPDX-License-Identifier: Apache-2.0
"""Located values: plain ones out of them, and the place of what a path leads to."""

import pathlib

import pytest

from mimic_rules.config import KeyPath, Located
from mimic_rules.config.located import located
from mimic_rules.config.yaml_text import read_yaml
from mimic_rules.diagnostics import Diagnostics, Span

TEXT = """\
users:
  - name: alice
    roles: [admin, 7]
  - bob
"""
ROOT = read_yaml(TEXT, "m", Diagnostics()) or Located(None, Span("", 1, 1, 1, 1))


def test_plain_values() -> None:
    assert ROOT.plain() == {"users": [{"name": "alice", "roles": ["admin", 7]}, "bob"]}


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ((), (1, 1, 4, 8)),
        (("users",), (1, 1, 1, 6)),
        (("users", 0), (2, 5, 3, 22)),
        (("users", 0, "name"), (2, 5, 2, 9)),
        (("users", 0, "roles", 1), (3, 20, 3, 21)),
        (("users", 1), (4, 5, 4, 8)),
        # not there: the last part that is
        (("users", 0, "mail"), (2, 5, 3, 22)),
        (("users", 2), (1, 1, 1, 6)),
        (("users", -1), (1, 1, 1, 6)),
        (("users", "name"), (1, 1, 1, 6)),
        (("users", 1, "name"), (4, 5, 4, 8)),
        ((0,), (1, 1, 4, 8)),
    ],
)
def test_a_path_leads_to_its_place(path: KeyPath, place: tuple[int, int, int, int]) -> None:
    assert ROOT.at(path) == Span("m", *place)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "nothing"),
        (True, "`true`"),
        (False, "`false`"),
        (8, "`8`"),
        ("a b", "`a b`"),
        ("x" * 60, "`" + "x" * 60 + "`"),
        ("x" * 61, "`" + "x" * 60 + "…`"),
        ([], "a list"),
        ({}, "a map"),
    ],
)
def test_how_messages_name_a_value(value: object, shown: str) -> None:
    assert located(value, Span("", 1, 1, 1, 1)).shown() == shown


def test_values_of_the_program_become_plain_ones() -> None:
    given = {1: (2, [pathlib.PurePosixPath("a/b")]), "x": None}
    assert located(given, Span("", 1, 1, 1, 1)).plain() == {"1": [2, ["a/b"]], "x": None}
