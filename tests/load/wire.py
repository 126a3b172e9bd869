# SPDX-License-Identifier: Apache-2.0
"""One client's connection: kept, and made again when the cloud has ended it."""

import http.client
import json
from types import TracebackType
from typing import Any

DROPPED = 0
"""Stands for the status of an answer that never came."""


class Wire:
    """Asks over one connection; answers are a status and decoded JSON."""

    def __init__(self, host: str) -> None:
        self._connection = http.client.HTTPConnection(host, timeout=60)
        self.asked = 0

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        """Ask once, and never again by itself: what was asked twice would be done twice."""
        self.asked += 1
        sent = None if body is None else json.dumps(body).encode()
        headers = {} if body is None else {"Content-Type": "application/json"}
        try:
            self._connection.request(method, path, sent, headers)
            answer = self._connection.getresponse()
            text = answer.read()
        except http.client.RemoteDisconnected:
            self._connection.close()
            return DROPPED, None
        return answer.status, json.loads(text) if text else None

    def __enter__(self) -> "Wire":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()
