# SPDX-License-Identifier: Apache-2.0
"""The plugin of pytest: a cloud for the run, a world for each test, rules by marker, what failed tests want to know.

On the way of a test: around it. What it needs is imported when a test asks for a cloud, for pytest loads this in every
run, whether or not a test does.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from mimic_rules.testing import Cloud, World
    from mimic_rules.testing.findings import Findings
    from mimic_rules.testing.sharing import Sharing

ATTRIBUTE: Final = "mimic_rules"
"""Where a report carries what was found of a test's worlds; it is plain data, so it travels between processes."""

_MARKERS: Final = (
    "mimic_rules(*texts): add rules to the world of the test; each is a text, or a Path of a file",
    "mimic_world(**options): how the world of the test is made; options are those of Cloud.world",
)


_RUN: Final = pytest.StashKey["Run"]()
_WORLD: Final = pytest.StashKey["World"]()


class Run:
    """One run of tests, in one of its processes; its methods are hooks of pytest."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.item: pytest.Item | None = None
        self._sharing: Sharing | None = None
        self._findings: Findings | None = None
        # Of the test that runs, until its last report takes it along.
        self._found: list[dict[str, Any]] = []

    @property
    def is_worker(self) -> bool:
        """Whether another process sums up."""
        return hasattr(self.config, "workerinput")

    @property
    def sharing(self) -> Sharing:
        """How the processes of the run share a cloud."""
        if self._sharing is None:
            from mimic_rules.testing.sharing import Sharing

            self._sharing = Sharing(is_worker=self.is_worker)
        return self._sharing

    def saw(self, world: World) -> None:
        """Called with a world that is about to be removed."""
        from mimic_rules.testing.calls import ControlError
        from mimic_rules.testing.findings import found

        if self.item is not None:
            # One that can't be asked any more, whoever removes it hears of that.
            with suppress(ControlError):
                self._found.append(found(self.item.nodeid, world))

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_setupnodes(self) -> None:
        """Before pytest-xdist starts processes."""
        self.sharing.hand_on()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Before the fixtures of a test."""
        self.item = item

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """After each part of a test: a failed one learns of its world, the last one carries what was found."""
        report = yield
        if report.failed and _WORLD in item.stash:
            from mimic_rules.testing.section import TITLE, section

            report.sections.append((TITLE, section(item.stash[_WORLD])))
        if report.when == "teardown" and self._found:
            setattr(report, ATTRIBUTE, self._found)
            self._found = []
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """With each report, wherever its test ran."""
        for finding in getattr(report, ATTRIBUTE, ()):
            if self._findings is None:
                from mimic_rules.testing.findings import Findings

                self._findings = Findings()
            self._findings.add(finding)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """When all tests have run."""
        if self._is_failure and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """At the end of what is printed."""
        if self._findings is None or self._findings.is_clean:
            return
        terminalreporter.section("mimic rules")
        for line in self._findings.lines():
            terminalreporter.line(line)
        if self._is_failure:
            terminalreporter.line("the run fails for that, as --mimic-strict says", red=True)

    def pytest_unconfigure(self) -> None:
        """At the very end, also of a run that was interrupted or has lost processes."""
        if self._sharing is not None:
            self._sharing.end()

    @property
    def _is_failure(self) -> bool:
        strict = self.config.getoption("--mimic-strict") and not self.is_worker
        return bool(strict and self._findings is not None and not self._findings.is_clean)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Called by pytest."""
    group = parser.getgroup("mimic-rules", "clouds to test against")
    group.addoption("--mimic-url", metavar="URL", help="use the cloud that runs there, and start none")
    group.addoption(
        "--mimic-strict", action="store_true", help="fail if a rule of a test never fired, or the checker warned of one"
    )
    parser.addini("mimic_rules_files", "files and folders of rules that the cloud of the run has", type="paths")


def pytest_configure(config: pytest.Config) -> None:
    """Called by pytest."""
    for marker in _MARKERS:
        config.addinivalue_line("markers", marker)
    run = config.stash[_RUN] = Run(config)
    config.pluginmanager.register(run, "mimic-rules-run")


@pytest.fixture(scope="session")
def mimic_cloud(request: pytest.FixtureRequest) -> Cloud:
    """The cloud of the run: that of `--mimic-url`, or one that is started when a test first needs it, for all
    processes of the run together.
    """
    from mimic_rules.testing.cloud import Cloud, connect
    from mimic_rules.testing.folder import StartError

    config, run = request.config, request.config.stash[_RUN]
    url = config.getoption("--mimic-url")
    if url:
        cloud = connect(url)
    else:
        try:
            child = run.sharing.cloud(config.getini("mimic_rules_files"))
            cloud = Cloud(child.url, said=child.said)
        except StartError as reason:
            raise pytest.fail.Exception(f"the cloud can't start:\n{reason}", pytrace=False) from None
    cloud.looks.append(run.saw)
    return cloud


@pytest.fixture
def mimic_world(mimic_cloud: Cloud, request: pytest.FixtureRequest) -> Iterator[World]:
    """A world for the test alone, made as its marker `mimic_world` says, with the rules of its markers `mimic_rules`.

    All requests are traced, so that they can be explained.
    """
    from mimic_rules.testing.calls import ControlError

    item = request.config.stash[_RUN].item
    # pytest has set up a test by now.
    assert item is not None
    options: dict[str, Any] = {"explain": True}
    texts: list[Any] = []
    # From the module to the function: what stands nearer overrides options, and its rules come first.
    for marker in [*item.iter_markers()][::-1]:
        if marker.name == "mimic_world":
            options |= marker.kwargs
        elif marker.name == "mimic_rules":
            texts += marker.args
    opened = mimic_cloud.world(**{**options, "rules": [*options.get("rules", ()), *texts]})
    try:
        world = opened.__enter__()
    except ControlError as refused:
        raise pytest.fail.Exception(f"the world of the test can't be made:\n{refused}", pytrace=False) from None
    item.stash[_WORLD] = world
    try:
        yield world
    finally:
        del item.stash[_WORLD]
        opened.__exit__(None, None, None)
