# SPDX-License-Identifier: Apache-2.0
"""The control API as an OpenAPI 3.1 document, made of the same calls that its routes are made of.

On the way of a request: a call of the control API. `document` is a pure function: calls come in, plain data goes out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, Final

from mimic_rules import __version__
from mimic_rules.web.control.endpoint import Asked, Endpoint, Told
from mimic_rules.web.guards import TOKEN_HEADER
from mimic_rules.web.request import WORLD_PREFIX

# A variable in a path as falcon writes it, with a converter or without.
_VARIABLE: Final = re.compile(r"\{(\w+)(?::\w+)?\}")
_MEANINGS: Final = {"world_id": "the world's id, as `POST /_mimic/worlds` told it"}

_DESCRIPTION: Final = """\
What a test asks of a cloud apart from its services. A call at the root is about the default world, or about all of
them; one below `/w/{world_id}` is about that world.

A cloud that is bound to a loopback address takes calls from the same machine without a token; else each call carries
the token that the cloud was started with.\
"""
_ERROR: Final = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "description": "what is wrong; further keys help further",
            "required": ["code", "message"],
            "properties": {
                "code": {"type": "integer", "description": "the status"},
                "message": {"type": "string", "description": "the reason, for a person"},
                "place": {"type": "string", "description": "where in the body it is, such as `requests[2].times`"},
                "help": {"type": "string", "description": "what to do instead"},
            },
        }
    },
}
_IN_A_WORLD: Final = WORLD_PREFIX + "{world_id}"


def endpoint(calls: Callable[[], Iterable[Endpoint]]) -> Endpoint:
    """The call that tells of all calls, itself included; they are asked for when it comes."""

    def show(asked: Asked) -> Told:
        return Told(200, document(calls()))

    return Endpoint(
        "GET", "/_mimic/openapi.json", "This document", show, {200: "OpenAPI 3.1, as JSON"}, of_all_worlds=True
    )


def document(calls: Iterable[Endpoint]) -> dict[str, Any]:
    """The document, in the order of the calls; those of the default world come before those of each."""
    paths: dict[str, dict[str, Any]] = {}
    listed = list(calls)
    for prefix, chosen in (("", listed), (_IN_A_WORLD, [call for call in listed if not call.of_all_worlds])):
        for call in chosen:
            path = prefix + _VARIABLE.sub(r"{\1}", call.path)
            at_path = paths.setdefault(path, {})
            names = _VARIABLE.findall(path)
            if names:
                at_path["parameters"] = [_parameter(name, "path", _MEANINGS.get(name, "")) for name in names]
            at_path[call.method.lower()] = _operation(call, path)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "The control API of mimic-rules",
            "version": __version__,
            "description": _DESCRIPTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "security": [{}, {"token": []}, {"bearer": []}],
        "paths": paths,
        "components": {
            "schemas": {"Error": _ERROR},
            "responses": {"Error": _answer("any other refusal")},
            "securitySchemes": {
                "token": {"type": "apiKey", "in": "header", "name": TOKEN_HEADER},
                "bearer": {"type": "http", "scheme": "bearer"},
            },
        },
    }


def _operation(call: Endpoint, path: str) -> dict[str, Any]:
    words = re.findall(r"\w+", path.replace("/_mimic/", "/"))
    told: dict[str, Any] = {"operationId": "-".join([call.method.lower(), *words]), "summary": call.summary}
    if call.query:
        told["parameters"] = [_parameter(name, "query", meaning) for name, meaning in call.query.items()]
    if call.body is not None:
        needed = bool(call.body.get("required"))
        told["requestBody"] = {"required": needed, "content": {"application/json": {"schema": call.body}}}
    told["responses"] = {
        **{str(status): _answer(meaning, status, call.media) for status, meaning in call.answers.items()},
        "default": {"$ref": "#/components/responses/Error"},
    }
    return told


def _parameter(name: str, where: str, meaning: str = "") -> dict[str, Any]:
    told: dict[str, Any] = {"name": name, "in": where, "schema": {"type": "string"}}
    if where == "path":
        told["required"] = True
    if meaning:
        told["description"] = meaning
    return told


def _answer(meaning: str, status: int = 400, media: str = "application/json") -> dict[str, Any]:
    told: dict[str, Any] = {"description": meaning}
    if status >= 400:
        told["content"] = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    elif status != 204:
        told["content"] = {media: {}}
    return told
