# SPDX-License-Identifier: Apache-2.0
"""The plugin under pytest-xdist, for real: one cloud for all processes, worlds apart, one summary, nothing left."""

import json
from pathlib import Path

import pytest

from tests.testing.runs import Run, answers

pytest_plugins = ["pytester"]

# Each test writes down which cloud and which world it had, and in which process.
TESTS = """
import json, os
from pathlib import Path
from mimic_rules.testing.child import kept

def note(world, request):
    sharing = request.config.pluginmanager.getplugin("mimic-rules-run").sharing
    told = {"cloud": world.url.partition("/w/")[0], "world": world.id, "pid": kept(sharing.folder).pid,
            "worker": os.environ["PYTEST_XDIST_WORKER"], "folder": str(sharing.folder)}
    Path(f"seen-{world.id}.json").write_text(json.dumps(told))

@pytest.mark.parametrize("turn", range(8))
def test_apart(mimic_world, request, turn):
    note(mimic_world, request)
    assert show_ticket(mimic_world).status == 404
    assert open_ticket(mimic_world).body["id"] == 1

FIRES_IN_ONE = "for desk\\nrule sometimes on open ticket then respond 503"

@pytest.mark.parametrize("turn", range(6))
@pytest.mark.mimic_rules(FIRES_IN_ONE, LATE)
def test_rules(mimic_world, request, turn):
    note(mimic_world, request)
    if turn == 3:
        open_ticket(mimic_world)
"""


def seen(folder: Path) -> list[dict[str, str]]:
    return [json.loads(path.read_text()) for path in sorted(folder.glob("seen-*.json"))]


def test_one_cloud_for_all_processes(run: Run) -> None:
    told = run(TESTS, "-n", "2")
    told.assert_outcomes(passed=14)
    notes = seen(run.folder)
    assert len({one["world"] for one in notes}) == len(notes) == 14
    assert {one["worker"] for one in notes} == {"gw0", "gw1"}
    assert len({one["pid"] for one in notes}) == 1
    (cloud,) = {one["cloud"] for one in notes}
    (folder,) = {one["folder"] for one in notes}
    assert not answers(cloud)
    assert not Path(folder).exists()
    told.stdout.fnmatch_lines(
        [
            "=* mimic rules =*",
            "rules that never fired in any test:",
            "  rule late *",
            "      it was considered once, and its conditions never held",
            "      added by test_it.py::test_rules*, * and 3 more",
        ]
    )
    assert "rule sometimes" not in told.stdout.str()


def test_strictness_fails_the_run_of_all_processes(run: Run) -> None:
    told = run(TESTS, "-n", "2", "--mimic-strict", "-k", "test_rules")
    told.assert_outcomes(passed=6)
    assert told.ret == 1


def test_a_process_that_dies_leaves_no_cloud(run: Run) -> None:
    told = run(
        TESTS
        + """
def test_dies(mimic_world, request):
    note(mimic_world, request)
    os._exit(1)
""",
        "-n",
        "2",
    )
    told.assert_outcomes(passed=14, failed=1)
    notes = seen(run.folder)
    # The process that takes the place of the dead one finds the same cloud.
    (cloud,) = {one["cloud"] for one in notes}
    (folder,) = {one["folder"] for one in notes}
    assert not answers(cloud)
    assert not Path(folder).exists()
    told.stdout.fnmatch_lines(["rules that never fired in any test:", "  rule late *"])


def test_processes_without_clouds_leave_nothing(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(run.folder))
    told = run("def test_nothing(): pass", "-n", "2")
    told.assert_outcomes(passed=1)
    assert not list(run.folder.glob("mimic-rules-*"))
