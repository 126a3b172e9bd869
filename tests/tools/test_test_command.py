# SPDX-License-Identifier: Apache-2.0
"""`mimic-rules test`: whose examples are run, what is shown of them, and the exit codes.

How an example is run is the engine's matter, and tested there.
"""

import json
from pathlib import Path

import pytest

from mimic_rules.diagnostics import CODES
from mimic_rules.tools.main import main
from tests.conftest import ROOT
from tests.tools.desk import DESK, WRONG, WRONG_SHOWN, write

MAKING = DESK + "operation create ticket POST /tickets { create ticket {}  answer 201 }\n"
RULE = "for desk.ticket\nrule stuck when id == 1 then status stays OPEN\n"
STUCK = "example 'a stuck ticket' for stuck { ticket = create ticket -> 201  after 1d  expect ticket.status == OPEN }\n"
CLOSED = "example 'a closed ticket' { ticket = create ticket -> 201\n  expect ticket.status == CLOSED }\n"
CLOSED_SHOWN = """\
{file}:4:10: error MR813: expected `ticket.status == CLOSED`; `ticket.status` is "OPEN"
  4 |   expect ticket.status == CLOSED }}
    |          ^^^^^^^^^^^^^^^^^^^^^^^
"""
UNPROVED = "{file}:2:1: no example proves `stuck`\n"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


Output = pytest.CaptureFixture[str]


def proved(capsys: Output, *arguments: str) -> tuple[int, str, str]:
    code = main(["test", *arguments])
    out, error = capsys.readouterr()
    return code, out, error


def test_an_example_that_passes(capsys: Output) -> None:
    write(desk=MAKING, rule=RULE + STUCK)
    assert proved(capsys, ".", "--strict") == (0, "1 example, 0 failed\n", "")


def test_an_example_that_fails_is_shown_in_its_place(capsys: Output) -> None:
    write(desk=MAKING, rule=RULE + CLOSED + STUCK)
    out = CLOSED_SHOWN.format(file="rule.rules") + "2 examples, 1 failed\n"
    assert proved(capsys, "desk.rules", "rule.rules") == (1, out, "")


def test_only_the_examples_of_the_files_that_were_asked_for_are_run(capsys: Output) -> None:
    write(
        mimic="rules: [desk.rules, rule.rules, all]\n", desk=MAKING, rule=RULE + CLOSED, all__other="for desk\n" + STUCK
    )
    assert proved(capsys, "all") == (0, "1 example, 0 failed\n", "")
    assert proved(capsys, "all/other.rules", "--strict") == (0, "1 example, 0 failed\n", "")
    out = CLOSED_SHOWN.format(file="rule.rules") + "1 example, 1 failed\n"
    assert proved(capsys, "rule.rules") == (1, out, "")
    assert proved(capsys)[1] == CLOSED_SHOWN.format(file="rule.rules") + "2 examples, 1 failed\n"


def test_without_paths_and_configuration_all_below(capsys: Output) -> None:
    write(a__desk=MAKING, b__rule=RULE + STUCK)
    assert proved(capsys) == (0, "1 example, 0 failed\n", "")


def test_a_rule_that_no_example_proves_is_no_failure_unless_asked(capsys: Output) -> None:
    write(desk=MAKING, rule=RULE)
    out = UNPROVED.format(file="rule.rules") + "0 examples, 0 failed\n"
    assert proved(capsys, ".") == (0, out, "")
    assert proved(capsys, ".", "--strict") == (1, out, "")


def test_some_by_their_title(capsys: Output) -> None:
    write(desk=MAKING, rule=RULE + CLOSED + STUCK)
    assert proved(capsys, ".", "-k", "STUCK") == (0, "1 example, 0 failed\n", "")
    # Of what the others prove, nothing is known then.
    code, out, _ = proved(capsys, ".", "-k", "closed", "--strict")
    assert (code, out) == (1, CLOSED_SHOWN.format(file="rule.rules") + "1 example, 1 failed\n")
    error = "mimic-rules test: no example's title contains `stack`\n"
    assert proved(capsys, ".", "-k", "stack") == (2, "", error)


def test_the_shipped_ones(capsys: Output) -> None:
    code, out, error = proved(capsys, "--shipped", "--strict")
    assert (code, error) == (0, "")
    shipped = int(out.split(" ")[0])
    assert out == f"{shipped} examples, 0 failed\n"
    assert shipped >= 5
    write(desk=MAKING, rule=RULE + STUCK)
    assert proved(capsys, ".", "--shipped") == (0, f"{shipped + 1} examples, 0 failed\n", "")
    assert proved(capsys, str(ROOT / "rules")) == (0, f"{shipped} examples, 0 failed\n", "")


def test_json(capsys: Output) -> None:
    write(desk=MAKING, rule=RULE.replace("1", "2") + CLOSED)
    code, out, _ = proved(capsys, ".", "--format", "json")
    whole = json.loads(out)
    assert code == 1
    assert [*whole] == ["examples", "failed", "failures", "unproved"]
    assert (whole["examples"], whole["failed"]) == (1, 1)
    (failure,), (unproved,) = whole["failures"], whole["unproved"]
    assert (failure["code"], failure["file"], failure["line"], failure["column"]) == ("MR813", "rule.rules", 4, 10)
    assert (unproved["code"], unproved["severity"], unproved["line"]) == ("MR817", "warning", 2)


def test_each_of_several_rules_in_one_place_may_be_unproved(capsys: Output) -> None:
    several = "for desk.ticket\nfor each $n in [one, two] { rule $n when id == '$n' then status stays OPEN }\n"
    write(desk=MAKING.replace("sequence", "text"), rule=several + CLOSED.replace("CLOSED", "OPEN"))
    unproved = "".join(f"rule.rules:2:29: no example proves `{name}`\n" for name in ("one", "two"))
    assert proved(capsys, ".", "--strict") == (1, unproved + "1 example, 0 failed\n", "")


def test_the_page_of_the_code_for_what_is_unproved(capsys: Output) -> None:
    page = CODES["MR817"]
    write(wrong=page.wrong)
    code, out, _ = proved(capsys, "wrong.rules", "--strict")
    assert (code, out.partition(": ")[2]) == (1, "no example proves `secret`\n1 example, 0 failed\n")
    write(right=page.right)
    assert proved(capsys, "right.rules", "--strict") == (0, "1 example, 0 failed\n", "")


def test_the_configuration_counts(capsys: Output) -> None:
    rule = "for desk.ticket\nexample 'hours' { create ticket -> 201  expect setting.hours == 5 }\n"
    write(mimic="rules: [desk.rules, rule.rules]\nhours: 5\n", desk=MAKING, rule=rule)
    assert proved(capsys) == (0, "1 example, 0 failed\n", "")
    Path("mimic.yaml").rename("other.yaml")
    assert proved(capsys, "--config", "other.yaml")[0] == 0
    assert proved(capsys)[0] == 1


def test_broken_rules_are_not_tested(capsys: Output) -> None:
    write(desk=MAKING, wrong=WRONG)
    assert proved(capsys, ".") == (1, "", WRONG_SHOWN.format(file="wrong.rules"))


def test_a_broken_configuration(capsys: Output) -> None:
    write(mimic="port: high\n", desk=MAKING)
    code, out, error = proved(capsys, "desk.rules")
    assert (code, out, error.splitlines()[0].split(": ")[:2]) == (1, "", ["mimic.yaml:1:7", "error MR611"])


def test_seeds_that_the_rules_refuse(capsys: Output) -> None:
    seed = (
        "resource bag in world { id text  check id != 'b' else 400 'not b' }\nseed bag for each b in ['b'] { id: b }\n"
    )
    write(desk=MAKING + seed, rule=RULE + STUCK)
    code, out, error = proved(capsys, ".")
    assert (code, out) == (2, "")
    assert error.startswith("mimic-rules test: desk.rules:")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["gone.rules"], "the rules `gone.rules` can't be read: no such file or directory"),
        (["empty"], "there is no file here that ends in .rules; name one, or write `--shipped`"),
        ([], "there is no file here that ends in .rules; name one, or write `--shipped`"),
        (["--config", "gone.yaml"], "the configuration `gone.yaml` can't be read: no such file or directory"),
    ],
)
def test_what_can_not_be_run(arguments: list[str], reason: str, capsys: Output) -> None:
    Path("empty").mkdir()
    code, out, error = proved(capsys, *arguments)
    assert (code, out) == (2, "")
    assert error == f"mimic-rules test: {reason}\n"
