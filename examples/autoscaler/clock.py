# SPDX-License-Identifier: Apache-2.0
"""What time it is, and waiting: the one thing that the program takes from its host.

On the way of a group: between two looks at the cloud, and between two tries of one request.
"""

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """A clock in step with that of the cloud, for builds are timed by when the cloud says that they began."""

    def now(self) -> datetime:
        """The time, in UTC."""
        ...

    def sleep(self, seconds: float) -> None:
        """Return when so much time has passed."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """The time, in UTC."""
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """Return when so much time has passed."""
        time.sleep(seconds)
