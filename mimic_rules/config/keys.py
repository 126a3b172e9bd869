# SPDX-License-Identifier: Apache-2.0
"""The table of the program's own keys: default, reader, and how flags and environment variables spell the value.

Loading goes through it once for each source; nothing else lists the keys.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Generic, TypeVar

from mimic_rules.config import readers
from mimic_rules.config.config import ClockMode, LogFormat, LogLevel
from mimic_rules.config.located import Located

T = TypeVar("T")


class Spelling(StrEnum):
    """How the plain text of a variable or a flag becomes a value."""

    SCALAR = "scalar"
    TEXT = "text"
    SEED = "seed"
    COMMAS = "commas"
    PATHS = "paths"
    YAML = "yaml"


@dataclass(frozen=True, slots=True)
class Key(Generic[T]):
    """A key with one value, by its dotted name."""

    name: str
    default: T
    read: readers.Reader[T]
    spelling: Spelling = Spelling.SCALAR


@dataclass(frozen=True, slots=True)
class MapKey(Generic[T]):
    """A key with a map of free names, none by default, each entry of which is overridden by itself."""

    name: str
    read: Callable[[str, str, Located], T]


def _path(name: str, value: Located) -> Located:
    """A path stays located, for the message if nothing is there; it is text, not empty."""
    if not isinstance(value.value, str):
        raise readers.wrong_kind(name, "paths", value)
    if not value.value:
        raise readers.refusal(
            "MR612", f"`{name}` takes paths, not an empty text", value.span, "name a file or a folder"
        )
    return value


RULES: Final[Key[tuple[Located, ...]]] = Key(
    "rules", (), readers.items(_path, at_least=0, distinct=False), Spelling.PATHS
)
# Its value is never None: None, all services, is the default.
SERVICES: Final[Key[tuple[str, ...] | None]] = Key(
    "services", None, readers.items(readers.word, at_least=1), Spelling.COMMAS
)
REGIONS: Final[Key[tuple[str, ...]]] = Key(
    "regions", ("RegionOne",), readers.items(readers.word, at_least=1), Spelling.COMMAS
)
CLOCK_START: Final[Key[datetime | None]] = Key("clock.start", None, readers.start_time, Spelling.TEXT)
CLOCK_MODE: Final = Key("clock.mode", ClockMode.RUNNING, readers.choice(ClockMode), Spelling.TEXT)
CLOCK_RATE: Final = Key("clock.rate", 1.0, readers.rate)
SEED: Final[Key[int | str]] = Key("seed", 0, readers.seed, Spelling.SEED)
HOST: Final = Key("host", "127.0.0.1", readers.word, Spelling.TEXT)
PORT: Final = Key("port", 8900, readers.whole_number(0, 65535))
THREADS: Final = Key("threads", 8, readers.whole_number(1, 256))
LIMITS_BODY: Final = Key("limits.body", 2**20, readers.size(1, 2**30))
LIMITS_DEPTH: Final = Key("limits.depth", 64, readers.whole_number(1, 256))
LIMITS_RECORDS: Final = Key("limits.records", 1_000_000, readers.whole_number(1, 100_000_000))
LIMITS_JOURNAL: Final = Key("limits.journal", 1_000, readers.whole_number(0, 1_000_000))
LIMITS_RULES: Final = Key("limits.rules", 10_000, readers.whole_number(0, 1_000_000))
LIMITS_WORLDS: Final = Key("limits.worlds", 1_000, readers.whole_number(1, 100_000))
LIMITS_MEMORY: Final = Key("limits.memory", 2 * 2**30, readers.size(2**20, 2**40))
LIMITS_IDLE: Final = Key("limits.idle", 3600.0, readers.duration)
LOG: Final = Key("log", LogLevel.INFO, readers.choice(LogLevel), Spelling.TEXT)
LOG_FORMAT: Final = Key("log_format", LogFormat.TEXT, readers.choice(LogFormat), Spelling.TEXT)
SNAPSHOTS: Final = Key("snapshots", "mimic-snapshots", readers.word, Spelling.TEXT)

DURATIONS: Final = MapKey(
    "durations",
    readers.entries(
        readers.duration, re.compile(r"[\w-]+\.[\w-]+\.[\w-]+"), "write the key as `service.resource.STATE`"
    ),
)
QUOTAS: Final = MapKey(
    "quotas",
    readers.entries(
        readers.whole_number(-1), re.compile(r"[\w.-]+"), "write a name of letters, digits, `_`, `-` and `.`"
    ),
)

SPELLINGS: Final[Mapping[str, Spelling]] = {
    key.name: key.spelling
    for key in (
        *(RULES, SERVICES, REGIONS, CLOCK_START, CLOCK_MODE, CLOCK_RATE, SEED, HOST, PORT, THREADS),
        *(LIMITS_BODY, LIMITS_DEPTH, LIMITS_RECORDS, LIMITS_JOURNAL, LIMITS_RULES),
        *(LIMITS_WORLDS, LIMITS_MEMORY, LIMITS_IDLE, LOG, LOG_FORMAT, SNAPSHOTS),
    )
} | {key.name: Spelling.YAML for key in (DURATIONS, QUOTAS)}
"""Every dotted name of the program."""

GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    group: tuple(name.partition(".")[2] for name in SPELLINGS if name.startswith(f"{group}."))
    for group in ("clock", "limits")
}
"""The maps of which each entry is a key of the table."""

TOP_LEVEL: Final = tuple(dict.fromkeys(name.partition(".")[0] for name in SPELLINGS))
"""What may stand at the left margin of `mimic.yaml`, settings apart."""


def variable_name(name: str) -> str:
    """What the environment calls a key, without its prefix: `clock.mode` is CLOCK_MODE."""
    return re.sub(r"[^A-Z0-9]", "_", name.upper())


def flag_name(name: str) -> str:
    """What the command line calls a key: `clock.mode` is `--clock-mode`."""
    return "--" + re.sub(r"[._]", "-", name)
