# SPDX-License-Identifier: Apache-2.0
"""`mimic-rules explain`: what a request would be answered, and why, without starting anything.

A file with a request and paths of rules come in; the request is made of a world that is thrown away, and every rule
that was considered for it goes out, with the answer.
"""

from __future__ import annotations

import io
import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

from falcon.uri import parse_query_string

from mimic_rules.diagnostics import DiagnosticError, render_text
from mimic_rules.engine.exchange import MISSING, Request, Response
from mimic_rules.engine.stage import TENANT, USER
from mimic_rules.lint.reading import shipped_folder
from mimic_rules.state.clock import elapsed
from mimic_rules.tools.reading import load_for_start
from mimic_rules.tools.request_file import BadRequest, Written, filled, read_requests
from mimic_rules.web.body import read_json
from mimic_rules.web.cloud import Cloud, open_cloud
from mimic_rules.web.explanation import explanation, explanation_text, unreached
from mimic_rules.web.journal import Journal
from mimic_rules.web.redaction import Secrets, redact_body, redact_headers
from mimic_rules.web.request import DEFAULT_WORLD, read_ahead

FORMATS: Final = ("text", "json")
BASE: Final = "http://127.0.0.1:8900"
"""What URLs in answers begin with, as those of a cloud that is started without flags."""


def add_arguments(parser: ArgumentParser) -> None:
    """A request, paths of rules, a format."""
    parser.description = (
        "Say what a request would be answered, and why: every rule that was considered, the first condition that\n"
        "failed with both values, how near the others came. Nothing is started; the request is made of a new world\n"
        "of the rules that a start would read: those of each PATH, of the configuration, and the shipped ones.\n\n"
        "FILE is a request as it is sent (`POST /path`, headers, an empty line, the body), or JSON or YAML with\n"
        "`method`, `path`, `headers` and `body`. A list of these is made one after the other, and the last one is\n"
        "explained; `{1.headers.NAME}` and `{1.body.key}` in it stand for what the first one was answered."
    )
    parser.epilog = "Exit codes: 0 explained, 1 the rules or the configuration are broken, 2 could not run."
    parser.add_argument("paths", metavar="PATH", nargs="*", help="a rules file, or a folder of them")
    parser.add_argument("--request", metavar="FILE", required=True, help="the request; - reads it from the input")
    parser.add_argument(
        "--as",
        metavar="FIELD=VALUE",
        action="append",
        dest="acting",
        help="ask as a caller with this field, without a login; repeatable",
    )
    parser.add_argument("--format", choices=FORMATS, default="text", help="for people or for programs; default: text")
    parser.add_argument("--config", metavar="FILE", help="default: MIMIC_CONFIG, or mimic.yaml here or above")


def run(options: Namespace) -> int:
    """0, 1 or 2, as the help says."""
    try:
        acting = None if options.acting is None else dict(map(_field, options.acting))
        requests = read_requests(_text(options.request), options.request)
    except OSError as problem:
        return _refuse(f"the request `{options.request}` can't be read: {(problem.strerror or str(problem)).lower()}")
    except (BadRequest, UnicodeDecodeError) as problem:
        return _refuse(str(problem))
    texts: dict[str, str] = {}
    try:
        cloud = open_cloud(load_for_start(options.paths, {"config": options.config}), texts=texts)
    except DiagnosticError as refused:
        print(render_text(refused.diagnostics, texts), end="", file=sys.stderr)
        return 1
    print(render_text(cloud.warnings, texts), end="", file=sys.stderr)
    try:
        told = _explained(cloud, requests, acting)
    except BadRequest as problem:
        return _refuse(str(problem))
    if options.format == "json":
        print(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        print("\n".join(_lines(told)))
    return 0


def _explained(cloud: Cloud, requests: Sequence[Written], acting: Mapping[str, Any] | None) -> dict[str, Any]:
    """Make the requests; the explanation of the last one, with the answer to it, and without what is secret in both."""
    mount = cloud.mounts.get(DEFAULT_WORLD)
    assert mount is not None
    world, journal = mount.world, Journal(1)
    answers: list[Response] = []
    for number, written in enumerate(requests, start=1):
        request = _request(cloud, filled(written, number, answers))
        request.explain = number == len(requests)
        request.acting = None if acting is None else _caller(cloud, request.path, acting)
        body = read_ahead(request)
        started = elapsed()
        answers.append(cloud.engine.handle(world, request))
        journal.note(request, body, answers[-1], world.clock.now(), elapsed() - started)
    (entry,) = journal.entries()
    trace = journal.trace(entry.id)
    rules = unreached(cloud.engine, entry, trace)
    told = explanation(entry, trace, rules, (Path.cwd(), shipped_folder().parent))
    return {**told, "answer": _answer(answers[-1], entry.secrets())}


def _field(pair: str) -> tuple[str, Any]:
    """A field of the caller: a value that is JSON is what it says, any other is a text."""
    name, sign, value = pair.partition("=")
    if not name or not sign:
        raise BadRequest(f"`--as` takes FIELD=VALUE, not `{pair}`")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def _caller(cloud: Cloud, path: str, given: Mapping[str, Any]) -> dict[str, Any] | None:
    """The caller as the service of a path names it, like that of an example; None where it asks for none."""
    service = cloud.engine.linked.routes.find(path).service
    caller = None if service is None else cloud.engine.linked.services[service].plan.caller
    if caller is None:
        return None
    return {caller.tenant: TENANT, **({caller.user: USER} if caller.user else {}), **given}


def _request(cloud: Cloud, written: Written) -> Request:
    path, _, query = written.path.partition("?")
    values = parse_query_string(query, keep_blank=True)
    headers = {name.lower(): value for name, value in written.headers.items()}
    sent = written.sent
    environ = {
        "wsgi.input": io.BytesIO(sent),
        "CONTENT_LENGTH": str(len(sent)),
        "CONTENT_TYPE": headers.get("content-type", ""),
    }
    limits = cloud.config.limits
    return Request(
        written.method,
        unquote(path),
        {name: value if isinstance(value, list) else [value] for name, value in values.items()},
        headers,
        BASE,
        partial(read_json, environ, limits.body, limits.depth),
    )


def _answer(answer: Response, known: Secrets) -> dict[str, Any]:
    body = answer.text if answer.text is not None else None if answer.body is MISSING else answer.body
    headers: dict[str, str] = {}
    for name, value in answer.headers:
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return {"status": answer.status, "headers": redact_headers(headers, known), "body": redact_body(body, known)}


def _lines(told: Mapping[str, Any]) -> Iterator[str]:
    answer = told["answer"]
    yield explanation_text(told)
    yield f"answer {answer['status']}"
    yield from (f"  {name}: {value}" for name, value in answer["headers"].items())
    if answer["body"] is not None:
        text = json.dumps(answer["body"], indent=2, ensure_ascii=False)
        yield from (f"  {line}" for line in text.splitlines())


def _text(name: str) -> str:
    return sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")


def _refuse(reason: str) -> int:
    print(f"mimic-rules explain: {reason}", file=sys.stderr)
    return 2
