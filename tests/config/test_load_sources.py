# SPDX-License-Identifier: Apache-2.0
"""Loading: where the file is found, and how flags and environment variables give values."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mimic_rules.config import (
    ClockMode,
    ClockSettings,
    Limits,
    LogFormat,
    LogLevel,
    load_config,
)
from tests.config.loading import good, load, summary

# where the file is ---------------------------------------------------------------------------------------------------


def test_the_file_is_found_upward_and_its_rules_beside_it(tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    (tmp_path / "x.rules").write_text("")
    (tmp_path / "mimic.yaml").write_text("rules: [x.rules]\n")
    config = good(load_config(start=deep, environ={}, flags={}))
    assert config.rule_files == (tmp_path / "x.rules",)
    assert config.file == str(tmp_path / "mimic.yaml")
    assert str(config.origins["rules"]) == f"{tmp_path / 'mimic.yaml'}:1"


def test_without_any_file_there_are_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mimic_rules.config.files.FILE_NAME", "a-name-that-nobody-uses.yaml")
    config = good(load_config(start=tmp_path, environ={}, flags={"rules": None}))
    assert (config.file, config.port) == (None, 8900)


def test_the_flag_names_the_file_before_the_variable_does(tmp_path: Path) -> None:
    for name, port in (("one.yaml", 1), ("two.yaml", 2)):
        (tmp_path / name).write_text(f"port: {port}\n")
    environ = {"MIMIC_CONFIG": "two.yaml"}
    assert good(load(tmp_path, "port: 3", environ, {"config": Path("one.yaml")})).port == 1
    assert good(load(tmp_path, "port: 3", environ)).port == 2
    assert good(load(tmp_path, "port: 3", {"MIMIC_CONFIG": ""})).port == 3
    assert good(load(tmp_path, "port: 3", {"MIMIC_CONFIG": str(tmp_path / "one.yaml")})).file == str(
        tmp_path / "one.yaml"
    )


def test_a_named_file_has_to_be_there(tmp_path: Path) -> None:
    result = load(tmp_path, "port: 3", {}, {"config": "none.yaml"})
    reason = "the configuration `none.yaml` can't be read: no such file or directory"
    assert summary(result) == [f"MR601 flag --config:1:1-10 {reason}"]
    assert result.sources == {"flag --config": "none.yaml"}
    result = load(tmp_path, "port: 3", {"MIMIC_CONFIG": "none.yaml"})
    assert summary(result) == [f"MR601 environment variable MIMIC_CONFIG:1:1-10 {reason}"]
    assert result.sources == {"environment variable MIMIC_CONFIG": "none.yaml"}


# flags and environment -----------------------------------------------------------------------------------------------


def test_the_environment_spells_every_key(tmp_path: Path) -> None:
    (tmp_path / "a.rules").write_text("")
    (tmp_path / "b").mkdir()
    environ = {
        "MIMIC_RULES": "a.rules:b",
        "MIMIC_SERVICES": "first, second,",
        "MIMIC_REGIONS": "North",
        "MIMIC_CLOCK_START": "2030-01-31",
        "MIMIC_CLOCK_MODE": "frozen",
        "MIMIC_CLOCK_RATE": "0.5",
        "MIMIC_SEED": "1e3",
        "MIMIC_HOST": "h",
        "MIMIC_PORT": "1",
        "MIMIC_THREADS": "2",
        "MIMIC_LOG": "error",
        "MIMIC_LIMITS_BODY": "2KiB",
        "MIMIC_LIMITS_DEPTH": "5",
        "MIMIC_LIMITS_RECORDS": "6",
        "MIMIC_LIMITS_JOURNAL": "7",
        "MIMIC_LIMITS_RULES": "8",
        "MIMIC_LIMITS_WORLDS": "9",
        "MIMIC_LIMITS_MEMORY": "1GiB",
        "MIMIC_LIMITS_IDLE": "5m",
        "MIMIC_LOG_FORMAT": "json",
        "MIMIC_SNAPSHOTS": "kept",
        "MIMIC_DURATIONS": "{a.b.C: 5s}",
        "MIMIC_QUOTAS": "cores: 3",
        "MIMIC_ADMIN_TOKEN": "hush",
        "MIMIC_CONFIG": "",
        "PATH": "x",
        "MIMIC_EMPTY": "",
    }
    result = load(tmp_path, None, environ)
    config = good(result)
    assert (config.rules, config.rule_files) == ((tmp_path / "a.rules", tmp_path / "b"), (tmp_path / "a.rules",))
    assert (config.services, config.regions) == (("first", "second"), ("North",))
    assert config.clock == ClockSettings(datetime(2030, 1, 31, tzinfo=UTC), ClockMode.FROZEN, 0.5)
    assert (config.seed, config.host, config.port, config.threads) == ("1e3", "h", 1, 2)
    assert (config.limits, config.log) == (Limits(2048, 5, 6, 7, 8, 9, 2**30, 300.0), LogLevel.ERROR)
    assert (config.log_format, config.snapshots) == (LogFormat.JSON, "kept")
    assert (config.durations, config.quotas) == ({"a.b.C": 5.0}, {"cores": 3})
    assert config.unclaimed == ()
    assert {str(origin).partition(" ")[0] for origin in config.origins.values()} == {"environment"}
    assert str(config.origins["clock.mode"]) == "environment MIMIC_CLOCK_MODE"
    assert str(config.origins["quotas.cores"]) == "environment MIMIC_QUOTAS"
    assert "hush" not in result.sources.values()


@pytest.mark.parametrize(
    ("variable", "text", "problem"),
    [
        ("PORT", "high", "MR611 :1:1-5 `port` takes a whole number from 0 to 65535, not `high`"),
        ("SERVICES", "a,b,a", "MR612 :1:1-6 `services` holds `a` twice"),
        ("REGIONS", ",", "MR612 :1:1-2 `regions` takes at least 1, not an empty list"),
        ("RULES", "none", "MR601 :1:1-5 the rules `none` can't be read: no such file or directory"),
        ("QUOTAS", "{a: x}", "MR611 :1:5-6 `quotas.a` takes a whole number of at least -1, not `x`"),
        ("QUOTAS", "{a: 1", "MR604 :1:6-6 a `,` or a `}` is missing here"),
        ("DURATIONS", "5s", "MR611 :1:1-3 `durations` takes a map, not `5s`"),
        ("HOST", "a\nb \udcff", "MR603 :2:3-4 this isn't UTF-8"),
        ("HOST", "x" * (2**20 + 1), "MR602 :1:1-1 there are more than 1048576 characters here"),
    ],
)
def test_problems_of_variables(tmp_path: Path, variable: str, text: str, problem: str) -> None:
    result = load(tmp_path, None, {f"MIMIC_{variable}": text})
    assert summary(result) == [problem.replace(" :", f" environment variable MIMIC_{variable}:", 1)]


def test_flags_take_text_and_values(tmp_path: Path) -> None:
    (tmp_path / "a:b").write_text("")
    flags = {
        "rules": ["a:b"],
        "services": ("first",),
        "regions": "North,South",
        "clock.mode": "frozen",
        "clock_start": "now",
        "clock-rate": 2,
        "seed": "42",
        "port": "1",
        "threads": 2,
        "config": None,
        "quotas": {"cores": 3},
        "durations": "{a.b.C: 1m}",
        "limits_body": 5,
        "host": None,
    }
    config = good(load(tmp_path, None, {}, flags))
    assert config.rule_files == (tmp_path / "a:b",)
    assert (config.services, config.regions) == (("first",), ("North", "South"))
    assert config.clock == ClockSettings(None, ClockMode.FROZEN, 2.0)
    assert (config.seed, config.port, config.threads, config.host) == (42, 1, 2, "127.0.0.1")
    assert (config.quotas, config.durations, config.limits.body) == ({"cores": 3}, {"a.b.C": 60.0}, 5)
    assert {name: str(config.origins[name]) for name in ("clock.start", "clock.rate", "limits.body", "host")} == {
        "clock.start": "flag --clock-start",
        "clock.rate": "flag --clock-rate",
        "limits.body": "flag --limits-body",
        "host": "default",
    }


def test_one_path_of_a_flag_may_hold_the_separator(tmp_path: Path) -> None:
    (tmp_path / "a:b").write_text("")
    assert good(load(tmp_path, None, {}, {"rules": "a:b"})).rule_files == (tmp_path / "a:b",)


@pytest.mark.parametrize(
    ("flags", "problem"),
    [
        ({"port": "high"}, "MR611 flag --port:1:1-5 `port` takes a whole number from 0 to 65535, not `high`"),
        ({"clock_mode": 7}, "MR611 flag --clock-mode:1:1-1 `clock.mode` takes `running` or `frozen`, not `7`"),
        ({"host": "\ud800"}, "MR603 flag --host:1:1-2 this isn't UTF-8"),
        ({"rules": ["x"]}, "MR601 flag --rules:1:1-1 the rules `x` can't be read: no such file or directory"),
    ],
)
def test_problems_of_flags(tmp_path: Path, flags: Mapping[str, object], problem: str) -> None:
    assert summary(load(tmp_path, None, {}, flags)) == [problem]


def test_rules_of_flags_and_environment_lie_in_the_working_folder(tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    (tmp_path / "mimic.yaml").write_text("rules: [up.rules]")
    for path in (tmp_path / "up.rules", work / "here.rules"):
        path.write_text("")
    environ, flags = {"MIMIC_RULES": "here.rules"}, {"rules": ["here.rules"]}
    for result in (
        load_config(start=work, environ=environ, flags={}),
        load_config(start=work, environ={}, flags=flags),
    ):
        assert good(result).rule_files == (work / "here.rules",)
