# SPDX-License-Identifier: Apache-2.0
"""Loading: what is strongest, and that nothing a user writes makes it raise."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mimic_rules.config import (
    Config,
)
from mimic_rules.diagnostics import Severity
from tests.config.loading import good, load
from tests.strategies_config import durations, names, plain_texts, yaml_texts


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder for properties, which write its mimic.yaml anew for each example."""
    return tmp_path_factory.mktemp("working")


@given(st.data(), st.sampled_from(sorted(plain_texts)), st.booleans(), st.booleans(), st.booleans())
def test_flag_over_environment_over_file_over_default(
    folder: Path, data: st.DataObject, key: str, in_file: bool, in_environment: bool, in_flag: bool
) -> None:
    def value_of(config: Config) -> object:
        group, _, name = key.rpartition(".")
        return getattr(getattr(config, group) if group else config, name)

    texts = [data.draw(plain_texts[key]) for _ in range(3)]
    group, _, name = key.rpartition(".")
    file = (f"{group}: {{{name}: {texts[0]}}}" if group else f"{name}: {texts[0]}") if in_file else None
    environ = {"MIMIC_" + key.upper().replace(".", "_"): texts[1]} if in_environment else {}
    flags = {key: texts[2]} if in_flag else {}
    both = load(folder, file, environ, flags)
    if in_flag:
        alone, kind = load(folder, None, {}, flags), "flag"
    elif in_environment:
        alone, kind = load(folder, None, environ), "environment"
    elif in_file:
        alone, kind = load(folder, file), "file"
    else:
        alone, kind = load(folder), "default"
    assert value_of(both.draft) == value_of(alone.draft)
    assert both.draft.origins[key] == alone.draft.origins[key]
    assert both.draft.origins[key].kind == kind


@given(*[st.dictionaries(st.sampled_from(["a.b.C", "a.b.D", "a.c.E"]), durations, max_size=3)] * 3)
def test_entries_of_maps_are_overridden_one_by_one(
    folder: Path, in_file: dict[str, str], in_environment: dict[str, str], in_flag: dict[str, str]
) -> None:
    def flow(entries: dict[str, str]) -> str:
        return "{" + ", ".join(f"{name}: {value}" for name, value in entries.items()) + "}"

    config = good(
        load(folder, f"durations: {flow(in_file)}", {"MIMIC_DURATIONS": flow(in_environment)}, {"durations": in_flag})
    )
    merged = in_file | in_environment | in_flag
    assert config.durations == good(load(folder, f"durations: {flow(merged)}")).durations
    for name in merged:
        expected = "flag" if name in in_flag else "environment" if name in in_environment else "file"
        assert config.origins[f"durations.{name}"].kind == expected


@given(yaml_texts)
def test_no_text_makes_loading_raise(folder: Path, text: str) -> None:
    result = load(folder, text)
    errors = [one for one in result.diagnostics if one.severity is Severity.ERROR]
    assert (result.config is None) == bool(errors)
    if result.config is not None:
        assert result.config == result.draft


@given(st.binary(max_size=40))
def test_no_bytes_make_loading_raise(folder: Path, data: bytes) -> None:
    result = load(folder, data)
    assert (result.config is None) == bool(result.diagnostics)


@given(st.sampled_from(["PORT", "RULES", "QUOTAS", "SEED", "CLOCK_START", "LIMITS_BODY", "X"]), yaml_texts, names)
def test_no_variable_or_flag_makes_loading_raise(folder: Path, name: str, text: str, flag: str) -> None:
    result = load(folder, None, {f"MIMIC_{name}": text}, {flag: text, name.lower(): text})
    places = {one.span.file for one in result.diagnostics}
    assert places <= {
        f"environment variable MIMIC_{name}",
        f"flag --{name.lower().replace('_', '-')}",
        f"flag --{flag}",
    } | {f"flag --{flag.replace('_', '-')}"}
