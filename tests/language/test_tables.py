# SPDX-License-Identifier: Apache-2.0
"""The parse tables that are shipped: current, small, and the same parser as the one made from the grammar."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import lark
import pytest

from mimic_rules.language import syntax, tables


@pytest.fixture(scope="module")
def current() -> str:
    """What the file should hold."""
    return tables.text()


def test_the_shipped_tables_are_current() -> None:
    command = [sys.executable, "-m", "mimic_rules.language.tables", "--check"]
    done = subprocess.run(command, text=True, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def test_the_shipped_tables_are_what_is_checked_when_no_other_is_named(
    current: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "rules.tables.json"
    monkeypatch.setattr(syntax, "tables_file", lambda: path)
    assert tables.main([]) == 0
    assert path.read_text(encoding="utf-8") == current


def test_tables_are_written_and_checked(current: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "rules.tables.json"
    assert tables.main(["--check"], path) == 1
    assert "is not current: run" in capsys.readouterr().out
    assert tables.main([], path) == 0
    assert tables.main(["--check"], path) == 0
    # the same each time, though lark numbers its states as its sets happen to be ordered
    assert path.read_text(encoding="utf-8") == current
    path.write_text(path.read_text(encoding="utf-8").replace("lark ", "lark 0"), encoding="utf-8")
    assert tables.main(["--check"], path) == 1


def rows(parser: Any) -> dict[int, dict[str, object]]:
    """The states of a parser as one meets them from the starts on, each with what it does with every symbol."""
    table = parser.parser.parser._parse_table
    order: dict[int, int] = {}
    waiting = [table.start_states[start] for start in sorted(table.start_states)]
    for state in waiting:
        if state not in order:
            order[state] = len(order)
            shifts = sorted((str(symbol), to) for symbol, (_, to) in table.states[state].items() if isinstance(to, int))
            waiting += [to for _, to in shifts]
    return {
        order[state]: {str(symbol): order[to] if isinstance(to, int) else about(to) for symbol, (_, to) in row.items()}
        for state, row in table.states.items()
    }


def about(rule: Any) -> tuple[object, ...]:
    """All that matters of a production of the grammar."""
    symbols = tuple((str(one.name), getattr(one, "filter_out", None)) for one in rule.expansion)
    options = rule.options
    empty = tuple(options.empty_indices)
    return str(rule.origin.name), symbols, rule.alias, options.keep_all_tokens, options.expand1, empty


def test_what_is_packed_is_the_parser_of_the_grammar(current: str) -> None:
    stored = json.loads(current)
    assert rows(syntax._restore(stored)) == rows(syntax.build_parser())


def test_the_tables_are_small(current: str) -> None:
    """They are read whenever a process starts; lark's own form of them takes six times as much."""
    assert len(current) < 120_000


def test_the_grammar_has_no_conflict() -> None:
    assert isinstance(syntax.build_parser(strict=True), lark.Lark)


def test_without_current_tables_a_parser_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good = syntax._parser()
    for text in ("", json.dumps({"made_from": "another grammar"})):
        path = tmp_path / "rules.tables.json"
        if text:
            path.write_text(text, encoding="utf-8")
        monkeypatch.setattr(syntax, "tables_file", lambda path=path: path)
        made = syntax._parser.__wrapped__()
        assert made is not good
        assert made.parse("let a = 1", start="start").data == "start"
