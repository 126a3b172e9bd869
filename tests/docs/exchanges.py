# SPDX-License-Identifier: Apache-2.0
"""The little format in which the manual says what a client asks and what it is answered.

The text of one block comes in; steps go out, for whoever drives a cloud, and `mismatches` says how an answer differs
from what was expected. The format is defined in docs/language.md, "How the examples are run".
"""

import json
import re
from dataclasses import dataclass, field
from typing import Final

ANYTHING: Final = "*"
ABSENT: Final = "-"
UNITS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
REQUEST: Final = re.compile(r"(?P<method>[A-Z]+) (?P<path>/\S*)(?: (?P<body>.+))?")
HEADER: Final = re.compile(r"(?P<name>[A-Za-z][A-Za-z0-9-]*): (?P<value>.*)")
DELAY: Final = re.compile(r"delay (?P<number>\d+(?:\.\d+)?)(?P<unit>ms|s|m|h|d)")
ADVANCE: Final = re.compile(r"advance (?P<number>\d+(?:\.\d+)?)(?P<unit>ms|s|m|h|d)")


@dataclass(frozen=True, slots=True)
class Advance:
    """Move the world's clock by so many seconds."""

    line: int
    seconds: float


@dataclass(slots=True)
class Exchange:
    """A request and what its answer must hold; `body` and `expected` are JSON texts, None where there is none.

    Where the connection ends without an answer, `wire` is `drop` and there is no status; `delay` is in seconds.
    """

    line: int
    method: str
    path: str
    body: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 0
    answer_headers: dict[str, str] = field(default_factory=dict)
    expected: str | None = None
    wire: str | None = None
    delay: float = 0.0


Step = Advance | Exchange


def steps(text: str, line: int = 1) -> list[Step]:
    """The steps of a block whose first line is number `line` of its page.

    Raises ValueError, with the line, for what is not in the format.
    """
    found: list[Step] = []
    for number, written in enumerate(text.splitlines(), start=line):
        if written.startswith("> "):
            _said_by_the_client(written[2:], number, found)
        elif written.startswith("< "):
            _answered(written[2:], _last(found, number), number)
        elif written.strip():
            exchange = _last(found, number)
            if not exchange.status:
                raise ValueError(f"line {number}: a body is expected before a status")
            exchange.expected = (exchange.expected or "") + written + "\n"
    for step in found:
        if isinstance(step, Exchange):
            _check(step)
    return found


def mismatches(expected: object, got: object, where: str = "$") -> list[str]:
    """How `got` differs from `expected`, one line each; nothing when it matches.

    Of an object only the expected keys count; a list has the expected length; `"*"` is any value, and `"-"` a key that
    must not be there.
    """
    if expected == ANYTHING:
        return []
    if isinstance(expected, dict):
        if not isinstance(got, dict):
            return [f"{where}: {json.dumps(got)} is no object"]
        return [line for key, value in expected.items() for line in _member(value, got, key, f"{where}.{key}")]
    if isinstance(expected, list):
        if not isinstance(got, list) or len(got) != len(expected):
            return [f"{where}: {json.dumps(got)} is no list of {len(expected)}"]
        pairs = enumerate(zip(expected, got, strict=True))
        return [line for at, (one, other) in pairs for line in mismatches(one, other, f"{where}[{at}]")]
    # JSON knows true and 1 apart; Python does not
    if isinstance(expected, bool) is not isinstance(got, bool) or expected != got:
        return [f"{where}: {json.dumps(got)} instead of {json.dumps(expected)}"]
    return []


def _member(expected: object, got: dict[str, object], key: str, where: str) -> list[str]:
    if expected == ABSENT:
        return [f"{where}: {json.dumps(got[key])} where nothing should be"] if key in got else []
    if key not in got:
        return [f"{where}: is not there"]
    return mismatches(expected, got[key], where)


def _said_by_the_client(said: str, line: int, found: list[Step]) -> None:
    advance, request, header = ADVANCE.fullmatch(said), REQUEST.fullmatch(said), HEADER.fullmatch(said)
    if advance:
        found.append(Advance(line, float(advance["number"]) * UNITS[advance["unit"]]))
    elif request:
        found.append(Exchange(line, request["method"], request["path"], request["body"]))
    elif header:
        exchange = _last(found, line)
        if exchange.status:
            raise ValueError(f"line {line}: a header comes before the answer")
        exchange.headers[header["name"]] = header["value"]
    else:
        raise ValueError(f"line {line}: `{said}` is no request, no header and no `advance`")


def _answered(said: str, exchange: Exchange, line: int) -> None:
    header, delay = HEADER.fullmatch(said), DELAY.fullmatch(said)
    if header and exchange.status:
        exchange.answer_headers[header["name"]] = header["value"]
    elif delay and exchange.status:
        exchange.delay = float(delay["number"]) * UNITS[delay["unit"]]
    elif said == "dropped" and not exchange.status:
        exchange.wire = "drop"
    elif re.fullmatch(r"\d{3}", said) and not exchange.status:
        exchange.status = int(said)
    else:
        raise ValueError(f"line {line}: `{said}` is no status, and no header or delay after one")


def _last(found: list[Step], line: int) -> Exchange:
    if not found or not isinstance(found[-1], Exchange):
        raise ValueError(f"line {line}: no request comes before this")
    return found[-1]


def _check(exchange: Exchange) -> None:
    if not exchange.status and not exchange.wire:
        raise ValueError(f"line {exchange.line}: this request has no answer")
    if exchange.expected is not None:
        try:
            json.loads(exchange.expected)
        except ValueError as error:
            raise ValueError(f"line {exchange.line}: the expected body is not JSON: {error}") from error
