# SPDX-License-Identifier: Apache-2.0
"""Whether Compute's answers are of the form that Nova's own schemas give them, at the microversion of each.

The schemas are Nova's and no part of this project. `MIMIC_SCHEMAS` names a file that has them: `handlers`, each with
`method`, `path`, `action`, `codes` and, by microversion, `response`; and the `schemas` by which responses are named.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from tests.conformance.recording import Exchange

VARIABLE = "MIMIC_SCHEMAS"
MOUNT = re.compile(r"^/compute/v2\.1(?P<path>/.*)$")
ANSWERED = range(200, 300)


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of it: how many answers are as they should be, for how many no schema is there, and what is wrong,
    each with how often.
    """

    valid: int = 0
    unknown: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)

    def lines(self) -> Iterator[str]:
        """What to print."""
        yield from (f"of another form ({times} times): {told}" for told, times in sorted(self.wrong.items()))
        yield from (f"no schema ({times} times): {told}" for told, times in sorted(self.unknown.items()))
        yield (
            f"{self.valid} answers of Compute are of the form of Nova's schemas, {self.wrong.total()} are not, "
            f"and {self.unknown.total()} have none"
        )


class Schemas:
    """The schemas of a file, looked up by what was asked."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        self._handlers = [(one, _pattern(one["path"])) for one in told["handlers"] if one.get("handler")]
        self._schemas = {
            name: Draft202012Validator(schema, format_checker=FormatChecker())
            for name, schema in told["schemas"].items()
        }

    @classmethod
    def read(cls, file: Path) -> "Schemas":
        """Those of a file; raises OSError, ValueError or KeyError where they can't be read."""
        return cls(json.loads(file.read_text(encoding="utf-8")))

    def check(self, exchanges: Iterable[Exchange]) -> Checked:
        """Check all answers of Compute that are no refusals."""
        valid, unknown, wrong = 0, Counter[str](), Counter[str]()
        for one in exchanges:
            found = MOUNT.match(one.path)
            if found is None or one.status not in ANSWERED:
                continue
            version = one.version or "2.1"
            handler = self._handler(one, found["path"])
            schema = None if handler is None else _at(handler["response"], version)
            if handler is None or schema is None:
                unknown[f"{one.method} {found['path']}"] += 1
                continue
            name = f"{one.method} {handler['path']}" + (f" {handler['action']}" if handler["action"] else "")
            told = [*_status(one, handler, version), *self._form(one, schema["schema"])]
            wrong.update(f"{name} at {version}: {each}" for each in told)
            valid += not told
        return Checked(valid, unknown, wrong)

    def _handler(self, one: Exchange, path: str) -> Mapping[str, Any] | None:
        for handler, pattern in self._handlers:
            if handler["method"] == one.method and pattern.fullmatch(path):
                action = handler["action"]
                if action is None or (isinstance(one.asked, dict) and action in one.asked):
                    found: Mapping[str, Any] = handler
                    return found
        return None

    def _form(self, one: Exchange, schema: str) -> Iterator[str]:
        for error in self._schemas[schema].iter_errors(one.body):
            place = "/".join("*" if isinstance(step, int) else str(step) for step in error.absolute_path)
            yield f"{place or 'the body'}: {error.message[:200]}"


def _pattern(path: str) -> re.Pattern[str]:
    """The paths that a template means: a variable is one segment, and those without come before in the file's order."""
    return re.compile("".join("[^/]+" if part.startswith("{") else re.escape(part) for part in _parts(path)))


def _parts(path: str) -> list[str]:
    return [part for part in re.split(r"(\{[^}]*\})", path) if part]


def _number(version: str) -> tuple[int, int]:
    major, _, minor = version.partition(".")
    return int(major), int(minor)


def _at(windows: Iterable[Mapping[str, Any]], version: str) -> Mapping[str, Any] | None:
    """What holds at a microversion."""
    for one in windows:
        first, last = one["min"], one["max"]
        if (first is None or _number(first) <= _number(version)) and (
            last is None or _number(version) <= _number(last)
        ):
            return one
    return None


def _status(one: Exchange, handler: Mapping[str, Any], version: str) -> Iterator[str]:
    windows = [{"code": code, "min": first, "max": last} for code, first, last in handler["codes"] or ()]
    # Where a handler says none, it may work its status out itself.
    found = _at(windows, version)
    if found is not None and one.status != found["code"]:
        yield f"{one.status} instead of {found['code']}"
