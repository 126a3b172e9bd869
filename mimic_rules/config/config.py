# SPDX-License-Identifier: Apache-2.0
"""The configuration as values: each key typed and checked, and where each came from.

Loading makes it from flags, environment, file and defaults; the tools start the cloud with it. What the program
doesn't know itself, the settings that rules declare, is kept with its places until the rules are read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from mimic_rules.config.located import Located
from mimic_rules.diagnostics import Diagnostic


class OriginKind(StrEnum):
    """The four sources of a value, the strongest last."""

    DEFAULT = "default"
    FILE = "file"
    ENVIRONMENT = "environment"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value came from: `name` is a file, a variable or a flag; `line` counts from 1 in a file."""

    kind: OriginKind
    name: str = ""
    line: int = 0

    def __str__(self) -> str:
        match self.kind:
            case OriginKind.DEFAULT:
                return "default"
            case OriginKind.FILE:
                return f"{self.name}:{self.line}"
            case _:
                return f"{self.kind} {self.name}"


DEFAULT_ORIGIN: Final = Origin(OriginKind.DEFAULT)


@dataclass(frozen=True, slots=True)
class Given:
    """A value as one source gives it, not checked yet."""

    located: Located
    origin: Origin


class ClockMode(StrEnum):
    """Whether a world's clock moves by itself."""

    RUNNING = "running"
    FROZEN = "frozen"


class LogLevel(StrEnum):
    """What is logged: this level and those after it."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class LogFormat(StrEnum):
    """What a line of the log is: text for people, or a JSON object."""

    TEXT = "text"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class ClockSettings:
    """How a world's clock starts: at `start` (UTC; None: now), at `rate` seconds of the world for each real one."""

    start: datetime | None
    mode: ClockMode
    rate: float


@dataclass(frozen=True, slots=True)
class Limits:
    """What a request may weigh: `body` in bytes, `depth` in levels of its body; what a world may hold: `records`, the
    last `journal` requests, `rules` registered at run time; how many `worlds` there may be, how much `memory` in bytes
    they may take together, and after how many real seconds `idle` ones go (0: never).
    """

    body: int
    depth: int
    records: int
    journal: int = 1_000
    rules: int = 10_000
    worlds: int = 1_000
    memory: int = 2 * 2**30
    idle: float = 3600.0


@dataclass(frozen=True, slots=True)
class Config:
    """The program's own keys, and what is left for the settings that the rules declare."""

    file: str | None
    """The file that was read, as messages name it."""
    rules: tuple[Path, ...]
    """The paths as they were named, from the folder that they are relative to."""
    rule_files: tuple[Path, ...]
    """Every rule file that `rules` stands for, in the order that decides which rule wins."""
    services: tuple[str, ...] | None
    """None: all that the rules describe."""
    regions: tuple[str, ...]
    clock: ClockSettings
    seed: int | str
    host: str
    port: int
    threads: int
    durations: Mapping[str, float]
    """Seconds, by `service.resource.STATE`."""
    limits: Limits
    quotas: Mapping[str, int]
    """By name; -1 is without limit."""
    log: LogLevel
    log_format: LogFormat
    snapshots: str
    """The folder that snapshots of worlds are written to."""
    origins: Mapping[str, Origin]
    """By dotted key, one for each value above."""
    extra: Mapping[str, Located]
    """The file's other keys: settings of the rules, or mistakes."""
    unclaimed: tuple[tuple[str, Given], ...]
    """The same of flags and environment, strongest first, by name as in the environment without its prefix."""


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What loading gives.

    `config` is None if there are errors. `draft` is always there, with defaults in place of what was refused: enough
    to read the rules and report their problems in the same run, never to start a cloud with.
    """

    config: Config | None
    diagnostics: tuple[Diagnostic, ...]
    sources: Mapping[str, str]
    draft: Config
