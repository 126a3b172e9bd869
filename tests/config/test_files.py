# SPDX-License-Identifier: Apache-2.0
"""Finding and reading files: upward from the working folder, by name, and the rule files of a folder."""

import os
from pathlib import Path

import pytest

from mimic_rules.config import files
from mimic_rules.config.files import find_file, read_text, rule_files
from mimic_rules.config.located import located
from mimic_rules.diagnostics import Diagnostic, Diagnostics, Span

HERE = Span("m", 3, 4, 3, 9)


def read(path: Path) -> tuple[str | None, tuple[Diagnostic, ...], dict[str, str]]:
    diagnostics = Diagnostics()
    sources: dict[str, str] = {}
    return read_text(path, "m.yaml", HERE, diagnostics, sources), diagnostics.items, sources


def expand(folder: Path, *names: str) -> tuple[list[str], tuple[Diagnostic, ...]]:
    diagnostics = Diagnostics()
    named = [located(name, HERE) for name in names]
    paths, found = rule_files(named, folder, diagnostics)
    assert paths == tuple(folder / name for name in names)
    return [path.relative_to(folder).as_posix() for path in found], diagnostics.items


def test_the_nearest_file_upward_is_found(tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b" / "c"
    deep.mkdir(parents=True)
    (tmp_path / "mimic.yaml").write_text("")
    assert find_file(deep) == tmp_path / "mimic.yaml"
    (tmp_path / "a" / "mimic.yaml").write_text("")
    assert find_file(deep) == tmp_path / "a" / "mimic.yaml"
    (deep / "mimic.yaml").mkdir()
    assert find_file(deep) == tmp_path / "a" / "mimic.yaml"


def test_no_file_is_found_where_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "FILE_NAME", "a-name-that-nobody-uses.yaml")
    assert find_file(tmp_path) is None


def test_a_text_is_read_without_its_mark(tmp_path: Path) -> None:
    path = tmp_path / "m"
    path.write_bytes(b"\xef\xbb\xbfa: \xc3\xa9\n")
    assert read(path) == ("a: é\n", (), {"m.yaml": "a: é\n"})


@pytest.mark.parametrize(
    ("name", "reason"), [("none", "no such file or directory"), (".", "is a directory"), ("a\0b", "this is no path")]
)
def test_an_unreadable_file_is_reported_where_it_was_named(tmp_path: Path, name: str, reason: str) -> None:
    text, problems, sources = read(tmp_path / name)
    assert (text, sources) == (None, {})
    assert problems == (Diagnostic("MR601", f"the configuration `m.yaml` can't be read: {reason}", HERE),)


def test_a_file_of_a_mebibyte_is_read_and_no_bigger_one(tmp_path: Path) -> None:
    path = tmp_path / "m"
    path.write_bytes(b"#" * 2**20)
    assert read(path)[0] == "#" * 2**20
    path.write_bytes(b"#" * (2**20 + 1))
    text, problems, _ = read(path)
    assert text is None
    assert [(one.code, one.message, one.span) for one in problems] == [
        ("MR602", "the file is bigger than 1048576 bytes", Span("m.yaml", 1, 1, 1, 1))
    ]


@pytest.mark.parametrize(
    ("data", "line", "column"),
    [(b"\xff", 1, 1), (b"\xef\xbb\xbfa: \xc3\xa9\nb: \xc3\xa9\xe9\n", 2, 5), (b"a\n\n\xc3", 3, 1)],
)
def test_the_first_byte_that_isnt_utf8_is_shown(tmp_path: Path, data: bytes, line: int, column: int) -> None:
    path = tmp_path / "m"
    path.write_bytes(data)
    text, problems, sources = read(path)
    assert text is None
    assert [(one.code, one.message, one.span) for one in problems] == [
        ("MR603", "this isn't UTF-8", Span("m.yaml", line, column, line, column + 1))
    ]
    assert sources["m.yaml"].split("\n")[line - 1][column - 1] == "\ufffd"


def test_a_folder_stands_for_its_rule_files_in_order(tmp_path: Path) -> None:
    for name in ("b.rules", "a/z.rules", "a/y/x.rules", "a.rules", "c.txt", "d.rules.bak"):
        path = tmp_path / "team" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    (tmp_path / "one.text").write_text("")
    found, problems = expand(tmp_path, "team", "one.text", "team/b.rules")
    # a file is taken under whatever name, and once
    assert found == ["team/a/y/x.rules", "team/a/z.rules", "team/a.rules", "team/b.rules", "one.text"]
    assert problems == ()


def test_each_missing_path_is_reported(tmp_path: Path) -> None:
    found, problems = expand(tmp_path, "none.rules", "nul\0.rules")
    assert found == []
    assert [(one.code, one.message, one.span) for one in problems] == [
        ("MR601", "the rules `none.rules` can't be read: no such file or directory", HERE),
        ("MR601", "the rules `nul\0.rules` can't be read: this is no path", HERE),
    ]


def test_a_folder_that_is_too_big_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_ENTRIES", 3)
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.rules").write_text("")
    assert expand(tmp_path, ".") == (["a.rules", "b.rules", "c.rules"], ())
    (tmp_path / "deeper").mkdir()
    found, (problem,) = expand(tmp_path, ".")
    assert found == []
    assert problem.message == "the rules `.` can't be read: there are more than 3 files and folders in it"


def test_a_folder_that_cant_be_listed_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: object) -> object:
        raise PermissionError(13, "Permission denied")

    # Not by its mode: whoever runs the tests may be allowed everything.
    monkeypatch.setattr(os, "scandir", refuse)
    found, (problem,) = expand(tmp_path, ".")
    assert found == []
    assert problem.message == "the rules `.` can't be read: permission denied"


def test_an_error_without_words_is_reported_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: object) -> object:
        raise OSError

    monkeypatch.setattr(os, "scandir", refuse)
    _, (problem,) = expand(tmp_path, ".")
    assert problem.message == "the rules `.` can't be read: the system gives no reason"
