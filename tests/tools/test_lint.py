# SPDX-License-Identifier: Apache-2.0
"""`mimic-rules lint`: which files are read and reported, the three formats, and the exit codes.

What is found in rules is the language's matter, and tested there; here a few problems stand for all.
"""

import json
from pathlib import Path

import pytest

from mimic_rules.tools.main import main
from tests.conftest import ROOT
from tests.tools.desk import DESK, RULE, WRONG, WRONG_SHOWN, write

LOST = DESK.replace("  start OPEN\n", "  state LOST  # a comment\n  start OPEN\n")
IGNORED = LOST.replace("# a comment", "# lint: ignore MR402 because operators use it")
UNUSED = DESK.replace("  start OPEN\n", "  start OPEN  # lint: ignore MR402 because of nothing\n")
UNUSED_SHOWN = """\
desk.rules:11:30: warning MR702: there is no `MR402` here to ignore
  11 |   start OPEN  # lint: ignore MR402 because of nothing
     |                              ^^^^^
  help: take the comment out
1 warning
"""


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


Output = pytest.CaptureFixture[str]


def lint(capsys: Output, *arguments: str) -> tuple[int, str, str]:
    code = main(["lint", *arguments])
    out, error = capsys.readouterr()
    return code, out, error


# which files --------------------------------------------------------------------------------------------------------


def test_a_good_file(capsys: Output) -> None:
    write(desk=DESK)
    assert lint(capsys, "--alone", "desk.rules") == (0, "no problems in 1 file\n", "")


def test_only_the_files_that_were_asked_for_are_reported(capsys: Output) -> None:
    write(mimic="rules: [desk.rules, all]\n", desk=DESK, all__good=RULE, all__wrong=WRONG)
    assert lint(capsys, "--alone", "all/good.rules") == (0, "no problems in 1 file\n", "")
    assert lint(capsys, "--alone", "all/wrong.rules") == (1, WRONG_SHOWN.format(file="all/wrong.rules"), "")
    assert lint(capsys, "--alone", "all") == (1, WRONG_SHOWN.format(file="all/wrong.rules"), "")


def test_names_of_the_shipped_rules_resolve(capsys: Output) -> None:
    write(team="for compute.server\nwhen metadata.failure == 'build_forever' then status stays BUILD\n")
    assert lint(capsys, "team.rules") == (0, "no problems in 1 file\n", "")
    code, out, _ = lint(capsys, "--alone", "team.rules")
    assert (code, out.splitlines()[0]) == (1, "team.rules:1:5: error MR202: there is no service `compute`")


def test_shipped_rules_are_in_order_when_they_are_asked_for(capsys: Output) -> None:
    files = len([*(ROOT / "rules").rglob("*.rules")])
    assert lint(capsys, str(ROOT / "rules")) == (0, f"no problems in {files} files\n", "")


def test_without_paths_the_configuration_and_its_rules(capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    write(mimic="rules: [desk.rules, all]\n", desk=DESK, all__wrong=WRONG, other__wrong=WRONG)
    assert lint(capsys, "--alone") == (1, WRONG_SHOWN.format(file="all/wrong.rules"), "")
    monkeypatch.chdir("other")
    code, out, _ = lint(capsys, "--alone")
    assert (code, out.splitlines()[0].split(":")[0]) == (1, str(Path.cwd().parent / "all" / "wrong.rules"))


def test_without_paths_and_configuration_all_below(capsys: Output) -> None:
    write(a__desk=DESK, b__wrong=WRONG)
    assert lint(capsys, "--alone") == (1, WRONG_SHOWN.format(file="b/wrong.rules"), "")


def test_a_problem_of_another_file_counts_where_the_asked_one_takes_part(capsys: Output) -> None:
    write(mimic="rules: [a.rules, b.rules]\n", a=DESK, b='service desk "Another" { mount /another }\n')
    code, out, _ = lint(capsys, "--alone", "a.rules")
    assert code == 1
    assert out.splitlines()[0] == "b.rules:1:9: error MR206: service `desk` is declared twice"


def test_a_file_named_twice_is_read_once(capsys: Output) -> None:
    write(mimic="rules: [desk.rules]\n", desk=DESK)
    path = str(Path("desk.rules").absolute())
    assert lint(capsys, "--alone", "desk.rules", ".", path) == (0, "no problems in 1 file\n", "")


def test_a_file_in_another_encoding_is_a_finding(capsys: Output) -> None:
    Path("latin.rules").write_bytes("# für\n".encode("latin-1"))
    code, out, _ = lint(capsys, "--alone", "latin.rules")
    expected = "latin.rules:1:1: error MR102: this file is not UTF-8: byte 4 fits nothing"
    assert (code, out.splitlines()[0]) == (1, expected)


# the configuration ---------------------------------------------------------------------------------------------------

PROT = """\
{file}:1:1: error MR610: `prot` isn't a key of the configuration
  1 | prot: 1
    | ^^^^
  help: did you mean `port`?
1 error
"""


def test_the_configuration_is_checked(capsys: Output) -> None:
    write(mimic="prot: 1\n")
    assert lint(capsys) == (1, PROT.format(file="mimic.yaml"), "")
    Path("mimic.yaml").rename("other.yaml")
    assert lint(capsys, "--config", "other.yaml") == (1, PROT.format(file="other.yaml"), "")


def test_a_configuration_that_was_merely_found_is_not_asked_for_by_paths(capsys: Output) -> None:
    write(mimic="prot: 1\n", desk=DESK)
    assert lint(capsys, "--alone", "desk.rules") == (0, "no problems in 1 file\n", "")
    assert lint(capsys, "--alone", "--config", "mimic.yaml", "desk.rules") == (1, PROT.format(file="mimic.yaml"), "")


def test_settings_are_checked_by_the_rules_that_declare_them(capsys: Output) -> None:
    write(mimic="rules: [desk.rules]\nhours: long\n", desk=DESK)
    code, out, _ = lint(capsys, "--alone")
    assert (code, out.splitlines()[0].split(": ")[:2]) == (1, ["mimic.yaml:2:1", "error MR613"])


def test_services_are_those_that_the_rules_describe(capsys: Output) -> None:
    write(mimic="rules: [desk.rules]\nservices: [dsk]\n", desk=DESK)
    code, out, _ = lint(capsys, "--alone")
    assert (code, out.splitlines()[0]) == (1, "mimic.yaml:2:12: error MR612: there is no service `dsk`")


def test_rules_that_the_configuration_names_in_vain_are_a_finding(capsys: Output) -> None:
    write(mimic="rules: [gone.rules]\n")
    code, out, error = lint(capsys, "--alone")
    expected = "mimic.yaml:1:9: error MR601: the rules `gone.rules` can't be read: no such file or directory"
    assert (code, out.splitlines()[0], error) == (1, expected, "")


def test_the_environment_is_not_its_matter(capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIMIC_PORT", "high")
    write(desk=DESK)
    assert lint(capsys, "--alone") == (0, "no problems in 1 file\n", "")


# what can't be checked -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["gone.rules"], "the rules `gone.rules` can't be read: no such file or directory"),
        (["a", "b"], "the rules `a` can't be read: no such file or directory"),
        (["--config", "gone.yaml"], "the configuration `gone.yaml` can't be read: no such file or directory"),
        (["mimic.yaml"], "`mimic.yaml` is no rules file; to check a configuration, write `--config mimic.yaml`"),
        ([], "there is no mimic.yaml in this folder or above, and no file below it that ends in .rules"),
        (["."], "there is no file below these folders that ends in .rules"),
    ],
)
def test_what_can_not_be_checked(arguments: list[str], reason: str, capsys: Output) -> None:
    code, out, error = lint(capsys, *arguments)
    assert (code, out, error.splitlines()[0]) == (2, "", f"mimic-rules lint: {reason}")


def test_every_path_that_is_not_there_is_told(capsys: Output) -> None:
    assert lint(capsys, "a", "b")[2] == "".join(
        f"mimic-rules lint: the rules `{name}` can't be read: no such file or directory\n" for name in "ab"
    )


def test_a_configuration_that_can_not_be_read(capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    write(desk=DESK)
    monkeypatch.setenv("MIMIC_CONFIG", "desk.rules/x")
    reason = "the configuration `desk.rules/x` can't be read: not a directory"
    assert lint(capsys, "--alone") == (2, "", f"mimic-rules lint: {reason}\n")


def test_rules_that_the_environment_names_in_vain(capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIMIC_RULES", "gone.rules")
    reason = "the rules `gone.rules` can't be read: no such file or directory"
    assert lint(capsys, "--alone") == (2, "", f"mimic-rules lint: {reason}\n")


@pytest.mark.parametrize("arguments", [["--format", "xml"], ["--unknown"], ["--config"]])
def test_wrong_options(arguments: list[str], capsys: Output) -> None:
    write(desk=DESK)
    code, out, error = lint(capsys, *arguments)
    assert (code, out) == (2, "")
    assert error.splitlines()[-1].startswith("mimic-rules lint: error: ")


# ignored problems and warnings ---------------------------------------------------------------------------------------


def test_a_problem_is_ignored_with_a_reason(capsys: Output) -> None:
    write(desk=LOST)
    assert lint(capsys, "--alone") == (
        1,
        "desk.rules:11:9: error MR402: state `LOST` can't be reached\n"
        "  11 |   state LOST  # a comment\n"
        "     |         ^^^^\n"
        "  help: add a way to it, such as `… -> LOST after 1s`, or leave the state out\n"
        "1 error\n",
        "",
    )
    write(desk=IGNORED)
    assert lint(capsys, "--alone") == (0, "no problems in 1 file\n", "")


def test_warnings_alone_are_shown_and_strict_makes_them_findings(capsys: Output) -> None:
    write(desk=UNUSED)
    assert lint(capsys, "--alone") == (0, UNUSED_SHOWN, "")
    assert lint(capsys, "--alone", "--strict") == (1, UNUSED_SHOWN, "")
    write(desk=DESK)
    assert lint(capsys, "--alone", "--strict") == (0, "no problems in 1 file\n", "")


# formats -------------------------------------------------------------------------------------------------------------


def test_json(capsys: Output) -> None:
    write(desk=DESK, wrong=WRONG)
    code, out, _ = lint(capsys, "--alone", "--format", "json")
    assert code == 1
    assert json.loads(out) == [
        {
            "code": "MR401",
            "severity": "error",
            "message": "lifecycle of `ticket.status` has no state `OPNE`",
            "file": "wrong.rules",
            "line": 3,
            "column": 32,
            "end_line": 3,
            "end_column": 36,
            "help": "did you mean `OPEN`?",
            "related": [],
            "fix": None,
        }
    ]


def test_json_without_problems_is_an_empty_list(capsys: Output) -> None:
    write(desk=DESK)
    assert lint(capsys, "--alone", "--format", "json") == (0, "[]\n", "")


def test_github(capsys: Output) -> None:
    write(desk=DESK, wrong=WRONG)
    annotation = (
        "::error file=wrong.rules,line=3,col=32,endColumn=36,title=MR401::"
        "lifecycle of `ticket.status` has no state `OPNE`%0Ahelp: did you mean `OPEN`?\n"
    )
    assert lint(capsys, "--alone", "--format", "github") == (1, annotation, "")
    assert lint(capsys, "--alone", "--format", "github", "desk.rules") == (0, "", "")


def test_problems_come_by_file_and_line(capsys: Output) -> None:
    second, third = (WRONG.replace("== 1", f"== {number}") for number in (2, 3))
    write(mimic="prot: 1\nrules: [z.rules, b.rules, a.rules]\n", z=DESK, b=third, a=WRONG + second)
    out = lint(capsys, "--alone", "--format", "json")[1]
    assert [(one["file"], one["line"]) for one in json.loads(out)] == [("a.rules", 3), ("a.rules", 6), ("b.rules", 3)]
