# SPDX-License-Identifier: Apache-2.0
"""The folder of snapshots: what is kept in it, what isn't, and what is let be."""

from pathlib import Path

import pytest

from mimic_rules.web.shelf import MOST, Damaged, NoRoom, Shelf


def test_a_snapshot_that_can_t_be_read_back_is_not_kept(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "kept", 200)
    assert shelf.keep("a", {}, "short", replace=False)
    with pytest.raises(NoRoom, match=r"limits\.memory"):
        shelf.keep("b", {}, "x" * 200, replace=False)
    assert [one.name for one in shelf.all()] == ["a"]
    with pytest.raises(Damaged, match="more than the 50 bytes"):
        Shelf(tmp_path / "kept", 50).read("a")


def test_there_are_only_so_many_snapshots(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, 1000)
    for number in range(MOST):
        (tmp_path / f"s{number}.snapshot").touch()
    with pytest.raises(NoRoom, match=f"there are {MOST} snapshots"):
        shelf.keep("a", {}, "text", replace=False)
    assert shelf.keep("s1", {}, "text", replace=True)


def test_what_isn_t_a_snapshot_s_file_is_let_be(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, 1000)
    (tmp_path / "folder.snapshot").mkdir()
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / ".a.part").write_text("of a process that was stopped")
    assert shelf.all() == []
    assert shelf.keep("a", {}, "text", replace=False)
    assert not (tmp_path / ".a.part").exists()
    with pytest.raises(Damaged, match="can't be read"):
        shelf.read("folder")
    assert (tmp_path / "notes.txt").read_text() == "mine"
