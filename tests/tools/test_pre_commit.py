# SPDX-License-Identifier: Apache-2.0
"""The hook for other repositories: `pre-commit` installs it from here, and it passes and fails as it should.

A commit of the tree is made in a temporary folder, since a hook comes from a revision of a repository; another
repository there uses it. The environment that pre-commit builds is the second place, beside the installed wheel, where
the tests see the program as a user gets it.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, run

# It installs the program with all it depends on, as the tests of the wheel do: one after the other.

CONFIGURATION = """\
repos:
  - repo: {repository}
    rev: {revision}
    hooks:
      - id: mimic-rules-lint
"""
GOOD = "for compute.server\nwhen metadata.failure == 'build_forever' then status stays BUILD\n"
BROKEN = "for compute.server\n\nwhen metadata.failure == 'build_forever' then status stays BIULD\n"


def git(folder: Path, *arguments: str) -> str:
    """What git says, in that repository; it knows nothing of the configuration of whoever runs the tests."""
    environ = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    for name in [name for name in environ if name in {"GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"}]:
        del environ[name]
    who = ("-c", "user.name=tests", "-c", "user.email=tests@example.com", "-c", "commit.gpgsign=false")
    return subprocess.run(
        ["git", *who, *arguments], cwd=folder, env=environ, text=True, capture_output=True, check=True
    ).stdout.strip()


def commit(folder: Path) -> str:
    """Make a repository of the folder; its revision."""
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "all")
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture(scope="module")
def user(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another repository, whose configuration of pre-commit points to a commit of this tree."""
    source = tmp_path_factory.mktemp("mimic-rules")
    for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml"):
        shutil.copy(ROOT / name, source)
    for name in ("mimic_rules", "grammar", "rules"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    folder = tmp_path_factory.mktemp("user")
    configuration = CONFIGURATION.format(repository=source, revision=commit(source))
    (folder / ".pre-commit-config.yaml").write_text(configuration, encoding="utf-8")
    commit(folder)
    return folder


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


def pre_commit(user: Path, cache: Path, **files: str) -> tuple[int, str]:
    """Exit code and output of the hooks, run for these files as for a commit of them."""
    for path in user.glob("*.rules"):
        path.unlink()
    for name, text in files.items():
        (user / f"{name}.rules").write_text(text, encoding="utf-8")
    git(user, "add", "--all")
    environ = {**os.environ, "PRE_COMMIT_HOME": str(cache), "PRE_COMMIT_COLOR": "never"}
    done = subprocess.run(
        [sys.executable, "-m", "pre_commit", "run", "--all-files"],
        cwd=user,
        env=environ,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    return done.returncode, done.stdout


def test_a_good_file_passes(user: Path, cache: Path) -> None:
    code, output = pre_commit(user, cache, good=GOOD)
    assert code == 0, output
    assert output.splitlines()[-1] == f"mimic-rules lint{'.' * 57}Passed"


def test_a_broken_file_fails_with_its_diagnostic_alone(user: Path, cache: Path) -> None:
    code, output = pre_commit(user, cache, broken=BROKEN, good=GOOD)
    assert code == 1, output
    shown = output[output.index("mimic-rules lint.") :].splitlines()
    assert shown[0] == f"mimic-rules lint{'.' * 57}Failed"
    assert shown[shown.index("") + 1 :] == [
        "broken.rules:3:60: error MR401: lifecycle of `server.status` has no state `BIULD`",
        "  3 | when metadata.failure == 'build_forever' then status stays BIULD",
        "    |                                                            ^^^^^",
        "  help: did you mean `BUILD`?",
        "1 error",
        "",
    ]


def test_other_files_are_not_its_matter(user: Path, cache: Path) -> None:
    (user / "notes.txt").write_text(BROKEN, encoding="utf-8")
    code, output = pre_commit(user, cache)
    assert code == 0, output
    assert output.splitlines()[-1].endswith("(no files to check)Skipped")


def test_the_hook_is_the_command() -> None:
    """The tests above run what is here, not a program of the same name that happens to be installed."""
    assert "entry: mimic-rules lint\n" in (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    run(sys.executable, "-m", "pre_commit", "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml"))
