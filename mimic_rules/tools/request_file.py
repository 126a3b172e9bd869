# SPDX-License-Identifier: Apache-2.0
"""The requests of a file: JSON or YAML with one or a list of them, or one as it goes over the wire.

An author's way: `explain` hands in the text. What comes out is made one request after the other, for a later one may
speak of what an earlier one was answered.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from mimic_rules.config.yaml_text import read_yaml
from mimic_rules.diagnostics import Diagnostics, did_you_mean
from mimic_rules.engine.exchange import MISSING, Response

KEYS: Final = ("method", "path", "headers", "body")
MOST: Final = 100
"""Requests of one file."""

_FIRST_LINE: Final = re.compile(r"(?P<method>[A-Z]+) (?P<path>/\S*)(?: HTTP/[0-9.]+)?")
_METHOD: Final = re.compile(r"[A-Z]+")
_HEADER: Final = re.compile(r"(?P<name>[!#$%&'*+.^`|~\w-]+):[ \t]*(?P<value>.*?)[ \t]*", re.ASCII)
_EARLIER: Final = re.compile(r"\{(?P<number>[0-9]{1,3})\.(?P<part>headers|body)\.(?P<rest>[\w.-]+)\}")


class BadRequest(Exception):
    """A request that can't be made, with the reason for whoever wrote it."""


@dataclass(frozen=True, slots=True)
class Written:
    """One request of a file; `body` is MISSING for none, `raw` its text where it was written as such."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = MISSING
    raw: str | None = None

    @property
    def sent(self) -> bytes:
        """The body as it is sent."""
        if self.raw is not None:
            return self.raw.encode()
        return b"" if self.body is MISSING else json.dumps(self.body).encode()


def read_requests(text: str, file: str) -> tuple[Written, ...]:
    """The requests of a file; raises BadRequest with the place and the reason."""
    first, _, rest = text.replace("\r\n", "\n").partition("\n")
    if line := _FIRST_LINE.fullmatch(first.strip()):
        return (_as_sent(line["method"], line["path"], rest, file),)
    diagnostics = Diagnostics()
    root = read_yaml(text, file, diagnostics)
    if diagnostics.items:
        problem = diagnostics.items[0]
        raise BadRequest(f"{file}:{problem.span.line}:{problem.span.column}: {problem.message}")
    data = None if root is None else root.plain()
    items = data if isinstance(data, list) else [data]
    if not items or len(items) > MOST:
        raise BadRequest(f"{file}: write one request, or a list of 1 to {MOST}")
    names = [f"{file}: request {number}" for number in range(1, len(items) + 1)] if isinstance(data, list) else [file]
    return tuple(_written(item, name) for item, name in zip(items, names, strict=True))


def filled(request: Written, number: int, answers: Sequence[Response]) -> Written:
    """A request with what it takes of earlier answers: `{1.headers.NAME}` and `{1.body.key.key}`.

    Raises BadRequest for what such an answer doesn't have.
    """

    def fill(text: str) -> str:
        return _EARLIER.sub(lambda found: _of_answer(found, number, answers), text)

    def fill_all(data: Any) -> Any:
        if isinstance(data, str):
            return fill(data)
        if isinstance(data, dict):
            return {key: fill_all(value) for key, value in data.items()}
        return [fill_all(one) for one in data] if isinstance(data, list) else data

    headers = {name: fill(value) for name, value in request.headers.items()}
    return Written(request.method, fill(request.path), headers, fill_all(request.body), request.raw)


def _as_sent(method: str, path: str, rest: str, file: str) -> Written:
    head, _, body = rest.partition("\n\n") if not rest.startswith("\n") else ("", "", rest[1:])
    headers = {}
    for at, line in enumerate(head.splitlines(), start=2):
        header = _HEADER.fullmatch(line)
        if header is None:
            raise BadRequest(f"{file}:{at}:1: a header is written `Name: value`; the body follows an empty line")
        headers[header["name"]] = header["value"]
    return Written(method, path, headers, raw=body.strip())


def _written(item: Any, name: str) -> Written:
    if not isinstance(item, dict):
        raise BadRequest(f'{name}: write a request as {{"method": "GET", "path": "/…"}}')
    for key in item:
        if key not in KEYS:
            near = did_you_mean(key, KEYS)
            help = f"did you mean `{near}`?" if near else f"the keys are {', '.join(f'`{one}`' for one in KEYS)}"
            raise BadRequest(f"{name} has no key `{key[:60]}`: {help}")
    method, path, headers = item.get("method", "GET"), item.get("path"), item.get("headers") or {}
    if not isinstance(method, str) or not _METHOD.fullmatch(method):
        raise BadRequest(f"{name}: `method` takes a word in capitals, such as GET")
    if not isinstance(path, str) or not path.startswith("/"):
        raise BadRequest(f"{name}: `path` takes a text that begins with a slash")
    if not isinstance(headers, dict) or not all(isinstance(one, str | int | float) for one in headers.values()):
        raise BadRequest(f"{name}: `headers` takes a map of names to texts")
    return Written(method, path, {key: str(value) for key, value in headers.items()}, item.get("body", MISSING))


def _of_answer(found: re.Match[str], number: int, answers: Sequence[Response]) -> str:
    at, part, rest = int(found["number"]), found["part"], found["rest"]
    if not 1 <= at < number:
        raise BadRequest(f"request {number}: `{found[0]}` speaks of no earlier request")
    answer = answers[at - 1]
    value: Any = answer.body
    if part == "headers":
        value = next((value for name, value in answer.headers if name.lower() == rest.lower()), None)
    else:
        for step in rest.split("."):
            if isinstance(value, dict):
                value = value.get(step)
            elif isinstance(value, list) and step.isdigit() and int(step) < len(value):
                value = value[int(step)]
            else:
                value = None
    if not isinstance(value, str | int | float):
        raise BadRequest(
            f"request {number}: the answer to request {at}, {answer.status}, has no text or number at `{part}.{rest}`"
        )
    return str(value)
