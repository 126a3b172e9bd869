# SPDX-License-Identifier: Apache-2.0
"""docs/configuration.md: every key, its default and its variable as in the code, and every setting of the rules."""

import re
from pathlib import Path

from mimic_rules.config import load_config
from mimic_rules.config.keys import SPELLINGS, variable_name
from mimic_rules.config.outside import OTHER_VARIABLES
from mimic_rules.lint.reading import read_rules
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")


def rows(heading: str) -> dict[str, list[str]]:
    """The cells of the table below a heading, by what stands in its first column."""
    section = PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line[:1] == "|"]
    return {row[0].strip("`"): row[1:] for row in cells[2:]}


def test_every_key_and_its_variable_in_the_order_of_the_code() -> None:
    told = {key: cells[1].strip("`") for key, cells in rows("Keys of the program").items()}
    assert told == {name: f"MIMIC_{variable_name(name)}" for name in SPELLINGS}
    assert list(told) == list(SPELLINGS)


def test_every_default(tmp_path: Path) -> None:
    """A file that writes all defaults down as the page has them is read as one that says nothing."""
    said = {key: cells[0].strip("`") for key, cells in rows("Keys of the program").items()}
    assert said.pop("services") == "all"
    groups: dict[str, list[str]] = {}
    for key, value in said.items():
        group, _, inner = key.rpartition(".")
        groups.setdefault(group, []).append(f"{'  ' if group else ''}{inner}: {value}\n")
    text = "".join(f"{group}:\n" * bool(group) + "".join(lines) for group, lines in groups.items())
    (tmp_path / "mimic.yaml").write_text("", encoding="utf-8")
    plain = load_config(start=tmp_path, environ={}, flags={})
    (tmp_path / "mimic.yaml").write_text(text, encoding="utf-8")
    told = load_config(start=tmp_path, environ={}, flags={})
    assert (plain.diagnostics, told.diagnostics) == ((), ())
    for name in (
        "rules",
        "regions",
        "clock",
        "seed",
        "host",
        "port",
        "threads",
        "durations",
        "limits",
        "quotas",
        "log",
        "log_format",
        "snapshots",
    ):
        assert getattr(told.draft, name) == getattr(plain.draft, name)


def test_every_key_is_explained() -> None:
    assert [key for key, cells in rows("Keys of the program").items() if len(cells[2]) < 10] == []


def test_the_other_variables_are_told() -> None:
    assert [name for name in OTHER_VARIABLES if f"`{name}`" not in PAGE] == []


def test_the_example_of_a_map_in_the_environment_is_right(tmp_path: Path) -> None:
    (tmp_path / "mimic.yaml").write_text("", encoding="utf-8")
    (name, text), *others = re.findall(r"`(MIMIC_\w+)='([^']*)'`", PAGE)
    result = load_config(start=tmp_path, environ={name: text}, flags={})
    assert (result.diagnostics, result.draft.quotas, others) == ((), {"cores": -1}, [])


def test_every_setting_of_the_shipped_rules_is_told_in_their_words() -> None:
    settings = read_rules([]).model.settings
    assert rows("Settings of the rules") == {name: [settings[name].doc] for name in sorted(settings)}
