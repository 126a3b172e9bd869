# SPDX-License-Identifier: Apache-2.0
"""What a run of the scenarios measures: how much time passed in their worlds, and how much outside."""

from dataclasses import dataclass, field

import pytest

PROPERTY = "virtual_seconds"


@dataclass(slots=True)
class Measured:
    """The world's time that each scenario took, in seconds, by the id of its test; a plugin of pytest fills it."""

    times: dict[str, float] = field(default_factory=dict)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Called with each report, also of another process."""
        for name, value in report.user_properties:
            if name == PROPERTY and isinstance(value, float):
                self.times[report.nodeid] = value
