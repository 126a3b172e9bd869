# SPDX-License-Identifier: Apache-2.0
"""`mimic-rules config`: what holds and where it comes from, settings of the rules included; or every problem.

What is printed of each key is the configuration's matter, and tested there.
"""

from pathlib import Path

import pytest

from mimic_rules.config import load_config
from mimic_rules.tools.main import main
from tests.tools.desk import DESK, WRONG, WRONG_SHOWN, write


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_values_and_their_sources(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    write(mimic="rules: [desk.rules]\nseed: spring\nhours: 7\n", desk=DESK)
    monkeypatch.setenv("MIMIC_PORT", "9000")
    assert main(["config"]) == 0
    out, error = capsys.readouterr()
    assert error == ""
    lines = out.splitlines()
    assert lines[0] == "# mimic.yaml"
    assert lines[1].replace('"', "") == f"rules: [{Path('desk.rules').absolute()}]  # from mimic.yaml:1"
    assert "seed: spring  # from mimic.yaml:2" in lines
    assert "port: 9000  # from environment MIMIC_PORT" in lines
    assert 'host: "127.0.0.1"  # from default' in lines
    assert "hours: 7  # from mimic.yaml:3" in lines


def test_settings_of_the_shipped_rules_are_there_without_secrets(capsys: pytest.CaptureFixture[str]) -> None:
    write(mimic="identity: strict\n")
    assert main(["config"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "identity: strict  # from mimic.yaml:1" in lines
    (users,) = [line for line in lines if line.startswith("users: ")]
    assert "password: ***" in users.replace('"', "")
    assert users.endswith("  # from default")


def test_what_is_printed_says_the_same_when_it_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    write(mimic="rules: [desk.rules]\nport: 1\n", desk=DESK)
    main(["config"])
    first = capsys.readouterr().out
    Path("other.yaml").write_text(first, encoding="utf-8")
    result = load_config(start=Path(), environ={}, flags={"config": "other.yaml"})
    assert result.diagnostics == ()
    assert (result.draft.port, result.draft.rule_files) == (1, (Path("desk.rules").absolute(),))


def test_every_problem_of_the_configuration_and_the_rules(capsys: pytest.CaptureFixture[str]) -> None:
    write(mimic="rules: [desk.rules, wrong.rules]\nport: high\n", desk=DESK, wrong=WRONG)
    assert main(["config"]) == 1
    out, error = capsys.readouterr()
    assert out == ""
    assert error == (
        "mimic.yaml:2:7: error MR611: `port` takes a whole number from 0 to 65535, not `high`\n"
        "  2 | port: high\n"
        "    |       ^^^^\n"
        "  help: write a whole number from 0 to 65535, or leave `port` out for its default\n"
    ) + WRONG_SHOWN.format(file="wrong.rules").replace("1 error", "2 errors")


def test_a_setting_that_its_rules_refuse(capsys: pytest.CaptureFixture[str]) -> None:
    write(mimic="rules: [desk.rules]\nhours: 25\nprot: 1\n", desk=DESK)
    assert main(["config"]) == 1
    out, error = capsys.readouterr()
    places = [line.split(": ")[:2] for line in error.splitlines() if line.startswith("mimic.yaml:")]
    assert (out, places) == ("", [["mimic.yaml:2:1", "error MR613"], ["mimic.yaml:3:1", "error MR610"]])


def test_a_warning_is_shown_and_stops_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(mimic="")
    monkeypatch.setenv("MIMIC_PROT", "1")
    assert main(["config"]) == 0
    out, error = capsys.readouterr()
    assert error.splitlines()[0] == (
        "environment variable MIMIC_PROT:1:1: warning MR614: `MIMIC_PROT` belongs to no key of the configuration"
    )
    assert out.startswith("# mimic.yaml\n")


def test_a_configuration_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["config", "--config", "gone.yaml"]) == 1
    out, error = capsys.readouterr()
    expected = "flag --config:1:1: error MR601: the configuration `gone.yaml` can't be read: no such file or directory"
    assert (out, error.splitlines()[0]) == ("", expected)
