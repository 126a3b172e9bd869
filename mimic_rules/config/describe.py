# SPDX-License-Identifier: Apache-2.0
"""The whole configuration as YAML text, with where each value came from beside it, and secrets left out.

What `mimic-rules config` prints: a loaded configuration and the settings bound to it come in. The text can be read
back as a configuration, which then says the same, secrets apart.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Final

from mimic_rules.config.config import Config, Origin
from mimic_rules.config.quantities import format_duration
from mimic_rules.config.scalars import resolve
from mimic_rules.config.settings import setting_origin

HIDDEN: Final = "***"
SECRET_WORDS: Final = ("password", "secret", "token", "api_key", "apikey")

_BARE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*")
# What the parser refuses, or takes for the end of a line, even in quotes.
_UNPRINTABLE: Final = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")


def describe(config: Config, settings: Mapping[str, object]) -> str:
    """YAML text: one line for each value, with `# from` and its origin; keys with secret names show `***`."""
    lines: list[str] = [] if config.file is None else [f"# {_comment(config.file)}"]
    start = config.clock.start
    _line(lines, config, "rules", [str(path) for path in config.rules])
    if config.services is None:
        # There is no word for all of them: it is what holds if nothing is written.
        lines.append(f"# services: all of them  # from {config.origins['services']}")
    else:
        _line(lines, config, "services", config.services)
    _line(lines, config, "regions", config.regions)
    lines.append("clock:")
    _line(lines, config, "clock.start", "now" if start is None else start.isoformat())
    _line(lines, config, "clock.mode", str(config.clock.mode))
    _line(lines, config, "clock.rate", config.clock.rate)
    _line(lines, config, "seed", config.seed)
    _line(lines, config, "host", config.host)
    _line(lines, config, "port", config.port)
    _line(lines, config, "threads", config.threads)
    _map(lines, config, "durations", {name: format_duration(seconds) for name, seconds in config.durations.items()})
    lines.append("limits:")
    _line(lines, config, "limits.body", config.limits.body)
    _line(lines, config, "limits.depth", config.limits.depth)
    _line(lines, config, "limits.records", config.limits.records)
    _line(lines, config, "limits.journal", config.limits.journal)
    _line(lines, config, "limits.rules", config.limits.rules)
    _line(lines, config, "limits.worlds", config.limits.worlds)
    _line(lines, config, "limits.memory", config.limits.memory)
    _line(lines, config, "limits.idle", format_duration(config.limits.idle))
    _map(lines, config, "quotas", config.quotas)
    _line(lines, config, "log", str(config.log))
    _line(lines, config, "log_format", str(config.log_format))
    _line(lines, config, "snapshots", config.snapshots)
    for name, value in sorted(settings.items()):
        lines.append(_written(_yaml(name), _shown(name, value), setting_origin(config, name)))
    return "\n".join(lines) + "\n"


def _line(lines: list[str], config: Config, name: str, value: object) -> None:
    group, _, inner = name.rpartition(".")
    indent = "  " if group else ""
    lines.append(_written(indent + inner, _yaml(value), config.origins[name]))


def _map(lines: list[str], config: Config, name: str, entries: Mapping[str, object]) -> None:
    if not entries:
        lines.append(f"{name}: {{}}  # from default")
        return
    lines.append(f"{name}:")
    for key, value in sorted(entries.items()):
        lines.append(_written(f"  {_yaml(key)}", _shown(key, value), config.origins[f"{name}.{key}"]))


def _written(key: str, value: str, origin: Origin) -> str:
    return f"{key}: {value}  # from {_comment(str(origin))}"


def _comment(text: str) -> str:
    """On one line, whatever a file is called."""
    return _UNPRINTABLE.sub("\ufffd", re.sub("[\x00-\x1f]", "\ufffd", text))


def _shown(key: str, value: object) -> str:
    return _yaml(HIDDEN if _is_secret(key) else value)


def _is_secret(key: str) -> bool:
    name = key.casefold().replace("-", "_")
    return any(name == word or name.endswith(f"_{word}") for word in SECRET_WORDS)


def _yaml(value: object) -> str:
    """The value on one line."""
    if value is None or isinstance(value, bool | int):
        return json.dumps(value)
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_yaml(str(key))}: {_shown(str(key), inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(_yaml(item) for item in value) + "]"
    text = str(value)
    if _BARE.fullmatch(text) and resolve(text) == text:
        return text
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))


def _number(value: float) -> str:
    if math.isnan(value):
        return ".nan"
    if math.isinf(value):
        return ".inf" if value > 0 else "-.inf"
    return repr(value)
