# SPDX-License-Identifier: Apache-2.0
"""What a JSON library that is not Python's own saves, for the bodies that go through the cloud."""

import json
from collections.abc import Callable
from typing import Any

import orjson

from tests.bench.clouds import SERVERS, Measured, ask, environ
from tests.bench.rows import Row, compared
from tests.bench.timing import Effort, contest, repeated

LISTED = 100


def rows(effort: Effort) -> list[Row]:
    """Python's own against orjson: writing what is shown, reading what creates."""
    of = Measured(min(LISTED, effort.many))
    one = orjson.loads(ask(of.app, of.get_environ(of.ids[0])).body)
    listed = orjson.loads(ask(of.app, environ("GET", f"{SERVERS}/detail", **of.headers)).body)
    text = of.body.decode()
    found = []
    for what, own, fast in (
        ("the body of a get", _own(one), lambda: orjson.dumps(one)),
        (f"a list of {len(listed['servers'])}", _own(listed), lambda: orjson.dumps(listed)),
        ("reading the body of a create", lambda: json.loads(text), lambda: orjson.loads(of.body)),
    ):
        times = contest({"own": repeated(own), "fast": repeated(fast)}, effort)
        saved = (times["own"].best - times["fast"].best) * 1e6
        found.append(
            compared(f"json against orjson: {what}", f"orjson saves {saved:.1f} µs each", times["own"], times["fast"])
        )
    return found


def _own(data: Any) -> Callable[[], bytes]:
    return lambda: json.dumps(data, separators=(",", ":")).encode()
