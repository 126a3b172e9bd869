# SPDX-License-Identifier: Apache-2.0
"""The plugin of pytest, in runs of its own: worlds and rules of tests, what failed tests are told, the summary."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from tests.cloud import RunningCloud
from tests.testing.desk import DESK
from tests.testing.runs import Run, answers

pytest_plugins = ["pytester"]


def test_each_test_has_a_world_of_its_own(run: Run) -> None:
    told = run(
        """
        @pytest.mark.parametrize("turn", [1, 2])
        def test_first(mimic_world, turn):
            assert show_ticket(mimic_world).status == 404
            assert open_ticket(mimic_world).body["id"] == 1

        def test_same_cloud(mimic_cloud, mimic_world):
            assert mimic_world.url.startswith(mimic_cloud.url + "/w/")
            assert show_ticket(mimic_cloud.default).status == 404
        """
    )
    told.assert_outcomes(passed=3)
    assert "mimic rules" not in told.stdout.str()


def test_markers_make_the_world(run: Run) -> None:
    told = run(
        """
        from pathlib import Path

        pytestmark = [
            pytest.mark.mimic_world(clock={"start": "2030-01-01T00:00:00Z", "mode": "frozen"}, seed=3),
            pytest.mark.mimic_rules("for desk\\non open ticket then respond 503 'the module says so'"),
        ]

        def test_module(mimic_world):
            assert mimic_world.clock.now.year == 2030
            assert open_ticket(mimic_world).body["message"] == "the module says so"

        @pytest.mark.mimic_world(seed=4, clock={"start": "2031-01-01T00:00:00Z"})
        @pytest.mark.mimic_rules(LATE, Path("other.rules"))
        def test_function(mimic_world):
            assert mimic_world.clock.now.year == 2031
            assert open_ticket(mimic_world, "late").body["message"] == "come back tomorrow"
            assert open_ticket(mimic_world, "other").body["message"] == "of a file"
            assert open_ticket(mimic_world).body["message"] == "the module says so"
        """,
        files={"other.rules": "for desk\non open ticket when body.title == 'other' then respond 404 'of a file'"},
    )
    told.assert_outcomes(passed=2)


def test_markers_are_registered(run: Run) -> None:
    told = run("", "--markers")
    told.stdout.fnmatch_lines(["@pytest.mark.mimic_rules(*texts): *", "@pytest.mark.mimic_world(**options): *"])


def test_a_wrong_text_fails_the_test_as_lint_tells_it(run: Run) -> None:
    told = run(
        """
        @pytest.mark.mimic_rules("for desk\\non open ticket when body.titel == 'x' then respond 503")
        def test_typo(mimic_world):
            raise AssertionError("not reached")
        """
    )
    told.assert_outcomes(errors=1)
    told.stdout.fnmatch_lines(
        [
            "*the world of the test can't be made:",
            "r1:2:26: error MR201: *",
            "  2 | on open ticket when body.titel == 'x' then respond 503",
            "  help: did you mean `title`?",
        ]
    )
    assert "not reached" not in told.stdout.str()
    assert "Traceback" not in told.stdout.str()


def test_a_cloud_that_cannot_start_says_why(run: Run) -> None:
    told = run(
        """
        def test_one(mimic_world): pass
        def test_two(mimic_world): pass
        """,
        files={"desk.rules": DESK.replace("body.title", "body.titel")},
    )
    told.assert_outcomes(errors=2)
    told.stdout.fnmatch_lines(["*the cloud can't start:", "desk.rules:*: error MR201: *"])


# a failed test -------------------------------------------------------------------------------------------------------


def test_a_failed_test_is_told_of_its_world(run: Run) -> None:
    told = run(
        """
        @pytest.mark.mimic_rules(LATE, "for desk\\nrule never on show ticket when id == 7 then respond 404")
        def test_fails(mimic_world):
            for number in range(24):
                open_ticket(mimic_world, f"ticket {number}")
            ask(mimic_world.url, "GET", "/desk/chairs")
            assert open_ticket(mimic_world, "late").status == 201
        """
    )
    told.assert_outcomes(failed=1)
    told.stdout.fnmatch_lines(
        [
            "*- mimic world -*",
            "world `w*` at http://127.0.0.1:*/w/w*, where it is *",
            "the last of 26 requests:",
            "  POST /desk/tickets -> 201, open ticket",
            "  GET /desk/chairs -> 501",
            "  POST /desk/tickets -> 503, open ticket, r1:2",
            "requests that no rule models:",
            "  GET /desk/chairs -> 501",
            "rules of this test that never fired:",
            "  r2:2:1 rule never: no request was one that it is about",
            "why POST /desk/tickets was answered with 503:",
            "    + late, r1:2",
        ]
    )
    shown = told.stdout.str().partition("the last of")[2].partition("requests that no rule")[0]
    assert shown.count("\n  ") == 20


def test_a_failed_setup_is_told_of_the_world_too(run: Run) -> None:
    told = run(
        """
        @pytest.fixture
        def broken(mimic_world):
            open_ticket(mimic_world)
            raise KeyError("broken")

        def test_fails(broken): pass
        """
    )
    told.assert_outcomes(errors=1)
    told.stdout.fnmatch_lines(["*- mimic world -*", "  POST /desk/tickets -> 201, open ticket"])


def test_a_cloud_that_is_gone_is_told(run: Run) -> None:
    told = run(
        """
        import os, signal

        def test_fails(mimic_world, request):
            folder = request.config.pluginmanager.getplugin("mimic-rules-run").sharing.folder
            from mimic_rules.testing.child import kept
            kept(folder).stop()
            open_ticket(mimic_world)
        """,
        files={"desk.rules": DESK + "# lint: ignore MR502 because the cloud shall log something\n"},
    )
    told.assert_outcomes(failed=1, errors=1)
    told.stdout.fnmatch_lines(
        [
            "*- mimic world -*",
            "the world `w*` can't be asked: no cloud answers at *",
            "the end of the cloud's log:",
            "  *MR702*",
        ]
    )


# the summary ---------------------------------------------------------------------------------------------------------

SOME_FIRE = """
FIRES = "for desk\\nrule fires on open ticket then respond 503"

@pytest.mark.mimic_rules(FIRES)
def test_without(mimic_world): pass

@pytest.mark.mimic_rules(FIRES)
def test_with(mimic_world):
    assert open_ticket(mimic_world).status == 503

@pytest.mark.parametrize("turn", range(5))
def test_never(mimic_world, turn):
    with mimic_world.rules.add(LATE):
        open_ticket(mimic_world)
"""


def test_rules_that_never_fired_are_told_at_the_end(run: Run) -> None:
    told = run(SOME_FIRE)
    told.assert_outcomes(passed=7)
    assert told.ret == 0
    told.stdout.fnmatch_lines(
        [
            "=* mimic rules =*",
            "rules that never fired in any test:",
            "  rule late on open ticket when body.title == 'late' then respond 503 \"come back tomorrow\"",
            "      it was considered 5 times, and its conditions never held",
            "      added by test_it.py::test_never[[]0], *, test_it.py::test_never[[]2] and 2 more",
            "=* 7 passed in *",
        ]
    )
    assert "rule fires" not in told.stdout.str()


def test_warnings_are_told_at_the_end(run: Run) -> None:
    told = run(
        """
        WARNED = "# lint: ignore MR502 because it was once so\\nfor desk\\non open ticket then respond 503"

        @pytest.mark.mimic_rules(WARNED)
        def test_marked(mimic_world):
            open_ticket(mimic_world)

        def test_added(mimic_cloud):
            with mimic_cloud.world() as world:
                assert world.rules.add(WARNED).warnings
                open_ticket(world)
        """
    )
    told.assert_outcomes(passed=2)
    told.stdout.fnmatch_lines(
        [
            "=* mimic rules =*",
            "warnings about rules:",
            "  r1:1:*: warning MR702: *",
            "      added by test_it.py::test_marked, test_it.py::test_added",
        ]
    )
    assert "never fired" not in told.stdout.str()


def test_strictness_fails_the_run(run: Run) -> None:
    told = run(SOME_FIRE, "--mimic-strict")
    told.assert_outcomes(passed=7)
    assert told.ret == 1
    told.stdout.fnmatch_lines(["*the run fails for that, as --mimic-strict says*"])
    assert run(SOME_FIRE, "--mimic-strict", "-k", "test_with").ret == 0


# which cloud ---------------------------------------------------------------------------------------------------------


def test_a_cloud_that_runs_already_is_used(run: Run, running_cloud: Callable[..., RunningCloud]) -> None:
    there = running_cloud(DESK)
    told = run(
        f"""
        def test_there(mimic_cloud, mimic_world):
            assert mimic_cloud.url == "{there.url}"
            assert open_ticket(mimic_world).status == 201
        """,
        f"--mimic-url={there.url}/",
        ini=False,
    )
    told.assert_outcomes(passed=1)
    # It goes on running.
    assert there.ask("GET", "/_mimic/health").json["worlds"] == 1


def test_a_cloud_that_is_nowhere_is_told(run: Run) -> None:
    told = run("def test_there(mimic_cloud): pass", "--mimic-url=http://127.0.0.1:1")
    told.assert_outcomes(errors=1)
    told.stdout.fnmatch_lines(["*no cloud answers at http://127.0.0.1:1*"])


def test_a_run_without_clouds_says_and_starts_nothing(run: Run) -> None:
    told = run(
        """
        import sys

        def test_nothing(request):
            assert not [name for name in sys.modules if name.startswith("mimic_rules") and ".testing" not in name][1:]
            assert not [name for name in sys.modules if name in {"falcon", "gunicorn", "http.client", "lark", "orjson"}]
        """,
        imports=False,
    )
    told.assert_outcomes(passed=1)
    assert "mimic" not in told.stdout.str().partition("collected")[2]


def test_an_interrupted_run_leaves_no_cloud(run: Run) -> None:
    run.write(
        """
        import os, signal

        def test_interrupted(mimic_cloud):
            from pathlib import Path
            Path("url.txt").write_text(mimic_cloud.url)
            os.kill(os.getpid(), signal.SIGINT)
        """
    )
    done = subprocess.run([sys.executable, "-m", "pytest"], cwd=run.folder, capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stdout
    assert not answers((run.folder / "url.txt").read_text())


def test_a_run_that_is_killed_leaves_no_cloud(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(run.folder))
    run.write(
        """
        import os, signal

        def test_killed(mimic_cloud):
            from pathlib import Path
            Path("url.txt").write_text(mimic_cloud.url)
            os.kill(os.getpid(), signal.SIGKILL)
        """
    )
    done = subprocess.run([sys.executable, "-m", "pytest"], cwd=run.folder, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL
    url = (run.folder / "url.txt").read_text()
    end = time.monotonic() + 20
    while time.monotonic() < end and (answers(url) or [*run.folder.glob("mimic-rules-*")]):
        time.sleep(0.05)
    assert not answers(url)
    assert [*run.folder.glob("mimic-rules-*")] == []
