# SPDX-License-Identifier: Apache-2.0
"""Loading: defaults, every key with its right and wrong values, and all problems in one go."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from mimic_rules.config import (
    ClockMode,
    ClockSettings,
    Limits,
    LogLevel,
)
from tests.config.loading import good, load, origins, summary


def test_defaults(tmp_path: Path) -> None:
    config = good(load(tmp_path))
    assert (config.rules, config.rule_files, config.services, config.regions) == ((), (), None, ("RegionOne",))
    assert config.clock == ClockSettings(None, ClockMode.RUNNING, 1.0)
    assert (config.seed, config.host, config.port, config.threads) == (0, "127.0.0.1", 8900, 8)
    assert config.limits == Limits(2**20, 64, 1_000_000)
    assert (config.durations, config.quotas, config.log) == ({}, {}, LogLevel.INFO)
    assert (config.extra, config.unclaimed, config.file) == ({}, (), "mimic.yaml")
    assert set(origins(config).values()) == {"default"}
    assert set(config.origins) == {
        *("rules", "services", "regions", "clock.start", "clock.mode", "clock.rate", "seed", "host", "port"),
        *("threads", "limits.body", "limits.depth", "limits.records", "log"),
        *("limits.journal", "limits.rules", "limits.worlds", "limits.memory", "limits.idle"),
        *("log_format", "snapshots"),
    }


FILE = """\
# everything at once
rules: [extra, one.rules]
services: [first, second]
regions:
  - North
  - South
clock:
  start: 2030-01-31T12:00:00+02:00
  mode: frozen
  rate: 2.5
seed: spring
host: 0.0.0.0
port: 0
threads: 256
durations:
  a.b.BUILD: 200ms
  a.b.ERROR: 1d
limits: {body: 64KiB, depth: 3, records: 10}
quotas: {instances: -1, cores: 20}
log: debug
users: [{name: alice}]
"""


def test_a_file_sets_everything(tmp_path: Path) -> None:
    (tmp_path / "extra").mkdir()
    (tmp_path / "extra" / "two.rules").write_text("")
    (tmp_path / "one.rules").write_text("")
    result = load(tmp_path, FILE)
    config = good(result)
    assert config.rules == (tmp_path / "extra", tmp_path / "one.rules")
    assert config.rule_files == (tmp_path / "extra" / "two.rules", tmp_path / "one.rules")
    assert (config.services, config.regions) == (("first", "second"), ("North", "South"))
    assert config.clock == ClockSettings(datetime(2030, 1, 31, 10, tzinfo=UTC), ClockMode.FROZEN, 2.5)
    assert (config.seed, config.host, config.port, config.threads) == ("spring", "0.0.0.0", 0, 256)
    assert config.durations == {"a.b.BUILD": 0.2, "a.b.ERROR": 86400.0}
    assert config.limits == Limits(65536, 3, 10)
    assert config.quotas == {"instances": -1, "cores": 20}
    assert config.log is LogLevel.DEBUG
    assert {name: value.plain() for name, value in config.extra.items()} == {"users": [{"name": "alice"}]}
    assert result.sources == {"mimic.yaml": FILE}
    assert origins(config) == {
        "rules": "mimic.yaml:2",
        "services": "mimic.yaml:3",
        "regions": "mimic.yaml:4",
        "clock.start": "mimic.yaml:8",
        "clock.mode": "mimic.yaml:9",
        "clock.rate": "mimic.yaml:10",
        "seed": "mimic.yaml:11",
        "host": "mimic.yaml:12",
        "port": "mimic.yaml:13",
        "threads": "mimic.yaml:14",
        "durations.a.b.BUILD": "mimic.yaml:16",
        "durations.a.b.ERROR": "mimic.yaml:17",
        "limits.body": "mimic.yaml:18",
        "limits.depth": "mimic.yaml:18",
        "limits.records": "mimic.yaml:18",
        **dict.fromkeys(("limits.journal", "limits.rules", "limits.worlds", "limits.memory", "limits.idle"), "default"),
        "quotas.instances": "mimic.yaml:19",
        "quotas.cores": "mimic.yaml:19",
        "log": "mimic.yaml:20",
        "log_format": "default",
        "snapshots": "default",
    }


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        # kinds
        ("port: high", "MR611 mimic.yaml:1:7-11 `port` takes a whole number from 0 to 65535, not `high`"),
        ("port: '80'", "MR611 mimic.yaml:1:7-11 `port` takes a whole number from 0 to 65535, not `80`"),
        ("port: true", "MR611 mimic.yaml:1:7-11 `port` takes a whole number from 0 to 65535, not `true`"),
        ("port: 80.0", "MR611 mimic.yaml:1:7-11 `port` takes a whole number from 0 to 65535, not `80.0`"),
        ("port:", "MR611 mimic.yaml:1:6-6 `port` takes a whole number from 0 to 65535, not nothing"),
        ("port: [1]", "MR611 mimic.yaml:1:7-10 `port` takes a whole number from 0 to 65535, not a list"),
        ("port: {a: 1}", "MR611 mimic.yaml:1:7-13 `port` takes a whole number from 0 to 65535, not a map"),
        ("rules: a", "MR611 mimic.yaml:1:8-9 `rules` takes a list, not `a`"),
        ("rules: [7]", "MR611 mimic.yaml:1:9-10 `rules` takes paths, not `7`"),
        ("regions: {}", "MR611 mimic.yaml:1:10-12 `regions` takes a list, not a map"),
        ("regions: ''", "MR611 mimic.yaml:1:10-12 `regions` takes a list, not ``"),
        ("services: [7]", "MR611 mimic.yaml:1:12-13 `services` takes text, not `7`"),
        ("services: [~]", "MR611 mimic.yaml:1:12-13 `services` takes text, not nothing"),
        ("seed: 1.5", "MR611 mimic.yaml:1:7-10 `seed` takes a whole number or text, not `1.5`"),
        ("seed: false", "MR611 mimic.yaml:1:7-12 `seed` takes a whole number or text, not `false`"),
        ("host: 7", "MR611 mimic.yaml:1:7-8 `host` takes text, not `7`"),
        ("log: 7", "MR611 mimic.yaml:1:6-7 `log` takes `debug`, `info`, `warning` or `error`, not `7`"),
        ("clock: frozen", "MR611 mimic.yaml:1:8-14 `clock` takes a map, not `frozen`"),
        ("limits:", "MR611 mimic.yaml:1:8-8 `limits` takes a map, not nothing"),
        ("quotas: [1]", "MR611 mimic.yaml:1:9-12 `quotas` takes a map, not a list"),
        ("clock: {rate: fast}", "MR611 mimic.yaml:1:15-19 `clock.rate` takes a number above 0, not `fast`"),
        ("clock: {rate: true}", "MR611 mimic.yaml:1:15-19 `clock.rate` takes a number above 0, not `true`"),
        (
            "clock: {start: 2030}",
            "MR611 mimic.yaml:1:16-20 `clock.start` takes `now` or a time such as `2030-01-31T12:00:00Z`, not `2030`",
        ),
        ("durations: {a.b.C: 5}", "MR611 mimic.yaml:1:20-21 `durations.a.b.C` takes a duration, not `5`"),
        ("limits: {body: 1.5}", "MR611 mimic.yaml:1:16-19 `limits.body` takes a size, not `1.5`"),
        ("limits: {body: true}", "MR611 mimic.yaml:1:16-20 `limits.body` takes a size, not `true`"),
        ("quotas: {a: x}", "MR611 mimic.yaml:1:13-14 `quotas.a` takes a whole number of at least -1, not `x`"),
        ("[a]", "MR611 mimic.yaml:1:1-4 `mimic.yaml` takes a map, not a list"),
        ("plain", "MR611 mimic.yaml:1:1-6 `mimic.yaml` takes a map, not `plain`"),
        # ranges, choices, forms
        ("port: -1", "MR612 mimic.yaml:1:7-9 `port` takes a whole number from 0 to 65535, not `-1`"),
        ("port: 65536", "MR612 mimic.yaml:1:7-12 `port` takes a whole number from 0 to 65535, not `65536`"),
        ("threads: 0", "MR612 mimic.yaml:1:10-11 `threads` takes a whole number from 1 to 256, not `0`"),
        ("threads: 257", "MR612 mimic.yaml:1:10-13 `threads` takes a whole number from 1 to 256, not `257`"),
        ("host: a b", "MR612 mimic.yaml:1:7-10 `host` takes 1 to 255 characters without spaces, not `a b`"),
        ("host: ''", "MR612 mimic.yaml:1:7-9 `host` takes 1 to 255 characters without spaces, not ``"),
        ("rules: ['']", "MR612 mimic.yaml:1:9-11 `rules` takes paths, not an empty text"),
        ("regions: []", "MR612 mimic.yaml:1:10-12 `regions` takes at least 1, not an empty list"),
        ("regions: [a, b, a]", "MR612 mimic.yaml:1:17-18 `regions` holds `a` twice"),
        ("log: loud", "MR612 mimic.yaml:1:6-10 `log` takes `debug`, `info`, `warning` or `error`, not `loud`"),
        ("clock: {mode: slow}", "MR612 mimic.yaml:1:15-19 `clock.mode` takes `running` or `frozen`, not `slow`"),
        (
            "clock: {rate: 0}",
            "MR612 mimic.yaml:1:15-16 `clock.rate` takes a number above 0 and at most 1000000000, not `0`",
        ),
        (
            "clock: {rate: .nan}",
            "MR612 mimic.yaml:1:15-19 `clock.rate` takes a number above 0 and at most 1000000000, not `nan`",
        ),
        (
            "clock: {rate: .inf}",
            "MR612 mimic.yaml:1:15-19 `clock.rate` takes a number above 0 and at most 1000000000, not `inf`",
        ),
        (
            "clock: {start: soon}",
            "MR612 mimic.yaml:1:16-20 `clock.start` takes `now` or a time such as `2030-01-31T12:00:00Z`, not `soon`",
        ),
        (
            "clock: {start: 0001-01-01}",
            "MR612 mimic.yaml:1:16-26 `clock.start` takes a time of the years 1970 to 2999, not `0001-01-01`",
        ),
        (
            "clock: {start: '1970-01-01T01+02:00'}",
            "MR612 mimic.yaml:1:16-37 `clock.start` takes a time of the years 1970 to 2999, not `1970-01-01T01+02:00`",
        ),
        (
            "clock: {start: 3000-01-01}",
            "MR612 mimic.yaml:1:16-26 `clock.start` takes a time of the years 1970 to 2999, not `3000-01-01`",
        ),
        (
            "durations: {a.b.C: 5y}",
            "MR612 mimic.yaml:1:20-22 `durations.a.b.C` takes a duration of at most 36525d, not `5y`",
        ),
        ("durations: {a.b: 5s}", "MR612 mimic.yaml:1:13-16 `a.b` isn't a key of `durations`"),
        ("limits: {body: 1iB}", "MR612 mimic.yaml:1:16-19 `limits.body` takes a size, not `1iB`"),
        (
            "limits: {body: 0}",
            "MR612 mimic.yaml:1:16-17 `limits.body` takes a size from 1 to 1073741824 bytes, not `0`",
        ),
        (
            "limits: {body: 2GiB}",
            "MR612 mimic.yaml:1:16-20 `limits.body` takes a size from 1 to 1073741824 bytes, not `2GiB`",
        ),
        ("quotas: {a: -2}", "MR612 mimic.yaml:1:13-15 `quotas.a` takes a whole number of at least -1, not `-2`"),
        ("quotas: {a b: 1}", "MR612 mimic.yaml:1:10-13 `a b` isn't a key of `quotas`"),
        # inner keys
        ("limits: {depht: 2}", "MR610 mimic.yaml:1:10-15 `depht` isn't a key of `limits`"),
        ("clock:\n  speed: 2", "MR610 mimic.yaml:2:3-8 `speed` isn't a key of `clock`"),
    ],
)
def test_a_wrong_value_is_reported_at_its_place(tmp_path: Path, text: str, problem: str) -> None:
    result = load(tmp_path, text)
    assert summary(result) == [problem]
    assert result.config is None


@pytest.mark.parametrize(
    ("text", "help", "replacement"),
    [
        ("log: INFO", "did you mean `info`?", "info"),
        ("log: loud", "write `debug`, `info`, `warning` or `error`, or leave `log` out for its default", None),
        ("limits: {depht: 2}", "did you mean `depth`?", "depth"),
        (
            "limits: {x: 2}",
            "the keys are `body`, `depth`, `idle`, `journal`, `memory`, `records`, `rules`, `worlds`",
            None,
        ),
        ("services: one", "write `[one]`", None),
        ("regions: {}", "write a list, or leave `regions` out for its default", None),
        ("host: 7", "put it in quotes", None),
        ("durations: {a.b.C: 5}", "write a number and a unit, such as 200ms, 30s, 5m, 2h or 1d", None),
        ("durations: {a.b: 5s}", "write the key as `service.resource.STATE`", None),
    ],
)
def test_what_to_write_instead(tmp_path: Path, text: str, help: str, replacement: str | None) -> None:
    (one,) = load(tmp_path, text).diagnostics
    assert (one.help, one.fix and one.fix.replacement) == (help, replacement)
    assert one.fix is None or one.fix.span == one.span


def test_all_problems_are_reported_in_one_go(tmp_path: Path) -> None:
    text = "port: high\nlimits:\n\tbody: x\nregions: [7, '']\nport: 8\nhost: 'x\n"
    assert summary(load(tmp_path, text, {"MIMIC_THREADS": "many"}, {"log": "loud"})) == [
        "MR611 environment variable MIMIC_THREADS:1:1-5 `threads` takes a whole number from 1 to 256, not `many`",
        "MR612 flag --log:1:1-5 `log` takes `debug`, `info`, `warning` or `error`, not `loud`",
        "MR611 mimic.yaml:1:7-11 `port` takes a whole number from 0 to 65535, not `high`",
        "MR605 mimic.yaml:3:1-2 a tab stands where YAML wants spaces",
        "MR612 mimic.yaml:3:8-9 `limits.body` takes a size, not `x`",
        "MR611 mimic.yaml:4:11-12 `regions` takes text, not `7`",
        "MR612 mimic.yaml:4:14-16 `regions` takes 1 to 255 characters without spaces, not ``",
        "MR606 mimic.yaml:5:1-5 the key `port` is written twice in this map",
        "MR604 mimic.yaml:6:7-8 this quote isn't closed",
    ]


def test_a_draft_has_defaults_in_place_of_what_was_refused(tmp_path: Path) -> None:
    draft = load(tmp_path, "port: high\nthreads: 3\nquotas: {a: x, b: 2}\nlimits: 7\nusers: 1").draft
    assert (draft.port, draft.threads, draft.quotas, draft.limits.depth) == (8900, 3, {"b": 2}, 64)
    assert [*draft.extra] == ["users"]
    assert str(draft.origins["port"]) == "default"


def test_files_that_cant_be_read_leave_a_draft_of_defaults(tmp_path: Path) -> None:
    result = load(tmp_path, b"port: 1\n\xff", {"MIMIC_THREADS": "2"})
    assert summary(result) == ["MR603 mimic.yaml:2:1-2 this isn't UTF-8"]
    assert (result.config, result.draft.port, result.draft.threads) == (None, 8900, 2)
