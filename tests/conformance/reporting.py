# SPDX-License-Identifier: Apache-2.0
"""What the runner reports, read from its stream: the one module that imports what Tempest brings with it.

Bytes of the runner's own protocol come in, outcomes by the names of tests go out.
"""

import io
from typing import Any

import subunit

from tests.conformance.results import WORDS, Outcome, why


def read(stream: bytes) -> dict[str, Outcome]:
    """The outcome of each test in the stream; a test is done when it has a final status."""
    heard = _Heard()
    subunit.ByteStreamToStreamResult(io.BytesIO(stream), non_subunit_name="stdout").run(heard)
    return heard.outcomes


class _Heard:
    """What a stream has said so far: texts of tests that run, outcomes of those that are done."""

    def __init__(self) -> None:
        self.outcomes: dict[str, Outcome] = {}
        self._texts: dict[str, dict[str, bytes]] = {}

    def startTestRun(self) -> None:
        """Nothing is to be done first."""

    def stopTestRun(self) -> None:
        """Nothing is to be done last."""

    def status(self, test_id: str | None = None, test_status: str | None = None, **more: Any) -> None:
        """One packet: a piece of a text, a status, or both."""
        if test_id is None:
            return
        texts = self._texts.setdefault(test_id, {})
        if more.get("file_name"):
            texts[more["file_name"]] = texts.get(more["file_name"], b"") + bytes(more["file_bytes"] or b"")
        if test_status in {"success", "fail", "skip", "xfail", "uxsuccess"}:
            word = WORDS.get(test_status, "failed")
            told = next((texts[name] for name in ("traceback", "reason") if name in texts), b"")
            text = told.decode("utf-8", errors="replace")
            self.outcomes[test_id] = Outcome(word, "" if word == "passed" else why(text) or "no reason was told")
