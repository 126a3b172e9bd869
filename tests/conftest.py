# SPDX-License-Identifier: Apache-2.0
"""What every test can ask for: the tree's root, an installed wheel, and an environment that the shell can't alter.

pytest reads this before any test. What only one topic needs stays beside that topic's tests.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.fixtures_cloud import running_cloud as running_cloud

ROOT = Path(__file__).resolve().parent.parent

# No deadline: two workers under coverage share the cores, and a slow example is no wrong one.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
# `pytest --hypothesis-profile long` looks deeper than a run for each change can afford.
settings.register_profile("long", parent=settings.get_profile("house"), max_examples=5_000)
settings.load_profile("house")


def pytest_configure() -> None:
    """Drop what a developer's shell may say to the program or to its clients; a test that needs a variable sets it."""
    for name in [name for name in os.environ if name.startswith(("MIMIC_", "OS_"))]:
        del os.environ[name]


@pytest.fixture(scope="session")
def root() -> Path:
    """The top of the source tree."""
    return ROOT


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The wheel of this tree, built by way of the source distribution, so that both carry all that is needed.

    It is built from a copy: setuptools leaves a `build` folder beside its sources, and would pack again from there what
    has since been removed from the tree.
    """
    with once(tmp_path_factory, worker_id, "wheel") as (folder, first):
        if first:
            sources = folder / "sources"
            sources.mkdir()
            for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE"):
                shutil.copy(ROOT / name, sources)
            for name in ("mimic_rules", "grammar", "rules"):
                shutil.copytree(ROOT / name, sources / name, ignore=shutil.ignore_patterns("__pycache__"))
            run(sys.executable, "-m", "build", "--outdir", str(folder), str(sources))
        (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="session")
def installed_wheel(wheel: Path, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A fresh virtual environment with the wheel and what it depends on; its programs are in `bin`."""
    with once(tmp_path_factory, worker_id, "installed") as (folder, first):
        if first:
            run(sys.executable, "-m", "venv", str(folder / "venv"))
            run(str(folder / "venv" / "bin" / "python"), "-m", "pip", "install", "--quiet", str(wheel))
    return folder / "venv"


@contextmanager
def once(factory: pytest.TempPathFactory, worker: str, name: str) -> Iterator[tuple[Path, bool]]:
    """A folder that all workers of a run share, and whether this is the first one to have it; the others wait."""
    base = factory.getbasetemp()
    folder = (base if worker == "master" else base.parent) / name
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = folder / "done"
        yield folder, not done.exists()
        done.touch()


def run(*command: str) -> None:
    """Run `command` far from the tree, whose folders would otherwise hide what is installed.

    Raises AssertionError with the whole output where it fails: the program's own words are the reason.
    """
    done = subprocess.run(command, cwd="/", text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    assert done.returncode == 0, done.stdout
