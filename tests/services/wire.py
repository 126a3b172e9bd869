# SPDX-License-Identifier: Apache-2.0
"""Exchanges, in the format of the manual, run over a real socket: files of them are tests/data/**/*.exchange.

A running cloud and a file come in; a line for every expectation that was not met goes out.
"""

from collections.abc import Iterable
from pathlib import Path

from tests.cloud import Answer, RunningCloud
from tests.docs.exchanges import ANYTHING, Advance, Exchange, Step, mismatches, steps


def play(cloud: RunningCloud, path: Path) -> list[str]:
    """How a cloud differs from what a file of exchanges expects; nothing where it does not."""
    return [f"{path.name}:{told}" for told in differences(cloud, steps(path.read_text(encoding="utf-8")))]


def differences(cloud: RunningCloud, expected: Iterable[Step]) -> list[str]:
    """How a cloud differs from what steps expect, each difference after the number of its line."""
    failed: list[str] = []
    for step in expected:
        if isinstance(step, Advance):
            cloud.advance(step.seconds)
        else:
            body = None if step.body is None else step.body.encode()
            sent = {"Content-Type": "application/json", **step.headers} if body is not None else step.headers
            answer = cloud.ask(step.method, step.path, body, sent)
            failed += [f"{step.line}: {told}" for told in _differences(step, answer)]
    return failed


def _differences(expected: Exchange, answer: Answer) -> list[str]:
    if answer.status != expected.status:
        return [f"{answer.status} instead of {expected.status}: {answer.body!r}"]
    told = [
        f"header {name}: {answer.headers.get(name.lower())} instead of {value}"
        for name, value in expected.answer_headers.items()
        if answer.headers.get(name.lower()) != value and not (value == ANYTHING and name.lower() in answer.headers)
    ]
    return told if expected.expected is None else told + mismatches(_read(expected.expected), answer.json)


def _read(text: str) -> object:
    return Answer(0, {}, text.encode()).json
