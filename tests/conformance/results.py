# SPDX-License-Identifier: Apache-2.0
"""What came of each test, of the texts in which the runner reports it; pure functions of values.

`ran` is what the runner told, by the names that it uses; `of_list` says for each test of a list how it went, and why
where it did not pass.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

Word = Literal["passed", "failed", "skipped"]
WORDS: Mapping[str, Word] = {"success": "passed", "xfail": "passed", "skip": "skipped"}

_SET_UP = re.compile(r"^(?:setUpClass|tearDownClass) \((.+)\)$")
_RAISED = re.compile(r"^[\w.]*(?:Error|Exception|Mismatch\w*|Failure|[a-z_]+\.[A-Z]\w*)(?::|$)")
_CHATTER = re.compile(r"^(?:Details|Body|Captured traceback):?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a test went, and the first line of why it did not pass."""

    word: Word
    reason: str = ""


def of_list(tests: Iterable[str], ran: Mapping[str, Outcome]) -> dict[str, Outcome]:
    """The outcome of each test of the list; one whose class could not be set up shares the reason of its class."""
    plain = {name.split("[", 1)[0]: outcome for name, outcome in ran.items()}
    classes = {found[1]: outcome for name, outcome in ran.items() if (found := _SET_UP.match(name))}
    missing = Outcome("failed", "the runner said nothing of it")
    return {test: plain.get(test) or classes.get(test.rpartition(".")[0], missing) for test in tests}


def why(text: str) -> str:
    """The line of a traceback that says what was raised, with the details that stand below it."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    at = next((n for n in range(len(lines) - 1, -1, -1) if _RAISED.match(lines[n])), None)
    if at is None:
        return lines[-1] if lines else ""
    details = next((line for line in lines[at + 1 :] if _CHATTER.match(line)), "")
    return f"{lines[at]} {details}".strip()


def closing(outcomes: Iterable[Outcome]) -> str:
    """`N passed, N failed, N skipped`."""
    words = [outcome.word for outcome in outcomes]
    return ", ".join(f"{words.count(word)} {word}" for word in ("passed", "failed", "skipped"))
