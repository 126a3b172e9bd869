# SPDX-License-Identifier: Apache-2.0
"""Running exchanges: what a cloud does otherwise than expected is told, and nothing else."""

from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.docs.cloud import problems, run
from tests.docs.exchanges import steps

DATA = ROOT / "tests" / "data"
CASES = sorted(DATA.rglob("*.exchange"))

RULES = """
service desk "Desk" { mount /desk }
for desk
resource ticket in world { id sequence  title text  status lifecycle }
lifecycle of ticket.status { state NEW  state OLD  start NEW  NEW -> OLD after 5s }
view ticket.full { id  title  status }
operation create ticket POST /tickets body { title: text } {
  create ticket { title: body.title }
  answer 201 ticket as full header "Location" = "/{ticket.id}"
}
operation show ticket GET /tickets/{id} query { loud?: bool } { answer 200 self as full }
operation name ticket GET /me { answer 200 { you: headers["x-you"] } }
"""


def test_a_cloud_that_does_what_is_expected_is_not_told_of() -> None:
    text = """\
> POST /desk/tickets {"title": "a"}
< 201
< Location: /1
< location: *
{"id": 1, "status": "NEW"}
> advance 5s
> GET /desk/tickets/1
< 200
{"status": "OLD"}
> GET /desk/me
> X-You: ann
< 200
{"you": "ann"}
> POST /desk/tickets {
< 400
"""
    assert run(RULES, steps(text)) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("> GET /desk/me\n< 404\n", "line 1: 200 instead of 404: {}"),
        ('> GET /desk/me\n< 200\n{"you": "ann"}\n', "line 1: $.you: is not there"),
        ("> GET /desk/me\n< 200\n< Location: *\n", "line 1: header Location: [] instead of *"),
        (
            '> POST /desk/tickets {"title": "a"}\n< 201\n< Location: /2\n',
            "line 1: header Location: ['/1'] instead of /2",
        ),
    ],
)
def test_what_differs_is_told_with_its_line(text: str, told: str) -> None:
    assert run(RULES, steps(text)) == [told]


BROKEN = (
    RULES
    + """
on name ticket when headers['x-how'] == 'slow' then delay 1500ms
on name ticket when headers['x-how'] == 'drop' then drop connection
"""
)


def test_delays_and_ends_of_connections_are_expected_or_told_of() -> None:
    good = "> GET /desk/me\n> X-How: slow\n< 200\n< delay 1.5s\n> GET /desk/me\n> X-How: drop\n< dropped\n"
    assert run(BROKEN, steps(good)) == []
    bad = "> GET /desk/me\n> X-How: slow\n< 200\n> GET /desk/me\n> X-How: drop\n< 200\n> GET /desk/me\n< dropped\n"
    assert run(BROKEN, steps(bad)) == [
        "line 1: None after 1.5s instead of None after 0.0s",
        "line 4: drop after 0.0s instead of None after 0.0s",
        "line 7: None after 0.0s instead of drop after 0.0s",
    ]


def test_every_run_has_a_world_of_its_own() -> None:
    once = steps('> POST /desk/tickets {"title": "a"}\n< 201\n{"id": 1}\n')
    assert run(RULES, once) == run(RULES, once) == []


def test_mistakes_in_rules_are_shown_as_to_a_person() -> None:
    assert "MR101" in problems("desk.rules", "service desk 'Desk' { mount }")
    assert problems("desk.rules", RULES) == ""


def test_there_are_cases() -> None:
    assert len(CASES) >= 3


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_case_behaves_as_its_exchanges_say(case: Path) -> None:
    rules = case.with_suffix(".rules").read_text(encoding="utf-8")
    assert problems(case.stem, rules) == ""
    assert run(rules, steps(case.read_text(encoding="utf-8"))) == []
