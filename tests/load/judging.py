# SPDX-License-Identifier: Apache-2.0
"""What is wrong with a run: every wrong answer, and memory that grows though what the worlds hold doesn't."""

from tests.load.run import Told

GROWTH = 1.25
SLACK = 24 * 2**20
"""Bytes of memory that a run may take more in its second half, whatever it took before."""


def problems(told: Told) -> list[str]:
    """All of it; worlds, journals and crates are bounded, so after half of the time memory is as it stays."""
    found = [*told.wrong]
    half, end = told.memory[1], told.memory[-1]
    if end > half * GROWTH + SLACK:
        found.append(f"memory grew from {half} to {end} bytes in the second half")
    return found
