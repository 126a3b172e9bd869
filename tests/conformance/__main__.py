# SPDX-License-Identifier: Apache-2.0
"""`python -m tests.conformance [LIST] [--write] [--workers N]`: run a list of Tempest's tests against a fresh cloud.

The cloud is a process of its own on a free port. The exit code is 1 where a test that is expected to pass does not.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from mimic_rules import __version__
from tests.cloud import RunningCloud, cloud
from tests.conformance import lists, page, reporting, results, schemas, settings
from tests.conformance.recording import Exchange, recording

LONGEST_RUN = 1800
"""Seconds of patience with a whole list."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a list and say what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.conformance", description="run OpenStack's own tests")
    parser.add_argument("list", nargs="?", default=lists.MUST_PASS, help="must_pass, identity_compute, or a file")
    parser.add_argument("--write", action="store_true", help="keep the result in docs/conformance.md")
    parser.add_argument("--workers", type=int, default=2, help="how many tests run at a time")
    parser.add_argument("--only", default="", help="only the tests whose names contain this")
    parser.add_argument("--keep", type=Path, help="a folder for Tempest's own logs, which are thrown away otherwise")
    options = parser.parse_args(arguments)
    if options.write and options.only:
        parser.error("--write takes no --only: a page is of a whole list")
    expected = {test: passes for test, passes in lists.read(options.list).items() if options.only in test}
    known = _schemas()
    exchanges: list[Exchange] = []
    with tempfile.TemporaryDirectory() as scratch:
        kept = None if known is None else exchanges
        ran = _run(options.keep or Path(scratch), expected, options.workers, kept)
    outcomes = results.of_list(expected, ran)
    failed = [test for test, one in outcomes.items() if one.word == "failed" and expected[test]]
    for test, one in outcomes.items():
        if one.word != "passed":
            print(f"{one.word}: {test}\n    {one.reason}")
        elif not expected[test]:
            print(f"passed, though nobody expected it: {test}")
    checked = None if known is None else known.check(exchanges)
    for line in () if checked is None else checked.lines():
        print(line)
    print(results.closing(outcomes.values()))
    if options.write:
        versions = f"tempest {version('tempest')}, of mimic-rules {__version__}"
        text = page.written(page.PAGE.read_text(encoding="utf-8"), options.list, page.section(outcomes, versions))
        page.PAGE.write_text(text, encoding="utf-8")
    return 1 if failed or (checked is not None and checked.wrong) else 0


def _schemas() -> schemas.Schemas | None:
    """Nova's schemas, where somebody says which file has them."""
    file = os.environ.get(schemas.VARIABLE)
    if not file:
        print(f"the form of answers is not checked: {schemas.VARIABLE} names no file with Nova's schemas")
        return None
    return schemas.Schemas.read(Path(file))


@contextmanager
def _recorded(running: RunningCloud, exchanges: list[Exchange] | None) -> Iterator[RunningCloud]:
    """The cloud as clients see it, behind a proxy where what they exchange is to be kept."""
    if exchanges is None:
        yield running
        return
    with recording(running.url) as proxy:
        yield RunningCloud(running.process, proxy.url, running.errors)
        exchanges += proxy.exchanges


def _run(
    folder: Path, tests: Mapping[str, bool], workers: int, exchanges: list[Exchange] | None
) -> dict[str, results.Outcome]:
    """Start a cloud, make a workspace in `folder`, run the tests there; Tempest's own exit code counts for nothing."""
    workspace, programs = folder.resolve() / "workspace", Path(sys.executable).parent
    # Tempest keeps a list of its workspaces at home; this one's home is its own.
    environ = {**os.environ, "HOME": str(folder.resolve()), "PATH": f"{programs}:{os.environ['PATH']}"}
    with (
        cloud(folder / "cloud", config=settings.CONFIG, log="warning") as started,
        _recorded(started, exchanges) as running,
    ):
        subprocess.run(
            [programs / "tempest", "init", workspace], env=environ, check=True, stdout=subprocess.DEVNULL, timeout=120
        )
        configuration = workspace / "etc" / "tempest.conf"
        configuration.write_text(settings.written(running, workspace), encoding="utf-8")
        included = folder / "tests.txt"
        included.write_text(lists.patterns(tests), encoding="utf-8")
        command = [
            *(programs / "tempest", "run", "--include-list", included.resolve()),
            *("--concurrency", str(workers), "--config-file", configuration),
        ]
        _wait_for(command, workspace, environ)
    last = subprocess.run(
        [programs / "stestr", "last", "--subunit"], cwd=workspace, env=environ, check=False, stdout=subprocess.PIPE
    )
    return reporting.read(last.stdout)


def _wait_for(command: Sequence[str | Path], folder: Path, environ: Mapping[str, str]) -> None:
    """Run a program and all that it starts to their end, or to that of patience: what is not done then has failed."""
    nowhere = subprocess.DEVNULL
    process = subprocess.Popen(
        command, cwd=folder, env=environ, stdin=nowhere, stdout=nowhere, stderr=nowhere, start_new_session=True
    )
    try:
        process.wait(LONGEST_RUN)
    except subprocess.TimeoutExpired:
        print(f"stopped after {LONGEST_RUN} seconds")
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


if __name__ == "__main__":
    raise SystemExit(main())
