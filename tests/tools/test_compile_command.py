# SPDX-License-Identifier: Apache-2.0
"""`mimic-rules compile`: YAML that says what the tables hold, and what is said when there are none.

What the tables hold is the compiler's matter, and tested there.
"""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from mimic_rules.compiler import compile_model, show
from mimic_rules.lint.reading import read_rules
from mimic_rules.tools.main import main
from tests.tools.desk import DESK, RULE, WRONG, WRONG_SHOWN, write


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def compiled(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["compile", *arguments]) == 0
    out, error = capsys.readouterr()
    assert error == ""
    return out


@pytest.mark.parametrize("service", ["desk", "compute", None])
def test_the_yaml_says_what_the_tables_hold(service: str | None, capsys: pytest.CaptureFixture[str]) -> None:
    write(mimic="rules: [desk.rules]\n", desk=DESK + RULE)
    out = compiled(capsys, *(["--service", service] if service else []))
    program = compile_model(read_rules([Path("desk.rules")]).model)
    assert YAML(typ="safe").load(out) == show(program, service)


def test_the_yaml_is_in_blocks_without_aliases_and_always_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    write(desk=DESK + RULE)
    out = compiled(capsys, "desk.rules")
    assert out == compiled(capsys, "desk.rules")
    lines = out.splitlines()
    assert [line for line in lines if line.endswith((": {", ": ["))] == []
    assert [line for line in lines if line.split(": ")[-1][:1] in {"&", "*"}] == []
    assert [line for line in lines if line != line.rstrip()] == []
    assert max(map(len, lines)) < 200


def test_rules_of_paths_come_on_top_of_those_of_the_configuration(capsys: pytest.CaptureFixture[str]) -> None:
    write(mimic="rules: [desk.rules]\n", desk=DESK, rule=RULE)
    arguments = ("--service", "desk")
    assert YAML(typ="safe").load(compiled(capsys, *arguments))["rules"] == []
    (rule,) = YAML(typ="safe").load(compiled(capsys, *arguments, "rule.rules"))["rules"]
    assert rule["place"] == "rule.rules:2:1"
    write(rule=WRONG)
    assert main(["compile", "rule.rules"]) == 1
    assert capsys.readouterr() == ("", WRONG_SHOWN.format(file="rule.rules"))


def test_broken_rules(capsys: pytest.CaptureFixture[str]) -> None:
    write(mimic="rules: [desk.rules, wrong.rules]\n", desk=DESK, wrong=WRONG)
    assert main(["compile"]) == 1
    assert capsys.readouterr() == ("", WRONG_SHOWN.format(file="wrong.rules"))


def test_a_broken_configuration(capsys: pytest.CaptureFixture[str]) -> None:
    write(mimic="port: high\n")
    assert main(["compile"]) == 1
    out, error = capsys.readouterr()
    assert (out, error.splitlines()[0].split(": ")[:2]) == ("", ["mimic.yaml:1:7", "error MR611"])


@pytest.mark.parametrize(
    ("service", "help"),
    [("dsk", "did you mean `desk`?"), ("Desk", "did you mean `desk`?")],
)
def test_an_unknown_service(service: str, help: str, capsys: pytest.CaptureFixture[str]) -> None:
    write(desk=DESK)
    assert main(["compile", "--service", service, "desk.rules"]) == 2
    assert capsys.readouterr() == ("", f"mimic-rules compile: there is no service `{service}`; {help}\n")


def test_a_service_that_is_like_no_other(capsys: pytest.CaptureFixture[str]) -> None:
    write(desk=DESK)
    assert main(["compile", "--service", "warehouse", "desk.rules"]) == 2
    error = capsys.readouterr().err
    assert error.startswith("mimic-rules compile: there is no service `warehouse`; there are ")
    assert {"compute", "desk", "identity"} <= set(error.partition("there are ")[2].strip().split(", "))


def test_a_path_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compile", "gone.rules"]) == 2
    expected = "mimic-rules compile: the rules `gone.rules` can't be read: no such file or directory\n"
    assert capsys.readouterr() == ("", expected)
