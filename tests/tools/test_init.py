# SPDX-License-Identifier: Apache-2.0
"""`mimic-rules init`: two files or none, which pass lint, and say the defaults truly."""

import os
import re
from pathlib import Path

import pytest

from mimic_rules.config import LoadResult, load_config
from mimic_rules.tools.init import starter
from mimic_rules.tools.main import main
from tests.conftest import ROOT


def config(folder: Path) -> LoadResult:
    return load_config(start=folder, environ={}, flags={})


def uncommented(text: str) -> str:
    """With every value in force that is shown as a default: those are the lines with no space after the `#`."""
    return re.sub(r"^#(?=\S|  )", "", text, flags=re.MULTILINE)


def test_init_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["init"]) == 0
    assert capsys.readouterr() == ("wrote mimic.yaml\nwrote team.rules\n", "")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mimic.yaml", "team.rules"]
    assert (tmp_path / "mimic.yaml").read_bytes() == (ROOT / "rules" / "starter" / "mimic.yaml").read_bytes()
    assert (tmp_path / "team.rules").read_bytes() == (ROOT / "rules" / "starter" / "team.rules.txt").read_bytes()


def test_init_makes_the_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "a" / "b"
    assert main(["init", str(folder)]) == 0
    assert capsys.readouterr().out == f"wrote {folder}/mimic.yaml\nwrote {folder}/team.rules\n"
    assert (folder / "team.rules").read_text(encoding="utf-8") == starter("team.rules")


@pytest.mark.parametrize(
    ("there", "said"),
    [
        (["team.rules"], "`team.rules` is"),
        (["mimic.yaml"], "`mimic.yaml` is"),
        (["mimic.yaml", "team.rules"], "`mimic.yaml` and `team.rules` are"),
    ],
)
def test_nothing_is_overwritten(
    there: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in there:
        (tmp_path / name).write_text("mine", encoding="utf-8")
    assert main(["init"]) == 2
    assert capsys.readouterr() == ("", f"mimic-rules init: {said} there already; nothing was written\n")
    assert {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == dict.fromkeys(there, "mine")


def test_a_broken_link_counts_as_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    os.symlink("elsewhere", "team.rules")
    assert main(["init"]) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["team.rules"]
    assert capsys.readouterr().err.startswith("mimic-rules init: `team.rules` is there already")


def test_a_folder_that_can_not_be_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert main(["init", str(tmp_path / "file" / "x")]) == 2
    expected = f"mimic-rules init: `{tmp_path}/file/x` can't be written: not a directory\n"
    assert capsys.readouterr() == ("", expected)


def test_the_configuration_is_right_and_names_the_rules(tmp_path: Path) -> None:
    main(["init", str(tmp_path)])
    result = config(tmp_path)
    assert result.diagnostics == ()
    assert result.draft.rule_files == (tmp_path / "team.rules",)


def test_what_is_written_passes_lint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """That a cloud starts from it is shown by the examples of docs/cli.md."""
    monkeypatch.chdir(tmp_path)
    main(["init"])
    capsys.readouterr()
    assert main(["lint", "--strict"]) == 0
    assert capsys.readouterr() == ("no problems in 2 files\n", "")


def test_settings_that_are_shown_are_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("team.rules").write_text("", encoding="utf-8")
    Path("mimic.yaml").write_text(uncommented(starter("mimic.yaml")), encoding="utf-8")
    assert main(["lint", "--strict"]) == 0
    assert capsys.readouterr() == ("no problems in 2 files\n", "")


def test_the_configuration_says_the_defaults(tmp_path: Path) -> None:
    """Taking every # away changes nothing, but for the maps that are examples."""
    bare, told = tmp_path / "bare", tmp_path / "told"
    bare.mkdir()
    told.mkdir()
    (bare / "mimic.yaml").write_text("rules: []\n", encoding="utf-8")
    (told / "mimic.yaml").write_text(uncommented(starter("mimic.yaml")), encoding="utf-8")
    (told / "team.rules").write_text("", encoding="utf-8")
    plain, full = config(bare), config(told)
    assert (plain.diagnostics, full.diagnostics) == ((), ())
    for name in ("regions", "clock", "seed", "host", "port", "threads", "limits", "log"):
        assert getattr(full.draft, name) == getattr(plain.draft, name)
    assert {name for name, origin in full.draft.origins.items() if str(origin) == "default"} == set()
    assert set(full.draft.extra) == {"identity", "tenants", "users"}


def test_the_rule_is_the_sentence() -> None:
    code = [line for line in starter("team.rules").splitlines() if line and not line.startswith("#")]
    assert code[:3] == [
        "language 1",
        "for compute.server",
        "when metadata.failure == 'build_forever' then status stays BUILD",
    ]


def test_the_example_proves_the_rule(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", str(tmp_path)]) == 0
    capsys.readouterr()
    rules = tmp_path / "team.rules"
    assert main(["test", "--strict", str(rules)]) == 0
    assert capsys.readouterr().out == "1 example, 0 failed\n"
    rules.write_text(rules.read_text(encoding="utf-8").replace("when metadata", "when name == 'other' and metadata"))
    # The shipped rules do the same, so that the example passes; but it proves this rule no more.
    assert main(["test", "--strict", str(rules)]) == 1
    assert capsys.readouterr().out.endswith(
        "no example proves `rule at " + str(rules) + ":12:1`\n1 example, 0 failed\n"
    )
