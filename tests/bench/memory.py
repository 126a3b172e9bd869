# SPDX-License-Identifier: Apache-2.0
"""What a server takes of memory once it is built and nothing of it waits any more.

Counted is what Python allocated and has not given back, by tracemalloc: exact, and the same on every machine.
"""

import gc
import tracemalloc

from tests.bench.clouds import Measured
from tests.bench.rows import Row
from tests.bench.timing import Effort

WARM = 20
"""Servers made before the counting begins, so that what is made once only is there already."""


def rows(effort: Effort) -> list[Row]:
    """KiB for each server, on the average of many."""
    of = Measured(WARM)
    before = _held(start=True)
    for _ in range(effort.many):
        of.create()
    of.settle()
    kib = (_held() - before) / effort.many / 1024
    tracemalloc.stop()
    return [Row(f"memory for each of {effort.many} servers", "built, and nothing pending", kib, "KiB", at_most=6.0)]


def _held(*, start: bool = False) -> int:
    gc.collect()
    if start:
        tracemalloc.start()
    return tracemalloc.get_traced_memory()[0]
