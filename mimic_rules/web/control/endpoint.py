# SPDX-License-Identifier: Apache-2.0
"""A call of the control API as a value: where it is, what it takes and what it answers.

On the way of a request: `api` makes routes of these, and `openapi` the document; so neither can know what the other
doesn't.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import falcon

from mimic_rules.config import Limits
from mimic_rules.diagnostics import Diagnostic
from mimic_rules.web.mounts import Mount, Mounts
from mimic_rules.web.shelf import Shelf

Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class About:
    """What a running cloud tells of itself: the language's version, its services, and how many rules each layer has.

    `reloads` is how often its files were read again and taken; `problems` is why they were not the last time; `dropped`
    are the errors of texts that were added to worlds and that didn't fit what was taken last.
    """

    language: int
    services: tuple[str, ...]
    rules: Mapping[str, int]
    reloads: int = 0
    problems: tuple[Diagnostic, ...] = ()
    dropped: tuple[Diagnostic, ...] = ()


class Refused(Exception):
    """What the control API can't do, with the status and the reason that the client sees; `more` helps further."""

    def __init__(self, status: int, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status = status
        self.more = more


@dataclass(frozen=True, slots=True)
class Control:
    """What the calls work on: all worlds, what the cloud tells of itself, how much a body may weigh, and where
    snapshots lie. Places of rules are shown relative to the first of `roots` that they lie below.
    """

    mounts: Mounts
    about: Callable[[], About]
    limits: Limits
    shelf: Shelf
    roots: Sequence[Path] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """One call: the world that it is about, the variables of its path, its query, and its body, which fits the schema.

    `base` is scheme, host and the prefix of the world; `root` the same without the prefix.
    """

    control: Control
    mount: Mount
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Any
    base: str
    root: str


@dataclass(frozen=True, slots=True)
class Told:
    """An answer: data that becomes JSON, or `text` of another `media` type."""

    status: int
    data: Any = None
    text: str | None = None
    media: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A call. `path` begins with a slash and may have variables, `/_mimic/rules/{id}`; `body` is the JSON Schema of the
    body, None where none is read; `answers` are statuses and what they mean; `query` the parameters and what they are;
    `media` is the type of an answer that is no error.

    Unless it is of all worlds, it is found below the prefix of each world too. With `slashes`, the last variable of the
    path may hold some.
    """

    method: str
    path: str
    summary: str
    handle: Callable[[Asked], Told]
    answers: Mapping[int, str]
    body: Schema | None = None
    query: Mapping[str, str] = field(default_factory=dict)
    of_all_worlds: bool = False
    slashes: bool = False
    media: str = "application/json"


Application = falcon.App[falcon.Request, falcon.Response]


def find_mount(control: Control, world_id: str) -> Mount:
    """The world in its place; one that isn't there is refused with 404, and how to make one."""
    mount = control.mounts.get(world_id)
    if mount is None:
        raise Refused(404, *no_world(world_id))
    return mount


def no_world(world_id: str) -> tuple[str]:
    """What is said where there is no such world."""
    return (
        f"there is no world `{world_id[:60]}`: it was never made, or was removed, or has expired since nobody asked it "
        "anything for too long; `POST /_mimic/worlds` makes one",
    )
