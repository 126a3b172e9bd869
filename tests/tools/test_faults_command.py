# SPDX-License-Identifier: Apache-2.0
"""`mimic-rules faults`: which faults are listed, in what words, and the manual's page of them, which is fresh."""

import json
from pathlib import Path

import pytest

from mimic_rules.lint.reading import read_rules
from mimic_rules.tools.fault_list import faults_of
from mimic_rules.tools.main import main
from tests.conftest import ROOT
from tests.tools.desk import DESK, WRONG, WRONG_SHOWN, write

MAKING = DESK + "operation create ticket POST /tickets { create ticket {}  answer 201 }\n"
RULES = """\
for desk.ticket
let second = first_one + 1
let first_one = 1
let unused = 0
rule stuck "It stays open."
  on create, close ticket
  when id == second
  only 3 times per tenant
  then status stays OPEN, respond 503 "come back" retry after 30s
example "a stuck ticket" for stuck { until quiet }
example "of nothing" { until quiet }
on any desk then delay 1s
"""
STUCK_SHOWN = """\
  stuck: It stays open.
    for desk.ticket
    let second = first_one + 1
    let first_one = 1
    on create, close ticket
    when id == second
    only 3 times per tenant
    then status stays OPEN, respond 503 "come back" retry after 30s
"""
EVERY = "on any then garble body\n"

Output = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def listed(capsys: Output, *arguments: str) -> str:
    assert main(["faults", *arguments]) == 0
    out, error = capsys.readouterr()
    assert error == ""
    return out


def test_the_page_of_the_manual_is_fresh(capsys: Output) -> None:
    """`mimic-rules faults --format markdown >docs/faults.md` makes it so."""
    assert (ROOT / "docs" / "faults.md").read_text(encoding="utf-8") == listed(capsys, "--format", "markdown")


def test_what_summons_a_fault_and_what_it_does(capsys: Output) -> None:
    write(desk=MAKING, rule=RULES)
    out = listed(capsys, "--service", "desk", "desk.rules", "rule.rules")
    assert (
        out == f"desk\n{STUCK_SHOWN}  rule at rule.rules:12\n    for desk.ticket\n    on any desk\n    then delay 1s\n"
    )


def test_a_rule_about_all_services_comes_first_and_is_one_of_each(capsys: Output) -> None:
    write(mimic="rules: [desk.rules, rule.rules]\n", desk=MAKING, rule=EVERY + RULES)
    head = "every service\n  rule at rule.rules:1\n    on any\n    then garble body\n"
    assert listed(capsys, "--service", "desk").startswith(head + "desk\n" + STUCK_SHOWN)
    assert listed(capsys, "--service", "image") == head
    assert listed(capsys).startswith(head)


def test_a_dialect_has_the_faults_of_its_base() -> None:
    model = read_rules([]).model
    names = [{one.name for one in faults_of(model, service)} for service in ("identity", "identity_v2", "compute")]
    assert "login_closed" in names[0] & names[1] - names[2]
    assert "impersonation_refused" in names[1] - names[0]


def test_a_list_for_programs(capsys: Output) -> None:
    write(desk=MAKING, rule=RULES)
    stuck, slow = json.loads(listed(capsys, "--format", "json", "--service", "desk", "desk.rules", "rule.rules"))
    assert stuck == {
        "name": "stuck",
        "title": "It stays open.",
        "service": "desk",
        "resource": "ticket",
        "let": ["second = first_one + 1", "first_one = 1"],
        "on": "create, close ticket",
        "when": "id == second",
        "only": "3 times per tenant",
        "then": 'status stays OPEN, respond 503 "come back" retry after 30s',
        "examples": [{"title": "a stuck ticket", "text": 'example "a stuck ticket" for stuck {\n  until quiet\n}'}],
        "place": "rule.rules:5",
    }
    assert (slow["when"], slow["only"], slow["let"], slow["examples"]) == (None, None, [], [])


def test_a_page_of_a_teams_own(capsys: Output) -> None:
    write(desk=MAKING, rule=EVERY + RULES)
    out = listed(capsys, "--format", "markdown", "--service", "desk", "desk.rules", "rule.rules")
    assert (
        "\n## Every service\n\n### rule at rule.rules:1\n\n```text\non any\nthen garble body\n```\n\n## Desk (`desk`)\n"
        in out
    )
    assert "\n### stuck\n\nIt stays open.\n\n```text\nfor desk.ticket\nlet second" in out
    assert 'retry after 30s\n```\n\n```text\nexample "a stuck ticket" for stuck {\n  until quiet\n}\n```\n' in out


def test_an_example_is_of_the_rule_of_its_own_layer() -> None:
    """A team may call a rule what a shipped one is called."""
    write(
        rule='for compute.server\nrule quota_ram when name == "a" then delay 1s\nexample "of ours" for quota_ram {}\n'
    )
    ours, shipped = (one for one in faults_of(read_rules([Path("rule.rules")]).model) if one.name == "quota_ram")
    assert [one.title for one in ours.samples] == ["of ours"]
    assert [one.title for one in shipped.samples] == ["nothing is made where quota_ram says no"]


def test_what_can_not_be_listed_is_told(capsys: Output) -> None:
    write(desk=DESK, rule=WRONG)
    assert main(["faults", "desk.rules", "rule.rules"]) == 1
    assert capsys.readouterr() == ("", WRONG_SHOWN.format(file="rule.rules"))
    assert main(["faults", "gone.rules"]) == 2
    assert capsys.readouterr().err.startswith("mimic-rules faults: the rules `gone.rules` can't be read")
    assert main(["faults", "--service", "desc", "desk.rules"]) == 2
    assert capsys.readouterr().err == "mimic-rules faults: there is no service `desc`; did you mean `desk`?\n"
    assert main(["faults", "--service", "zzzzz", "desk.rules"]) == 2
    assert "`zzzzz`; there are compute, " in capsys.readouterr().err
    write(mimic="port: high\n")
    assert main(["faults"]) == 1
    assert capsys.readouterr().err.startswith("mimic.yaml:1:7: error MR611: ")
