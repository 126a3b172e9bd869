# SPDX-License-Identifier: Apache-2.0
"""A cloud of one example: its rules loaded, compiled and linked, and exchanges run against a world that stands still.

Rules and steps come in; a line for every expectation that the cloud did not meet goes out. There is no socket here:
tests of the web layer have theirs.
"""

import json
from collections.abc import Callable, Sequence
from urllib.parse import parse_qs, unquote, urlsplit

from mimic_rules.compiler import compile_model
from mimic_rules.diagnostics import render_text
from mimic_rules.engine import MISSING, BadBody, Engine, Request, Response, link
from mimic_rules.language.load import Source, load
from mimic_rules.state.clock import WorldClock
from mimic_rules.state.world import World
from tests.docs.exchanges import ANYTHING, Advance, Exchange, Step, mismatches

BASE = "http://cloud.test"
START = 1_700_000_000


def problems(name: str, rules: str) -> str:
    """What the checker says of a file of rules, as a person reads it; nothing where it is right."""
    loaded = load([Source(name, rules)])
    return render_text(loaded.diagnostics, loaded.sources)


def run(rules: str, steps: Sequence[Step]) -> list[str]:
    """How a new cloud of these rules differs from what the steps expect; nothing where it does not."""
    engine = link(compile_model(load([Source("example.rules", rules)]).model))
    world = engine.new_world("example", clock=WorldClock(START, frozen=True), seed=1)
    failed: list[str] = []
    for step in steps:
        if isinstance(step, Advance):
            world.clock.advance(step.seconds)
        else:
            failed += [f"line {step.line}: {told}" for told in _differences(step, _ask(engine, world, step))]
    return failed


def _ask(engine: Engine, world: World, exchange: Exchange) -> Response:
    parts = urlsplit(exchange.path)
    request = Request(
        exchange.method,
        unquote(parts.path),
        parse_qs(parts.query, keep_blank_values=True),
        {name.lower(): value for name, value in exchange.headers.items()},
        BASE,
        _reader(exchange.body),
    )
    return engine.handle(world, request)


def _reader(body: str | None) -> Callable[[], object]:
    def read_json() -> object:
        if body is None:
            return MISSING
        try:
            return json.loads(body)
        except ValueError as error:
            raise BadBody("malformed") from error

    return read_json


def _differences(exchange: Exchange, response: Response) -> list[str]:
    """How a response differs from what was expected; a wrong status is told with the body, which says why."""
    body = response.text if response.body is MISSING else response.body
    wire = None if response.wire is None else response.wire.how
    if (wire, response.delay) != (exchange.wire, exchange.delay):
        return [f"{wire} after {response.delay}s instead of {exchange.wire} after {exchange.delay}s"]
    if exchange.wire:
        return []
    if response.status != exchange.status:
        return [f"{response.status} instead of {exchange.status}: {json.dumps(body)}"]
    told = [
        f"header {name}: {values} instead of {value}"
        for name, value in exchange.answer_headers.items()
        for values in [[given for key, given in response.headers if key.lower() == name.lower()]]
        if value not in values and not (value == ANYTHING and values)
    ]
    return told if exchange.expected is None else told + mismatches(json.loads(exchange.expected), body)
