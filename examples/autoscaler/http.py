# SPDX-License-Identifier: Apache-2.0
"""Requests of JSON over HTTP, and again where that may help: with back-off, and not before the cloud says so.

On the way of a group: below everything that asks the cloud. What is safe to ask twice is asked again after failures of
the cloud or of the connection. A POST is asked again only where the cloud says that it did nothing and when to come
back: otherwise a server might be made twice.
"""

import http.client
import json
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from examples.autoscaler.clock import Clock

BUSY = (413, 429, 503)
"""Statuses that may come with Retry-After."""


class Refused(Exception):
    """The cloud answered with an error: `status`, its words, and in how many seconds to come back, if it said so."""

    def __init__(self, status: int, body: str, retry_after: float | None = None) -> None:
        self.status = status
        self.message = words(body)
        self.retry_after = retry_after
        super().__init__(f"{status}: {self.message}")


class Unreachable(Exception):
    """There was no answer, or only a part of one."""


@dataclass(frozen=True, slots=True)
class Http:
    """How requests are made: up to `tries` times, first after `pause` seconds and then twice as long each time.

    Who is told to come back later than in `patience` seconds doesn't wait: Refused says when.
    """

    clock: Clock
    tries: int = 4
    pause: float = 1.0
    patience: float = 120.0
    timeout: float = 30.0

    def ask(self, method: str, url: str, body: object = None, token: str = "") -> Any:
        """What the answer holds, None where it has no body. Raises Refused and Unreachable."""
        pause = self.pause
        for left in range(self.tries - 1, -1, -1):
            try:
                return self._once(method, url, body, token)
            except Unreachable:
                if not left or method == "POST":
                    raise
                wait = pause
            except Refused as refused:
                told = refused.retry_after if refused.status in BUSY else None
                again = told is not None or (refused.status >= 500 and method != "POST")
                wait = pause if told is None else told
                if not left or not again or wait > self.patience:
                    raise
            self.clock.sleep(wait)
            pause *= 2
        raise AssertionError("the last try returns or raises")

    def _once(self, method: str, url: str, body: object, token: str) -> Any:
        headers = {"Accept": "application/json"}
        if token:
            headers["X-Auth-Token"] = token
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        request = Request(url, data, headers, method=method)
        try:
            read = self._read(request)
        except (URLError, OSError, http.client.HTTPException) as reason:
            raise Unreachable(f"{method} {url.partition('?')[0]}: {reason or type(reason).__name__}") from reason
        try:
            return json.loads(read) if read.strip() else None
        except ValueError:
            raise Unreachable(f"{method} {url.partition('?')[0]}: the answer is no JSON") from None

    def _read(self, request: Request) -> bytes:
        try:
            with urlopen(request, timeout=self.timeout) as answer:
                body: bytes = answer.read()
                return body
        except HTTPError as error:
            with error:
                text = error.read().decode("utf-8", "replace")
                raise Refused(error.code, text, seconds(error.headers.get("Retry-After", ""))) from None


def seconds(told: str) -> float | None:
    """What Retry-After says, where that is a number of seconds."""
    return float(told) if told.isdecimal() else None


def words(body: str) -> str:
    """The words of an error: the first `message` in its JSON, or the text itself."""
    try:
        told = json.loads(body)
    except ValueError:
        return " ".join(body.split())
    if isinstance(told, dict) and isinstance(invalid := told.get("validationErrors"), dict):
        return "; ".join(str(one) for one in invalid.get("messages", ()))
    while isinstance(told, dict) and "message" not in told and len(told) == 1:
        (told,) = told.values()
    return str(told["message"]) if isinstance(told, dict) and "message" in told else body
