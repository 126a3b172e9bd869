# SPDX-License-Identifier: Apache-2.0
"""Loading the configuration: flag over environment over file over default.

The tools hand over the working folder, the environment and the flags; out comes the configuration, with every problem
of all three sources in one go. It never raises for what a user wrote.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from mimic_rules.config import keys
from mimic_rules.config.config import (
    DEFAULT_ORIGIN,
    ClockSettings,
    Config,
    Given,
    Limits,
    LoadResult,
    Origin,
    OriginKind,
)
from mimic_rules.config.files import FILE_NAME, find_file, read_text, rule_files
from mimic_rules.config.keys import Key, MapKey
from mimic_rules.config.located import Located
from mimic_rules.config.outside import (
    CONFIG_VARIABLE,
    Layer,
    place_of,
    read_environment,
    read_flags,
    whole_span,
)
from mimic_rules.config.readers import entries_of, wrong_kind
from mimic_rules.config.unknown import report_unknown_key
from mimic_rules.config.yaml_text import read_yaml
from mimic_rules.diagnostics import DiagnosticError, Diagnostics

T = TypeVar("T")


def load_config(*, start: Path, environ: Mapping[str, str], flags: Mapping[str, object]) -> LoadResult:
    """Read the configuration.

    `start` is the working folder. `flags` maps dotted keys (or with `_` for the dots) to text, numbers, lists or maps;
    None is a flag that wasn't given; `config` names the file, which else is MIMIC_CONFIG or the nearest `mimic.yaml`
    in `start` or above. A variable that is empty counts as not set.
    """
    diagnostics = Diagnostics()
    sources: dict[str, str] = {}
    flag_layer, of_flags = read_flags(flags, diagnostics, sources)
    environment_layer, of_environment = read_environment(environ, diagnostics, sources)
    path, name, root = _read_file(start, environ, flags, diagnostics, sources)
    file_layer, extra = _flatten(root, diagnostics)

    picking = _Picking((flag_layer, environment_layer, file_layer), diagnostics)
    named = picking.pick(keys.RULES)
    in_file = picking.origins[keys.RULES.name].kind is OriginKind.FILE
    rules, files = rule_files(named, path.parent if path and in_file else start, diagnostics)
    draft = Config(
        file=name,
        rules=rules,
        rule_files=tuple(files),
        services=picking.pick(keys.SERVICES),
        regions=picking.pick(keys.REGIONS),
        clock=ClockSettings(
            picking.pick(keys.CLOCK_START), picking.pick(keys.CLOCK_MODE), picking.pick(keys.CLOCK_RATE)
        ),
        seed=picking.pick(keys.SEED),
        host=picking.pick(keys.HOST),
        port=picking.pick(keys.PORT),
        threads=picking.pick(keys.THREADS),
        durations=picking.pick_map(keys.DURATIONS),
        limits=Limits(
            picking.pick(keys.LIMITS_BODY),
            picking.pick(keys.LIMITS_DEPTH),
            picking.pick(keys.LIMITS_RECORDS),
            picking.pick(keys.LIMITS_JOURNAL),
            picking.pick(keys.LIMITS_RULES),
            picking.pick(keys.LIMITS_WORLDS),
            picking.pick(keys.LIMITS_MEMORY),
            picking.pick(keys.LIMITS_IDLE),
        ),
        quotas=picking.pick_map(keys.QUOTAS),
        log=picking.pick(keys.LOG),
        log_format=picking.pick(keys.LOG_FORMAT),
        snapshots=picking.pick(keys.SNAPSHOTS),
        origins=MappingProxyType(picking.origins),
        extra=MappingProxyType(extra),
        unclaimed=(*of_flags, *of_environment),
    )
    config = None if diagnostics.has_errors else draft
    return LoadResult(config, diagnostics.items, MappingProxyType(sources), draft)


def _read_file(
    start: Path,
    environ: Mapping[str, str],
    flags: Mapping[str, object],
    diagnostics: Diagnostics,
    sources: dict[str, str],
) -> tuple[Path | None, str | None, Located | None]:
    """The file's path, what messages call it, and its value; all None without a file."""
    origin: Origin | None
    flag = flags.get("config")
    if flag is not None:
        name, origin = str(flag), Origin(OriginKind.FLAG, "--config")
    elif environ.get(CONFIG_VARIABLE):
        name, origin = environ[CONFIG_VARIABLE], Origin(OriginKind.ENVIRONMENT, CONFIG_VARIABLE)
    else:
        found = find_file(start)
        if found is None:
            return None, None, None
        name, origin = FILE_NAME if found.parent == start.absolute() else str(found), None
    path = start.absolute() / name
    named_at = whole_span(name, "")
    if origin is not None:
        named_at = whole_span(place_of(origin), name)
        sources[named_at.file] = name
    text = read_text(path, name, named_at, diagnostics, sources)
    return path, name, None if text is None else read_yaml(text, name, diagnostics)


def _flatten(root: Located | None, diagnostics: Diagnostics) -> tuple[Layer, dict[str, Located]]:
    """The file's values by dotted key, and its keys that aren't the program's."""
    layer: Layer = {}
    extra: dict[str, Located] = {}
    # A file that holds nothing but comments is a file that leaves everything as it is.
    if root is None or root.value is None:
        return layer, extra
    if not isinstance(root.value, Mapping):
        help = "write one `key: value` to a line"
        diagnostics.extend(wrong_kind("mimic.yaml", "a map", root, help).diagnostics)
        return layer, extra
    for name, value in root.value.items():
        if name in keys.GROUPS:
            _flatten_group(name, value, layer, diagnostics)
        elif name in keys.SPELLINGS:
            layer[name] = Given(value, _written(value))
        else:
            extra[name] = value
    return layer, extra


def _flatten_group(group: str, value: Located, layer: Layer, diagnostics: Diagnostics) -> None:
    try:
        inner = entries_of(group, value)
    except DiagnosticError as refused:
        diagnostics.extend(refused.diagnostics)
        return
    for name, item in inner.items():
        if name in keys.GROUPS[group]:
            layer[f"{group}.{name}"] = Given(item, _written(item))
        else:
            report_unknown_key(name, item, keys.GROUPS[group], f"`{group}`", diagnostics)


def _written(value: Located) -> Origin:
    place = value.at(())
    return Origin(OriginKind.FILE, place.file, place.line)


class _Picking:
    """Takes for each key the strongest value that is right, and remembers where it came from.

    A wrong value is reported even where a stronger one hides it: it is a mistake all the same.
    """

    def __init__(self, layers: tuple[Layer, ...], diagnostics: Diagnostics) -> None:
        self.origins: dict[str, Origin] = {}
        self._layers = layers
        self._diagnostics = diagnostics

    def pick(self, key: Key[T]) -> T:
        chosen = key.default
        self.origins[key.name] = DEFAULT_ORIGIN
        for given in self._weakest_first(key.name):
            try:
                chosen = key.read(key.name, given.located)
            except DiagnosticError as refused:
                self._diagnostics.extend(refused.diagnostics)
                continue
            self.origins[key.name] = given.origin
        return chosen

    def pick_map(self, key: MapKey[T]) -> Mapping[str, T]:
        chosen: dict[str, T] = {}
        for given in self._weakest_first(key.name):
            try:
                inner = entries_of(key.name, given.located)
            except DiagnosticError as refused:
                self._diagnostics.extend(refused.diagnostics)
                continue
            for name, value in inner.items():
                try:
                    chosen[name] = key.read(key.name, name, value)
                except DiagnosticError as refused:
                    self._diagnostics.extend(refused.diagnostics)
                    continue
                in_file = given.origin.kind is OriginKind.FILE
                self.origins[f"{key.name}.{name}"] = _written(value) if in_file else given.origin
        return MappingProxyType(chosen)

    def _weakest_first(self, name: str) -> Iterable[Given]:
        return (layer[name] for layer in reversed(self._layers) if name in layer)
