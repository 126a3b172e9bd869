# SPDX-License-Identifier: Apache-2.0
"""From the engine's `Response` to HTTP, and the form of the answers that the web layer gives by itself.

On the way of a request: the last stage. Whatever rules and clients have put into headers leaves as printable ASCII, so
that nothing an answer carries can break it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import falcon
import orjson

from mimic_rules.engine.exchange import MISSING, Response
from mimic_rules.web.places import relative

BODILESS: Final = frozenset({204, 304})
MOST_PLACES: Final = 32
"""How many rules of an answer the header names; more than that nobody reads, and clients bound the length of a line."""

_PRINTABLE: Final = "".join(map(chr, range(0x20, 0x7F)))

WriteResponse = Callable[[falcon.Response, Response], None]


def encode(data: Any) -> bytes:
    """JSON text of plain data; infinities and what is no number become null."""
    try:
        return orjson.dumps(data)
    except TypeError:
        # The fast encoder stops at whole numbers of more than 64 bits and at halves of surrogate pairs. Python's own
        # writes infinities as no JSON allows, but reads them back.
        finite = json.loads(json.dumps(data), parse_constant=lambda name: None)
        return json.dumps(finite).encode()


def error(status: int, message: str, **more: Any) -> dict[str, Any]:
    """The body of an answer that no service words: `{"error": {"code": …, "message": …}}`, and what else helps."""
    return {"error": {"code": status, "message": message, **more}}


def put(out: falcon.Response, status: int, data: Any) -> None:
    """Answer with JSON, not from the engine."""
    out.status = status
    out.data = encode(data)


def header_text(value: str) -> str:
    """A header's value that every client and every WSGI process takes: other characters become percents, as UTF-8."""
    return value if value.isascii() and value.isprintable() else quote(value, safe=_PRINTABLE, errors="replace")


def writer(roots: Sequence[Path]) -> WriteResponse:
    """What puts an engine's response onto HTTP; in headers, places of rules are relative to the first root above."""

    @lru_cache(maxsize=4096)
    def places(rules: tuple[str, ...]) -> str:
        return header_text(", ".join(relative(place, roots) for place in rules[:MOST_PLACES]))

    def write(out: falcon.Response, response: Response) -> None:
        # PERF: this runs for every answer; the tests of `header_text` are repeated here to spare most calls of it.
        out.status = status = response.status
        append = out.append_header
        for name, value in response.headers:
            append(name, value if value.isascii() and value.isprintable() else header_text(value))
        if response.rules:
            append("X-Mimic-Rule", places(response.rules))
        if response.request_id:
            # Drawn by the engine: nothing of a client is in it.
            append("X-Mimic-Request", response.request_id)
        body = response.body
        if status in BODILESS:
            if out.content_type is not None:
                out.delete_header("content-type")
        elif response.text is not None:
            if out.content_type is None:
                out.content_type = falcon.MEDIA_TEXT
            out.data = response.text.encode("utf-8", "replace")
        elif body is not MISSING:
            # Without a type of its own the answer gets the application's default, which is JSON.
            is_text = isinstance(body, str) and out.content_type is not None
            out.data = body.encode("utf-8", "replace") if is_text else encode(body)

    return write
