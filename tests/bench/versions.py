# SPDX-License-Identifier: Apache-2.0
"""What a newer microversion costs, and what a page of a hundred costs over writing its bytes.

More is checked and shown at each microversion; a list shows each of its records, which a JSON library alone does not.
"""

import json
from collections.abc import Callable
from typing import Any

import orjson

from tests.bench.clouds import SERVERS, Measured, ask, environ
from tests.bench.requests import NEWEST
from tests.bench.rows import Row, compared
from tests.bench.timing import Effort, contest, repeated

LISTED = 100


def rows(effort: Effort) -> list[Row]:
    """A get at the newest microversion against one at the first, and a detailed list against JSON alone."""
    many = min(LISTED, effort.many)
    of, newest = Measured(many), Measured(many, NEWEST)
    times = contest({"first": of.gets(), "newest": newest.gets()}, effort)
    found = [
        compared(
            f"a get at microversion {NEWEST} against one at 2.1",
            "of servers of the same kind",
            times["newest"],
            times["first"],
            at_most=1.3,
        )
    ]
    for version, one in (("2.1", of), (NEWEST, newest)):
        found += _listing(one, version, effort)
    return found


def _listing(of: Measured, version: str, effort: Effort) -> list[Row]:
    def listed() -> bytes:
        return ask(of.app, environ("GET", f"{SERVERS}/detail", **of.headers)).body

    shown: Any = orjson.loads(listed())
    times = contest(
        {"list": repeated(listed), "json": repeated(_own(shown)), "orjson": repeated(lambda: orjson.dumps(shown))},
        effort,
    )
    what = f"a detailed list of {len(shown['servers'])} at {version} against "
    return [
        compared(f"{what}`json`", "Python's own library, writing the same bytes", times["list"], times["json"], 6.0),
        compared("… against `orjson`", "the library that the program writes with", times["list"], times["orjson"]),
    ]


def _own(data: Any) -> Callable[[], bytes]:
    return lambda: json.dumps(data, separators=(",", ":")).encode()
