# SPDX-License-Identifier: Apache-2.0
"""The body of a request: from the bytes of a socket to JSON data, within bounds of size and nesting.

The engine calls in here in its decode phase, through `Request.read_json`; the control API does so too. What comes out
is plain data, MISSING for no body, or a `BadBody` that names the situation.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import accumulate
from typing import Any, Final

import orjson
from gunicorn.http.errors import ParseException

from mimic_rules.engine.exchange import MISSING, BadBody

DISCARDED: Final = 8 * 2**20
"""Bytes of a body that is too large which are still taken off the connection, so that the client hears why."""

_PART: Final = 2**16
_NOT_BRACKETS: Final = bytes(set(range(256)) - set(b"[]{}"))
_STEP: Final = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}


def read_json(environ: Mapping[str, Any], max_bytes: int, max_depth: int) -> Any:
    """The decoded body of a WSGI request; MISSING when there is none.

    Raises BadBody: `too_large` for more than `max_bytes`, `too_deep` for more than `max_depth` lists and objects within
    each other, `wrong_media` for a body that isn't declared as JSON (undeclared is read as JSON), and `malformed` for
    what isn't JSON in UTF-8 (RFC 8259), for a key given twice in one object, and for a body that breaks off.
    """
    raw = _read(environ, max_bytes)
    if not raw:
        return MISSING
    if not _is_json(environ.get("CONTENT_TYPE") or ""):
        raise BadBody("wrong_media")
    # PERF: a body can't be nested deeper than it has opening brackets, so most bodies are never looked at closely.
    if raw.count(b"[") + raw.count(b"{") > max_depth and _is_deeper(raw, max_depth):
        raise BadBody("too_deep")
    try:
        data = orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise BadBody("malformed") from None
    if _repeats_a_key(raw, data):
        raise BadBody("malformed")
    return data


def _read(environ: Mapping[str, Any], max_bytes: int) -> bytes:
    """The bytes of the body, or nothing; never more than `max_bytes` are kept."""
    declared = environ.get("CONTENT_LENGTH")
    if declared:
        # A process in front may have let through what is no number (RFC 9110, section 8.6).
        if not (declared.isascii() and declared.isdigit()):
            raise BadBody("malformed")
        if len(declared) > 18 or int(declared) > max_bytes:
            discard(environ)
            raise BadBody("too_large")
        length = int(declared)
        raw = _take(environ, length)
        if len(raw) < length:
            raise BadBody("malformed")
        return raw
    if "chunked" not in environ.get("HTTP_TRANSFER_ENCODING", "").lower():
        return b""
    raw = _take(environ, max_bytes + 1)
    if len(raw) > max_bytes:
        discard(environ)
        raise BadBody("too_large")
    return raw


def _take(environ: Mapping[str, Any], wanted: int) -> bytes:
    """`wanted` bytes, or fewer where the body ends before."""
    stream = environ["wsgi.input"]
    try:
        # PERF: most bodies come whole, and are not copied.
        first: bytes = stream.read(wanted)
        if len(first) == wanted:
            return first
        taken = bytearray(first)
        while taken and len(taken) < wanted and (part := stream.read(wanted - len(taken))):
            taken += part
    except (OSError, ParseException):
        # The client went away, or its chunks are wrong: its doing, not ours.
        raise BadBody("malformed") from None
    return bytes(taken)


def discard(environ: Mapping[str, Any]) -> None:
    """Read what follows, up to DISCARDED, and keep nothing of it.

    Most clients send all of a body before they listen; a connection that is closed under them tells them nothing.
    """
    left = DISCARDED
    try:
        while left > 0 and (part := environ["wsgi.input"].read(min(left, _PART))):
            left -= len(part)
    except (OSError, ParseException):
        # Who breaks off doesn't wait for the answer.
        return


def _is_json(content_type: str) -> bool:
    if content_type == "application/json":
        return True
    media_type = content_type.partition(";")[0].strip().lower()
    return media_type in ("", "application/json") or media_type.endswith("+json")


def _is_deeper(raw: bytes, max_depth: int) -> bool:
    """Whether brackets outside of texts are open more than `max_depth` deep at once.

    Nothing here recurses, so no body can exhaust the stack; texts are what stands between every other pair of quotes
    once escaped ones are gone.
    """
    outside = raw.replace(b"\\\\", b"").replace(b'\\"', b"").split(b'"')[::2]
    brackets = b"".join(outside).translate(None, _NOT_BRACKETS)
    return max(accumulate(map(_STEP.__getitem__, brackets)), default=0) > max_depth


def _repeats_a_key(raw: bytes, data: Any) -> bool:
    """Whether an object of `raw`, which decodes to `data`, has a key twice: readers disagree on what that means.

    PERF: the decoder keeps the last one and says nothing. Without a backslash every text has two quotes, in `raw` and
    written anew, so a text that was dropped shows in their number; only escapes need the slow decoder.
    """
    if b"\\" not in raw:
        return raw.count(b'"') != orjson.dumps(data).count(b'"')
    repeated = False

    def note(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal repeated
        members = dict(pairs)
        repeated = repeated or len(members) < len(pairs)
        return members

    json.loads(raw, object_pairs_hook=note, parse_int=float)
    return repeated
